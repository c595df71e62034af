"""The guard that every request passes on its way out, and one request through it to its whole answer."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Mapping
from functools import lru_cache
from importlib.util import find_spec
from types import MappingProxyType
from typing import NamedTuple, NoReturn

import httpx

from octomil_tui._version import __version__
from octomil_tui.api.address import Address
from octomil_tui.api.answer import Answer
from octomil_tui.api.auth import BearerAuth
from octomil_tui.api.body import Trail, whole_body
from octomil_tui.api.errors import ReadOnlyError, RequestRefusedError
from octomil_tui.api.fault import Fault, FaultError, connect_fault

Transport = httpx.AsyncBaseTransport
"""What may stand in for the network in a test."""

_HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "gzip",
    "User-Agent": f"octomil-console/{__version__}",
}
_CUT_OFF = frozenset({Fault.INCOMPLETE, Fault.RESET})

_FAULTS: dict[type[Exception], Fault] = {
    httpx.ConnectTimeout: Fault.CONNECT_TIMEOUT,
    httpx.PoolTimeout: Fault.BUSY,
    httpx.TimeoutException: Fault.TIMEOUT,
    httpx.ProxyError: Fault.PROXY,
    httpx.RemoteProtocolError: Fault.INCOMPLETE,
    httpx.LocalProtocolError: Fault.LOCAL,
    httpx.UnsupportedProtocol: Fault.LOCAL,
    httpx.InvalidURL: Fault.LOCAL,
    httpx.ReadError: Fault.RESET,
    httpx.WriteError: Fault.RESET,
    httpx.CloseError: Fault.RESET,
    httpx.DecodingError: Fault.ENCODED,
}

_READING = frozenset({"GET", "HEAD"})
_OVERRIDES = ("x-http-method-override", "x-http-method", "x-method-override")


_NAME = r"(?!\.{1,2}/)[^/?#]+"
"""One segment of a path that names something; never one that leads elsewhere."""

WRITES = (
    ("POST", rf"/models/{_NAME}/(?:rollback|rollouts)"),
    ("POST", rf"/models/{_NAME}/rollouts/{_NAME}/(?:pause|resume|advance|update-percentage|cancel)"),
    # For a service that cannot cancel a rollout in another way.
    ("DELETE", rf"/models/{_NAME}/rollouts/(?!\.{{1,2}}\?)[^/?#]+\?force=true"),
    ("POST", rf"/models/model-versions/{_NAME}/(?:deprecate|publish)"),
    ("PATCH", r"/settings"),
    ("PUT", r"/settings/(?!\.{1,2}$)[^/?#]+"),
)
"""All that this console ever sends beside reads: methods, and paths below the base. The second rollback is for
a service that has no rollback of models."""


class GuardTransport(httpx.AsyncBaseTransport):
    """Lets out what this client sends, and nothing else; cannot be changed once made.

    Requests go to the configured origin only. Reading ones (`GET`, `HEAD`)
    have no body and no header that asks for another method. Beyond reading,
    and only where the console is not read-only, there are exactly those of
    `WRITES`. The key is attached here, after all checks, so that nothing else
    ever sees it.

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
    _writes: tuple[tuple[str, re.Pattern[str]], ...]

    def __init__(
        self, inner: Transport, *, address: Address, auth: BearerAuth, read_only: bool, owns: bool = True
    ) -> None:
        base = re.escape(address.base_path)
        writes = tuple((method, re.compile(base + path)) for method, path in WRITES)
        values = (address, auth, inner, owns, read_only, writes)
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
        elif not self._is_known(request.method, url.raw_path.decode("ascii")):
            raise RequestRefusedError("a request that this console never sends was stopped")

    def _is_known(self, method: str, path: str) -> bool:
        return any(method == one and pattern.fullmatch(path) for one, pattern in self._writes)

    async def aclose(self) -> None:
        """Close what sends, if it belongs to the guard."""
        if self._owns:
            await self._inner.aclose()


if find_spec("sniffio") is None:
    # The HTTP library looks for it at every request, in every directory of the path.
    sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type] # that is how its absence is said


class Message(NamedTuple):
    """What one request says, but for its method."""

    path: str
    """From the root, encoded."""
    params: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = MappingProxyType({})
    body: bytes | None = None


@lru_cache(maxsize=256)
def _url(whole: str, params: tuple[tuple[str, str], ...]) -> httpx.URL:
    # Cached: a console asks for the same few things again and again.
    return httpx.URL(whole, params=params) if params else httpx.URL(whole)


async def carry(
    way: GuardTransport,
    method: str,
    root: str,
    message: Message,
    *,
    deadline: float,
    connect_timeout: float,
    body_limit: int,
) -> Answer:
    """Send one request through the guard and return its whole answer.

    Args:
        way: The way out.
        method: Of the request.
        root: Scheme and host of the service.
        message: What is said.
        deadline: Seconds until the last byte is here.
        connect_timeout: Seconds to connect, and again for TLS.
        body_limit: Bytes of a decoded body that are held at most.

    Raises:
        FaultError: There is no whole answer.
        RequestRefusedError: The guard stopped it.
    """
    # TCP and TLS each get less than half of the deadline: cut off from outside in the midst of
    # a handshake, the library would leave the socket open, and nobody could say that nothing was sent.
    timeout = {"connect": min(connect_timeout, deadline * 0.45)}
    trail = Trail()
    try:
        request = httpx.Request(
            method,
            _url(root + message.path, message.params),
            headers={**_HEADERS, **message.headers},
            content=message.body,
            extensions={"timeout": timeout, "trace": trail.note},
        )
        # The library's own read timeout is per chunk: a slow drip would never end.
        async with asyncio.timeout(deadline):
            response = await way.handle_async_request(request)
            trail.has_begun = True
            try:
                whole = await whole_body(response, body_limit)
            finally:
                await response.aclose()
            # What was decoded in this process has no other size.
            size = response.num_bytes_downloaded or len(whole)
            return Answer(response.status_code, dict(response.headers.items()), whole, size)
    except TimeoutError:
        fault = Fault.TIMEOUT
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
        fault = fault_of(error)
    # Outside the handlers: the library's exception may quote the request, key included.
    raise FaultError(fault, is_stale_connection=fault in _CUT_OFF and trail.was_on_kept)


def fault_of(error: Exception) -> Fault:
    """Return what an exception of the HTTP library means."""
    if isinstance(error, httpx.ConnectError):
        return connect_fault(error)
    kind = next((kind for kind in type(error).__mro__ if kind in _FAULTS), None)
    return Fault.OTHER if kind is None else _FAULTS[kind]
