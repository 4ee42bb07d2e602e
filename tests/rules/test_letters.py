"""Letters are made plain, and every one still knows its place."""

import pytest

from rules.letters import fold


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("ｔｅｌ", "tel"),
        ("т\u200bг", "тг"),
        ("по\u00adчта", "почта"),
        ("й и\u0306 е\u0308", "й й е"),
        ("télégram", "telegram"),
        ("8️⃣9️⃣", "89"),
        ("⑧❾⓪", "890"),
        ("⁸⁹", "89"),
        ("٣٤", "34"),
        ("🆃🅶", "tg"),
        ("𝐓𝐆", "tg"),
        ("ᴛɢ", "tg"),
        ("«тг»…", "«тг»..."),
        ("shop&#46;ru", "shop.ru"),
        ("shop%2Eru%2Fa", "shop.ru/a"),
        ("Сделано.🇷🇺", "сделано. "),
        ("🇹🇬🇹", "tgt"),
    ],
)
def test_disguises_of_single_letters_are_undone(written: str, plain: str) -> None:
    folded = fold(written)
    assert folded is not None
    assert folded.text == plain


def test_an_ordinary_text_needs_no_folding() -> None:
    assert fold("Здравствуйте! Заказ № 12 собран — отправим «завтра».") is None


def test_every_character_knows_its_place() -> None:
    written = "а 8️⃣\u200b9 &#46;"
    folded = fold(written)
    assert folded is not None
    places = {folded.text[at]: written[folded.starts[at] : folded.ends[at]] for at in range(len(folded.text))}
    assert places == {"а": "а", " ": " ", "8": "8️⃣", "9": "9", ".": "&#46;"}


def test_a_character_that_means_several_moves_those_behind() -> None:
    folded = fold("Ⅷ и\u0306…а\u200b")
    assert folded is not None
    assert folded.text == "viii й...а"
    assert folded.starts == [0, 0, 0, 0, 1, 2, 4, 4, 4, 5]
    assert folded.ends == [1, 1, 1, 1, 2, 4, 5, 5, 5, 6]


def test_ligatures_too_many_are_their_first_letter() -> None:
    folded = fold("ﷺ" * 1000)
    assert folded is not None
    assert len(folded.text) == len(folded.starts) == len(folded.ends) < 2000
    assert folded.starts[-1] == 999
