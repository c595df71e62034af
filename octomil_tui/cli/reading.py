"""Reads of commands that end: what is needed, and what may be missing with a note."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import TypeVar

from octomil_tui.api.errors import NotFoundError, OctomilError
from octomil_tui.cli.exits import CommandError, Exit
from octomil_tui.domain.fleet import Device, DeviceGroup, FleetSnapshot, Model, Rollout
from octomil_tui.domain.order import Reading
from octomil_tui.domain.text import clean
from octomil_tui.engine.assemble import assemble
from octomil_tui.engine.preflight import UnknownNameError, find_model
from octomil_tui.engine.source import FleetSource
from octomil_tui.report.status import deciding_rollout

T = TypeVar("T")


def needed(result: T | BaseException) -> T:
    """Return the result of a read that the command cannot do without.

    Raises:
        OctomilError: It failed.
    """
    if isinstance(result, BaseException):
        raise result
    return result


def optional(result: T | BaseException, what: str, notes: list[str]) -> T | None:
    """Return the result of a read that may be missing, or None with a note why it is."""
    if isinstance(result, OctomilError):
        notes.append(f"{what} could not be read: {result.message}")
        return None
    return needed(result)


async def find(source: FleetSource, name: str) -> tuple[Model, tuple[Model, ...]]:
    """Return the model of that id or name, and all that the service lists.

    Where the service keeps no list, the name stands for the id.

    Raises:
        CommandError: No such model.
        OctomilError: The list could not be read.
    """
    try:
        listed = (await source.models()).value
    except NotFoundError:
        model = Model(id=name, name=name)
        return model, (model,)
    try:
        return find_model(listed, name), listed
    except UnknownNameError as error:
        raise CommandError(Exit.USAGE, str(error)) from None


async def look(
    source: FleetSource, name: str, notes: list[str], *, with_versions: bool
) -> tuple[Model, FleetSnapshot]:
    """Return one model and what is known of it; devices and groups may be missing.

    Raises:
        CommandError: No such model.
        OctomilError: Its rollouts, or its versions where they are wanted, could not be read.
    """
    model, listed = await find(source, name)
    got_rollouts, got_groups, got_devices = await asyncio.gather(
        source.rollouts(model.id),
        source.groups(),
        source.devices([m.id for m in listed]),
        return_exceptions=True,
    )
    rollouts = needed(got_rollouts)
    versions = (await source.versions(model.id)).value if with_versions else ()
    groups = optional(got_groups, "groups", notes)
    devices = optional(got_devices, "devices", notes)
    rows, listed_groups = devices.value if devices else (), groups.value if groups else ()
    members = await _members(source, deciding_rollout(rollouts.value), rows, listed_groups, notes)
    placed, filled = assemble(rows, listed_groups, members)
    if devices is not None:
        notes.extend(gaps(devices, "devices"))
    return model, FleetSnapshot(
        models=listed,
        versions={model.id: versions} if with_versions else {},
        rollouts={model.id: rollouts.value},
        groups=filled,
        devices=placed if devices is not None else None,
        device_total=devices.total if devices is not None else None,
        at=rollouts.server_at,
    )


async def _members(
    source: FleetSource,
    rollout: Rollout | None,
    rows: Iterable[Device],
    groups: Iterable[DeviceGroup],
    notes: list[str],
) -> dict[str, frozenset[str]]:
    """Return the devices of the rollout's one group, where their own rows do not name it."""
    if rollout is None or rollout.group is None or any(device.groups for device in rows):
        return {}
    group = next((g for g in groups if rollout.group in (g.id, g.name)), None)
    if group is None:
        return {}
    try:
        reading = await source.group_members(group.id)
    except OctomilError as error:
        notes.append(f"the members of {clean(group.name)} could not be read: {error.message}")
        return {}
    return {group.id: frozenset(device.id for device in reading.value)}


def gaps(reading: Reading[tuple[T, ...]], what: str) -> list[str]:
    """Return what a list leaves out, one sentence each; a list that says nothing of it is not whole."""
    found = []
    if reading.unreadable:
        found.append(f"{reading.unreadable} of the {what} could not be understood and {_left_out(reading)}")
    if reading.total is not None and reading.total > len(reading.value) + reading.unreadable:
        found.append(f"only {len(reading.value)} of {reading.total} {what} were read")
    return found


def _left_out(reading: Reading[tuple[T, ...]]) -> str:
    return "was left out" if reading.unreadable == 1 else "were left out"
