"""When devices are read page by page, and what a page says of the groups of its devices. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from octomil_tui.domain.device_page import DeviceQuery
from octomil_tui.domain.fleet import Device, DeviceGroup
from octomil_tui.engine.assemble import assemble
from octomil_tui.engine.state import ConsoleState

KEPT_WHOLE = 10_000
"""Devices of a fleet up to which all of them are kept."""


def is_large(total: int | None, groups: Sequence[DeviceGroup] | None) -> bool:
    """Say whether a fleet is too large to be kept whole, by its own count or by that of its groups."""
    of_groups = sum(one.device_count or 0 for one in groups or ())
    return max(total or 0, of_groups) > KEPT_WHOLE


def is_in_pages(state: ConsoleState, group: DeviceGroup) -> bool:
    """Say whether a group's devices are to be read page by page: it is one of a large fleet, and larger than what was read."""
    snapshot = state.snapshot
    if group.device_count is None:
        return False
    if not is_large(snapshot.device_total, snapshot.groups):
        return False
    return group.device_count > sum(1 for device in snapshot.devices or () if group.id in device.groups)


def placed(
    query: DeviceQuery, devices: tuple[Device, ...], groups: Sequence[DeviceGroup]
) -> tuple[Device, ...]:
    """Return the devices of a page with the ids of their groups; who is listed as a member is one, whatever the row says."""
    group = query.group_id if not query.parameters else None
    members = {group: frozenset(device.id for device in devices)} if group is not None else {}
    rows, _ = assemble(devices, groups, members)
    return rows
