"""How many devices of a watch are alike, kept by adding and subtracting: never by going through the devices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from octomil_tui.domain.columns import (
    APART,
    BOUNCED,
    CODES,
    JOINED,
    LOOKED,
    OVERDUE,
    REACHABLE,
    RIPE,
    STAGES,
    TOLD,
    Cell,
)
from octomil_tui.domain.radius import PlanClass
from octomil_tui.domain.step import Step
from octomil_tui.domain.track import ON_TARGET, Stage, Tally

_COUNTED = 255 ^ TOLD
_ON_THE_WAY = CODES[Stage.ON_THE_WAY]
_SETTLED = CODES[Stage.SETTLED]
_REVOKED = CODES[Stage.REVOKED]
_GONE = CODES[Stage.GONE]


class Origin(NamedTuple):
    """What is fixed for a device when it comes into a watch."""

    plan_class: PlanClass
    group: str
    from_version: str | None


Unlisted = Mapping[tuple[PlanClass, str], int]
"""Devices that are known by their count alone, by plan class and group."""


def key_of(cell: Cell) -> int:
    """Return what a device is counted under; those that count alike have the same."""
    origin, stage, flags = cell[:3]
    words = cell.words if stage == _ON_THE_WAY else 0
    return (origin << 24) | (words << 16) | (stage << 8) | (flags & _COUNTED)


@dataclass(slots=True)
class _Sum:
    """A tally in the making."""

    devices: int = 0
    stages: Counter[Stage] = field(default_factory=Counter)
    steps: Counter[Step] = field(default_factory=Counter)
    bounced: int = 0
    reachable: int = 0
    verified: int = 0
    settled: int = 0
    overdue: int = 0

    def add(self, count: int, stage: Stage, flags: int, step: Step) -> None:
        is_reachable = flags & (REACHABLE | APART) == REACHABLE
        self.devices += count
        self.stages[stage] += count
        self.steps[step] += count if stage is Stage.ON_THE_WAY else 0
        self.bounced += count if flags & BOUNCED else 0
        self.reachable += count if is_reachable else 0
        self.verified += count if is_reachable and stage in ON_TARGET else 0
        self.settled += count if is_reachable and stage is Stage.SETTLED else 0
        self.overdue += count if flags & OVERDUE else 0


class Counts:
    """All counts of a watch, none of them 0; what they add up to is worked out once, when somebody asks."""

    def __init__(
        self,
        cells: Mapping[int, int],
        origins: Sequence[Origin],
        steps: Sequence[Step],
        unlisted: Unlisted,
    ) -> None:
        self.cells = cells
        self.unlisted = unlisted
        self._origins = origins
        self._steps = steps

    @cached_property
    def _sums(self) -> dict[tuple[PlanClass | None, str], _Sum]:
        """By plan class, None for the devices that joined, and group."""
        sums: dict[tuple[PlanClass | None, str], _Sum] = {}
        for key, count in self.cells.items():
            origin, flags = self._origins[key >> 24], key & 255
            of = (None if flags & JOINED else origin.plan_class, origin.group)
            if of not in sums:
                sums[of] = _Sum()
            sums[of].add(count, STAGES[(key >> 8) & 255], flags, self._steps[(key >> 16) & 255])
        for of, count in self.unlisted.items():
            sums.setdefault(of, _Sum()).add(count, Stage.UNSEEN, REACHABLE, Step.SYNCED)
        return sums

    def tally(self, classes: Iterable[PlanClass | None], group: str | None) -> Tally:
        """Return the counts over the devices of these classes, None standing for those that joined."""
        chosen = self._chosen(tuple(classes), group)
        stages: Counter[Stage] = Counter()
        for one in chosen:
            stages.update(one.stages)
        return Tally(
            devices=sum(one.devices for one in chosen),
            stages=stages,
            ever_bounced=sum(one.bounced for one in chosen),
            reachable=sum(one.reachable for one in chosen),
            reachable_verified=sum(one.verified for one in chosen),
            reachable_settled=sum(one.settled for one in chosen),
            overdue=sum(one.overdue for one in chosen),
        )

    def steps(self, classes: Iterable[PlanClass]) -> Mapping[Step, int]:
        """Return how many devices of these classes that are on the way are at which step."""
        steps: Counter[Step] = Counter()
        for one in self._chosen(tuple(classes), None):
            steps.update(one.steps)
        return +steps

    def _chosen(self, classes: Sequence[PlanClass | None], group: str | None) -> list[_Sum]:
        if group is not None:
            found = (self._sums.get((plan_class, group)) for plan_class in classes)
            return [one for one in found if one is not None]
        return [one for (plan_class, _), one in self._sums.items() if plan_class in classes]

    def groups(self, classes: Iterable[PlanClass]) -> list[str]:
        """Return the row keys of the groups that have a device of these classes."""
        chosen = tuple(classes)
        return list(dict.fromkeys(group for plan_class, group in self._sums if plan_class in chosen))

    def from_versions(self, plan_class: PlanClass) -> set[str | None]:
        """Return the versions that the devices of a class came from."""
        found = (self._origins[key >> 24] for key in self.cells if not key & JOINED)
        return {origin.from_version for origin in found if origin.plan_class is plan_class}

    @cached_property
    def is_done(self) -> bool:
        """Whether every reachable device settled, each of them was looked at, and there is one."""
        settled = False
        for key in self.cells:
            stage, flags = (key >> 8) & 255, key & 255
            if stage == _SETTLED:
                settled = settled or bool(flags & LOOKED)
                if not flags & LOOKED:
                    return False
            elif flags & APART:
                continue
            elif flags & REACHABLE or not flags & RIPE:
                return False
        return settled and not self.unlisted

    @cached_property
    def is_complete(self) -> bool:
        """Whether it is done and nobody is missing, revoked devices and those that joined and went left aside."""
        return self.is_done and not any(not _is_there((key >> 8) & 255, key & 255) for key in self.cells)


def _is_there(stage: int, flags: int) -> bool:
    has_come_and_gone = stage == _GONE and flags & JOINED
    return stage in (_SETTLED, _REVOKED) or bool(flags & APART or has_come_and_gone)
