"""Whom a rollback touches, and how: the class of each device, and counts over them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from octomil_tui.domain.fleet import Connectivity, Device, Installation
from octomil_tui.domain.version import is_older

NO_GROUP = ""
"""Row key of devices in no group."""

SEVERAL_GROUPS = "\0several"
"""Row key of devices in more than one group, so that they count once in totals."""

NOT_COUNTED = "\0not counted"
"""Row key of devices that the service speaks of and nobody read, so that the rows add up to the total."""


class PlanClass(StrEnum):
    """What a rollback does to one device; every device of the scope is in exactly one."""

    CHANGE = "change"
    """Runs another version now, will run the target."""
    NO_OP = "no_op"
    """Runs the target already."""
    UP = "up"
    """Runs a version older than the target: the rollback moves it up."""
    UNKNOWN = "unknown"
    """Nobody says what it runs."""


@dataclass(frozen=True, slots=True)
class PlannedDevice:
    """One device of the scope, as the plan saw it."""

    id: str
    name: str
    plan_class: PlanClass
    group: str
    """Row key: the raw group id, `NO_GROUP` or `SEVERAL_GROUPS`."""
    version: str | None
    connectivity: Connectivity
    platform: str
    on_disk: bool | None
    """Whether the device keeps the target on disk; None when it does not say."""


@dataclass(frozen=True, slots=True)
class Radius:
    """Counts over some devices of a plan; the four classes add up to `devices`."""

    group: str | None
    """Row key; None for the total."""
    label: str
    """The raw group name, or words for the rows without one."""
    devices: int
    by_class: Mapping[PlanClass, int]
    by_connectivity: Mapping[Connectivity, int]
    """Of CHANGE only: what can be expected to move."""
    by_platform: Mapping[str, int]
    """Of CHANGE only."""
    on_disk: int | None
    """Devices of CHANGE that keep the target on disk; None when no device says."""
    downloads: int | None
    """Devices of CHANGE and UP that must download it; None when no device says."""

    def count(self, plan_class: PlanClass) -> int:
        """Return how many devices are in the class."""
        return self.by_class.get(plan_class, 0)


@dataclass(frozen=True, slots=True)
class Staying:
    """Devices outside the scope that keep the version which the rollback leaves."""

    group: str
    label: str
    count: int


def planned(
    device: Device, installation: Installation, to_version: str, order: Mapping[str, int]
) -> PlannedDevice:
    """Return a device as a plan sees it; `order` has the age ranks of the versions."""
    kept = installation.on_disk
    return PlannedDevice(
        id=device.id,
        name=device.name,
        plan_class=classify(installation.version, to_version, order),
        group=row_key(device.groups),
        version=installation.version,
        connectivity=device.connectivity,
        platform=device.platform,
        on_disk=to_version in kept if kept is not None else None,
    )


def classify(version: str | None, to_version: str, order: Mapping[str, int]) -> PlanClass:
    """Return what a rollback to `to_version` does to a device that runs `version`."""
    if version is None:
        return PlanClass.UNKNOWN
    if version == to_version:
        return PlanClass.NO_OP
    return PlanClass.UP if is_older(version, to_version, order) else PlanClass.CHANGE


def row_key(groups: tuple[str, ...]) -> str:
    """Return the row that a device of these groups counts in."""
    if not groups:
        return NO_GROUP
    return groups[0] if len(groups) == 1 else SEVERAL_GROUPS


def row_label(key: str, labels: Mapping[str, str]) -> str:
    """Return the words of a row; the raw name where it is a group."""
    if key == NO_GROUP:
        return "no group"
    return "several groups" if key == SEVERAL_GROUPS else labels.get(key, key)


def rows(devices: Iterable[PlannedDevice], labels: Mapping[str, str], unread: int) -> Iterable[Radius]:
    """Yield the counts of each row: groups in the service's order, then several, none, and those not read.

    Args:
        devices: The devices of the scope that were read.
        labels: The raw names of the groups, by id.
        unread: Devices of the scope that were not.
    """
    by_row: dict[str, list[PlannedDevice]] = {key: [] for key in labels}
    for device in devices:
        by_row.setdefault(device.group, []).append(device)
    known = [key for key in by_row if key not in (NO_GROUP, SEVERAL_GROUPS)]
    for key in (*known, SEVERAL_GROUPS, NO_GROUP):
        if inside := by_row.get(key):
            yield count_of(key, row_label(key, labels), inside)
    if unread and any(by_row.values()):
        yield count_of(NOT_COUNTED, "not counted", (), unread)


def count_of(group: str | None, label: str, devices: Iterable[PlannedDevice], unread: int = 0) -> Radius:
    """Return the counts over some devices; `unread` ones are UNKNOWN."""
    devices = tuple(devices)
    change = [d for d in devices if d.plan_class is PlanClass.CHANGE]
    moving = [d for d in devices if d.plan_class in (PlanClass.CHANGE, PlanClass.UP)]
    says = any(d.on_disk is not None for d in moving)
    by_class = Counter(d.plan_class for d in devices)
    by_class[PlanClass.UNKNOWN] += unread
    return Radius(
        group=group,
        label=label,
        devices=len(devices) + unread,
        by_class=by_class,
        by_connectivity=Counter(d.connectivity for d in change),
        by_platform=Counter(d.platform for d in change),
        on_disk=sum(1 for d in change if d.on_disk) if says else None,
        downloads=sum(1 for d in moving if d.on_disk is False) if says else None,
    )


def stayers(
    outside: Iterable[Device], model_id: str, leaving: str | None, labels: Mapping[str, str]
) -> Iterable[Staying]:
    """Yield who runs the version that is left and stays on it, by row."""
    if leaving is None:
        return
    counted = Counter(row_key(d.groups) for d in outside if d.installations[model_id].version == leaving)
    # A group that the service did not list counts too.
    known = dict.fromkeys(key for key in (*labels, *counted) if key not in (NO_GROUP, SEVERAL_GROUPS))
    for key in (*known, SEVERAL_GROUPS, NO_GROUP):
        if counted[key]:
            yield Staying(key, row_label(key, labels), counted[key])
