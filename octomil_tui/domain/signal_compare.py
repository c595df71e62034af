"""Two versions of a model side by side. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from octomil_tui.domain.signal import Measure, Metric, ModelHealth, Part, VersionHealth
from octomil_tui.domain.signal_judge import Change, change, metrics_of
from octomil_tui.domain.text import version_label


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure of both versions."""

    metric: Metric
    left: Measure | None
    right: Measure | None
    change: Change
    """How the right one stands to the left one."""


def compare(health: ModelHealth, left: str, right: str) -> tuple[Compared, ...]:
    """Return every figure that one of two versions has, as it is on the way from the left to the right.

    What a version does now counts; of one that runs nowhere now, what it did
    while it served.
    """
    one, other = health.version(left), health.version(right)
    first = one.best_known if one is not None else {}
    second = other.best_known if other is not None else {}
    return tuple(
        Compared(
            metric,
            first.get(metric),
            second.get(metric),
            change(metric, second.get(metric), first.get(metric)),
        )
        for metric in metrics_of(first, second)
    )


def compared_sentence(rows: Sequence[Compared], left: str, right: str) -> str:
    """Return `v1.0.0 is better than v2.0.0 in errors and p95, and worse in quality`."""
    about, than = version_label(right), version_label(left)
    if len(rows) > 1 and all(row.change is Change.BETTER for row in rows):
        return f"{about} is better than {than} in all that is measured"
    better = [row.metric.value for row in rows if row.change is Change.BETTER]
    worse = [row.metric.value for row in rows if row.change is Change.WORSE]
    if not any(row.change is not Change.UNKNOWN for row in rows):
        return f"{about} and {than}: no figures that could be held against each other"
    if not better and not worse:
        return f"{about} does as {than} does"
    clauses = [f"better than {than} in {_listed(better)}"] if better else []
    if worse:
        clauses.append(f"worse in {_listed(worse)}" if better else f"worse than {than} in {_listed(worse)}")
    return f"{about} is {', and '.join(clauses)}"


def _listed(words: Sequence[str]) -> str:
    return " and ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else words[0]


@dataclass(frozen=True, slots=True)
class ComparedPart:
    """One figure of both versions on one class of devices, or in one group."""

    name: str
    left: Measure | None
    right: Measure | None
    part: Part
    """The class of the left version, or where that has none, of the right one."""


def compare_parts(left: Sequence[Part], right: Sequence[Part], metric: Metric) -> tuple[ComparedPart, ...]:
    """Return a figure by class of devices, or by group, wherever one of two versions runs."""
    first, second = ({part.name: part for part in parts} for parts in (left, right))
    return tuple(
        ComparedPart(
            name,
            first[name].figures.get(metric) if name in first else None,
            second[name].figures.get(metric) if name in second else None,
            first.get(name) or second[name],
        )
        for name in sorted({*first, *second})
    )


def period(one: VersionHealth | None) -> str:
    """Return over which time the figures of a version are: `now`, `while it served`, or `no data`."""
    if one is None or not one.best_known:
        return "no data"
    return "now" if one.now else "while it served"
