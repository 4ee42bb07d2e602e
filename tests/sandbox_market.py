"""The sandbox Market as tests handle it: its world, and its own endpoints under /sandbox/."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from worker.sandbox.app import create_app
from worker.sandbox.cabinet import Cabinet
from worker.sandbox.server import running
from worker.sandbox.world import World, generated_world
from worker.store import MessageKey


class Market:
    """A running sandbox.

    Attributes:
        url: where it answers.
        world: its cabinets and chats.
    """

    def __init__(self, url: str, world: World, control: httpx.Client) -> None:
        self.url = url
        self.world = world
        self._control = control

    @property
    def cabinet(self) -> Cabinet:
        """The first cabinet."""
        return next(iter(self.world.cabinets.values()))

    def say(self, text: str | None, *, sender: str = "PARTNER", chat_id: int | None = None, **more: Any) -> MessageKey:
        """Write a message into a chat of the first cabinet, into a new one unless `chat_id` is given."""
        said = {"business_id": self.cabinet.business_id, "chat_id": chat_id, "sender": sender, "text": text, **more}
        return MessageKey(**self._post("messages", said)[0])

    def fail(self, **fault: Any) -> None:
        """Show a fault from now on; the fields are those of `worker.sandbox.faults.Fault`."""
        self._post("faults", fault)

    def limit(self, **limits: Any) -> None:
        """Keep other limits from now on; the fields are those of `worker.sandbox.limits.Limits`."""
        self._post("limits", limits)

    def heal(self) -> None:
        """Show no fault any more."""
        self._control.delete("/sandbox/faults").raise_for_status()

    def revoke(self, *, revoked: bool = True) -> None:
        """Take the key of the first cabinet back, or give it again."""
        self._post("keys", {"business_id": self.cabinet.business_id, "revoked": revoked})

    @property
    def requests(self) -> dict[str, int]:
        """How often each method was asked, over all cabinets; what a revoked key asked is not counted."""
        spent: dict[str, int] = {}
        for methods in self._control.get("/sandbox/stats").raise_for_status().json()["requests"].values():
            for method, count in methods.items():
                spent[method] = spent.get(method, 0) + count
        return spent

    def _post(self, what: str, body: Any) -> Any:
        return self._control.post(f"/sandbox/{what}", json=body).raise_for_status().json()


@contextmanager
def sandbox_market(world: World | None = None) -> Iterator[Market]:
    """Run a sandbox over `world`, by default two cabinets of three chats, as long as the block runs."""
    world = world or generated_world(cabinets=2, chats=3, messages_a_chat=8)
    with running(create_app(world)) as url, httpx.Client(base_url=url, trust_env=False) as control:
        yield Market(url, world, control)
