"""A day of messages: a few huge cabinets and many small ones, a peak at noon and one in the evening."""

import random
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from worker.store import MessageKey

DAY_S, HOUR_S = 86_400, 3_600
BEGIN = 1_800_000_000 // DAY_S * DAY_S  # any day will do; seconds since the epoch

# Messages of an hour among those of the day, in thousandths: nobody writes at night, most at noon and after supper.
CURVE = (10, 6, 4, 3, 3, 5, 10, 21, 38, 54, 66, 74, 80, 74, 68, 62, 58, 56, 60, 66, 70, 58, 36, 18)
PEAK = max(range(24), key=CURVE.__getitem__)
TAIL = 0.7  # a cabinet's size falls with its rank to this power: of 300 the first has 65,000 messages of a million
IN_CHAT = 8  # messages of a chat on average
OPEN_CHATS = 40  # of a cabinet, in which its next message may be

Arrival = tuple[float, MessageKey]


class Burst(NamedTuple):
    """So many messages of a cabinet at once: an import, or a door that was closed for a while."""

    at: float
    business_id: int
    messages: int


def sizes(cabinets: int, messages: int) -> list[float]:
    """Return how many messages each cabinet has a day, the largest first."""
    weights = [rank**-TAIL for rank in range(1, cabinets + 1)]
    return [messages * weight / sum(weights) for weight in weights]


def arrivals(
    rng: random.Random, daily: Sequence[float], hours: Sequence[int], bursts: Sequence[Burst] = ()
) -> Iterator[Arrival]:
    """Yield when each message arrives, in seconds since the epoch, and its key; cabinet 1 has `daily[0]` a day."""
    chats = _Chats(rng)
    businesses = range(1, len(daily) + 1)
    upto = list(accumulate(daily))
    for hour in hours:
        begin = BEGIN + hour * HOUR_S
        count = round(sum(daily) * CURVE[hour] / sum(CURVE))
        came = [
            (begin + rng.random() * HOUR_S, business) for business in rng.choices(businesses, cum_weights=upto, k=count)
        ]
        came += [
            (one.at, one.business_id) for one in bursts if 0 <= one.at - begin < HOUR_S for _ in range(one.messages)
        ]
        for at, business_id in sorted(came):
            yield at, chats.say(business_id)


class _Chats:
    """Gives each message its chat and its id."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._open: dict[int, list[int]] = {}
        self._chats = self._messages = 0

    def say(self, business_id: int) -> MessageKey:
        open_chats = self._open.setdefault(business_id, [])
        self._messages += 1
        if not open_chats or self._rng.random() < 1 / IN_CHAT:
            self._chats += 1
            open_chats.append(self._chats)
            del open_chats[:-OPEN_CHATS]
        return MessageKey(business_id, self._rng.choice(open_chats), self._messages)
