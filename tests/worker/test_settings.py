import os
from pathlib import Path

import pytest

from worker import settings
from worker.errors import OperatorError

CABINET = '[[cabinets]]\nbusiness_id = 123456\nname = "Тёплый Угол"\napi_key_env = "SHOP_KEY"\n'

pytestmark = pytest.mark.usefixtures("environment")


def write(text: str | bytes, path: str = "chatwarden.toml") -> None:
    Path(path).write_bytes(text if isinstance(text, bytes) else text.encode())


def refusal() -> str:
    with pytest.raises(OperatorError) as caught:
        settings.load()
    assert "\n" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return str(caught.value)


def test_without_file_and_environment_the_defaults_stand() -> None:
    current = settings.load()
    assert current.cabinets == ()
    assert str(current.market_url) == "https://api.partner.market.yandex.ru/"
    assert current.effective_database_url == f"sqlite:///{Path.cwd() / 'chatwarden-data' / 'chatwarden.sqlite'}"
    with pytest.raises(OperatorError, match=r"no cabinet is set up; write into chatwarden.toml: \[\[cabinets\]\]"):
        current.require_cabinets()


def test_the_file_is_read(environment: pytest.MonkeyPatch) -> None:
    write(f'language = "en"\nsentry_dsn = "https://abc@sentry.example/1"\ndata_dir = "there"\n{CABINET}')
    current = settings.load()
    assert current.language == "en"
    assert current.data_dir == Path("there")
    assert current.sentry_dsn is not None
    assert current.require_cabinets()[0].title == "Тёплый Угол (123456)"
    assert current.cabinet(123456) == current.cabinets[0]
    assert current.cabinet(1) is None


def test_the_environment_wins_over_the_file(environment: pytest.MonkeyPatch) -> None:
    write(f'language = "en"\nworker_processes = 2\nsentry_dsn = "https://abc@sentry.example/1"\n{CABINET}')
    environment.setenv("CHATWARDEN_LANGUAGE", "ru")
    environment.setenv("CHATWARDEN_CABINETS", '[{"business_id": 7, "api_key_file": "/keys/seven"}]')
    environment.setenv("SENTRY_DSN", "https://def@sentry.example/2")
    environment.setenv("CHATWARDEN_WORKER_PROCESSES", "")
    current = settings.load()
    assert current.language == "ru"
    assert current.worker_processes == 2
    assert [cabinet.title for cabinet in current.cabinets] == ["7"]
    assert current.sentry_dsn is not None
    assert current.sentry_dsn.get_secret_value() == "https://def@sentry.example/2"


