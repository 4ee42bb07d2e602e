"""Letters are made plain, and every one still knows its place."""

import pytest

from rules.letters import Folded, fold, gaps_between_letters, mended


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


@pytest.mark.parametrize(
    ("apart", "read"),
    [
        ("s h o p . r u", "shop.ru"),
        ("т-е-л-е-г-а", "телега"),
        ("т.е.л.е.г.а", "телега"),
        ("о\nз\nо\nн", "озон"),
        ("m y - s h o p . r u", "my-shop.ru"),
        ("t . m e / s h o p", "t.me/shop"),
        ("h t t p s : / / s h o p . r u", "https://shop.ru"),
        ("s  h  o  p  .  r  u", "shop.ru"),
        ("s|h|o|p|.|r|u", "shop.ru"),
        ("m y-s h o p.r u", "my-shop.ru"),
        ("б/у и т/о", "б/у и т/о"),
        ("в т-е-л-е-г-е", "в телеге"),
        ("8 9 1 2 3 4 5", "8 9 1 2 3 4 5"),
        ("а и б", "а и б"),
    ],
)
def test_letters_set_apart_are_drawn_together(apart: str, read: str) -> None:
    assert mended(Folded.in_place(apart), dict.fromkeys(gaps_between_letters(apart), "")).text == read
