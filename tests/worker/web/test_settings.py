from pathlib import Path

import pytest

from worker import settings
from worker.errors import OperatorError
from worker.web.tokens import Tokens

pytestmark = pytest.mark.usefixtures("environment")


def loaded(environment: pytest.MonkeyPatch, **variables: str) -> settings.Settings:
    for name, value in variables.items():
        environment.setenv(f"CHATWARDEN_{name.upper()}", value)
    return settings.load()


def test_by_default_only_market_comes_in() -> None:
    current = settings.load()
    assert [str(network) for network in current.notification_networks] == [
        "5.45.207.0/25",
        "141.8.142.0/25",
        "5.255.253.0/25",
    ]
    assert len(Tokens(current)) == 0


def test_the_environment_gives_lists_by_commas(environment: pytest.MonkeyPatch) -> None:
    current = loaded(
        environment,
        notification_networks="127.0.0.0/8, ::1",
        trusted_proxies="10.1.2.3/24",
        api_tokens="crm:secret, ext:other:one",
        override_tokens="crm",
        cors_origins="https://crm.example,chrome-extension://abc",
    )
    shown = dict(current.shown())
    assert shown["notification_networks"] == "127.0.0.0/8, ::1/128"
    assert shown["trusted_proxies"] == "10.1.2.0/24"
    assert shown["api_tokens"] == "crm, ext"
    assert shown["cors_origins"] == "https://crm.example, chrome-extension://abc"
    tokens = Tokens(current)
    crm, ext = tokens.caller("Bearer secret"), tokens.caller("bearer other:one")
    assert (crm, ext) == (("crm", True), ("ext", False))
    assert tokens.caller("Bearer other") is None


def test_the_file_gives_them_as_the_environment_or_as_toml_has_them(environment: pytest.MonkeyPatch) -> None:
    Path("chatwarden.toml").write_text(
        'notification_networks = ["127.0.0.0/8"]\ntrusted_proxies = "10.0.0.1"\ncors_origins = ["https://crm.example"]\n'
        'notification_prefix = "hunter1"\n[api_tokens]\ncrm = "hunter2"\n'
    )
    current = settings.load()
    assert str(current.notification_networks[0]) == "127.0.0.0/8"
    assert Tokens(current).caller("Bearer hunter2") == ("crm", False)
    assert "hunter" not in f"{current!r}{dict(current.shown())}"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("notification_networks", "market", "must be addresses or networks, separated by commas"),
        ("trusted_proxies", "10.0.0.0/99", "must be addresses or networks, separated by commas"),
        ("api_tokens", "hunter2", "entry 1 is not name:token"),
        ("api_tokens", "a:b,hunter 2:x", "entry 2 is not name:token"),
        ("api_tokens", "crm:", "the token called crm must be printable ASCII without spaces"),
        ("api_tokens", "crm:hunter2,crm:hunter3", "the token called crm stands twice"),
        ("notification_prefix", "hunter2/x", "must be one word of letters, digits, - and _"),
        ("cors_origins", "crm.example/x", "must be origins, scheme://host without a path"),
        ("web_port", "70000", "Input should be less than 65536"),
    ],
)
def test_what_is_wrong_is_said_and_never_quoted(
    environment: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    with pytest.raises(OperatorError) as caught:
        loaded(environment, **{name: value})
    assert f"the environment variable CHATWARDEN_{name.upper()}: " in str(caught.value)
    assert said in str(caught.value)
    assert "; write " in str(caught.value)
    assert "hunter" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "No such file or directory"),
        (b"\xff", "it is not UTF-8"),
        (b"hunter2", "entry 1 is not name:token"),
    ],
)
def test_a_file_of_tokens_that_cannot_be_used_stops_the_start(
    environment: pytest.MonkeyPatch, content: bytes | None, said: str
) -> None:
    if content is not None:
        Path("tokens").write_bytes(content)
    with pytest.raises(OperatorError, match=f"api_tokens_file tokens cannot be used .*{said}") as caught:
        Tokens(loaded(environment, api_tokens_file="tokens"))
    assert "hunter" not in str(caught.value)


def test_a_right_for_a_token_that_is_not_there_stops_the_start(environment: pytest.MonkeyPatch) -> None:
    with pytest.raises(OperatorError, match="override_tokens names 'chief', which no token is called"):
        Tokens(loaded(environment, override_tokens="chief"))
