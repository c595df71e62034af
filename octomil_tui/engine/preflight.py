"""Fresh reads before a rollback, and the plan that follows from them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from octomil_tui.api.errors import NotFoundError, OctomilError
from octomil_tui.domain.census import WHOLE_UP_TO
from octomil_tui.domain.check import Check, checks
from octomil_tui.domain.fleet import Device, DeviceGroup, FleetSnapshot, Model
from octomil_tui.domain.order import Reading
from octomil_tui.domain.plan import Plan, make_plan
from octomil_tui.domain.scope import FLEET, Scope
from octomil_tui.domain.text import clean
from octomil_tui.domain.verdict import proposed_target
from octomil_tui.domain.version import named
from octomil_tui.engine.asker import Purpose, asking
from octomil_tui.engine.assemble import assemble
from octomil_tui.engine.source import FleetSource

T = TypeVar("T")

_HEAD_START = 0.001
"""Seconds in which the devices are asked for before anything else: no other answer takes so long to make."""


class UnknownNameError(LookupError):
    """The service lists no model, or no group, of that name; the message says which there are."""


class NoTargetError(LookupError):
    """No version was named, and none can be proposed."""


@dataclass(frozen=True, eq=False, slots=True)
class Preflight:
    """What was read for one rollback, and what it would do."""

    snapshot: FleetSnapshot
    model: Model
    plan: Plan
    checks: tuple[Check, ...]
    server_at: float | None
    """The service's clock at the newest of the reads."""
    devices_sentence: str = ""
    """Why the devices could not be read; empty when they were."""

    def known_devices(self, polled: Iterable[Device] | None) -> tuple[Device, ...]:
        """Return the devices that were read, and of a fleet that was not read whole those that the polls know.

        Only devices that were known before can be seen to move though nobody asked for it.
        """
        around = {device.id: device for device in polled or ()} if self.snapshot.uncounted else {}
        return tuple((around | {device.id: device for device in self.snapshot.devices or ()}).values())


def find_model(models: tuple[Model, ...], name: str) -> Model:
    """Return the model of that id or name.

    Raises:
        UnknownNameError: There is none.
    """
    found = FleetSnapshot(models=models).model(name)
    if found is not None:
        return found
    listed = ", ".join(clean(model.name) for model in models[:8]) or "none"
    raise UnknownNameError(f"no model is called {clean(name)}; there are: {listed}")


def find_group(groups: tuple[DeviceGroup, ...], name: str) -> DeviceGroup:
    """Return the group of that name or id.

    Raises:
        UnknownNameError: There is none.
    """
    found = next((g for g in groups if g.name == name), None) or FleetSnapshot(groups=groups).group(name)
    if found is not None:
        return found
    listed = ", ".join(clean(group.name) for group in groups[:8]) or "none"
    raise UnknownNameError(f"no device group is called {clean(name)}; there are: {listed}")


async def preflight(
    source: FleetSource,
    model_name: str,
    to_version: str | None,
    group_name: str | None,
    before: Preflight | None = None,
) -> Preflight:
    """Read everything that a rollback rests on, now, and return its plan.

    The reads of the model, its versions and its rollouts must succeed, and for
    one group those of the group too. Devices that cannot be read count as
    unknown. The service must list the model; where it keeps no list, the name
    stands for the id.

    Args:
        source: The client's reads.
        model_name: Id or name of the model.
        to_version: The target version, with or without the `v` it is shown with, or None for the one that is proposed.
        group_name: Id or name of one group, or None for the fleet.
        before: The same, read before: everything is read again all the same, but at once and not one after the other.

    Raises:
        UnknownNameError: No such model or group.
        NoTargetError: No version was named and none can be proposed.
        OctomilError: A read that is needed failed.
    """
    with asking(Purpose.PREFLIGHT):
        return await _preflight(source, model_name, to_version, group_name, before)


async def _preflight(
    source: FleetSource,
    model_name: str,
    to_version: str | None,
    group_name: str | None,
    before: Preflight | None,
) -> Preflight:
    if before is None:
        model, listed = await _model(source, model_name)
        reads = await _gather(source, model, listed, group_name)
    else:
        model, listed, reads = await _all_at_once(source, model_name, group_name, before)
    is_alone = _is_alone(model, group_name)
    snapshot = replace(reads.snapshot, models=listed)
    scope = FLEET
    if group_name is not None:
        if reads.groups_error is not None:
            raise reads.groups_error
        group = find_group(snapshot.groups or (), group_name)
        scope = Scope(group.id, group.name)
        members = _group_alone if is_alone else _with_members
        snapshot = await members(source, snapshot, group, model)
    known = {version.version for version in snapshot.versions.get(model.id, ())}
    target = (
        named(to_version, known) if to_version is not None else proposed_target(snapshot, model.id, scope)
    )
    if target is None:
        raise NoTargetError(f"no version of {clean(model.name)} can be proposed as a target; name one")
    plan = make_plan(snapshot, model, target, scope)
    return Preflight(snapshot, model, plan, checks(plan, snapshot), snapshot.at, reads.devices_sentence)


def _is_alone(model: Model, group_name: str | None) -> bool:
    """Say whether one group is read by itself, of a fleet that cannot be read whole."""
    return group_name is not None and (model.device_count or 0) > WHOLE_UP_TO


