"""The way to the service: proxy, name, connection, certificate."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

from octomil_tui.api.address import Address
from octomil_tui.api.connection import trusted
from octomil_tui.api.errors import OctomilError, UntrustedError
from octomil_tui.api.network import proxy_for
from octomil_tui.api.probe import Certificate, connect, in_daemon, look_up
from octomil_tui.api.proxy import Proxy
from octomil_tui.cli.checkup.budget import Budget
from octomil_tui.cli.checkup.finding import Finding, fine, unknown, wrong
from octomil_tui.cli.exits import Exit
from octomil_tui.domain.text import clean, counted
from octomil_tui.settings import Settings

_STEP = 3.0
"""Seconds for each step at most."""
_SOON = 14
"""Days before its end from which a certificate is worth a word."""
_DAY = 86_400
_PORTS = {"http": 80, "https": 443}
_ADVICE = "ask whoever runs the service, or the network between"


def proxy_in_use(settings: Settings, address: Address) -> Proxy | None:
    """Return the proxy that requests go through.

    Raises:
        ConfigurationError: The one that is named cannot be used.
    """
    return proxy_for(address, settings.proxy_url) if settings.uses_proxy else None


async def network_findings(settings: Settings, address: Address, budget: Budget) -> AsyncIterator[Finding]:
    """Yield how far the way to a service goes; the first thing that is wrong is the last one."""
    yield fine("service", f"{address.url} ({settings.base_url.origin})")
    try:
        proxy = proxy_in_use(settings, address)
    except OctomilError as error:
        yield wrong("proxy", error.message, exit=Exit.USAGE)
        return
    parts = urlsplit(proxy.url) if proxy is not None else None
    host = address.host if parts is None else parts.hostname or ""
    port = address.port if parts is None else parts.port or _PORTS[parts.scheme.lower()]
    whose = "proxy" if proxy is not None else "service"
    if proxy is not None:
        origin = settings.proxy.origin if settings.proxy.value is not None else "HTTPS_PROXY or ALL_PROXY"
        yield fine("proxy", f"through {proxy.host} ({origin})")
    try:
        ips = await look_up(host, port, budget.left(_STEP))
        yield fine(
            "name", f"{clean(host)} is {clean(ips[0])}{f' and {len(ips) - 1} more' if ips[1:] else ''}"
        )
        opened = await connect(host, port, ips[0], budget.left(_STEP))
        yield fine("connection", f"to the {whose}, port {port}, in {opened.seconds * 1000:.0f} ms")
    except OctomilError as error:
        yield wrong("connection", error.message, _ADVICE, Exit.CONNECTION)
        return
    if address.scheme == "http":
        yield fine("certificate", "none is needed on this machine")
    elif proxy is not None:
        yield unknown("certificate", "it is looked at through the proxy, by the requests themselves")
    else:
        yield await _certified(settings, address, ips[0], budget)


async def _certified(settings: Settings, address: Address, ip: str, budget: Budget) -> Finding:
    ca_file = settings.ca_file.value
    try:
        context = await in_daemon(lambda: trusted(address, ca_file), budget.left(_STEP))
        shown = await connect(address.host, address.port, ip, budget.left(_STEP), context)
    except TimeoutError:
        return unknown("certificate", "this machine's authorities could not be read in time")
    except UntrustedError as error:
        return wrong(
            "certificate", error.message, "it is never passed over: --ca-file names others", Exit.CONNECTION
        )
    except OctomilError as error:
        return wrong("certificate", error.message, _ADVICE, Exit.CONNECTION)
    return certificate_finding(shown.certificate, time.time())


def certificate_finding(certificate: Certificate | None, now: float) -> Finding:
    """Return what is to be said of a certificate that was trusted.

    Args:
        certificate: What was shown.
        now: Epoch seconds of this machine.
    """
    if certificate is None or certificate.ends_at is None:
        return unknown("certificate", "trusted; it does not say when it ends")
    days = int((certificate.ends_at - now) // _DAY)
    by = f" by {certificate.issuer}" if certificate.issuer else ""
    text = f"trusted{by}, {certificate.protocol}, ends in {counted(days, 'day')}"
    if days < _SOON:
        return unknown("certificate", text, "tell whoever runs the service")
    return fine("certificate", text)
