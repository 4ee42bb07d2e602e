"""What no list of words says: a linear model that has learned how requests and moves elsewhere are worded."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from rules.finding import Category, Severity
from rules.rule import Hit, Rule, Words
from rules.text import Text
from rules.wording.features import Clause, clauses
from rules.wording.model import Model

WEIGHTS = "weights.bin"

_LEAST = 0.02
"""The probability below which nothing is said."""


@cache
def shipped() -> Model:
    """Read the weights that come with the package, once a process."""
    return Model.loads(files(__package__).joinpath(WEIGHTS).read_bytes())


def judge(text: Text, model: Model) -> Iterator[Hit]:
    """Yield at most one hit where no rule has spoken: a violation if the model is sure, else a sign of one."""
    if text.found or not any(map(str.isalnum, text.tokens)):
        return
    probability, clause = model.judge(clauses(text))
    if probability < _LEAST:
        return
    sure = probability >= model.settings.threshold
    severity = Severity.VIOLATION if sure else Severity.SIGN
    yield Hit(*_place(text, clause), round(probability, 4), severity, model.category(clause))


def _place(text: Text, clause: Clause) -> tuple[int, int]:
    """Lead a clause back to the original, without the marks around it."""
    words = [at for at in range(clause.first, clause.last) if text.tokens[at].isalnum()]
    return text.place(words[0], words[-1] + 1) if words else text.place(clause.first, clause.last)


def _find(text: Text) -> Iterator[Hit]:
    return judge(text, shipped())


RULE = Rule(
    id="wording",
    category=Category.CONTACT_REQUEST,
    summary=Words(
        "Просьба о контакте или увод с Маркета иными словами", "Asking for a contact or leading away in other words"
    ),
    policy="Не запрашивайте у покупателей контакты, не присылайте ссылки на другие сайты",
    reason=Words(
        "Так обычно просят контакт, дают свой или уводят покупателя с Маркета.",
        "This is how shops ask for a contact, give their own or lead a buyer away from Market.",
    ),
    hint=Words(
        "Напишите прямо о заказе и пригласите продолжить в этом чате.",
        "Write plainly of the order and invite them to go on in this chat.",
    ),
    confidence=0.8,
    stage=2,
    find=_find,
)
