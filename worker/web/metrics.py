"""Metrics for Prometheus, all read from the store and Redis when they are asked for.

Nothing is counted in this process, so the figures are the same whichever process answers, and none is lost with one.
"""

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import redis
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from worker.app import QUEUES, broker_url, waiting
from worker.broker import connect
from worker.errors import OperatorError
from worker.market.quota import limits_hit, told_budgets
from worker.settings import Settings
from worker.store import Store

ALERT_BOUNDS_S = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3_600.0, 86_400.0, math.inf)
LEAD_BOUNDS_S = (0.0, 10.0, 60.0, 300.0, 900.0, 3_600.0, 14_400.0, 86_400.0, math.inf)
LEAD_OVER = timedelta(days=30)
REDIS_TIMEOUT_S = 2


class Collector:
    """Collects all metrics anew each time."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings = settings
        self._store = store

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics; without Redis those of the store alone."""
        yield from self._of_messages()
        yield from self._of_requests()
        yield from self._of_alerts()
        yield from self._of_queue()

    def _of_messages(self) -> Iterator[Metric]:
        judged = CounterMetricFamily(
            "chatwarden_messages_judged", "Messages of the shop with a verdict", labels=("business_id", "verdict")
        )
        for (business_id, verdict), count in self._store.gauges.judged().items():
            judged.add_metric((str(business_id), verdict), count)
        found = CounterMetricFamily("chatwarden_violations", "Violations found", labels=("business_id", "rule"))
        for (business_id, rule), count in self._store.gauges.violations().items():
            found.add_metric((str(business_id), rule), count)
        waiting = GaugeMetricFamily(
            "chatwarden_messages_waiting", "Messages without a verdict", labels=("business_id", "reason")
        )
        for (business_id, reason), count in self._store.gauges.waiting().items():
            waiting.add_metric((str(business_id), reason), count)
        oldest = GaugeMetricFamily(
            "chatwarden_oldest_waiting_seconds", "Age of the oldest message without a verdict", labels=("business_id",)
        )
        since = self._store.gauges.oldest_waiting()
        for cabinet in self._settings.cabinets:
            waits_since = since.get(cabinet.business_id)
            oldest.add_metric((str(cabinet.business_id),), _age_s(waits_since) if waits_since else 0.0)
        sends = CounterMetricFamily(
            "chatwarden_sends", "Messages that were to be sent", labels=("business_id", "outcome", "overridden")
        )
        for (business_id, outcome, overridden), count in self._store.sends.count().items():
            sends.add_metric((str(business_id), outcome, str(overridden).lower()), count)
        yield from (judged, found, waiting, oldest, sends)

    def _of_requests(self) -> Iterator[Metric]:
        spent = CounterMetricFamily(
            "chatwarden_market_requests", "Requests to Market", labels=("business_id", "method")
        )
        swept = GaugeMetricFamily(
            "chatwarden_last_sweep_timestamp_seconds", "When the last whole sweep ended", labels=("business_id",)
        )
        for row in self._store.figures.status([]):
            for method, count in row.requests.items():
                spent.add_metric((str(row.business_id), method), count)
        for cabinet in self._settings.cabinets:
            if finished := self._store.sweeps.last_finished(cabinet.business_id):
                swept.add_metric((str(cabinet.business_id),), finished.timestamp())
        yield from (spent, swept)

    def _of_alerts(self) -> Iterator[Metric]:
        unsent = GaugeMetricFamily("chatwarden_unsent_alerts", "Violations whose alert has not arrived")
        unsent.add_metric((), self._store.violations.count_unreported())
        delays = self._store.gauges.alert_delays(ALERT_BOUNDS_S)
        delay = HistogramMetricFamily(
            "chatwarden_alert_delay_seconds", "From the writing of a message to the arrival of its alert"
        )
        counts = [delays.counts.get(bound, 0) for bound in ALERT_BOUNDS_S]
        delay.add_metric((), _cumulated(ALERT_BOUNDS_S, counts), delays.total_s)
        yield from (unsent, delay, *self._of_reminders())

    def _of_reminders(self) -> Iterator[Metric]:
        lead = HistogramMetricFamily(
            "chatwarden_reminder_lead_seconds",
            "By how much the alert was ahead of Market's reminder, of the last 30 days",
            labels=("business_id",),
        )
        missed = GaugeMetricFamily(
            "chatwarden_reminders_missed", "Market's reminders without a violation, 30 days", labels=("business_id",)
        )
        now = datetime.now(UTC)
        for cabinet in self._settings.cabinets:
            labels = (str(cabinet.business_id),)
            told = list(self._store.reminders.find(cabinet.business_id, since=now - LEAD_OVER, until=now))
            leads = [reminder.ahead_s for reminder in told if reminder.ahead_s is not None]
            counts = [0] * len(LEAD_BOUNDS_S)
            for one in leads:
                counts[next(at for at, bound in enumerate(LEAD_BOUNDS_S) if one <= bound)] += 1
            lead.add_metric(labels, _cumulated(LEAD_BOUNDS_S, counts), sum(leads))
            missed.add_metric(labels, sum(reminder.missed for reminder in told))
        yield from (lead, missed)

    def _of_queue(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("chatwarden_queue_up", "Whether Redis answers")
        length = GaugeMetricFamily("chatwarden_queue_length", "Tasks that wait", labels=("queue",))
        left = GaugeMetricFamily(
            "chatwarden_market_budget", "Requests left in Market's period", labels=("business_id", "method")
        )
        limited = CounterMetricFamily("chatwarden_market_limited", "Answers 420", labels=("business_id", "method"))
        try:
            with connect(broker_url(self._settings), socket_timeout=REDIS_TIMEOUT_S) as client:
                for queue in QUEUES:
                    length.add_metric((queue,), waiting(client, queue))
                for cabinet in self._settings.cabinets:
                    for method, remaining in told_budgets(client, cabinet.business_id).items():
                        left.add_metric((str(cabinet.business_id), method), remaining)
                    for method, count in limits_hit(client, cabinet.business_id).items():
                        limited.add_metric((str(cabinet.business_id), method), count)
        except (redis.RedisError, OperatorError, OSError):
            up.add_metric((), 0)
            yield up
            return
        up.add_metric((), 1)
        yield from (up, length, left, limited)


def _cumulated(bounds: tuple[float, ...], counts: list[int]) -> list[tuple[str, float]]:
    """Return buckets as Prometheus has them: each with all below it."""
    return [
        ("+Inf" if bound == math.inf else str(bound), float(sum(counts[: at + 1]))) for at, bound in enumerate(bounds)
    ]


def _age_s(time: datetime) -> float:
    return (datetime.now(UTC) - time).total_seconds()
