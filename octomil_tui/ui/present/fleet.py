"""What the Fleet screen, and the lists of models and rollouts, say; its groups are in `fleet_groups`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from octomil_tui.domain.fleet import Connectivity, Device, Rollout
from octomil_tui.domain.overview import ModelFacts
from octomil_tui.domain.rollback import Phase, Rollback
from octomil_tui.domain.text import clean, version_label
from octomil_tui.engine.state import ConsoleState
from octomil_tui.ui import format as as_text
from octomil_tui.ui.bars import percent
from octomil_tui.ui.present.counted import away_words
from octomil_tui.ui.present.end import done_sentence
from octomil_tui.ui.present.fleet_signal import model_signal, trouble_sentence
from octomil_tui.ui.present.words import (
    dim,
    interval,
    muted,
    name,
    progress,
    rollout_bar,
    state_word,
    version,
)
from octomil_tui.ui.spans import Line, Token, line
from octomil_tui.ui.theme import Glyphs
from octomil_tui.ui.widgets.columns import Column
from octomil_tui.ui.widgets.rows import Row

_LARGE = 10_000
"""Devices from which on round thousands are written short."""

_BAR = 10
_WIDE_BAR = 20
_NARROW_WIDE_BAR = 14
"""Cells of the bar in the wide table of models, which has figures as well."""


def model_columns(facts: Sequence[ModelFacts] = (), *, wide: bool) -> tuple[Column, ...]:
    """Return the columns of the models' table, wide enough for the numbers of these."""
    most = max((len(_ratio(one)) for one in facts), default=0)
    bar = _NARROW_WIDE_BAR if wide else _BAR
    return (
        Column("mark", "", 1, gap=1),
        Column("model", "MODEL", sort_value=0),
        Column("serving", "SERVING", 7),
        Column("rollout", "ROLLOUT", bar + 12, priority=1),
        Column("devices", "DEVICES", max(9 if wide else 8, most), "right", sort_value=1),
        Column(
            "state", "SIGNAL  now / usual" if wide else "SIGNAL", 21 if wide else 12, priority=2, sort_value=2
        ),
        Column("age", "AGE", 6 if wide else 4, "right", priority=3, sort_value=3),
    )


def model_row(facts: ModelFacts, now: float | None, glyphs: Glyphs, *, wide: bool) -> Row:
    """Return a model's line."""
    changed = now - facts.changed_at if now is not None and facts.changed_at is not None else None
    ratio = _ratio(facts)
    return Row(
        facts.model.id,
        (
            _mark(facts),
            name(facts.model.name, Token.STRONG if facts.urgency else Token.TEXT),
            version(facts.serving),
            rollout_bar(facts.running, _NARROW_WIDE_BAR if wide else _BAR, glyphs),
            line(ratio) if facts.of else dim(ratio),
            model_signal(facts, wide=wide) or _model_state(facts),
            muted(as_text.brief_age(changed)) if changed is not None else dim(),
        ),
        (facts.model.name, facts.of, -facts.urgency, changed),
    )


def _ratio(facts: ModelFacts) -> str:
    of = f"{facts.of // 1000}k" if facts.of >= _LARGE and facts.of % 1000 == 0 else str(facts.of)
    return f"{facts.on}/{of}" if facts.of else "-"


def _mark(facts: ModelFacts) -> Line:
    if facts.silent or facts.findings:
        return line(("!", Token.NEEDS))
    return line(("~", Token.NOTICE)) if facts.running is not None else ()


def _model_state(facts: ModelFacts) -> Line:
    if facts.silent:
        return line((f"{facts.silent} silent", Token.NEEDS))
    if facts.running is not None:
        return line((state_word(facts.running), Token.LIGHT if facts.urgency > 1 else Token.MUTED))
    if facts.elsewhere:
        return line((f"{facts.elsewhere:,} elsewhere", Token.NOTICE))
    return line(("whole", Token.FINE)) if facts.of else dim()


def rollout_columns(*, wide: bool) -> tuple[Column, ...]:
    """Return the columns of the rollouts' table."""
    return (
        Column("id", "ID", 7),
        Column("model", "MODEL", sort_value=0),
        Column("version", "VERSION", 8, gap=1),
        Column("kind", "KIND", 11, priority=2, sort_value=1),
        Column("progress", "PROGRESS", (_WIDE_BAR if wide else _BAR) + 5, sort_value=2),
        Column("state", "STATE", 12, sort_value=3),
        Column("by", "BY", 6, priority=4),
        Column("when", "WHEN", 12, priority=3, sort_value=4),
    )


def rollout_row(
    rollout: Rollout, model_id: str, model_name: str, now: float | None, glyphs: Glyphs, *, wide: bool
) -> Row:
    """Return a rollout's line."""
    bar = progress(rollout, _WIDE_BAR if wide else _BAR, glyphs)
    began = rollout.began_at
    running = rollout.state.is_running
    return Row(
        rollout_key(model_id, rollout),
        (
            name(rollout.id, Token.STRONG if running else Token.TEXT),
            name(model_name),
            version(rollout.version),
            muted(rollout.kind or "?"),
            bar,
            line((state_word(rollout), Token.LIGHT if running else Token.MUTED)),
            muted(rollout.by or "-"),
            muted(as_text.day(began, now)) if began is not None and now is not None else dim(),
        ),
        (model_name, rollout.kind or "", rollout.share, rollout.word, began),
    )


