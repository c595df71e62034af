"""A line of history: one figure over a stretch of time, a cell for each part of it, drawn once and never moving."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from octomil_tui.ui.spans import Line, Span, Token
from octomil_tui.ui.theme import Glyphs


@dataclass(frozen=True, slots=True)
class Frame:
    """The time that a line of history covers, and what there is to draw it on."""

    begin: float
    """The moment of the left end, epoch seconds."""
    end: float
    """The moment of the right end."""
    cells: int
    glyphs: Glyphs


def history_line(
    points: Sequence[tuple[float, float]],
    frame: Frame,
    scale: tuple[float, float],
    token: Callable[[float], Token],
    *,
    is_more_worse: bool = True,
) -> Line:
    """Return a figure's history in exactly the cells of its frame.

    A cell shows the worst of the moments that fall into it, so that a short
    spike is seen however narrow the line is. A cell without any stays blank: a
    time for which nobody told is a gap, not a zero.

    Args:
        points: Moments and values, the oldest first.
        frame: The time that is covered, and what there is to draw on.
        scale: The values of the lowest and the highest step; the lowest is never blank.
        token: What a value means.
        is_more_worse: Whether the worst of several is the highest.
    """
    begin, end, cells, glyphs = frame.begin, frame.end, frame.cells, frame.glyphs
    if cells <= 0:
        return ()
    worst = max if is_more_worse else min
    found: list[float | None] = [None] * cells
    for at, value in points:
        if not begin <= at <= end or not math.isfinite(value):
            continue
        place = place_of(at, frame)
        before = found[place]
        found[place] = value if before is None else worst(before, value)
    drawn = [_cell(value, scale, glyphs, token) for value in _bridged(found, len(points), cells)]
    return tuple(
        Span("".join(one.text for one in run), kind)
        for kind, run in groupby(drawn, key=lambda one: one.token)
    )


def place_of(at: float, frame: Frame) -> int:
    """Return the cell of a moment that is within a frame."""
    if frame.end <= frame.begin:
        return frame.cells - 1
    return min(frame.cells - 1, int((at - frame.begin) / (frame.end - frame.begin) * frame.cells))


def _bridged(found: Sequence[float | None], points: int, cells: int) -> list[float | None]:
    """Return the cells with the gaps closed that are there only since there are more cells than points."""
    reach = math.ceil(cells / points) + 1 if points else 0
    told: list[float | None] = []
    last, age = None, 0
    for place, value in enumerate(found):
        age = 0 if value is not None else age + 1
        last = value if value is not None else last
        is_followed = any(one is not None for one in found[place : place + reach])
        told.append(last if age < reach and is_followed else None)
    return told


def _cell(
    value: float | None, scale: tuple[float, float], glyphs: Glyphs, token: Callable[[float], Token]
) -> Span:
    if value is None:
        return Span(glyphs.steps[0], Token.DIM)
    low, high = scale
    top = len(glyphs.steps) - 1
    share = (value - low) / (high - low) if high > low else 0.0
    return Span(glyphs.steps[max(1, min(top, math.ceil(share * top)))], token(value))
