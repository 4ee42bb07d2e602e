"""Market's methods: what each answers, given who asks and for what."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from worker.sandbox.cabinet import Cabinet, Chat
from worker.sandbox.orders import Orders
from worker.sandbox.refusal import BAD_REQUEST, NOT_FOUND, RefusalError

INT64 = 2**63

_OK = b'{"status":"OK"}'

_READING = frozenset({"ALL_METHODS", "ALL_METHODS_READ_ONLY", "COMMUNICATION"})
_SENDING = frozenset({"ALL_METHODS", "COMMUNICATION"})

_CONTEXT_TYPES = frozenset({"ORDER", "RETURN", "DIRECT"})
_CHAT_TYPES = frozenset({"CHAT", "ARBITRAGE"})
_STATUSES = frozenset(
    {"NEW", "WAITING_FOR_CUSTOMER", "WAITING_FOR_PARTNER", "WAITING_FOR_ARBITER", "WAITING_FOR_MARKET", "FINISHED"}
)


@dataclass(frozen=True)
class Call:
    """One request whose key was accepted.

    Attributes:
        cabinet: whose key it is.
        query: the query's parameters.
        body: the JSON object of the body; empty for methods without one.
        orders: in which order lists are given.
    """

    cabinet: Cabinet
    query: Mapping[str, str]
    body: Mapping[str, Any]
    orders: Orders

    def number(self, name: str) -> int:
        """Return a required id of the query."""
        if name not in self.query:
            raise RefusalError(BAD_REQUEST, f"Missing required parameter '{name}'")
        return _number(name, self.query[name], INT64)

    def limit(self, default: int, highest: int) -> int:
        """Return the page's length."""
        return _number("limit", self.query["limit"], highest + 1) if "limit" in self.query else default

    def chat(self) -> Chat:
        """Return the chat that the query names."""
        chat_id = self.number("chatId")
        if chat := self.cabinet.chats.get(chat_id):
            return chat
        raise RefusalError(NOT_FOUND, f"Can't find chat by id: '{chat_id}'")


class Method(NamedTuple):
    """One method: where it is, what it asks of the key, and how it answers."""

    name: str
    verb: str
    path: str
    answer: Callable[[Call], bytes]
    scopes: frozenset[str] | None = _READING


def get_chat_message(call: Call) -> bytes:
    """Answer with one message."""
    message_id, chat = call.number("messageId"), call.chat()
    if message := chat.messages.get(message_id):
        return b'{"status":"OK","result":' + message.wire + b"}"
    raise RefusalError(NOT_FOUND, f"Can't find message by id: '{message_id}' for chat '{chat.chat_id}'")


def get_chat_history(call: Call) -> bytes:
    """Answer with a page of a chat's messages."""
    limit, after = call.limit(50, 100), _position(call, 1)
    first_id = _number("messageIdFrom", call.body.get("messageIdFrom") or 1, INT64)
    chat = call.chat()
    newest_first = call.orders.history == "newest_first"
    messages = [message for message in chat.messages.values() if message.message_id >= first_id]
    if newest_first:
        messages.reverse()
    if after is not None:
        messages = [m for m in messages if (m.message_id < after[0] if newest_first else m.message_id > after[0])]
    page, paging = messages[:limit], {}
    if len(messages) > limit:
        paging = {"nextPageToken": _token(page[-1].message_id)}
    return b'{"status":"OK","result":{"context":%b,"messages":[%b],"paging":%b}}' % (
        _json(chat.context),
        b",".join(message.wire for message in page),
        _json(paging),
    )


def get_chats(call: Call) -> bytes:
    """Answer with a page of the cabinet's chats, the last updated first or last."""
    limit = call.limit(10, 20)
    wanted = _chat_filter(call.body)
    newest_first = call.orders.chats == "newest_first"
    chats = sorted(filter(wanted, call.cabinet.chats.values()), key=_chat_position, reverse=newest_first)
    after = _position(call, 2)
    if after is not None:
        chats = [c for c in chats if (_chat_position(c) < after if newest_first else _chat_position(c) > after)]
    page, paging = chats[:limit], {}
    if len(chats) > limit:
        paging = {"nextPageToken": _token(*_chat_position(page[-1]))}
    return _result({"chats": [chat.wire for chat in page], "paging": paging})


def get_chat(call: Call) -> bytes:
    """Answer with one chat."""
    return _result(call.chat().wire)


def send_message(call: Call) -> bytes:
    """Put a message of the shop into a chat."""
    text = call.body.get("message")
    if not isinstance(text, str) or not 1 <= len(text) <= 4096:
        raise RefusalError(BAD_REQUEST, "message: length must be between 1 and 4096")
    call.cabinet.say(call.chat(), "PARTNER", text, datetime.now(UTC))
    return _OK


