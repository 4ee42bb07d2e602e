"""Time the rules and what a user would put together instead, over the same messages in one process.

``python -m tests.benchmarks.rules_and_peers``; the peers are installed for this alone:
``pip install phonenumbers linkify-it-py presidio-analyzer``. A peer that is not there is left out.
"""

import gc
import json
import logging
import resource
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

Judge = Callable[[str], object]

CORPUS = Path(__file__).parent.parent / "corpus" / "messages.jsonl"
ROUNDS = 5
ORDINARY = range(100, 260)
"""Characters of the messages timed: the mean is about 120, as in shops' chats."""


def ordinary_messages() -> list[str]:
    """Innocent messages of everyday length."""
    rows = [json.loads(line) for line in CORPUS.open(encoding="utf-8")]
    return [row["text"] for row in rows if row["label"] == 0 and len(row["text"]) in ORDINARY]


def microseconds(judge: Judge, messages: list[str]) -> float:
    """Processor time of one message, the best of several rounds: others may be using the machine."""
    return min(_round(judge, messages) for _ in range(ROUNDS)) / len(messages) * 1e6


def _round(judge: Judge, messages: list[str]) -> float:
    gc.collect()
    begin = time.process_time()
    for message in messages:
        judge(message)
    return time.process_time() - begin


def phonenumbers_matcher() -> Judge:
    """Google's phone finder for Russia."""
    from phonenumbers import PhoneNumberMatcher

    return lambda text: list(PhoneNumberMatcher(text, "RU"))


def linkify() -> Judge:
    """markdown-it's link finder."""
    from linkify_it import LinkifyIt

    find: Judge = LinkifyIt().match
    return find


def presidio() -> Judge:
    """Presidio's recognisers of phones, e-mails and links."""
    from presidio_analyzer.predefined_recognizers import EmailRecognizer, PhoneRecognizer, UrlRecognizer

    # Its domain library asks the network for a list and complains where there is none.
    logging.getLogger("tldextract").disabled = True
    recognizers = [PhoneRecognizer(), EmailRecognizer(), UrlRecognizer()]
    return lambda text: [one.analyze(text, one.supported_entities, None) for one in recognizers]


PEERS: dict[str, tuple[str, Callable[[], Judge]]] = {
    "phonenumbers": ("PhoneNumberMatcher", phonenumbers_matcher),
    "linkify_it": ("linkify-it-py", linkify),
    "presidio_analyzer": ("Presidio, three recognisers", presidio),
}


def main() -> None:
    """Print import time, memory, microseconds a message and ratios."""
    before, begin = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    import rules

    imported = time.perf_counter() - begin
    messages = ordinary_messages()
    all_rules = rules.RULES
    learned = microseconds(rules.check, messages)
    rules.RULES = {name: rule for name, rule in all_rules.items() if name != "wording"}
    ours = microseconds(rules.check, messages)
    rules.RULES = all_rules
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    lines = [
        f"import {imported * 1e3:.0f} ms, memory +{memory:.0f} MB",
        f"{len(messages)} messages, {sum(map(len, messages)) / len(messages):.0f} characters on average",
        f"{'all rules but wording':30s} {ours:8.1f} us, {1e6 / ours:.0f} a second",
        f"{'all rules':30s} {learned:8.1f} us, {1e6 / learned:.0f} a second",
    ]
    for module, (name, peer) in PEERS.items():
        if find_spec(module):
            theirs = microseconds(peer(), messages)
            lines.append(f"{name:30s} {theirs:8.1f} us, {theirs / ours:.1f} times all rules but wording")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
