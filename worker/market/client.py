"""The client: one method here is one request to Market, and no request is ever repeated."""

import functools
import json
import ssl
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import nullcontext
from typing import Any, NamedTuple, Self, TypeVar
from urllib.parse import urlsplit

import httpx
from pydantic import BaseModel, SecretStr, ValidationError

from worker.market.errors import (
    BrokenConnectionError,
    MarketError,
    MarketTimeoutError,
    NoConnectionError,
    NotJsonError,
    WrongShapeError,
    error_of,
)
from worker.market.models import CampaignPage, Chat, ChatPage, History, Message, Nothing, TokenInfo
from worker.market.quota import Quota, Slot
from worker.market.rate_limit import RateLimit
from worker.version import VERSION

MARKET_URL = "https://api.partner.market.yandex.ru"

# Market itself gives up after 10 s; a little more, so that its own answer is the one that is seen.
TIMEOUT_S = 12.0

# Whoever does not even take the connection by then is not there.
CONNECT_TIMEOUT_S = 5.0

LIMITED = 420

OnAnswer = Callable[[str, int | None, RateLimit | None], None]

# Failures before the request left: Market has not seen it and counts nothing.
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)

_Model = TypeVar("_Model", bound=BaseModel)


class _Method(NamedTuple):
    name: str
    verb: str
    path: str


_GET_MESSAGE = _Method("getChatMessage", "GET", "/v2/businesses/{}/chats/message")
_GET_HISTORY = _Method("getChatHistory", "POST", "/v2/businesses/{}/chats/history")
_GET_CHATS = _Method("getChats", "POST", "/v2/businesses/{}/chats")
_GET_CHAT = _Method("getChat", "GET", "/v2/businesses/{}/chat")
_SEND_MESSAGE = _Method("sendMessageToChat", "POST", "/v2/businesses/{}/chats/message")
_GET_TOKEN = _Method("getAuthTokenInfo", "POST", "/v2/auth/token")
_GET_CAMPAIGNS = _Method("getCampaigns", "GET", "/v2/campaigns")


class _Answer(NamedTuple):
    status: int
    rate: RateLimit | None
    body: bytes


# What stands for a body that is no JSON; None would be the JSON null.
_NO_JSON = object()


@functools.cache
def _authorities() -> ssl.SSLContext:
    """Read once what Market's certificate is held against: for each cabinet it would be 1.4 MB and 20 ms."""
    return httpx.create_ssl_context()


