"""The first look at a word: it lets every disguise through and stops most of what nobody has seen."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.spelling import in_latin, keyboard
from rules.words import in_disguise, lexicon

RUSSIAN, ENGLISH = "абвгдежзийклмнопрстуфхцчшщъыьэюя", "abcdefghijklmnopqrstuvwxyz"
WORDS = st.sampled_from(sorted({*lexicon().exact, *lexicon().numbers}))


@st.composite
def doubled(draw: st.DrawFn) -> str:
    word = draw(WORDS)
    at = draw(st.integers(0, len(word) - 1))
    return word[:at] + word[at] + word[at:]


@st.composite
def swapped(draw: st.DrawFn) -> str:
    word = draw(WORDS.filter(lambda word: len(word) > 3))
    at = draw(st.integers(1, len(word) - 3))
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


DISGUISED = st.one_of(
    st.text(RUSSIAN, min_size=2, max_size=8),
    st.text(ENGLISH, min_size=2, max_size=8),
    WORDS.map(keyboard),
    WORDS.map(lambda word: word[::-1]),
    WORDS.map(lambda word: "в" + word),
    st.tuples(WORDS, st.text(max_size=2)).map("".join),
    st.text(st.characters(min_codepoint=0x61), min_size=2, max_size=8),
    WORDS.map(lambda word: next(in_latin(word))),
    doubled(),
    swapped(),
)


@given(DISGUISED)
def test_it_misses_no_disguise(word: str) -> None:
    assert lexicon().first_look.may_be_known(word) or in_disguise(word) is None


@pytest.mark.parametrize("letters", [RUSSIAN, ENGLISH])
def test_it_stops_most_words_that_nobody_has_seen(letters: str) -> None:
    chance = Random(7)
    unseen = ["".join(chance.choices(letters, k=5)) for _ in range(2000)]
    assert sum(map(lexicon().first_look.may_be_known, unseen)) < len(unseen) / 2
