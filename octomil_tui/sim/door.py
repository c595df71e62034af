"""What every request passes before a route sees it: host, origin, key, size, time, and the faults that are on."""

import asyncio
import json
import re
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from octomil_tui.sim.errors import RefusedError
from octomil_tui.sim.faults import NOTHING
from octomil_tui.sim.key import Keys, hidden
from octomil_tui.sim.misanswer import answer_with
from octomil_tui.sim.stamp import http_date
from octomil_tui.sim.world import World

__all__ = ["DRILL_PREFIX", "FAULTS_OF_REQUEST", "PREFIXES", "FrontDoor", "Seen"]

PREFIXES = ("/v1", "/api/v1")
"""Where the API is; both are the same."""
BODY_LIMIT = 1_000_000
"""Bytes that a request body may have."""
DROPPED_LIMIT = 16 * BODY_LIMIT
"""Bytes of one that is too large that are read all the same."""
BODY_WITHIN = 10.0
"""Seconds that a request body may take to come."""
REMEMBERED = 100_000
DRILL_PREFIX = "/_sim"
"""Where the simulator's own routes are; they are no requests to the service."""
FAULTS_OF_REQUEST = "octomil.faults"
"""Where a request's scope has the faults that it met."""
UNREAD = frozenset({408, 413})
"""Answers to a body that was not read to its end: the connection cannot be used again."""
LOOPBACK = re.compile(r"(127(\.\d{1,3}){3}|\[::1\]|localhost)(:\d{1,5})?", re.IGNORECASE)


@dataclass(slots=True)
class Seen:
    """A request that reached the service, whatever came of it."""

    method: str
    path: str
    query: str
    idempotency_key: str | None
    at: float
    """The scenario's time, epoch seconds."""
    after: float = 0.0
    """Real seconds since the service began."""
    faults: tuple[str, ...] = ()
    """What it met."""


class FrontDoor:
    """An ASGI application around the routes.

    Args:
        app: The routes.
        world: The scenario, which is brought up to date before each request.
        keys: The keys of this run.
        clock: Real seconds that only grow.
    """

    def __init__(
        self, app: ASGIApp, world: World, keys: Keys, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._app = app
        self._world = world
        self._keys = keys
        self._clock = clock
        self._began = clock()
        self._requests = 0
        self.last_admitted = self._began
        """When somebody was let in last, on `clock`."""
        self.seen: deque[Seen] = deque(maxlen=REMEMBERED)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        now = self._world.advance()
        headers = {name.lower(): value for name, value in scope["headers"]}
        is_drill = scope["path"].startswith(DRILL_PREFIX)
        seen = None if is_drill else self._remember(scope, headers, now)
        fired = NOTHING
        self._requests += 1
        number = self._requests

        async def labelled(message: Message) -> None:
            if message["type"] == "http.response.start":
                labels = [
                    (b"date", http_date(now + fired.skew).encode()),
                    (b"x-request-id", f"req_{number:06d}".encode()),
                    (b"x-octomil-simulator", b"1"),
                ]
                message["headers"] = [*message.get("headers", ()), *labels]
            await send(message)

        try:
            self._admit(headers, is_drill=is_drill)
            self.last_admitted = self._clock()
            body = await _read(receive)
        except RefusedError as error:
            await _refuse(error, labelled)
            return
        if body is None:
            return
        if seen is not None:
            fired = self._world.faults.fire(seen.method, (scope["path"], _below_prefix(scope["path"])))
            seen.faults = fired.names
            scope[FAULTS_OF_REQUEST] = fired
        await answer_with(fired, self._app, scope, _replay(body, receive), labelled)

    def _admit(self, headers: dict[bytes, bytes], *, is_drill: bool) -> None:
        if not LOOPBACK.fullmatch(headers.get(b"host", b"").decode("latin-1")):
            raise RefusedError(
                421, "misdirected_request", "This server answers to its loopback address only."
            )
        if b"origin" in headers:
            raise RefusedError(403, "forbidden", "Requests from web pages are refused.")
        if not self._keys.opens(headers.get(b"authorization", b""), is_drill=is_drill):
            raise RefusedError(
                401, "invalid_api_key", "The API key is missing or is not the key of this run."
            )

    def _remember(self, scope: Scope, headers: dict[bytes, bytes], now: float) -> Seen:
        key = headers.get(b"idempotency-key")
        seen = Seen(
            method=scope["method"],
            path=hidden(scope["path"]),
            query=hidden(scope["query_string"].decode("latin-1")),
            idempotency_key=None if key is None else hidden(key.decode("latin-1")),
            at=now,
            after=round(self._clock() - self._began, 3),
        )
        self.seen.append(seen)
        return seen


def _below_prefix(path: str) -> str:
    """Return the path without the API's prefix, if it has one."""
    prefix = next((prefix for prefix in PREFIXES if path.startswith(f"{prefix}/")), "")
    return path.removeprefix(prefix)


async def _read(receive: Receive) -> bytes | None:
    """Return the body, or None where the client left before its end: half a request is none."""
    body = bytearray()
    size, more = 0, True
    try:
        async with asyncio.timeout(BODY_WITHIN):
            # What is too large is read on for a while, and dropped: a client that is still
            # sending when the connection closes would never see why.
            while more and size <= DROPPED_LIMIT:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return None
                size += len(message.get("body", b""))
                more = message.get("more_body", False)
                if size <= BODY_LIMIT:
                    body += message.get("body", b"")
    except TimeoutError:
        raise RefusedError(408, "request_timeout", "The request's body did not come in time.") from None
    if size > BODY_LIMIT:
        raise RefusedError(413, "payload_too_large", f"A body may have {BODY_LIMIT} bytes.")
    return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives the body that was read, and then whatever comes."""
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return pending.pop() if pending else await receive()

    return replayed


async def _refuse(error: RefusedError, send: Send) -> None:
    body = json.dumps(error.body()).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if error.status_code in UNREAD:
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": error.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": body})
