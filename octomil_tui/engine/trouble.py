"""What does not work now, as one sentence with the time of the next try; and what one pane lacks. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from octomil_tui.engine.cadence import due_at
from octomil_tui.engine.hold import held_until, is_gone, is_key_rejected
from octomil_tui.engine.state import Cause, ConsoleState, Read
from octomil_tui.engine.topic import Kind, Topic

GONE = "the model no longer exists on this service; what is shown is what was known"
PAUSED = "the service asked for fewer requests (429): nothing is read until then"
REJECTED = "key rejected (401, revoked?): nothing can be sent"

_OF_MODELS = (Kind.ROLLOUTS, Kind.VERSIONS)
SKEW = 60.0
"""Seconds between the service's clock and this machine's that are worth a word."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One failure, and when its read is tried again."""

    sentence: str
    """Safe to show."""
    retry_in: float
    """Seconds; 0 while it is being tried."""
    cause: Cause


def trouble(
    state: ConsoleState, mono: float, topics: Sequence[Topic], periods: Mapping[Topic, float]
) -> Trouble | None:
    """Return the one failure to be said on a screen, or None where all is well.

    A rejected key comes first, then a model that is gone, then the newest
    failure of what the screen shows, then one of anything else. A read that is
    refused for itself alone is said in its pane, unless the screen has no other.

    Args:
        state: What the console knows.
        mono: Seconds of this machine, as in `state`.
        topics: What the screen's numbers come from.
        periods: Every topic that is asked for, with its period.
    """
    failing = {t: r for t, r in state.reads.items() if r.failures and not r.is_silent}
    if is_key_rejected(state):
        keys = {t: r for t, r in failing.items() if r.cause is Cause.KEY}
        return _newest(state, mono, keys, periods, REJECTED)
    for topic in topics:
        if topic.kind in _OF_MODELS and topic in failing and is_gone(state, topic.key):
            return _newest(state, mono, {topic: failing[topic]}, periods, GONE)
    own = {t: failing[t] for t in topics if t in failing}
    wide = {t: r for t, r in own.items() if not is_local(r)}
    if wide or (own and len(own) == len(topics)):
        return _newest(state, mono, wide or own, periods)
    others = {t: r for t, r in failing.items() if t in periods and not is_local(r)}
    return _newest(state, mono, others, periods, prefixed=True) or _pause(state, mono)


def _pause(state: ConsoleState, mono: float) -> Trouble | None:
    """Return that the service asked for a pause, where no read of the loop was what it said that to."""
    left = (state.held_mono or 0.0) - mono
    return Trouble(PAUSED, left, Cause.LIMITED) if left > 0 else None


def _newest(
    state: ConsoleState,
    mono: float,
    failing: Mapping[Topic, Read],
    periods: Mapping[Topic, float],
    sentence: str = "",
    *,
    prefixed: bool = False,
) -> Trouble | None:
    if not failing:
        return None
    topic, read = max(failing.items(), key=lambda pair: pair[1].tried_mono or 0.0)
    said = f"{topic.kind.value}: {read.sentence}" if prefixed else read.sentence
    cause = read.cause or Cause.LINK
    return Trouble(sentence or said, retry_in(state, mono, topic, periods.get(topic, 0.0)), cause)


def retry_in(state: ConsoleState, mono: float, topic: Topic, period: float) -> float:
    """Return for how many seconds a topic that failed is not asked again; 0 while it is."""
    at = max(due_at(state.reads.get(topic, Read()), period), held_until(state))
    return max(0.0, at - mono)


def is_local(read: Read) -> bool:
    """Say whether a read fails for itself alone, which costs its pane and not the screen."""
    return bool(read.failures) and read.cause is not None and read.cause.is_local


def lacks(state: ConsoleState, topic: Topic) -> str:
    """Return why a pane does not have what is known of `topic` now; empty where it has, or the screen says it."""
    read = state.reads.get(topic, Read())
    return read.sentence if is_local(read) else ""


def gaps(state: ConsoleState, topics: Iterable[Topic]) -> list[str]:
    """Return what is left out of the lists behind a screen, a clause each: `1 of 500 devices unreadable`."""
    found = []
    for topic in topics:
        read = state.reads.get(topic, Read())
        if read.unreadable and read.rows is not None:
            found.append(
                f"{read.unreadable:,} of {read.rows + read.unreadable:,} rows unreadable: {topic.kind.value}"
            )
        total = state.snapshot.device_total if topic.kind is Kind.DEVICES else None
        if total is not None and read.rows is not None and read.rows + read.unreadable < total:
            found.append(f"showing {read.rows:,} of {total:,} devices")
    return found


def skew(state: ConsoleState, mono: float, wall: float) -> float | None:
    """Return the seconds by which the service's clock is ahead of this machine's; None for none to speak of.

    Ages on the screens count by the service's own clock, so they are right
    either way; who compares them with a log of this machine has to know.

    Args:
        state: What the console knows.
        mono: Seconds of this machine, as in `state`.
        wall: Epoch seconds of this machine.
    """
    now = state.server_now(mono)
    ahead = now - wall if now is not None else 0.0
    return ahead if abs(ahead) > SKEW else None
