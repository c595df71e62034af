"""Where the dashboard puts what it says: rows for any size, the number before all else (F-80, F-80s, F-160)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from octomil_tui.ui.bars import bar, percent
from octomil_tui.ui.present.dashboard import Old
from octomil_tui.ui.present.dashboard_number import Paper, bar_of, loud, number_rows
from octomil_tui.ui.present.wall import GroupRow, Wall
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.spans import Line, Token, fit, join, line, width, wrap
from octomil_tui.ui.theme import Glyphs
from octomil_tui.ui.widgets.chrome import head_line

SMALLEST = (60, 10)
"""Cells and rows, without line 1 and the last line, below which only the sentence is left."""

_GAP = 4
_WIDE_GAP = 9
_LABEL = 12


class _Shape(NamedTuple):
    """How generous the upper half is."""

    gap: int
    """Blank rows between its parts."""
    digit_rows: int
    bars: int


_SHAPES = (
    _Shape(2, 10, 2),
    _Shape(1, 10, 2),
    _Shape(1, 5, 2),
    _Shape(1, 5, 1),
    _Shape(0, 5, 1),
    _Shape(0, 1, 1),
)
_LARGE_SHAPES = 2
"""Of these, for large screens alone."""


def lay_out(wall: Wall, columns: int, rows: int, glyphs: Glyphs, old: Old | None = None) -> list[Line]:
    """Return what stands between line 1 and the last line.

    Args:
        wall: What is said.
        columns: Cells of a row.
        rows: How many rows there are; never more are returned.
        glyphs: The characters to draw with.
        old: That it is not live, if it is not.
    """
    wall = _without_life(wall, old) if old is not None else wall
    if columns < SMALLEST[0] or rows < SMALLEST[1]:
        return wrap([line(" ", one) for one in _sentences(wall, old)], columns - 1)[:rows]
    paper = Paper(columns, rows, glyphs, old)
    tail_rows = _least_tail(wall, old) if paper.is_full else 0
    shapes = _SHAPES if paper.is_large else _SHAPES[_LARGE_SHAPES:]
    heads = [_head(wall, shape, paper) for shape in shapes]
    head = next((one for one in heads if len(one) + tail_rows <= rows), heads[-1])
    return [*head, *_tail(wall, rows - len(head), paper)][:rows]


def _without_life(wall: Wall, old: Old) -> Wall:
    """Return the same without anything that only live data can promise."""
    if not old.at:
        return replace(wall, notes=())
    withdrawn = muted("ETA withdrawn. Bars do not move, digits are dim.")
    verb = "LAST KNOWN, NOT LIVE"
    return replace(wall, verb=verb, token=Token.NEEDS, who=(), notes=(withdrawn,), others=())


def _sentences(wall: Wall, old: Old | None) -> list[Line]:
    """Return everything that matters in words, for a screen that has no room for more."""
    counted = [one for one in wall.counts[1:] if one.number]
    of = line((f"{wall.done} of {wall.of} {wall.counts[0].words}.", Token.STRONG)) if wall.of else ()
    rest = [line((f"{one.number} {one.words}.", one.token)) for one in counted] if wall.of else []
    verb = line((f"{wall.verb}{f' at {old.at}' if old is not None and old.at else ''}", wall.token))
    said = [join([verb, wall.about], 2), join([of, *rest], 2)]
    return [one for one in (*said, *wall.notes, *(old.link[:1] if old is not None else ())) if one]


def _head(wall: Wall, shape: _Shape, paper: Paper) -> list[Line]:
    blank: list[Line] = [()] * shape.gap
    edge = " " * paper.margin
    is_wide = shape.gap > 1
    verb = _spaced(wall.verb) if is_wide else wall.verb
    gap = _WIDE_GAP if is_wide else _GAP
    first = join([line((verb, wall.token)), wall.about], gap)
    if is_wide and wall.who and width(first) + gap + width(wall.who) <= paper.room:
        first = join([first, wall.who], gap)
    said = [first] if paper.is_full else [first, *wrap(_sentences(wall, paper.old)[1:2], paper.room)]
    rows = [*blank, *(line(edge, fit(one, paper.room)) for one in said), *blank]
    if not wall.of:
        return rows
    one_bar = line(edge, bar_of(wall.segments, wall.of, paper.room - 6, paper), "  ")
    share = line((f"{percent(wall.done / wall.of):>4}", loud(paper.old)))
    bars = [line(one_bar, share), *[one_bar] * (shape.bars - 1)]
    return [*rows, *number_rows(wall, shape.digit_rows, paper), *blank, *bars]


def _spaced(verb: str) -> str:
    return "   ".join(word if word == "!!" else " ".join(word) for word in verb.split())


def _least_tail(wall: Wall, old: Old | None) -> int:
    """Return the rows that the lower half takes at least."""
    if old is not None:
        return len(wall.notes) + 1 + len(old.link)
    lines = len([one for one in (wall.who, *wall.notes) if one])
    groups = 1 + min(3, len(wall.groups)) + bool(wall.untouched) if wall.groups else 0
    return 1 + lines + groups + (2 if wall.others else 0)


def _tail(wall: Wall, rows: int, paper: Paper) -> list[Line]:
    edge = " " * paper.margin
    notes = [one for one in (() if paper.is_large else wall.who, *wall.notes) if one]
    drawn = [line(edge, fit(one, paper.room)) for one in notes]
    if rows > len(drawn):
        drawn = [(), *drawn]
    if paper.old is not None:
        link = [line(edge, one) for one in wrap(paper.old.link, paper.room)]
        return _aired([drawn, [_rule("CONNECTION", paper), *link]], rows)
    others = [line(edge, one) for one in _in_rows(wall.others, paper.room, 2 if paper.is_large else 1)]
    last = [_rule(wall.others_title, paper), *others] if others else []
    if len(drawn) + len(last) > rows:
        last = []
    groups = _groups(wall, rows - len(drawn) - len(last) - 1, paper)
    return _aired([drawn, [_rule("GROUPS", paper), *groups] if groups else [], last], rows)


def _aired(parts: Sequence[list[Line]], rows: int) -> list[Line]:
    """Return the parts below each other, with blank rows around their rules where all of them have room."""
    drawn = [part for part in parts if part]
    titled = [part for part in drawn if part is not parts[0]]
    free = rows - sum(map(len, drawn))
    if free < 4 * len(titled):
        return [one for part in drawn for one in part]
    found: list[Line] = list(parts[0])
    for part in titled:
        found += [(), part[0], (), *part[1:]]
    return found


def _rule(title: str, paper: Paper) -> Line:
    return head_line(paper.columns, line((title, Token.STRONG)), (), (), paper.glyphs, boxed=False)


def _in_rows(clauses: Sequence[Line], cells: int, most: int) -> list[Line]:
    """Return the clauses side by side in at most so many rows; the last one says how many are left out."""
    rows: list[Line] = []
    left = list(clauses)
    while left and len(rows) < most:
        taken = 1
        while taken < len(left) and width(join(left[: taken + 1], 6)) <= cells:
            taken += 1
        row, left = left[:taken], left[taken:]
        if left and len(rows) == most - 1:
            more = len(left)
            while len(row) > 1 and width(join([*row, muted(f"+{more} more")], 6)) > cells:
                row, more = row[:-1], more + 1
            row.append(muted(f"+{more} more"))
        rows.append(fit(join(row, 6), cells))
    return rows


def _groups(wall: Wall, rows: int, paper: Paper) -> list[Line]:
    """Return a line per group, as many as there is room for."""
    edge = " " * paper.margin
    rest = [line(edge, fit(wall.untouched, paper.room))] if wall.untouched else []
    room = rows - len(rest)
    if room < 1 or not wall.groups:
        return []
    shown = wall.groups if len(wall.groups) <= room else wall.groups[: room - 1]
    label = min(_LABEL * (2 if paper.is_large else 1), max(width(line(one.label)) for one in wall.groups))
    ratio = max(len(_ratio(one)) for one in wall.groups)
    words = max(width(one.words) for one in wall.groups)
    cells = max(8, min(paper.room - label - ratio - words - 6, paper.columns * 3 // 8))
    drawn = [
        line(
            edge,
            fit(line(one.label), label),
            " ",
            bar(one.segments, one.devices, cells, paper.glyphs),
            fit(line((_ratio(one), Token.STRONG)), ratio + 2, "right"),
            "   ",
            one.words,
        )
        for one in shown
    ]
    if len(shown) < len(wall.groups):
        drawn.append(line(edge, muted(f"+{len(wall.groups) - len(shown)} more, farther ahead")))
    return [*drawn, *rest]


def _ratio(one: GroupRow) -> str:
    return f"{one.done}/{one.devices}"
