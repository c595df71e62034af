"""What was measured of the versions, how much of it is kept, and for how long it may be said. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from octomil_tui.domain.signal import ModelHealth, RolloutHealth, Signals
from octomil_tui.engine.state import ConsoleState
from octomil_tui.engine.topic import OVERVIEW, Kind, Topic, effect_of, health_of

T = TypeVar("T")

KEPT = 32
"""Models, and rollouts, whose histories are kept: what somebody looks at, and what is under way."""

SAID_FOR = 300.0
"""Seconds after which a figure that could not be read again is no longer said to be that of now."""


def current(state: ConsoleState, mono: float) -> Signals:
    """Return the figures that were read lately; a figure of before must not raise or end an alarm.

    Args:
        state: What the console knows.
        mono: This machine's monotonic clock.
    """

    def is_late(topic: Topic) -> bool:
        read = state.reads.get(topic)
        return read is None or read.ok_mono is None or mono - read.ok_mono > SAID_FOR

    known = state.signals
    return Signals(
        overview={} if is_late(OVERVIEW) else known.overview,
        models={key: one for key, one in known.models.items() if not is_late(health_of(key))},
        rollouts={key: one for key, one in known.rollouts.items() if not is_late(effect_of(key))},
    )


def measured(signals: Signals, topic: Topic, value: object) -> Signals:
    """Return what is known of the figures after a read brought back `value`.

    Raises:
        TypeError: The value is of another type than the topic promises.
    """
    match value:
        case ModelHealth():
            return replace(signals, models=_newest(signals.models, topic.key, value))
        case RolloutHealth():
            return replace(signals, rollouts=_newest(signals.rollouts, topic.key, value))
        case Mapping() if topic.kind is Kind.OVERVIEW:
            return replace(signals, overview=value)
    raise TypeError(f"figures were read as {type(value).__name__}")


def _newest(known: Mapping[str, T], key: str, value: T) -> Mapping[str, T]:
    """Return what is known with one more, the newest last; the oldest of too many goes."""
    others = [(name, one) for name, one in known.items() if name != key]
    return {**dict(others[-(KEPT - 1) :]), key: value}
