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
