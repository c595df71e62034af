"""Where the dashboard puts a page of a list: how all is in two lines, then the rows."""

from __future__ import annotations

from octomil_tui.ui.present.dashboard_layout import GAP, WIDE_GAP, counted_line, rule, spaced
from octomil_tui.ui.present.dashboard_number import Paper
from octomil_tui.ui.present.sheet import Sheet
from octomil_tui.ui.present.wall import Wall
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.spans import Line, fit, join, line
from octomil_tui.ui.theme import UNICODE, Glyphs
from octomil_tui.ui.widgets.columns import header_line, place, row_line

_BESIDE_A_LIST, _BESIDE_A_LARGE_LIST = 6, 11
"""Rows of a page beside its list."""


def list_rows(columns: int, rows: int) -> int:
    """Return how many rows a list has on a page of its own; see `lay_out` for the arguments."""
    paper = Paper(columns, rows, UNICODE, None)
    return rows - (_BESIDE_A_LARGE_LIST if paper.is_large else _BESIDE_A_LIST)


def lay_out_list(wall: Wall, sheet: Sheet, columns: int, rows: int, glyphs: Glyphs) -> list[Line]:
    """Return one of the other pages: how all is in two lines, then the list.

    Args:
        wall: What the first page says.
        sheet: The list.
        columns: Cells of a row.
        rows: How many rows there are; never more are returned.
        glyphs: The characters to draw with.
    """
    paper = Paper(columns, rows, glyphs, None)
    edge, blank = " " * paper.margin, [()] * (2 if paper.is_large else 1)
    placed = place(sheet.columns, paper.room)
    verb = spaced(wall.verb) if paper.is_large else wall.verb
    first = join([line((verb, wall.token)), wall.about], WIDE_GAP if paper.is_large else GAP)
    heads = [
        *blank,
        line(edge, fit(first, paper.room)),
        line(edge, fit(counted_line(wall), paper.room)),
        *blank,
    ]
    head = rule(sheet.title, paper, muted(sheet.legend) if sheet.legend else ())
    air: list[Line] = [()] if paper.is_large else []
    listed: list[Line] = []
    for row in sheet.rows:
        listed += [line(edge, row_line(placed, row)), *([()] if sheet.is_spread else [])]
    return [*heads, head, *air, line(edge, header_line(placed, None, "")), *air, *listed][:rows]
