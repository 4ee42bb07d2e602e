import os
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox_market import Market
from tests.worker.cli.conftest import Command

CONFIG = Path("chatwarden.toml")


@pytest.fixture(autouse=True)
def at_the_sandbox(environment: pytest.MonkeyPatch, market: Market) -> None:
    environment.setenv("CHATWARDEN_MARKET_URL", market.url)


def written() -> list[dict[str, Any]]:
    cabinets: list[dict[str, Any]] = tomllib.loads(CONFIG.read_text())["cabinets"]
    return cabinets


def test_a_key_becomes_settings_that_work(chatwarden: Command, market: Market) -> None:
    key = market.cabinet.api_key
    answer = chatwarden("init", stdin=key.encode() + b"\n")
    assert (answer.code, answer.err) == (0, "")
    assert "cabinet Магазин 1 (1) is added to chatwarden.toml" in answer.out
    assert "next: chatwarden up" in answer.out
    kept = Path("cabinet-1.key").absolute()
    assert written() == [{"business_id": 1, "name": "Магазин 1", "api_key_file": str(kept)}]
    assert kept.stat().st_mode & 0o777 == 0o600
    assert key not in answer.out + CONFIG.read_text()
    assert "Магазин 1 (1), key from the file" in chatwarden("config").out


def test_a_second_cabinet_is_added_and_the_first_left_alone(chatwarden: Command, market: Market) -> None:
    CONFIG.write_text('# ours\nlanguage = "en"')
    for cabinet in market.world.cabinets.values():
        assert chatwarden("init", stdin=cabinet.api_key.encode()).code == 0
    before = CONFIG.read_text()
    again = chatwarden("init", stdin=market.cabinet.api_key.encode())
    assert "cabinet Магазин 1 (1) is in the settings already" in again.out
    assert CONFIG.read_text() == before
    assert before.startswith('# ours\nlanguage = "en"\n')
    assert [cabinet["business_id"] for cabinet in written()] == [1, 2]


def test_a_key_may_stay_where_it_is(
    chatwarden: Command, market: Market, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    environment.setenv("SHOP_KEY", market.cabinet.api_key)
    Path("two.key").write_text(market.world.cabinets[2].api_key)
    assert chatwarden("init", "--key-env", "SHOP_KEY").code == 0
    assert chatwarden("init", "--key-file", "two.key").code == 0
    one, two = written()
    assert one["api_key_env"] == "SHOP_KEY"
    assert two["api_key_file"] == str(tmp_path / "two.key")
    assert not list(Path().glob("cabinet-*.key"))


class TestSaysInOneLineWhatIsWrong:
    def test_with_a_key_that_does_not_work(self, chatwarden: Command, market: Market) -> None:
        market.revoke()
        error = chatwarden("init", stdin=market.cabinet.api_key.encode()).error
        assert error.startswith("Market does not take the key: getAuthTokenInfo: HTTP 401")
        assert error.endswith("; give a key that works")
        assert not CONFIG.exists()

    def test_with_a_key_that_may_not_read(self, chatwarden: Command, market: Market) -> None:
        market.cabinet.scopes = ("PRICING",)
        error = chatwarden("init", stdin=market.cabinet.api_key.encode()).error
        assert error == "the key may not read chats (it has PRICING); make one with the scope communication"

    @pytest.mark.parametrize("given", [b"", b"\n", b"ACMA: hunter2\n", "ключ\n".encode()])
    def test_with_what_is_no_key(self, chatwarden: Command, given: bytes) -> None:
        assert chatwarden("init", stdin=given).error.startswith("that is no Api-Key;")

    @pytest.mark.parametrize("options", [("--key-env", "ACMA:hunter2"), ("--key-env", "A", "--key-file", "b")])
    def test_with_the_options(self, chatwarden: Command, options: tuple[str, ...]) -> None:
        error = chatwarden("init", *options).error
        assert error.startswith("--key-env takes the name of an environment variable")
        assert "hunter2" not in error

    def test_when_market_is_away(self, chatwarden: Command, environment: pytest.MonkeyPatch) -> None:
        environment.setenv("CHATWARDEN_MARKET_URL", "http://127.0.0.1:1")
        error = chatwarden("init", stdin=b"ACMA:hunter2").error
        assert error.endswith("; see that this machine reaches Market, try again")
        assert "hunter2" not in error

    def test_with_settings_of_another_form(self, chatwarden: Command, market: Market) -> None:
        CONFIG.write_text('cabinets = [{ business_id = 5, api_key_env = "FIVE" }]\n')
        error = chatwarden("init", "--key-env", "FIVE").error
        assert error == "cabinet new (1): the environment variable FIVE holds no Api-Key; put the key (ACMA:...) there"
        os.environ["FIVE"] = market.cabinet.api_key
        answer = chatwarden("init", "--key-env", "FIVE")
        assert answer.code == 2
        assert "cabinets are written there in another form" in answer.err
