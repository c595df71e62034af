"""The flags of `serve`."""

from __future__ import annotations

import argparse

from octomil_tui.domain.text import clean

HOST = "127.0.0.1"
PORT = 8765
"""The same each time, so that a bookmark, an ssh tunnel and the monitor's own browser find it again."""

_LAST_PORT = 65_535


def add_port(parser: argparse.ArgumentParser, text: str = "the port") -> None:
    """Add the port that it listens on."""
    parser.add_argument(
        "--port",
        type=_port,
        default=argparse.SUPPRESS,
        metavar="N",
        help=f"{text}; 0 takes any that is free (default: {PORT})",
    )


def add_serve_arguments(parser: argparse.ArgumentParser) -> None:
    """Add where it listens, and under which names."""
    add_port(parser)
    parser.add_argument(
        "--bind",
        default=argparse.SUPPRESS,
        metavar="ADDRESS",
        help=f"the address to listen on; with any but this machine's own, whoever reaches it sees the fleet (default: {HOST})",
    )
    parser.add_argument(
        "--name",
        action="append",
        default=argparse.SUPPRESS,
        metavar="HOST",
        help="a name that browsers call it by, such as a proxy's; repeatable",
    )


def _port(text: str) -> int:
    if not (
        text.isascii() and text.isdigit() and len(text) <= len(str(_LAST_PORT)) and int(text) <= _LAST_PORT
    ):
        raise argparse.ArgumentTypeError(f"no such port: {clean(text)}")
    return int(text)
