"""The only function that changes what the console knows."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from octomil_tui.domain import rollback as events
from octomil_tui.domain.advance import advance
from octomil_tui.domain.fleet import Device, DeviceGroup, FleetSnapshot, Model, ModelVersion, Rollout
from octomil_tui.domain.order import Reading
from octomil_tui.domain.rollback import Phase, Rollback
from octomil_tui.engine.assemble import assemble
from octomil_tui.engine.record import own_record
from octomil_tui.engine.state import (
    ConsoleState,
    Event,
    Focused,
    Moved,
    Planned,
    Polled,
    PollFailed,
    Read,
    Refreshed,
)
from octomil_tui.engine.topic import DEVICES, Kind, Topic

_DETAILS_KEPT = 32

_OVERTAKEN = 60.0
"""Seconds by which an answer may be behind a newer one; more than that, and the service's clock was set back."""


def reduce(state: ConsoleState, event: Event) -> ConsoleState:
    """Return the state after `event`. Pure; an error never clears what was known."""
    match event:
        case Polled():
            return _polled(state, event)
        case PollFailed():
            return _failed(state, event)
        case Focused(focus=focus):
            return replace(state, focus=focus)
        case Planned(rollback=rollback):
            return replace(state, rollbacks={**state.rollbacks, rollback.model_id: rollback})
        case Moved() | Refreshed():
            return _moved(state, event) if isinstance(event, Moved) else _due(state)
        case _:
            assert_never(event)


def _polled(state: ConsoleState, event: Polled) -> ConsoleState:
    reading = event.reading
    read = Read(ok_mono=event.mono, tried_mono=event.mono, unreadable=reading.unreadable)
    is_newer = reading.server_at is not None and not _is_overtaken(reading.server_at, state.server_at)
    state = replace(
        state,
        reads={**state.reads, event.topic: read},
        server_at=reading.server_at if is_newer else state.server_at,
        server_mono=event.mono if is_newer else state.server_mono,
    )
    state = _store(state, event.topic, reading)
    return _observed(state, event.topic)


def _is_overtaken(server_at: float, known: float | None) -> bool:
    """Say whether a newer answer was here before: the service's clock does not go back for that.

    One wrong time far ahead must not last for ever, so a clock that was really
    set back is believed.
    """
    return known is not None and known - _OVERTAKEN <= server_at < known


def _store(state: ConsoleState, topic: Topic, reading: Reading[object]) -> ConsoleState:
    value = reading.value
    snapshot = replace(state.snapshot, at=state.server_at)
    match topic.kind:
        case Kind.MODELS:
            return _store_models(state, replace(snapshot, models=_tuple_of(value, Model)))
        case Kind.VERSIONS:
            versions = {**snapshot.versions, topic.key: _tuple_of(value, ModelVersion)}
            return replace(state, snapshot=replace(snapshot, versions=versions))
        case Kind.ROLLOUTS:
            rollouts = {**snapshot.rollouts, topic.key: _tuple_of(value, Rollout)}
            return replace(state, snapshot=replace(snapshot, rollouts=rollouts))
        case _:
            return _store_fleet(replace(state, snapshot=snapshot), topic, reading)


def _store_models(state: ConsoleState, snapshot: FleetSnapshot) -> ConsoleState:
    """Keep the models; devices that were read before them, and say nothing of any model, are read again."""
    is_first = state.snapshot.models is None
    state = replace(state, snapshot=snapshot)
    return _read_devices_again(state) if is_first and state.raw_devices is not None else state


def _store_devices(state: ConsoleState, devices: tuple[Device, ...], total: int | None) -> ConsoleState:
    """Keep the devices; the first ones may have been asked for before the models were known."""
    is_first = state.raw_devices is None
    snapshot = replace(state.snapshot, device_total=total)
    state = _assembled(replace(state, snapshot=snapshot, raw_devices=devices))
    return _read_devices_again(state) if is_first and snapshot.models else state


def _read_devices_again(state: ConsoleState) -> ConsoleState:
    """Let devices that say nothing of any model be asked for again now, with the models by name."""
    says_nothing = state.raw_devices and not any(d.installations for d in state.raw_devices)
    read = state.reads.get(DEVICES)
    if not says_nothing or read is None:
        return state
    return replace(state, reads={**state.reads, DEVICES: replace(read, tried_mono=None)})


def _store_fleet(state: ConsoleState, topic: Topic, reading: Reading[object]) -> ConsoleState:
    value = reading.value
    match topic.kind:
        case Kind.ACTIVE:
            return _store_active(state, _tuple_of(value, Rollout))
        case Kind.DEVICES:
            return _store_devices(state, _tuple_of(value, Device), reading.total)
        case Kind.GROUPS:
            return _assembled(replace(state, raw_groups=_tuple_of(value, DeviceGroup)))
        case Kind.MEMBERS:
            ids = frozenset(device.id for device in _tuple_of(value, Device))
            return _assembled(replace(state, members={**state.members, topic.key: ids}))
        case _:
            return _store_detail(state, value)


