"""The training: the same weights from the same data, and weights that are no older than the data."""

import pytest

from rules.wording import data, shipped
from rules.wording.features import clauses

pytest.importorskip("sklearn", reason="the extra `train` (scikit-learn) is not installed")

from rules.wording.data import Example
from rules.wording.train import Trainer

ASK = ("напишите куда вам удобно", "продиктуйте цифры для связи", "черкните куда вас набрать", "где вас найти вечером")
TELL = ("заказ отправим завтра утром", "размер подойдёт, берите", "ткань плотная и мягкая", "коробку сохраните пока")


def small() -> Trainer:
    """A trainer over a few invented messages of three authors."""
    told = [
        Example(f"{text} {more}", guilty, author, (), ("contact-request",) if guilty else ())
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


@pytest.mark.slow  # a minute of training
def test_the_shipped_weights_are_what_training_gives() -> None:
    found = data.examples()
    settings = shipped().settings
    if (settings.data, settings.rules) != (data.hash_of(found), data.hash_of_rules()):
        pytest.skip("data or rules have changed since: retrain with `python -m rules.wording.train`")
    trainer = Trainer([data.read(example) for example in found])
    assert trainer.model().dumps() == shipped().dumps()
