"""Figures as words, the same on every screen, in commands and in reports."""

from __future__ import annotations

import math

from octomil_tui.domain.signal import DAY, Figures, Measure, Metric, ModelHealth, Served, Unit
from octomil_tui.domain.signal_effect import Effect, Help
from octomil_tui.domain.signal_judge import Finding, Trend
from octomil_tui.domain.text import clean, counted

NO_DATA = "no data"
SHORT = {
    Metric.ERRORS: "ERR",
    Metric.CRASHES: "CRASH",
    Metric.P50: "P50",
    Metric.P95: "P95",
    Metric.P99: "P99",
    Metric.QUALITY: "QUAL",
    Metric.MEMORY: "MEM",
}
"""Headings of columns."""

_SMALL = 0.1
_GIGA = 1000.0
_ONE_DIGIT_UNTIL = 10.0


def told(measure: Measure | None) -> str:
    """Return a figure as `6.1%`, `412 ms`, `3.1 GB`, `0.06?` where no unit is stated, or `no data`."""
    if measure is None:
        return NO_DATA
    value = measure.value
    match measure.unit:
        case Unit.PERCENT:
            return f"{value:.2f}%" if 0 < value < _SMALL else f"{value:.1f}%"
        case Unit.MS:
            return f"{value:.0f} ms" if value >= _ONE_DIGIT_UNTIL else f"{value:.1f} ms"
        case Unit.MB:
            # Rounded down, as every size here.
            return f"{math.floor(value / 100) / 10:.1f} GB" if value >= _GIGA else f"{value:.0f} MB"
        case _:
            return f"{value:.4g}?"


def bare(measure: Measure | None) -> str:
    """Return a figure without a unit that the one beside it has already: `180` beside `412 ms`."""
    text = told(measure)
    return text.removesuffix(" ms")


def finding_words(finding: Finding) -> str:
    """Return `errors 6.1% (usual 0.7%)`, or for memory the class of devices and what it has."""
    part = finding.part
    if part is not None and part.available_mb is not None:
        return memory_words(part.name, finding.now, part.available_mb)
    return f"{finding.metric.value} {told(finding.now)} (usual {bare(finding.usual)})"


def memory_words(name: str, peak: Measure, available_mb: float) -> str:
    """Return `memory 3.9 GB on Galaxy Tab Active5, which has 3.5 GB for it`."""
    shown, room = told(peak), told(Measure(available_mb, Unit.MB))
    if shown == room:
        # Rounded alike, and still too much: then the megabytes tell.
        shown, room = f"{peak.value:,.0f} MB", f"{available_mb:,.0f} MB"
    return f"memory {shown} on {clean(name)}, which has {room} for it"


def served_words(served: Served | None, now: float | None, *metrics: Metric) -> str:
    """Return `0.7% errors, p95 180 ms over 14 days on 121 devices`; empty where nothing is known.

    Args:
        served: What the version did while it served.
        now: The service's time of the figures.
        metrics: Which figures; errors and p95 where none are named.
    """
    if served is None:
        return ""
    wanted = metrics or (Metric.ERRORS, Metric.P95)
    said = [_served_figure(metric, served.figures) for metric in wanted if metric in served.figures]
    if not said:
        return ""
    seconds = served.seconds(now)
    over = f" over {span_words(seconds)}" if seconds is not None else ""
    on = f" on {counted(served.devices, 'device')}" if served.devices is not None else ""
    return f"{', '.join(said)}{over}{on}"


def did_words(health: ModelHealth | None, version: str) -> str:
    """Return how a version did while it served, else what it does now; empty where nobody tells.

    Args:
        health: The figures of the model; None where nobody tells any.
        version: The raw version.
    """
    found = health.version(version) if health is not None else None
    if health is None or found is None:
        return ""
    if said := served_words(found.served, health.at):
        return said
    now = [_served_figure(metric, found.now) for metric in (Metric.ERRORS, Metric.P95) if metric in found.now]
    return f"{', '.join(now)} now" if now else ""


def _served_figure(metric: Metric, figures: Figures) -> str:
    return (
        f"{told(figures[metric])} errors"
        if metric is Metric.ERRORS
        else f"{metric.value} {told(figures[metric])}"
    )


def span_words(seconds: float) -> str:
    """Return `14 days`, `3 hours`, `41 minutes`, rounded down."""
    for size, noun in ((DAY, "day"), (3600.0, "hour")):
        if seconds >= size:
            return counted(math.floor(seconds / size), noun)
    return counted(math.floor(seconds / 60.0), "minute")


_HEADS = {
    Help.USUAL: "it helped",
    Help.BETTER: "it helps",
    Help.NOT_YET: "no better yet",
    Help.WORSE: "it gets worse",
}
_PLAIN = {
    Help.UNKNOWN: "no figures of before and now: whether it helps is not known",
    Help.NOTHING_WRONG: "nothing was worse than usual when it began",
}


def help_words(effect: Effect) -> str:
    """Return whether a rollback helps in two or three words; empty where nobody can say, or nothing was wrong."""
    return _HEADS.get(effect.help, "")


def effect_words(effect: Effect) -> str:
    """Return whether a rollback helps as one clause: `it helps: errors 6.1% → 1.9%, usual 0.7%`."""
    if effect.help not in _HEADS:
        return _PLAIN[effect.help]
    head = _HEADS[effect.help]
    metric = effect.metric.value if effect.metric is not None else ""
    is_moving = effect.help is not Help.USUAL and effect.trend in (Trend.RISING, Trend.FALLING)
    going = f", {effect.trend.value}" if is_moving else ""
    return f"{head}: {metric} {bare(effect.before)} to {told(effect.now)}{going}, usual {bare(effect.usual)}"
