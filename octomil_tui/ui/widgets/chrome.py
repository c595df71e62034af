"""What surrounds a pane: one rule with its name in it, or on wide screens a thin box."""

from __future__ import annotations

from enum import StrEnum

from octomil_tui.ui.spans import Line, Token, fit, line, width
from octomil_tui.ui.theme import Glyphs

WIDE = 120
"""Columns of the screen from which panes get a box."""

_LEAST_LEGEND = 8
"""A legend with less room than this says nothing."""


class Chrome(StrEnum):
    """How a pane is set off from its neighbours."""

    AUTO = "auto"
    """A box on wide screens, a rule on others."""
    RULE = "rule"
    BOX = "box"


def head_line(cells: int, title: Line, legend: Line, hint: Line, glyphs: Glyphs, *, boxed: bool) -> Line:
    """Return `─ TITLE ──────── legend ─ hint ─`, exactly `cells` wide, with corners where it is a box.

    The title stays longest: a legend is shortened, then left out, where there is no room.
    """
    dash = glyphs.rule
    start, end = (glyphs.corners[0] + dash, dash + glyphs.corners[1]) if boxed else (dash, dash)
    head = line((start, Token.RULE), *((" ", title, " ") if title else ()))
    tail = line((end, Token.RULE))
    if hint:
        tail = line(" ", hint, " ", tail)
    room = cells - width(head) - width(tail) - 3
    legend = _shortened(legend, room)
    if legend:
        tail = line(" ", legend, *((" ", (dash, Token.RULE)) if hint else (" ",)), tail)
    fill = max(0, cells - width(head) - width(tail))
    return fit(line(head, (dash * fill, Token.RULE), tail), cells)


def _shortened(legend: Line, room: int) -> Line:
    """Return the legend with whole keys left out from its end; words without a key are cut."""
    keys = [place for place, (_, token) in enumerate(legend) if token is Token.KEY and place]
    while keys and width(legend) > room:
        legend = legend[: keys.pop()]
        if not legend[-1].text.strip():
            legend = legend[:-1]
    if width(legend) <= room:
        return legend
    return fit(legend, room) if room >= _LEAST_LEGEND else ()


def foot_line(cells: int, hint: Line, glyphs: Glyphs) -> Line:
    """Return the bottom of a box, `└──── hint ─┘`."""
    start, end = glyphs.corners[2], glyphs.rule + glyphs.corners[3]
    tail = line(" ", hint, " ", (end, Token.RULE)) if hint else line((end, Token.RULE))
    fill = max(0, cells - len(start) - width(tail))
    return fit(line((start + glyphs.rule * fill, Token.RULE), tail), cells)
