"""Moving the deal elsewhere: our site, another marketplace, directly, by search."""

from collections.abc import Iterator

from rules.finding import Category
from rules.phrase import Phrase, Phrases
from rules.rule import Hit, Rule, Words
from rules.speech import CLAUSE, said
from rules.text import Text

_DENIED = (
    Phrase(r"<exist-not|not> [^.!?;\n]{0,6} <other-market|site|direct|outlet|transfer|card>"),
    Phrase(r"<other-market|site|direct|outlet|elsewhere> [^.!?;\n]{0,6} <exist-not|not>"),
    Phrase(r"<cash|card|pay> _5 <courier>"),
    Phrase(r"<feature> _6 <review-site>"),
    Phrase(r"<visit|google> _5 <market|courier>"),
    Phrase(r"<courier> _5 <cash|card>"),
)
_PHRASES = (
    # на Озоне у нас дешевле, посмотрите на вб, гляньте на авито
    r"<in> <our>? <other-market> [^.!?;\n,]{0,5}? <present|cheaper|us|our|buy|look|come|shop|there|search-engine|thing>",
    r"<thing|feature> ~2 <in> <other-market>",
    r"<other-market> ~3 <buy|cheaper>",
    # на соседней площадке, на синем маркетплейсе
    r"<in> ~1 <color|elsewhere> <market|site|app> ~3 <us|cheaper|buy|there|present|thing|come|look>",
    r"<buy|come|look|cheaper|us|our|present|there|shop|send> ~5 <in|with> <our>? <other-market>",
    r"<other-market> [^.!?;\n,]{0,3} <cheaper|our|us>",
    r"<cheaper> [^.!?;]{0,3} <other-market>",
    # наш сайт, у нас на сайте, через сайт дешевле
    r"<our|us> ~1 <in>? <our>? ~1 <site>",
    r"<site> ~1 <our|us|shop>",
    r"<buy|cheaper|come|look|present|pay> ~4 <in> ~1 <site>",
    r"<in> ~1 <site> _4 <buy|cheaper|come|look|pay>",
    # напрямую, мимо Маркета, в обход площадки, без комиссии
    r"<buy|pay|transfer|lets|may|cheaper|send|we-reply> ~4 <in>? <direct> _2 <us|our|shop|market|commission>?",
    r"<in>? <direct> ~2 <us|our|shop|market|commission|buy>",
    r"<without> <market|commission>",
    r"<without> ~2 <market|commission>",
    r"<straight> ~1 (?:<by> <us> | <in> <our>? <outlet|shop>)",
    r"<buy> ~4 <straight> <by> <us>",
    r"<cancel> _8 <buy> _5 <by> <us>",
    # отмените и купите у нас
    r"<cancel> _8 <direct|transfer|card|site|other-market|cash|outlet|found-phone|found-link>",
    r"<buy> [^.!?;\n]{0,3} <by> <us> ~4 <cheaper|direct|cash|outlet>",
    # наберите в поиске название магазина
    r"<dial|come|look|give|buy> ~3 <in> <search-engine|yandex> <yandex>? ~3",
    r"<in> <search-engine|yandex> <yandex>? ~2 <dial|come|look|give>",
    r"<in> <name> <our> <shop|unknown>",
    # скачайте наше приложение, в нашем магазине дешевле
    r"<our> ~1 <app>",
    r"<in> <our> ~1 <shop> ~4 <cheaper|buy>",
    r"<buy|come> ~4 <in> <our> ~1 <shop>",
    r"<come|look> ~4 <name> <shop>",
    # в нашем шоуруме дешевле, приезжайте в магазин, отдам за наличные
    r"<in> <our> ~1 <outlet>",
    r"<visit> ~3 (?:<with> <us> | <by> <us> | <in> <our>? (?! <courier|market>) (?:<outlet|shop|unknown>))",
    # погуглите нас, легко найти в интернете, отзыв на картах
    r"<google> _4",
    r"<us> ~3 <reach|come|look> ~2 <in> <search-engine>",
    r"<in> <yandex|search-engine>? -? <review-site>",
    # закажите не тут, мимо кассы, деньги в руки
    r"<buy> _2 <not> <in|by>? <here>",
    r"<buy|we-reply|pay|lets|direct> ~3 <in>? -? <private>",
    r"<cash|pay|transfer|unknown|us> ~2 <in> <hands>",
    r"<come|buy|look> ~3 <in> ~1 <outlet>",
    r"<cash> ~3 <cheaper|us|without|direct|outlet>",
    r"<buy|pay|cheaper> ~3 <cash>",
)
_COMPILED = Phrases(*_PHRASES)
_SIGNS = Phrases(r"<by|in> ~1 <other-market>", r"<elsewhere|color> <market|site|shop>", "<commission>")


def _find(text: Text) -> Iterator[Hit]:
    meant = list(said(text, _COMPILED, _DENIED, stops=CLAUSE))
    yield from meant or said(text, _SIGNS, _DENIED, sign=0.4)


RULE = Rule(
    id="off-platform",
    category=Category.OFF_PLATFORM,
    summary=Words("Увод сделки с Маркета", "Moving the deal away from Market"),
    policy="Не уводите покупателей на другие площадки",
    reason=Words("Магазин предлагает купить в другом месте.", "The shop suggests buying elsewhere."),
    hint=Words("Предложите свой товар на Маркете.", "Offer your goods on Market."),
    confidence=0.92,
    find=_find,
)