def _store_detail(state: ConsoleState, value: object) -> ConsoleState:
    if not isinstance(value, Device):
        raise TypeError(f"a device was read as {type(value).__name__}")
    kept = {key: device for key, device in state.details.items() if key != value.id}
    newest = {**dict(list(kept.items())[-(_DETAILS_KEPT - 1) :]), value.id: value}
    reads = {t: read for t, read in state.reads.items() if t.kind is not Kind.DEVICE or t.key in newest}
    return replace(state, details=newest, reads=reads)


def _store_active(state: ConsoleState, active: tuple[Rollout, ...]) -> ConsoleState:
    """Keep the running rollouts, and let the newest word on each replace the older one in its model's list."""
    by_id = {(r.model_id, r.id): r for r in active}
    rollouts = dict(state.snapshot.rollouts)
    for model_id, known in rollouts.items():
        rollouts[model_id] = tuple(by_id.get((model_id, r.id), r) for r in known)
    for rollout in active:
        if rollout.model_id is not None and rollout.model_id not in state.snapshot.rollouts:
            rollouts[rollout.model_id] = (*rollouts.get(rollout.model_id, ()), rollout)
    return replace(state, active=active, snapshot=replace(state.snapshot, rollouts=rollouts))


def _assembled(state: ConsoleState) -> ConsoleState:
    # Members are no longer asked for once the rows name their groups: what was read of them before is old.
    rows_tell = any(device.groups for device in state.raw_devices or ())
    members = {} if rows_tell else state.members
    devices, groups = assemble(state.raw_devices or (), state.raw_groups or (), members)
    snapshot = replace(
        state.snapshot,
        devices=devices if state.raw_devices is not None else None,
        groups=groups if state.raw_groups is not None else None,
    )
    return replace(state, snapshot=snapshot)


def _observed(state: ConsoleState, topic: Topic) -> ConsoleState:
    """Let every watched rollback look at devices, or at its model's rollouts, that were just read."""
    if topic.kind not in (Kind.DEVICES, Kind.ROLLOUTS):
        return state
    moved = {
        model_id: _look(state, rollback, topic)
        for model_id, rollback in state.rollbacks.items()
        if topic.key in ("", model_id)
    }
    return replace(state, rollbacks={**state.rollbacks, **moved}) if moved else state


def _look(state: ConsoleState, rollback: Rollback, topic: Topic) -> Rollback:
    snapshot = state.snapshot
    rollouts = snapshot.rollouts.get(rollback.model_id, ())
    at = _server_time(state, rollback)
    if rollback.phase in (Phase.UNCONFIRMED, Phase.NOT_FOUND) and topic.kind is Kind.ROLLOUTS:
        # Whoever reads the records first settles it; late is better than never.
        found = own_record(rollback, rollouts, rollback.sent_at)
        return advance(rollback, events.Found(found, at)) if found is not None else rollback
    if not rollback.phase.is_watched or snapshot.devices is None:
        return rollback
    return advance(rollback, events.Observed(snapshot.devices, rollouts, at))


def _server_time(state: ConsoleState, rollback: Rollback) -> float:
    """Return the service's clock; where it sends none, the newest time of its that is known."""
    if state.server_at is not None:
        return state.server_at
    contacts = [d.last_contact_at for d in state.raw_devices or () if d.last_contact_at is not None]
    return max((rollback.sent_at or 0.0, *contacts))


def _failed(state: ConsoleState, event: PollFailed) -> ConsoleState:
    before = state.reads.get(event.topic, Read())
    read = replace(
        before,
        tried_mono=event.mono,
        failures=before.failures + 1,
        sentence=event.sentence,
        wait=event.wait,
    )
    return replace(state, reads={**state.reads, event.topic: read})


def _moved(state: ConsoleState, event: Moved) -> ConsoleState:
    rollback = state.rollbacks.get(event.model_id)
    if rollback is None:
        return state
    return replace(state, rollbacks={**state.rollbacks, event.model_id: advance(rollback, event.event)})


def _due(state: ConsoleState) -> ConsoleState:
    """Forget when each topic was tried, so that it is asked again now; what was read stays."""
    reads = {topic: replace(read, tried_mono=None, wait=None) for topic, read in state.reads.items()}
    return replace(state, reads=reads)


def _tuple_of(value: object, kind: type) -> tuple:  # type: ignore[type-arg] # narrowed by the check below
    """Return the value as the tuple that its topic promises; anything else is a programming error."""
    if not isinstance(value, tuple) or not all(isinstance(item, kind) for item in value):
        raise TypeError(f"expected a tuple of {kind.__name__}")
    return value
