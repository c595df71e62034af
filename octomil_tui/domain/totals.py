"""What is counted over a watch while a look is taken in: a device that moved is taken from here and put there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TypeVar

from octomil_tui.domain.columns import LOOKED, Cell
from octomil_tui.domain.counts import Counts, Unlisted, key_of
from octomil_tui.domain.follow import is_late
from octomil_tui.domain.pace import GRAIN, Pace, kept_arrivals
from octomil_tui.domain.radius import PlanClass
from octomil_tui.domain.watch import Tables, Watch

KeyT = TypeVar("KeyT")

MOVING = (PlanClass.CHANGE, PlanClass.UNKNOWN)
"""The classes that the sentence of a watch counts."""


class Totals:
    """The working copy of all counts of a watch."""

    def __init__(self, watch: Watch) -> None:
        self._started_at = watch.started_at
        self._cells = Counter(watch.counts.cells)
        self._dues = Counter(watch.pace.dues)
        self._expected = Counter(watch.pace.expected)
        self._arrivals = Counter(watch.pace.arrivals)
        self.paces = Counter(watch.paces)
        self.late = Counter(watch.late_paces)
        self.first = watch.first_verified

    def add(self, cell: Cell) -> None:
        """Count a row that was not there before."""
        self._cells[key_of(cell)] += 1
        self._dues[cell.due] += 1
        self.paces[cell.pace] += 1
        self.late[cell.pace] += is_late(cell)

    def move(self, was: Cell, cell: Cell) -> None:
        """Count a row where it stands now and no longer where it stood."""
        self._cells[key_of(was)] -= 1
        self._cells[key_of(cell)] += 1
        if cell.due != was.due:
            self._dues[was.due] -= 1
            self._dues[cell.due] += 1
        was_late, late = is_late(was), is_late(cell)
        if cell.pace != was.pace:
            self.paces[was.pace] -= 1
            self.paces[cell.pace] += 1
        if late != was_late or (late and cell.pace != was.pace):
            self.late[was.pace] -= was_late
            self.late[cell.pace] += late

    def arrive(self, was: Cell, cell: Cell, name: str) -> None:
        """Take note of a device that changes: when it arrived, and when it was expected at the first look at it."""
        if cell.verified and cell.verified != was.verified:
            second = cell.verified - 1
            self._arrivals[second] += 1
            if self.first is None or second < self.first[1]:
                self.first = (name, float(second))
        if not was.flags & LOOKED and (cell.verified or cell.due):
            at = cell.verified - 1 - self._started_at if cell.verified else (cell.due >> 1) * GRAIN
            self._expected[max(0, int(at // GRAIN))] += 1

    def counts(self, tables: Tables, unlisted: Unlisted) -> Counts:
        """Return the counts of the devices."""
        return Counts(without_zeros(self._cells), tables.origins, tables.steps(), without_zeros(unlisted))

    def pace(self, at: float) -> Pace:
        """Return how fast devices arrive, as of `at`."""
        return Pace(
            kept_arrivals(self._arrivals, at), without_zeros(self._expected), without_zeros(self._dues)
        )


def without_zeros(counts: Mapping[KeyT, int]) -> dict[KeyT, int]:
    """Return the counts that are not zero."""
    return {key: count for key, count in counts.items() if count}
