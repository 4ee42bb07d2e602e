"""The backtest: what the present rules say of the messages that are kept, against what was said before.

It reads the store, judges in several processes, and writes nothing.
"""

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import NamedTuple

import rules
from rules import RuleError, Severity
from worker.allowances import Allowances
from worker.checking import judge
from worker.store import Filter, KeptChat, Store

CHATS_A_BATCH = 20
BATCHES_AHEAD = 4  # a process: enough that none waits, and so few that memory stays flat


class Flag(NamedTuple):
    """A message of the shop that a rule flags."""

    business_id: int
    chat_id: int
    message_id: int
    rule: str
    evidence: str

    @property
    def key(self) -> tuple[int, int, int, str]:
        """What makes two flags the same: where the evidence begins and ends does not matter."""
        return self[:4]


@dataclass(slots=True)
class Verdicts:
    """What was judged: how many messages, what was flagged, and in how many chats a rule broke."""

    messages: int = 0
    flags: list[Flag] = field(default_factory=list)
    broken_chats: int = 0

    def __iadd__(self, other: "Verdicts") -> "Verdicts":
        self.messages += other.messages
        self.flags += other.flags
        self.broken_chats += other.broken_chats
        return self


class Change(NamedTuple):
    """What the present rules flag that was not flagged before, and the other way round."""

    new: list[Flag]
    gone: list[Flag]


def run(
    store: Store,
    business_ids: Iterable[int],
    allowances_for: Callable[[int], Allowances],
    *,
    since: datetime,
    processes: int | None = None,
) -> Iterator[Verdicts]:
    """Judge what is kept of the shop's messages since a time; yield the verdicts of some chats after the other."""
    count = processes or os.cpu_count() or 1
    chats = (chat for number in business_ids for chat in store.messages.kept_chats(number, since=since))
    with ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn")) as pool:
        under_way: deque[Future[Verdicts]] = deque()
        while batch := list(islice(chats, CHATS_A_BATCH)):
            allowances = {chat.business_id: allowances_for(chat.business_id) for chat in batch}
            work = [(chat, allowances[chat.business_id]) for chat in batch]
            under_way.append(pool.submit(_judge_all, work, since))
            if len(under_way) >= count * BATCHES_AHEAD:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()


def known(store: Store, business_ids: Iterable[int], *, since: datetime) -> list[Flag]:
    """Return what stands in the store of the messages that are kept."""
    flags = (
        Flag(one.business_id, one.chat_id, one.message_id, one.rule, one.evidence)
        for number in business_ids
        for one in store.violations.find(Filter(number, since=since))
        if one.text is not None
    )
    return list({flag.key: flag for flag in flags}.values())


def compare(before: Sequence[Flag], now: Sequence[Flag]) -> Change:
    """Tell what changed."""
    flagged_before, flagged_now = {flag.key for flag in before}, {flag.key for flag in now}
    return Change(
        [flag for flag in now if flag.key not in flagged_before],
        [flag for flag in before if flag.key not in flagged_now],
    )


def _judge_all(work: Sequence[tuple[KeptChat, Allowances]], since: datetime) -> Verdicts:
    verdicts = Verdicts()
    for chat, allowances in work:
        verdicts += _judge(chat, allowances, since)
    return verdicts


def _judge(chat: KeptChat, allowances: Allowances, since: datetime) -> Verdicts:
    begin = next(at for at, message in enumerate(chat.messages) if message.created_at >= since)
    said = [rules.Message(message.text or "", file_names=message.file_names) for message in chat.messages]
    count = len(said) - begin
    try:
        verdict = judge(said, since=begin, own_numbers=chat.context.own_numbers, allowances=allowances)
    except RuleError:
        return Verdicts(count, broken_chats=1)
    flags = {
        (finding.message, finding.rule): Flag(
            chat.business_id,
            chat.chat_id,
            chat.messages[finding.message].message_id,
            finding.rule,
            finding.evidence,
        )
        for finding in reversed(verdict.findings)
        if finding.severity is Severity.VIOLATION and finding.message >= begin
    }
    return Verdicts(count, list(flags.values())[::-1])
