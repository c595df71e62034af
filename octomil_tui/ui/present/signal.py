"""What is said of figures: one line each with its history, and whether a rollback helps (B, D, SIGNAL)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from octomil_tui.domain.convergence import Watch
from octomil_tui.domain.rollback import Rollback
from octomil_tui.domain.signal import (
    Figures,
    Measure,
    Metric,
    Point,
    RolloutHealth,
    Signals,
    VersionHealth,
)
from octomil_tui.domain.signal_effect import Effect, Help, at_start, effect
from octomil_tui.domain.signal_judge import (
    TREND_OVER,
    Finding,
    Trend,
    metrics_of,
    telling,
    times_over_memory,
    times_worse,
    trend,
)
from octomil_tui.domain.signal_step import last_step
from octomil_tui.domain.signal_words import NO_DATA, bare, effect_words, told
from octomil_tui.domain.text import version_label
from octomil_tui.ui import format as as_text
from octomil_tui.ui.history import Frame, history_line
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.spans import Line, Token, fit, join, line
from octomil_tui.ui.theme import Glyphs

_NAME, _VALUE, _USUAL, _TREND = 9, 8, 15, 17
BEFORE_HISTORY = _NAME + _VALUE + _USUAL + 4
"""Cells of a line before its history begins."""
_LEAST_HISTORY = 8
_BESIDE_HISTORY = 63
"""Cells of a line of an effect beside its history."""
_QUALITY_FROM, _A_LITTLE = 0.9, 0.02
"""Quality is drawn from a tenth below the best: it never falls to nothing, and a fall of a few points counts."""
FIRST = (Metric.ERRORS, Metric.P95, Metric.CRASHES, Metric.QUALITY, Metric.MEMORY)
"""What is looked at first, where nothing is wrong with the others."""
HELP_TOKEN = {
    Help.USUAL: Token.FINE,
    Help.BETTER: Token.LIGHT,
    Help.NOT_YET: Token.NOTICE,
    Help.WORSE: Token.NEEDS,
    Help.NOTHING_WRONG: Token.MUTED,
    Help.UNKNOWN: Token.MUTED,
}
"""How loud it is said whether a rollback helps."""


def ordered(figures: Figures, usual: Figures, bad: Sequence[Finding] = ()) -> tuple[Metric, ...]:
    """Return the figures that are known, the worst first, then in the order in which they are looked at."""
    worst = tuple(dict.fromkeys(one.metric for one in bad))
    known = metrics_of(figures, usual)
    rest = (*(m for m in FIRST if m in known), *(m for m in known if m not in FIRST))
    return tuple(dict.fromkeys((*(m for m in worst if m in known), *rest)))


def figure_token(metric: Metric, measure: Measure | None, usual: Measure | None) -> Token:
    """Return how loud a figure is said."""
    if measure is None:
        return Token.DIM
    return Token.NEEDS if times_worse(metric, measure, usual) is not None else Token.TEXT


def figure_line(metric: Metric, one: VersionHealth, usual: Measure | None, frame: Frame) -> Line:
    """Return `errors    6.1%  usual 0.7%  ▁▁▁▃▆█  rising`.

    Args:
        metric: Which figure.
        one: What it is, and was.
        usual: What is usual.
        frame: The time of its history, and the cells of the whole line.
    """
    now = one.now.get(metric)
    is_short = metric is Metric.MEMORY and any(times_over_memory(part) is not None for part in one.by_class)
    token = Token.NEEDS if is_short else figure_token(metric, now, usual)
    return line(
        head_of(metric.value, line((told(now), token)), line((f"usual {told(usual)}", Token.MUTED))),
        *_past(metric, usual, one.history, replace(frame, cells=history_cells(frame.cells))),
    )


def head_of(what: str, value: Line, beside: Line) -> Line:
    """Return what stands before a history, in `BEFORE_HISTORY` cells."""
    return line(fit(muted(what), _NAME), fit(value, _VALUE, "right"), "  ", fit(beside, _USUAL), "  ")


def history_cells(cells: int) -> int:
    """Return how many cells of a line are left for its history; less than one where there is no room."""
    return cells - BEFORE_HISTORY - _TREND - 2


def trend_line(metric: Metric, history: tuple[Point, ...], over: float = TREND_OVER) -> Line:
    """Return where a figure goes, or since when it is where it is; for the worse it stands out.

    `rising` and `falling` speak of the last `over` seconds. What stands still
    says when it left another level (`up since 02:54Z`), and is `steady` only
    where it was on this one for as long as its line is drawn.
    """
    going = trend(history, metric, over)
    if going is Trend.UNKNOWN:
        return ()
    step = last_step(history, metric) if going is Trend.STEADY else None
    if step is not None:
        word = f"{'up' if step.is_up else 'down'} since {as_text.short_clock(step.since)}"
        return line((word, _going_token(metric, is_up=step.is_up)))
    if going is Trend.STEADY:
        return muted(going.value)
    return line((going.value, _going_token(metric, is_up=going is Trend.RISING)))


def _going_token(metric: Metric, *, is_up: bool) -> Token:
    return Token.FINE if is_up is (metric is Metric.QUALITY) else Token.NOTICE


def _past(metric: Metric, usual: Measure | None, history: tuple[Point, ...], frame: Frame) -> Line:
    """Return the history and where it goes; nothing where there is no room, as for figures that are old."""
    if frame.cells < _LEAST_HISTORY:
        return ()
    return line(past_line(metric, usual, history, frame), "  ", trend_line(metric, history))


def past_line(
    metric: Metric,
    usual: Measure | None,
    history: Sequence[Point],
    frame: Frame,
    beside: Sequence[Point] = (),
) -> Line:
    """Return the history of a figure in the cells of a frame.

    Args:
        metric: Which figure.
        usual: What is usual.
        history: The oldest first.
        frame: The time that is covered, and the cells.
        beside: Another history that is drawn beside it, and is to have the same scale.
    """
    told_of = [(p.at, p.figures[metric]) for p in history if metric in p.figures]
    if not told_of:
        return history_line((), frame, (0.0, 1.0), lambda _: Token.DIM)
    unit = told_of[-1][1].unit
    # Of a figure whose key changed its unit on the way only the last part is of one kind.
    points = [(at, one.value) for at, one in told_of if one.unit is unit]
    normal = usual.value if usual is not None and usual.unit is unit else None
    is_more_worse = metric is not Metric.QUALITY

    def token(value: float) -> Token:
        is_bad = times_worse(metric, Measure(value, unit), usual) is not None
        return Token.NEEDS if is_bad else Token.LIGHT

    others = [
        p.figures[metric].value for p in beside if metric in p.figures and p.figures[metric].unit is unit
    ]
    steps = scale([*(value for _, value in points), *others], normal, is_more_worse=is_more_worse)
    return history_line(points, frame, steps, token, is_more_worse=is_more_worse)


def scale(values: Sequence[float], usual: float | None, *, is_more_worse: bool) -> tuple[float, float]:
    """Return the values of the lowest and the highest step of a line of history.

    What is usual stands low where more is worse, and high where less is: a
    figure that only wobbles about it draws a flat line and no alarm.
    """
    known = [*values, *([usual] if usual is not None else [])]
    if not known:
        return 0.0, 1.0
    if is_more_worse:
        return 0.0, max(*known, 2 * usual if usual is not None else 0.0)
    highest = max(known)
    return min(*known, highest * _QUALITY_FROM) - highest * _A_LITTLE, highest


def effect_line(found: Effect) -> Line:
    """Return whether a rollback helps, for the title of its SIGNAL pane."""
    return line((effect_words(found), HELP_TOKEN[found.help]))


def effect_lines(
    health: RolloutHealth | None,
    found: Effect,
    started_at: float,
    *,
    cells: int,
    glyphs: Glyphs,
    most: int,
) -> list[Line]:
    """Return how the devices of a rollback do, a line for each figure, the one that was wrong first.

    Args:
        health: What they tell; None where the service tells nothing.
        found: Whether the rollback helps.
        started_at: When it began; epoch seconds.
        cells: Cells of a line; 0 for figures that are old, of which no history is drawn.
        glyphs: The characters to draw with.
        most: Lines at most.
    """
    if health is None or not health.history:
        return [muted(f"{NO_DATA}: the service tells no figures of these devices")]
    before = at_start(health.history, started_at)
    was = before.figures if before is not None else {}
    first = [found.metric] if found.metric is not None else []
    wrong = telling(m for m in was if times_worse(m, was[m], health.usual.get(m)) is not None)
    metrics = tuple(dict.fromkeys((*first, *wrong, *ordered(health.figures, health.usual))))[:most]
    frame = Frame(
        min(health.history[0].at, started_at), health.history[-1].at, cells - _BESIDE_HISTORY, glyphs
    )
    return [_effect(metric, health, was, frame) for metric in metrics]


def _effect(metric: Metric, health: RolloutHealth, was: Figures, frame: Frame) -> Line:
    now, usual = health.figures.get(metric), health.usual.get(metric)
    return line(
        fit(muted(metric.value), _NAME),
        fit(line((bare(was.get(metric)), Token.MUTED)), 7, "right"),
        (f" {frame.glyphs.arrow} ", Token.MUTED),
        fit(line((told(now), figure_token(metric, now, usual))), _VALUE),
        fit(line((f"usual {told(usual)}", Token.MUTED)), _USUAL),
        "  ",
        *_past(metric, usual, health.history, frame),
    )


def apart_line(health: RolloutHealth | None, metric: Metric | None) -> Line:
    """Return how the same devices do apart, by what each of them runs now: that it is the version shows there."""
    if health is None or len(health.versions) <= 1:
        return ()
    shown = metric if metric is not None else Metric.ERRORS
    said = [
        line(
            (f"on {version_label(one.version)} ", Token.MUTED),
            (
                told(one.now.get(shown)),
                figure_token(shown, one.now.get(shown), health.usual.get(shown)),
            ),
        )
        for one in health.versions
    ]
    return line((f"{shown.value} now:  ", Token.MUTED), join(said, 4))


def done_lines(signals: Signals, rollback: Rollback, watch: Watch) -> list[Line]:
    """Return whether a rollback that is done helped; nothing where the service tells no figures of its devices."""
    found = effect(signals.of_rollout(rollback.rollout_id), watch.started_at)
    return [line("   ", effect_line(found))] if found.help is not Help.UNKNOWN else []
