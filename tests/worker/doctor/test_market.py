from tests.sandbox_market import Market
from tests.worker.doctor.conftest import See
from worker.doctor import market as market_room
from worker.doctor.diagnosis import State


def test_all_is_well(see: See) -> None:
    assert see(market_room.examine) == [
        (State.OK, "key", "cabinet Shop (1): the key works, scopes COMMUNICATION"),
        (State.OK, "chats", "cabinet Shop (1): its chats can be read"),
    ]


def test_a_key_that_was_revoked(see: See, market: Market) -> None:
    market.revoke()
    [(state, _, said)] = see(market_room.examine)
    assert state is State.WRONG
    assert "HTTP 401" in said
    assert said.endswith("; mend the key: the environment variable SHOP_KEY must hold one that works")
    assert market.cabinet.api_key not in said


def test_a_key_of_another_cabinet(see: See, market: Market) -> None:
    other = '[{"business_id": 2, "name": "Shop", "api_key_env": "SHOP_KEY"}]'
    _, (state, _, said) = see(market_room.examine, CHATWARDEN_CABINETS=other)
    assert state is State.WRONG
    assert said.endswith("; mend business_id, or take a key of that cabinet")


def test_a_key_that_is_not_there(see: See) -> None:
    [(state, _, said)] = see(market_room.examine, SHOP_KEY=" ")
    assert state is State.WRONG
    assert said.endswith("the environment variable SHOP_KEY holds no Api-Key; put the key (ACMA:...) there")


def test_a_market_in_trouble(see: See, market: Market) -> None:
    market.fail(status=503)
    [(state, _, said)] = see(market_room.examine)
    assert state is State.WARNING
    assert said.endswith("; it is tried again while running")


def test_no_market(see: See) -> None:
    [(state, _, said)] = see(market_room.examine, CHATWARDEN_MARKET_URL="http://127.0.0.1:1")
    assert state is State.WARNING
    assert said.endswith("; see that this machine reaches Market; it is tried again while running")


def test_no_cabinet(see: See) -> None:
    assert see(market_room.examine, CHATWARDEN_CABINETS="[]")[0][2] == "no cabinet is set up; run `chatwarden init`"
