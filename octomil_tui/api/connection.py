"""The two kinds of connection behind the guard.

Reads share a few kept connections. A rollback gets a fresh one that is closed
afterwards: on a kept connection that the service is just closing, a request
fails in a way that cannot be told from one that was carried out.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext, suppress

import httpx

from octomil_tui.api.address import Address
from octomil_tui.api.answer import Answer, Asked
from octomil_tui.api.auth import BearerAuth, KeyHolder
from octomil_tui.api.errors import ConfigurationError, RequestRefusedError
from octomil_tui.api.fault import BODY_LIMIT, FaultError, sentence
from octomil_tui.api.meter import Call, Ended, Meter, Unmetered
from octomil_tui.api.network import tls_context
from octomil_tui.api.peer import Peer
from octomil_tui.api.proxy import Proxy
from octomil_tui.api.retry import retry_after_seconds
from octomil_tui.api.transport import GuardTransport, Message, Transport, carry
from octomil_tui.domain.text import clean

_KEPT_FOR = 15.0
"""Seconds that an unused connection is kept."""
_RENEWED_AFTER = 3600.0
"""Seconds after which even connections that are never idle are made anew.

Whoever reads every few seconds for a month would otherwise never ask again
where the service is, nor read again which authorities are to be trusted.
"""
_KEPT = httpx.Limits(max_connections=4, max_keepalive_connections=4, keepalive_expiry=_KEPT_FOR)
_FRESH = httpx.Limits(max_connections=1, max_keepalive_connections=0)


def trusted(address: Address, ca_file: str | None) -> ssl.SSLContext:
    """Return the certificate rules for a service, with the HTTP library's authorities where the system has none.

    Raises:
        ConfigurationError: `ca_file` cannot be read or holds no certificate.
    """
    return tls_context(address, ca_file) or httpx.create_ssl_context(trust_env=False)


class Connections:
    """The connections to one service.

    Args:
        address: The service.
        holder: The key for it; None for requests without one.
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
        holder: KeyHolder | None,
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
        self._kept: GuardTransport | None = None
        self._wall = wall
        self.meter: Meter = Unmetered()
        """Counts every request; asked before each."""
        self._used_at = 0.0
        self._renewed_at = wall()
        self._is_renewing = self._is_doubted = False
        self._reads = 0
        """Reads that are under way on kept connections."""
        self._peer = Peer(address, holder)

    @property
    def owner(self) -> object:
        """Whose answers these are: another object as soon as requests carry another key."""
        return self._holder.key if self._holder is not None else None

    async def get(
        self, asked: Asked, deadline: float, patience: float | None = None, *, on_fresh: bool = False
    ) -> Answer:
        """Read what is asked for, whole within `deadline` seconds once the request may leave.

        Args:
            asked: What is asked for.
            deadline: Seconds from leaving to the last byte.
            patience: Seconds that it may wait until it leaves; None for as long as it takes.
            on_fresh: Whether it must not go out on a connection that was kept, and is a second try.

        Raises:
            FaultError: There is no whole answer.
            RateLimitedError: It would have to wait for longer than that.
            RequestRefusedError: The guard stopped it.
            KeyRefusedError: The key is a real one, and an embedded control plane answers.
        """
        await self._renew()
        await self._load_context()
        left = await self._meet(deadline, patience)
        call = Call("GET", clean(asked.path), asked.page, asked.is_retry or on_fresh)
        message = Message(asked.path, tuple(asked.params.items()), asked.headers)
        # The way over the kept connections is closed elsewhere.
        async with self._way(_FRESH, self._auth) if on_fresh else nullcontext(await self._reading()) as way:
            self._reads += not on_fresh
            try:
                answer = await self._exchange(way, call, message, left, patience)
            except BaseException:
                # Cut off in the midst, it may have left something behind that the next ones would wait for.
                self._is_doubted = True
                raise
            finally:
                self._reads -= not on_fresh
        self._peer.note(answer)
        self._peer.refuse_practice(answer)
        return answer

    async def _renew(self) -> None:
        """Let go of what is an hour old, between two reads: of addresses, connections and authorities."""
        age = self._wall() - self._renewed_at
        if self._is_renewing or self._reads or 0.0 <= age < _RENEWED_AFTER:
            return
        self._is_renewing = True
        try:
            with suppress(ConfigurationError):  # a file that is being replaced: what it held serves for now
                self._context = await self._made_context()
            if not self._reads:
                self._renewed_at += age
                kept, self._kept = self._kept, None
                if kept is not None:
                    await kept.aclose()
        finally:
            self._is_renewing = False

    async def _reading(self) -> GuardTransport:
        """Return the way over the kept connections; after a pause none of them is kept.

        The HTTP library lets them expire by a clock that stands while this
        machine sleeps. The service has long forgotten them then, and a request
        on one of them would wait for its deadline.
        """
        now = self._wall()
        pause, self._used_at = now - self._used_at, now
        is_doubted = self._is_doubted and not self._reads
        if self._kept is not None and (pause > _KEPT_FOR or is_doubted):
            self._is_doubted = False
            paused, self._kept = self._kept, None
            await paused.aclose()
        if self._kept is None:
            self._kept = self._way(_KEPT, self._auth)
        return self._kept

    async def post(
        self, path: str, body: bytes, headers: Mapping[str, str], deadline: float, method: str = "POST"
    ) -> Answer:
        """Send `body` to `path` once, by POST or what `method` says, on a connection of its own.

        Raises:
            FaultError: There is no whole answer; `fault.was_not_sent` says
                whether the service may have seen the request.
            ReadOnlyError: This console is read-only; nothing was sent.
            RequestRefusedError: The guard stopped it, or it would be one request too many.
            RateLimitedError: It would have to wait.
            KeyRefusedError: The key is a real one, and an embedded control plane answers.
        """
        await self._load_context()
        try:
            await self._meet(deadline, deadline)
        except FaultError as error:
            # Whatever it was, the request itself never left.
            raise RequestRefusedError(sentence(error.fault, self._address.netloc)) from None
        async with self._way(_FRESH, self._auth) as way:
            named = {"Content-Type": "application/json", **headers}
            call = Call(method, clean(path))
            message = Message(path, headers=named, body=body or None)
            answer = await self._exchange(way, call, message, deadline, 0.0)
        self._peer.note(answer)
        return answer

    async def aclose(self) -> None:
        """Close the kept connections."""
        if self._kept is not None:
            await self._kept.aclose()

    @property
    def _root(self) -> str:
        return f"{self._address.scheme}://{self._address.netloc}"

    async def _load_context(self) -> None:
        if self._context is None:
            self._context = await self._made_context()

    async def _made_context(self) -> ssl.SSLContext | None:
        """Return what certificates are checked with, as it is on disk now; None where another network is given."""
        if self._given is not None:
            return None
        if self._address.scheme == "http":
            return tls_context(self._address)  # which reads nothing then
        return await asyncio.to_thread(trusted, self._address, self._ca_file)

    async def _meet(self, deadline: float, patience: float | None) -> float:
        """Ask who answers before a real key is sent there, where that has to be asked, and return the seconds left."""
        if not self._peer.is_stranger:
            return deadline
        clock = asyncio.get_running_loop().time
        begun = clock()

        async def ask() -> Answer:
            async with self._way(_FRESH, BearerAuth(None, self._address)) as way:
                path = self._address.base_path or "/"
                return await self._exchange(way, Call("HEAD", path), Message(path), deadline, patience)

        await self._peer.meet(ask)
        return max(deadline - (clock() - begun), 0.0)

    def _way(self, limits: httpx.Limits, auth: BearerAuth) -> GuardTransport:
        """Return a way out through the guard, to be closed by whoever took it.

        No client of the library stands before it: redirects, cookies, proxies of the
        environment and logs are things that must not happen here.
        """
        inner = self._given or httpx.AsyncHTTPTransport(
            verify=self._context or True,
            limits=limits,
            trust_env=False,
            proxy=httpx.Proxy(self._proxy.url) if self._proxy else None,
        )
        return GuardTransport(
            inner, address=self._address, auth=auth, read_only=self._read_only, owns=self._given is None
        )

    async def _exchange(
        self,
        way: GuardTransport,
        call: Call,
        message: Message,
        deadline: float,
        patience: float | None,
    ) -> Answer:
        """Return the answer to one request, which is counted whatever becomes of it."""
        permit = await self.meter.admit(call, patience)
        ended = Ended("cancelled")
        try:
            answer = await self._sent(way, call.method, message, deadline)
        except FaultError as error:
            ended = Ended(error.fault.value)
            raise
        else:
            wait = retry_after_seconds(answer.headers.get("retry-after"), answer.served_at)
            ended = Ended(str(answer.status), answer.status, answer.size, wait)
            return answer
        finally:
            permit.end(ended)

    async def _sent(self, way: GuardTransport, method: str, message: Message, deadline: float) -> Answer:
        try:
            return await carry(
                way,
                method,
                self._root,
                message,
                deadline=deadline,
                connect_timeout=self._connect_timeout,
                body_limit=self._body_limit,
            )
        except FaultError:
            self._peer.forget()
            raise
