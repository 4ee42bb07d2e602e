"""What the buyer's question lends to the shop's answer: a channel the shop agrees to, an article it only names."""

import re
from collections.abc import Iterator, Sequence

from rules.finding import Category
from rules.message import Message, Part, Told
from rules.phrase import Phrase
from rules.text import Text

_ASKED = Phrase(
    # а в телеге вы есть? можно в вотсап? есть вайбер? телега есть?
    r"<in|via> _1 <messenger|social> | <present> _2 <messenger|social> | <messenger|social> _2 <present>"
    r"| <may|how> _4 <write|writing|call|calling|send|giving|reach> _3 <messenger|social|phone|mail>"
)
_OF_GOODS = Phrase("<feature|refund> | <thing> _2 <with> | <present> _1 <thing>")
_LABEL_ASKED = Phrase("<label|invoice> | <number> <place|refund>")
_ABOUT_CALLS = Phrase("<phone|phone-of|mobile|call|calling|messenger|contact|reach|will-call>")
_YES = re.compile(
    r"\W*(?:да+|конечно|есть|ага|угу|разумеется|естественно|безусловно|можно|давайте|так|"
    r"yes|yeah|yep|sure|of course|ha|иә|evet)(?!\w)[^.!?;\n]*"
)
_REFUSED, _HERE, _THERE = Phrase("<not|banned|exist-not|but|market>"), Phrase("<here>"), Phrase("<there>")
_ANSWERS = 3  # of the shop, to one question
_GOING_ON = frozenset(["а", "все", "дальше", "еще", "и", "как", "ну", "потом", "так", "что", "это"])
_FEWEST_MEASURES = 3


def _asked(messages: Sequence[Message], asked: Phrase, never: Phrase) -> Iterator[tuple[int, Text, bool]]:
    """Yield the shop's messages behind the buyer's last question, and whether it is the first of them."""
    left = 0
    for index, message in enumerate(messages):
        if message.sender == "CUSTOMER":
            question = Text(message.text)
            if "?" in message.text and asked.said(question.line) and not never.said(question.line):
                left = _ANSWERS
            elif "?" in message.text:
                left = 0
        elif message.sender == "PARTNER" and left:
            yield index, Text(message.text), left == _ANSWERS
            left -= 1


def agreed(messages: Sequence[Message]) -> Iterator[Told]:
    """Yield the shop's yes to a buyer who asks for it in a messenger."""
    for index, text, is_first in _asked(messages, _ASKED, _OF_GOODS):
        if is_first and (yes := _YES.match(text.canon)) and not _declines(text.line):
            yield Told([Part(index, *text.origin(*yes.span()))], Category.CONTACT_OFFER)


def _declines(line: str) -> bool:
    """Tell a yes that takes back what was asked: "yes, but only here"."""
    return _REFUSED.said(line) or (_HERE.said(line) and not _THERE.said(line))


def of_labels(messages: Sequence[Message]) -> frozenset[int]:
    """Give the shop's messages whose figures answer a question for an article, a serial or a track."""
    answering = _asked(messages, _LABEL_ASKED, _ABOUT_CALLS)
    return frozenset(index for index, text, _ in answering if not _ABOUT_CALLS.said(text.line))


def one_by_one(messages: Sequence[Message], parts: Sequence[Part]) -> bool:
    """Tell measures, each of which answers a question of its own (``высота?`` ``89`` ``ширина?`` ``120``)."""
    return len(parts) >= _FEWEST_MEASURES and all(_is_asked(messages, part.message) for part in parts)


def _is_asked(messages: Sequence[Message], index: int) -> bool:
    before = messages[index - 1] if index else None
    if before is None or before.sender != "CUSTOMER" or "?" not in before.text:
        return False
    question = Text(before.text)
    content = any(token.isalpha() and token not in _GOING_ON for token in question.tokens)
    return content and not _ABOUT_CALLS.said(question.line)
