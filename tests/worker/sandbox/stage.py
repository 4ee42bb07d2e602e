"""One server for many tests: starting and stopping one takes longer than most tests do."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from worker.sandbox.server import running


@dataclass
class Stage:
    """A running server at `url` that serves whatever application is on it now."""

    app: ASGIApp = field(default_factory=Starlette)
    url: str = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


@contextmanager
def open_stage() -> Iterator[Stage]:
    stage = Stage()
    with running(stage) as stage.url:
        yield stage