def get_auth_token_info(call: Call) -> bytes:
    """Answer with the key's name and scopes."""
    return _result({"apiKey": {"name": f"sandbox {call.cabinet.name}", "authScopes": list(call.cabinet.scopes)}})


def get_campaigns(call: Call) -> bytes:
    """Answer with the cabinet's one shop."""
    call.limit(100, 100)
    cabinet = call.cabinet
    campaign = {
        "id": cabinet.campaign_id,
        "domain": cabinet.name,
        "business": {"id": cabinet.business_id, "name": cabinet.name},
        "placementType": "FBS",
        "apiAvailability": "AVAILABLE",
    }
    return _json({"campaigns": [campaign], "paging": {}})


METHODS = (
    Method("getChatMessage", "GET", "/v2/businesses/{businessId}/chats/message", get_chat_message),
    Method("sendMessageToChat", "POST", "/v2/businesses/{businessId}/chats/message", send_message, _SENDING),
    Method("getChatHistory", "POST", "/v2/businesses/{businessId}/chats/history", get_chat_history),
    Method("getChats", "POST", "/v2/businesses/{businessId}/chats", get_chats),
    Method("getChat", "GET", "/v2/businesses/{businessId}/chat", get_chat),
    Method("getAuthTokenInfo", "POST", "/v2/auth/token", get_auth_token_info, None),
    Method("getCampaigns", "GET", "/v2/campaigns", get_campaigns, None),
)

# Methods that must have a JSON object as body.
WITH_BODY = frozenset({"getChatHistory", "getChats", "sendMessageToChat"})


def _number(name: str, value: object, end: int) -> int:
    """Return a number of 1 to `end` - 1; Market refuses anything else."""
    try:
        number = int(value) if isinstance(value, str | int) and not isinstance(value, bool) else 0
    except ValueError:
        number = 0
    if not 1 <= number < end:
        raise RefusalError(BAD_REQUEST, f"{name}: must be a number from 1 to {end - 1}")
    return number


def _chat_position(chat: Chat) -> tuple[int, int]:
    return int(chat.updated_at.timestamp() * 1_000_000), chat.chat_id


def _chat_filter(body: Mapping[str, Any]) -> Callable[[Chat], bool]:
    types = _one_of(body, "types", _CHAT_TYPES)
    statuses = _one_of(body, "statuses", _STATUSES)
    context_types = _one_of(body, "contextTypes", _CONTEXT_TYPES)
    contexts = _contexts(body)
    return lambda chat: (
        chat.type in types
        and chat.status in statuses
        and chat.context_type in context_types
        and (contexts is None or not contexts.isdisjoint({("ORDER", chat.order_id), ("RETURN", chat.return_id)}))
    )


def _one_of(body: Mapping[str, Any], name: str, known: frozenset[str]) -> frozenset[str]:
    """Return the values that a filter lets through: all of them when it is left out."""
    values = body.get(name)
    if values is None:
        return known
    if not isinstance(values, list) or not values or not all(isinstance(v, str) and v in known for v in values):
        raise RefusalError(BAD_REQUEST, f"{name}: must hold at least one of {', '.join(sorted(known))}")
    return frozenset(values)


def _contexts(body: Mapping[str, Any]) -> set[tuple[str, int | None]] | None:
    values = body.get("contexts")
    if values is None:
        return None
    if not isinstance(values, list) or not values or not all(isinstance(value, dict) for value in values):
        raise RefusalError(BAD_REQUEST, "contexts: must hold at least one object with type and id")
    if any(value.get("type") not in {"ORDER", "RETURN"} for value in values):
        raise RefusalError(BAD_REQUEST, "contexts: type must be ORDER or RETURN")
    return {(value["type"], _number("contexts.id", value.get("id"), INT64)) for value in values}


def _token(*position: int) -> str:
    """Return a page token that says after what the next page begins; opaque as Market's are."""
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode()


def _position(call: Call, length: int) -> tuple[int, ...] | None:
    token = call.query.get("pageToken")
    if not token:
        return None
    try:
        position = json.loads(base64.b64decode(token, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError):
        position = None
    if not isinstance(position, list) or len(position) != length or not all(isinstance(n, int) for n in position):
        raise RefusalError(BAD_REQUEST, "pageToken: is not valid")
    return tuple(position)


def _result(result: Mapping[str, Any]) -> bytes:
    return _json({"status": "OK", "result": result})


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
