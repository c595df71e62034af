"""The filter of a command that lists things."""

from __future__ import annotations

from typing import Any

from octomil_tui.cli.exits import CommandError, Exit
from octomil_tui.domain.filter import FilterError, parse
from octomil_tui.domain.filter_term import Filter, Keys


def filter_of(text: str, keys: Keys[Any]) -> Filter:
    """Return the filter of a command line.

    Raises:
        CommandError: It cannot be understood.
    """
    try:
        return parse(text, keys)
    except FilterError as error:
        raise CommandError(Exit.USAGE, error.sentence) from None
