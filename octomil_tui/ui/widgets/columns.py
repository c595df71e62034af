"""Columns of a table: which ones there is room for, and how a row is put together from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from octomil_tui.ui.spans import Line, Span, Token, fit, line, width

_LEAST_FLEXIBLE = 8
"""Cells below which a column that takes the rest is of no use."""

_MOST_ROOM = 160
"""Cells that a table fills at most: on a wider screen the eye would lose the row between its name and its numbers."""

_NAMED = 2
"""Columns that stay whatever the room: what a row is called, and the first thing that is said of it."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    key: str
    title: str
    width: int = 0
    """Cells; 0 takes what the others leave."""
    align: Literal["left", "right"] = "left"
    priority: int = 0
    """Where there is no room the column of the highest priority goes first; 0 always stays."""
    sort_value: int | None = None
    """Which value of `Row.sort` it sorts by; None where it cannot be sorted."""
    gap: int = 2
    """Blank cells after it."""

    @property
    def sortable(self) -> bool:
        """Whether `s` comes by this column."""
        return self.sort_value is not None


class Placed(NamedTuple):
    """A column that is shown: its place in the row's cells, and how wide it is now."""

    cell: int
    column: Column
    width: int


def place(columns: Sequence[Column], room: int) -> tuple[Placed, ...]:
    """Return the columns that fit into `room` cells with their widths; a number is shown whole or not at all."""
    room = min(room, _MOST_ROOM)
    kept = list(enumerate(columns))
    while (over := _least(kept) > room) and any(column.priority for _, column in kept):
        worst = max(column.priority for _, column in kept)
        # Of several the rightmost: what stands left is what the eye reads first.
        kept.remove(next(item for item in reversed(kept) if item[1].priority == worst))
    while over and len(kept) > _NAMED:
        kept.pop()
        over = _least(kept) > room
    flexible = sum(1 for _, column in kept if column.width == 0)
    spare = 0 if over else room - _least(kept)
    placed: list[Placed] = []
    for index, column in kept:
        cells = column.width
        if cells == 0:
            share = -(-spare // flexible)
            cells, spare, flexible = _LEAST_FLEXIBLE + share, spare - share, flexible - 1
        placed.append(Placed(index, column, cells))
    return tuple(placed)


def _least(kept: Sequence[tuple[int, Column]]) -> int:
    widths = sum(column.width or _LEAST_FLEXIBLE for _, column in kept)
    return widths + sum(column.gap for _, column in kept[:-1])


def row_line(placed: Sequence[Placed], cells: Sequence[Line]) -> Line:
    """Return the cells of a row side by side; a missing one stays blank."""
    return _side_by_side(placed, [cells[cell] if cell < len(cells) else () for cell, _, _ in placed])


def header_line(placed: Sequence[Placed], sorted_by: str | None, mark: str) -> Line:
    """Return the headings; the column that is sorted by carries `mark`.

    A heading goes on over the columns after it that have none.
    """
    wide: list[Placed] = []
    for one in placed:
        if wide and not one.column.title and wide[-1].column.align == "left" and wide[-1].column.title:
            before = wide.pop()
            over = replace(before.column, gap=one.column.gap)
            wide.append(Placed(before.cell, over, before.width + before.column.gap + one.width))
        else:
            wide.append(one)
    return _side_by_side(wide, [_heading(one, sorted_by, mark) for one in wide])


def _heading(placed: Placed, sorted_by: str | None, mark: str) -> Line:
    title = placed.column.title
    if placed.column.key != sorted_by:
        return line((title, Token.MUTED))
    words = line((title, Token.TEXT))
    return line(fit(words, min(width(words), placed.width - width(line(mark)))), (mark, Token.KEY))


def _side_by_side(placed: Sequence[Placed], cells: Sequence[Line]) -> Line:
    spans: list[Span] = []
    for (_, column, cells_wide), cell in zip(placed, cells, strict=True):
        spans.extend(fit(cell, cells_wide, column.align))
        spans.append(Span(" " * column.gap))
    return tuple(spans[:-1])
