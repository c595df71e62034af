"""Where `serve` listens, and by which names it may be asked for."""

from __future__ import annotations

import ipaddress
import os
import socket
from typing import NamedTuple

from octomil_tui.cli.exits import CommandError, Exit
from octomil_tui.cli.serve_arguments import HOST
from octomil_tui.domain.text import clean


class Listening(NamedTuple):
    """A socket that listens, and what browsers may call it."""

    socket: socket.socket
    url: str
    """Where a browser on this machine finds it."""
    names: frozenset[str]
    """Names, in lower case, that it may be asked for by, besides every address."""
    is_open: bool
    """Whether other machines can reach it."""


def listen(host: str, port: int) -> Listening:
    """Return a socket that is bound; port 0 takes a free one.

    Args:
        host: An address; names are not looked up, since they may lead to more than one.
        port: 0 to 65535.

    Raises:
        CommandError: It is no address, or not one of this machine's, or the port cannot be had.
    """
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        raise CommandError(
            Exit.USAGE, f"--bind {clean(host, 40)}: not an address such as {HOST}; names are not looked up"
        ) from None
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET  # noqa: PLR2004 - IPv6
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        # A port whose last connections are still closing may be taken again.
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((str(address), port))
        bound.listen()
    except OSError as error:
        bound.close()
        cause = os.strerror(error.errno) if error.errno else "unknown reason"
        raise CommandError(
            Exit.USAGE,
            f"cannot listen on {clean(host)} port {port}: {cause}; --port N names another, 0 any that is free",
        ) from None
    own = socket.gethostname().casefold()
    shown = own if address.is_unspecified else f"[{address}]" if family is socket.AF_INET6 else str(address)
    url = f"http://{shown}:{bound.getsockname()[1]}/"
    return Listening(bound, url, frozenset({"localhost", own}), not address.is_loopback)
