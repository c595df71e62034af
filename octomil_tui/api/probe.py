"""The way to a service step by step, for whoever wants to know where it ends: name, connection, certificate."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from octomil_tui.api.fault import Fault, connect_fault, read_error
from octomil_tui.domain.text import clean

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Certificate:
    """What the other end showed, and this machine trusted."""

    ends_at: float | None
    """Epoch seconds; None where it does not say."""
    issuer: str
    """Who vouches for it, safe to show; empty where it does not say."""
    protocol: str
    """Such as `TLSv1.3`."""


@dataclass(frozen=True, slots=True)
class Connected:
    """A connection that was opened and closed again."""

    seconds: float
    """Until it was open, with TLS where there is any."""
    certificate: Certificate | None
    """None without TLS."""


async def in_daemon(work: Callable[[], T], seconds: float) -> T:
    """Return what `work` does in a thread that nobody waits for any longer than this.

    The loop's own threads are waited for at its end, and a name that is looked
    up in vain can keep one for minutes.

    Raises:
        TimeoutError: The time is over.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def finish(tell: Callable[[], None]) -> None:
        if not done.done():
            tell()

    def run() -> None:
        try:
            tell = partial(done.set_result, work())
        except Exception as error:  # noqa: BLE001 - raised again by whoever waits
            tell = partial(done.set_exception, error)
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(finish, tell)

    threading.Thread(target=run, daemon=True).start()
    async with asyncio.timeout(seconds):
        return await done


async def look_up(host: str, port: int, seconds: float) -> Sequence[str]:
    """Return the addresses of a host, each once, in the order in which they are tried.

    Raises:
        UnreachableError: There are none, or nobody said so in time.
    """
    try:
        found = await in_daemon(lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM), seconds)
    except (OSError, UnicodeError, TimeoutError):
        raise read_error(Fault.UNRESOLVED, clean(host)) from None
    return list(dict.fromkeys(str(one[4][0]) for one in found))


async def connect(
    host: str, port: int, ip: str, seconds: float, context: ssl.SSLContext | None = None
) -> Connected:
    """Open a connection to one address of a host, and close it again.

    Args:
        host: The host, for which a certificate has to be.
        port: Its port.
        ip: One of its addresses.
        seconds: How long it may take.
        context: Whom to trust; None for no TLS.

    Raises:
        UnreachableError: Nobody answers there.
        UntrustedError: Somebody does, and cannot prove to be the service.
        TimedOutError: The time is over.
    """
    begun = time.monotonic()
    name = host if context is not None else None
    shown = f"{clean(host)}:{port}"
    try:
        async with asyncio.timeout(seconds):
            _, writer = await asyncio.open_connection(ip, port, ssl=context, server_hostname=name)
    except TimeoutError:
        raise read_error(Fault.CONNECT_TIMEOUT, shown) from None
    except OSError as error:  # ssl.SSLError is one
        raise read_error(connect_fault(error), shown) from None
    took = time.monotonic() - begun
    try:
        tls = writer.get_extra_info("ssl_object")
        return Connected(took, _certificate(tls) if tls is not None else None)
    finally:
        writer.transport.abort()


def _certificate(tls: ssl.SSLObject) -> Certificate:
    shown: dict[str, Any] = tls.getpeercert() or {}
    ends = shown.get("notAfter")
    issuer = {key: value for part in shown.get("issuer", ()) for key, value in part}
    return Certificate(
        ends_at=float(ssl.cert_time_to_seconds(ends)) if ends else None,
        issuer=clean(issuer.get("organizationName") or issuer.get("commonName") or ""),
        protocol=tls.version() or "",
    )
