"""The service's base address, and the paths under it."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlsplit

from octomil_tui.api.errors import AddressError, ConfigurationError, RequestRefusedError
from octomil_tui.domain.text import clean

DEFAULT_BASE_URL = "https://api.octomil.com/v1"
"""Source: the service's Rollback page, "Quick rollback" (cURL tab)."""

_PORTS = {"http": 80, "https": 443}
_HOST_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9_-]{1,63}(?<!-))*\.?")
_BASE_PATH = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._~-]+)*")
_DOTS = {".": "%2E", "..": "%2E%2E"}


@dataclass(frozen=True, slots=True)
class Address:
    """Where the service is. Plain http is for loopback only, however the value is made."""

    scheme: str
    host: str
    """Lower case; an IPv6 literal without its brackets."""
    port: int
    base_path: str = ""
    """What comes before `/models`: `/v1`, `/api/v1` or nothing; no slash at its end."""

    def __post_init__(self) -> None:
        if self.scheme not in _PORTS:
            raise AddressError("the base address must begin with https:// (or http:// on this machine)")
        if self.scheme == "http" and not self.is_loopback:
            raise AddressError(f"plain http to {clean(self.host)} would send the key in the clear; use https")

    @property
    def is_loopback(self) -> bool:
        """Whether the host is a loopback literal or exactly `localhost`."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port: all that must match before anything is sent."""
        return (self.scheme, self.host, self.port)

    @property
    def netloc(self) -> str:
        """Host and port as in a URL, without the scheme's own port; safe to show."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return clean(host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}")

    @property
    def url(self) -> str:
        """The base address, normalised, without a slash at its end."""
        return f"{self.scheme}://{self.netloc}{self.base_path}"

    def path(self, *segments: str) -> str:
        """Return the path of `segments` below the base, each in exactly one segment.

        Raises:
            RequestRefusedError: A segment is empty, which would name another thing.
        """
        return self.base_path + "".join(f"/{encode_segment(segment)}" for segment in segments)


def encode_segment(segment: str) -> str:
    """Return any identifier as one path segment: no character of it can change the path.

    Raises:
        RequestRefusedError: The identifier is empty.
    """
    if not segment:
        raise RequestRefusedError("an empty identifier cannot be asked for")
    return _DOTS.get(segment) or quote(segment, safe="", errors="surrogatepass")


def encodable(value: str) -> str:
    """Return a value of a query, if it is text that can be sent.

    Raises:
        ConfigurationError: It holds half of a character, as an argument in a wrong encoding does.
    """
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise ConfigurationError(f"the organisation {clean(value)} is not text that can be sent") from None
    return value


def parse_address(text: str) -> Address:
    """Return the base address in `text`.

    Raises:
        AddressError: Not an http(s) URL; with a user, a query or a fragment; a
            host that is no name or literal; or plain http beyond this machine.
    """
    value = text.strip()
    if not value.isascii() or not value.isprintable() or " " in value or "\\" in value:
        raise AddressError("the base address contains characters that no URL has")
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise AddressError(f"the base address {_shown(value)} is not a URL") from None
    scheme = parts.scheme.lower()
    if scheme not in _PORTS or not parts.netloc:
        raise AddressError(
            f"the base address {_shown(value)} must begin with https:// (or http:// on this machine)"
        )
    if "@" in parts.netloc:
        raise AddressError("the base address must not contain a user name or a password")
    if "?" in value or "#" in value:
        raise AddressError("the base address must not contain a query or a fragment")
    base_path = parts.path.rstrip("/")
    if not _BASE_PATH.fullmatch(base_path):
        raise AddressError(f"the path of the base address {_shown(value)} is not usable")
    if port == 0:
        raise AddressError(f"the port of the base address {_shown(value)} is not usable")
    return Address(scheme, _host(parts, value), port or _PORTS[scheme], base_path)


def _host(parts: SplitResult, value: str) -> str:
    host = (parts.hostname or "").lower()
    if "[" in parts.netloc:
        try:
            literal = ipaddress.IPv6Address(host)
        except ValueError:
            raise AddressError(f"the host of the base address {_shown(value)} is not usable") from None
        if literal.scope_id is not None:
            raise AddressError("the base address must not contain an IPv6 zone")
        return str(literal)
    # A last label of digits is read as an IPv4 number by resolvers, so it must be a proper one.
    if host.rstrip(".").rpartition(".")[2].isdigit() or re.search(r"(?:^|\.)0x[0-9a-f]*\.?$", host):
        try:
            return str(ipaddress.IPv4Address(host))
        except ValueError:
            raise AddressError(f"the host of the base address {_shown(value)} is not usable") from None
    if not _HOST_NAME.fullmatch(host):
        raise AddressError(f"the host of the base address {_shown(value)} is not usable")
    return host


def _shown(value: str) -> str:
    # Never more than the part before a user name: what stands there may be a password.
    return clean(value.rpartition("@")[2] if "@" in value else value)
