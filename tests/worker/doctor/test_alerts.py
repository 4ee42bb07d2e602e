from tests.sentry_sink import SentrySink
from tests.worker.doctor.conftest import See
from worker.doctor import alerts
from worker.doctor.diagnosis import State


def test_sentry_takes_an_event(see: See, sentry_sink: SentrySink) -> None:
    assert see(alerts.examine, SENTRY_DSN=sentry_sink.dsn) == [(State.OK, "sentry", "took a test event")]
    [event] = sentry_sink.events
    assert event["tags"] == {"kind": "test"}
    assert event["level"] == "info"


def test_sentry_takes_none(see: See, sentry_sink: SentrySink) -> None:
    sentry_sink.answer(403)
    [(state, _, said)] = see(alerts.examine, SENTRY_DSN=sentry_sink.dsn)
    assert state is State.WRONG
    assert said.endswith("; mend SENTRY_DSN, or see that this machine reaches Sentry")
    assert "sinkkey" not in said


def test_no_dsn(see: See) -> None:
    assert see(alerts.examine)[0][0] is State.WARNING
