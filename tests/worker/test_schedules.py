import pytest

from worker import settings
from worker.errors import OperatorError
from worker.schedules import crontab, zone


def test_a_schedule_has_five_fields() -> None:
    assert crontab(" 0  6 * * 1-5 ") == "0 6 * * 1-5"
    assert zone("Asia/Yekaterinburg") == "Asia/Yekaterinburg"


@pytest.mark.parametrize("given", ["", "daily", "0 6 * *", "61 6 * * *", "0 6 * * monday-x"])
def test_any_other_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match="must be five fields"):
        crontab(given)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("AUDIT_SCHEDULE", "daily", 'must be five fields: minute hour day month weekday; write audit_schedule = "0 6'),
        ("TIME_ZONE", "Moscow", 'must be the name of a time zone, as Europe/Moscow; write time_zone = "Europe/Moscow"'),
    ],
)
def test_a_bad_setting_says_what_to_write(environment: pytest.MonkeyPatch, name: str, value: str, said: str) -> None:
    environment.setenv(f"CHATWARDEN_{name}", value)
    with pytest.raises(OperatorError) as caught:
        settings.load()
    assert said in str(caught.value)
