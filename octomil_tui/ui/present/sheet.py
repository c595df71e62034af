"""The pages that take turns on the dashboard while nothing is wrong: models, groups, and what happened last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from octomil_tui.domain.fleet import Connectivity
from octomil_tui.domain.overview import GroupFacts, ModelFacts, group_facts
from octomil_tui.domain.signal import Metric
from octomil_tui.domain.signal_words import SHORT, bare, told
from octomil_tui.domain.text import clean, version_label
from octomil_tui.engine.state import ConsoleState
from octomil_tui.engine.timeline import timeline
from octomil_tui.ui import format as as_text
from octomil_tui.ui.bars import Kind, bar, percent
from octomil_tui.ui.present.signal import figure_token
from octomil_tui.ui.present.timeline import event_key, timeline_columns, timeline_row
from octomil_tui.ui.present.words import dim, muted, name, number, state_word, version
from octomil_tui.ui.spans import Line, Token, line
from octomil_tui.ui.theme import Glyphs
from octomil_tui.ui.widgets.chrome import WIDE
from octomil_tui.ui.widgets.columns import Column

MOST_PAGES = 3
"""Pages that one list takes; whoever needs the rest has a console."""

_BAR, _WIDE_BAR = 16, 40
_NARROW_FIGURE, _FIGURE = 6, 18
_LEAST_COLUMNS, _LEAST_ROWS = 80, 10
"""Cells of a screen, and rows for a list, below which nothing takes turns."""
_FIGURES = (Metric.ERRORS, Metric.P95, Metric.CRASHES)
"""What is told of a model; the last one on wide screens alone."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of a list; its texts are safe to show."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Line, ...], ...]
    legend: str = ""
    """What the rows are, and which of them."""
    is_spread: bool = False
    """Whether there is a blank row after each."""


