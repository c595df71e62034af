"""Which proxy requests go through, to be told to whoever looks."""

from __future__ import annotations

import os

from octomil_tui.api.address import Address, parse_address
from octomil_tui.settings import Settings

_VARIABLES = frozenset({"https_proxy", "all_proxy"})


def proxy_host(settings: Settings, address: Address | None = None) -> str:
    """Return the host of the proxy, safe to show; empty where there is none.

    Raises:
        AddressError: The base address cannot be used.
        ConfigurationError: The proxy that is named cannot be used.
    """
    address = address or parse_address(settings.base_url.value)
    is_named = settings.proxy_url is not None or any(
        value and name.casefold() in _VARIABLES for name, value in os.environ.items()
    )
    if address.is_loopback or not settings.uses_proxy or not is_named:
        return ""
    # What asks the system about proxies takes long to load, and most have none.
    from octomil_tui.api.network import proxy_for  # noqa: PLC0415

    proxy = proxy_for(address, settings.proxy_url)
    return proxy.host if proxy is not None else ""
