"""Line 1 and the last line of the dashboard: whether it is live, since when, and the way out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from octomil_tui.engine.cadence import due_at, wanted
from octomil_tui.engine.freshness import Freshness
from octomil_tui.engine.state import ConsoleState, Read
from octomil_tui.engine.topic import DEVICES
from octomil_tui.ui import format as as_text
from octomil_tui.ui.place import PlaceInfo
from octomil_tui.ui.present.link_mark import LINK_MARKS
from octomil_tui.ui.present.liveness import Liveness
from octomil_tui.ui.present.page_turn import Turn
from octomil_tui.ui.present.subject import Hold, Subject, leaves_at
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.spans import Line, Token, join, line
from octomil_tui.ui.widgets.chrome import WIDE
from octomil_tui.ui.widgets.edges import Key, Place

_GAP = 4
_BESIDE = 18
"""Cells of the last line beside what it says: its margins, and the one key with its gap."""


class Stays(NamedTuple):
    """How long what is shown stays."""

    words: str = ""
    brief: str = ""
    """The same for a narrow screen."""


_HELD = {
    Hold.ROLLBACK: Stays("stays here while a rollback runs", "stays here"),
    Hold.NEEDS: Stays("stays here while it needs you", "stays here"),
}


def stays_of(state: ConsoleState, subject: Subject, turn: Turn, mono: float) -> Stays:
    """Return why this page stays, or when the next one comes.

    Args:
        state: What is known.
        subject: What the first page is about.
        turn: Which page is shown.
        mono: Seconds of this machine.
    """
    if subject.hold is Hold.DONE and subject.rollback is not None:
        until = leaves_at(state, subject.rollback)
        return (
            Stays(f"stays here until {as_text.short_clock(until)}", "stays here")
            if until is not None
            else Stays()
        )
    if subject.hold is not Hold.NONE:
        return _HELD.get(subject.hold, Stays())
    if turn.pages <= 1:
        return Stays()
    page = f"page {turn.page + 1} of {turn.pages}"
    return Stays(f"{page}, turns in {math.ceil(turn.left(mono))}s", page)


class Asked(StrEnum):
    """What the last line asks."""

    LEAVE = "leave"
    INTERRUPT = "interrupt"


ANSWER_WITHIN = 10.0
"""Seconds after which whoever was asked whether to leave stays."""

TWICE_WITHIN = 2.0
"""Seconds between two ctrl+c that leave at once."""


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, and when by this machine's monotonic clock."""

    asked: Asked | None = None
    at: float = 0.0

    def seen(self, mono: float) -> Question:
        """Return the question that waits for an answer now; none after its time."""
        limit = TWICE_WITHIN if self.asked is Asked.INTERRUPT else ANSWER_WITHIN
        return self if self.asked is not None and mono - self.at < limit else Question()


def place_of(info: PlaceInfo, fresh: Freshness, clock: str, cells: int) -> Place:
    """Return line 1."""
    return Place(
        mark=info.mark,
        org=info.org,
        guarded=info.guarded,
        crumbs="no way to any write" if cells >= WIDE else "",
        freshness=LINK_MARKS[fresh.link],
        age=as_text.age(fresh.age),
        clock=clock,
        read_only=True,
    )


def lead_of(
    state: ConsoleState,
    fresh: Freshness,
    mono: float,
    liveness: Liveness,
    cells: int,
    *,
    stays: Stays,
    asked: Asked | None,
) -> Line:
    """Return what the last line says before the keys, as much of it as fits.

    While it is live, line 1 tells the age already: which page this is, and
    whether the screen can be trusted, go before that here.

    Args:
        state: What is known.
        fresh: The link.
        mono: Seconds of this machine, as in `state`.
        liveness: Since when it is live, and the longest gap.
        cells: The width of the screen.
        stays: How long this page stays.
        asked: The question that waits for an answer.
    """
    if asked is not None:
        return line(("Leave? It stops no rollback.", Token.NEEDS))
    if fresh.age is None:
        return muted("nothing was read yet")
    updated, soon = f"updated {as_text.age(fresh.age)} ago", _next(state, fresh, mono)
    if not fresh.is_live:
        return join([muted(one) for one in (updated, soon) if one], _GAP)
    now = state.server_now(mono)
    found: dict[int, str] = {}
    left = cells - _BESIDE
    by_worth: tuple[tuple[int, tuple[str, ...]], ...] = (
        (3, (stays.words, stays.brief)),
        (2, liveness.words(now)),
        (0, (updated,)),
        (1, (soon,)),
    )
    for place, variants in by_worth:
        said = next((one for one in variants if len(one) <= left), "")
        if said:
            found[place], left = said, left - len(said) - _GAP
    return join([muted(found[place]) for place in sorted(found)], _GAP)


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
