"""What speech rules share: phrases that are meant, unless the sentence forbids, denies or speaks of somebody else."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from rules.finding import Severity
from rules.phrase import Phrase, Phrases
from rules.rule import MOST_HITS, Hit
from rules.text import Text

_CONTACT = "phone|phone-of|number|mail|post|contact|messenger|social|profile"
_TALK = "reach|will-call|call|calling|messenger|social"
_DEAL = "card|transfer|pay|other-market|site"
_ACT = "give|giving|send|write|writing|call|call-en|calling|dial|come|buy|pay|transfer|look|will-call|lets|reach"

_NOT = "<not> (?! <will-give> | <may> <would> | <i-can> <give|send|write|call> )"
"""A "not" that forbids: neither "не подскажете", nor "не могли бы", nor "писать не могу, скажите"."""

FORBIDDEN = (
    # не присылайте, не нужно звонить, нельзя оставлять
    Phrase(
        rf"(?:{_NOT}|<banned>) <need|may|please|present|to>{{0,3}} <us|you|here|in|market>{{0,2}} <{_ACT}|need|may>"
    ),
    Phrase(rf"{_NOT} <need|may|give|giving>? [^.!?;,\n]{{0,2}} <your|our>? <{_CONTACT}>"),
    Phrase(
        rf"(?:{_NOT}|<banned>) <give|send|write|call> (?: (?! , <call|dial|give|send|write> ) [^.!?;:\n] ){{0,4}}"
        rf" <your>? <{_CONTACT}>"
    ),
    # телефон не нужен, почту указывать не надо, звонить никуда не нужно
    Phrase(
        rf"<{_CONTACT}|calling|writing|giving> (?! _3 <if>) _4 <not> (?! <where>)"
        r" _1 <need|give|giving|send|may|we-reply|write|call>"
    ),
    # звонить правила не позволяют
    Phrase(r"<calling|writing|giving> (?: (?! <until> ) [^.!?;\n] ){0,6} <not> <unknown|may|able|need>"),
    # 不要在聊天里留电话, 不会给您打电话, 不用再给我们邮箱
    Phrase(
        rf"(?:{_NOT}|<banned>) <cjk|here|in|you|us|give|your|our|need>{{0,6}}"
        r" <give|send|write|call|come|messenger|phone|contact>"
    ),
    # вотсапа у нас нет
    Phrase(rf"<{_CONTACT}> [^.!?;,\n]{{0,3}} <exist-not>"),
    # звонить нельзя, телефон лучше не печатайте
    Phrase(rf"<calling|writing|giving|call|call-en|{_CONTACT}> [^.!?;\n]{{0,6}} <banned>"),
    Phrase(rf"<{_CONTACT}>{{1,2}} <please|unknown>{{0,2}} <not> (?! <shown>)"),
    # 电话不需要, керек емес
    Phrase(rf"<{_CONTACT}> <number|phone>? <need> <not>"),
    # никогда не просим отменить и перевести
    Phrase(r"<not> _6 <ask> [^.!?;\n]*"),
    # переводов не берём, предоплаты на карту тоже
    Phrase(r"<not> [^.!?;\n]{0,12} , [^.!?;\n]{0,8} <too> (?= [,.!?;\n] | $ )"),
    # поле e-mail оставьте пустым, просит телефон? пропустите, удалите из чата свой мобильный
    Phrase(rf"<{_CONTACT}> <give> <not>"),
    Phrase(rf"<{_CONTACT}> _1 [,?]? _1 <leave-out>"),
    Phrase(rf"<leave-out> [^.!?;,\n]{{0,5}} <{_CONTACT}>"),
    # вне чата не общаемся
    Phrase(r"<not|exist-not|banned> [^.!?;\n]{0,6} <direct> _1 <here>"),
    Phrase(r"<direct> _1 <here> [^.!?;\n]{0,4} <not|exist-not|banned>"),
    # созвониться хотелось бы, но нельзя; дала бы контакт мастера, но так нельзя
    Phrase(r"<calling|writing|giving> ,? <but>"),
    Phrase(
        r"(?<![^.!?;,\n]) [^.!?;,\n]* ,? <but> <so|us|here|market|in>{0,3} (?: <banned> | <not> <may|able> )"
        r" (?! _2 <in> )"
    ),
    # зачем вам наш номер
    Phrase(rf"<why> <you|us|thou|please>{{0,2}} <unknown>? <our|your>? <{_CONTACT}|calling|other-market|site>"),
    # наши контакты Маркет скрывает, и правильно
    Phrase(rf"<{_CONTACT}> <in>? <market> <hide> (?! [^\n]{{0,4}} <give|write|send>)"),
    Phrase(rf"<market> <hide> <our|your>? <{_CONTACT}> (?! [^\n]{{0,4}} <give|write|send>)"),
    # у нас нет ваших контактов; ваш телефон у курьера есть
    Phrase(rf"<exist-not> <your> <{_CONTACT}> (?! [^\n]{{0,6}} <give|write|send|need|how>)"),
    Phrase(rf"<your> <{_CONTACT}> [^.!?;\n]{{0,4}} <by> <he|us|courier|market> _2 <present>"),
    # ну какой вотсап
    Phrase(rf"<well> <how> [«\"]? <{_CONTACT}> (?! <by>? <you|your>)"),
)
"""Words that make of a request its opposite."""

SINCE_ITS_BEGINNING = r"(?<![^.!?;\n]) [^.!?;\n]*"
"""A sentence up to what follows; looked for from each of its words, it would cost their square."""

_ON = "{0,30}"
"""Words of a sentence that something is looked for in from each that may begin it: more would cost their square."""

REPORTED = (
    Phrase(rf"{SINCE_ITS_BEGINNING} <unknown> <behalf> <our|market|shop|us>"),
    Phrase(rf"{SINCE_ITS_BEGINNING} <our> <behalf>"),
    Phrase(rf"{SINCE_ITS_BEGINNING} , <unknown> <not> <us> (?= [.!?,;\n] | $ )"),  # если пишут в вотсап, это не мы
    Phrase(rf"{SINCE_ITS_BEGINNING} \? <unknown>{{1,2}} <not> <us> (?= [.!?,;\n] | $ )"),  # просят перевести? это не мы
    Phrase(r"<reported> [^.!?;:—\n]*"),
    Phrase(rf"<reported> [^.!?;\n]{_ON} \?"),
    # спасибо за предложение созвониться; по поводу того, что на Озоне дешевле: там другой продавец
    Phrase(r"<thanks> <unknown|you|in>{0,2} <your>? <offered> [^.!?;\n]*"),
    Phrase(rf"<unknown> <your>? <offered> [^.!?;,\n]{_ON} <thanks> [^.!?;\n]*"),
    Phrase(r"<regarding> <that> ,? <unknown> [^.!?;:\n]*"),
    # куда скинуть фото? прямо сюда
    Phrase(
        rf"<how> [^.!?\n]{_ON} [?:—-]{{1,2}} <straight|in|please|unknown>{{0,2}} (?:<here>|<not>)"
        r" (?= [,.!?)\n] | $ )"
    ),
    Phrase(rf"{SINCE_ITS_BEGINNING} <reported>"),
    # вы пишете, что на Озоне дешевле; понимаю, что вы хотели бы наш номер
    Phrase(r"<thou> <write> [:,] [^.!?;\n]*"),
    Phrase(r"<thou|you> <spoke> [^.!?;\n]*"),
    Phrase(r"<aware> ,? <you|unknown> [^,.!?;\n]*"),
    # визитки печатаем, почту на макете проверьте; на адреснике выбьем телефон
    Phrase(rf"(?<![^.!?;\n]) (?! [^.!?;\n]* <{_TALK}|{_DEAL}>) [^.!?;\n]* <inscribe> [^.!?;\n]*"),
    Phrase(r"(?<= <inscribe> [^\n]{0,40}) <number|phone|contact> ~2 <in> <place>"),
)
"""Sentences about what somebody else said or tried, and about what is written on the goods."""

ELSEWHERE_MEANT = (
    Phrase(r"<call|call-en|dial|calling> ~2 3(?!\d)"),  # звоните 112
    Phrase(r"[«\"] _1 <call|call-en|dial|write|give|send> _4 [»\"]"),  # открытка «Позвони маме»
    Phrase(r"(?<! <in> ) [«\"] _1 <messenger|social> _4 [»\"]"),
    Phrase(r"<call|calling|dial> [^.!?;,\n]{0,3} <in> <door|feature|thing>"),
    # приложение просит почту, укажите телефон при первом запуске или в форме заказа
    Phrase(r"<maker|app> <feature|unknown>? <ask|need> [^.!?;\n]*"),
    Phrase(r"<register|sign-up> <in> <app> [^.!?;\n]*"),
    # в приложении колонки введите свою почту, создайте аккаунт по своей почте
    Phrase(
        rf"<in> <app|program> [^.!?;,\n]{{0,3}} <give|write> (?: (?! <us|here> ) [^.!?;,\n] ){{0,4}} <{_CONTACT}>"
        r" (?! [^.!?\n]{0,6} <us|here|reach|will-call> )"
    ),
    Phrase(r"<profile> _1 <in> <your>? <mail|post|phone|number> (?! [^.!?\n]{0,6} <us|here|reach|will-call> )"),
    Phrase(rf"<{_CONTACT}> [^.!?;,\n]? <in> <unknown>? <app> (?! _1 <messenger|social> )"),
    Phrase(rf"<{_CONTACT}> _2 <upon> _1 <register>"),
    Phrase(rf"<ask> _2 <{_CONTACT}> <upon|to> <register>"),
    Phrase(rf"<{_CONTACT}> <register>"),
    Phrase(rf"<upon> _1 <register> [^.!?;\n]{{0,6}} <{_CONTACT}>"),
    Phrase(rf"<{_CONTACT}|invoice> _2 <in> <your|unknown>? <form> (?! _2 <site>)"),
    # позиция у заявки: попросите открыть обращение и пришлите его номер
    Phrase(r"(?<![^.!?\n]) (?: (?! <thing>) [^.!?\n])*+ (?P<hit> <thing> [^.!?\n]* <he> <number> (?! <phone-of>) )"),
    # цифры в талоне на обороте — это дата
    Phrase(r"<number> [^.!?;\n]{0,6} [—-] <unknown>{0,2} <thing>"),
    Phrase(r"<how> <with>? <you> <reach> [^.!?\n]{0,3} <door>"),  # как вас найти во дворе
    Phrase(r"<how> <you> <reach> _1 <courier>"),
    Phrase(r"<how> _1 <you> <reach> <in|unknown> <thing>"),  # где вас найти в отзывах
    # по какому телефону смотрите чехол
    Phrase(
        r"<in|to> <how> <phone|phone-of>"
        r" (?: (?! <calling|reach|will-call|giving|send|we-reply|you> ) [^.!?,\n] ){0,3} <feature|thing>"
    ),
    Phrase(r"<calling|dial> <number>? <label>"),  # набрать код на сейфе
    Phrase(r"<phone> -? <feature>"),  # телефон игрушечный
    Phrase(r"<thing> <mobile>"),  # buyurtma raqamingiz
    Phrase(r"<profile|channel|shop> _2 <in> <market>"),  # в нашем профиле на Маркете
    Phrase(r"<search-engine|yandex> <app>? <in>? <market>"),
    Phrase(r"<in> <market> [^.!?;,\n]{0,3} <search-engine>"),
    Phrase(r"<buy> <number> (?! <phone-of>)"),  # order number
    Phrase(r"<call|calling> _2 <circuit>"),  # прозвоните тестером
    Phrase(r"<circuit> _2 <call|calling>"),
    # контакты под винт, зачистит контактные площадки
    Phrase(r"(?<! <your|our> ) <contact> _2 <circuit>"),
    Phrase(r"<circuit> (?: (?! <give|write|send|your|our|you> ) [^.!?;\n] ){0,4} <contact> (?! _1 <give|write|send> )"),
    Phrase(r"<site|shop|app> _4 <market>"),
    Phrase(r"<site|shop|app> <in>? <yandex|courier>"),
)
"""Words that only look like an invitation."""

_EXCUSES = Phrases(*FORBIDDEN, *REPORTED, *ELSEWHERE_MEANT)

QUOTED = Phrase(r"[«“\"] [^«»“”\"\n]{1,30} [»”\"]")
"""Words in quotes are somebody's, a book's or a card's; a name in quotes does not make the rest of the sentence so."""

