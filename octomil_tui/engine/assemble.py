"""Devices and groups made to fit each other, whichever of the two the service told more about."""

from __future__ import annotations

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
    read = {group_id: ids for group_id, ids in members.items() if group_id in by_key}
    placed = tuple(_place(device, by_key, read) for device in devices)
    told = {group_id for device in placed for group_id in device.groups}
    filled = []
    for group in groups:
        if group.id in read:
            filled.append(replace(group, members=read[group.id]))
        elif group.id in told or any(device.groups for device in devices):
            inside = frozenset(d.id for d in placed if group.id in d.groups)
            filled.append(replace(group, members=inside))
        else:
            filled.append(group)
    return placed, tuple(filled)


def _place(device: Device, by_key: Mapping[str, str], read: Mapping[str, frozenset[str]]) -> Device:
    named = [by_key.get(group, group) for group in device.groups]
    kept = [group for group in named if group not in read]
    found = (*kept, *(group for group, ids in read.items() if device.id in ids))
    order = {group: place for place, group in enumerate(dict.fromkeys(by_key.values()))}
    ids = tuple(sorted(dict.fromkeys(found), key=lambda group: (order.get(group, len(order)), group)))
    return device if ids == device.groups else replace(device, groups=ids)
