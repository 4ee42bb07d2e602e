"""Moving the deal elsewhere: our site, another marketplace, directly, by search."""

from collections.abc import Sequence

from rules.finding import Category
from rules.phrase import Phrase, Phrases
from rules.rule import Hit, Rule, Words
from rules.speech import CLAUSE, said
from rules.text import Text

_DENIED = Phrases(
    Phrase(r"<exist-not|not|banned> [^.!?;,\n]{0,6} <other-market|site|direct|outlet|transfer|card|cod|cash>"),
    Phrase(r"<not> <means> , <unknown> [^.!?;,\n]{0,6} <direct>"),  # не значит, что надо мимо Маркета
    Phrase(
        r"<other-market|site|our-site|direct|outlet|elsewhere|cash> (?: (?! , <here|and> ) [^.!?;\n] ){0,6}"
        r"(?: <exist-not> | <not> (?! <here> ) )"
    ),
    # без Маркета продать не можем
    Phrase(
        r"(?: <buy|cancel> [^.!?;\n,]{0,8} )? <without|direct|straight> [^.!?;\n,]{0,6}"
        r" (?: <not> (?: <may|able> | (?= [.!?,;\n] | $ ) ) | <banned> )"
    ),
    Phrase(r"<connect> [^.!?;\n]{0,2} <direct>"),
    Phrase(r"<direct> _1 <connect>"),
    Phrase(r"<cheaper> [.,—-] <there> <elsewhere> <person>"),  # там дешевле, там другой продавец
    # на Озоне торгует другая фирма, Озон и Маркет разные конторы
    Phrase(r"<other-market> (?: (?! <us|our> ) [^.!?;\n] ){0,10} <elsewhere> <person|shop|firm|desk>"),
    Phrase(r"<other-market> [^.!?;\n]{0,10} (?: <foreign> <person|shop|firm> | <differ> <firm|desk> )"),
    Phrase(r"<other-market> [^.!?;,\n]{0,6} <worse>"),  # на али такие горят
    Phrase(r"<worse> [^.!?;,\n]{0,3} <other-market>"),
    Phrase(r"<other-market> <let-them>"),  # на дроме пусть машины продают
    Phrase(r"<that|same> , <unknown> _1 <other-market>"),  # тот, что на вб, алюминиевый
    Phrase(r"<other-market|site> [^.!?;\n]{0,3} , <in|with>? <which> _1 <thou> [^.!?;,\n]*"),  # которую вы прислали
    Phrase(r"<your> <link-word|label> <in|with> <other-market>"),
    Phrase(r"<foreign> <site|shop|market>"),
    Phrase(r"<thing|link-word> <with> <other-market>"),  # скрин с Озона
    Phrase(r"<yellow> <market|app>"),  # жёлтое приложение и есть Маркет
    Phrase(r"(?<! <our> ) <outlet> <reach>"),  # салон связи
    Phrase(r"<other-market> - <color>"),  # авито-зелёный, наш оттенок
    # уценка отдельной карточкой, берите там; в поиске Маркета выйдет карточка, там оформите
    Phrase(r"<listing> [^.!?;\n]{0,12} <there> (?: ~1 <buy> [^.!?;,\n]* )?"),
    Phrase(r"<compare> [^.!?;\n]{0,8} <other-market|elsewhere>"),
    Phrase(r"<other-market|elsewhere> [^.!?;\n]{0,6} <compare>"),
    Phrase(r"<bought> _4 <other-market>"),
    Phrase(r"<other-market> _3 <bought>"),
    Phrase(r"<cash|card|pay> _5 <courier>"),
    Phrase(r"<contactless> [^.!?;\n]{0,4} <pay|card>"),
    Phrase(r"<feature> _6 <review-site>"),
    Phrase(r"<visit> [^.!?;,\n]{0,3} <in|to|by> <market|courier>"),
    Phrase(r"<visit> (?:<with> <us>)? <please> (?= [.!?,\n] | $ )"),  # приходите ещё
    Phrase(r"<google> _5 <market|courier>"),
    Phrase(r"<courier> _5 <cash|card>"),
    Phrase(r"<refund> _4 <card>"),
    Phrase(r"<cheaper> <in|with> <cheaper> <market>"),  # скидка по промокоду Маркета
    Phrase(r"<how> <in> <site|other-market>"),  # комплект как на сайте
    Phrase(r"<by|with> <us> <unknown>? <in> <market|listing>"),  # отмените и возьмите у нас на Маркете
    Phrase(r"<warehouse> <yandex>"),
    Phrase(r"<by> <other-market> -? <bank>"),
)
_MEANT = Phrases.of("off_platform")
_SIGNS = Phrases(Phrase("<other-market>"), Phrase("<elsewhere|color> <market|site|shop>"), Phrase("<commission>"))


def _find(text: Text) -> Sequence[Hit]:
    return said(text, _MEANT, _DENIED, back_to=CLAUSE, up_to=CLAUSE) or said(text, _SIGNS, _DENIED, sign=0.4)


RULE = Rule(
    id="off-platform",
    category=Category.OFF_PLATFORM,
    summary=Words("Увод сделки с Маркета", "Moving the deal away from Market"),
    policy="Не уводите покупателей на другие площадки",
    reason=Words(
        "Магазин предлагает купить в другом месте.",
        "The shop suggests buying elsewhere.",
    ),
    hint=Words("Предложите свой товар на Маркете.", "Offer your goods on Market."),
    confidence=0.92,
    needs=_MEANT.anchors | _SIGNS.anchors,
    find=_find,
)
