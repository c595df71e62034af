"""What a screen says while what it shows may not be true: the error line, the banner, what was left out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from octomil_tui.engine.freshness import OFFLINE_AFTER, Freshness
from octomil_tui.engine.state import Cause
from octomil_tui.engine.trouble import GONE
from octomil_tui.ui import format as as_text
from octomil_tui.ui.spans import Line, Token, fit, line, wrap

if TYPE_CHECKING:
    from octomil_tui.engine.gate import Wait

_MINUTE = 60
_HOUR = 60 * _MINUTE


def trouble_lines(fresh: Freshness, cells: int) -> list[Line]:
    """Return the one error: its kind, its cause, and the time to the next try; as many rows as it takes.

    A key that was rejected, and silence of more than five minutes, stand out from everything else.

    Args:
        fresh: How old the data is, and what failed.
        cells: Room of a row.
    """
    is_long = not fresh.is_live and fresh.age is not None and fresh.age > OFFLINE_AFTER
    if not fresh.sentence and not is_long:
        return []
    said = fresh.sentence or "nothing failed, and nothing was read"
    if is_long and fresh.cause is not Cause.KEY:
        said = f"no news for {as_text.age(fresh.age)}: {said}"
    said += _next_try(fresh.retry_in)
    if is_long or fresh.cause is Cause.KEY:
        return [fit(one, cells) for one in wrap([line((f"!! {said}", Token.PLACE))], cells)]
    if fresh.sentence == GONE:
        return wrap([line((f"!! {said}", Token.NEEDS))], cells)
    return wrap([line((f"?? {said}", Token.NOTICE))], cells)


def wait_lines(waits: Sequence[tuple[Wait, float]], cells: int) -> list[Line]:
    """Return what a person asked for that may not leave yet, one row for each purpose, and why.

    Args:
        waits: What waits, with the seconds that are left.
        cells: Room of a row.
    """
    longest: dict[str, tuple[Wait, float]] = {}
    for wait, left in waits:
        # A refresh reads many things, which all wait for the same: that is one sentence, not five.
        purpose = wait.what.partition(" ")[0]
        if purpose not in longest or longest[purpose][1] < left:
            longest[purpose] = (wait, left)
    return wrap(
        [
            line((f"?? {what} waits {as_text.age(math.ceil(left))}: {wait.why}", Token.NOTICE))
            for what, (wait, left) in longest.items()
        ],
        cells,
    )


def _next_try(seconds: float | None) -> str:
    if seconds is None or as_text.is_by_the_minute():
        return ""
    # Rounded up: the last second before the try is not over yet.
    return f", again in {as_text.age(math.ceil(seconds))}" if seconds > 0 else ", trying now"


def gap_lines(gaps: Sequence[str], cells: int) -> list[Line]:
    """Return what is missing from the lists of a screen; nothing where they are whole."""
    return wrap([line((f"?? {'; '.join(gaps)}", Token.NOTICE))], cells) if gaps else []


def clock_words(now: float | None, ahead: float | None, *, brief: bool) -> str:
    """Return the service's clock for line 1, and by how much it differs from this machine's.

    Args:
        now: The service's clock, epoch seconds.
        ahead: Seconds by which it is ahead; None for none to speak of.
        brief: Whether line 1 has little room.
    """
    if now is None:
        return ""
    clock = as_text.short_clock(now) if as_text.is_by_the_minute() else as_text.clock_utc(now)
    if ahead is None:
        return clock
    sign = "+" if ahead > 0 else "-"
    word = "server" if brief else "server clock"
    return f"{word} {sign}{_rough(abs(ahead))}  {clock}"


def _rough(seconds: float) -> str:
    """Return `3m`, `2h` or `5d`: the largest unit alone."""
    if seconds < _HOUR:
        return f"{int(seconds) // _MINUTE}m"
    return as_text.brief_age(seconds)
