"""Where the answers about the policy, and about what crossed its limits, are kept. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from octomil_tui.domain.history import StatusChange
from octomil_tui.domain.incident import Check, Incident
from octomil_tui.domain.order import Reading
from octomil_tui.domain.policy import Policy
from octomil_tui.engine.state import ConsoleState
from octomil_tui.engine.topic import Kind, Topic, rollout_in

T = TypeVar("T")
KeyT = TypeVar("KeyT")

_KEPT = 16
"""Rollouts of which the rules and the history are kept."""


def store_rules(state: ConsoleState, topic: Topic, reading: Reading[object]) -> ConsoleState:
    """Return the state with what a read of the policy, its incidents, its rules or a history brought back.

    Raises:
        TypeError: The value is of another type than the topic promises.
    """
    value = reading.value
    match topic.kind:
        case Kind.POLICY if isinstance(value, Policy):
            return replace(state, policy=value)
        case Kind.INCIDENTS:
            return replace(state, incidents=_rows(value, Incident))
        case Kind.CHECKS:
            return replace(state, checks=_with(state.checks, topic.key, _rows(value, Check)))
        case Kind.HISTORY:
            found = _with(state.histories, rollout_in(topic), _rows(value, StatusChange))
            return replace(state, histories=found)
        case _:
            raise TypeError(f"{topic.kind} was read as {type(value).__name__}")


def _rows(value: object, kind: type[T]) -> tuple[T, ...]:
    """Return a list as it is: the very tuple of before, where the service says that nothing changed."""
    if not isinstance(value, tuple) or not all(isinstance(one, kind) for one in value):
        raise TypeError(f"a list of {kind.__name__} was read as {type(value).__name__}")
    return value


def _with(
    known: Mapping[KeyT, tuple[T, ...]], key: KeyT, rows: tuple[T, ...]
) -> Mapping[KeyT, tuple[T, ...]]:
    """Return what is known with one list more, the oldest gone where there are many; the same where it is known."""
    if known.get(key) is rows:
        return known
    others = {other: found for other, found in known.items() if other != key}
    return {**dict(list(others.items())[1 - _KEPT :]), key: rows}
