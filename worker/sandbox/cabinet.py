"""A cabinet of the sandbox: its key, its chats and their messages, and how Market writes them."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import cached_property
from typing import Any

# Market writes its times with the offset of Moscow.
MOSCOW = timezone(timedelta(hours=3))


@dataclass(frozen=True)
class Message:
    """One message; `created_at` is aware, `text` is None where there are only files."""

    message_id: int
    created_at: datetime
    sender: str
    text: str | None = None
    file_names: tuple[str, ...] = ()

    @cached_property
    def wire(self) -> bytes:
        """The message as Market writes it; made once, since it is asked for often."""
        shown: dict[str, Any] = {
            "messageId": self.message_id,
            "createdAt": _written(self.created_at),
            "sender": self.sender,
        }
        if self.text is not None:
            shown["message"] = self.text
        if self.file_names:
            shown["payload"] = [self._file(at, name) for at, name in enumerate(self.file_names)]
        return json.dumps(shown, ensure_ascii=False).encode()

    def _file(self, at: int, name: str) -> dict[str, Any]:
        return {
            "name": name,
            "url": f"https://market.yandex.ru/chats/files/{self.message_id}/{at}",
            "size": 40_000 + (self.message_id * 7919 + at) % 900_000,
        }


@dataclass
class Chat:
    """One chat with its messages in the order of their ids.

    Attributes:
        context_type: ORDER, RETURN or DIRECT.
        order_id: of an ORDER or RETURN; None in a DIRECT chat.
        customer: the buyer's public name.
        type: CHAT or ARBITRAGE.
        status: Market's status of the chat.
        violates: whether the shop breaks the policy in it, as the dialogue's author says; None when nobody said.
    """

    chat_id: int
    context_type: str
    campaign_id: int
    created_at: datetime
    order_id: int | None = None
    return_id: int | None = None
    customer: str = "Покупатель"
    type: str = "CHAT"
    status: str = "NEW"
    violates: bool | None = None
    messages: dict[int, Message] = field(default_factory=dict)

    @property
    def updated_at(self) -> datetime:
        """The time of the last message, or of the chat's creation."""
        return next(reversed(self.messages.values())).created_at if self.messages else self.created_at

    @property
    def context(self) -> dict[str, Any]:
        """The context as Market writes it."""
        shown: dict[str, Any] = {
            "type": self.context_type,
            "customer": {"name": self.customer, "publicId": f"sandbox{self.chat_id}"},
        }
        if self.context_type != "DIRECT":
            shown |= {"campaignId": self.campaign_id, "orderId": self.order_id}
        if self.return_id is not None:
            shown["returnId"] = self.return_id
        return shown

    @property
    def wire(self) -> dict[str, Any]:
        """The chat as Market writes it."""
        return {
            "chatId": self.chat_id,
            "context": self.context,
            "type": self.type,
            "status": self.status,
            "createdAt": _written(self.created_at),
            "updatedAt": _written(self.updated_at),
        }


@dataclass
class Cabinet:
    """A seller's cabinet: its shop, its one key and its chats by id.

    Attributes:
        api_key: the only key that opens it.
        scopes: what the key may do, as getAuthTokenInfo spells it.
        revoked: whether the key was taken back.
    """

    business_id: int
    name: str
    campaign_id: int
    api_key: str
    scopes: tuple[str, ...] = ("COMMUNICATION",)
    revoked: bool = False
    chats: dict[int, Chat] = field(default_factory=dict)
    last_message_id: int = 0

    def add(self, chat: Chat, message: Message) -> None:
        """Put a message at the end of a chat."""
        chat.messages[message.message_id] = message
        self.last_message_id = max(self.last_message_id, message.message_id)
        self.chats.setdefault(chat.chat_id, chat)

    def say(
        self, chat: Chat, sender: str, text: str | None, created_at: datetime, file_names: tuple[str, ...] = ()
    ) -> Message:
        """Add a new message with the next id, and let the chat wait for the other side; return it."""
        message = Message(self.last_message_id + 1, created_at, sender, text, file_names)
        self.add(chat, message)
        chat.status = {"PARTNER": "WAITING_FOR_CUSTOMER", "CUSTOMER": "WAITING_FOR_PARTNER"}.get(sender, chat.status)
        return message


def _written(time: datetime) -> str:
    return time.astimezone(MOSCOW).isoformat(timespec="seconds")
