"""What was measured of the versions, and how much of it is kept. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from octomil_tui.domain.signal import ModelHealth, RolloutHealth, Signals
from octomil_tui.engine.topic import Kind, Topic

T = TypeVar("T")

KEPT = 32
"""Models, and rollouts, whose histories are kept: what somebody looks at, and what is under way."""


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