def sheets_of(
    state: ConsoleState, facts: Sequence[ModelFacts], columns: int, rows: int, glyphs: Glyphs
) -> list[Sheet]:
    """Return the pages after the first one; none where the screen is too small for a list.

    Args:
        state: What is known.
        facts: Of every model, those that need somebody first.
        columns: Cells of the screen.
        rows: Rows that a list has, its headings left aside.
        glyphs: The characters to draw with.
    """
    if rows < _LEAST_ROWS or columns < _LEAST_COLUMNS:
        return []
    wide = columns >= WIDE
    # Half as many on a large screen: with a blank row between two they are read from afar.
    events = timeline(state)[: (rows + 1) // 2 if wide else rows]
    lists = (
        Sheet(
            "MODELS",
            _model_columns(facts, wide=wide),
            tuple(_model(one, state.server_at, wide=wide) for one in facts),
        ),
        _groups(state, rows, glyphs, wide=wide),
        Sheet(
            "LAST EVENTS",
            timeline_columns(wide=wide),
            tuple(
                tuple(timeline_row(one, event_key(one), state.server_at, wide=wide).cells) for one in events
            ),
        ),
    )
    return [page for one in lists for page in pages_of(one, rows)]


def pages_of(whole: Sheet, rows: int) -> list[Sheet]:
    """Return a list in pages of so many rows, spread where all of it has room for that."""
    if not whole.rows:
        return []
    count = len(whole.rows)
    if count <= rows:
        return [replace(whole, is_spread=2 * count - 1 <= rows)]
    found = []
    for first in range(0, count, rows)[:MOST_PAGES]:
        last = min(first + rows, count)
        legend = f"{first + 1} to {last} of {count}"
        found.append(replace(whole, rows=whole.rows[first:last], legend=legend))
    return found


def _model_columns(facts: Sequence[ModelFacts], *, wide: bool) -> tuple[Column, ...]:
    gap = 4 if wide else 2
    longest = max((len(clean(one.model.name)) for one in facts), default=0)
    ratio = max((len(_ratio(one)) for one in facts), default=0)
    shown = _FIGURES if wide else _FIGURES[:2]
    figures = [
        Column(
            metric.value,
            f"{SHORT[metric]} now / usual" if wide else SHORT[metric],
            _FIGURE if wide else _NARROW_FIGURE,
            "right",
            gap=gap if place < len(shown) - 1 or wide else 0,
            priority=place,
        )
        for place, metric in enumerate(shown)
    ]
    return (
        Column("mark", "", 1, gap=1),
        Column("model", "MODEL", min(max(longest, 10), 24 if wide else 14), gap=gap),
        Column("serving", "SERVING", 7, gap=gap),
        Column("rollout", "ROLLOUT", 24 if wide else 18, gap=gap),
        Column("devices", "DEVICES", max(8, ratio), "right", gap=gap),
        *figures,
        *((Column("age", "CHANGED", 7, "right", priority=len(shown)),) if wide else ()),
    )


def _ratio(one: ModelFacts) -> str:
    return f"{one.on:,}/{one.of:,}" if one.of else "-"


def _model(one: ModelFacts, now: float | None, *, wide: bool) -> tuple[Line, ...]:
    """Return a model's line: what it serves, what is under way, on how many devices, and how that does."""
    changed = now - one.changed_at if now is not None and one.changed_at is not None else None
    mark = ("!", Token.NEEDS) if one.silent or one.findings else ("~", Token.NOTICE)
    return (
        line(mark) if one.urgency else (),
        name(one.model.name, Token.STRONG),
        version(one.serving),
        _under_way(one),
        line(_ratio(one)),
        *(_measured(one, metric, wide=wide) for metric in (_FIGURES if wide else _FIGURES[:2])),
        muted(as_text.brief_age(changed)) if changed is not None else dim(),
    )


def _under_way(one: ModelFacts) -> Line:
    running = one.running
    if running is None:
        return line((f"{one.elsewhere:,} elsewhere", Token.NOTICE)) if one.elsewhere else dim()
    share = f" {percent(running.share)}" if running.share is not None else ""
    return line(f"{version_label(running.version)} ", (f"{state_word(running)}{share}", Token.LIGHT))


def _measured(one: ModelFacts, metric: Metric, *, wide: bool) -> Line:
    """Return a figure of the version that counts, on wide screens with what is usual; a dash for no data."""
    health = one.health
    about = health.version(one.subject) if health is not None else None
    now = about.now.get(metric) if about is not None else None
    if health is None or now is None:
        return dim()
    usual = health.usual.get(metric)
    beside = f" / {bare(usual)}" if wide and usual is not None else ""
    return line((told(now), figure_token(metric, now, usual)), muted(beside))


def _groups(state: ConsoleState, rows: int, glyphs: Glyphs, *, wide: bool) -> Sheet:
    facts: Sequence[GroupFacts] = group_facts(state.snapshot, None, counted=state.census.shown)
    if len(facts) > rows:
        # As many as fit keep the service's order; of more, those come first that have lost the most.
        facts = sorted(facts, key=_online)
    label = max((len(clean(one.label)) for one in facts), default=0)
    gap = 4 if wide else 2
    cells = _WIDE_BAR if wide else _BAR
    columns = (
        Column("group", "GROUP", min(max(label, 10), 32 if wide else 12), gap=gap),
        Column("bar", "ONLINE", cells, gap=gap),
        Column("online", "", 6, "right", gap=gap),
        Column("stale", "STALE", 5, "right", gap=gap),
        Column("offline", "OFFLINE", 7, "right", gap=gap),
        Column("revoked", "REVOKED", 7, "right", gap=gap),
        Column("devices", "DEVICES", 7, "right"),
    )
    return Sheet("GROUPS", columns, tuple(_group(one, cells, glyphs) for one in facts))


def _online(one: GroupFacts) -> float:
    """Return the share of a group that is online, 0 to 1."""
    counted = sum(one.by_connectivity.values())
    return one.by_connectivity.get(Connectivity.ONLINE, 0) / counted if counted else 1.0


def _group(one: GroupFacts, cells: int, glyphs: Glyphs) -> tuple[Line, ...]:
    states = one.by_connectivity
    online, away = states.get(Connectivity.ONLINE, 0), states.get(Connectivity.OFFLINE, 0)
    revoked = states.get(Connectivity.REVOKED, 0)
    total = sum(states.values())
    rest = total - online - away - revoked
    segments = ((online, Kind.VERIFIED), (rest, Kind.WAITING), (away + revoked, Kind.OFFLINE))
    return (
        name(one.label, Token.STRONG),
        bar(segments, total, cells, glyphs) if total else dim("-"),
        number(online),
        number(states.get(Connectivity.STALE, 0), Token.NOTICE),
        number(away, Token.NEEDS),
        number(revoked, Token.MUTED),
        number(one.devices),
    )
