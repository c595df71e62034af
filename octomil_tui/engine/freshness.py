"""Whether what is shown is still true: LIVE, STALE or OFFLINE, with an age. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from octomil_tui.engine.cadence import wanted
from octomil_tui.engine.hold import is_gone, is_key_rejected
from octomil_tui.engine.state import Cause, ConsoleState, Read
from octomil_tui.engine.topic import ACTIVE, DEVICES, Kind, Topic
from octomil_tui.engine.trouble import is_local, trouble

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
    """Seconds until that is tried again; 0 while it is."""
    cause: Cause | None = None
    """What kind of failure that is."""

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
    topics = tuple(topics)
    periods = wanted(state)
    found = trouble(state, mono, topics, periods)
    said = (found.sentence, found.retry_in, found.cause) if found is not None else ("", None, None)
    link, age = _link(state, mono, [(state.reads.get(t, Read()), periods.get(t, 0.0)) for t in topics])
    if link is Link.LIVE and (is_key_rejected(state) or is_any_gone(state, topics)):
        link = Link.STALE
    return Freshness(link, age, *said)


def _link(
    state: ConsoleState, mono: float, inputs: Sequence[tuple[Read, float]]
) -> tuple[Link, float | None]:
    # What is refused for itself alone costs its pane; the others tell whether the service is there.
    inputs = [pair for pair in inputs if not is_local(pair[0])] or inputs
    if any(read.ok_mono is None for read, _ in inputs):
        failed = any(read.failures and read.ok_mono is None for read, _ in inputs)
        return (Link.OFFLINE if failed else Link.CONNECTING), None
    ages = [(mono - read.ok_mono, period, read) for read, period in inputs if read.ok_mono is not None]
    age = max(age for age, _, _ in ages)
    if any(read.failures and age > OFFLINE_AFTER for age, _, read in ages):
        return Link.OFFLINE, age
    old = [
        age
        for age, period, read in ages
        if age > STALE_AFTER * period + STALE_GRACE or _is_of_before_the_sleep(state, read)
    ]
    return (Link.STALE, max(old)) if old else (Link.LIVE, age)


def _is_of_before_the_sleep(state: ConsoleState, read: Read) -> bool:
    asked = read.ok_began_mono if read.ok_began_mono is not None else read.ok_mono
    return state.woke_mono is not None and asked is not None and asked < state.woke_mono


def is_any_gone(state: ConsoleState, topics: Iterable[Topic]) -> bool:
    """Say whether a model that any of the topics is about is no longer there."""
    return any(is_gone(state, t.key) for t in topics if t.kind in (Kind.ROLLOUTS, Kind.VERSIONS))


def why_not_now(
    state: ConsoleState, mono: float, *, model_id: str | None = None, topics: Iterable[Topic] = PRIMARY
) -> str:
    """Return in a few words why no rollback may be previewed or sent now; empty where one may.

    Args:
        state: What the console knows.
        mono: Seconds of this machine, as in `state`.
        model_id: The model that is to be rolled back.
        topics: What the decision rests on.
    """
    if is_key_rejected(state):
        return "the key was rejected"
    if model_id is not None and is_gone(state, model_id):
        return "the model no longer exists"
    return _WHY_NOT[freshness(state, mono, topics).link]


_WHY_NOT = {
    Link.CONNECTING: "the fleet is being read",
    Link.LIVE: "",
    Link.STALE: "the data is stale",
    Link.OFFLINE: "the service does not answer",
}
