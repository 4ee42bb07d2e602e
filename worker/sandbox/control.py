"""The sandbox's own endpoints under /sandbox/: what was seen, what goes wrong, what is allowed, who speaks."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from worker.sandbox.cabinet import Cabinet, Chat
from worker.sandbox.faults import Fault
from worker.sandbox.gate import Gate
from worker.sandbox.limits import Limits
from worker.sandbox.orders import Orders

_Endpoint = Callable[[Request], Awaitable[Response]]

_FAULTS = TypeAdapter(list[Fault] | Fault)


class KeyChange(BaseModel):
    """What becomes of a cabinet's key; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    business_id: int
    revoked: bool | None = None
    scopes: tuple[str, ...] | None = None


class NewMessage(BaseModel):
    """A message to be written into a chat; a chat that is not there yet is made, without a number with a new one."""

    model_config = ConfigDict(extra="forbid")

    business_id: int
    chat_id: int | None = Field(default=None, ge=1)
    sender: str = "PARTNER"
    text: str | None = None
    file_names: tuple[str, ...] = ()
    created_at: AwareDatetime | None = None
    context: Literal["ORDER", "RETURN", "DIRECT"] = "ORDER"
    order_id: int = Field(default=50_000_000_001, ge=1)


_NEW_MESSAGES = TypeAdapter(list[NewMessage] | NewMessage)


def control_routes(gate: Gate) -> list[Route]:
    """Return the routes that watch and change what the gate does."""
    looking = [Route(path, _shows(gate, look), methods=[verb]) for verb, path, look in _LOOKING]
    return looking + [Route(path, _takes(gate, change), methods=["POST"]) for path, change in _CHANGING]


def _show_stats(gate: Gate) -> Any:
    return gate.stats.as_json()


def _reset_stats(gate: Gate) -> Any:
    gate.stats.reset()
    return {}


def _show_faults(gate: Gate) -> Any:
    return gate.faults.listed()


def _clear_faults(gate: Gate) -> Any:
    gate.faults.clear()
    return {}


def _list_messages(gate: Gate) -> Any:
    return "".join(f"{business} {chat} {message}\n" for business, chat, message in gate.world.message_keys())


def _add_faults(gate: Gate, body: bytes) -> Any:
    wanted = _FAULTS.validate_json(body)
    return [gate.faults.add(fault) for fault in (wanted if isinstance(wanted, list) else [wanted])]


def _change_limits(gate: Gate, body: bytes) -> Any:
    gate.quota.change(Limits.model_validate_json(body))
    return gate.quota.limits.model_dump()


def _change_orders(gate: Gate, body: bytes) -> Any:
    gate.orders = Orders.model_validate_json(body)
    return gate.orders.model_dump()


def _change_key(gate: Gate, body: bytes) -> Any:
    change = KeyChange.model_validate_json(body)
    cabinet = _cabinet(gate, change.business_id)
    cabinet.revoked = cabinet.revoked if change.revoked is None else change.revoked
    cabinet.scopes = cabinet.scopes if change.scopes is None else change.scopes
    return {"business_id": cabinet.business_id, "revoked": cabinet.revoked, "scopes": cabinet.scopes}


def _add_messages(gate: Gate, body: bytes) -> Any:
    wanted = _NEW_MESSAGES.validate_json(body)
    return [_add(gate, new) for new in (wanted if isinstance(wanted, list) else [wanted])]


_LOOKING: tuple[tuple[str, str, Callable[[Gate], Any]], ...] = (
    ("GET", "/sandbox/stats", _show_stats),
    ("DELETE", "/sandbox/stats", _reset_stats),
    ("GET", "/sandbox/faults", _show_faults),
    ("DELETE", "/sandbox/faults", _clear_faults),
    ("GET", "/sandbox/messages", _list_messages),
)
_CHANGING: tuple[tuple[str, Callable[[Gate, bytes], Any]], ...] = (
    ("/sandbox/faults", _add_faults),
    ("/sandbox/limits", _change_limits),
    ("/sandbox/orders", _change_orders),
    ("/sandbox/keys", _change_key),
    ("/sandbox/messages", _add_messages),
)


def _shows(gate: Gate, look: Callable[[Gate], Any]) -> _Endpoint:
    async def endpoint(_: Request) -> Response:
        shown = look(gate)
        return PlainTextResponse(shown) if isinstance(shown, str) else JSONResponse(shown)

    return endpoint


def _takes(gate: Gate, change: Callable[[Gate, bytes], Any]) -> _Endpoint:
    """Answer 400 with the reason where the change cannot be made."""

    async def endpoint(request: Request) -> Response:
        try:
            return JSONResponse(change(gate, await request.body()))
        except ValidationError as error:
            problems = [f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in error.errors()]
            return JSONResponse({"error": "; ".join(problems)}, 400)
        except LookupError as error:
            return JSONResponse({"error": str(error)}, 400)

    return endpoint


def _cabinet(gate: Gate, business_id: int) -> Cabinet:
    if cabinet := gate.world.cabinets.get(business_id):
        return cabinet
    raise LookupError(f"there is no cabinet {business_id}")


def _add(gate: Gate, new: NewMessage) -> dict[str, int]:
    cabinet = _cabinet(gate, new.business_id)
    created_at = new.created_at or datetime.now(UTC)
    chat_id = new.chat_id or max(cabinet.chats, default=0) + 1
    chat = cabinet.chats.get(chat_id) or Chat(
        chat_id,
        new.context,
        cabinet.campaign_id,
        created_at,
        order_id=None if new.context == "DIRECT" else new.order_id,
        return_id=chat_id if new.context == "RETURN" else None,
    )
    message = cabinet.say(chat, new.sender, new.text, created_at, new.file_names)
    return {"business_id": cabinet.business_id, "chat_id": chat_id, "message_id": message.message_id}
