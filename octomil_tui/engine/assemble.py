"""Devices and groups made to fit each other, whichever of the two the service told more about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from octomil_tui.domain.fleet import Device, DeviceGroup


def assemble(
    devices: Iterable[Device],
    groups: Iterable[DeviceGroup],
    members: Mapping[str, frozenset[str]],
) -> tuple[tuple[Device, ...], tuple[DeviceGroup, ...]]:
    """Return the devices with the ids of their groups, and the groups with the ids of their members.

    A group whose members were read by themselves is made of those; for any
    other the devices' own rows count, which may name a group by id or by name.

    Args:
        devices: As read; `groups` as the rows gave them.
        groups: As read, without members.
        members: Device ids by group id, where they were read.
    """
    groups = tuple(groups)
    devices = tuple(devices)
    by_key = {group.name: group.id for group in groups} | {group.id: group.id for group in groups}
    order = {group: place for place, group in enumerate(dict.fromkeys(by_key.values()))}
    read = {group_id: ids for group_id, ids in members.items() if group_id in order}
    listed: dict[str, list[str]] = defaultdict(list)
    for group_id, ids in read.items():
        for device_id in ids:
            listed[device_id].append(group_id)
    placed = tuple(_place(device, by_key, order, read, listed.get(device.id, ())) for device in devices)
    told: dict[str, set[str]] = defaultdict(set)
    for device in placed:
        for group_id in device.groups:
            told[group_id].add(device.id)
    rows_tell = any(device.groups for device in devices)
    return placed, tuple(_fill(group, read, told, rows_tell=rows_tell) for group in groups)


def _fill(
    group: DeviceGroup, read: Mapping[str, frozenset[str]], told: Mapping[str, set[str]], *, rows_tell: bool
) -> DeviceGroup:
    if group.id in read:
        return replace(group, members=read[group.id])
    return replace(group, members=frozenset(told.get(group.id, ()))) if rows_tell else group


def _place(
    device: Device,
    by_key: Mapping[str, str],
    order: Mapping[str, int],
    read: Mapping[str, frozenset[str]],
    listed: Iterable[str],
) -> Device:
    named = (by_key.get(group, group) for group in device.groups)
    found = dict.fromkeys((*(group for group in named if group not in read), *listed))
    ids = tuple(sorted(found, key=lambda group: (order.get(group, len(order)), group)))
    return device if ids == device.groups else replace(device, groups=ids)
