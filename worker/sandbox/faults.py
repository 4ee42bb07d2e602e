"""Faults that the sandbox shows on purpose: slow, wrong, broken or no answers."""

import random
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, NonNegativeFloat, PositiveInt

_GATEWAY_PAGE = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"

# What a broken body is replaced with; a truncated one is cut in the middle but declared whole.
BODIES = {
    "no-json": _GATEWAY_PAGE,
    "truncated": b'{"status":"OK","result":{"messageId":12',
    "wrong-shape": b'{"status":"OK","result":{"surprise":true}}',
    "null": b"null",
    "empty": b"",
}


class Fault(BaseModel):
    """One fault. Its parts work in this order: the delay, then the cut or the answer instead of the real one.

    Attributes:
        method, business_id: which requests it meets; None for all.
        probability: how likely a request that it meets shows it.
        count: how many times it is shown at most; None for no end.
        delay_s: seconds to wait before anything else.
        status: HTTP status to answer with instead, with Market's error body unless `body` says another.
        body: a body to answer with instead.
        cut: whether the connection ends before the answer, or in its middle.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    method: str | None = None
    business_id: int | None = None
    probability: float = Field(default=1.0, ge=0, le=1)
    count: PositiveInt | None = None
    delay_s: NonNegativeFloat = 0
    status: int | None = Field(default=None, ge=200, le=599)
    body: Literal["no-json", "truncated", "wrong-shape", "null", "empty"] | None = None
    cut: Literal["before", "inside"] | None = None

    @property
    def answers(self) -> bool:
        """Whether the fault takes the place of the real answer."""
        return self.cut is not None or self.status is not None or self.body is not None


class Faults:
    """The faults that are switched on, and how often each was shown."""

    def __init__(self, faults: tuple[Fault, ...] = (), *, seed: int = 0) -> None:
        self._shown: dict[int, int] = {}
        self._faults: dict[int, Fault] = {}
        self._next_id = 1
        self._rng = random.Random(seed)
        for fault in faults:
            self.add(fault)

    def add(self, fault: Fault) -> int:
        """Switch a fault on; return its number."""
        number, self._next_id = self._next_id, self._next_id + 1
        self._faults[number] = fault
        self._shown[number] = 0
        return number

    def clear(self) -> None:
        """Switch all faults off."""
        self._faults.clear()
        self._shown.clear()

    def listed(self) -> list[dict[str, object]]:
        """Return all faults with their numbers and how often each was shown."""
        return [
            {"id": number, **fault.model_dump(exclude_defaults=True), "shown": self._shown[number]}
            for number, fault in self._faults.items()
        ]

    def draw(self, method: str, business_id: int) -> tuple[float, Fault | None]:
        """Return the seconds to wait, and the fault to answer with, if any, for one request."""
        delay_s = 0.0
        for number, fault in self._faults.items():
            if not self._meets(number, fault, method, business_id):
                continue
            self._shown[number] += 1
            delay_s += fault.delay_s
            if fault.answers:
                return delay_s, fault
        return delay_s, None

    def _meets(self, number: int, fault: Fault, method: str, business_id: int) -> bool:
        return (
            fault.method in {None, method}
            and fault.business_id in {None, business_id}
            and (fault.count is None or self._shown[number] < fault.count)
            and (fault.probability >= 1 or self._rng.random() < fault.probability)
        )
