from datetime import UTC, datetime, timedelta

import httpx
import pytest
import redis
from prometheus_client.parser import text_string_to_metric_families

from tests.worker.store.records import NOW, found, reading, said
from worker.market import quota
from worker.store import MessageKey, Store
from worker.web import readiness

KEY = MessageKey(7, 70, 700)


def samples(doors: httpx.Client) -> dict[tuple[str, ...], float]:
    """Return what /metrics says: by name and the values of the labels in their order."""
    answer = doors.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    families = text_string_to_metric_families(answer.text)
    return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}


@pytest.mark.usefixtures("queue")
class TestMetrics:
    def test_tell_what_stands_in_the_store(self, doors: httpx.Client, store: Store) -> None:
        record = store.messages.record
        record(reading(said(700), said(701), violations=(found(700),), getChatHistory=3), now=NOW)
        record(reading(said(702, sender="CUSTOMER")), now=NOW)
        store.messages.expect([KEY._replace(message_id=9)], now=datetime.now(UTC) - timedelta(minutes=5), due_at=NOW)
        [violation] = store.violations.find()
        alert = store.alerts.prepare(violation.id, now=NOW)
        store.alerts.mark_sent(alert or "", now=NOW + timedelta(seconds=7))

        told = samples(doors)

        assert told["chatwarden_messages_judged_total", "7", "violation"] == 1
        assert told["chatwarden_messages_judged_total", "7", "clean"] == 1
        assert told["chatwarden_violations_total", "7", "phone"] == 1
        assert told["chatwarden_messages_waiting", "7", "queued"] == 1
        assert 290 < told["chatwarden_oldest_waiting_seconds", "7"] < 400
        assert told["chatwarden_market_requests_total", "7", "getChatHistory"] == 3
        assert told["chatwarden_unsent_alerts",] == 0
        assert told["chatwarden_alert_delay_seconds_bucket", "5.0"] == 0
        assert told["chatwarden_alert_delay_seconds_bucket", "10.0"] == 1
        assert told["chatwarden_alert_delay_seconds_count",] == 1
        assert told["chatwarden_alert_delay_seconds_sum",] == pytest.approx(7, abs=0.01)

    @pytest.mark.parametrize(
        ("reason", "called"),
        [
            ("getChatMessage: HTTP 420, LIMIT: Hit rate limit (until 2026-11-23T09:00:00)", "http_420"),
            ("getChatHistory: no answer, ConnectError", "no_answer"),
            ("cabinet 7 is not in the settings", "unknown_cabinet"),
            ("RuleError while judging", "judging_broke"),
            ("something of tomorrow", "other"),
        ],
    )
    def test_call_reasons_by_few_names(self, doors: httpx.Client, store: Store, reason: str, called: str) -> None:
        store.messages.expect([KEY], now=NOW, due_at=NOW)
        store.messages.wait(KEY, reason=reason, retry_at=NOW)
        assert samples(doors)["chatwarden_messages_waiting", "7", called] == 1

    def test_tell_what_redis_knows(self, doors: httpx.Client, queue: redis.Redis) -> None:
        queue.lpush("messages", "a", "b")
        queue.hset(quota._budget_key(7, "getChats"), mapping={"remaining": 4990, "limit": 5000})
        queue.hincrby(quota._limited_key(7), "getChats", 2)

        told = samples(doors)

        assert told["chatwarden_queue_up",] == 1
        assert told["chatwarden_queue_length", "messages"] == 2
        assert told["chatwarden_market_budget", "7", "getChats"] == 4990
        assert told["chatwarden_market_limited_total", "7", "getChats"] == 2


def test_without_redis_the_metrics_say_so(doors: httpx.Client) -> None:
    told = samples(doors)
    assert told["chatwarden_queue_up",] == 0
    assert told["chatwarden_oldest_waiting_seconds", "7"] == 0


class TestReadiness:
    def test_all_is_well(self, queue: redis.Redis, doors: httpx.Client, environment: pytest.MonkeyPatch) -> None:
        environment.setenv("SEVEN", "ACMA:key")
        answer = doors.get("/readyz")
        assert (answer.status_code, answer.json()["ready"]) == (200, True)
        assert {"queue", "store", "cabinet 7", "sweep 7", "alerts"} == set(answer.json()["checks"])

    def test_says_what_is_wrong_since_when(
        self, doors: httpx.Client, store: Store, environment: pytest.MonkeyPatch
    ) -> None:
        environment.setattr(readiness, "SWEEP_TAKES", timedelta(seconds=-1000))
        store.messages.record(reading(said(700), violations=(found(700),)), now=NOW)
        first = doors.get("/readyz")
        again = doors.get("/readyz").json()["checks"]

        assert first.status_code == 503
        checks = first.json()["checks"]
        assert not first.json()["ready"]
        assert {name for name, check in checks.items() if check["ok"]} == {"store"}
        assert "CHATWARDEN_REDIS_URL" in checks["queue"]["detail"]
        assert "SEVEN holds no Api-Key" in checks["cabinet 7"]["detail"]
        assert "1 violations are not reported" in checks["alerts"]["detail"]
        assert datetime.fromisoformat(checks["alerts"]["since"]) == NOW
        assert {name: check["since"] for name, check in again.items()} == {
            name: check["since"] for name, check in checks.items()
        }

    def test_a_key_that_stopped_working_is_dated(
        self, doors: httpx.Client, store: Store, environment: pytest.MonkeyPatch
    ) -> None:
        environment.setenv("SEVEN", "ACMA:key")
        store.pauses.begin(7, "*", now=NOW, until=NOW, reason="HTTP 401")
        check = doors.get("/readyz").json()["checks"]["cabinet 7"]
        assert (check["ok"], check["detail"]) == (False, "HTTP 401")
        assert datetime.fromisoformat(check["since"]) == NOW
