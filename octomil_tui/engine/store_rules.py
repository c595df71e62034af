"""Where the answers about the policy, and about what crossed its limits, are kept. Pure."""

from __future__ import annotations

from dataclasses import replace

from octomil_tui.domain.history import StatusChange
from octomil_tui.domain.incident import Check, Incident
from octomil_tui.domain.order import Reading
from octomil_tui.domain.policy import Policy
from octomil_tui.engine.state import ConsoleState
from octomil_tui.engine.topic import Kind, Topic, rollout_in

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
        case Kind.INCIDENTS if isinstance(value, tuple):
            return replace(state, incidents=tuple(one for one in value if isinstance(one, Incident)))
        case Kind.CHECKS if isinstance(value, tuple):
            checks = tuple(one for one in value if isinstance(one, Check))
            others = {key: known for key, known in state.checks.items() if key != topic.key}
            return replace(state, checks={**dict(list(others.items())[1 - _KEPT :]), topic.key: checks})
        case Kind.HISTORY if isinstance(value, tuple):
            changes = tuple(one for one in value if isinstance(one, StatusChange))
            ids = rollout_in(topic)
            rest = {key: known for key, known in state.histories.items() if key != ids}
            return replace(state, histories={**dict(list(rest.items())[1 - _KEPT :]), ids: changes})
        case _:
            raise TypeError(f"{topic.kind} was read as {type(value).__name__}")
