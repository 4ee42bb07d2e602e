"""The training: the same weights from the same data, and weights that are no older than the data."""

import pytest

from rules.text import Text
from rules.wording import data, shipped, shipped_marker
from rules.wording.evidence import Place
from rules.wording.features import clauses

pytest.importorskip("sklearn", reason="the extra `train` (scikit-learn) is not installed")

from rules.wording.data import Example
from rules.wording.train import Trainer
from rules.wording.train_evidence import marker

ASK = ("напишите куда вам удобно", "продиктуйте цифры для связи", "черкните куда вас набрать", "где вас найти вечером")
TELL = ("заказ отправим завтра утром", "размер подойдёт, берите", "ткань плотная и мягкая", "коробку сохраните пока")


def small() -> Trainer:
    """A trainer over a few invented messages of three authors."""
    told = [
        Example(
            f"{text} {more}",
            guilty,
            author,
            ((0, len(text)),) if guilty else (),
            ("contact-request",) if guilty else (),
        )
        for author in "xyz"
        for texts, guilty in ((ASK, True), (TELL, False))
        for text in texts
        for more in ("спасибо", "ждём", author)
    ]
    return Trainer([data.read(example) for example in told])


def test_it_learns_to_tell_them_apart() -> None:
    model = small().model()
    asked, told = (
        model.judge(clauses(data.read(Example(text, False, None)).text)).probability
        for text in ("черкните куда вам удобно", "заказ мягкая ткань")
    )
    assert told < 0.3 < 0.7 < asked


def test_the_same_messages_give_the_same_bytes() -> None:
    assert small().model().dumps() == small().model().dumps()


def test_an_author_held_out_changes_the_model_and_its_hash() -> None:
    trainer = small()
    everyone, without = trainer.model(), trainer.model(without=frozenset("x"))
    assert everyone.settings.data != without.settings.data
    assert everyone.dumps() != without.dumps()


def test_what_was_marked_is_marked_again() -> None:
    trainer = small()
    text = Text("черкните куда вам удобно потом спасибо ждём")
    marks = marker(trainer.suspects()).mark(text, [Place(data.LEARNED, 0, 24)])
    assert text.original[slice(*marks[0])].startswith("черкните куда вам удобно")
    assert not text.original[slice(*marks[-1])].endswith("ждём")


def test_the_same_messages_give_the_same_marks() -> None:
    assert marker(small().suspects()).dumps() == marker(small().suspects()).dumps()


def test_every_author_is_held_out_once() -> None:
    groups = small().groups
    assert sorted(author for group in groups for author in group) == ["x", "y", "z"]


@pytest.mark.slow  # minutes of training
def test_the_shipped_weights_are_what_training_gives() -> None:
    found = data.examples()
    settings = shipped().settings
    if (settings.data, settings.rules) != (data.hash_of(found), data.hash_of_rules()):
        pytest.skip("data or rules have changed since: retrain with `python -m rules.wording.train`")
    trainer = Trainer([data.read(example) for example in found])
    assert trainer.model().dumps() == shipped().dumps()
    assert marker(trainer.suspects()).dumps() == shipped_marker().dumps()
