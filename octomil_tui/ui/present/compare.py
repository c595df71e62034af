"""What two versions look like side by side (B-160, COMPARE)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from octomil_tui.domain.fleet import ModelVersion
from octomil_tui.domain.signal import Measure, Metric, ModelHealth, Point, Unit, VersionHealth
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
from octomil_tui.ui.history import Frame
from octomil_tui.ui.present.signal import figure_token, past_line
from octomil_tui.ui.present.signal_pane import HOUR
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.spans import Line, Token, fit, line
from octomil_tui.ui.theme import Glyphs

_NAME, _SIDE, _PART = 11, 15, 20
_WORD = 11
"""Cells of the word that says which is better, with what stands after it."""
_BESIDE = _NAME + 2 * _SIDE + 3 + _WORD
"""Cells of a line before its histories begin."""
_MEASURED = 3
"""Lines about how the figures were measured; the others are in the list of versions too."""
_GAP = "   "
_LEAST_PAST = 20
"""Cells of a history from which on it says something."""
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


def figure_lines(
    pair: Pair,
    glyphs: Glyphs,
    *,
    cells: int = 0,
    briefly: bool = False,
    is_live: bool = True,
    is_low: bool = False,
) -> list[Line]:
    """Return a line for each figure, after the heading, and where there is room its last hour on both versions.

    Args:
        pair: The versions.
        glyphs: The characters to draw with.
        cells: Cells of a line.
        briefly: Whether only the figures and their heading are wanted.
        is_live: Whether the figures are of now: no history is drawn of old ones.
        is_low: Whether the screen has no room for what the list of versions says too.
    """
    if pair.health is None:
        return [_head(pair), muted("no data: the service tells no figures of this model")]
    room = (cells - _BESIDE - len(_GAP)) // 2 if is_live and not briefly else 0
    past = _Past(pair, room, glyphs) if room >= _LEAST_PAST else None
    found = compare(pair.health, pair.left, pair.right)
    rows: list[Line] = [line(*_head(pair), *(past.head if past is not None else ()))]
    rows += [_figure(row, pair.health, past) for row in found]
    if not found:
        rows.append(muted("no data of either version"))
    if briefly:
        return rows
    about = _about_lines(pair)
    return [*rows, *(about[:_MEASURED] if is_low else about)]


def _head(pair: Pair) -> Line:
    left, right = ((version_label(version), Token.STRONG) for version in pair.sides)
    return _line("", left, right)


class _Past:
    """The last hour of a figure on both versions, in one scale.

    Args:
        pair: The versions.
        cells: Cells for each of them.
        glyphs: The characters to draw with.
    """

    def __init__(self, pair: Pair, cells: int, glyphs: Glyphs) -> None:
        self._pair, self._cells = pair, cells
        both = [self._of(version) for version in pair.sides]
        ends = [history[-1].at for history in both if history]
        end = max([pair.at or 0.0, *ends])
        self._frame = Frame(end - HOUR, end, cells, glyphs)

    def _of(self, version: str) -> tuple[Point, ...]:
        one = self._pair.of(version)
        return one.history if one is not None else ()

    @property
    def head(self) -> Line:
        """The versions, over their lines."""
        parts = [fit(muted(f"{version_label(v)}, the last hour"), self._cells) for v in self._pair.sides]
        return line(" " * _WORD, parts[0], _GAP, parts[1])

    def line(self, metric: Metric, usual: Measure | None) -> Line:
        """Return both histories of one figure."""
        left, right = (self._of(version) for version in self._pair.sides)
        return line(
            past_line(metric, usual, left, self._frame, right),
            _GAP,
            past_line(metric, usual, right, self._frame, left),
        )


def _figure(row: Compared, health: ModelHealth, past: _Past | None) -> Line:
    usual = health.usual.get(row.metric)
    said = _line(
        row.metric.value,
        *((told(one), figure_token(row.metric, one, usual)) for one in (row.left, row.right)),
        _WORDS[row.change],
    )
    return line(fit(said, _BESIDE), past.line(row.metric, usual)) if past is not None else said


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
    return [_part_head(pair), *(_part(row, pair, metric) for row in rows)]


def group_lines(pair: Pair) -> list[Line]:
    """Return the worst figure by group."""
    left, right = pair.of(pair.left), pair.of(pair.right)
    metric = part_metric(pair)
    rows = compare_parts(left.by_group if left else (), right.by_group if right else (), metric)
    if not rows:
        return [muted("no data by group")]
    return [_part_head(pair), *(_part(row, pair, metric) for row in rows)]


def _part_head(pair: Pair) -> Line:
    left, right = (line((version_label(version), Token.MUTED)) for version in pair.sides)
    return line(" " * _PART, fit(left, _NAME + _SIDE - _PART, "right"), fit(right, _SIDE, "right"))


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
