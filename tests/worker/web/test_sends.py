from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import redis

from tests.sandbox_market import Market
from tests.worker.web.conftest import TOKEN, Handed, open_doors
from worker.store import Store

CLEAN, GUILTY = "Здравствуйте! Заказ отправим сегодня.", "Звоните 8 912 000-11-22"
CRM, CHIEF = {"Authorization": f"Bearer {TOKEN}"}, {"Authorization": "Bearer the-chief"}


class Desk:
    """A manager's desk: sends into the first chat of the sandbox's first cabinet."""

    def __init__(self, client: httpx.Client, market: Market, store: Store) -> None:
        self.client, self.market, self.store = client, market, store

    def send(self, text: str = CLEAN, *, headers: dict[str, str] = CRM, **more: Any) -> httpx.Response:
        letter = {"business_id": self.market.cabinet.business_id, "chat_id": 1, "text": text, **more}
        return self.client.post("/v1/send", json=letter, headers=headers)

    @property
    def texts(self) -> list[str | None]:
        """What the shop sent through it."""
        return [one.text for one in self.market.cabinet.chats[1].messages.values()][8:]

    @property
    def outcomes(self) -> dict[tuple[str, bool], int]:
        return {key[1:]: count for key, count in self.store.sends.count().items()}


@pytest.fixture
def desk(
    environment: pytest.MonkeyPatch, handed: Handed, store: Store, market: Market, queue: redis.Redis
) -> Iterator[Desk]:
    cabinet = market.cabinet
    environment.setenv("CHATWARDEN_CABINETS", f'[{{"business_id": {cabinet.business_id}, "api_key_env": "KEY"}}]')
    environment.setenv("KEY", cabinet.api_key)
    environment.setenv("CHATWARDEN_MARKET_URL", market.url)
    environment.setenv("CHATWARDEN_MARKET_TIMEOUT_S", "0.5")
    environment.setenv("CHATWARDEN_API_TOKENS", f"crm:{TOKEN},chief:the-chief")
    environment.setenv("CHATWARDEN_OVERRIDE_TOKENS", "chief")
    with open_doors(store) as url, httpx.Client(base_url=url, trust_env=False) as client:
        yield Desk(client, market, store)


def test_a_clean_text_is_sent_and_its_chat_looked_at(desk: Desk) -> None:
    answer = desk.send()

    assert (answer.status_code, answer.json()["sent"], answer.json()["outcome"]) == (200, True, "sent")
    assert desk.texts == [CLEAN]
    assert desk.outcomes == {("sent", False): 1}
    assert desk.store.figures.status([])[0].requests == desk.market.requests == {"sendMessageToChat": 1}
    assert desk.client.get("/metrics", headers=CRM).text.count('chatwarden_sends_total{business_id="1"') == 1


def test_a_violation_is_prevented_with_its_reasons(desk: Desk) -> None:
    answer = desk.send(GUILTY)

    assert answer.status_code == 422
    said = answer.json()
    assert (said["sent"], said["outcome"], said["flagged"]) == (False, "prevented", True)
    assert {"phone"} <= {one["rule"] for one in said["findings"]}
    assert desk.texts == []
    assert desk.outcomes == {("prevented", False): 1}


def test_who_may_override_sends_it_all_the_same_and_that_is_recorded(desk: Desk) -> None:
    assert desk.send(GUILTY, override_reason="номер пункта выдачи").status_code == 403
    answer = desk.send(GUILTY, override_reason="номер пункта выдачи", headers=CHIEF)

    assert (answer.status_code, answer.json()["flagged"]) == (200, True)
    assert desk.texts == [GUILTY]
    assert desk.outcomes == {("sent", True): 1}


@pytest.mark.parametrize(
    "fault", [{"status": 500}, {"cut": "inside"}, {"delay_s": 2}, {"status": 200, "body": "no-json"}]
)
def test_what_may_have_been_sent_is_never_sent_again_by_itself(desk: Desk, fault: dict[str, Any]) -> None:
    desk.market.fail(method="sendMessageToChat", **fault)
    lost = desk.send()
    desk.market.heal()

    assert (lost.status_code, lost.json()["sent"], lost.json()["outcome"]) == (424, None, "unknown")
    assert "look into the chat" in lost.json()["detail"]
    again = desk.send()
    assert (again.status_code, again.json()["sent"]) == (409, None)
    assert desk.market.requests == {"sendMessageToChat": 1}
    assert desk.send("Другой текст").status_code == 200
    assert desk.send(again=True).status_code == 200


def test_a_refusal_of_markets_is_told_as_one(desk: Desk) -> None:
    unknown = desk.send(chat_id=999)
    desk.market.limit(hourly={"sendMessageToChat": 0})
    spent = desk.send()
    desk.market.revoke()
    revoked = desk.send("ещё")

    assert (unknown.status_code, unknown.json()["outcome"]) == (404, "refused")
    assert (spent.status_code, spent.json()["sent"]) == (429, False)
    assert int(spent.headers["Retry-After"]) > 0
    assert revoked.json()["sent"] is False
    assert desk.texts == []


def test_a_market_that_is_not_there_has_sent_nothing(desk: Desk, environment: pytest.MonkeyPatch, store: Store) -> None:
    environment.setenv("CHATWARDEN_MARKET_URL", "http://127.0.0.1:1")
    with open_doors(store) as url, httpx.Client(base_url=url, trust_env=False) as client:
        answer = Desk(client, desk.market, store).send()
    assert (answer.status_code, answer.json()["sent"]) == (424, False)
    assert desk.send().status_code == 200


@pytest.mark.parametrize(
    "wrong", [{"text": ""}, {"text": "а" * 4097}, {"chat_id": 0}, {"business_id": 99}, {"override_reason": ""}]
)
def test_a_bad_letter_is_refused(desk: Desk, wrong: dict[str, Any]) -> None:
    assert desk.send(**wrong).status_code == 422
    assert desk.outcomes == {}
