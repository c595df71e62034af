"""What an answer costs on the way: nothing where the client has it already, and little where it can be packed."""

import hashlib
import zlib

from starlette.types import ASGIApp, Receive, Scope, Send

from octomil_tui.sim.held import HeldAnswer

__all__ = ["PACKED_FROM", "Entities", "etag_of"]

PACKED_FROM = 1024
"""Bytes from which on a body is packed."""
FASTEST = 1
GZIP = zlib.MAX_WBITS | 16
TAG_BYTES = 12
OK, NOT_MODIFIED = 200, 304
UNCHANGED_HEADERS = frozenset({b"etag", b"vary", b"cache-control"})
"""What an answer without a body says of it."""

Headers = list[tuple[bytes, bytes]]


class Entities:
    """An ASGI application that gives every answer to a GET an `ETag`, and packs what is large.

    The tag is made from the body. It is a weak one: packed or not, the answer says the same.

    Args:
        app: The routes.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        whole = HeldAnswer()
        try:
            await self._app(scope, receive, whole.keep)
        finally:
            # A bug of ours is answered too, before it goes on to whoever writes it down.
            if whole.start:
                await _give(whole, scope, send)


async def _give(whole: HeldAnswer, scope: Scope, send: Send) -> None:
    asked = {name.lower(): value for name, value in scope["headers"]}
    status, body = int(whole.start["status"]), bytes(whole.body)
    headers: Headers = [(name.lower(), value) for name, value in whole.start.get("headers", ())]
    if body:
        headers.append((b"vary", b"accept-encoding"))
    if status == OK and scope["method"] == "GET":
        tag = etag_of(body)
        headers.append((b"etag", tag))
        if _has(tag, asked.get(b"if-none-match", b"")):
            status, body = NOT_MODIFIED, b""
            headers = [(name, value) for name, value in headers if name in UNCHANGED_HEADERS]
    if len(body) >= PACKED_FROM and _takes_gzip(asked.get(b"accept-encoding", b"")):
        body = zlib.compress(body, FASTEST, GZIP)
        headers = [(name, value) for name, value in headers if name != b"content-length"]
        headers += [(b"content-encoding", b"gzip"), (b"content-length", str(len(body)).encode())]
    await send({**whole.start, "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def etag_of(body: bytes) -> bytes:
    """Return the weak tag of a body."""
    return f'W/"{hashlib.blake2b(body, digest_size=TAG_BYTES).hexdigest()}"'.encode()


def _has(tag: bytes, known: bytes) -> bool:
    """Return whether a tag is among those of an `If-None-Match`; weak and strong ones compare alike."""
    tags = {one.strip().removeprefix(b"W/") for one in known.split(b",")}
    return b"*" in tags or tag.removeprefix(b"W/") in tags


def _takes_gzip(accepted: bytes) -> bool:
    """Return whether an `Accept-Encoding` names gzip, and does not rule it out."""
    for one in accepted.split(b","):
        name, _, weight = one.partition(b";")
        if name.strip().lower() in {b"gzip", b"*"}:
            return weight.replace(b" ", b"").lower() not in {b"q=0", b"q=0.0", b"q=0.00", b"q=0.000"}
    return False
