"""The sandbox as an ASGI application."""

import time
from collections.abc import Callable
from functools import partial

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from worker.sandbox.control import control_routes
from worker.sandbox.faults import Fault, Faults
from worker.sandbox.gate import Gate
from worker.sandbox.limits import Limits, Quota
from worker.sandbox.methods import METHODS
from worker.sandbox.orders import Orders
from worker.sandbox.refusal import error_body
from worker.sandbox.world import World


def create_app(
    world: World,
    *,
    limits: Limits | None = None,
    faults: tuple[Fault, ...] = (),
    orders: Orders | None = None,
    clock: Callable[[], float] = time.time,
) -> Starlette:
    """Return a Market over a world.

    Args:
        world: cabinets and chats; requests change it.
        limits: which limits are kept; by default those that Market documents.
        faults: what goes wrong from the start.
        orders: in which order lists are given.
        clock: seconds since the epoch, for the limits' periods.
    """
    gate = Gate(world, Quota(limits or Limits(), clock), Faults(faults), orders or Orders())
    routes = [Route(method.path, partial(gate.answer, method), methods=[method.verb]) for method in METHODS]
    return Starlette(routes=[*routes, *control_routes(gate)], exception_handlers={HTTPException: _no_such_method})


async def _no_such_method(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return Response(error_body(status, f"No such method: {request.url.path}"), status, media_type="application/json")
