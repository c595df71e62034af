"""The two kinds of connection behind the guard, and what the HTTP library's exceptions mean.

Reads share a few kept connections. A rollback gets a fresh one that is closed
afterwards: on a kept connection that the service is just closing, a request
fails in a way that cannot be told from one that was carried out.
"""

from __future__ import annotations

import asyncio
import ssl
import time
import zlib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpx

from octomil_tui._version import __version__
from octomil_tui.api.address import Address
from octomil_tui.api.answer import Answer
from octomil_tui.api.auth import PRACTICE_HEADER, BearerAuth, KeyHolder, refused_for_practice
from octomil_tui.api.errors import RequestRefusedError
from octomil_tui.api.fault import BODY_LIMIT, Fault, FaultError, connect_fault, sentence
from octomil_tui.api.network import tls_context
from octomil_tui.api.proxy import Proxy
from octomil_tui.api.transport import GuardTransport, Transport

_HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "gzip",
    "User-Agent": f"octomil-console/{__version__}",
}
_KEPT_FOR = 15.0
"""Seconds that an unused connection is kept."""
_KEPT = httpx.Limits(max_connections=4, max_keepalive_connections=4, keepalive_expiry=_KEPT_FOR)
_FRESH = httpx.Limits(max_connections=1, max_keepalive_connections=0)
_UNAUTHORIZED = 401
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


class Connections:
    """The connections to one service.

    Args:
        address: The service.
        holder: The key for it.
        read_only: Whether writing is refused.
        connect_timeout: Seconds to connect, and again for TLS.
        transport: Stands in for the network; the guard is still in front of it.
        ca_file: The authorities to trust instead of the system's.
        proxy: The proxy to go through.
        body_limit: Bytes of a decoded body that are held at most.
        wall: Epoch seconds of this machine, which go on while it sleeps.
    """

    def __init__(
        self,
        address: Address,
        holder: KeyHolder,
        *,
        read_only: bool,
        connect_timeout: float,
        transport: Transport | None = None,
        ca_file: str | None = None,
        proxy: Proxy | None = None,
        body_limit: int = BODY_LIMIT,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._address = address
        self._holder = holder
        self._auth = BearerAuth(holder, address)
        self._read_only = read_only
        self._connect_timeout = connect_timeout
        self._given = transport
        self._ca_file = ca_file
        self._proxy = proxy
        self._body_limit = body_limit
        self._context: ssl.SSLContext | None = None
        self._kept: httpx.AsyncClient | None = None
        self._wall = wall
        self._used_at = 0.0
        self._is_met = False
        self._meeting = asyncio.Lock()

    async def get(self, path: str, params: Mapping[str, str], deadline: float) -> Answer:
        """Read `path`, whole within `deadline` seconds.

        Raises:
            FaultError: There is no whole answer.
            RequestRefusedError: The guard stopped it.
            KeyRefusedError: The key is a real one, and an embedded control plane answers.
        """
        await self._load_context()
        left = await self._meet(deadline)
        answer = await self._exchange(await self._reading(), "GET", path, left, params=dict(params))
        self._note(answer)
        self._refuse_practice(answer)
        return answer

    async def _reading(self) -> httpx.AsyncClient:
        """Return the client of the kept connections; after a pause none of them is kept.

        The HTTP library lets them expire by a clock that stands while this
        machine sleeps. The service has long forgotten them then, and a request
        on one of them would wait for its deadline.
        """
        now = self._wall()
        pause, self._used_at = now - self._used_at, now
        if self._kept is not None and pause > _KEPT_FOR:
            paused, self._kept = self._kept, None
            await paused.aclose()
        if self._kept is None:
            self._kept = self._client(_KEPT, self._auth)
        return self._kept

    async def post(self, path: str, body: bytes, headers: Mapping[str, str], deadline: float) -> Answer:
        """Send `body` to `path` once, on a connection of its own.

        Raises:
            FaultError: There is no whole answer; `fault.was_not_sent` says
                whether the service may have seen the request.
            ReadOnlyError: This console is read-only; nothing was sent.
            RequestRefusedError: The guard stopped it.
            KeyRefusedError: The key is a real one, and an embedded control plane answers.
        """
        await self._load_context()
        try:
            await self._meet(deadline)
        except FaultError as error:
            # Whatever it was, the request itself never left.
            raise RequestRefusedError(sentence(error.fault, self._address.netloc)) from None
        async with self._client(_FRESH, self._auth) as client:
            named = {"Content-Type": "application/json", **headers}
            answer = await self._exchange(client, "POST", path, deadline, content=body, headers=named)
        self._note(answer)
        return answer

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

    async def _meet(self, deadline: float) -> float:
        """Ask who answers on this machine before a real key is sent there, and return the seconds left.

        Whoever is logged in here can listen on a port, and a practice service may have taken the one
        that a tunnel had. Beyond this machine, certificates say who answers, and nothing is asked.

        Raises:
            FaultError: Nobody answered.
            KeyRefusedError: An embedded control plane did.
        """
        if not self._address.is_loopback or self._holder.key.is_for_practice or self._is_met:
            return deadline
        clock = asyncio.get_running_loop().time
        begun = clock()
        async with self._meeting:
            if not self._is_met:
                async with self._client(_FRESH, BearerAuth(None, self._address)) as client:
                    answer = await self._exchange(client, "HEAD", self._address.base_path or "/", deadline)
                self._refuse_practice(answer)
                self._is_met = True
        return max(deadline - (clock() - begun), 0.0)

    def _refuse_practice(self, answer: Answer) -> None:
        if PRACTICE_HEADER in answer.headers and not self._holder.key.is_for_practice:
            raise refused_for_practice(self._address)

    def _note(self, answer: Answer) -> None:
        """Note what an answer says of the key, and of who answers."""
        self._is_met = self._is_met and PRACTICE_HEADER not in answer.headers
        if answer.status == _UNAUTHORIZED:
            self._holder.is_refused = True
        elif answer.is_success:
            self._holder.is_refused = False

    def _client(self, limits: httpx.Limits, auth: BearerAuth) -> httpx.AsyncClient:
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
                auth=auth,
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
        # Whoever answers next may be somebody else.
        self._is_met = False
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
        return connect_fault(error)
    kind = next((kind for kind in type(error).__mro__ if kind in _FAULTS), None)
    return Fault.OTHER if kind is None else _FAULTS[kind]
