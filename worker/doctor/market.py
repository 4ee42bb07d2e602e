"""Market: whether each cabinet's key works and opens its chats."""

from collections.abc import Iterator

from worker.cabinets import Cabinet
from worker.doctor.diagnosis import Diagnosis
from worker.errors import OperatorError
from worker.market.client import MarketClient
from worker.market.errors import ForbiddenError, MarketError, NoAnswerError, UnauthorizedError
from worker.pipeline import market_client
from worker.settings import Settings

KEY, CHATS = "key", "chats"


def examine(settings: Settings) -> Iterator[Diagnosis]:
    """Ask Market about each key, and with each that works for a page of chats."""
    if not settings.cabinets:
        yield Diagnosis.wrong(KEY, "no cabinet is set up", "run `chatwarden init`")
    for cabinet in settings.cabinets:
        try:
            client = market_client(settings, cabinet)
        except OperatorError as error:
            yield Diagnosis.of_error(KEY, error)
            continue
        with client:
            key = key_of(client, cabinet)
            yield key
            if not key.remedy:
                yield _chats(client, cabinet)


def key_of(client: MarketClient, cabinet: Cabinet) -> Diagnosis:
    """Tell whether a cabinet's key can read chats; WRONG only where it surely cannot."""
    try:
        token = client.get_auth_token_info()
    except MarketError as error:
        said = f"cabinet {cabinet.title}: {error}"
        if not error.permanent:
            return Diagnosis.warning(KEY, said, _advice(error))
        return Diagnosis.wrong(KEY, said, f"mend the key: {cabinet.key_place} must hold one that works")
    if not token.can_read_chats:
        said = f"cabinet {cabinet.title}: the key may not read chats (it has {', '.join(token.scopes)})"
        return Diagnosis.wrong(KEY, said, "make one with the scope communication")
    return Diagnosis.ok(KEY, f"cabinet {cabinet.title}: the key works, scopes {', '.join(token.scopes)}")


def _chats(client: MarketClient, cabinet: Cabinet) -> Diagnosis:
    try:
        client.get_chats(limit=1)
    except (UnauthorizedError, ForbiddenError) as error:
        remedy = "mend business_id, or take a key of that cabinet"
        return Diagnosis.wrong(CHATS, f"cabinet {cabinet.title}: {error}", remedy)
    except MarketError as error:
        return Diagnosis.warning(CHATS, f"cabinet {cabinet.title}: {error}", _advice(error))
    return Diagnosis.ok(CHATS, f"cabinet {cabinet.title}: its chats can be read")


def _advice(error: MarketError) -> str:
    if isinstance(error, NoAnswerError):
        return "see that this machine reaches Market; it is tried again while running"
    return "it is tried again while running"
