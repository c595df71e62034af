"""How the devices do that the dashboard is about: then and now, where it goes, and what is usual (F-80, F-160)."""

from __future__ import annotations

from collections.abc import Sequence

from octomil_tui.domain.convergence import Watch
from octomil_tui.domain.overview import ModelFacts
from octomil_tui.domain.rollback import Rollback
from octomil_tui.domain.signal import Figures, Measure, Metric, Point, Signals
from octomil_tui.domain.signal_effect import at_start, effect
from octomil_tui.domain.signal_judge import TREND_OVER, badness, metrics_of, times_worse
from octomil_tui.domain.signal_words import help_words, told
from octomil_tui.ui import format as as_text
from octomil_tui.ui.present.signal import HELP_TOKEN, figure_token, trend_line
from octomil_tui.ui.present.wall import Figure, Signal
from octomil_tui.ui.spans import line

_ALWAYS = (Metric.ERRORS, Metric.P95)
_MOST = 3
"""Figures at most: what wakes somebody, and what everybody asks for."""


def rollback_signal(signals: Signals, rollback: Rollback, watch: Watch, now: float | None) -> Signal | None:
    """Return whether a rollback helps; None where the service tells no figures of its devices.

    Args:
        signals: What was measured, and read lately.
        rollback: The rollback.
        watch: What is known of its devices.
        now: The service's clock.
    """
    health = signals.of_rollout(rollback.rollout_id)
    if health is None or not metrics_of(health.figures, health.usual):
        return None
    found = effect(health, watch.started_at)
    before = at_start(health.history, watch.started_at)
    was = before.figures if before is not None else {}
    first = [found.metric] if found.metric is not None else _wrong(was, health.usual)
    since = [p for p in health.history if before is None or p.at >= before.at]
    verdict = help_words(found)
    return Signal(
        tuple(
            _figure(metric, health.figures, health.usual, health.history, was=was.get(metric), since=since)
            for metric in _shown(first, health.figures, health.usual)
        ),
        as_text.moment(watch.started_at, now) if before is not None else "",
        line((verdict, HELP_TOKEN[found.help])) if verdict else (),
    )


def version_signal(about: ModelFacts, version: str | None) -> Signal | None:
    """Return how one version of a model does now, beside what is usual; None where nobody says."""
    health = about.health
    one = health.version(version) if health is not None else None
    if health is None or one is None or not metrics_of(one.now, health.usual):
        return None
    bad = [f.metric for f in about.findings if f.version == version and f.metric in one.now]
    return Signal(
        tuple(
            _figure(metric, one.now, health.usual, one.history)
            for metric in _shown(bad, one.now, health.usual)
        )
    )


def _wrong(was: Figures, usual: Figures) -> list[Metric]:
    return [metric for metric in was if times_worse(metric, was[metric], usual.get(metric)) is not None]


def _shown(first: Sequence[Metric], figures: Figures, usual: Figures) -> tuple[Metric, ...]:
    known = metrics_of(figures, usual)
    wanted = dict.fromkeys((*first[:1], *_ALWAYS))
    return tuple(metric for metric in wanted if metric in known)[:_MOST] or known[:1]


def _figure(
    metric: Metric,
    figures: Figures,
    usual: Figures,
    history: tuple[Point, ...],
    *,
    was: Measure | None = None,
    since: Sequence[Point] = (),
) -> Figure:
    now, normal = figures.get(metric), usual.get(metric)
    return Figure(
        metric.value,
        told(now),
        figure_token(metric, now, normal),
        told(normal) if normal is not None else "",
        trend_line(metric, history, _over(since)) if now is not None else (),
        told(was) if was is not None else "",
        _peak(metric, now, since),
    )


def _over(since: Sequence[Point]) -> float:
    """Return over how many seconds a trend is told: of a rollback never longer than it runs, or it would be that of before."""
    return min(TREND_OVER, since[-1].at - since[0].at) if since else TREND_OVER


def _peak(metric: Metric, now: Measure | None, since: Sequence[Point]) -> str:
    """Return the worst of what was measured; only figures of one unit can be held against each other."""
    measured = [point.figures[metric] for point in since if metric in point.figures]
    if not measured:
        return ""
    measured += [now] if now is not None else []
    if any(one.unit is not measured[0].unit for one in measured):
        return ""
    return told(max(measured, key=lambda one: badness(metric, one)))
