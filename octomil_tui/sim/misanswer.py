"""What a client gets while a fault is on: late, half, wrong, or nothing."""

import asyncio
import json
import zlib
from collections.abc import Iterator

from starlette.types import ASGIApp, Receive, Scope, Send

from octomil_tui.sim.connection import gone, hang_up, reset
from octomil_tui.sim.faults import Fired
from octomil_tui.sim.held import HeldAnswer
from octomil_tui.sim.rules import (
    AnyRule,
    Drip,
    DropAfter,
    DropBefore,
    Empty,
    Forbid,
    Garbage,
    Html,
    NoRollbackRoute,
    Redirect,
    RejectKey,
    Replacing,
    Reset,
    Silent,
    Status,
    TooLarge,
    Truncate,
)

__all__ = ["answer_with"]

JSON = "application/json"
WEB = "text/html; charset=utf-8"
PORTAL = b"<!doctype html><title>Welcome</title><h1>Guest network</h1><p>Please sign in to go on.</p>"
MEGABYTE = 1_000_000
CHUNK = 50_000
BODILESS = frozenset({204, 304})
"""Answers that never have a body."""
LONGEST = 3600.0
"""Seconds for which a client may be left without an answer."""

Headers = list[tuple[bytes, bytes]]


async def answer_with(fired: Fired, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request as the faults say that it met, with `app` behind them."""
    rule = fired.answer
    if rule is None and not fired.latency:
        await app(scope, receive, send)
        return
    kept = HeldAnswer()
    if _is_carried_out(rule):
        await app(scope, receive, kept.keep)
    if fired.latency and await _left_within(fired.latency, receive):
        return
    if rule is None:
        await kept.give(send)
    elif isinstance(rule, DropBefore | DropAfter | Reset | Silent):
        await _break_off(rule, receive)
    elif isinstance(rule, Truncate | Drip):
        await _in_part(rule, kept, receive, send)
    elif isinstance(rule, TooLarge):
        await _flood(rule, send)
    else:
        await _instead(rule, send)


def _is_carried_out(rule: AnyRule | None) -> bool:
    if isinstance(rule, Replacing):
        return rule.processed
    return rule is None or isinstance(rule, DropAfter | Truncate | Drip)


async def _left_within(seconds: float, receive: Receive) -> bool:
    """Wait, and return whether the client hung up meanwhile."""
    try:
        async with asyncio.timeout(seconds):
            await gone(receive)
    except TimeoutError:
        return False
    return True


async def _break_off(rule: DropBefore | DropAfter | Reset | Silent, receive: Receive) -> None:
    if isinstance(rule, Reset):
        await reset(receive)
    elif not isinstance(rule, Silent) or not await _left_within(LONGEST, receive):
        await hang_up(receive)


async def _in_part(rule: Truncate | Drip, kept: HeldAnswer, receive: Receive, send: Send) -> None:
    await send(kept.start)
    if isinstance(rule, Truncate):
        half = bytes(kept.body[: len(kept.body) // 2])
        await send({"type": "http.response.body", "body": half, "more_body": True})
        await hang_up(receive)
        return
    for byte in kept.body:
        await send({"type": "http.response.body", "body": bytes((byte,)), "more_body": True})
        if await _left_within(rule.seconds, receive):
            return
    await send({"type": "http.response.body", "body": b""})


async def _flood(rule: TooLarge, send: Send) -> None:
    headers = [(b"content-type", JSON.encode())]
    if rule.gzip:
        headers.append((b"content-encoding", b"gzip"))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    packed = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    for part in _padding(rule.megabytes * MEGABYTE):
        body = packed.compress(part) if rule.gzip else part
        if body:
            await send({"type": "http.response.body", "body": body, "more_body": True})
        await asyncio.sleep(0)  # others are served meanwhile
    await send({"type": "http.response.body", "body": packed.flush() if rule.gzip else b""})


def _padding(size: int) -> Iterator[bytes]:
    """Yield JSON of about so many bytes."""
    yield b'{"devices": [], "total": 0, "padding": "'
    for _ in range(size // CHUNK):
        yield b"x" * CHUNK
    yield b'"}'


async def _instead(rule: AnyRule, send: Send) -> None:
    """Give an answer that the service did not make."""
    status, kind, body, headers = _other(rule)
    headers += [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _other(rule: AnyRule) -> tuple[int, str, bytes, Headers]:
    """Return status, content type, body and more headers of what is answered instead."""
    match rule:
        case Status():
            wait = [] if rule.retry_after is None else [(b"retry-after", rule.retry_after.encode())]
            return rule.code, WEB if rule.html else JSON, _said(rule), wait
        case NoRollbackRoute(code=405):
            said = _error(405, "method_not_allowed", "Method Not Allowed.")
            return 405, JSON, said, [(b"allow", b"GET")]
        case Redirect():
            return rule.code, JSON, b"", [(b"location", rule.location.encode())]
        case _:
            status, kind, body = CANNED[type(rule)]
            return status, kind, body, []


def _said(rule: Status) -> bytes:
    if rule.code in BODILESS:
        return b""
    return _page(rule.code) if rule.html else _error(rule.code, "fault", rule.message)


def _error(status: int, code: str, message: str) -> bytes:
    return json.dumps({"error": code, "message": message, "status_code": status}).encode()


def _page(status: int) -> bytes:
    return f"<!doctype html><title>{status}</title><h1>{status}</h1><hr>gateway".encode()


CANNED: dict[type[AnyRule], tuple[int, str, bytes]] = {
    NoRollbackRoute: (404, JSON, _error(404, "not_found", "There is nothing here.")),
    Forbid: (403, JSON, _error(403, "insufficient_scope", "The key lacks a scope for this.")),
    RejectKey: (401, JSON, _error(401, "invalid_api_key", "The API key is not accepted.")),
    Html: (200, WEB, PORTAL),
    Garbage: (200, JSON, b'{"models": [{"id": "mdl_phi4mini", "nam'),
    Empty: (200, JSON, b""),
}
"""Answers that are always the same: status, content type and body."""
