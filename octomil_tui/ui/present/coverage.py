"""How much of a large list stands behind what is shown, in words."""

from __future__ import annotations

from dataclasses import dataclass

from octomil_tui.ui import format as as_text
from octomil_tui.ui.spans import Line, Token, line


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was read of a list of devices that is too large to be kept whole."""

    read: int
    """Devices that were looked at."""
    total: int | None
    """Devices that the list has, by the service's count; None where it does not say."""
    size: int | None = None
    """Devices of the group, where the service narrowed the list."""
    found: int | None = None
    """Devices among those read that pass what only this console can look at; None where all of the list are shown."""
    is_sorted: bool = False
    is_asking: bool = False
    """Whether the service is being asked for what it can look for."""
    age: float | None = None
    """Seconds since the oldest of what is on the screen was read."""
    requests: int = 0
    """What reading the rest would cost."""
    seconds: float = 0.0
    """How long it would take at least."""
    reads_on: bool = False
    is_full: bool = False
    """Whether no more is kept of what is found."""
    is_cut: bool = False
    """Whether the service gives its first page alone."""
    unreadable: int = 0
    held: float = 0.0
    """Seconds for which the budget has no room for what is on the screen."""
    trouble: str = ""
    """Why a page could not be read, safe to show."""


def filter_words(told: Coverage) -> Line:
    """Return what stands beside a filter: how many pass it, and of how many that is known."""
    if told.found is None:
        of = f" of {told.size:,}" if told.size is not None and told.size != told.total else ""
        by = "" if told.total is None else f"{told.total:,}{of} by the service's count"
        return line((by, Token.MUTED))
    whole = told.total is not None and told.read >= told.total
    of = f"all {told.read:,}" if whole else f"{told.read:,} of {_total(told)} read"
    token = Token.MUTED if whole else Token.NOTICE
    asking = ", asking" if told.is_asking else ""
    return line((f"{told.found:,} among {of}{asking}", token))


def title_words(told: Coverage) -> Line:
    """Return what stands beside the title of a list: what is wrong with it, else what was read of it and when."""
    if told.trouble:
        return line((f"?? {told.trouble}", Token.NOTICE))
    if told.held:
        return line((f"waits {as_text.age(told.held)}: the last minute is full", Token.NOTICE))
    if told.is_cut:
        return line((f"the service gives only the first {told.read:,}", Token.NOTICE))
    lost = f", {told.unreadable:,} unreadable" if told.unreadable else ""
    age = f", {as_text.age(told.age)} ago" if told.age is not None else ""
    head = "sorted among " if told.is_sorted else ""
    whole = told.total is not None and told.read >= told.total
    of = f"all {told.read:,}" if whole else f"{told.read:,} of {_total(told)}"
    full = ", no more is kept" if told.is_full and not whole else ""
    return line((f"{head}{of} read{age}{lost}{full}", Token.MUTED))


def read_on_words(told: Coverage) -> str:
    """Return what the key says that reads the rest: what it costs, before it is pressed."""
    if told.reads_on:
        return "stop reading"
    takes = f", {as_text.age(told.seconds)}" if told.seconds >= 1.0 else ""
    return f"read the rest: {as_text.count(told.requests, 'request')}{takes}"


def taken_words(count: int, told: Coverage) -> str:
    """Return what a copy or a file has of a list that was not read whole."""
    said = as_text.count(count, "device")
    if told.total is not None and told.read >= told.total:
        return said
    return f"{said}, only among the {told.read:,} of {_total(told)} that were read,"


def _total(told: Coverage) -> str:
    return f"{told.total:,}" if told.total is not None else "?"
