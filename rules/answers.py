"""What the buyer's question lends to the shop's answer: a channel the shop agrees to, an article it only names."""

import re
from collections.abc import Iterator, Sequence

from rules.finding import Category
from rules.message import Part, Said, Told
from rules.phrase import Phrase

_ASKED = Phrase(
    # а в телеге вы есть? можно в вотсап? есть вайбер? телега есть?
    r"<you|may|present|write|writing|send|giving|reach> _4 <in|via> _1 <messenger|social>"
    r"| <in|via> _1 <messenger|social> _4 <you|may|present|write|writing|send|giving|reach>"
    r"| <present> _2 <messenger|social> (?= [?.,!] | <by> <you> | $ ) | <messenger|social> _2 <present>"
    r"| <may|how> _4 <write|writing|call|calling|send|giving|reach> _3 <messenger|social|phone|mail>"
)
_OF_GOODS = Phrase("<feature|refund|app|bought|reported> | <thing> _2 <with> | <present> _1 <thing>")
_LABEL_ASKED = Phrase("<label|invoice> | <number> <place|refund>")
_ABOUT_CALLS = Phrase("<phone|phone-of|mobile|call|calling|messenger|contact|reach|will-call>")
_YES = re.compile(
    r"\W*(?:да+|конечно|есть|ага|угу|разумеется|естественно|безусловно|работает|пользуемся|можно|давайте|так|"
    r"yes|yeah|yep|sure|of course|ha|иә|evet)(?!\w)[^.!?;\n]*"
)
_REFUSED, _HERE, _THERE = Phrase("<not|banned|exist-not|but|market|pay>"), Phrase("<here>"), Phrase("<there>")
_ANSWERS = 3  # of the shop, to one question
_GOING_ON = frozenset(["а", "все", "дальше", "еще", "и", "как", "ну", "потом", "так", "что", "это"])
_FEWEST_MEASURES = 3


def _asked(chat: Sequence[Said], asked: Phrase, never: Phrase) -> Iterator[tuple[Said, bool]]:
    """Yield the shop's messages behind the buyer's last question, and whether it is the first of them."""
    left = 0
    for said in chat:
        if said.sender == "CUSTOMER" and "?" in said.text.canon:
            line = said.text.line
            left = _ANSWERS if asked.said(line) and not never.said(line) else 0
        elif said.sender == "PARTNER" and left:
            yield said, left == _ANSWERS
            left -= 1


def agreed(chat: Sequence[Said]) -> Iterator[Told]:
    """Yield the shop's yes to a buyer who asks for it in a messenger."""
    for said, is_first in _asked(chat, _ASKED, _OF_GOODS):
        text = said.text
        if is_first and (yes := _YES.match(text.canon)) and not _declines(text.line):
            yield Told([Part(said.at, *text.origin(*yes.span()))], Category.CONTACT_OFFER)


def _declines(line: str) -> bool:
    """Tell a yes that takes back what was asked: "yes, but only here"."""
    return _REFUSED.said(line) or (_HERE.said(line) and not _THERE.said(line))


def of_labels(chat: Sequence[Said]) -> frozenset[int]:
    """Give the shop's messages whose figures answer a question for an article, a serial or a track."""
    answering = _asked(chat, _LABEL_ASKED, _ABOUT_CALLS)
    return frozenset(said.at for said, _ in answering if not _ABOUT_CALLS.said(said.text.line))


def one_by_one(chat: Sequence[Said], parts: Sequence[Part]) -> bool:
    """Tell measures, each of which answers a question of its own (``высота?`` ``89`` ``ширина?`` ``120``)."""
    return len(parts) >= _FEWEST_MEASURES and all(_is_asked(chat, part.message) for part in parts)


def _is_asked(chat: Sequence[Said], index: int) -> bool:
    before = chat[index - 1] if index else None
    if before is None or before.sender != "CUSTOMER" or "?" not in before.text.canon:
        return False
    content = any(token.isalpha() and token not in _GOING_ON for token in before.text.tokens)
    return content and not _ABOUT_CALLS.said(before.text.line)
