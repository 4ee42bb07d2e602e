"""Find ordinary words that the rules take for others: ``python -m tests.benchmarks.ordinary_words``.

A word that nobody disguised may sound like a contact's, a market's or a figure's: "телек" like "телега". The most
frequent words of a language are read one by one and said in innocent sentences; those that are misread are printed,
the most frequent first. Who finds one that shops write names it in the section ``plain`` of the lexicon. Needs
``pip install wordfreq``.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from rich.console import Console

from rules import Severity, check
from rules.wording.evidence import LEARNED
from rules.words import NUMBER_WORD, SIGNS, lexicon

LANGUAGES, MOST = ("ru", "en"), 100_000
"""Whose words, and how many of each."""

SENTENCES = (
    "Подскажите, какой у вас {}, подберём",
    "{} 1 кг, отправим завтра",
    "У нас {} в наличии, спасибо",
    "В комплекте {}, инструкция и чек",
)
SHOWN = 60


def frequent_words(language: str) -> list[str]:
    """Give the words of a language that are none of the lexicon's as they stand, the most frequent first."""
    from wordfreq import top_n_list

    book = lexicon()
    words = (word.lower().replace("ё", "е") for word in top_n_list(language, MOST) if word.isalpha())
    return [word for word in words if not book.find(word) and word not in book.numbers]


def misread(words: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield what a word is read as, and the word, where that is a name of contacts or markets, or a figure."""
    book = lexicon()
    names = {sign: name for name, sign in book.signs.items() if sign in book.split_signs} | {NUMBER_WORD: "a number"}
    yield from ((f"read as {names[sign]}", word) for word in words if (sign := SIGNS[word]) in names)


def flagged(words: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the rule that finds a word's sentence guilty, and the word; what is learned is left out."""
    for word in words:
        findings = [finding for sentence in SENTENCES for finding in check(sentence.format(word))]
        rules = {finding.rule for finding in findings if finding.severity is Severity.VIOLATION} - {LEARNED}
        yield from ((f"flagged by {rule}", word) for rule in sorted(rules))


def main() -> None:
    """Print the words by what they are taken for."""
    console = Console(width=120)
    for language in LANGUAGES:
        words = frequent_words(language)
        taken: dict[str, list[str]] = defaultdict(list)
        for what, word in (*misread(words), *flagged(words)):
            taken[what].append(word)
        console.print(f"{language}, {len(words):,} words that the lexicon does not know")
        for what, these in sorted(taken.items(), key=lambda one: -len(one[1])):
            console.print(f"  {what}, {len(these)}: {' '.join(these[:SHOWN])}")


if __name__ == "__main__":
    main()