def test_the_file_may_lie_elsewhere(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write('language = "en"', "other.toml")
    environment.setenv("CHATWARDEN_CONFIG", str(tmp_path / "other.toml"))
    assert settings.load().language == "en"


def test_a_file_that_is_named_must_be_there(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("CHATWARDEN_CONFIG", "nowhere.toml")
    assert refusal() == "the configuration file nowhere.toml does not exist; mend CHATWARDEN_CONFIG or --config"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("language = ", "chatwarden.toml is not valid TOML: Invalid value"),
        (b"name = '\xff'", "chatwarden.toml is not UTF-8 text; save it as UTF-8"),
        ('lang = "en"', "chatwarden.toml: lang is no setting of Chatwarden; did you mean language?"),
        ("zzzzzz = 1", "chatwarden.toml: zzzzzz is no setting of Chatwarden; remove it"),
        ('language = "fr"', "chatwarden.toml: language: Input should be 'ru' or 'en'; write language = \"ru\""),
        ("worker_processes = 0", "chatwarden.toml: worker_processes: Input should be greater than or equal to 1"),
        ('market_url = "market"', "chatwarden.toml: market_url: Input should be a valid URL"),
        ('redis_url = "http://x"', "chatwarden.toml: redis_url: must begin with redis://, rediss:// or sentinel://;"),
        ('sentry_dsn = "nonsense"', "chatwarden.toml: sentry_dsn: must be a DSN as Sentry shows it"),
        ("cabinets = 5", "chatwarden.toml: cabinets: Input should be a valid tuple; write [[cabinets]] with"),
        (CABINET + CABINET, "chatwarden.toml: cabinets: business_id 123456 stands twice; a cabinet may be listed once"),
        ("[[cabinets]]\nbusiness_id = 1", "cabinets.0: exactly one of api_key_env and api_key_file must be given"),
        ('[[cabinets]]\nbusiness_id = "x"\napi_key_env = "A"', "cabinets.0.business_id: Input should be a valid int"),
        (f"{CABINET}api_key_fiel = 'x'", "cabinets.0.api_key_fiel is no setting of Chatwarden; did you mean api_key_"),
        (f"{CABINET}api_key_file = '/x'", "exactly one of api_key_env and api_key_file must be given"),
    ],
)
def test_a_bad_file_gives_one_line_that_says_what_and_where(text: str | bytes, said: str) -> None:
    write(text)
    assert said in refusal()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("CHATWARDEN_LANGUAGE", "fr", "the environment variable CHATWARDEN_LANGUAGE: Input should be 'ru' or 'en'"),
        ("CHATWARDEN_CABINETS", "[", "the environment variable CHATWARDEN_CABINETS is not valid JSON"),
        ("CHATWARDEN_CABINETS", '[{"business_id": 0}]', "the environment variable CHATWARDEN_CABINETS: Input should"),
        ("SENTRY_DSN", "https://sentry.example", "the environment variable SENTRY_DSN: must be a DSN"),
        ("CHATWARDEN_LANGAUGE", "en", "CHATWARDEN_LANGAUGE is no setting of Chatwarden; did you mean CHATWARDEN_LANG"),
        ("CHATWARDEN_SENTRY_DSN", "x", "CHATWARDEN_SENTRY_DSN is no setting of Chatwarden; did you mean SENTRY_DSN?"),
        ("CHATWARDEN_QQQ", "x", "the environment variable CHATWARDEN_QQQ is no setting of Chatwarden; remove it"),
    ],
)
def test_a_bad_variable_is_named(environment: pytest.MonkeyPatch, name: str, value: str, said: str) -> None:
    environment.setenv(name, value)
    assert said in refusal()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_said_to_be_so() -> None:
    write(CABINET)
    Path("chatwarden.toml").chmod(0)
    assert refusal() == "chatwarden.toml cannot be read (Permission denied); make it readable by this user"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CHATWARDEN_REDIS_URL", "http://:hunter2@host"),
        ("SENTRY_DSN", "ftp://hunter2@sentry.example/1"),
        ("CHATWARDEN_MARKET_URL", "hunter2@market"),
        ("CHATWARDEN_CABINETS", '[{"business_id": 1, "api_key": "hunter2"}]'),
        ("CHATWARDEN_CABINETS", '[{"business_id": 1, "api_key_env": "ACMA:hunter2"}]'),
        ("CHATWARDEN_CABINETS", '[{"business_id": "hunter2", "api_key_env": "A"}]'),
        ("CHATWARDEN_API_KEY", "hunter2"),
    ],
)
def test_a_refusal_never_quotes_what_may_be_a_secret(environment: pytest.MonkeyPatch, name: str, value: str) -> None:
    environment.setenv(name, value)
    assert "hunter2" not in refusal()


def test_no_secret_is_shown_or_in_the_repr(environment: pytest.MonkeyPatch) -> None:
    write(CABINET)
    environment.setenv("SHOP_KEY", "ACMA:hunter0")
    environment.setenv("SENTRY_DSN", "https://hunter1@sentry.example/1")
    environment.setenv("CHATWARDEN_REDIS_URL", "sentinel://:hunt@er2@one:1,two:2/shop/0")
    environment.setenv("CHATWARDEN_DATABASE_URL", "postgresql://shop:hunter4@db/chats?sslpassword=hunter5&user=me")
    environment.setenv("CHATWARDEN_MARKET_URL", "http://me:hunter6@localhost:8000")
    current = settings.load()
    shown = dict(current.shown())
    assert shown["cabinets.0"] == "Тёплый Угол (123456), key from the environment variable SHOP_KEY"
    assert shown["sentry_dsn"] == "https://***@sentry.example/1"
    assert shown["redis_url"] == "sentinel://***@one:1,two:2/shop/0"
    assert shown["database_url"] == "postgresql://***@db/chats?sslpassword=***&user=me"
    assert shown["market_url"] == "http://***@localhost:8000/"
    assert shown["language"] == "ru"
    assert "hunt" not in f"{shown}{current.cabinets!r}{current.cabinets[0].read_key()!r}"
    for secret in ("hunter1", "hunter2", "hunter4"):
        assert secret not in repr(current)


def test_what_is_not_set_is_shown_as_a_dash() -> None:
    shown = dict(settings.load().shown())
    assert shown["redis_url"] == shown["sentry_dsn"] == "-"
