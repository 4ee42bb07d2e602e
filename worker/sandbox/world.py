"""Worlds of cabinets and chats: the demo's, made of hand-written dialogues, and one of any size for load tests."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from worker.sandbox.cabinet import Cabinet, Chat, Message
from worker.sandbox.dialogues import Dialogue, load_dialogues

HISTORY = timedelta(days=30)

# Replies for which a dialogue says no time come after so many seconds.
REPLY_AFTER_S = (20, 900)

# A chat whose last message is older than this is over.
FINISHED_AFTER = timedelta(days=3)

BUYERS = (
    "Анна", "Сергей", "Ольга К.", "Дмитрий", "Мария", "Алексей В.", "Екатерина", "Иван", "Наталья", "Рустам",
    "Татьяна П.", "Павел", "Айгуль", "Михаил", "Светлана", "Артём", "Юлия", "Николай", "Гульнара", "Виктор Р.",
)  # fmt: skip


@dataclass
class World:
    """All cabinets by business id."""

    cabinets: dict[int, Cabinet]

    def cabinet_of(self, api_key: str) -> Cabinet | None:
        """Return the cabinet that a key belongs to."""
        return next((cabinet for cabinet in self.cabinets.values() if cabinet.api_key == api_key), None)

    def message_keys(self) -> Iterator[tuple[int, int, int]]:
        """Yield (business id, chat id, message id) of every message, chat by chat."""
        for cabinet in self.cabinets.values():
            for chat in cabinet.chats.values():
                for message_id in chat.messages:
                    yield cabinet.business_id, chat.chat_id, message_id


class _Shop(NamedTuple):
    business_id: int
    name: str
    manager: str
    chats: int
    messages: int


# Reading each message once by getChatMessage must stay inside Market's 1,000 requests an hour and cabinet.
_SHOPS = (
    _Shop(7300101, "Тёплый Угол", "Марина", 86, 850),
    _Shop(7300202, "Кедр и Сталь", "Игорь", 82, 820),
    _Shop(7300303, "Полка Плюс", "Лилия", 76, 760),
)


def demo_world(seed: int, now: datetime, dialogues: Sequence[Dialogue] | None = None) -> World:
    """Build three cabinets whose chats fill the last 30 days; the same arguments give the same world.

    Args:
        seed: of every choice that is made.
        now: aware; nothing was written after it.
        dialogues: what the chats are made of; by default the package's own.
    """
    written = dialogues if dialogues is not None else load_dialogues()
    return World(
        {shop.business_id: _cabinet(shop, written, random.Random(seed + n), now, n) for n, shop in enumerate(_SHOPS)}
    )


def _cabinet(shop: _Shop, dialogues: Sequence[Dialogue], rng: random.Random, now: datetime, number: int) -> Cabinet:
    cabinet = _empty_cabinet(shop.business_id, shop.name)
    said: list[tuple[datetime, Chat, str, str | None, tuple[str, ...]]] = []
    for at, dialogue in enumerate(_deal(dialogues, shop, rng)):
        times = _times(dialogue, rng, now)
        chat = _chat(dialogue, cabinet, 41_000_000 + number * 1_000_000 + at * 17, times[0], rng)
        number_said = chat.order_id or rng.randrange(10**10, 10**11)
        slots = {"{order}": str(number_said), "{name}": chat.customer, "{shop}": shop.name, "{manager}": shop.manager}
        for when, line in zip(times, dialogue.messages, strict=True):
            said.append((when, chat, line.sender, _filled(line.text, slots), line.files))
    # Ids grow with time over the whole cabinet, and not by ones: Market numbers the messages of all shops.
    message_id = 910_000_000 + number * 1_000_000
    for when, chat, sender, text, files in sorted(said, key=lambda entry: entry[0]):
        message_id += rng.randrange(1, 400)
        cabinet.add(chat, Message(message_id, when, sender, text, files))
    for chat in cabinet.chats.values():
        chat.status = _status(chat, now)
    return cabinet


def _empty_cabinet(business_id: int, name: str) -> Cabinet:
    key = f"ACMA:sandbox{business_id}:{random.Random(business_id).getrandbits(128):032x}"
    return Cabinet(business_id, name, campaign_id=business_id * 10 + 1, api_key=key)


def _deal(dialogues: Sequence[Dialogue], shop: _Shop, rng: random.Random) -> Iterator[Dialogue]:
    """Deal the shop's dialogues from a shuffled pack, again and again, skipping those too long for what is left."""
    shortest = min(len(dialogue.messages) for dialogue in dialogues)
    chats, left = 0, shop.messages
    while True:
        dealt = 0
        for dialogue in rng.sample(dialogues, len(dialogues)):
            others = max(shop.chats - chats - 1, 0) * shortest
            if len(dialogue.messages) + others <= left:
                yield dialogue
                chats, left, dealt = chats + 1, left - len(dialogue.messages), dealt + 1
        if not dealt:
            return


