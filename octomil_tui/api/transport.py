"""The guard that every request passes on its way out."""

from __future__ import annotations

import re
from typing import NoReturn

import httpx

from octomil_tui.api.address import Address
from octomil_tui.api.auth import BearerAuth
from octomil_tui.api.errors import ReadOnlyError, RequestRefusedError

Transport = httpx.AsyncBaseTransport
"""What may stand in for the network in a test."""

_READING = frozenset({"GET", "HEAD"})
_OVERRIDES = ("x-http-method-override", "x-http-method", "x-method-override")


class GuardTransport(httpx.AsyncBaseTransport):
    """Lets out what this client sends, and nothing else; cannot be changed once made.

    Requests go to the configured origin only. Reading ones (`GET`, `HEAD`)
    have no body and no header that asks for another method. Beyond reading,
    and only where the console is not read-only, there are exactly two:
    `POST {base}/models/{id}/rollback`, and `POST {base}/models/{id}/rollouts`
    for a service that has no rollback of models. The key is attached here, after all
    checks, so that nothing else ever sees it.

    Args:
        inner: What sends.
        address: The service; its type refuses plain http beyond this machine.
        auth: The key for it.
        read_only: Whether writing is refused.
        owns: Whether closing this closes `inner`.
    """

    __slots__ = ("_address", "_auth", "_inner", "_owns", "_read_only", "_writes")

    _address: Address
    _auth: BearerAuth
    _inner: Transport
    _owns: bool
    _read_only: bool
    _writes: re.Pattern[str]

    def __init__(
        self, inner: Transport, *, address: Address, auth: BearerAuth, read_only: bool, owns: bool = True
    ) -> None:
        path = rf"{re.escape(address.base_path)}/models/(?!\.{{1,2}}/)[^/?#]+/(?:rollback|rollouts)"
        values = (address, auth, inner, owns, read_only, re.compile(path))
        for name, value in zip(GuardTransport.__slots__, values, strict=True):
            object.__setattr__(self, name, value)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("the guard cannot be changed")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError("the guard cannot be changed")

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request` if it may leave.

        Raises:
            RequestRefusedError: Another origin, method or path.
            ReadOnlyError: It would change something, and this console is read-only.
        """
        self._check(request)
        self._auth.attach(self._address.origin, request.headers)
        return await self._inner.handle_async_request(request)

    def _check(self, request: httpx.Request) -> None:
        url = request.url
        port = url.port or {"http": 80, "https": 443}.get(url.scheme)
        if (url.scheme, url.host, port) != self._address.origin or url.userinfo:
            raise RequestRefusedError("a request to another host than the configured one was stopped")
        is_reading = request.method in _READING
        if self._read_only and not is_reading:
            raise ReadOnlyError("this console is read-only; nothing was sent")
        if any(name in request.headers for name in _OVERRIDES):
            raise RequestRefusedError("a request that asks for another method was stopped")
        if is_reading:
            if request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers:
                raise RequestRefusedError("a read with a body was stopped")
        elif request.method != "POST" or not self._writes.fullmatch(url.raw_path.decode("ascii")):
            raise RequestRefusedError("a request that this console never sends was stopped")

    async def aclose(self) -> None:
        """Close what sends, if it belongs to the guard."""
        if self._owns:
            await self._inner.aclose()
