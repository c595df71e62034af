"""What two versions look like side by side (B-160, COMPARE)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from octomil_tui.domain.fleet import ModelVersion
from octomil_tui.domain.signal import Measure, Metric, ModelHealth, Unit, VersionHealth
from octomil_tui.domain.signal_compare import (
    Compared,
    ComparedPart,
    compare,
    compare_parts,
    compared_sentence,
    period,
)
from octomil_tui.domain.signal_judge import Change, findings, times_over_memory
from octomil_tui.domain.signal_words import span_words, told
from octomil_tui.domain.text import clean, version_label
from octomil_tui.domain.verdict import Candidate
from octomil_tui.ui import format as as_text
from octomil_tui.ui.present.signal import figure_token
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.spans import Line, Token, fit, line
from octomil_tui.ui.theme import Glyphs

_NAME, _SIDE, _PART = 11, 15, 20
_WORDS = {
    Change.BETTER: ("better", Token.FINE),
    Change.WORSE: ("worse", Token.NEEDS),
    Change.SAME: ("the same", Token.MUTED),
    Change.UNKNOWN: ("?", Token.DIM),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two versions and all that is known of them."""

    left: str
    right: str
    health: ModelHealth | None
    candidates: Sequence[Candidate]

    @property
    def sides(self) -> tuple[str, str]:
        """Both versions."""
        return (self.left, self.right)

    @property
    def at(self) -> float | None:
        """The service's time of the figures."""
        return self.health.at if self.health is not None else None

    def of(self, version: str) -> VersionHealth | None:
        """Return the figures of one."""
        return self.health.version(version) if self.health is not None else None

    def registered(self, version: str) -> ModelVersion | None:
        """Return what the registry says of one."""
        return next((c.version for c in self.candidates if c.version.version == version), None)

    def on(self, version: str) -> int | None:
        """Return how many devices run one."""
        return next((c.on_devices for c in self.candidates if c.version.version == version), None)


def title(pair: Pair, glyphs: Glyphs) -> str:
    """Return `COMPARE v2.0.0 → v1.0.0`."""
    return f"COMPARE {version_label(pair.left)} {glyphs.arrow} {version_label(pair.right)}"


def sentence(pair: Pair) -> Line:
    """Return what going from the one to the other would change for the better and for the worse."""
    if pair.health is None:
        return muted("   no data: the service tells no figures of this model")
    rows = compare(pair.health, pair.left, pair.right)
    return line(f"   {compared_sentence(rows, pair.left, pair.right)}.")


def figure_lines(pair: Pair, *, briefly: bool = False) -> list[Line]:
    """Return a line for each figure, after the heading; on a narrow pane without the lines about their time.

    Args:
        pair: The versions.
        briefly: Whether only the figures and their heading are wanted.
    """
    head = _line("", *((version_label(v), Token.STRONG) for v in pair.sides))
    rows: list[Line] = [head]
    if pair.health is None:
        return [*rows, muted("no data: the service tells no figures of this model")]
    found = compare(pair.health, pair.left, pair.right)
    rows += [_figure(row, pair.health) for row in found]
    if not found:
        rows.append(muted("no data of either version"))
    if briefly:
        return rows
    return [*rows, *_about_lines(pair)]


def _figure(row: Compared, health: ModelHealth) -> Line:
    usual = health.usual.get(row.metric)
    return _line(
        row.metric.value,
        *((told(one), figure_token(row.metric, one, usual)) for one in (row.left, row.right)),
        _WORDS[row.change],
    )


