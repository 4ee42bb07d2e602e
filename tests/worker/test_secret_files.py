from pathlib import Path

import pytest

from worker import settings
from worker.errors import OperatorError

REDIS = "redis://:hunter2@redis:6379/0"

pytestmark = pytest.mark.usefixtures("environment")


def refusal() -> str:
    with pytest.raises(OperatorError) as caught:
        settings.load()
    assert "hunter2" not in str(caught.value)
    return str(caught.value)


@pytest.fixture
def redis_file(environment: pytest.MonkeyPatch) -> Path:
    environment.setenv("CHATWARDEN_REDIS_URL_FILE", "redis_url")
    return Path("redis_url")


@pytest.mark.parametrize(
    ("variable", "secret", "setting"),
    [
        ("CHATWARDEN_REDIS_URL", REDIS, "redis_url"),
        ("CHATWARDEN_DATABASE_URL", "postgresql://me:hunter2@db/chats", "database_url"),
        ("SENTRY_DSN", "https://hunter2@sentry.example/1", "sentry_dsn"),
    ],
)
def test_a_secret_may_lie_in_a_file(
    environment: pytest.MonkeyPatch, tmp_path: Path, variable: str, secret: str, setting: str
) -> None:
    (tmp_path / "secret").write_text(f"{secret}\n")
    environment.setenv(f"{variable}_FILE", str(tmp_path / "secret"))
    assert getattr(settings.load(), setting).get_secret_value() == secret


def test_it_wins_over_the_settings_file(redis_file: Path) -> None:
    redis_file.write_text(REDIS)
    Path("chatwarden.toml").write_text('redis_url = "redis://elsewhere"')
    assert dict(settings.load().shown())["redis_url"] == "redis://***@redis:6379/0"


def test_an_empty_file_is_none(redis_file: Path) -> None:
    redis_file.write_text("\n")
    assert settings.load().redis_url is None


def test_a_file_that_is_not_there(redis_file: Path) -> None:
    assert refusal() == (
        "the file redis_url that CHATWARDEN_REDIS_URL_FILE names cannot be read (No such file or directory); "
        "put the secret there, readable by this user"
    )


def test_what_is_no_text(redis_file: Path) -> None:
    redis_file.write_bytes(b"\xff\xfe")
    assert "(it is not text)" in refusal()


def test_what_is_given_both_ways(redis_file: Path, environment: pytest.MonkeyPatch) -> None:
    redis_file.write_text(REDIS)
    environment.setenv("CHATWARDEN_REDIS_URL", REDIS)
    assert refusal() == "both CHATWARDEN_REDIS_URL and CHATWARDEN_REDIS_URL_FILE are set; remove one of them"


def test_what_it_holds_is_checked_like_any_other(redis_file: Path) -> None:
    redis_file.write_text("http://:hunter2@redis")
    assert "redis_url: must begin with redis://" in refusal()
