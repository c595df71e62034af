"""How one version of a model does: its figures over the last hour, what happened meanwhile, and where the worst is from (B-160)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from octomil_tui.domain.signal import Measure, Metric, ModelHealth, Part, Unit, VersionHealth
from octomil_tui.domain.signal_judge import Finding, findings, metrics_of, times_over_memory, worst_part
from octomil_tui.domain.signal_words import NO_DATA, told
from octomil_tui.domain.text import clean, counted, version_label
from octomil_tui.domain.timeline import TimelineEvent
from octomil_tui.ui.history import Frame
from octomil_tui.ui.present.moments import moment_lines
from octomil_tui.ui.present.signal import BEFORE_HISTORY, figure_line, head_of, history_cells, ordered
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.spans import Line, Token, join, line
from octomil_tui.ui.theme import Glyphs

HOUR = 3600.0
_FEW = 4
"""Lines up to which only the classes of devices are named that are short of memory."""


def version_lines(
    health: ModelHealth | None,
    version: str | None,
    now: float | None,
    *,
    cells: int,
    glyphs: Glyphs,
    most: int,
    events: Sequence[TimelineEvent] = (),
) -> list[Line]:
    """Return how one version does, a line for each figure, the worst first.

    Memory that a class of devices does not have comes first, as what each
    class has. Below the figures stands what happened in the time that their
    lines cover.

    Args:
        health: The model's figures; None where none were read.
        version: The version.
        now: The service's clock.
        cells: Cells of a line; 0 for figures that are old, of which no history is drawn.
        glyphs: The characters to draw with.
        most: Lines of figures at most.
        events: What happened to the model, in any order; none where there is no room for it.
    """
    one = health.version(version) if health is not None else None
    if health is None or (one is None and not health.whole):
        return [muted(f"{NO_DATA}: the service tells no figures of {version_label(version)}")]
    if one is None:
        return _whole_lines(health, most)
    if not one.now:
        return [muted(f"{NO_DATA} now: no device reports {version_label(version)}")]
    known = [at for at in (now, health.at, *(point.at for point in one.history[-1:])) if at is not None]
    end = max(known, default=0.0)
    frame = Frame(end - HOUR, end, cells, glyphs)
    bad = findings(health, version)
    rows = []
    for metric in ordered(one.now, health.usual, bad):
        rows.append(figure_line(metric, one, health.usual.get(metric), frame))
        if metric is Metric.MEMORY and any(finding.part is not None for finding in bad):
            # Where there is room for one line, it is the one that says what is wrong.
            if most == 1:
                return memory_lines(one.by_class, short_only=True, label=metric.value)[:1]
            rows += memory_lines(one.by_class, short_only=most <= _FEW)
    happened = moment_lines(events, replace(frame, cells=history_cells(cells)))
    return [*rows[:most], *(line(" " * BEFORE_HISTORY, row) for row in happened)]


def memory_lines(classes: Sequence[Part], *, short_only: bool = False, label: str = "") -> list[Line]:
    """Return the peak of each class of devices against what it has, the one with the least left first.

    Args:
        classes: What the classes of devices tell.
        short_only: Whether only those are named that have too little.
        label: What stands before each line.
    """
    known = [
        (part.figures[Metric.MEMORY], part.available_mb, part)
        for part in classes
        if Metric.MEMORY in part.figures and part.available_mb
    ]
    known.sort(key=lambda one: one[0].value / one[1], reverse=True)
    is_short = [times_over_memory(part) is not None for _, _, part in known]
    return [
        _memory(peak, available_mb, part, label, is_short=short)
        for (peak, available_mb, part), short in zip(known, is_short, strict=True)
        if short or not short_only
    ]


def _memory(peak: Measure, available_mb: float, part: Part, label: str, *, is_short: bool) -> Line:
    has = f"has {told(Measure(available_mb, Unit.MB))}"
    devices = f"  {counted(part.devices, 'device')}" if part.devices is not None else ""
    return line(
        head_of(
            label,
            line((told(peak), Token.NEEDS if is_short else Token.TEXT)),
            line((has, Token.NOTICE if is_short else Token.MUTED)),
        ),
        (clean(part.name), Token.STRONG if is_short else Token.TEXT),
        (devices, Token.MUTED),
    )


def _whole_lines(health: ModelHealth, most: int) -> list[Line]:
    """Return the figures of all versions together, where the service does not tell them apart."""
    said = [line((f"{m.value} ", Token.MUTED), told(health.whole[m])) for m in metrics_of(health.whole)]
    return [
        muted("all versions together; the service does not tell them apart"),
        join(said, 3),
    ][:most]


def source_line(one: VersionHealth, bad: Sequence[Finding]) -> Line:
    """Return which class of devices, or which group, the worst comes from; empty where it is the same everywhere."""
    if not bad:
        return ()
    first = bad[0]
    if first.part is not None:
        short = [part for part in one.by_class if times_over_memory(part) is not None]
        names = ", ".join(clean(part.name) for part in short)
        return line((f"memory is short on {names}", Token.NOTICE))
    for kind, parts in (("", one.by_class), ("group ", one.by_group)):
        part = worst_part(parts, first.metric)
        if part is not None:
            said = f"{first.metric.value} {told(part.figures[first.metric])} on {kind}{clean(part.name)}"
            return line((f"most of it: {said}", Token.NOTICE))
    return muted("much the same in every group and on every class of devices")
