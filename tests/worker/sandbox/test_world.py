from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from worker.sandbox.cabinet import Cabinet, Chat, Message
from worker.sandbox.dialogues import Dialogue
from worker.sandbox.limits import HOURLY
from worker.sandbox.world import World, demo_world, generated_world

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)

SOLD = Dialogue.model_validate(
    {
        "context": "RETURN",
        "goods": "чайник",
        "violates": True,
        "messages": [
            {"from": "CUSTOMER", "text": "Где заказ {order}?"},
            {"from": "PARTNER", "text": "{name}, это {manager}, {shop}. Звоните мне", "after_s": 60},
            {"from": "MARKET", "text": "Пожалуйста, не запрашивайте контакты", "after_s": 240},
            {"from": "CUSTOMER", "files": ["a.jpg"]},
        ],
    }
)
ASKED = Dialogue.model_validate(
    {"context": "DIRECT", "goods": "стол", "violates": False, "messages": [{"from": "CUSTOMER", "text": "Есть {x"}]}
)


@pytest.fixture(scope="module")
def world() -> World:
    return demo_world(1, NOW)


@pytest.fixture(scope="module")
def small_world() -> World:
    return demo_world(1, NOW, [SOLD, ASKED])


def chats(world: World) -> list[Chat]:
    return [chat for cabinet in world.cabinets.values() for chat in cabinet.chats.values()]


def contents(world: World) -> list[bytes]:
    return [message.wire for chat in chats(world) for message in chat.messages.values()]


class TestDemoWorld:
    def test_it_is_large_enough_for_a_demo(self, world: World) -> None:
        assert len(world.cabinets) == 3
        assert len(chats(world)) >= 240
        assert len(list(world.message_keys())) >= 2_400

    def test_reading_each_message_once_stays_within_markets_limit(self, world: World) -> None:
        for cabinet in world.cabinets.values():
            assert sum(len(chat.messages) for chat in cabinet.chats.values()) <= 0.85 * HOURLY["getChatMessage"]

    def test_the_same_arguments_give_the_same_world(self, world: World) -> None:
        again = demo_world(1, NOW)

        assert list(again.message_keys()) == list(world.message_keys())
        assert contents(again) == contents(world)
        assert [cabinet.api_key for cabinet in again.cabinets.values()] == [
            cabinet.api_key for cabinet in world.cabinets.values()
        ]

    def test_another_seed_gives_another_world(self, world: World) -> None:
        assert contents(demo_world(2, NOW)) != contents(world)

    def test_keys_are_unique(self, world: World) -> None:
        keys = list(world.message_keys())

        assert len(set(keys)) == len(keys)
        assert len({cabinet.api_key for cabinet in world.cabinets.values()}) == 3

    def test_ids_grow_with_time_over_a_cabinet(self, world: World) -> None:
        for cabinet in world.cabinets.values():
            messages = [message for chat in cabinet.chats.values() for message in chat.messages.values()]
            messages.sort(key=lambda message: message.message_id)
            assert all(before.created_at <= after.created_at for before, after in pairwise(messages))

    def test_everything_was_written_in_the_last_thirty_days(self, world: World) -> None:
        for chat in chats(world):
            assert NOW - timedelta(days=30, seconds=1) <= chat.created_at <= chat.updated_at <= NOW

    def test_no_slot_is_left_unfilled(self, world: World) -> None:
        written = b"".join(contents(world))

        assert not [slot for slot in (b"{order}", b"{name}", b"{shop}", b"{manager}") if slot in written]

    def test_chats_have_every_kind_and_state(self, world: World) -> None:
        assert {chat.context_type for chat in chats(world)} == {"ORDER", "RETURN", "DIRECT"}
        assert {chat.type for chat in chats(world)} == {"CHAT", "ARBITRAGE"}
        assert {"FINISHED", "WAITING_FOR_CUSTOMER", "WAITING_FOR_PARTNER"} <= {chat.status for chat in chats(world)}

    def test_it_is_made_of_the_dialogues_it_is_given(self, small_world: World) -> None:
        chat = next(chat for chat in chats(small_world) if chat.context_type == "RETURN")
        asked, answered, reminded, sent = chat.messages.values()

        assert chat.violates is True
        assert len(str(chat.order_id)) == 11
        assert asked.text == f"Где заказ {chat.order_id}?"
        assert answered.text == f"{chat.customer}, это Марина, Тёплый Угол. Звоните мне"
        assert answered.created_at - asked.created_at == timedelta(seconds=60)
        assert reminded.created_at - answered.created_at == timedelta(minutes=4)
        assert (sent.text, sent.file_names) == (None, ("a.jpg",))
        assert sent.created_at > reminded.created_at

    def test_a_direct_chat_has_no_order(self, small_world: World) -> None:
        chat = next(chat for chat in chats(small_world) if chat.context_type == "DIRECT")

        assert (chat.order_id, chat.return_id, chat.violates) == (None, None, False)

    def test_a_dialogue_longer_than_the_history_still_ends_in_time(self) -> None:
        late = {"from": "PARTNER", "text": "Простите", "after_s": 40 * 24 * 3600}
        long = Dialogue.model_validate(ASKED.model_dump(by_alias=True) | {"messages": [late, late]})

        assert all(chat.updated_at <= NOW for chat in chats(demo_world(1, NOW, [long])))


def test_a_generated_world_has_the_size_that_was_asked_for() -> None:
    world = generated_world(cabinets=2, chats=3, messages_a_chat=9, now=NOW)

    assert len(set(world.message_keys())) == 2 * 3 * 9
    assert [chat.violates for chat in chats(world)] == [True] * 6
    assert all(chat.updated_at < NOW for chat in chats(world))


def test_a_cabinet_is_found_by_its_key() -> None:
    world = generated_world(cabinets=2, chats=0, messages_a_chat=0)

    assert world.cabinet_of(world.cabinets[2].api_key) is world.cabinets[2]
    assert world.cabinet_of("ACMA:other") is None


class TestCabinet:
    def test_what_is_said_gets_the_next_id_and_moves_the_chat(self) -> None:
        cabinet = Cabinet(1, "Магазин", 11, "ACMA:x")
        chat = Chat(5, "DIRECT", 11, NOW)
        cabinet.add(chat, Message(100, NOW, "CUSTOMER", "Здравствуйте"))

        message = cabinet.say(chat, "PARTNER", "Добрый день", NOW + timedelta(minutes=1))

        assert message.message_id == 101
        assert cabinet.chats[5].messages[101] is message
        assert (chat.status, chat.updated_at) == ("WAITING_FOR_CUSTOMER", NOW + timedelta(minutes=1))

    def test_an_empty_chat_was_updated_when_it_was_made(self) -> None:
        assert Chat(5, "DIRECT", 11, NOW).updated_at == NOW
