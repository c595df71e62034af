"""How far one exchange came, and the body of its answer; free of the HTTP library."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Mapping
from typing import Any, Protocol

from octomil_tui.api.fault import Fault, FaultError

_ANY_ZLIB = 47  # gzip or zlib, whichever the body is


class Streamed(Protocol):
    """An answer whose body is still to be read, as the HTTP library has it."""

    @property
    def headers(self) -> Mapping[str, str]:
        """By name, in any case."""

    @property
    def is_stream_consumed(self) -> bool:
        """Whether the whole body is here already."""

    async def aread(self) -> bytes:
        """Return the whole decoded body."""

    def aiter_raw(self) -> AsyncIterator[bytes]:
        """Yield the body as it comes."""


class Trail:
    """How far one request came, as the HTTP library tells step by step."""

    def __init__(self) -> None:
        self._has_connected = False
        self._has_sent = False
        self.has_begun = False
        """Whether any of the answer came."""

    async def note(self, step: str, _details: Mapping[str, Any]) -> None:
        """Take note of one step."""
        self._has_connected = self._has_connected or step.endswith("connect_tcp.started")
        self._has_sent = self._has_sent or step.endswith("send_request_headers.started")

    @property
    def was_on_kept(self) -> bool:
        """Whether it went out on a connection of before, and nothing came back."""
        return self._has_sent and not self._has_connected and not self.has_begun


async def whole_body(response: Streamed, limit: int) -> bytes:
    """Return the decoded body, never holding more than `limit` bytes of it.

    Raises:
        FaultError: It is too large, cut short, or its compression is damaged or unknown.
    """
    if response.is_stream_consumed:  # a transport in this process hands over whole answers
        whole = await response.aread()
        if len(whole) > limit:
            raise FaultError(Fault.TOO_LARGE)
        return whole
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise FaultError(Fault.ENCODED)
    inflate = None if encoding in ("", "identity") else zlib.decompressobj(_ANY_ZLIB)
    body = bytearray()
    async for chunk in response.aiter_raw():
        try:
            # The bound is on what comes out: a small chunk can hold a thousand times its size.
            body += chunk if inflate is None else inflate.decompress(chunk, limit + 1 - len(body))
        except zlib.error:
            raise FaultError(Fault.ENCODED) from None
        if len(body) > limit:
            raise FaultError(Fault.TOO_LARGE)
    if inflate is not None and body and not inflate.eof:
        raise FaultError(Fault.INCOMPLETE)
    return bytes(body)
