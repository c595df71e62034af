"""That what the dashboard shows is not live: when it was known, what failed, and what goes on all the same (F-80s)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from octomil_tui.engine.freshness import Freshness
from octomil_tui.engine.state import ConsoleState
from octomil_tui.engine.topic import Topic
from octomil_tui.ui import format as as_text
from octomil_tui.ui.present.wall import Wall
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.spans import Line, Token, line
from octomil_tui.ui.theme import Glyphs


def _next_try(seconds: float | None) -> str:
    if seconds is None:
        return ""
    if as_text.is_by_the_minute():
        return ""
    return f", next try in {as_text.age(math.ceil(seconds))}" if seconds > 0 else ", trying now"


@dataclass(frozen=True, slots=True)
class Old:
    """That what is shown is not live."""

    at: str = ""
    """When it was last known, as a clock; empty where nothing was known yet."""
    link: tuple[Line, ...] = ()
    """What failed, when it is tried again, and what goes on all the same."""


def old_of(
    state: ConsoleState,
    fresh: Freshness,
    topics: Sequence[Topic],
    now: float | None,
    *,
    wall: Wall,
    glyphs: Glyphs,
) -> Old:
    """Return how to say that the data is not live.

    Args:
        state: What is known.
        fresh: The link.
        topics: What the numbers come from.
        now: The service's clock now.
        wall: What is shown.
        glyphs: The characters to draw with.
    """
    known_at = now - fresh.age if now is not None and fresh.age is not None else None
    failures = max((read.failures for t in topics if (read := state.reads.get(t)) is not None), default=0)
    times = f" {glyphs.times}{failures}" if failures > 1 else ""
    again = _next_try(fresh.retry_in)
    said = fresh.sentence or "no answer yet"
    what = "The rollback runs" if wall.about_rollback else "What was begun runs"
    return Old(
        as_text.clock_utc(known_at) if known_at is not None else "",
        (
            line((f"{said}{times}{again}", Token.NOTICE)),
            line(f"{what} on the server and on the devices, not on this screen."),
            muted("This screen never exits on its own, and never shows old data as new."),
        ),
    )