def _times(dialogue: Dialogue, rng: random.Random, now: datetime) -> list[datetime]:
    """Choose when each message was written, so that the last one is not after `now`."""
    others = dialogue.messages[1:]
    gaps = [0, *(line.after_s if line.after_s is not None else rng.randint(*REPLY_AFTER_S) for line in others)]
    spare = max(HISTORY - timedelta(seconds=sum(gaps)), timedelta())
    when = now - timedelta(seconds=sum(gaps)) - spare * rng.random()
    times = []
    for gap in gaps:
        when += timedelta(seconds=gap)
        times.append(when.replace(microsecond=0))
    return times


def _chat(dialogue: Dialogue, cabinet: Cabinet, chat_id: int, created_at: datetime, rng: random.Random) -> Chat:
    about_order = dialogue.context != "DIRECT"
    return Chat(
        chat_id,
        dialogue.context,
        cabinet.campaign_id,
        created_at,
        order_id=rng.randrange(10**10, 10**11) if about_order else None,
        return_id=rng.randrange(10**7, 10**8) if dialogue.context == "RETURN" else None,
        customer=rng.choice(BUYERS),
        type="ARBITRAGE" if any(line.sender == "SUPPORT" for line in dialogue.messages) else "CHAT",
        violates=dialogue.violates,
    )


def _filled(text: str | None, slots: dict[str, str]) -> str | None:
    for slot, value in slots.items():
        text = text and text.replace(slot, value)
    return text


def _status(chat: Chat, now: datetime) -> str:
    if now - chat.updated_at > FINISHED_AFTER:
        return "FINISHED"
    last = next(reversed(chat.messages.values())).sender
    return {"CUSTOMER": "WAITING_FOR_PARTNER", "SUPPORT": "WAITING_FOR_ARBITER"}.get(last, "WAITING_FOR_CUSTOMER")


# One message in eight of a generated world is the shop's and breaks the policy.
_GENERATED = (
    ("CUSTOMER", "Здравствуйте! Когда отправите заказ {order}?"),
    ("PARTNER", "Здравствуйте! Заказ {order} собран, отправим сегодня до 18:00."),
    ("CUSTOMER", "А цвет точно серый?"),
    ("PARTNER", "Да, серый, артикул 4512-{n}. Проверили перед упаковкой."),
    ("CUSTOMER", "Спасибо"),
    ("PARTNER", "Пожалуйста! Если будут вопросы, пишите сюда."),
    ("CUSTOMER", "Можно побыстрее с вами связаться?"),
    ("PARTNER", "Напишите ваш номер телефона, перезвоним."),
)


def generated_world(
    *, cabinets: int = 3, chats: int = 80, messages_a_chat: int = 10, days: int = 0, now: datetime | None = None
) -> World:
    """Build a world of any size out of eight plain messages.

    `chats` is the number of chats a cabinet, spread over `days`; 0 lets all of them have moved just now.
    """
    now = now or datetime.now(UTC)
    made = (_generated_cabinet(number, chats, messages_a_chat, days, now) for number in range(1, cabinets + 1))
    return World({cabinet.business_id: cabinet for cabinet in made})


def _generated_cabinet(number: int, chats: int, messages_a_chat: int, days: int, now: datetime) -> Cabinet:
    cabinet = _empty_cabinet(number, f"Магазин {number}")
    for at in range(1, chats + 1):
        order_id = 50_000_000_000 + number * 10_000_000 + at
        began = now - timedelta(minutes=messages_a_chat) - timedelta(days=days) * (chats - at) / chats
        chat = Chat(
            at, "ORDER", cabinet.campaign_id, began, order_id=order_id, violates=messages_a_chat >= len(_GENERATED)
        )
        cabinet.chats[at] = chat
        for n in range(messages_a_chat):
            sender, text = _GENERATED[n % len(_GENERATED)]
            text = text.replace("{order}", str(order_id)).replace("{n}", str(n))
            cabinet.say(chat, sender, text, began + timedelta(minutes=n))
    return cabinet
