"""Who is let in by `serve`: browsers that were sent here by a person, and nobody whom another page sent.

A page of somewhere else can make a browser ask anything of a server on the
same machine. Two things give it away: the name that it had to use (a name of
its own that it let lead here), and the origin that the browser writes down.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple
from urllib.parse import urlsplit

READS: Final = frozenset({"GET", "HEAD"})
SOCKET: Final = "/ws"
_PATHS: Final = ("/page/", "/static/")


class Refusal(NamedTuple):
    """Why a request is not answered."""

    status: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Door:
    """The rules; they ask nobody.

    Args:
        names: Names, in lower case, that a browser may have used, besides every address.
    """

    names: frozenset[str]

    def refuses(self, method: str, path: str, headers: Mapping[str, str]) -> Refusal | None:
        """Return why a request is refused, or None.

        Args:
            method: As it was sent.
            path: Without its query.
            headers: By name, whatever the case.
        """
        if method not in READS:
            return Refusal(405, "The dashboard only shows; it takes GET and HEAD and nothing else.")
        host = headers.get("Host", "")
        if not self._is_known(host):
            return Refusal(421, "This dashboard is not known by that name; use its address, or localhost.")
        is_file = path.startswith(_PATHS) and not path.endswith("/")
        if path not in ("/", SOCKET) and not is_file:
            return Refusal(404, "There is nothing here but the dashboard.")
        origin = headers.get("Origin")
        # A browser never opens a socket without saying where the page came from.
        if (origin is None and path == SOCKET) or (origin is not None and not _is_same(origin, host)):
            return Refusal(403, "Another page asked for the dashboard; open it by itself.")
        return None

    def _is_known(self, host: str) -> bool:
        """Whether nobody else can have made a name that leads here: it is an address, or one of ours."""
        try:
            name = urlsplit(f"//{host}").hostname or ""
            port = urlsplit(f"//{host}").port
        except ValueError:
            return False
        written = {f"{form}{end}" for form in (name, f"[{name}]") for end in ("", f":{port}")}
        if host.casefold() not in written:
            # With a user, a path, or anything else that is no host.
            return False
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return name in self.names
        return True


def _is_same(origin: str, host: str) -> bool:
    """Whether the page is of this very server; a proxy before it may have spoken https."""
    scheme, separator, rest = origin.partition("://")
    return bool(separator) and scheme in ("http", "https") and rest.casefold() == host.casefold()


def headers_for(host: str) -> dict[str, str]:
    """Return what every answer says to the browser: run and ask nothing but what is here, and keep nothing.

    Args:
        host: What the browser calls this server; it was let in by that name.
    """
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; "
        f"img-src 'self' data:; connect-src 'self' ws://{host} wss://{host}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        # Text of the service that looks like an address must not become something that can be opened.
        "sandbox allow-scripts allow-same-origin"
    )
    return {
        "Content-Security-Policy": policy,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
        # Which library answers, and of which version, is nobody's business.
        "Server": "octomil-console",
    }
