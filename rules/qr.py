"""QR codes that lead out of Market."""

from collections.abc import Iterator

from rules.finding import Category
from rules.phrase import Phrase, Phrases
from rules.rule import Hit, Rule, Words
from rules.speech import said
from rules.text import Text

_PHRASES = (
    # отсканируйте QR на вкладыше, по QR попадёте в наш чат
    r"<look|come|dial> _5 <qr> -? <thing>? (?: ~1 <in> <place>)?",
    r"<qr> -? <thing>? [^.!?;\n]{0,7} <us|our|come|look|here|there|channel|messenger|social|site|cheaper|person>",
    r"<our> ~1 <qr> -? <thing>?",
    r"<in> ~1 <place|thing> ~1 <qr> -? <thing>?",
    r"<qr> -? <thing>? _1 <in> <place|thing>",
    r"<in> <qr> ~1 <come|look|there>",
    r"<come|look> <in> <qr>",
)
_COMPILED = Phrases(*_PHRASES)
_LAWFUL = (
    # QR-код возврата для пункта выдачи, код маркировки
    Phrase(r"<qr> [^.!?;\n]{0,8} <courier|market|refund|lawful|not>"),
    Phrase(r"<courier|market|app|lawful|refund|not|without> [^.!?;\n]{0,6} <qr>"),
)


def _find(text: Text) -> Iterator[Hit]:
    return said(text, _COMPILED, _LAWFUL)


RULE = Rule(
    id="qr",
    category=Category.CONTACT_OFFER,
    summary=Words("QR-код, ведущий с Маркета", "A QR code that leads away from Market"),
    policy="Не уводите покупателя из чата",
    reason=Words(
        "Магазин просит открыть QR-код, ведущий вне Маркета.", "The shop asks to open a QR code outside Market."
    ),
    hint=Words("Пришлите инструкцию файлом в этот чат.", "Send the manual as a file in this chat."),
    confidence=0.85,
    find=_find,
)
