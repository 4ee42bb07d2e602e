"""What is learned from labelled messages, and no list of words says.

How requests and moves elsewhere are worded, which of the other rules' phrases to doubt, how far evidence reaches.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from operator import itemgetter

from rules.finding import Category, Severity
from rules.rule import FORM, SPEECH, WEIGHING, Found, Hit, Rule, Words, is_sure
from rules.text import Text
from rules.wording.evidence import LEARNED, Marker, Place
from rules.wording.features import Clause, clauses
from rules.wording.model import Model

WEIGHTS = "weights.bin"
EVIDENCE = "evidence.bin"

_LEAST = 0.02
"""The probability below which nothing is said."""
_MOST_WORDS = 1200
"""Tokens of a text of as many letters as Market allows; where there are more, they are no words to underline, and where
as many differ, none that say anything."""
_START, _END = map(itemgetter, range(2))
_LEAST_SHARE = 0.2
"""How much of a hit must be marked: of less nobody would understand what is wrong with it."""


@cache
def shipped() -> Model:
    """Read the weights that come with the package, once a process."""
    return Model.loads(files(__package__).joinpath(WEIGHTS).read_bytes())


@cache
def shipped_marker() -> Marker:
    """Read how far evidence reaches, as it comes with the package, once a process."""
    return Marker.loads(files(__package__).joinpath(EVIDENCE).read_bytes())


def judge(text: Text, model: Model) -> Iterator[Hit]:
    """Yield at most one hit where no rule has spoken: a violation if the model is sure, else a sign of one."""
    if text.found or not _is_worded(text):
        return
    probability, clause = model.judge(clauses(text))
    if probability < _LEAST:
        return
    sure = probability >= model.settings.threshold
    severity = Severity.VIOLATION if sure else Severity.SIGN
    yield Hit(*place_of(text, clause), round(probability, 4), severity, model.category(clause))


def _is_worded(text: Text) -> bool:
    """Tell words from marks alone and from a jumble of characters, each a token that nobody has seen."""
    jumbled = len(text.tokens) > _MOST_WORDS and len({*text.tokens}) > _MOST_WORDS
    return not jumbled and any(map(str.isalnum, text.tokens))


def place_of(text: Text, clause: Clause) -> tuple[int, int]:
    """Lead a clause back to the original, without the marks around it."""
    words = [at for at in range(clause.first, clause.last) if text.tokens[at].isalnum()]
    return text.place(words[0], words[-1] + 1) if words else text.place(clause.first, clause.last)


def review(text: Text, found: Sequence[Found], model: Model, marker: Marker) -> list[Found]:
    """Doubt the phrases that the model doubts, and let what was said reach as far as a moderator would underline.

    What is told by its form, a number or an address, is not doubted, nor what is said beside it.
    """
    by_form = any(rule.stage == FORM and is_sure(rule, hit) for rule, hit in found)
    said = not by_form and any(rule.stage == SPEECH and is_sure(rule, hit) for rule, hit in found)
    if said and _is_worded(text):
        found = _doubted(text, found, model)
    # A number or an address stays what it is: by it a cabinet's allowances know it.
    movable = _places(found, by_form=False)
    if not movable or len(text.line) > _MOST_WORDS or not any(is_sure(rule, hit) for rule, hit in found):
        return [*found]
    marked = marker.mark(text, movable, _places(found, by_form=True))
    return [(rule, _reaching(hit, marked)) if rule.stage != FORM else (rule, hit) for rule, hit in found]


def _places(found: Sequence[Found], *, by_form: bool) -> list[Place]:
    return [Place(rule.id, hit.start, hit.end) for rule, hit in found if (rule.stage == FORM) is by_form]


def _doubted(text: Text, found: Sequence[Found], model: Model) -> list[Found]:
    probability = model.judge(clauses(text), said=True).probability
    sure = probability >= model.settings.threshold
    return [(rule, _weighed(hit, probability, sure)) if is_sure(rule, hit) else (rule, hit) for rule, hit in found]


def _weighed(hit: Hit, probability: float, sure: bool) -> Hit:
    return hit._replace(confidence=round(probability, 4), severity=hit.severity if sure else Severity.SIGN)


def _reaching(hit: Hit, marked: Sequence[tuple[int, int]]) -> Hit:
    """Move a hit to the marked stretch that it shares most with, if there is one; they are marked in order, apart."""
    first, last = bisect_right(marked, hit.start, key=_END), bisect_left(marked, hit.end, key=_START)
    shared, start, end = max(
        ((min(hit.end, end) - max(hit.start, start), start, end) for start, end in marked[first:last]),
        default=(0, 0, 0),
    )
    believed = shared > 0 and end - start >= _LEAST_SHARE * (hit.end - hit.start)
    return hit._replace(start=start, end=end) if believed else hit


def learned(model: Callable[[], Model], marker: Callable[[], Marker]) -> Rule:
    """Make a rule of what was learned; both are asked for when they are first needed."""
    return Rule(
        id=LEARNED,
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
        stage=WEIGHING,
        find=lambda text: judge(text, model()),
        review=lambda text, found: review(text, found, model(), marker()),
    )


RULE = learned(shipped, shipped_marker)
