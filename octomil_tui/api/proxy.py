"""A proxy by its URL; loads nothing that opens connections."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from octomil_tui.api.errors import ConfigurationError
from octomil_tui.api.redact import remember
from octomil_tui.domain.text import clean


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy; its URL may hold a password and is never shown."""

    url: str
    host: str
    """Safe to show."""

    def __repr__(self) -> str:
        return f"Proxy({self.host})"


def parse_proxy(url: str, source: str) -> Proxy:
    """Return the proxy at `url`; without a scheme it is http.

    Args:
        url: May hold a user name and a password.
        source: Where it came from, for the sentence of the error.

    Raises:
        ConfigurationError: Not the URL of an http(s) proxy; nothing of it is quoted.
    """
    url = url if "://" in url else f"http://{url}"
    try:
        parts = urlsplit(url)
        host = clean(parts.hostname or "")
        remember(parts.password or "")
    except ValueError:
        host = ""
    if not host or parts.scheme.lower() not in ("http", "https"):
        raise ConfigurationError(f"the proxy named by {clean(source)} is not an http proxy")
    return Proxy(url, host)
