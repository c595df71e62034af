"""From the parsed command line to what a watch waits for."""

from __future__ import annotations

import argparse

from octomil_tui.cli.follow import Waiting
from octomil_tui.cli.verdict import ANY_OFFLINE, NONE_OFFLINE, Until


def waiting_of(arguments: argparse.Namespace) -> Waiting:
    """Return what the command line says of the end of a watch."""
    given: int | None = arguments.offline_ok
    # A bare `--offline-ok` is stored as a negative number.
    offline_ok = NONE_OFFLINE if given is None else ANY_OFFLINE if given < 0 else given
    return Waiting(Until(arguments.until), arguments.timeout, offline_ok, is_plain=arguments.plain)
