"""Whether what is shown is still true: LIVE, STALE or OFFLINE, with an age. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from octomil_tui.engine.cadence import due_at, wanted
from octomil_tui.engine.state import ConsoleState, Read
from octomil_tui.engine.topic import ACTIVE, DEVICES, Topic

STALE_AFTER = 2.0
"""Data is live up to this many of its own poll periods."""

STALE_GRACE = 1.0
"""Seconds on top, for the answer itself to arrive."""

OFFLINE_AFTER = 300.0
"""Seconds without a success, after a failure, from which on the console is offline."""

PRIMARY: tuple[Topic, ...] = (ACTIVE, DEVICES)
"""What most numbers on a screen come from; its age is the one shown while all is live."""


class Link(StrEnum):
    """The state between this console and the service."""

    CONNECTING = "CONNECTING"
    LIVE = "LIVE"
    STALE = "STALE"
    OFFLINE = "OFFLINE"


@dataclass(frozen=True, slots=True)
class Freshness:
    """The link, as a screen shows it."""

    link: Link
    age: float | None = None
    """Seconds since the input that counts was read; None before the first success."""
    sentence: str = ""
    """What failed last, if the newest try of some input did."""
    retry_in: float | None = None
    """Seconds until that is tried again."""

    @property
    def is_live(self) -> bool:
        """Whether a decision may rest on what is shown."""
        return self.link is Link.LIVE


def freshness(state: ConsoleState, mono: float, topics: Iterable[Topic] = PRIMARY) -> Freshness:
    """Return how fresh the data behind a screen is: each input has its own period, and the worst wins.

    Args:
        state: What the console knows.
        mono: This machine's monotonic clock.
        topics: What the screen's numbers come from.
    """
    periods = wanted(state)
    inputs = [(state.reads.get(topic, Read()), periods.get(topic, 0.0)) for topic in topics]
    sentence, retry_in = _trouble(inputs, mono)
    if any(read.ok_mono is None for read, _ in inputs):
        failed = any(read.failures and read.ok_mono is None for read, _ in inputs)
        return Freshness(Link.OFFLINE if failed else Link.CONNECTING, None, sentence, retry_in)
    ages = [(mono - read.ok_mono, period, read) for read, period in inputs if read.ok_mono is not None]
    age = max(age for age, _, _ in ages)
    if any(read.failures and age > OFFLINE_AFTER for age, _, read in ages):
        return Freshness(Link.OFFLINE, age, sentence, retry_in)
    old = [age for age, period, _ in ages if age > STALE_AFTER * period + STALE_GRACE]
    if old:
        return Freshness(Link.STALE, max(old), sentence, retry_in)
    return Freshness(Link.LIVE, age, sentence, retry_in)


def _trouble(inputs: Iterable[tuple[Read, float]], mono: float) -> tuple[str, float | None]:
    failing = [(read, period) for read, period in inputs if read.failures]
    if not failing:
        return "", None
    read, period = max(failing, key=lambda pair: pair[0].tried_mono or 0.0)
    return read.sentence, max(0.0, due_at(read, period) - mono)
