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
    """Yield at most one hit: a violation where the model is sure and no rule has spoken, else a sign of one."""
    parts = clauses(text)
    if not parts:
        return
    probability, clause = model.judge(parts)
    if probability < _LEAST:
        return
    sure = probability >= model.settings.threshold and not text.found
    yield Hit(
        *_place(text, clause),
        round(probability, 4),
        Severity.VIOLATION if sure else Severity.SIGN,
        model.category(clause),
    )


def _place(text: Text, clause: Clause) -> tuple[int, int]:
    """Place a hit where another rule found something, so that both mark the same words; else on the clause."""
    found = sorted(place for places in text.found.values() for place in places)
    if found:
        return found[0]
    first, last = clause.first, clause.last
    while last - first > 1 and not text.tokens[last - 1].isalnum():
        last -= 1
    while last - first > 1 and text.tokens[first] in "\n,.-":
        first += 1
    return text.place(first, last)


def _find(text: Text) -> Iterator[Hit]:
    return judge(text, shipped())


RULE = Rule(
    id="wording",
    category=Category.CONTACT_REQUEST,
    summary=Words("Просьба о контакте или увод с Маркета иными словами", "Asking for a contact or leading away in other words"),
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
