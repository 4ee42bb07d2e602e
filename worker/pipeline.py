"""The rooms of one process put together from the settings: store, Market's clients, rules, outbox."""

import functools
from dataclasses import dataclass

from worker import faults
from worker.alerts import Channel, LogChannel, Outbox, SentryChannel
from worker.checking import Checker
from worker.market.client import MarketClient
from worker.settings import Cabinet, Settings
from worker.store import Store


@dataclass(frozen=True, slots=True)
class Pipeline:
    """What a worker process works with."""

    settings: Settings
    store: Store
    checker: Checker
    outbox: Outbox


def build(settings: Settings) -> Pipeline:
    """Put the rooms together; OperatorError when the store or a key is not usable.

    To be called once in each process: connections must not be shared over a fork.
    """
    store = Store.open(settings.effective_database_url)
    checker = Checker(
        store,
        client_for=lambda business_id: client_of(business_id),
        lang=settings.language,
        max_attempts=settings.max_attempts,
        alarm=faults.tell,
    )

    @functools.cache
    def client_of(business_id: int) -> MarketClient | None:
        cabinet = settings.cabinet(business_id)
        return market_client(settings, cabinet, checker) if cabinet else None

    dsn = settings.sentry_dsn.get_secret_value() if settings.sentry_dsn else None
    channel: Channel = SentryChannel(dsn) if dsn else LogChannel()
    if dsn:
        faults.report_faults_to(dsn)
    outbox = Outbox(
        store,
        channel,
        cabinet_title=lambda business_id: cabinet_title(settings, business_id),
        lang=settings.language,
        unmask=settings.unmask_evidence,
    )
    return Pipeline(settings, store, checker, outbox)


def market_client(settings: Settings, cabinet: Cabinet, checker: Checker | None = None) -> MarketClient:
    """Return a client of a cabinet's; its requests are counted where a checker is given."""
    return MarketClient(
        cabinet.business_id,
        cabinet.read_key(),
        base_url=str(settings.market_url).rstrip("/"),
        timeout_s=settings.market_timeout_s,
        on_answer=checker.count_request if checker else None,
    )


def cabinet_title(settings: Settings, business_id: int) -> str:
    """Return a cabinet's name for people, its number when it is not in the settings."""
    cabinet = settings.cabinet(business_id)
    return cabinet.title if cabinet else str(business_id)
