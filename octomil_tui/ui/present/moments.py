"""What happened, under the lines of history that show its time: `^ 02:54Z 20% -> 40%` (B-160)."""

from __future__ import annotations

from collections.abc import Sequence

from octomil_tui.domain.text import clean, version_label, whole_percent
from octomil_tui.domain.timeline import Act, TimelineEvent
from octomil_tui.ui import format as as_text
from octomil_tui.ui.history import Frame, place_of
from octomil_tui.ui.spans import Line, Span, Token

_ROWS = 2
"""Rows of marks at most: what finds no room in them is in the timeline."""
_GAP = 2
"""Cells between two marks."""


def moment_lines(events: Sequence[TimelineEvent], frame: Frame) -> list[Line]:
    """Return what happened in the time of a frame, each at its cell; the newest find their place first.

    Args:
        events: Of one model, in any order.
        frame: The time that is covered, and the cells of a row; fewer than one draws nothing.
    """
    rows: list[list[tuple[int, str, Token]]] = [[] for _ in range(_ROWS)]
    told = [event for event in events if frame.begin <= event.at <= frame.end]
    for event in sorted(told, key=lambda one: -one.at):
        words = _words(event, frame.glyphs.arrow)
        if not words or frame.cells <= 0:
            continue
        said = f"{as_text.short_clock(event.at)} {words}"
        token = Token.NEEDS if event.act is Act.CROSSED else Token.MUTED
        cell = place_of(event.at, frame)
        # Its mark stands at its moment; the words go on from there, or where the line ends, lead up to it.
        after = (cell, f"{frame.glyphs.above} {said}", token)
        before = (cell - len(said) - 1, f"{said} {frame.glyphs.above}", token)
        free = ((row, mark) for mark in (after, before) for row in rows if _has_room(row, mark, frame.cells))
        row, mark = next(free, (None, after))
        if row is not None:
            row.append(mark)
    return [_drawn(sorted(row)) for row in rows if row]


def _has_room(row: Sequence[tuple[int, str, Token]], mark: tuple[int, str, Token], cells: int) -> bool:
    begin, text, _ = mark
    end = begin + len(text)
    return (
        begin >= 0
        and end <= cells
        and all(end + _GAP <= one[0] or one[0] + len(one[1]) + _GAP <= begin for one in row)
    )


def _drawn(row: Sequence[tuple[int, str, Token]]) -> Line:
    spans: list[Span] = []
    at = 0
    for begin, text, token in row:
        spans += [Span(" " * (begin - at)), Span(text, token)]
        at = begin + len(text)
    return tuple(spans)


def _words(event: TimelineEvent, arrow: str) -> str:
    """Return what happened in a few words; empty for what moves no device."""
    what = "rollback" if event.is_rollback or event.act is Act.ROLLBACK else "rollout"
    match event.act:
        case Act.STARTED | Act.ROLLBACK:
            return f"{what} to {version_label(event.version)} starts"
        case Act.ADVANCED if event.share is not None:
            former = f"{whole_percent(event.former_share)}% " if event.former_share is not None else ""
            return f"{former}{arrow} {whole_percent(event.share)}%"
        case Act.PAUSED | Act.RESUMED | Act.CANCELLED | Act.COMPLETED | Act.FAILED:
            return f"{what} {event.act.value}"
        case Act.CROSSED if event.breach is not None:
            return clean(event.breach.words)
        case Act.MEMO if event.text:
            return clean(event.text, 30)
        case _:
            return ""
