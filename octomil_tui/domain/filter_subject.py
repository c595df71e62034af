"""What the short lists can be asked in the filter language: models, rollouts, groups, stragglers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any, TypeAlias

from octomil_tui.domain.convergence import Stage
from octomil_tui.domain.filter_keys import (
    A_GROUP,
    A_NAME,
    A_PLATFORM,
    A_REASON,
    A_STATE,
    A_TIME,
    A_VERSION,
    CONNECTIVITY_WORDS,
    STAGE_WORDS,
    UNKNOWN,
    version_ways,
)
from octomil_tui.domain.filter_term import PLAIN, Key, Keys, Kind
from octomil_tui.domain.fleet import Device, DeviceGroup, Model, Rollout, RolloutState
from octomil_tui.domain.overview import GroupFacts, ModelFacts
from octomil_tui.domain.straggler import Straggler

Subject: TypeAlias = Mapping[str, Any]
"""A row, by key."""


def _keys(*keys: tuple[str, Key[Subject]]) -> Keys[Subject]:
    return dict(keys)


def _key(name: str, kind: Kind, example: str, words: tuple[str, ...] = ()) -> tuple[str, Key[Subject]]:
    spelled = version_ways if name == "ver" else None
    return (name, Key(kind, example, itemgetter(name), words, spelled))


def _state_words(state: RolloutState) -> tuple[str, ...]:
    word = state.replace("_", "-")
    match state:
        case RolloutState.ACTIVE:
            return (word, "in-progress")
        case RolloutState.PENDING:
            return (word, "not-started")
        case _:
            return (word,)


_ROLLOUT_WORDS = tuple(word for state in RolloutState for word in _state_words(state))
_RUNNING_WORDS = tuple(word for state in RolloutState if state.is_running for word in _state_words(state))

_MODEL_WORDS = (*_RUNNING_WORDS, "idle")


def _model_keys(words: tuple[str, ...]) -> Keys[Subject]:
    return _keys(
        _key(PLAIN, Kind.PART, A_NAME),
        _key("name", Kind.PART, A_NAME),
        _key("ver", Kind.WHOLE, A_VERSION),
        _key("state", Kind.WORD, "a word such as paused", words),
    )


MODEL_KEYS = _model_keys((*_MODEL_WORDS, "silent", "elsewhere", "whole"))
LISTED_MODEL_KEYS = _model_keys(_MODEL_WORDS)
"""Where the versions on the devices of each model are not counted."""
ROLLOUT_KEYS = _keys(
    _key(PLAIN, Kind.PART, A_NAME),
    _key("name", Kind.PART, A_NAME),
    _key("ver", Kind.WHOLE, A_VERSION),
    _key("state", Kind.WORD, "a word such as paused", _ROLLOUT_WORDS),
    _key("kind", Kind.WHOLE, "a kind such as rollback"),
    _key("group", Kind.WHOLE, A_GROUP),
    _key("by", Kind.PART, "a person such as ana"),
)
GROUP_KEYS = _keys(
    _key(PLAIN, Kind.PART, A_NAME),
    _key("name", Kind.PART, A_NAME),
    _key("ver", Kind.WHOLE, A_VERSION),
    _key("state", Kind.WORD, A_STATE, CONNECTIVITY_WORDS),
)
STRAGGLER_KEYS = _keys(
    _key(PLAIN, Kind.PART, A_NAME),
    _key("ver", Kind.WHOLE, A_VERSION),
    _key("state", Kind.WORD, A_STATE, tuple(w for stage in Stage for w in STAGE_WORDS[stage])),
    _key("group", Kind.WHOLE, A_GROUP),
    _key("platform", Kind.WHOLE, A_PLATFORM),
    _key("seen", Kind.AGE, A_TIME),
    _key("name", Kind.PART, A_NAME),
    _key("why", Kind.PART, A_REASON),
)


def model_subject(facts: ModelFacts) -> Subject:
    """Return what a model's line can be asked."""
    running = facts.running
    states = [*(_state_words(running.state) if running is not None else ("idle",))]
    if facts.silent:
        states.append("silent")
    if facts.elsewhere:
        states.append("elsewhere")
    elif running is None and facts.of:
        states.append("whole")
    return _of_model(facts.model, (facts.serving, running.version if running is not None else None), states)


def listed_model_subject(model: Model, active_version: str | None, running: Rollout | None) -> Subject:
    """Return what a model can be asked where the versions on its devices are not counted."""
    states = _state_words(running.state) if running is not None else ("idle",)
    return _of_model(model, (active_version, running.version if running is not None else None), states)


def _of_model(model: Model, versions: tuple[str | None, ...], states: list[str] | tuple[str, ...]) -> Subject:
    return {
        PLAIN: (model.name, model.id),
        "name": (model.name,),
        "ver": tuple(dict.fromkeys(version for version in versions if version is not None)),
        "state": tuple(states),
    }


def rollout_subject(rollout: Rollout, model_name: str, groups: Mapping[str, str]) -> Subject:
    """Return what a rollout's line can be asked; a rollout of the fleet has the group `fleet`."""
    group = rollout.group
    return {
        PLAIN: (model_name, rollout.id),
        "name": (model_name,),
        "ver": (rollout.version,),
        "state": _state_words(rollout.state),
        "kind": (rollout.kind or UNKNOWN,),
        "group": (group, groups.get(group, group)) if group is not None else ("fleet",),
        "by": (rollout.by or "",),
    }


def group_subject(facts: GroupFacts) -> Subject:
    """Return what a group's line can be asked: versions and states are those of any of its devices."""
    return {
        PLAIN: (facts.label, facts.key),
        "name": (facts.label,),
        "ver": tuple(facts.by_version),
        "state": tuple(kind.value for kind, count in facts.by_connectivity.items() if count),
    }


def listed_group_subject(group: DeviceGroup, devices: Sequence[Device]) -> Subject:
    """Return what a group can be asked in a list that is about no model: versions are those of any."""
    inside = [d for d in devices if group.members is not None and d.id in group.members]
    versions = {one.version for d in inside for one in d.installations.values() if one.version is not None}
    return {
        PLAIN: (group.name, group.id),
        "name": (group.name,),
        "ver": tuple(sorted(versions)),
        "state": tuple(sorted({d.connectivity.value for d in inside})),
    }


def straggler_subject(one: Straggler, groups: Mapping[str, str], now: float | None) -> Subject:
    """Return what a straggler's line can be asked."""
    at = one.last_contact_at
    return {
        PLAIN: (one.name, one.device_id),
        "ver": (one.version or UNKNOWN,),
        "state": STAGE_WORDS[one.stage],
        "group": (one.group, groups.get(one.group, one.group)),
        "platform": (one.platform, one.platform.partition(" ")[0]),
        "seen": None if at is None or now is None else now - at,
        "name": (one.name,),
        "why": (one.why,),
    }
