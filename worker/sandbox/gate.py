"""The way of a request through the sandbox: key, limits, faults, method, headers."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from worker.sandbox.cabinet import Cabinet
from worker.sandbox.cut import CutResponse
from worker.sandbox.faults import BODIES, Fault, Faults
from worker.sandbox.limits import HourlyLimitReachedError, ParallelLimitReachedError, Quota
from worker.sandbox.methods import WITH_BODY, Call, Method
from worker.sandbox.orders import Orders
from worker.sandbox.refusal import BAD_REQUEST, FORBIDDEN, UNAUTHORIZED, RefusalError, error_body
from worker.sandbox.stats import Stats
from worker.sandbox.world import World


class Gate:
    """Answers Market's methods over one world.

    Attributes:
        world, quota, faults, stats, orders: may be changed while it runs.
    """

    def __init__(self, world: World, quota: Quota, faults: Faults, orders: Orders) -> None:
        self.world = world
        self.quota = quota
        self.faults = faults
        self.orders = orders
        self.stats = Stats()

    async def answer(self, method: Method, request: Request) -> Response:
        """Answer one request of one method."""
        try:
            cabinet = self._cabinet(method, request)
        except RefusalError as refusal:
            # Nobody's quota is spent: whose it would be is not known.
            response = _refused(refusal, {})
        else:
            response = await self._counted(method, request, cabinet)
        self.stats.answered(None if isinstance(response, CutResponse) else response.status_code)
        return response

    async def _counted(self, method: Method, request: Request, cabinet: Cabinet) -> Response:
        business_id = cabinet.business_id
        self.stats.began(business_id, method.name)
        try:
            self.quota.enter(business_id)
        except ParallelLimitReachedError as refusal:
            self.stats.limited(business_id, "parallel")
            shown = self.quota.limits.headers_on_parallel
            return _refused(refusal, self.quota.headers(business_id, method.name) if shown else {})
        else:
            try:
                return await self._within_quota(method, request, cabinet)
            finally:
                self.quota.leave(business_id)
        finally:
            self.stats.ended(business_id)

    async def _within_quota(self, method: Method, request: Request, cabinet: Cabinet) -> Response:
        business_id = cabinet.business_id
        try:
            self.quota.spend(business_id, method.name)
            response = await self._worked_out(method, request, cabinet)
        except HourlyLimitReachedError as refusal:
            self.stats.limited(business_id, "hourly")
            response = _refused(refusal, {})
        except RefusalError as refusal:
            response = _refused(refusal, {})
        if response.status_code >= 500:
            self.quota.give_back(business_id, method.name)
        response.headers.update(self.quota.headers(business_id, method.name))
        return response

    async def _worked_out(self, method: Method, request: Request, cabinet: Cabinet) -> Response:
        delay_s, fault = self.faults.draw(method.name, cabinet.business_id)
        body = await _body(request) if method.name in WITH_BODY else {}
        if delay_s:
            await asyncio.sleep(delay_s)
        if fault:
            return _faulty(fault)
        return _json(200, method.answer(Call(cabinet, request.query_params, body, self.orders)))

    def _cabinet(self, method: Method, request: Request) -> Cabinet:
        """Return the cabinet that the key opens, if the key may do what it is used for."""
        key = request.headers.get("api-key")
        cabinet = self.world.cabinet_of(key) if key else None
        if cabinet is None or cabinet.revoked:
            problem = "not specified" if not key else "invalid" if cabinet is None else "revoked"
            raise RefusalError(UNAUTHORIZED, f"Api-Key token is {problem}")
        business = request.path_params.get("businessId")
        if business is not None and business != str(cabinet.business_id):
            raise RefusalError(FORBIDDEN, "Access denied")
        if method.scopes is not None and method.scopes.isdisjoint(cabinet.scopes):
            raise RefusalError(FORBIDDEN, f"Token does not have any of the scopes: {', '.join(sorted(method.scopes))}")
        return cabinet


async def _body(request: Request) -> Mapping[str, Any]:
    try:
        body = json.loads(await request.body())
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise RefusalError(BAD_REQUEST, "Request body is missing or is no JSON object")
    return body


def _faulty(fault: Fault) -> Response:
    if fault.cut:
        return CutResponse(half_answered=fault.cut == "inside")
    status = fault.status or 200
    if fault.body:
        page = fault.body == "no-json"
        return Response(BODIES[fault.body], status, media_type="text/html" if page else "application/json")
    return _json(status, error_body(status, _words(status)))


def _words(status: int) -> str:
    words = {
        401: "Api-Key token is invalid",
        403: "Access denied",
        404: "Can't find chat by id: '0'",
        420: "Hit rate limit of 4 parallel requests",
        423: "Business is being migrated",
    }
    return words.get(status, "Fault injected by the sandbox")


def _refused(refusal: RefusalError, headers: Mapping[str, str]) -> Response:
    response = _json(refusal.status, refusal.body)
    response.headers.update(headers)
    return response


def _json(status: int, body: bytes) -> Response:
    return Response(body, status, media_type="application/json")
