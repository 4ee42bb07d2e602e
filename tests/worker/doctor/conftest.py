from collections.abc import Callable, Iterable

import pytest

from tests.sandbox_market import Market
from worker import settings
from worker.doctor.diagnosis import Diagnosis, State
from worker.settings import Settings

Look = Callable[[Settings], Iterable[Diagnosis]]
See = Callable[..., list[tuple[State, str, str]]]


@pytest.fixture
def see(environment: pytest.MonkeyPatch, market: Market) -> See:
    """Examine with settings of one cabinet at the sandbox, and more where given; what is said of each part."""

    def see(look: Look, **more: str) -> list[tuple[State, str, str]]:
        environment.setenv("SHOP_KEY", market.cabinet.api_key)
        environment.setenv("CHATWARDEN_CABINETS", '[{"business_id": 1, "name": "Shop", "api_key_env": "SHOP_KEY"}]')
        environment.setenv("CHATWARDEN_MARKET_URL", market.url)
        for name, value in more.items():
            environment.setenv(name, value)
        return [(found.state, found.part, str(found)) for found in look(settings.load())]

    return see