CLAUSE = ".!?;,\n"
"""Where a clause ends: the evidence of an invitation goes on to there, not only to the word that gave it away."""


def said(
    text: Text,
    phrases: Phrases,
    unless: Phrases | None = None,
    *,
    sign: float | None = None,
    back_to: str = "",
    up_to: str = "",
) -> Sequence[Hit]:
    """Give the places where one of ``phrases`` is said and none of ``unless`` overlaps; touching places become one.

    With ``sign``, a confidence from 0 to 1, they are only signs of a breach. A place is widened to the next of the
    marks ``back_to`` before it and ``up_to`` behind it, where such marks are given.
    """
    places = phrases.find(text)
    if not places or not (meant := _meant(text, places, unless)):
        return ()
    clauses = _within_clause(text.line, meant[:MOST_HITS], frozenset(up_to))
    widened = (_widened(text.line, *place, back_to, up_to) for place in clauses)
    found = [Hit(*text.place(first, last)) for first, last in _merged(widened)]
    return found if sign is None else [hit._replace(confidence=sign, severity=Severity.SIGN) for hit in found]


def _meant(text: Text, places: list[tuple[int, int]], unless: Phrases | None) -> list[tuple[int, int]]:
    """Leave out what is excused or quoted; of excuses those of the rule itself are the likeliest."""
    for phrases in filter(None, (unless, _EXCUSES)):
        if places and (excuses := [*_merged(phrases.find(text))]):
            places = [(start, end) for start, end in places if _before(excuses, end)[1] <= start]
    if places and (quotes := QUOTED.find(text)):
        places = [(start, end) for start, end in places if _before(quotes, start + 1)[1] < end]
    return places


def _before(places: list[tuple[int, int]], at: int) -> tuple[int, int]:
    """Give the last of places in order, apart from each other, that begins before ``at``."""
    behind = bisect_left(places, (at,))
    return places[behind - 1] if behind else (-1, -1)


def _within_clause(line: str, places: list[tuple[int, int]], marks: frozenset[str]) -> list[tuple[int, int]]:
    """Leave out what runs on into the next clause where the first has said it already."""
    whole = [*_merged((first, last) for first, last in places if marks.isdisjoint(line[first:last]))]
    return sorted({*whole, *(place for place in places if _before(whole, place[1])[1] <= place[0])})


def _widened(line: str, first: int, last: int, back_to: str, up_to: str) -> tuple[int, int]:
    first = max((line.rfind(mark, 0, first) for mark in back_to), default=first - 1) + 1
    if up_to:
        last = min((at for mark in up_to if (at := line.find(mark, last)) >= 0), default=len(line))
    return first, last


def _merged(places: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Join places that overlap or touch."""
    current: tuple[int, int] | None = None
    for first, last in places:
        if current and first <= current[1]:
            current = (current[0], max(current[1], last))
        else:
            if current:
                yield current
            current = (first, last)
    if current:
        yield current
