"""The rooms of one process put together from the settings: store, Market's clients, rules, outbox, sweeps."""

import functools
from collections.abc import Callable
from dataclasses import dataclass

from worker import faults
from worker.alerts import Channel, LogChannel, Outbox, SentryChannel
from worker.app import broker_url
from worker.audit.auditor import Auditor
from worker.audit.rounds import Rounds
from worker.audit.telling import Teller
from worker.bulk import Bulk
from worker.cabinets import Cabinet
from worker.checking import Checker
from worker.composing import Composer
from worker.market.client import MarketClient
from worker.market.quota import Quota
from worker.settings import Settings
from worker.store import Store
from worker.sweep import Sweeper


@dataclass(frozen=True, slots=True)
class Pipeline:
    """What a worker process works with."""

    settings: Settings
    store: Store
    checker: Checker
    outbox: Outbox
    sweeper: Sweeper
    auditor: Auditor
    rounds: Rounds


def build(settings: Settings) -> Pipeline:
    """Put the rooms together; OperatorError when the store or the queue is not usable.

    To be called once in each process: connections must not be shared over a fork.
    """
    store = Store.open(settings.effective_database_url)

    def on_answer(method: str, *_: object) -> None:
        checker.count_request(method)

    live, patient = (clients(settings, bulk=bulk, on_answer=on_answer) for bulk in (False, True))
    checker = Checker(
        store,
        live,
        allowances_for=functools.cache(settings.allowances),
        lang=settings.language,
        max_attempts=settings.max_attempts,
        alarm=faults.tell,
    )
    dsn = settings.sentry_dsn.get_secret_value() if settings.sentry_dsn else None
    channel: Channel = SentryChannel(dsn) if dsn else LogChannel()
    if dsn:
        faults.report_faults_to(dsn)
    title = functools.partial(cabinet_title, settings)
    composer = Composer(
        title,
        lang=settings.language,
        unmask=settings.unmask_evidence,
    )
    outbox = Outbox(store, channel, composer, per_minute=settings.alerts_per_minute, digest_above=settings.digest_above)
    bulk = Bulk(store, checker, patient)
    auditor = Auditor(store, checker, bulk)
    rounds = Rounds(settings, store, auditor, Teller(store, channel, title, lang=settings.language))
    return Pipeline(settings, store, checker, outbox, Sweeper(store, checker, bulk), auditor, rounds)


def clients(
    settings: Settings, *, bulk: bool = False, on_answer: Callable[..., None] | None = None
) -> Callable[[int], MarketClient | None]:
    """Return a function that gives each cabinet's client, made when first asked for.

    `bulk` work leaves a share of Market's budgets to live messages; `on_answer` is told of every request.
    """

    @functools.cache
    def client_of(business_id: int) -> MarketClient | None:
        cabinet = settings.cabinet(business_id)
        if cabinet is None:
            return None
        quota = Quota(
            broker_url(settings),
            business_id,
            parallel=settings.parallel_requests,
            reserve=settings.live_share,
            bulk=bulk,
        )
        return market_client(settings, cabinet, on_answer=on_answer, quota=quota)

    return client_of


def market_client(
    settings: Settings,
    cabinet: Cabinet,
    *,
    on_answer: Callable[..., None] | None = None,
    quota: Quota | None = None,
) -> MarketClient:
    """Return a client of a cabinet; OperatorError when its key cannot be read."""
    return MarketClient(
        cabinet.business_id,
        cabinet.read_key(),
        base_url=str(settings.market_url).rstrip("/"),
        timeout_s=settings.market_timeout_s,
        on_answer=on_answer,
        quota=quota,
    )


def cabinet_title(settings: Settings, business_id: int) -> str:
    """Return a cabinet's name for people, its number when it is not in the settings."""
    cabinet = settings.cabinet(business_id)
    return cabinet.title if cabinet else str(business_id)
