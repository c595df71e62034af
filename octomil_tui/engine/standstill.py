"""Whether an answer brought anything new. Pure."""

from __future__ import annotations

from dataclasses import fields

from octomil_tui.domain.fleet import FleetSnapshot
from octomil_tui.engine.state import ConsoleState
from octomil_tui.engine.topic import Topic

_TIMES = frozenset({"at", "server_at", "server_mono"})
_LOOKED_INTO = frozenset({"reads", "snapshot", "versions", "rollouts"})
_STATE = tuple(one.name for one in fields(ConsoleState) if one.name not in _TIMES | _LOOKED_INTO)
_SNAPSHOT = tuple(one.name for one in fields(FleetSnapshot) if one.name not in _TIMES | _LOOKED_INTO)


def only_time_passed(before: ConsoleState, after: ConsoleState, topic: Topic) -> bool:
    """Say whether an answer told of `topic` what was known, so that nothing but ages and clocks can differ.

    Args:
        before: What was known before the answer.
        after: What is known with it.
        topic: What was asked.
    """
    read, now = before.reads.get(topic), after.reads.get(topic)
    if read is None or now is None or read.ok_mono is None or read.failures:
        return False
    one, other = before.snapshot, after.snapshot
    return (
        (read.unreadable, read.rows) == (now.unreadable, now.rows)
        and all(getattr(before, name) is getattr(after, name) for name in _STATE)
        and all(getattr(one, name) is getattr(other, name) for name in _SNAPSHOT)
        # These are put together anew by every answer, of what was there.
        and one.rollouts == other.rollouts
        and one.versions == other.versions
    )
