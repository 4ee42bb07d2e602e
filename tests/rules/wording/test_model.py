"""The arithmetic of the model."""

import math
from dataclasses import replace
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rules import Category
from rules.text import Text
from rules.wording import WEIGHTS, data, shipped
from rules.wording.features import clauses, features
from rules.wording.model import BUCKETS, Model, Settings
from rules.wording.table import bucket

FLAT = Settings(
    unit=0.5,
    bias=-1.0,
    slope=1.0,
    offset=0.0,
    said=0.0,
    threshold=0.5,
    categories={"": [0.0, 0.1, 0.0, 0.0], "cheap": [0.0, 0.0, 0.0, 2.0]},
    data="",
    rules="",
)
FINE = replace(FLAT, unit=0.01)
WEIGHTS_AT_RANDOM = memoryview(Random(7).randbytes(BUCKETS)).cast("b")
AT_RANDOM = Model(FINE, bytes(WEIGHTS_AT_RANDOM))
SAID = sorted({example.text for example in data.examples()})
TEXT = "Остальное обсудим в другом месте. Заказ уже собран и ждёт."


def model(**weights: int) -> Model:
    table = bytearray(BUCKETS)
    for feature, weight in weights.items():
        table[bucket(feature, BUCKETS)] = weight % 256
    return Model(FLAT, bytes(table))


def test_no_weights_leave_the_bias() -> None:
    assert model().judge(clauses(Text(TEXT))).probability == pytest.approx(1 / (1 + math.exp(2.0)))


def test_a_phrase_that_was_said_adds_to_the_risk() -> None:
    silent, said = (
        Model(replace(FLAT, said=1.5), bytes(BUCKETS)).judge(clauses(Text(TEXT)), said=said).probability
        for said in (False, True)
    )
    assert math.log(said / (1 - said)) - math.log(silent / (1 - silent)) == pytest.approx(1.5)


def test_the_clause_that_weighs_most_is_named() -> None:
    parts = clauses(Text(TEXT))
    assert model(wобсуд=40).judge(parts).clause is parts[0]
    assert model(wсобран=40).judge(parts).clause is parts[1]
    assert model(wобсуд=-40).judge(parts).clause is parts[1]


def test_what_is_said_again_weighs_nothing() -> None:
    once, often = (shipped().judge(clauses(Text("Заказ уже собран и ждёт. " * times))) for times in (1, 160))
    assert often.probability == once.probability


@given(st.one_of(st.text(st.characters(exclude_categories=()), max_size=80), st.sampled_from(SAID)))
@example("Цену ниже назову не здесь, продиктуйте цифры")
@example("\ud800 ёж ok ﷺ日本 a1б2")
def test_it_adds_up_what_the_training_counts(text: str) -> None:
    for clause in clauses(Text(text)):
        found = features(clause)
        total = sum(scale * WEIGHTS_AT_RANDOM[bucket(feature, BUCKETS)] for feature, scale in found)
        mass = sum(scale * scale for _, scale in found)
        whole = FINE.bias + FINE.unit * total / math.sqrt(mass)
        assert AT_RANDOM.judge([clause]).probability == pytest.approx(1 / (1 + math.exp(-2 * whole)))


def test_kinds_of_words_vote_for_the_category() -> None:
    assert model().category(clauses(Text("так дешевле"))[0]) is Category.OFF_PLATFORM
    assert model().category(clauses(Text("ъыъ"))[0]) is Category.CONTACT_OFFER


def test_it_is_written_as_it_was_read() -> None:
    written = shipped().dumps()
    again = Model.loads(written)
    assert again.dumps() == written
    assert again.settings == shipped().settings


def test_the_data_file_is_small() -> None:
    assert len(shipped().dumps()) < 500_000
    assert WEIGHTS.endswith(".bin")
