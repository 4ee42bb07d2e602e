"""The learned rule: where it points, what it leaves to others, and that no text confuses it."""

import math
from dataclasses import replace
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import RULES, Category, Finding, Severity, check, score
from rules.rule import Hit
from rules.text import Text
from rules.wording import RULE, judge, learned, review, shipped, shipped_marker
from rules.wording.evidence import Place
from rules.wording.model import BUCKETS, Model

HINT = "Остальные вопросы обсудим не здесь"


def hits(text: str) -> list[Hit]:
    return list(judge(Text(text), shipped()))


def test_it_is_one_of_the_rules_and_comes_last() -> None:
    assert list(RULES)[-1] == RULE.id == "wording"


def test_it_marks_the_guilty_clause_without_the_marks_around_it() -> None:
    text = f"Здравствуйте, заказ уже собран! {HINT}. Чехол положим в подарок."
    (hit,) = hits(text)
    assert text[hit.start : hit.end] == HINT


def test_it_marks_the_original_through_a_disguise() -> None:
    text = HINT.replace("о", "o").replace("не", "н\u200bе")
    (hit,) = hits(text)
    assert text[hit.start : hit.end] == text


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Продиктуйте, куда вас набрать специалисту", Category.CONTACT_REQUEST),
        ("Сделаем дешевле в обход площадки, без комиссии", Category.OFF_PLATFORM),
    ],
)
def test_it_tells_the_category(text: str, category: Category) -> None:
    (hit,) = hits(text)
    assert hit.category is category


def test_it_flags_only_above_its_threshold() -> None:
    for text in (HINT, "Комиссия площадки выросла", "Пришлите размеры", "Встретимся у вас на складе"):
        for hit in hits(text):
            sure = (hit.confidence or 0) >= shipped().settings.threshold
            assert hit.severity is (Severity.VIOLATION if sure else Severity.SIGN)


def test_it_ranks_what_no_rule_flags() -> None:
    innocent, doubtful, guilty = (
        score(check(text)) for text in ("Заказ отправим завтра утром", "Заходите ещё, подскажем", HINT)
    )
    assert innocent <= doubtful < guilty


@pytest.mark.parametrize(
    "text",
    ["Спасибо за заказ!", "Батарейки в комплект не входят", "Да", "Размер 48, рост 176", "Добрый день, в наличии"],
)
def test_it_lists_nothing_for_everyday_talk(text: str) -> None:
    assert hits(text) == []


def opinion(text: str, probability: float) -> list[Finding]:
    """Findings where the learned rule gives every text the same probability, whatever phrase is said in it."""
    settings = replace(shipped().settings, slope=0.0, said=0.0, offset=math.log(probability / (1 - probability)))
    model = Model(settings, bytes(BUCKETS))
    rule = learned(lambda: model, shipped_marker)
    with patch("rules.RULES", {**RULES, RULE.id: rule}):
        return check(text)


def test_a_phrase_that_it_doubts_is_only_a_sign() -> None:
    (doubted,) = opinion("Подскажите ваш номер телефона", 0.1)
    assert (doubted.rule, doubted.severity, doubted.confidence) == ("contact-request", Severity.SIGN, 0.1)


def test_a_phrase_that_it_believes_is_a_violation() -> None:
    (believed,) = opinion("Подскажите ваш номер телефона", 0.99)
    assert (believed.rule, believed.severity, believed.confidence) == ("contact-request", Severity.VIOLATION, 0.99)


def test_it_does_not_doubt_what_is_told_by_its_form_nor_what_is_said_beside_it() -> None:
    found = opinion("Звоните нам: 8 912 345-67-89", 0.1)
    assert {finding.rule for finding in found} == {"phone", "call-or-write"}
    assert {finding.severity for finding in found} == {Severity.VIOLATION}


def test_what_was_said_reaches_as_far_as_a_moderator_would_mark() -> None:
    text = Text("Здравствуйте! Подскажите ваш номер телефона, пожалуйста. Спасибо")
    hit = Hit(29, 34)
    marker = shipped_marker()
    ((_, placed),) = review(text, [(RULES["contact-request"], hit)], shipped(), marker)
    assert (placed.start, placed.end) in marker.mark(text, [Place("contact-request", hit.start, hit.end)])
    assert placed.start <= hit.start < hit.end <= placed.end


def test_a_number_stays_where_it_is() -> None:
    text = "Пишите в любое время на 8 912 345-67-89, Ольга"
    (phone,) = [finding for finding in check(text) if finding.rule == "phone"]
    assert phone.evidence == "8 912 345-67-89"


def test_it_adds_nothing_where_another_rule_is_sure() -> None:
    findings = check(f"{HINT}, звоните 8 912 345-67-89")
    assert findings
    assert "wording" not in {finding.rule for finding in findings}


def test_it_speaks_where_another_rule_only_has_a_sign() -> None:
    text = Text(HINT)
    text.note("off-platform", [])
    assert list(judge(text, shipped())) == hits(HINT)


@pytest.mark.parametrize("text", ["", " \n\n", "...", "?!", "🙂🙂", "\u200b"])
def test_it_says_nothing_of_no_words(text: str) -> None:
    assert hits(text) == []


@given(st.text(st.characters(exclude_categories=()), max_size=300))
@settings(deadline=None)
def test_any_text_is_judged(text: str) -> None:
    found = hits(text)
    assert len(found) <= 1
    assert all(0 <= hit.start < hit.end <= len(text) and 0 < (hit.confidence or 0) <= 1 for hit in found)
    assert hits(text) == found


def test_marks_hide_no_hint_but_a_jumble_of_characters_says_nothing() -> None:
    jumble = " ".join(chr(letter) for letter in range(0x4E00, 0x4E00 + 1300))
    assert hits(HINT + " " + "." * 1300)
    assert not hits(f"{HINT}. {jumble}")
