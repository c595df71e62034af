"""The two kinds of connection behind the guard, and what the HTTP library's exceptions mean.

Reads share a few kept connections. A rollback gets a fresh one that is closed
afterwards: on a kept connection that the service is just closing, a request
fails in a way that cannot be told from one that was carried out.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import zlib
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpx

from octomil_tui._version import __version__
from octomil_tui.api.address import Address
from octomil_tui.api.answer import Answer
from octomil_tui.api.auth import BearerAuth
from octomil_tui.api.fault import BODY_LIMIT, Fault, FaultError
from octomil_tui.api.network import Proxy, tls_context
from octomil_tui.api.transport import GuardTransport, Transport

_HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "gzip",
    "User-Agent": f"octomil-console/{__version__}",
}
_KEPT = httpx.Limits(max_connections=4, max_keepalive_connections=4, keepalive_expiry=15)
_FRESH = httpx.Limits(max_connections=1, max_keepalive_connections=0)
_ANY_ZLIB = 47  # gzip or zlib, whichever the body is

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

_CERTIFICATE = {10: Fault.EXPIRED, 9: Fault.EXPIRED, 62: Fault.WRONG_NAME, 64: Fault.WRONG_NAME}
"""OpenSSL's verification results that have a sentence of their own."""


class Connections:
    """The connections to one service.

    Args:
        address: The service.
        auth: The key for it.
        read_only: Whether writing is refused.
        connect_timeout: Seconds to connect, and again for TLS.
        transport: Stands in for the network; the guard is still in front of it.
        ca_file: The authorities to trust instead of the system's.
        proxy: The proxy to go through.
        body_limit: Bytes of a decoded body that are held at most.
    """

    def __init__(
        self,
        address: Address,
        auth: BearerAuth,
        *,
        read_only: bool,
        connect_timeout: float,
        transport: Transport | None = None,
        ca_file: str | None = None,
        proxy: Proxy | None = None,
        body_limit: int = BODY_LIMIT,
    ) -> None:
        self._address = address
        self._auth = auth
        self._read_only = read_only
        self._connect_timeout = connect_timeout
        self._given = transport
        self._ca_file = ca_file
        self._proxy = proxy
        self._body_limit = body_limit
        self._context: ssl.SSLContext | None = None
        self._kept: httpx.AsyncClient | None = None

    async def get(self, path: str, params: Mapping[str, str], deadline: float) -> Answer:
        """Read `path`, whole within `deadline` seconds.

        Raises:
            FaultError: There is no whole answer.
            RequestRefusedError: The guard stopped it.
        """
        await self._load_context()
        if self._kept is None:
            self._kept = self._client(_KEPT)
        return await self._exchange(self._kept, "GET", path, deadline, params=dict(params))

    async def post(self, path: str, body: bytes, headers: Mapping[str, str], deadline: float) -> Answer:
        """Send `body` to `path` once, on a connection of its own.

        Raises:
            FaultError: There is no whole answer; `fault.was_not_sent` says
                whether the service may have seen the request.
            ReadOnlyError: This console is read-only; nothing was sent.
            RequestRefusedError: The guard stopped it.
        """
        await self._load_context()
        async with self._client(_FRESH) as client:
            named = {"Content-Type": "application/json", **headers}
            return await self._exchange(client, "POST", path, deadline, content=body, headers=named)

    async def aclose(self) -> None:
        """Close the kept connections."""
        if self._kept is not None:
            await self._kept.aclose()

    @property
    def _root(self) -> str:
        return f"{self._address.scheme}://{self._address.netloc}"

    async def _load_context(self) -> None:
        if self._context is None and self._given is None:
            context = await asyncio.to_thread(tls_context, self._address, self._ca_file)
            self._context = context or await asyncio.to_thread(httpx.create_ssl_context, trust_env=False)

    def _client(self, limits: httpx.Limits) -> httpx.AsyncClient:
        inner = self._given or httpx.AsyncHTTPTransport(
            verify=self._context or True,
            limits=limits,
            trust_env=False,
            proxy=httpx.Proxy(self._proxy.url) if self._proxy else None,
        )
        return httpx.AsyncClient(
            transport=GuardTransport(
                inner,
                address=self._address,
                auth=self._auth,
                read_only=self._read_only,
                owns=self._given is None,
            ),
            headers=_HEADERS,
            timeout=None,  # noqa: S113 - every request brings its own
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            follow_redirects=False,
            trust_env=False,
        )

    async def _exchange(
        self, client: httpx.AsyncClient, method: str, path: str, deadline: float, **parts: Any
    ) -> Answer:
        # TCP and TLS each get less than half of the deadline: cut off from outside in the midst of
        # a handshake, the library would leave the socket open, and nobody could say that nothing was sent.
        timeout = httpx.Timeout(None, connect=min(self._connect_timeout, deadline * 0.45))
        try:
            request = client.build_request(method, f"{self._root}{path}", timeout=timeout, **parts)
            # The library's own read timeout is per chunk: a slow drip would never end.
            async with asyncio.timeout(deadline), _streamed(client, request) as response:
                body = await _whole_body(response, self._body_limit)
                return Answer(response.status_code, dict(response.headers.items()), body)
        except TimeoutError:
            fault = Fault.TIMEOUT
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
            fault = fault_of(error)
        # Outside the handlers: the library's exception may quote the request, key included.
        raise FaultError(fault)


@asynccontextmanager
async def _streamed(client: httpx.AsyncClient, request: httpx.Request) -> AsyncIterator[httpx.Response]:
    response = await client.send(request, stream=True)
    try:
        yield response
    finally:
        await response.aclose()


async def _whole_body(response: httpx.Response, limit: int) -> bytes:
    """Return the decoded body, never holding more than `limit` bytes of it."""
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


def fault_of(error: Exception) -> Fault:
    """Return what an exception of the HTTP library means."""
    if isinstance(error, httpx.ConnectError):
        return _connect_fault(error)
    kind = next((kind for kind in type(error).__mro__ if kind in _FAULTS), None)
    return Fault.OTHER if kind is None else _FAULTS[kind]


def _connect_fault(error: Exception) -> Fault:
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _CERTIFICATE.get(cause.verify_code, Fault.UNTRUSTED)
    for kind, fault in (
        (ssl.SSLError, Fault.NO_TLS),
        (socket.gaierror, Fault.UNRESOLVED),
        (ConnectionRefusedError, Fault.REFUSED),
    ):
        if any(isinstance(cause, kind) for cause in causes):
            return fault
    return Fault.UNREACHABLE


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for inner in error.exceptions:
                yield from _causes(inner)
        error = error.__cause__ or error.__context__
