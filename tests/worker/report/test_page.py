import json
import re
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.worker.report.outcomes import PHONE, cabinet, outcome, reminder, violation
from worker.report.document import totals, verdict
from worker.report.page import Reader, page
from worker.report.wording import WORDING
from worker.store import NotJudged

MOSCOW = ZoneInfo("Europe/Moscow")
RU, EN = Reader("ru", MOSCOW), Reader("en", MOSCOW)


def data(html: str) -> dict[str, Any]:
    [held] = re.findall(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)
    read: dict[str, Any] = json.loads(held)
    return read


def test_the_figures_are_those_of_the_json() -> None:
    left = [NotJudged(70, 5, "failed: broke")]
    found = outcome(cabinet([violation(n) for n in range(1200)], not_judged=left, reminders=[reminder(9)]))
    html = page(found, RU)
    shown = dict(re.findall(r'data-figure="(\w+)">([\d\s]+)<', html))
    sums = totals(found)
    assert {name: int(re.sub(r"\s", "", count)) for name, count in shown.items()} == {
        name: sums[name] for name in shown
    }
    assert len(data(html)["rows"]) == sums["violations"] == 1200


def test_it_asks_nobody_for_anything() -> None:
    html = page(outcome(cabinet([violation()]), cabinet(business_id=2)), RU)
    assert not re.search(r"""(?:src|href|action)\s*=|url\(|@import|fetch\(|XMLHttp""", html)
    assert set(re.findall(r"https?://[^\s\"<]+", html)) == {"http://www.w3.org/2000/svg"}
    assert "default-src 'none'" in html


def test_contacts_are_masked_unless_asked_for() -> None:
    found = outcome(cabinet([violation()], reminders=[reminder(9)]))
    assert PHONE not in page(found, RU)
    assert PHONE in page(found, Reader("ru", MOSCOW, unmask=True))


def test_what_the_shop_wrote_is_text_and_no_markup() -> None:
    text = f"</script><script>alert(1)</script>{PHONE}"
    html = page(outcome(cabinet([violation(1, text)], name="<b>Shop</b>")), Reader("ru", MOSCOW, unmask=True))
    assert "alert(1)</script>" not in html
    assert "<b>Shop" not in html
    assert "</script>" in "".join(piece for _, piece in data(html)["rows"][0]["pieces"])


def test_ids_are_text_to_the_script_which_would_round_them() -> None:
    [row] = data(page(outcome(cabinet([violation()])), RU))["rows"]
    assert row["message"] == "9000000000000000001"


def test_both_languages_say_the_same_things() -> None:
    assert WORDING["ru"].keys() == WORDING["en"].keys()
    for name, said in WORDING["ru"].items():
        assert re.findall(r"{\w+}", said) == re.findall(r"{\w+}", WORDING["en"][name])


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (outcome(cabinet()), "All of the shop's messages are judged, no violations"),
        (outcome(cabinet([violation()])), "All of the shop's messages are judged, violations found: 1"),
        (
            outcome(cabinet(not_judged=[NotJudged(70, 5, "failed: broke")], reminders=[reminder(9)])),
            "19 of 20 messages of the shop are judged, no violations, missed of what Market reminded of: 1",
        ),
        (outcome(cabinet(whole=False)), "Not all chats are read yet, no violations"),
    ],
)
def test_the_verdict_is_one_sentence(found: Any, said: str) -> None:
    assert verdict(found, WORDING["en"]) == said
    assert f"<h1>{said}.</h1>".replace("'", "&#39;") in page(found, EN)


def test_a_miss_comes_first_with_the_last_words_before_it() -> None:
    html = page(outcome(cabinet([violation()], reminders=[reminder(9)])), RU)
    assert html.index("Пропущенное") < html.index("По дням")
    assert "Тут 8 912 ***-**-22" in html
