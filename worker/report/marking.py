"""A message of the shop as the report shows it: the evidence marked, contacts masked wherever they stand."""

from collections.abc import Sequence
from itertools import pairwise

import rules
from worker.masking import CONTACT_RULES, mask
from worker.store import JudgedMessage, Violation


def marked(violation: Violation, all_of_message: Sequence[Violation], *, unmask: bool) -> list[tuple[bool, str]]:
    """Return a violation's message in pieces, each with whether it is the evidence.

    `all_of_message` are all violations in the same message: what is a contact by another rule is masked here too. A
    text that is no longer kept leaves the evidence alone.
    """
    if violation.text is None:
        return [(True, _piece(violation.evidence, violation.rule in CONTACT_RULES, unmask))]
    text = rules.Message(violation.text, file_names=violation.file_names).document
    cuts = sorted({0, len(text), *(cut for one in all_of_message for cut in (one.start, one.end))})
    contacts = [one for one in all_of_message if one.rule in CONTACT_RULES]
    pieces = []
    for start, end in pairwise(cuts):
        gives_contact = any(one.start <= start and end <= one.end for one in contacts)
        piece = _piece(text[start:end], gives_contact, unmask)
        pieces.append((violation.start <= start and end <= violation.end, piece))
    return pieces


def said(message: JudgedMessage, *, unmask: bool) -> str:
    """Return a message in which nothing was found."""
    text = rules.Message(message.text or "", file_names=message.file_names).document
    return _piece(text, gives_contact=False, unmask=unmask)


def _piece(text: str, gives_contact: bool, unmask: bool) -> str:
    return text if unmask else mask(text, gives_contact=gives_contact)
