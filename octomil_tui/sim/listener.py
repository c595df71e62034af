"""The socket that the service listens on: a loopback literal, never anything else."""

import ipaddress
import socket

__all__ = ["HOST", "bind", "loopback", "origin"]

HOST = "127.0.0.1"


def loopback(text: str) -> str:
    """Return an address of this machine that nobody else can reach.

    Raises:
        ValueError: It is a name, or an address that others may reach.
    """
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        raise ValueError("not a loopback address; names are not looked up") from None
    is_mapped = isinstance(address, ipaddress.IPv6Address) and (address.ipv4_mapped or address.scope_id)
    if is_mapped or not address.is_loopback:
        raise ValueError("not a loopback address; others could reach it")
    return str(address)


def bind(host: str, port: int) -> socket.socket:
    """Return a socket that is bound; port 0 takes a free one.

    Raises:
        ValueError: The host is no loopback literal.
        OSError: The port is taken.
    """
    host = loopback(host)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio turns off Nagle's algorithm: answers would wait 40 ms for an acknowledgement.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        # A port whose last connections are still closing may be taken again.
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
    except OSError:
        bound.close()
        raise
    return bound


def origin(bound: socket.socket) -> str:
    """Return the beginning of every URL of a socket that is bound."""
    host, port = bound.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
