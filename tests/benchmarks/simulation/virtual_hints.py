"""Chats that notifications named, and when to look at them again: what `worker.store.hints` keeps, in virtual time."""

import heapq

from worker.sweep import FIRST_LOOK, LOOK_AGAIN
from worker.tasks import LOOK_AT_ONCE

Chat = tuple[int, int]


class VirtualHints:
    """The chats that are to be looked at."""

    def __init__(self) -> None:
        self._chats: dict[Chat, tuple[float, int]] = {}  # when to look, and how often it was looked at
        self._by_time: list[tuple[float, Chat]] = []

    def note(self, chat: Chat, now: float) -> None:
        """Take note that a chat moved."""
        look_at = now + FIRST_LOOK.total_seconds()
        self._put(chat, min(look_at, self._chats.get(chat, (look_at, 0))[0]), 0)

    def take_due(self, now: float) -> list[Chat]:
        """Return as many chats as one tick of the schedule looks at, and put each off to its next look."""
        due: list[Chat] = []
        while len(due) < LOOK_AT_ONCE and self._by_time and self._by_time[0][0] <= now:
            look_at, chat = heapq.heappop(self._by_time)
            if self._chats.get(chat, (None, 0))[0] != look_at:  # an older entry of a chat that moved since
                continue
            due.append(chat)
            _, looks = self._chats.pop(chat)
            if looks < len(LOOK_AGAIN):
                self._put(chat, now + LOOK_AGAIN[looks].total_seconds(), looks + 1)
        return due

    def _put(self, chat: Chat, look_at: float, looks: int) -> None:
        if self._chats.get(chat, (None, 0))[0] != look_at:
            heapq.heappush(self._by_time, (look_at, chat))
        self._chats[chat] = look_at, looks
