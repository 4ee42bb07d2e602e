"""Words torn apart are put together, and every letter still knows its place."""

import pytest

from rules.letters import Folded
from rules.text import Text
from rules.torn import put_together
from rules.words import lexicon


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
        ("s.h.o.p.r.u", "shop.ru"),
        ("s / h / o / p / . / r / u", "shop.ru"),
        ("s . h . o . p . r . u", "shop.ru"),
        ("k o v r y _ d o m", "kovry_dom"),
        ("t w o  s i x, н а п и ш и  м н е", "two six, напиши мне"),
        ("в  т  е  л  е  г  е", "в телеге"),
        ("мы в т е л е г р а м е", "мы в телеграме"),
        ("i-v-v-i-x", "i-v-v-i-x"),
        ("б/у и т/о", "б/у и т/о"),
        ("в т-е-л-е-г-е", "в телеге"),
        ("8 9 1 2 3 4 5", "8 9 1 2 3 4 5"),
        ("а и б", "а и б"),
    ],
)
def test_letters_set_apart_are_drawn_together(apart: str, read: str) -> None:
    assert put_together(Folded.in_place(apart)).text == read


@pytest.mark.parametrize(
    ("parted", "read"),
    [
        ("те-ле-фон и те-ле-фон", "телефон и телефон"),
        ("скиньте те.ле.фон.", "скиньте телефон."),
        ("во.семь де*вять", "восемь девять"),
        ("т / е / л / е / ф / о / н", "телефон"),
        ("теле_грамм", "телеграмм"),
        ("т*леграм", "телеграм"),
        ("те|ле|фон, девя+ть", "телефон, девять"),
        ("одиннад-цатый", "одиннадцатый"),
        ("инста-рамка", "инста-рамка"),
        ("whats_app_image.jpg", "whats_app_image.jpg"),
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


@pytest.mark.parametrize(
    ("torn", "pieces"),
    [
        ("пишите в вай б е р", [2, 3, 4, 5]),
        ("теле-грам", [0, 1, 2]),
        ("вайлд берриз", [0, 1]),
        ("теле звезда", []),
    ],
)
def test_each_piece_of_a_name_bears_its_sign(torn: str, pieces: list[int]) -> None:
    text = Text(torn)
    assert text.canon == torn
    assert [at for at, sign in enumerate(text.line) if sign in lexicon().split_signs] == pieces
