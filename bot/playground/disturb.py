"""Lets an ordered fault happen around a piece of work."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from aiohttp import web

from .faults import Fault
from .log import CallRecord
from .model import Json

JSON_BODY = "application/json"
Work = Callable[[], web.StreamResponse]


def cut(request: web.Request) -> web.Response:
    """Close the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def disturbed(
    request: web.Request, record: CallRecord, fault: Fault | None, work: Work
) -> web.StreamResponse:
    """Do the work with whatever fault is due."""
    if fault is None:
        return work()
    record.fault = fault.kind
    if not fault.works:
        return _broken(request, record, fault)
    response = work()
    if fault.kind == "cut_after":
        return cut(request)
    if fault.kind == "malformed":
        return web.Response(text='{"ok": tru', content_type=JSON_BODY)
    await asyncio.sleep(fault.seconds)
    return response


def _broken(request: web.Request, record: CallRecord, fault: Fault) -> web.StreamResponse:
    if fault.kind == "cut_before":
        return cut(request)
    if fault.kind == "error":
        return _json(record, {"ok": False, "error": fault.code}, 200)
    if fault.status == 429:
        response = _json(record, {"ok": False, "error": "ratelimited"}, 429)
        response.headers["Retry-After"] = str(fault.retry_after or 1)
        return response
    record.http_status = fault.status
    return web.Response(status=fault.status, text="upstream trouble")


def _json(record: CallRecord, body: Json, status: int) -> web.Response:
    record.result, record.http_status = body, status
    return web.json_response(body, status=status)
