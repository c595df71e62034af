"""Which version the devices of a large fleet run: counted page by page, with how much of it was counted.

A fleet that fits in memory is counted from its devices (`overview`). A larger
one is read a page at a time, and of each page only counts are kept. A sweep
goes over the whole fleet once; until it has, the sweep before it, if there was
one, is what is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from octomil_tui.domain.check import went_silent
from octomil_tui.domain.fleet import Connectivity, Device
from octomil_tui.domain.radius import PlanClass, classify, row_key

WHOLE_UP_TO = 10_000
"""Devices up to which a fleet, or a scope, is read whole."""


class Stretch(NamedTuple):
    """Where one page of devices stands: in a group, or in the list of all, from an offset on."""

    group_id: str | None
    offset: int
    cursor: str | None = None
    """What the service named for it, where it goes by cursors."""


@dataclass(frozen=True, eq=False, slots=True)
class Page:
    """One page of devices that was read for the count."""

    stretch: Stretch
    devices: tuple[Device, ...]
    rows: int
    """Rows that the service sent, readable or not."""
    has_more: bool
    """Whether the part that is counted has rows after this page."""
    next_cursor: str | None = None
    is_listed: bool = True
    """Whether the service lists the devices of that part at all."""


class Cell(NamedTuple):
    """What the devices of one count have in common."""

    group: str
    """Row key, as in a plan: a device of several groups counts once."""
    platform: str
    connectivity: Connectivity


class Running(NamedTuple):
    """What the devices of one count of versions have in common."""

    group: str
    model_id: str
    version: str | None


@dataclass(frozen=True, eq=False, slots=True)
class Sweep:
    """One way through the fleet, so far."""

    began_at: float
    """The service's clock at its first page."""
    at: float
    """The service's clock at its newest page."""
    counted: int = 0
    """Devices that were counted, each once."""
    cells: Mapping[Cell, int] = field(default_factory=dict)
    """Add up to `counted`."""
    running: Mapping[Running, int] = field(default_factory=dict)
    silent: Mapping[Running, int] = field(default_factory=dict)
    """Of `running`: offline devices that fell silent right after they got the version."""

    def by_connectivity(self, group: str | None = None) -> Mapping[Connectivity, int]:
        """Return how many devices, of one row or of all, are in each state of connectivity."""
        counts: Counter[Connectivity] = Counter()
        for cell, count in self.cells.items():
            if group in (None, cell.group):
                counts[cell.connectivity] += count
        return counts

    def by_version(self, model_id: str, group: str | None = None) -> Mapping[str, int]:
        """Return how many devices, of one row or of all, run each version of a model."""
        counts: Counter[str] = Counter()
        for one, count in self.running.items():
            if one.model_id == model_id and one.version is not None and group in (None, one.group):
                counts[one.version] += count
        return counts

    def by_class(
        self, model_id: str, to_version: str, order: Mapping[str, int], group: str | None = None
    ) -> Mapping[PlanClass, int]:
        """Return how many devices, of one row or of all, a rollback would move in which way; `order` as for `classify`."""
        counts: Counter[PlanClass] = Counter()
        for one, count in self.running.items():
            if one.model_id == model_id and group in (None, one.group):
                counts[classify(one.version, to_version, order)] += count
        return counts

    def devices(self, group: str) -> int:
        """Return how many devices of a row were counted."""
        return sum(count for cell, count in self.cells.items() if cell.group == group)

    def silent_on(self, model_id: str, version: str | None, group: str | None = None) -> int:
        """Return how many devices, of one row or of all, fell silent right after they got a version."""
        return sum(
            count
            for one, count in self.silent.items()
            if (one.model_id, one.version) == (model_id, version) and group in (None, one.group)
        )


@dataclass(frozen=True, eq=False, slots=True)
class Census:
    """What is known of a large fleet from counting it."""

    route: tuple[Stretch, ...] = ()
    """The first stretch of each part of the fleet, in the order in which they are counted."""
    part: int = 0
    """Which of them the present sweep is in."""
    offset: int = 0
    """Rows of that part that were counted already."""
    cursor: str | None = None
    """What the service named for the page after those."""
    sweep: Sweep | None = None
    """The present one."""
    last: Sweep | None = None
    """The newest one that went over the whole fleet."""
    is_by_list: bool = False
    """Whether the rows of groups were found to say too little, so that the list of all is counted."""

    @property
    def is_between(self) -> bool:
        """Whether no sweep is under way: the next page may be of another route."""
        return self.next is None or (self.sweep is None and not self.part and not self.offset)

    @property
    def next(self) -> Stretch | None:
        """The page to read next, or None for a route that leads nowhere."""
        if self.part >= len(self.route):
            return None
        stretch = self.route[self.part]
        return Stretch(stretch.group_id, stretch.offset + self.offset, self.cursor)

    @property
    def shown(self) -> Sweep | None:
        """The sweep whose counts are shown: a whole one before one that has only begun."""
        return self.last if self.last is not None else self.sweep


def route(groups: Iterable[tuple[str, int]], affected: Iterable[str], total: int) -> tuple[Stretch, ...]:
    """Return the way through a fleet: by groups, those affected first, where the groups hold all of it.

    Args:
        groups: The id of each group, with its devices by the service's count.
        affected: Ids of the groups that somebody needs to know about first.
        total: Devices of the fleet by the service's count.
    """
    sizes = dict(groups)
    if not sizes or sum(sizes.values()) < total:
        # Devices of no group are only in the list of all.
        return (Stretch(None, 0),)
    first = [group for group in dict.fromkeys(affected) if group in sizes]
    return tuple(Stretch(group, 0) for group in dict.fromkeys((*first, *sizes)) if sizes[group])


def take(census: Census, page: Page, at: float) -> Census:
    """Return the census after a page; one that it did not ask for changes nothing.

    Args:
        census: What was known before.
        page: What was read.
        at: The service's clock when it answered.
    """
    if page.stretch != census.next:
        return census
    says_nothing = bool(page.devices) and not any(device.installations for device in page.devices)
    if page.stretch.group_id is not None and (says_nothing or not page.is_listed):
        return Census((Stretch(None, 0),), last=census.last, is_by_list=True)
    begun = census.sweep if census.sweep is not None else Sweep(began_at=at, at=at)
    sweep = _counted(begun, page.devices, page.stretch.group_id, at)
    if page.has_more and page.rows:
        offset = census.offset + page.rows
        return replace(census, sweep=sweep, offset=offset, cursor=page.next_cursor)
    if census.part + 1 < len(census.route):
        return replace(census, sweep=sweep, part=census.part + 1, offset=0, cursor=None)
    return replace(census, sweep=None, last=sweep, part=0, offset=0, cursor=None)


def _counted(sweep: Sweep, page: Iterable[Device], group_id: str | None, at: float) -> Sweep:
    cells, running, silent = Counter(sweep.cells), Counter(sweep.running), Counter(sweep.silent)
    counted = sweep.counted
    for device in page:
        if group_id is not None and device.groups and device.groups[0] != group_id:
            continue  # It is counted with the first of its groups.
        row = row_key(device.groups) if device.groups or group_id is None else group_id
        counted += 1
        cells[Cell(row, device.platform, device.connectivity)] += 1
        for model_id, installation in device.installations.items():
            one = Running(row, model_id, installation.version)
            running[one] += 1
            if went_silent(device, model_id, installation.version):
                silent[one] += 1
    return replace(sweep, at=at, counted=counted, cells=cells, running=running, silent=silent)
