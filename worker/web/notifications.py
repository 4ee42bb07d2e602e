"""Market's notifications: answered as Market demands, written down before that, worked on afterwards."""

import logging
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from fastapi import Request
from limits import RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from pydantic import BaseModel, BeforeValidator, Field, ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError
from starlette.responses import JSONResponse, Response

from worker.settings import Settings
from worker.version import VERSION
from worker.web.gate import market_error
from worker.web.inbox import Inbox, Moved, NotTakenError

logger = logging.getLogger(__name__)

NAME = "chatwarden"
MESSAGE_SENT = "CHAT_MESSAGE_SENT"
ABOUT_CHATS = frozenset({"CHAT_CREATED", "CHAT_ARBITRAGE_STARTED", "CHAT_ARBITRAGE_FINISHED"})
LARGEST_ID = 2**63 - 1
SWEEPS = RateLimitItemPerSecond(1, 30)  # of a cabinet whose notifications are too many

_Model = TypeVar("_Model", bound=BaseModel)


def _whole(value: Any) -> int:
    """Read an id, which Market writes as a number or as a string; nothing else is one."""
    digits = isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= len(str(LARGEST_ID))
    if digits or (isinstance(value, int) and not isinstance(value, bool)):
        return int(value)
    raise PydanticCustomError("id", "not an id")


_Id = Annotated[int, BeforeValidator(_whole), Field(ge=1, le=LARGEST_ID)]


class Notification(BaseModel, alias_generator=to_camel):
    """What all notifications say; unknown fields are skipped."""

    notification_type: Annotated[str, Field(strict=True, min_length=1)]


class ChatNotification(Notification):
    """What those about chats say."""

    business_id: _Id
    chat_id: _Id


class MessageNotification(ChatNotification):
    """What those of a new message say."""

    message_id: _Id


class Received(BaseModel):
    """The answer that Market demands; `time` is in UTC."""

    version: Annotated[str, Field(min_length=1, max_length=100)] = VERSION
    name: Annotated[str, Field(min_length=1, max_length=100)] = NAME
    time: datetime


# What FastAPI cannot read off `Receiver.receive`, which takes the body as it comes.
_ERROR = {
    "type": "object",
    "properties": {
        "error": {
            "type": "object",
            "properties": {
                "type": {"enum": ["UNKNOWN", "WRONG_EVENT_FORMAT", "DUPLICATED_EVENT"]},
                "message": {"type": "string"},
            },
        }
    },
}
_ID = {"anyOf": [{"type": "integer", "format": "int64", "minimum": 1}, {"type": "string", "maxLength": 19}]}
_NOTIFICATION = {
    "type": "object",
    "required": ["notificationType"],
    "properties": {
        "notificationType": {"type": "string", "minLength": 1},
        "businessId": _ID,
        "chatId": _ID,
        "messageId": _ID,
    },
}
OPENAPI: dict[str, Any] = {
    "tags": ["notifications"],
    "summary": "Take a notification of Market's",
    "response_model": Received,
    "responses": {
        400: {"description": "Malformed", "content": {"application/json": {"schema": _ERROR}}},
        403: {"description": "Not from Market", "content": {"application/json": {"schema": _ERROR}}},
        500: {"description": "Not written down", "content": {"application/json": {"schema": _ERROR}}},
    },
    "openapi_extra": {"requestBody": {"required": True, "content": {"application/json": {"schema": _NOTIFICATION}}}},
}


class _WrongFormatError(Exception):
    """Malformed: never to be repeated."""


class Receiver:
    """Answers notifications.

    Args:
        settings: the cabinets, and how many notifications a minute each may bring.
        inbox: takes what they tell.
    """

    def __init__(self, settings: Settings, inbox: Inbox) -> None:
        self._settings = settings
        self._inbox = inbox
        self._limit = RateLimitItemPerMinute(settings.notifications_per_minute)
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    async def receive(self, request: Request) -> Response:
        """Answer one notification."""
        time = datetime.now(UTC)
        try:
            moved = _moved(await request.body(), request.headers.get("content-type", ""))
            if moved is not None:
                await self._take(moved)
        except _WrongFormatError as error:
            return market_error(400, "WRONG_EVENT_FORMAT", str(error))
        except NotTakenError:
            return market_error(500, "UNKNOWN", "neither the store nor the queue can be used now")
        return JSONResponse(Received(time=time).model_dump(mode="json"))

    async def _take(self, moved: Moved) -> None:
        if self._settings.cabinet(moved.business_id) is None:
            raise _WrongFormatError("businessId: not a cabinet that is watched here")
        if self._limiter.hit(self._limit, str(moved.business_id)):
            await self._inbox.put(moved)
        elif self._limiter.hit(SWEEPS, "sweep", str(moved.business_id)):
            logger.warning(
                "cabinet %s: more than %s notifications a minute; a sweep reads what moved instead",
                moved.business_id,
                self._limit.amount,
            )
            self._inbox.sweep_soon(moved.business_id)


def _moved(body: bytes, content_type: str) -> Moved | None:
    """Read which chat moved; None when it is about something else."""
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise _WrongFormatError("the content type is not application/json")
    kind = _read(Notification, body).notification_type
    if kind == MESSAGE_SENT:
        said = _read(MessageNotification, body)
        return Moved(said.business_id, said.chat_id, said.message_id)
    if kind in ABOUT_CHATS:
        chat = _read(ChatNotification, body)
        return Moved(chat.business_id, chat.chat_id, None)
    return None


def _read(model: type[_Model], body: bytes) -> _Model:
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        problem = error.errors(include_input=False, include_url=False, include_context=False)[0]
    where = ".".join(map(str, problem["loc"]))
    raise _WrongFormatError(f"{where}: {problem['msg']}" if where else "the body is no JSON object")
