"""The devices of a watch as columns: 15 bytes for each, in blocks that are copied when a look changes them.

A watch is a value, and a look at a page of devices must not cost what the
whole scope costs. So the columns are cut into blocks in the order in which the
devices came: the next watch shares every block in which nothing happened.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from math import ceil
from typing import NamedTuple

from octomil_tui.domain.track import Stage

SHIFT = 12
"""Rows of a block, as a power of two."""
MASK = (1 << SHIFT) - 1

STAGES = tuple(Stage)
CODES = {stage: code for code, stage in enumerate(STAGES)}

REACHABLE, TOLD, JOINED, LOOKED, OVERDUE, RIPE, APART, BOUNCED = (1 << bit for bit in range(8))
"""Bits of a row's flags.

`RIPE`: its newest look came when it could have settled, or showed the whole
scope. `APART`: it joined and is told to run something else.
"""

MOST = 255
_LATEST = (1 << 32) - 3
_WIDE = 1 << 16


class Cell(NamedTuple):
    """One row; numbers stand for entries of the watch's tables."""

    origin: int
    """Plan class, group and version it came from."""
    stage: int
    flags: int
    bounces: int
    verified: int
    """Moment of `moment`; 0 for a device that does not report the target."""
    words: int = 0
    """Status words and activation."""
    pace: int = 0
    """Interval between two syncs."""
    progress: int = 0
    """Share of its download in 255ths."""
    due: int = 0
    """When it is expected to report the target; see `domain.pace`."""


def moment(at: float) -> int:
    """Return a moment of the service as a column keeps it: whole epoch seconds, rounded up, and one more."""
    return 1 + min(_LATEST, max(0, ceil(at)))


def moment_at(kept: int) -> float | None:
    """Return the epoch seconds of a kept moment, None for 0."""
    return float(kept - 1) if kept else None


class Block:
    """Some rows; changed only while a look holds its own copy."""

    __slots__ = ("bounces", "due", "flags", "lap", "origin", "pace", "progress", "stage", "verified", "words")

    def __init__(self) -> None:
        self.origin: array[int] = array("H")
        self.stage = bytearray()
        self.flags = bytearray()
        self.bounces = bytearray()
        self.verified: array[int] = array("I")
        self.words = bytearray()
        self.pace = bytearray()
        self.progress = bytearray()
        self.due: array[int] = array("H")
        self.lap = bytearray()
        """When it was last looked at; see `domain.laps`."""

    def __len__(self) -> int:
        return len(self.stage)

    def copy(self) -> Block:
        """Return a block that can be changed without this one."""
        other = Block()
        for name in Block.__slots__:
            setattr(other, name, getattr(self, name)[:])
        return other

    def cell(self, place: int) -> Cell:
        """Return a row."""
        # Past the class's own `__new__`, which takes twice as long; a look does this for every device.
        return tuple.__new__(
            Cell,
            (
                self.origin[place],
                self.stage[place],
                self.flags[place],
                self.bounces[place],
                self.verified[place],
                self.words[place],
                self.pace[place],
                self.progress[place],
                self.due[place],
            ),
        )

    def put(self, place: int, cell: Cell) -> None:
        """Change a row."""
        (
            self.origin[place],
            self.stage[place],
            self.flags[place],
            self.bounces[place],
            self.verified[place],
            self.words[place],
            self.pace[place],
            self.progress[place],
            self.due[place],
        ) = cell

    def add(self, cell: Cell) -> None:
        """Take in one row more."""
        if cell.origin >= _WIDE and self.origin.typecode == "H":
            self.origin = array("I", self.origin)
        self.origin.append(cell.origin)
        self.stage.append(cell.stage)
        self.flags.append(cell.flags)
        self.bounces.append(cell.bounces)
        self.verified.append(cell.verified)
        self.words.append(cell.words)
        self.pace.append(cell.pace)
        self.progress.append(cell.progress)
        self.due.append(cell.due)
        self.lap.append(0)


def rows_in(blocks: Sequence[Block], stages: Sequence[Stage]) -> Iterator[int]:
    """Yield the rows whose device is in one of the stages, in order."""
    wanted = bytearray(256)
    for stage in stages:
        wanted[CODES[stage]] = 1
    for number, block in enumerate(blocks):
        marks = block.stage.translate(wanted)
        place = marks.find(1)
        while place >= 0:
            yield (number << SHIFT) | place
            place = marks.find(1, place + 1)