async def _all_at_once(
    source: FleetSource, model_name: str, group_name: str | None, before: Preflight
) -> tuple[Model, tuple[Model, ...], _Reads]:
    """Read the list of models beside what hangs on it; that again where the list is another one than before."""
    expected = before.model, before.snapshot.models or ()
    hanging = asyncio.create_task(_gather(source, *expected, group_name))
    try:
        await asyncio.sleep(_HEAD_START)
        model, listed = await _model(source, model_name)
        reads = await hanging
    finally:
        if not hanging.done():
            hanging.cancel()
            await asyncio.wait([hanging])
        elif not hanging.cancelled():
            hanging.exception()  # the one of the models counts, if there are two
    if _asks(model, listed, group_name) != _asks(*expected, group_name):
        reads = await _gather(source, model, listed, group_name)
    return model, listed, reads


def _asks(model: Model, listed: tuple[Model, ...], group_name: str | None) -> tuple[object, ...]:
    """Return what of the list of models the other reads depend on."""
    return model.id, [m.id for m in listed], _is_alone(model, group_name)


async def _model(source: FleetSource, name: str) -> tuple[Model, tuple[Model, ...]]:
    try:
        listed = (await source.models()).value
    except NotFoundError:
        model = Model(id=name, name=name)
        return model, (model,)
    return find_model(listed, name), listed


@dataclass(frozen=True, eq=False, slots=True)
class _Reads:
    snapshot: FleetSnapshot
    devices_sentence: str
    groups_error: OctomilError | None


async def _gather(
    source: FleetSource, model: Model, listed: tuple[Model, ...], group_name: str | None
) -> _Reads:
    # All models by name: of a row that names none, only a service with one model can be meant.
    model_ids = [m.id for m in listed]
    with_devices = not _is_alone(model, group_name)
    async with asyncio.TaskGroup() as group:
        devices = group.create_task(_tried(source.devices(model_ids))) if with_devices else None
        await asyncio.sleep(_HEAD_START)
        versions = group.create_task(_tried(source.versions(model.id)))
        rollouts = group.create_task(_tried(source.rollouts(model.id)))
        groups = group.create_task(_tried(source.groups()))
    got_versions, got_rollouts = _needed(versions.result()), _needed(rollouts.result())
    got_groups, got_devices = groups.result(), devices.result() if devices is not None else None
    known_groups = got_groups.value if isinstance(got_groups, Reading) else ()
    readings = [r for r in (got_versions, got_rollouts, got_groups, got_devices) if isinstance(r, Reading)]
    clocks = [reading.server_at for reading in readings if reading.server_at is not None]
    read = got_devices if isinstance(got_devices, Reading) else None
    placed, filled = assemble(read.value if read is not None else (), known_groups, {})
    snapshot = FleetSnapshot(
        versions={model.id: got_versions.value},
        rollouts={model.id: got_rollouts.value},
        groups=filled if isinstance(got_groups, Reading) else None,
        devices=placed if read is not None else None,
        device_total=read.total if read is not None else None,
        devices_unreadable=read.unreadable if read is not None else 0,
        at=max(clocks, default=None),
    )
    return _Reads(
        snapshot,
        got_devices.message if isinstance(got_devices, OctomilError) else "",
        got_groups if isinstance(got_groups, OctomilError) else None,
    )


async def _tried(read: Awaitable[Reading[T]]) -> Reading[T] | OctomilError:
    """Return the reading or the error, so that one failed read does not cancel its neighbours."""
    try:
        return await read
    except OctomilError as error:
        return error


def _needed(result: Reading[T] | OctomilError) -> Reading[T]:
    if isinstance(result, OctomilError):
        raise result
    return result


async def _group_alone(
    source: FleetSource, snapshot: FleetSnapshot, group: DeviceGroup, model: Model
) -> FleetSnapshot:
    """Read the group's own rows in place of the fleet's, of which only a part could be read."""
    try:
        read = await source.group_members(group.id)
    except NotFoundError:
        read = None
    if read is None or not any(model.id in device.installations for device in read.value):
        # Rows of members may be bare, and say no version: then the fleet's first pages are what there is.
        fleet = await source.devices([m.id for m in snapshot.models or ()])
        placed, _ = assemble(fleet.value, snapshot.groups or (), {})
        listed = replace(
            snapshot, devices=placed, device_total=fleet.total, devices_unreadable=fleet.unreadable
        )
        return await _with_members(source, listed, group, model)
    ids = frozenset(device.id for device in read.value)
    devices, groups = assemble(read.value, snapshot.groups or (), {group.id: ids})
    return replace(
        snapshot,
        devices=devices,
        groups=groups,
        device_total=model.device_count,
        devices_unreadable=read.unreadable,
    )


async def _with_members(
    source: FleetSource, snapshot: FleetSnapshot, group: DeviceGroup, _model: Model
) -> FleetSnapshot:
    """Read the group's own list of members: a scope must not rest on what device rows say in passing."""
    try:
        members = (await source.group_members(group.id)).value
    except NotFoundError:
        if any(d.groups for d in snapshot.devices or ()):
            return snapshot
        raise
    ids = frozenset(device.id for device in members)
    devices, groups = assemble(snapshot.devices or (), snapshot.groups or (), {group.id: ids})
    return replace(snapshot, groups=groups, devices=devices if snapshot.devices is not None else None)
