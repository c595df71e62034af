"""When a figure is worse than usual, and how much somebody should care. Pure.

Two sizes of a difference count. One that is worth a word is a tenth, and a
little in the figure's own unit: what two versions differ by in a table. One
that needs somebody is as large as the policies of the service take it to be.
Figures whose unit nobody states are shown and never judged.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from octomil_tui.domain.signal import (
    NO_FIGURES,
    Figures,
    Measure,
    Metric,
    ModelHealth,
    Part,
    Point,
    Unit,
    VersionHealth,
)

FEWEST = 3
"""Devices that have to report before their figures say something of a version."""

_TENTH = 0.1
_WHOLE = 100.0
_LEAST_RATE = 0.05
"""Percent of sessions below which two rates are the same for everybody."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """When a figure needs somebody: so many times as bad as usual, and worse by so much in its own unit."""

    times: float
    least: float
    a_word: float
    """A difference in its own unit that is worth a word."""


_LATENCY = _Rule(times=1.5, least=20.0, a_word=2.0)
_RULES = {
    Metric.ERRORS: _Rule(times=2.0, least=0.5, a_word=_LEAST_RATE),
    Metric.CRASHES: _Rule(times=2.0, least=0.5, a_word=_LEAST_RATE),
    Metric.P50: _LATENCY,
    Metric.P95: _LATENCY,
    Metric.P99: _LATENCY,
    # Held against what is left to be wrong: from 91 to 87 % right is half as many again wrong answers.
    Metric.QUALITY: _Rule(times=1.2, least=2.0, a_word=0.5),
}


class Change(StrEnum):
    """How one figure stands to another."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "same"
    UNKNOWN = "unknown"
    """One of them is missing, or nobody states its unit."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One figure of a version that needs somebody."""

    version: str
    metric: Metric
    now: Measure
    usual: Measure | None
    """What is usual; None where it is held against a limit."""
    times: float
    """How many times as bad as usual, or as the limit."""
    part: Part | None = None
    """The class of devices that it is about; None for all devices."""


def change(metric: Metric, now: Measure | None, before: Measure | None) -> Change:
    """Return whether `now` is better or worse than `before` by enough to be worth a word."""
    if now is None or before is None or not now.can_be_held_against(before):
        return Change.UNKNOWN
    apart = abs(now.value - before.value)
    a_word = _RULES[metric].a_word if metric in _RULES else 0.0
    # A tenth of a share that is nearly whole is more than it can ever lose.
    relative = 0.0 if metric is Metric.QUALITY else _TENTH * abs(before.value)
    if apart <= max(a_word, relative):
        return Change.SAME
    is_worse = now.value < before.value if metric is Metric.QUALITY else now.value > before.value
    return Change.WORSE if is_worse else Change.BETTER


def times_worse(metric: Metric, now: Measure | None, usual: Measure | None) -> float | None:
    """Return how many times as bad as usual a figure is, where that needs somebody; else None."""
    rule = _RULES.get(metric)
    if rule is None or now is None or usual is None or not now.can_be_held_against(usual):
        return None
    bad, normal = now.value, usual.value
    if metric is Metric.QUALITY:
        if now.unit is not Unit.PERCENT:
            return None
        bad, normal = _WHOLE - bad, _WHOLE - normal
    if bad - normal < rule.least or bad < rule.times * normal:
        return None
    # Where nothing is usual, the least that counts stands in for it.
    return bad / max(normal, rule.least / rule.times)


def findings(health: ModelHealth, *versions: str | None) -> tuple[Finding, ...]:
    """Return what needs somebody about these versions of a model, the worst first.

    Memory that a class of devices does not have comes before all: devices that
    are ended for it crash and fall silent, and it is what that comes from.
    """
    found = chain.from_iterable(
        _of_version(one, health.usual)
        for version in dict.fromkeys(versions)
        if (one := health.version(version)) is not None
    )
    return tuple(sorted(found, key=lambda one: (one.part is None, -one.times)))


def _of_version(one: VersionHealth, usual: Figures) -> list[Finding]:
    if one.devices is not None and one.devices < FEWEST:
        return []
    found = [
        Finding(one.version, metric, one.now[metric], usual[metric], times)
        for metric in one.now
        if (times := times_worse(metric, one.now[metric], usual.get(metric))) is not None
    ]
    told = telling(one.metric for one in found)
    return [one for one in found if one.metric in told] + [
        Finding(one.version, Metric.MEMORY, peak, None, times, part)
        for part in one.by_class
        if (peak := part.figures.get(Metric.MEMORY)) is not None
        and (times := times_over_memory(part)) is not None
    ]


def telling(metrics: Iterable[Metric]) -> tuple[Metric, ...]:
    """Return the figures that say something of their own: of several percentiles of one delay, the one that is usually watched."""
    found = tuple(metrics)
    return tuple(one for one in found if one not in (Metric.P50, Metric.P99) or Metric.P95 not in found)


def times_over_memory(part: Part) -> float | None:
    """Return how many times what a class of devices has for one application its peak is; None where it fits."""
    peak = part.figures.get(Metric.MEMORY)
    if peak is None or peak.unit is not Unit.MB or not part.available_mb:
        return None
    return peak.value / part.available_mb if peak.value > part.available_mb else None


def worst_part(parts: tuple[Part, ...], metric: Metric) -> Part | None:
    """Return the part that is far worse than the others together: where it comes from; None where it is even."""
    told = [
        part for part in parts if metric in part.figures and part.figures[metric].unit is not Unit.UNSTATED
    ]
    if len(told) <= 1:
        return None
    worst = max(told, key=lambda part: badness(metric, part.figures[metric]))
    others = [badness(metric, part.figures[metric]) for part in told if part is not worst]
    least = _RULES[metric].least if metric in _RULES else 0.0
    is_apart = badness(metric, worst.figures[metric]) >= max(2 * max(others), max(others) + least)
    return worst if is_apart else None


def badness(metric: Metric, measure: Measure) -> float:
    """Return a number that is higher the worse the figure is."""
    return -measure.value if metric is Metric.QUALITY else measure.value


TREND_OVER = 300.0
"""Seconds over which a trend is told."""


class Trend(StrEnum):
    """Where a figure is going."""

    RISING = "rising"
    FALLING = "falling"
    STEADY = "steady"
    UNKNOWN = "unknown"


def trend(history: tuple[Point, ...], metric: Metric, over: float = TREND_OVER) -> Trend:
    """Return where a figure went in the last seconds of its history."""
    told = [(point.at, point.figures[metric]) for point in history if metric in point.figures]
    if not told:
        return Trend.UNKNOWN
    at, last = told[-1]
    past = [measure for moment, measure in told[:-1] if moment >= at - over - 1.0]
    if not past or not last.can_be_held_against(past[0]):
        return Trend.UNKNOWN
    if change(metric, last, past[0]) is Change.SAME:
        return Trend.STEADY
    return Trend.RISING if last.value > past[0].value else Trend.FALLING


def metrics_of(*figures: Figures) -> tuple[Metric, ...]:
    """Return what any of these measures, in the order in which it is read."""
    known = set().union(*figures) if figures else set(NO_FIGURES)
    return tuple(metric for metric in Metric if metric in known)
