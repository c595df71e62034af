"""How the figures of the dashboard are drawn: rows of their own on large screens, beside the groups on others."""

from __future__ import annotations

from collections.abc import Iterable

from octomil_tui.ui.present.wall import Figure, Signal
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.spans import Line, Token, fit, join, line, width
from octomil_tui.ui.theme import Glyphs

_GAP = 4
_BESIDE = 2
"""Figures that are told beside the groups."""


def signal_rows(signal: Signal, glyphs: Glyphs) -> list[Line]:
    """Return a line for each figure, in columns: `errors   6.1% at 03:13Z  →  1.9% now   falling   usual 0.7%`."""
    cells = [_cells(one, signal) for one in signal.figures]
    if not cells:
        return []
    wide = [max(width(row[place]) for row in cells) for place in range(len(cells[0]))]
    way = muted(f"{glyphs.arrow}  ")
    rows = []
    for row in cells:
        name, was, now, *rest = (fit(cell, room) for cell, room in zip(row, wide, strict=True))
        rows.append(join([name, line(was, "  ", way, now) if wide[1] else now, *rest], _GAP))
    return rows


def _cells(one: Figure, signal: Signal) -> tuple[Line, ...]:
    return (
        muted(one.name),
        muted(f"{one.was} at {signal.since}") if one.was and signal.since else (),
        line((one.now, _loud(one)), muted(" now")),
        one.going,
        muted(f"usual {one.usual}") if one.usual else (),
        muted(f"peak {one.peak}") if one.peak else (),
    )


def _loud(one: Figure) -> Token:
    return Token.STRONG if one.token is Token.TEXT else one.token


def signal_side(signal: Signal | None) -> list[Line]:
    """Return the same for a narrow screen, a few cells wide: what it is now and where it goes, and the peak."""
    if signal is None:
        return []
    shown = signal.figures[:_BESIDE]
    names, values = (max(map(len, texts)) for texts in ([f.name for f in shown], [f.now for f in shown]))
    rows = [
        line(
            fit(muted(one.name), names + 2),
            fit(line((one.now, _loud(one))), values, "right"),
            "  ",
            one.going,
        )
        for one in shown
    ]
    if any(one.peak for one in shown):
        rows.append(muted(f"peak {_slashed(one.peak for one in shown)}"))
    return [*rows, *([signal.verdict] if signal.verdict else [])]


def signal_legend(signal: Signal | None) -> Line:
    """Return what stands in the rule above those: `SIGNAL  usual 0.7% / 180 ms`."""
    if signal is None:
        return ()
    shown = signal.figures[:_BESIDE]
    usual = f"usual {_slashed(one.usual for one in shown)}" if any(one.usual for one in shown) else ""
    return join([line(("SIGNAL", Token.STRONG)), muted(usual) if usual else ()], 2)


def _slashed(texts: Iterable[str]) -> str:
    return " / ".join(text or "?" for text in texts)
