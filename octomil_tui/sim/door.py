"""What every request passes before a route sees it: host, origin, key, size, time."""

import asyncio
import hmac
import json
import re
from collections import deque
from dataclasses import dataclass
from uuid import uuid4

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from octomil_tui.sim.errors import RefusedError
from octomil_tui.sim.stamp import http_date
from octomil_tui.sim.world import World

__all__ = ["DRILL_PREFIX", "FrontDoor", "Seen"]

BODY_LIMIT = 1_000_000
"""Bytes that a request body may have."""
BODY_WITHIN = 10.0
"""Seconds that a request body may take to come."""
REMEMBERED = 100_000
DRILL_PREFIX = "/_sim"
"""Where the simulator's own routes are; they are no requests to the service."""
UNREAD = frozenset({408, 413})
"""Answers to a body that was not read to its end: the connection cannot be used again."""
LOOPBACK = re.compile(r"(127\.0\.0\.1|localhost)(:\d{1,5})?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Seen:
    """A request that reached the service, whatever came of it."""

    method: str
    path: str
    query: str
    idempotency_key: str | None
    at: float


class FrontDoor:
    """An ASGI application around the routes.

    Args:
        app: The routes.
        world: The scenario, which is brought up to date before each request.
        api_key: The key of this run.
    """

    def __init__(self, app: ASGIApp, world: World, api_key: str) -> None:
        self._app = app
        self._world = world
        self._expected = f"Bearer {api_key}".encode()
        self.seen: deque[Seen] = deque(maxlen=REMEMBERED)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        now = self._world.advance()
        headers = {name.lower(): value for name, value in scope["headers"]}
        if not scope["path"].startswith(DRILL_PREFIX):
            self._remember(scope, headers, now)
        labels = [
            (b"date", http_date(now).encode()),
            (b"x-request-id", uuid4().hex.encode()),
            (b"x-octomil-simulator", b"1"),
        ]

        async def labelled(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *labels]
            await send(message)

        try:
            self._admit(headers)
            body = await _read(headers, receive)
        except RefusedError as error:
            await _refuse(error, labelled)
            return
        await self._app(scope, _replay(body, receive), labelled)

    def _admit(self, headers: dict[bytes, bytes]) -> None:
        if not LOOPBACK.fullmatch(headers.get(b"host", b"").decode("latin-1")):
            raise RefusedError(
                421, "misdirected_request", "This server answers to its loopback address only."
            )
        if b"origin" in headers:
            raise RefusedError(403, "forbidden", "Requests from web pages are refused.")
        if not hmac.compare_digest(headers.get(b"authorization", b""), self._expected):
            raise RefusedError(
                401, "invalid_api_key", "The API key is missing or is not the key of this run."
            )

    def _remember(self, scope: Scope, headers: dict[bytes, bytes], now: float) -> None:
        key = headers.get(b"idempotency-key")
        self.seen.append(
            Seen(
                method=scope["method"],
                path=scope["path"],
                query=scope["query_string"].decode("latin-1"),
                idempotency_key=None if key is None else key.decode("latin-1"),
                at=now,
            )
        )


async def _read(headers: dict[bytes, bytes], receive: Receive) -> bytes:
    too_large = RefusedError(413, "payload_too_large", f"A body may have {BODY_LIMIT} bytes.")
    declared = headers.get(b"content-length", b"0")
    if declared.isdigit() and int(declared) > BODY_LIMIT:
        raise too_large
    body = bytearray()
    more = True
    try:
        async with asyncio.timeout(BODY_WITHIN):
            while more:
                message = await receive()
                body += message.get("body", b"")
                more = message.get("more_body", False)
                if len(body) > BODY_LIMIT:
                    raise too_large
    except TimeoutError:
        raise RefusedError(408, "request_timeout", "The request's body did not come in time.") from None
    return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives the body that was read, and then whatever comes."""
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return pending.pop() if pending else await receive()

    return replayed


async def _refuse(error: RefusedError, send: Send) -> None:
    body = json.dumps(
        {"error": error.code, "message": error.message, "status_code": error.status_code}
    ).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if error.status_code in UNREAD:
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": error.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": body})
