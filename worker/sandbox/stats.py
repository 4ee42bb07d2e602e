"""What the sandbox has seen, for tests and the demo to compare with."""

from collections import Counter, defaultdict
from typing import Any


class Stats:
    """Counts of requests and answers.

    A request whose key was refused has no cabinet and is counted among the answers only.
    """

    def __init__(self) -> None:
        self._requests: defaultdict[int, Counter[str]] = defaultdict(Counter)
        self._answers: Counter[str] = Counter()
        self._limited: defaultdict[int, Counter[str]] = defaultdict(Counter)
        self._in_flight: Counter[int] = Counter()
        self._max_in_flight: Counter[int] = Counter()

    def began(self, business_id: int, method: str) -> None:
        """Count a request that arrived."""
        self._requests[business_id][method] += 1
        self._in_flight[business_id] += 1
        self._max_in_flight[business_id] = max(self._max_in_flight[business_id], self._in_flight[business_id])

    def ended(self, business_id: int) -> None:
        """Count a request as no longer in flight."""
        self._in_flight[business_id] -= 1

    def limited(self, business_id: int, form: str) -> None:
        """Count a 420 of the form `parallel` or `hourly`."""
        self._limited[business_id][form] += 1

    def answered(self, status: int | None) -> None:
        """Count an answer; None for a connection that was cut."""
        self._answers["cut" if status is None else str(status)] += 1

    def reset(self) -> None:
        """Count anew; what is in flight stays so."""
        for counts in (self._requests, self._answers, self._limited, self._max_in_flight):
            counts.clear()

    def as_json(self) -> dict[str, Any]:
        """Return all counts: by business id (as text) and method, by business id, by status (`cut` for none)."""
        return {
            "requests": {str(business): dict(counts) for business, counts in self._requests.items()},
            "answers": dict(self._answers),
            "limited": {str(business): dict(counts) for business, counts in self._limited.items()},
            "max_in_flight": {str(business): most for business, most in self._max_in_flight.items()},
        }
