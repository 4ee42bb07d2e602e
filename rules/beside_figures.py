"""What the words beside figures say of them: that one may call them, or that they are a piece of a number."""

import re

from rules.numerals import Run
from rules.phrase import Phrase
from rules.text import Text

TO_CALL = re.compile(
    r"(?<!\w)(?:код (?:города|региона|межгорода)|(?:заявки|заказы)(?: на \w+)?|вопрос(?:ы|ам)(?: (?:по|о|об))? \w+|"
    r"(?:артикул|код|номер|трек)\w* (?:для )?(?:своих|консультаци\w+|связи)|"
    r"номер\w* для (?:заказ\w*|запис\w*|связи|справ\w*|звонк\w*|брони\w*|смс|сообщени\w*))(?:[^\w#№]|_){0,3}\Z"
)
"""After these words for a label comes a phone all the same."""
TO_BOOK = re.compile(
    r"(?<!\w)(?:запис(?:ь на|ать|ыва)|справк|справоч|консульта|уточн|узна|брон[иья]|заявк|вызов|вызва|"
    r"прием (?:звонк|заказ|заявк)|предзаказ|наличи|ответ[ия])[^.!?\n]{0,28}\Z"
)
"""What one calls for."""
OF_CALLS_OR_PEOPLE = Phrase(
    "<call|calling|phone|person|phone-emoji|phone-of|messenger|will-call|contact|reach|social|dial|call-en>"
)
"""Words beside figures that tell of a call, a messenger or a person; they make figures a phone."""
OF_CALLS_OR_NUMBERS = Phrase("<call|calling|dial|call-en|phone|phone-of|number|messenger>")
"""Words of a text that tell of a call or a number to dial, whoever takes it."""
ANNOUNCED = re.compile(
    r"(?<!\w)(?:част[ьи]|половин|кус(?:ок|к|оч)|за н(?:им|ей)(?!\w)|потом|затем|далее|дальше|продолж|сначал|начал|"
    r"начин|середин|перв|втор|трет|четверт|пят(?:ая|ое|ый|ые)|последн|конц|конец|закан|заверш|остал|остат|следующ|следом|добав|прибав|припи|допи|плюс|"
    r"еще|туда же|хвост|цифр|код(?!\w)|номер(?!\w)|и(?!\w)|then|next|first|last|rest|start|begin|finish|digits)"
)
"""Words that announce a piece of a number."""
NAMES_DIGITS = re.compile(
    r"(?<!\w)(?:цифр|дикту|част|половин|скле[ий]|собер[еи]|номер|тел|звон|набер|набир|digits|number|call)"
)
"""Words that tell that the pieces are of a number, and mostly of which."""
_REACH = 32
"""Characters before figures that may tell what they are."""


def words_before(part: Run, text: Text) -> str:
    """Give the words before figures, as far as they may label them."""
    start = text.spans[part.first][0]
    return text.canon[max(0, start - _REACH) : start]
