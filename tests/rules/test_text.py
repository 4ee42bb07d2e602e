"""A text leads from its words to the places they stand at, and back."""

import pytest

from rules.text import Text


@pytest.mark.parametrize(
    ("original", "touching", "words"),
    [
        ("дайте ваш номер", (0, 15), ["дайте", "ваш", "номер"]),
        ("дайте ваш номер", (6, 9), ["ваш"]),
        ("дайте ваш номер", (4, 7), ["дайте", "ваш"]),
        ("дайте ваш номер", (5, 6), []),
        ("да\u0301йте н\u00adомер", (7, 9), ["номер"]),
        ("т е л е ф о н и почта", (2, 9), ["телефони"]),
    ],
)
def test_it_tells_the_words_that_a_place_touches(original: str, touching: tuple[int, int], words: list[str]) -> None:
    text = Text(original)
    touched = text.touched(*touching)
    assert [text.tokens[at] for at in touched] == words
    assert not touched or text.place(touched.start, touched.stop)[0] <= touching[1]


@pytest.mark.parametrize(
    ("parted", "read"),
    [
        ("те-ле-фон и те-ле-фон", "телефон и телефон"),
        ("скиньте те.ле.фон.", "скиньте телефон."),
        ("во.семь де*вять", "восемь девять"),
        ("т / е / л / е / ф / о / н", "телефон"),
        ("теле_грамм", "телеграмм"),
        ("т*леграм", "телеграм"),
        ("на Оз_не", "на озоне"),
        ("мини_дрель, бл*ха", "мини_дрель, бл*ха"),
        ("г.Москва, ул.Ленина", "г.москва, ул.ленина"),
        ("vk.com", "vk.com"),
        ("и/или, по-моему", "и/или, по-моему"),
    ],
)
def test_marks_within_a_word_of_contacts_or_figures_are_left_out(parted: str, read: str) -> None:
    text = Text(parted)
    assert text.canon == read
    assert text.place(0, len(text.tokens)) == (0, len(parted))