class MarketClient:
    """Asks Market about one cabinet's chats, over connections that it keeps open.

    Every method raises MarketError (see `worker.market.errors`) when it cannot give its result. Redirects are not
    followed, so that the key goes to the host of `base_url` alone.

    Args:
        business_id: the cabinet.
        api_key: its Api-Key.
        base_url: where Market's API is.
        timeout_s: seconds that Market may be silent, and that its whole answer may take once it has begun.
        on_answer: called once for every request that was sent, with Market's name of the method, the HTTP status
            (None when no answer began) and the hourly limit that the answer told. A request whose connection was
            never made is not counted.
        quota: holds requests back that would break Market's limits; None sends all at once.
    """

    def __init__(
        self,
        business_id: int,
        api_key: SecretStr,
        *,
        base_url: str = MARKET_URL,
        timeout_s: float = TIMEOUT_S,
        on_answer: OnAnswer | None = None,
        quota: Quota | None = None,
    ) -> None:
        self.business_id = business_id
        self._key = api_key
        self._timeout_s = timeout_s
        self._on_answer = on_answer
        self._quota = quota
        self._http = httpx.Client(
            base_url=base_url,
            auth=_ApiKeyAuth(api_key),
            headers={"X-Market-Integration": f"chatwarden/{VERSION}", "Accept": "application/json"},
            timeout=httpx.Timeout(timeout_s, connect=min(timeout_s, CONNECT_TIMEOUT_S)),
            follow_redirects=False,
            verify=_authorities(),
            # A proxy from the environment sees a request in full unless it is encrypted, key included.
            trust_env=urlsplit(base_url).scheme == "https",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"MarketClient(business_id={self.business_id}, base_url={str(self._http.base_url)!r})"

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def get_chat_message(self, chat_id: int, message_id: int) -> Message:
        """Return one message."""
        message = self._call(_GET_MESSAGE, Message, params={"chatId": chat_id, "messageId": message_id})
        if message.message_id != message_id:
            raise WrongShapeError(_GET_MESSAGE.name, 200, detail="messageId: another one than was asked for")
        return message

    def get_chat_history(
        self, chat_id: int, *, message_id_from: int | None = None, limit: int = 100, page_token: str | None = None
    ) -> History:
        """Return a page of a chat's messages, all or from `message_id_from` on (inclusive); `limit` 1 to 100."""
        return self._call(
            _GET_HISTORY,
            History,
            params={"chatId": chat_id, "limit": limit, "pageToken": page_token},
            body={"messageIdFrom": message_id_from},
        )

    def get_chats(
        self,
        *,
        limit: int = 20,
        page_token: str | None = None,
        contexts: Sequence[tuple[str, int]] = (),
        context_types: Sequence[str] = (),
        types: Sequence[str] = (),
        statuses: Sequence[str] = (),
    ) -> ChatPage:
        """Return a page of the cabinet's chats; `limit` 1 to 20, `contexts` are (ORDER or RETURN, its id)."""
        return self._call(
            _GET_CHATS,
            ChatPage,
            params={"limit": limit, "pageToken": page_token},
            body={
                "contexts": [{"type": kind, "id": number} for kind, number in contexts],
                "contextTypes": list(context_types),
                "types": list(types),
                "statuses": list(statuses),
            },
        )

    def get_chat(self, chat_id: int) -> Chat:
        """Return one chat without its messages."""
        return self._call(_GET_CHAT, Chat, params={"chatId": chat_id})

    def send_message_to_chat(self, chat_id: int, text: str) -> None:
        """Send a message of the shop's, 1 to 4,096 characters.

        After any error but NotSentError, NoConnectionError and Market's own refusals it may have been sent.
        """
        self._call(_SEND_MESSAGE, Nothing, params={"chatId": chat_id}, body={"message": text})

    def get_auth_token_info(self) -> TokenInfo:
        """Return the name and the scopes of the key."""
        return self._call(_GET_TOKEN, TokenInfo)

    def get_campaigns(self, *, limit: int = 100, page_token: str | None = None) -> CampaignPage:
        """Return a page of the shops that the key can see; `limit` 1 to 100."""
        return self._call(_GET_CAMPAIGNS, CampaignPage, params={"limit": limit, "pageToken": page_token})

    def _call(
        self,
        method: _Method,
        model: type[_Model],
        *,
        params: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> _Model:
        request = self._http.build_request(
            method.verb,
            method.path.format(self.business_id),
            params={name: value for name, value in (params or {}).items() if value is not None},
            # A filter is left out rather than sent empty.
            json=None if body is None else {name: value for name, value in body.items() if value not in (None, [])},
        )
        with self._quota.slot(method.name) if self._quota else nullcontext(Slot()) as slot:
            answer = self._send(method.name, request)
            slot.told, slot.limited = answer.rate, answer.status == LIMITED
        content = _json(answer.body)
        if not 200 <= answer.status < 300:
            raise self._refusal(method.name, answer, content)
        if content is _NO_JSON:
            raise NotJsonError(method.name, answer.status, detail="the body is no JSON")
        # getCampaigns is the one method that puts its result on the outermost level.
        result = content if method is _GET_CAMPAIGNS else _result(content)
        try:
            return model.model_validate(result)
        except ValidationError as error:
            problems = error.errors(include_input=False, include_url=False, include_context=False)
        where = "; ".join(
            f"{'.'.join(map(str, problem['loc'])) or 'result'}: {problem['type']}" for problem in problems[:5]
        )
        raise WrongShapeError(method.name, answer.status, detail=where)

    def _send(self, method: str, request: httpx.Request) -> _Answer:
        status: int | None = None
        rate: RateLimit | None = None
        sent = True
        failure: MarketError
        try:
            response = self._http.send(request, stream=True)
            try:
                status, rate = response.status_code, RateLimit.from_headers(response.headers)
                return _Answer(status, rate, _body(response, self._timeout_s))
            finally:
                response.close()
        except _NEVER_SENT as error:
            sent = False
            failure = NoConnectionError(method, detail=type(error).__name__)
        except httpx.TimeoutException as error:
            failure = MarketTimeoutError(method, status, detail=type(error).__name__)
        except httpx.HTTPError as error:
            failure = BrokenConnectionError(method, status, detail=type(error).__name__)
        finally:
            if sent and self._on_answer:
                self._on_answer(method, status, rate)
        # Not from within the handler: httpx's error holds the request, and the request holds the key.
        raise failure

    def _refusal(self, method: str, answer: _Answer, content: Any) -> MarketError:
        code, detail = _said(content)
        key = self._key.get_secret_value()
        return error_of(
            method,
            answer.status,
            code and code.replace(key, "***"),
            detail and detail.replace(key, "***"),
            worded=_is_refusal(content),
            exhausted_until=answer.rate.until if answer.rate and answer.rate.remaining <= 0 else None,
        )


class _ApiKeyAuth(httpx.Auth):
    """Puts the key on a request as it leaves, so that the client's own headers never hold it."""

    def __init__(self, api_key: SecretStr) -> None:
        self._key = api_key

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Api-Key"] = self._key.get_secret_value()
        yield request


def _body(response: httpx.Response, timeout_s: float) -> bytes:
    """Read the body; httpx limits only the silence between two pieces, so a trickle could last for ever."""
    deadline = time.monotonic() + timeout_s
    pieces = []
    for piece in response.iter_bytes():
        pieces.append(piece)
        if time.monotonic() > deadline:
            raise httpx.ReadTimeout("the answer trickles", request=response.request)
    return b"".join(pieces)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return _NO_JSON


def _result(content: Any) -> Any:
    return content.get("result") if isinstance(content, dict) else None


def _is_refusal(content: Any) -> bool:
    return isinstance(content, dict) and content.get("status") == "ERROR"


def _said(content: Any) -> tuple[str | None, str | None]:
    """Return the code and the message of Market's first error, where there is one."""
    errors = content.get("errors") if isinstance(content, dict) else None
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    code, message = first.get("code"), first.get("message")
    return (code if isinstance(code, str) else None, message if isinstance(message, str) else None)