def rollout_key(model_id: str, rollout: Rollout) -> str:
    """Return what identifies a rollout among those of all models."""
    return f"{model_id}/{rollout.id}"


def running_lines(facts: Sequence[ModelFacts], now: float | None) -> list[Line]:
    """Return the rollouts that are under way, a line each, for the wide screen."""
    found = []
    for one in facts:
        running = one.running
        if running is None:
            continue
        since = now - one.changed_at if now is not None and one.changed_at is not None else None
        share = percent(running.share) if running.share is not None else ""
        word = state_word(running) if running.state.value != "active" else ""
        found.append(
            line(
                ("rollback " if running.is_rollback else "rollout ", Token.MUTED),
                (clean(running.id), Token.STRONG),
                f"  {clean(one.model.name)} {version_label(running.version)}  {share}",
                (f"  {word}" if word else "", Token.NOTICE),
                (
                    f"  {as_text.age(since)}" if word else f"  {running.by or ''}  {as_text.age(since)}",
                    Token.MUTED,
                ),
            )
        )
    if not any(one.running is not None and one.running.is_rollback for one in facts):
        found.append(())
        found.append(muted("no rollback is running"))
    return found


def reachable_lines(
    by_state: Mapping[Connectivity, int],
    devices: Sequence[Device],
    silent: int,
    cells: int,
    glyphs: Glyphs,
    *,
    counted: str = "",
) -> list[Line]:
    """Return online, stale, offline and revoked as bars, for the wide screen; `counted` says how much of a large fleet."""
    total = sum(by_state.values())
    if not total:
        return [muted("no devices were read yet")]
    digits = max(5, *(len(f"{count:,}") for count in by_state.values()))
    room = max(8, cells - 23 - digits)
    rows: list[Line] = []
    for state, token in (
        (Connectivity.ONLINE, Token.FINE),
        (Connectivity.STALE, Token.NOTICE),
        (Connectivity.OFFLINE, Token.NEEDS),
        (Connectivity.REVOKED, Token.DIM),
        (Connectivity.UNKNOWN, Token.MUTED),
    ):
        count = by_state.get(state, 0)
        if not count and state is Connectivity.UNKNOWN:
            continue
        length = max(1, room * count // total) if count else 0
        note = f"  {silent:,} silent since an update" if state is Connectivity.OFFLINE and silent else ""
        rows.append(
            line(
                (f"{state:<9}", Token.MUTED),
                (f"{count:>{digits},}  ", token if count else Token.DIM),
                (glyphs.verified * length, token),
                (note, Token.NEEDS),
            )
        )
    intervals = sorted({device.interval for device in devices})
    if counted:
        rows += [(), muted(counted)]
    if intervals:
        rows += [
            (),
            muted(f"devices sync every {interval(intervals)};"),
            muted("a rollback reaches each at its next sync"),
        ]
    return rows


def fleet_sentence(facts: Sequence[ModelFacts], state: ConsoleState, *, wide: bool = False) -> Line:
    """Return line 2: what needs somebody, how bad it is, and on how many devices."""
    if not facts:
        return muted("   This organisation has no models yet.")
    first = facts[0]
    running = first.running
    if first.findings:
        return trouble_sentence(first, wide=wide)
    if running is None:
        return _quiet(facts, state)
    about = f"{clean(first.model.name)} {version_label(running.version)}"
    share = f" at {percent(running.share)}" if running.share is not None else ""
    on = f"{first.on:,} of {first.of:,} devices on it."
    if first.silent:
        silent = f"{as_text.count(first.silent, 'device')} silent since."
        return line((f"!! {about}{share}: {silent} {on}", Token.NEEDS))
    if running.is_rollback:
        return _rolling_back(first, running, state.rollbacks.get(first.model.id))
    more = sum(1 for one in facts if one.running is not None) - 1
    also = f" {as_text.count(more, 'other rollout')} under way." if more else ""
    return line((f"~~ {about}{share}, {state_word(running)}: ", Token.NOTICE), f"{on}{also}")


def _rolling_back(first: ModelFacts, running: Rollout, rollback: Rollback | None) -> Line:
    about = f"{clean(first.model.name)} is rolling back to {version_label(running.version)}"
    if rollback is not None and rollback.watch is not None and rollback.phase in (Phase.DONE, Phase.COMPLETE):
        return done_sentence(clean(first.model.name), rollback.watch)
    if rollback is not None and rollback.phase is Phase.ROLLING_BACK and rollback.watch is not None:
        change = rollback.watch.change
        return line((f"~~ {about}: ", Token.NOTICE), f"{change.verified} of {change.devices} verified.")
    return line((f"~~ {about}: ", Token.NOTICE), f"{first.on:,} of {first.of:,} devices on it.")


def _quiet(facts: Sequence[ModelFacts], state: ConsoleState) -> Line:
    split = [one for one in facts if one.elsewhere]
    if split:
        one = split[0]
        verb = "device runs" if one.elsewhere == 1 else "devices run"
        return line(
            f"   No rollout is running. {clean(one.model.name)}: {one.elsewhere:,} {verb} another version than {version_label(one.serving)}."
        )
    return line(f"   No rollout is running. {away_words(state)}.")
