"""Figures are read in any dress, and put together only where nothing of meaning parts them."""

import pytest

from rules import RULES
from rules.numerals import FEWEST_FIGURES, roles, runs
from rules.rule import Rule
from rules.text import Text


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("8 912 345-67-89", "89123456789"),
        ("восемь девятьсот двенадцать триста сорок пять", "8912345"),
        ("восемь 912 три нуля 71", "891200071"),
        ("две тройки, пара единиц, дважды семь, double five", "33117755"),
        ("eight nine one two", "8912"),
        ("nine hundred twelve 34", "91234"),
        ("сорок 4 один 3", "4413"),
        ("девять сотен восемнадцать 555", "918555"),
        ("8 9З5 ООО 4I", "893500041"),
        ("8960555zero191", "89605550191"),
        ("восемь, потом девять, потом 12345", "8912345"),
        ("В-восемь, О-один, 12345", "8112345"),
        ("VIII-IX-IV-III-V-V-V-I-VII-II-II", "89435551722"),
        ("х8х9х5х3х0х0х0х2х9х9х0х", "89530002990"),
        ("тел89530002990", "89530002990"),
        ("djctvm ltdznmcjn ldf 12345", "890212345"),
        ("восимь дивять адин 12345", "89112345"),
        ("devyat'sot dvadtsat' odin 12345", "92112345"),
        ("deviatsot dvadzat` pyat' 12345", "92512345"),
        ("vosemj dewjatjsot tschetyresta sest 12345", "890040612345"),
        ("一三八二零四", "138204"),
        ("восьмёрка, девятьсот одиннадцатый, ещё раз двадцатка", "891120"),
        ("в0семь девятьс0т тpи 12345", "890312345"),
        ("8девятьсот16двести4сорок3", "891620443"),
        ("8девятьсоттринадцать204сорокпять07", "89132044507"),
        ("плюс7девять11двести4зеро18", "7911204018"),
        ("8912345сорок семь89", "89123454789"),
        ("8912345 сорок семь89", "89123454789"),
        ("8девятьсот двенадцать345", "8912345"),
        ("8девятьсот сорок два3 шестьдесят семь9", "89423679"),
        ("8920один204один83", "89201204183"),
        ("8900двенадцать2041837", "89122041837"),
        ("VIII IX I 0 II VII IV IV III I I", "89102744311"),
        ("8 ложек 911 ложек 204 ложек 18 ложек 37", "89112041837"),
        ("8 скобка 912 скобка закрывается 345", "8912345"),
    ],
)
def test_figures_are_read(text: str, digits: str) -> None:
    assert [run.digits for run in Text(text).runs if len(run.digits) > 3] == [digits] or len(digits) == 4


@pytest.mark.parametrize("text", ["8 штук по 912 рублей", "рост 180, вес 75", "да", "12 и 34", "Node.js"])
def test_other_words_part_numbers(text: str) -> None:
    assert not Text(text).runs


def test_a_run_knows_its_groups_and_place() -> None:
    text = Text("тел. 8 (912) 345-67-89!")
    (run,) = text.runs
    assert run.sizes == (1, 3, 3, 2, 2)
    start, end = text.place(run.first, run.last)
    assert text.original[start:end] == "8 (912) 345-67-89"


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_the_first_look_misses_no_number(rule: Rule) -> None:
    for text in (Text(sample.text) for sample in rule.samples):
        longest = max((len(run.digits) for run in runs(text.tokens, text.roles, text.pieces)), default=0)
        assert text.most_figures >= longest or longest < FEWEST_FIGURES


def test_the_first_look_is_at_figures_that_stand_together() -> None:
    assert Text("коробка 40 на 35, вес 12, 3 штуки").most_figures < FEWEST_FIGURES
    assert Text("три нуля, дважды 12").most_figures >= FEWEST_FIGURES


def test_a_token_has_one_role_within_a_number() -> None:
    assert roles(["89", "一", "двадцать", "9з5", "ооо", "о", "раз"]) == "10nnOot"
    assert roles(["-", "(", "потом", "пробел", "нет", "в", "ж", "коробка"]) == "=,,sz,lw"
