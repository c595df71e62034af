"""Certificates and proxies, decided here rather than by the HTTP library's reading of the environment."""

from __future__ import annotations

import os
import ssl
from urllib.request import getproxies, proxy_bypass

from octomil_tui.api.address import Address
from octomil_tui.api.errors import ConfigurationError
from octomil_tui.api.proxy import Proxy, parse_proxy
from octomil_tui.domain.text import clean


def proxy_for(address: Address, named: str | None = None) -> Proxy | None:
    """Return the proxy for this service, or None.

    Never for loopback, and so never for plain http: a key must not travel to
    another machine in the clear.

    Args:
        address: The service.
        named: The URL of the proxy to use; without one, what the environment names counts.

    Raises:
        ConfigurationError: The proxy is of another kind than http(s).
    """
    if address.is_loopback or address.scheme != "https":
        return None
    if named is not None:
        return parse_proxy(named, "the settings")
    if proxy_bypass(address.netloc):
        return None
    proxies = getproxies()
    url = proxies.get("https") or proxies.get("all")
    return parse_proxy(url, "HTTPS_PROXY or ALL_PROXY") if url else None


def tls_context(address: Address, ca_file: str | None = None) -> ssl.SSLContext | None:
    """Return the certificate rules for this service; verification is always on.

    The system's authorities count, or those of `SSL_CERT_FILE` and
    `SSL_CERT_DIR`, or those of `ca_file` alone. None where the system has no
    authorities and names none: then the HTTP library's own are for the caller
    to take. Reading them takes tens of milliseconds, so this belongs in a thread.

    Raises:
        ConfigurationError: `ca_file` cannot be read or holds no certificate.
    """
    if address.scheme == "http":
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # never used, and free of the cost of reading
    try:
        context = ssl.create_default_context(cafile=ca_file)
    except (OSError, ValueError):  # ssl.SSLError is an OSError
        raise ConfigurationError(
            f"the certificate file {clean(ca_file)} cannot be read or holds no certificate"
        ) from None
    return context if ca_file is not None or has_authorities() else None


def has_authorities() -> bool:
    """Say whether the environment names authorities, or the system has any."""
    paths = ssl.get_default_verify_paths()
    named = any(os.environ.get(name) for name in (paths.openssl_cafile_env, paths.openssl_capath_env))
    return named or paths.cafile is not None or paths.capath is not None
