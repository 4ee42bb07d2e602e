import pytest

from worker.masking import mask


@pytest.mark.parametrize(
    ("evidence", "masked"),
    [
        ("+7 912 345-67-89", "+7 912 ***-**-89"),
        ("8(912)345 67 89", "8(912)*** ** 89"),
        ("89123456789", "8912*****89"),
        ("٨٩١٢٣٤٥٦٧٨٩", "٨٩١٢*****٨٩"),
        ("⑧⑨①②③④⑤⑥⑦⑧⑨", "⑧⑨①②*****⑧⑨"),
        ("65-43-21", "65-4*-21"),
        ("12345", "12*45"),
        ("shop@example.ru", "s***@ex*****.r*"),
        ("@shop_name", "@s***_n***"),
        ("https://t.me/shop", "ht***://t.m*/s***"),
        ("https://example.ru/89123456789", "ht***://ex*****.r*/8********8*"),
    ],
)
def test_what_could_be_dialled_or_opened_is_hidden(evidence: str, masked: str) -> None:
    assert mask(evidence, gives_contact=False) == masked


@pytest.mark.parametrize("evidence", ["напишите ваш номер", "дом 12, кв. 345", "заказ 1234"])
def test_what_is_no_contact_stays_as_it_is(evidence: str) -> None:
    assert mask(evidence, gives_contact=False) == evidence


@pytest.mark.parametrize(
    ("evidence", "masked"),
    [
        ("восемь девятьсот двенадцать", "во**** де******* дв********"),
        ("shop точка ру", "s*** точка ру"),
        ("12 34", "1* 3*"),
    ],
)
def test_a_contact_in_words_is_hidden_word_by_word(evidence: str, masked: str) -> None:
    assert mask(evidence, gives_contact=True) == masked


@pytest.mark.parametrize("evidence", ["8 912 345 67 89", "пишите на shop@example.ru", "+375 29 123 45 67 доб. 12"])
def test_masking_shows_at_most_six_digits_and_keeps_the_length(evidence: str) -> None:
    masked = mask(evidence, gives_contact=True)
    number = masked.partition("доб")[0]
    assert len(masked) == len(evidence)
    assert "*" in masked
    assert sum(character.isdigit() for character in number) <= 6


def test_masking_masked_evidence_again_shows_no_more() -> None:
    once = mask("+7 912 345-67-89", gives_contact=True)
    assert mask(once, gives_contact=True).count("*") >= once.count("*")


def test_a_hostile_evidence_is_masked_at_once() -> None:
    for character in "1.@/-":
        assert len(mask(character * 4096, gives_contact=True)) == 4096


@pytest.mark.parametrize(
    ("evidence", "masked"),
    [
        ("加我微信 wx_chaye_2026", "加我微信 wx***********"),
        ("пишите в telegram ivanov", "пишите в telegram iv****"),
        ("we're on Telegram as ivanov_88", "we're on Telegram as iv*******"),
        ("звоните восемь девятьсот двенадцать три", "звоните во**** де******* дв******** т**"),
        ("зайдите на ромашка точка ру", "зайдите на ро***** точка ру"),
    ],
)
def test_a_name_a_spelt_number_and_a_spelt_domain_are_hidden_whatever_the_rule(evidence: str, masked: str) -> None:
    assert mask(evidence, gives_contact=False) == masked


@pytest.mark.parametrize(
    "evidence",
    ["Напишите ваш номер телефона", "Пишите в вотсап", "We're on WhatsApp, same store name", "у нас на Ozon дешевле"],
)
def test_words_that_lead_to_nobody_stay_readable(evidence: str) -> None:
    assert mask(evidence, gives_contact=False) == evidence
