"""The number of the dashboard, the counts beside it and the bar below: live, or as they were last known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from octomil_tui.ui.bars import Kind, bar
from octomil_tui.ui.present.dashboard_old import Old
from octomil_tui.ui.present.wall import Count, Wall
from octomil_tui.ui.spans import Line, Span, Token, fit, line, width
from octomil_tui.ui.theme import Glyphs
from octomil_tui.ui.widgets.digits import Scale, digits, largest

FULL = (80, 22)
"""Cells and rows, without line 1 and the last line, from which on every part has its place."""
LARGE = (120, 38)
"""From here on it is made to be read across a room."""

_GAP = 4
_GAP_BESIDE = 6
_INDENT = 2
_FEWEST = 5
"""Rows of the usual digits; as many counts fit beside them."""
_GAP_OLD = 3
"""Cells before the time at which a count was known."""
_LEAST_COUNT = 13
_STILL = {Token.LIGHT: Token.DIM, Token.DIM: Token.DIM}
"""What the fills of a bar become that is not live; the others become muted."""


class Paper(NamedTuple):
    """What is drawn on, and with what."""

    columns: int
    rows: int
    glyphs: Glyphs
    old: Old | None

    @property
    def is_full(self) -> bool:
        return self.columns >= FULL[0] and self.rows >= FULL[1]

    @property
    def is_large(self) -> bool:
        return self.columns >= LARGE[0] and self.rows >= LARGE[1]

    @property
    def margin(self) -> int:
        return 8 if self.is_large else 3

    @property
    def room(self) -> int:
        """Cells between the margins."""
        return self.columns - 2 * self.margin


def loud(old: Old | None) -> Token:
    """Return how loud the number is said."""
    return Token.MUTED if old is not None else Token.STRONG


def number_rows(wall: Wall, rows: int, paper: Paper) -> list[Line]:
    """Return the number, with the counts beside it where there is room for both.

    Args:
        wall: What is said.
        rows: How many rows the number may take.
        paper: What is drawn on.
    """
    # As wide as it will ever be: a digit more must not move what stands beside it.
    text = f"{wall.done}/{wall.of}".ljust(2 * len(str(wall.of)) + 1)
    counts_wide = _width_of(wall, paper, paper.old)
    room = paper.room - _INDENT
    scale = largest(text, room - counts_wide - _GAP, rows) or largest(text, room, rows)
    big = _big(text, scale, paper)
    taken = width(big[0])
    is_beside = taken + _GAP + counts_wide <= room and paper.is_full
    counts = _counts(wall, max(_FEWEST, len(big)), paper) if is_beside else []
    gap = min(_GAP_BESIDE * (2 if len(big) > _FEWEST else 1), room - counts_wide - taken) if counts else 0
    spread = _spread(counts, len(big))
    depth = max(len(big), len(spread))
    big += [line(" " * taken)] * (depth - len(big))
    spread += [()] * (depth - len(spread))
    lead = " " * (paper.margin + _INDENT)
    return [line(lead, left, " " * gap, right) for left, right in zip(big, spread, strict=True)]


def _width_of(wall: Wall, paper: Paper, old: Old | None) -> int:
    """Return the cells that the counts take, whatever they count to."""
    words = (len(_said(one, paper)[1]) for one in wall.counts if one.total or one.is_fixed)
    counted = max(_LEAST_COUNT, len(str(wall.of)) + 1 + max(words, default=0))
    return counted if old is None else counted + _GAP_OLD + len(f"at {old.at}")


def _spread(counts: Sequence[Line], rows: int) -> list[Line]:
    """Return the counts below each other, with a blank row before each where there is room for it."""
    if rows < 2 * len(counts):
        return list(counts)
    return [one for count in counts for one in ((), count)]


def _big(text: str, scale: Scale | None, paper: Paper) -> list[Line]:
    if scale is None:
        return [line((text, loud(paper.old)))]
    fill = paper.glyphs.old if paper.old is not None else paper.glyphs.verified
    return digits(text, scale, fill, loud(paper.old))


def _counts(wall: Wall, most: int, paper: Paper) -> list[Line]:
    """Return a line per count, at most `most`; together they are always the whole."""
    old = paper.old
    shown = [one for one in wall.counts if one.total or one.is_fixed]
    # A stage that fills takes the row of one that is empty, so that the others stay where they are.
    while len(shown) > _FEWEST and (zeros := [one for one in shown[1:] if not one.total]):
        shown.remove(zeros[0])
    if len(shown) > most:
        rest = shown[most - 1 :]
        words = ", ".join(f"{number} {text}" for number, text in map(partial(_said, paper=paper), rest))
        shown = [
            *shown[: most - 1],
            Count(sum(one.total for one in rest), f"others ({words})", Token.NOTICE),
        ]
    digits_wide = len(str(wall.of))
    said = [f"{number:>{digits_wide}} {words}" for number, words in map(partial(_said, paper=paper), shown)]
    if old is None:
        tokens = [one.token if one.total else Token.DIM for one in shown]
        return [line((text, token)) for text, token in zip(said, tokens, strict=True)]
    cells = _width_of(wall, paper, None) + _GAP_OLD
    tokens = [Token.MUTED if one.total else Token.DIM for one in shown]
    return [
        line(fit(line((text, token)), cells), (f"at {old.at}", Token.DIM))
        for text, token in zip(said, tokens, strict=True)
    ]


def _said(one: Count, paper: Paper) -> tuple[int, str]:
    """Return the number of a row and what follows it; of two counts a narrow screen leaves out an empty one."""
    if one.beside is None:
        return one.number, one.words
    number, words = one.beside
    if paper.is_large or (one.number and number):
        return one.number, f"{one.words}, {number} {words}"
    return (one.number, one.words) if one.number else (number, words)


def bar_of(segments: Sequence[tuple[int, Kind]], total: int, cells: int, paper: Paper) -> Line:
    """Return the bar; what is not live has another fill, and tells nothing of what moves."""
    glyphs = paper.glyphs
    if paper.old is None:
        return bar(segments, total, cells, glyphs)
    still = replace(glyphs, verified=glyphs.old, on_the_way=glyphs.waiting)
    drawn = bar(segments, total, cells, still)
    return tuple(Span(text, _STILL.get(token, Token.MUTED)) for text, token in drawn)
