"""How far the evidence of a guilty message reaches."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.text import Text
from rules.wording import shipped_marker
from rules.wording.evidence import BUCKETS, Marker, Place, Settings, features
from rules.wording.features import WORDS
from rules.wording.table import bucket

FLAT = Settings(unit=1.0, bias=-1.5, data="", rules="")
TEXT = "Добрый день! Наберите меня вечером, телефон на коробке. Спасибо"


def marker(*features: str, weight: int = 8) -> Marker:
    """A marker to which these features say guilty, and all others nothing."""
    table = bytearray(BUCKETS)
    for feature in features:
        table[bucket(feature, BUCKETS)] = weight
    return Marker(FLAT, bytes(table))


def marked(text: str, by: Marker, *places: Place) -> list[str]:
    return [text[start:end] for start, end in by.mark(Text(text), places)]


def test_it_marks_the_words_that_weigh() -> None:
    assert marked(TEXT, marker("r0 phone"), Place("phone", 13, 26)) == ["Наберите меня"]


def test_guilty_words_near_each_other_are_one_stretch() -> None:
    places = Place("phone", 13, 21), Place("phone", 27, 34)
    assert marked(TEXT, marker("r0 phone"), *places) == ["Наберите меня вечером"]


def test_one_word_that_weighs_little_is_not_worth_its_borders() -> None:
    within, at_marks = Place("phone", TEXT.index("меня"), TEXT.index("меня") + 4), Place("phone", 56, 63)
    assert TEXT[56:63] == "Спасибо"
    assert marked(TEXT, marker("r0 phone", weight=3), within) == []
    assert marked(TEXT, marker("r0 phone", weight=3), at_marks) == ["Спасибо"]


def test_guilty_words_far_from_each_other_are_two() -> None:
    places = Place("phone", 0, 6), Place("phone", TEXT.index("коробке"), TEXT.index("коробке") + 7)
    assert marked(TEXT, marker("r0 phone"), *places) == ["Добрый", "коробке"]


def test_marks_around_the_words_are_left_out() -> None:
    places = (Place("phone", TEXT.index("вечером"), TEXT.index(" телефон")),)
    assert marked(TEXT, marker("r0 phone"), *places) == ["вечером"]


def test_nothing_guilty_marks_nothing() -> None:
    assert marked(TEXT, marker()) == []


def test_it_marks_the_original_through_a_disguise() -> None:
    text = "наберите м\u200bеня"
    assert marked(text, marker("r0 phone"), Place("phone", 0, len(text))) == [text]


@pytest.mark.parametrize(
    ("feature", "words"),
    [
        ("since 1", 1),
        ("until 1", 1),
        ("begin 0", 1),
        ("end 0", 1),
        ("clause True", 12),
        ("part [False, True, False] True", 2),
        ("n-1 ^", 1),
        ("r1 phone", 2),
    ],
)
def test_each_word_knows_how_it_lies(feature: str, words: int) -> None:
    found = list(features(Text(TEXT), [Place("phone", 13, 26)]))
    assert sum(feature in told for told in found) == words


@pytest.mark.parametrize(
    ("step", "words"), [(-2, "вечером"), (-1, "меня"), (0, "Наберите"), (1, "!"), (2, "Добрый день")]
)
def test_a_word_tells_of_those_around_it_what_the_training_counts(step: int, words: str) -> None:
    told = f"w{step} {WORDS['наберите', 'w'].stem}"
    assert sum(told in found for found in features(Text(TEXT), [])) == 1
    assert marked(TEXT, marker(told), Place("phone", 13, 21)) == [words]


def test_it_is_written_as_it_was_read() -> None:
    written = shipped_marker().dumps()
    assert Marker.loads(written).dumps() == written
    assert len(written) < 100_000


@given(st.text(st.characters(exclude_categories=()), max_size=200), st.integers(0, 200), st.integers(0, 200))
@settings(deadline=None)
def test_any_text_is_marked(text: str, start: int, end: int) -> None:
    places = [Place("phone", *sorted((start, end)))]
    stretches = shipped_marker().mark(Text(text), places)
    assert all(0 <= first < last <= len(text) for first, last in stretches)


FILLER = "Заказ собран и ждёт, завтра отправим. "


@pytest.mark.parametrize("times", [5, 50])
def test_what_lies_far_from_what_was_found_changes_nothing(times: int) -> None:
    said, filler = "Подскажите ваш номер телефона, пожалуйста. ", FILLER * times
    text = filler + said + filler + said + filler
    first, second = len(filler), 2 * len(filler) + len(said)
    places = [Place("contact-request", at + 11, at + 29) for at in (first, second)]
    assert marked(text, shipped_marker(), *places) == ["Подскажите ваш номер телефона"] * 2


def test_only_what_lies_near_what_was_found_is_looked_at() -> None:
    text = "звоните " * 400
    ((first, last),) = marker("size 1 6").mark(Text(text), [Place("phone", 1600, 1607)])
    assert 0 < first < 1600 < last < len(text)


def test_what_stays_as_it_is_is_told_of_but_not_looked_at() -> None:
    text, said, phone = Text("звоните " * 400), Place("call-or-write", 0, 7), Place("phone", 1600, 1607)
    by = marker("r0 phone", "r0 call-or-write")
    assert by.mark(text, [said], [phone]) == [(0, 7)]
    assert by.mark(text, [phone], [said]) == [(1600, 1607)]


def test_a_long_text_is_looked_at_as_a_whole_where_something_is_found_all_over() -> None:
    text = "звоните " * 200
    everywhere = [Place("phone", at, at + 7) for at in range(0, len(text), 80)]
    assert marked(text, marker(*(f"since {far}" for far in range(10))), *everywhere) == [text.strip()]


def test_a_place_too_long_to_be_underlined_is_left_as_it_is() -> None:
    short, long = "звоните " * 200, "звоните " * 201
    by = marker("r0 phone")
    assert marked(short, by, Place("phone", 0, len(short))) == [short.strip()]
    assert marked(long, by, Place("phone", 0, len(long))) == []
