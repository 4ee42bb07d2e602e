"""How a message is fetched: by its id, or with the history of its chat, whichever costs less."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from worker.breaks import Breaks
from worker.market.errors import MarketError, NotFoundError, Scope, WrongShapeError
from worker.market.models import ChatContext as MarketContext
from worker.market.models import Message
from worker.store import ChatContext, MessageKey, Store

if TYPE_CHECKING:
    from worker.market.client import MarketClient

MESSAGE, HISTORY = "getChatMessage", "getChatHistory"
MOST_PAGES = 10  # of one chat in one check
UNKNOWN_CABINET_DELAY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What Market gave, and what the chat is about."""

    messages: list[Message]
    context: ChatContext


class NotNowError(Exception):
    """Market may not be asked before `retry_at`; the text says why."""

    def __init__(self, reason: str, retry_at: datetime) -> None:
        super().__init__(reason)
        self.retry_at = retry_at


class Fetcher:
    """Fetches messages from Market.

    Args:
        store: what is known of chats, and the pauses that stand.
        client_for: gives the client of a cabinet, None for a cabinet that is not in the settings.
        breaks: told of a method whose requests are spent.
    """

    def __init__(self, store: Store, client_for: "Callable[[int], MarketClient | None]", breaks: Breaks) -> None:
        self._store = store
        self._client_for = client_for
        self._breaks = breaks

    def fetch(self, key: MessageKey, siblings: Sequence[int], *, now: datetime) -> Fetched:
        """Fetch a message and what else waits in its chat (`siblings`), with all else that comes along.

        A message that Market does not know although it knows its chat is recorded as missing. NotNowError while a
        pause stands or the cabinet is not in the settings; MarketError when Market refuses.
        """
        client = self._client_for(key.business_id)
        if client is None:
            reason = f"cabinet {key.business_id} is not in the settings"
            raise NotNowError(reason, now + UNKNOWN_CABINET_DELAY)
        known = self._store.messages.context(key.business_id, key.chat_id)
        method = HISTORY if siblings or known is None else MESSAGE
        pause = self._store.pauses.find(key.business_id, method)
        if pause and pause.method == MESSAGE and pause.until > now:
            method = HISTORY  # has ten times as many requests
            pause = self._store.pauses.find(key.business_id, method)
        if pause and pause.until > now:
            raise NotNowError(pause.reason, pause.until)
        read = self._message if method == MESSAGE else self._history
        found, messages = read(client, key, siblings)
        if pause:
            self._store.pauses.end(key.business_id, pause.method)
        return Fetched(messages, found or known or ChatContext())

    def _message(
        self, client: "MarketClient", key: MessageKey, siblings: Sequence[int]
    ) -> tuple[ChatContext | None, list[Message]]:
        """Read one message, or when the requests for that are spent the history from it on."""
        try:
            return None, [client.get_chat_message(key.chat_id, key.message_id)]
        except MarketError as error:
            if error.scope is not Scope.METHOD:
                raise
            self._breaks.after(key.business_id, error)
        return self._history(client, key, siblings)

    def _history(
        self, client: "MarketClient", key: MessageKey, siblings: Sequence[int]
    ) -> tuple[ChatContext | None, list[Message]]:
        """Read a chat from the first message on that waits: up to 100 messages a request."""
        wanted = {key.message_id, *siblings}
        messages: list[Message] = []
        token = None
        try:
            for _ in range(MOST_PAGES):
                history = client.get_chat_history(key.chat_id, message_id_from=min(wanted), page_token=token)
                messages.extend(history.messages)
                token = history.next_page_token
                if token is None or wanted <= {message.message_id for message in messages}:
                    break
            context: ChatContext | None = about(history.context)
        except WrongShapeError:
            context = None  # one message that cannot be read must not hide the others
        if all(message.message_id != key.message_id for message in messages):
            try:
                messages.append(client.get_chat_message(key.chat_id, key.message_id))
            except NotFoundError as error:
                # The others of the chat were read all the same.
                self._store.messages.miss(key, reason=str(error))
        return context, messages


def about(context: MarketContext) -> ChatContext:
    """Keep of what Market says a chat is about what the store keeps."""
    return ChatContext(context.type, context.order_id, context.return_id)