def _about_lines(pair: Pair) -> list[Line]:
    """Return over which time the figures are, on how many devices, and what else differs."""
    told_by = [_reporting(pair.of(version)) for version in pair.sides]
    sizes = [one.size_bytes if (one := pair.registered(v)) is not None else None for v in pair.sides]
    states = [one.word if (one := pair.registered(v)) is not None and one.word else "?" for v in pair.sides]
    return [
        _line("figures of", *((period(pair.of(v)), Token.MUTED) for v in pair.sides)),
        _line("reported by", *((one, Token.MUTED) for one in told_by)),
        _line("served", *((_served(pair.of(v), pair.at), Token.MUTED) for v in pair.sides)),
        _line("runs on", *((_count(pair.on(v)), Token.MUTED) for v in pair.sides)),
        _line("state", *((word, Token.MUTED) for word in states)),
        _line("size", *((as_text.size(size), Token.MUTED) for size in sizes), _sized(*sizes)),
    ]


def _sized(left: int | None, right: int | None) -> tuple[str, Token]:
    if left is None or right is None:
        return ("", Token.DIM)
    return ("smaller" if right < left else "larger" if right > left else "the same", Token.MUTED)


def _reporting(one: VersionHealth | None) -> str:
    if one is None:
        return "no data"
    return as_text.count(one.devices, "device") if one.devices is not None else "?"


def _served(one: VersionHealth | None, now: float | None) -> str:
    served = one.served if one is not None else None
    if served is None:
        return "-"
    seconds = served.seconds(now)
    span = (
        span_words(seconds).replace("minutes", "min").replace("minute", "min") if seconds is not None else "?"
    )
    return f"{span} on {served.devices}" if served.devices is not None else span


def _count(count: int | None) -> str:
    return "?" if count is None else as_text.count(count, "device")


def part_metric(pair: Pair) -> Metric:
    """Return the figure that is told by class and by group: the worst one of either version, else errors."""
    if pair.health is None:
        return Metric.ERRORS
    bad = findings(pair.health, pair.left, pair.right)
    return bad[0].metric if bad else Metric.ERRORS


def class_lines(pair: Pair) -> list[Line]:
    """Return the worst figure by class of devices, and the peak of memory against what the class has."""
    left, right = pair.of(pair.left), pair.of(pair.right)
    metric = part_metric(pair)
    rows = compare_parts(left.by_class if left else (), right.by_class if right else (), metric)
    if not rows:
        return [muted("no data by class of devices")]
    return [_part(row, pair, metric) for row in rows]


def group_lines(pair: Pair) -> list[Line]:
    """Return the worst figure by group."""
    left, right = pair.of(pair.left), pair.of(pair.right)
    metric = part_metric(pair)
    rows = compare_parts(left.by_group if left else (), right.by_group if right else (), metric)
    return [_part(row, pair, metric) for row in rows] or [muted("no data by group")]


def _part(row: ComparedPart, pair: Pair, metric: Metric) -> Line:
    usual = pair.health.usual.get(metric) if pair.health is not None else None
    room = row.part.available_mb
    has = ""
    if metric is Metric.MEMORY and room is not None:
        has = f"has {told_mb(room)} for it"

    def token(one: Measure | None) -> Token:
        if one is not None and metric is Metric.MEMORY and room is not None and one.value > room:
            return Token.NEEDS
        return figure_token(metric, one, usual)

    over = Token.NOTICE if times_over_memory(row.part) is not None else Token.MUTED
    left, right = (line((told(one) if one is not None else "-", token(one))) for one in (row.left, row.right))
    return line(
        fit(line((clean(row.name), Token.TEXT)), _PART),
        fit(left, _NAME + _SIDE - _PART, "right"),
        fit(right, _SIDE, "right"),
        "   ",
        (has, over),
    )


def told_mb(megabytes: float) -> str:
    """Return a size of memory as a figure is told."""
    return told(Measure(megabytes, Unit.MB))


def _line(name: str, left: tuple[str, Token], right: tuple[str, Token], *last: tuple[str, Token]) -> Line:
    return line(
        fit(muted(name), _NAME),
        fit(line(left), _SIDE, "right"),
        fit(line(right), _SIDE, "right"),
        "   ",
        *last,
    )
