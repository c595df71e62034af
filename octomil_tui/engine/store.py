"""Where the answer of each read is kept, and what it may replace. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

from octomil_tui.domain.fleet import Device, DeviceGroup, FleetSnapshot, Model, ModelVersion, Rollout
from octomil_tui.domain.order import Reading
from octomil_tui.domain.timeline import ServiceLog
from octomil_tui.engine.assemble import assemble
from octomil_tui.engine.measured import measured
from octomil_tui.engine.state import ConsoleState, Read
from octomil_tui.engine.store_rules import store_rules
from octomil_tui.engine.topic import ACTIVE, DEVICES, Kind, Topic, rollouts_of


class _Row(Protocol):
    @property
    def id(self) -> str: ...


RowT = TypeVar("RowT", bound=_Row)

_DETAILS_KEPT = 32


def store(state: ConsoleState, topic: Topic, reading: Reading[object]) -> ConsoleState:
    """Return the state with what a read brought back; its entry in `state.reads` is there already.

    Raises:
        TypeError: The value is of another type than the topic promises.
    """
    value = reading.value
    snapshot = replace(state.snapshot, at=state.server_at)
    match topic.kind:
        case Kind.MODELS:
            models = kept(snapshot.models, _tuple_of(value, Model), reading.unreadable)
            return _store_models(state, replace(snapshot, models=models))
        case Kind.VERSIONS:
            versions = {**snapshot.versions, topic.key: _tuple_of(value, ModelVersion)}
            return replace(state, snapshot=replace(snapshot, versions=versions))
        case Kind.ROLLOUTS:
            rows = kept(snapshot.rollouts.get(topic.key), _tuple_of(value, Rollout), reading.unreadable)
            rollouts = {**snapshot.rollouts, topic.key: _newest_word(state, topic, rows)}
            return replace(state, snapshot=replace(snapshot, rollouts=rollouts))
        case Kind.POLICY | Kind.INCIDENTS | Kind.CHECKS | Kind.HISTORY:
            return store_rules(replace(state, snapshot=snapshot), topic, reading)
        case Kind.OVERVIEW | Kind.HEALTH | Kind.EFFECT:
            return replace(state, signals=measured(state.signals, topic, value))
        case _:
            return _store_fleet(replace(state, snapshot=snapshot), topic, reading)


def kept(before: Sequence[RowT] | None, now: Sequence[RowT], unreadable: int) -> tuple[RowT, ...]:
    """Return the rows of a read, and those known before that it may have held and nobody could read.

    A row that cannot be read is no sign that what it is about has gone. Where
    more went than rows were unreadable, nobody knows which of them is meant,
    and none is kept.
    """
    if not unreadable or before is None or now is before:
        return tuple(now)
    here = {row.id: row for row in now}
    missing = [row for row in before if row.id not in here]
    if not 0 < len(missing) <= unreadable:
        return tuple(now)
    # Each keeps its neighbour above; what is new stands first in lists that are ordered by time.
    below: dict[str | None, list[RowT]] = defaultdict(list)
    neighbour: str | None = None
    for row in before:
        if row.id in here:
            neighbour = row.id
        else:
            below[neighbour].append(row)
    known = {row.id for row in before}
    first = next((index for index, row in enumerate(now) if row.id in known), len(now))
    rows = [*now[:first], *below[None]]
    for row in now[first:]:
        rows += [row, *below.get(row.id, ())]
    return tuple(rows)


def _newest_word(state: ConsoleState, topic: Topic, rows: tuple[Rollout, ...]) -> tuple[Rollout, ...]:
    """Let what is running be as the read of it says that was asked for later."""
    if not _is_later(state, ACTIVE, topic):
        return rows
    running = {r.id: r for r in state.active or () if r.model_id == topic.key}
    return tuple(running.get(row.id, row) for row in rows)


def _is_later(state: ConsoleState, one: Topic, other: Topic) -> bool:
    """Say whether the answer that is known of `one` was asked for later than that of `other`."""
    first = state.reads.get(one, Read()).ok_began_mono
    second = state.reads.get(other, Read()).ok_began_mono
    return first is not None and second is not None and first > second


def _store_models(state: ConsoleState, snapshot: FleetSnapshot) -> ConsoleState:
    """Keep the models; devices that were read before them, and say nothing of any model, are read again."""
    is_first = state.snapshot.models is None
    state = replace(state, snapshot=snapshot)
    return _read_devices_again(state) if is_first and state.raw_devices is not None else state


def _store_devices(state: ConsoleState, devices: tuple[Device, ...], total: int | None) -> ConsoleState:
    """Keep the devices; the first ones may have been asked for before the models were known."""
    if devices is state.raw_devices and total == state.snapshot.device_total:
        # The service said that nothing changed: only time went on.
        return state
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
            return _store_active(state, kept(state.active, _tuple_of(value, Rollout), reading.unreadable))
        case Kind.DEVICES:
            devices = kept(state.raw_devices, _tuple_of(value, Device), reading.unreadable)
            return _store_devices(state, devices, reading.total)
        case Kind.GROUPS:
            groups = kept(state.raw_groups, _tuple_of(value, DeviceGroup), reading.unreadable)
            return state if groups is state.raw_groups else _assembled(replace(state, raw_groups=groups))
        case Kind.SCOPE:
            return _store_scope(state, topic.key, _tuple_of(value, Device))
        case Kind.MEMBERS:
            ids = frozenset(device.id for device in _tuple_of(value, Device))
            return _assembled(replace(state, members={**state.members, topic.key: ids}))
        case _:
            return _store_detail(state, value)


def _store_scope(state: ConsoleState, group_id: str, rows: tuple[Device, ...]) -> ConsoleState:
    """Keep the devices of a group that is watched by itself; groups that no longer are go."""
    watched = {r.watch.group_id for r in state.rollbacks.values() if r.watch is not None}
    placed, _ = assemble(rows, state.raw_groups or (), {group_id: frozenset(device.id for device in rows)})
    others = {key: devices for key, devices in state.scopes.items() if key in watched}
    return replace(state, scopes={**others, group_id: placed})


def _store_detail(state: ConsoleState, value: object) -> ConsoleState:
    if isinstance(value, ServiceLog):
        return replace(state, service_log=value)
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
        if _is_later(state, rollouts_of(model_id), ACTIVE):
            continue
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


def _tuple_of(value: object, kind: type) -> tuple:  # type: ignore[type-arg] # narrowed by the check below
    """Return the value as the tuple that its topic promises; anything else is a programming error."""
    if not isinstance(value, tuple) or not all(isinstance(item, kind) for item in value):
        raise TypeError(f"expected a tuple of {kind.__name__}")
    return value
