"""Line 1 and the last line of the dashboard: whether it is live, since when, and the way out."""

from __future__ import annotations

import math
from enum import StrEnum

from octomil_tui.engine.cadence import due_at, wanted
from octomil_tui.engine.freshness import Freshness, Link
from octomil_tui.engine.state import ConsoleState, Read
from octomil_tui.engine.topic import DEVICES
from octomil_tui.ui import format as as_text
from octomil_tui.ui.place import PlaceInfo
from octomil_tui.ui.present.liveness import Liveness
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.spans import Line, Token, join, line
from octomil_tui.ui.widgets.chrome import WIDE
from octomil_tui.ui.widgets.edges import Freshness as Mark
from octomil_tui.ui.widgets.edges import Key, Place

_MARKS = {
    Link.CONNECTING: Mark.OFFLINE,
    Link.LIVE: Mark.LIVE,
    Link.STALE: Mark.STALE,
    Link.OFFLINE: Mark.OFFLINE,
}
_GAP = 4


class Asked(StrEnum):
    """What the last line asks."""

    LEAVE = "leave"
    INTERRUPT = "interrupt"


def place_of(info: PlaceInfo, fresh: Freshness, clock: str, cells: int) -> Place:
    """Return line 1."""
    return Place(
        mark=info.mark,
        org=info.org,
        guarded=info.guarded,
        crumbs="no way to any write" if cells >= WIDE else "",
        freshness=_MARKS[fresh.link],
        age=as_text.age(fresh.age),
        clock=clock,
        read_only=True,
    )


def lead_of(
    state: ConsoleState, fresh: Freshness, mono: float, liveness: Liveness, cells: int, *, asked: Asked | None
) -> Line:
    """Return what the last line says before the keys.

    Args:
        state: What is known.
        fresh: The link.
        mono: Seconds of this machine, as in `state`.
        liveness: Since when it is live, and the longest gap.
        cells: The width of the screen.
        asked: The question that waits for an answer.
    """
    if asked is not None:
        return line(("Leave? It stops no rollback.", Token.NEEDS))
    if fresh.age is None:
        return muted("nothing was read yet")
    due = _next(state, fresh, mono)
    clauses = [muted(f"updated {as_text.age(fresh.age)} ago"), *([muted(due)] if due else [])]
    if cells >= WIDE and fresh.is_live and liveness.since is not None:
        now = state.server_now(mono)
        since = as_text.day(liveness.since, now if now is not None else liveness.since)
        gap = as_text.age(liveness.longest_gap)
        clauses.append(muted(f"LIVE since {since.removeprefix('today ')}, longest gap {gap}"))
    return join(clauses, _GAP)


def _next(state: ConsoleState, fresh: Freshness, mono: float) -> str:
    if as_text.is_by_the_minute():
        # What counts down moves by itself.
        return ""
    if fresh.retry_in is not None:
        return f"retry in {as_text.age(math.ceil(fresh.retry_in))}" if fresh.retry_in > 0 else "trying now"
    due = due_at(state.reads.get(DEVICES, Read()), wanted(state).get(DEVICES, 0.0)) - mono
    return f"next in {as_text.age(math.ceil(due))}" if due > 0 else "reading now"


def keys_of(asked: Asked | None) -> tuple[Key, ...]:
    """Return the keys that do something now."""
    if asked is Asked.LEAVE:
        return (Key("q or y", "leaves"), Key("any other key", "stays"))
    if asked is Asked.INTERRUPT:
        return (Key("ctrl+c", "again leaves at once"),)
    return (Key("q", "quit (asks)"),)
