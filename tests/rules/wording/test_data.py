"""The labelled messages the model learns from."""

from rules.text import Text
from rules.wording import data
from rules.wording.data import Example

FOUND = data.examples()


def test_there_are_messages_of_several_authors_of_both_kinds() -> None:
    authors = {example.author for example in FOUND} - {None}
    assert len(authors) >= 4
    for author in authors:
        assert {example.guilty for example in FOUND if example.author == author} == {True, False}


def test_the_order_is_always_the_same() -> None:
    assert data.examples() == FOUND
    assert data.hash_of(FOUND) == data.hash_of(data.examples())
    assert data.hash_of(FOUND) != data.hash_of(FOUND[1:])


def test_marked_places_lie_inside_the_text() -> None:
    for example in FOUND:
        assert all(0 <= start < end <= len(example.text) for start, end in example.spans)
        assert example.guilty or not example.spans


def test_no_message_is_both_guilty_and_innocent() -> None:
    guilty = {example.text for example in FOUND if example.guilty}
    innocent = {example.text for example in FOUND if not example.guilty}
    assert not {text for text in guilty & innocent if Text(text).tokens}


def test_lessons_have_no_author_to_hold_out() -> None:
    assert any(example.author is None and example.guilty for example in FOUND)


def test_a_reading_knows_what_other_rules_found() -> None:
    phone = data.read(Example("Звоните 8 912 345-67-89", True, None))
    assert phone.flagged
    assert "phone" in phone.text.found
    assert not data.read(Example("Спасибо за заказ", False, None)).flagged
