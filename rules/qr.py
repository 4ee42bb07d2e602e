"""QR codes that lead out of Market."""

from collections.abc import Iterable

from rules.finding import Category
from rules.phrase import Phrase, Phrases
from rules.rule import Hit, Rule, Words
from rules.speech import said
from rules.text import Text

_MEANT = Phrases.of("qr")
_LAWFUL = Phrases(
    Phrase(r"<qr> _5 <feature|app>"),
    Phrase(r"<feature> <with> <qr>"),  # принт с QR
    Phrase(r"<qr> [^.!?;\n]{0,6} <exist-not|warehouse>"),
    Phrase(r"<exist-not> _3 <qr>"),
    Phrase(r"<qr> (?: -? <label> )? <with>? (?! <label> ) <thing>"),  # QR-код гарантии
    Phrase(r"<qr> [^.!?;\n]{0,8} <give|send> _3 <here>"),  # пропуск с QR сбросьте сюда
    # QR-код возврата для пункта выдачи, код маркировки
    Phrase(r"<qr> [^.!?;\n]{0,8} <courier|market|refund|lawful|not>"),
    Phrase(r"<courier|market|app|lawful|refund|not|without> [^.!?;\n]{0,6} <qr>"),
)


def _find(text: Text) -> Iterable[Hit]:
    return said(text, _MEANT, _LAWFUL)


RULE = Rule(
    id="qr",
    category=Category.CONTACT_OFFER,
    summary=Words("QR-код, ведущий с Маркета", "A QR code that leads away from Market"),
    policy="Не уводите покупателя из чата",
    reason=Words(
        "Магазин просит открыть QR-код, ведущий вне Маркета.",
        "The shop asks to open a QR code outside Market.",
    ),
    hint=Words(
        "Пришлите инструкцию файлом в этот чат.",
        "Send the manual as a file in this chat.",
    ),
    confidence=0.85,
    needs=_MEANT.anchors,
    find=_find,
)
