"""Since when a figure is where it is: the last step of its history. Pure.

A trend speaks of the last minutes. A figure that became nine times as bad
twenty minutes ago is steady by that, and was not steady for whoever looks at
its line: then the moment says more than the word.
"""

from __future__ import annotations

from dataclasses import dataclass

from octomil_tui.domain.signal import Measure, Metric, Point
from octomil_tui.domain.signal_judge import Change, change


@dataclass(frozen=True, slots=True)
class Step:
    """A figure that left another level and did not come back."""

    is_up: bool
    since: float
    """The last moment before it began to leave, epoch seconds."""


def last_step(history: tuple[Point, ...], metric: Metric) -> Step | None:
    """Return how a figure came to where it is; None where it was there all the time, or nobody states its unit.

    Args:
        history: The oldest first.
        metric: Which figure.
    """
    told = [(point.at, point.figures[metric]) for point in history if metric in point.figures]
    if not told:
        return None
    last = told[-1][1]
    known = [(at, one) for at, one in told if last.can_be_held_against(one)]
    others = [n for n, (_, one) in enumerate(known) if change(metric, last, one) is not Change.SAME]
    if not others:
        return None
    place = others[-1]
    is_up = last.value > known[place][1].value
    # A step takes its time: it began where the way to the present level did.
    while place > 0 and _leads_on(known[place - 1][1], known[place][1], is_up=is_up):
        place -= 1
    return Step(is_up, known[place][0])


def _leads_on(before: Measure, after: Measure, *, is_up: bool) -> bool:
    return before.value < after.value if is_up else before.value > after.value
