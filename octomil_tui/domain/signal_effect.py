"""Whether a rollback helps: the devices that it changes, measured before, and now. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from octomil_tui.domain.signal import NO_FIGURES, Measure, Metric, Point, RolloutHealth
from octomil_tui.domain.signal_judge import Change, Trend, badness, change, telling, times_worse, trend

_MOST_OF_IT = 0.9
"""The part of what was wrong that has to be gone before it is called usual again."""
_SOME_OF_IT = 0.15
"""The part that has to be gone, or to be added, before it is called better, or worse."""


class Help(StrEnum):
    """What the figures say of a rollback."""

    USUAL = "usual"
    """What was wrong is gone."""
    BETTER = "better"
    NOT_YET = "not_yet"
    """As bad as when it began."""
    WORSE = "worse"
    NOTHING_WRONG = "nothing_wrong"
    """Nothing was worse than usual when it began."""
    UNKNOWN = "unknown"
    """The figures of before are missing, or those of now."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What became of the figure that was the worst when a rollback began."""

    help: Help
    metric: Metric | None = None
    before: Measure | None = None
    now: Measure | None = None
    usual: Measure | None = None
    trend: Trend = Trend.UNKNOWN


NO_EFFECT = Effect(Help.UNKNOWN)


@dataclass(frozen=True, slots=True)
class FigureChange:
    """One figure of the devices that a rollback changes; None where nobody measured it then."""

    metric: Metric
    before: Measure | None
    after: Measure | None
    usual: Measure | None


def figure_changes(health: RolloutHealth, started_at: float) -> tuple[FigureChange, ...]:
    """Return every figure before a rollback and now; those that are told of neither moment are left out.

    Args:
        health: What its devices tell.
        started_at: When it began, the service's epoch seconds.
    """
    start = at_start(health.history, started_at)
    before = start.figures if start is not None else NO_FIGURES
    return tuple(
        FigureChange(metric, before.get(metric), health.figures.get(metric), health.usual.get(metric))
        for metric in Metric
        if metric in before or metric in health.figures
    )


def effect(health: RolloutHealth | None, started_at: float) -> Effect:
    """Return whether a rollback helps.

    Args:
        health: What its devices tell; None where the service tells nothing.
        started_at: When it began, the service's epoch seconds.
    """
    if health is None or not health.usual or not health.figures:
        return NO_EFFECT
    before = at_start(health.history, started_at)
    if before is None:
        return NO_EFFECT
    wrong = {
        metric: times
        for metric, measure in before.figures.items()
        if metric in health.figures
        and (times := times_worse(metric, measure, health.usual.get(metric))) is not None
    }
    if not wrong:
        return _unprovoked(health, before)
    metric = max(telling(wrong), key=lambda one: wrong[one])
    was, now, usual = before.figures[metric], health.figures[metric], health.usual[metric]
    return Effect(_help(metric, was, now, usual), metric, was, now, usual, trend(health.history, metric))


def _unprovoked(health: RolloutHealth, before: Point) -> Effect:
    """Return the effect of a rollback before which nothing was wrong: whether anything is now."""
    for metric, now in health.figures.items():
        usual = health.usual.get(metric)
        if times_worse(metric, now, usual) is not None:
            was = before.figures.get(metric)
            return Effect(Help.WORSE, metric, was, now, usual, trend(health.history, metric))
    return Effect(Help.NOTHING_WRONG)


def at_start(history: tuple[Point, ...], started_at: float) -> Point | None:
    """Return the last point at or before a rollback's beginning; None where the history begins later."""
    before = [point for point in history if point.at <= started_at]
    return before[-1] if before else None


def _help(metric: Metric, was: Measure, now: Measure, usual: Measure) -> Help:
    wrong = badness(metric, was) - badness(metric, usual)
    gone = (badness(metric, was) - badness(metric, now)) / wrong
    if gone >= _MOST_OF_IT or change(metric, now, usual) is not Change.WORSE:
        return Help.USUAL
    if gone >= _SOME_OF_IT:
        return Help.BETTER
    return Help.WORSE if gone <= -_SOME_OF_IT else Help.NOT_YET
