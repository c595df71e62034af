"""Where the dashboard puts what it says: rows for any size, the number before all else (F-80, F-80s, F-160)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from octomil_tui.ui.bars import bar, percent
from octomil_tui.ui.present.dashboard_number import Paper, bar_of, loud, number_rows
from octomil_tui.ui.present.dashboard_old import Old
from octomil_tui.ui.present.signal_side import signal_legend, signal_rows, signal_side
from octomil_tui.ui.present.wall import Count, GroupRow, Wall
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.spans import Line, Span, Token, fit, join, line, plain, width, wrap
from octomil_tui.ui.theme import Glyphs
from octomil_tui.ui.widgets.chrome import head_line

SMALLEST = (60, 10)
"""Cells and rows, without line 1 and the last line, below which only the sentence is left."""

GAP = 4
WIDE_GAP = 9
_LABEL = 12
_LEAST_BAR = 12
_SPARE = 2
"""Rows that stay free at the bottom before any are put in between."""


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
    return replace(
        wall,
        verb="LAST KNOWN, NOT LIVE",
        token=Token.NEEDS,
        who=(),
        fired=tuple(muted(plain(one)) for one in wall.fired),
        notes=(withdrawn,),
        others=(),
        signal=None,
    )


def _sentences(wall: Wall, old: Old | None) -> list[Line]:
    """Return everything that matters in words, for a screen that has no room for more."""
    verb = line((f"{wall.verb}{f' at {old.at}' if old is not None and old.at else ''}", wall.token))
    said = [join([verb, wall.about], 2), counted_line(wall)]
    return [
        one
        for one in (said[0], *wall.fired, *said[1:], *wall.notes, *(old.link[:1] if old is not None else ()))
        if one
    ]


def counted_line(wall: Wall) -> Line:
    """Return the number and the counts as a sentence; empty where there is no number."""
    if not wall.of:
        return ()
    of = line((f"{wall.done} of {wall.of} {wall.counts[0].words}.", Token.STRONG))
    pairs = [pair for one in wall.counts[1:] for pair in _pairs(one)]
    return join([of, *(line((f"{number} {words}.", token)) for number, words, token in pairs if number)], 2)


def _pairs(one: Count) -> list[tuple[int, str, Token]]:
    beside = [(*one.beside, one.token)] if one.beside is not None else []
    return [(one.number, one.words, one.token), *beside]


def _head(wall: Wall, shape: _Shape, paper: Paper) -> list[Line]:
    blank: list[Line] = [()] * shape.gap
    edge = " " * paper.margin
    is_wide = shape.gap > 1
    verb = spaced(wall.verb) if is_wide else wall.verb
    gap = WIDE_GAP if is_wide else GAP
    first = join([line((verb, wall.token)), wall.about], gap)
    if is_wide and wall.who and width(first) + gap + width(wall.who) <= paper.room:
        first = join([first, wall.who], gap)
    counts = [] if paper.is_full else [counted_line(wall)]
    air: list[Line] = [()] if is_wide and wall.fired else []
    said = [first, *air, *wrap([*wall.fired, *counts], paper.room)]
    rows = [*blank, *(line(edge, fit(one, paper.room)) for one in said), *blank]
    if not wall.of:
        return rows
    one_bar = line(edge, _warned(bar_of(wall.segments, wall.of, paper.room - 6, paper), wall), "  ")
    share = line((f"{percent(wall.done / wall.of):>4}", loud(paper.old)))
    bars = [line(one_bar, share), *[one_bar] * (shape.bars - 1)]
    return [*rows, *number_rows(wall, shape.digit_rows, paper), *blank, *bars]


def spaced(verb: str) -> str:
    """Return the verb as it is read across a room: `R O L L I N G   B A C K`."""
    return "   ".join(word if word == "!!" else " ".join(word) for word in verb.split())


def _least_tail(wall: Wall, old: Old | None) -> int:
    """Return the rows that the lower half takes at least."""
    if old is not None:
        return len(wall.notes) + 1 + len(old.link)
    lines = len([one for one in (wall.who, *wall.notes) if one])
    groups = 1 + min(4, len(wall.groups)) + bool(wall.untouched) if wall.groups else 0
    return 1 + lines + groups + (2 if wall.others else 0)


def _tail(wall: Wall, rows: int, paper: Paper) -> list[Line]:
    edge = " " * paper.margin
    notes = [one for one in (() if paper.is_large else wall.who, *wall.notes) if one]
    drawn = [line(edge, fit(one, paper.room)) for one in notes]
    if rows > len(drawn):
        drawn = [(), *drawn]
    if paper.old is not None:
        link = [line(edge, one) for one in wrap(paper.old.link, paper.room)]
        return _aired([drawn, [rule("CONNECTION", paper), *link]], rows)
    others = [line(edge, one) for one in _in_rows(wall.others, paper.room, 2 if paper.is_large else 1)]
    last = [rule(wall.others_title, paper), *others] if others else []
    if len(drawn) + len(last) > rows:
        last = []
    signal = _signal(wall, paper) if paper.is_large else []
    if len(drawn) + len(last) + len(signal) + 1 + len(wall.groups) > rows:
        signal = []
    free = rows - len(drawn) - len(last) - len(signal) - 1
    groups = _groups(wall, free, paper, paper.room) if paper.is_large else _beside(wall, free, paper)
    legend = () if paper.is_large or not groups else signal_legend(wall.signal)
    parts = [drawn, [rule("GROUPS", paper, legend), *groups] if groups else [], signal, last]
    return _aired(parts, rows)


def _signal(wall: Wall, paper: Paper) -> list[Line]:
    if wall.signal is None:
        return []
    edge = " " * paper.margin
    verdict = wall.signal.verdict
    return [
        rule("SIGNAL", paper, verdict),
        *(line(edge, fit(one, paper.room)) for one in signal_rows(wall.signal, paper.glyphs)),
    ]


def _beside(wall: Wall, rows: int, paper: Paper) -> list[Line]:
    """Return the groups, with how the devices do beside them."""
    side = signal_side(wall.signal)
    if not side:
        return _groups(wall, rows, paper, paper.room)
    cells = max(width(one) for one in (*side, signal_legend(wall.signal)))
    left = _groups(wall, rows, paper, paper.room - cells - GAP)
    # The last line may be the groups without a device to move, which needs the whole width.
    side = side[: len(left) - bool(wall.untouched)]
    edge = paper.margin + paper.room - cells
    joined = [line(fit(one, edge), fit(beside, cells)) for one, beside in zip(left, side, strict=False)]
    return [*joined, *left[len(side) :]]


def _aired(parts: Sequence[list[Line]], rows: int) -> list[Line]:
    """Return the parts below each other, with blank rows around their rules, or before them, where all have room."""
    drawn = [part for part in parts if part]
    titled = [part for part in drawn if part is not parts[0]]
    free = rows - sum(map(len, drawn))
    before: list[Line] = [()] if free >= len(titled) + _SPARE else []
    after: list[Line] = [()] if free >= 2 * len(titled) + _SPARE else []
    found: list[Line] = list(parts[0])
    for part in titled:
        found += [*before, part[0], *after, *part[1:]]
    return found


def rule(title: str, paper: Paper, legend: Line = ()) -> Line:
    """Return the thin line above a part, with its title and what is told beside it."""
    return head_line(paper.columns, line((title, Token.STRONG)), legend, (), paper.glyphs, boxed=False)


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


def _groups(wall: Wall, rows: int, paper: Paper, cells_wide: int) -> list[Line]:
    """Return a line per group, as many as there is room for, in so many cells."""
    edge = " " * paper.margin
    rest = [line(edge, fit(wall.untouched, paper.room))] if wall.untouched else []
    room = rows - len(rest)
    if room < 1 or not wall.groups:
        return []
    shown = wall.groups if len(wall.groups) <= room else wall.groups[: room - 1]
    label = min(_LABEL * (2 if paper.is_large else 1), max(width(line(one.label)) for one in wall.groups))
    ratio = max(len(_ratio(one)) for one in wall.groups)
    words = max(width(one.words) for one in wall.groups)
    if cells_wide - label - ratio - words - 6 < _LEAST_BAR:
        # The bar has a sign for each of them, and the counts above have the words.
        words = 0
    cells = max(8, min(cells_wide - label - ratio - words - 6, paper.columns * 3 // 8))
    drawn = [
        line(
            edge,
            fit(line(one.label), label),
            " ",
            _warned(bar(one.segments, one.devices, cells, paper.glyphs), wall),
            fit(line((_ratio(one), Token.STRONG)), ratio + 2, "right"),
            "   " if words else "",
            one.words if words else (),
        )
        for one in shown
    ]
    if len(shown) < len(wall.groups):
        drawn.append(line(edge, muted(f"+{len(wall.groups) - len(shown)} more, {wall.rest}")))
    return [*drawn, *rest]


def _warned(drawn: Line, wall: Wall) -> Line:
    """Return a bar that does not look as if all were fine where its devices are on what is wrong."""
    if not wall.is_bad:
        return drawn
    return tuple(Span(text, Token.NOTICE if token is Token.FINE else token) for text, token in drawn)


def _ratio(one: GroupRow) -> str:
    return f"{one.done}/{one.devices}"
