"""What the dashboard says: one verb, one number, one bar; then groups and other models in a line each (F-80)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from octomil_tui.domain.convergence import Stage, Watch
from octomil_tui.domain.fleet import RolloutState
from octomil_tui.domain.overview import ModelFacts
from octomil_tui.domain.rollback import Phase, Rollback
from octomil_tui.domain.signal import NO_SIGNALS, Signals
from octomil_tui.domain.signal_words import told
from octomil_tui.domain.text import clean, version_label
from octomil_tui.domain.wording import parts, trouble
from octomil_tui.engine.state import ConsoleState, Read
from octomil_tui.engine.topic import DEVICES, GROUPS, MODELS
from octomil_tui.engine.trouble import gaps
from octomil_tui.ui import format as as_text
from octomil_tui.ui.bars import percent
from octomil_tui.ui.present.dashboard_fired import also_fired, begun_fired, rollback_fired
from octomil_tui.ui.present.dashboard_fleet import fleet_wall, incident_wall, rollout_wall
from octomil_tui.ui.present.dashboard_groups import untouched_line, watch_rows
from octomil_tui.ui.present.dashboard_signal import rollback_signal
from octomil_tui.ui.present.doubt import gap_lines
from octomil_tui.ui.present.subject import Subject, ended, record_of, tally_of
from octomil_tui.ui.present.wall import Count, Wall
from octomil_tui.ui.present.watch import segments_of, token_of, when_line
from octomil_tui.ui.present.words import arrow, muted, state_word
from octomil_tui.ui.spans import Line, Token, join, line
from octomil_tui.ui.theme import Glyphs

_VERBS = {
    Phase.ROLLING_BACK: ("ROLLING BACK", Token.NEEDS),
    Phase.WIDER: ("!! ROLLING BACK", Token.NEEDS),
    Phase.STALLED: ("!! STALLED", Token.NEEDS),
    Phase.DONE: ("DONE", Token.LIVE),
    Phase.COMPLETE: ("COMPLETE", Token.LIVE),
    Phase.REGRESSED: ("!! REGRESSED", Token.NEEDS),
    Phase.DIVERGED: ("!! DIVERGED", Token.NEEDS),
    Phase.FAILED: ("!! FAILED", Token.NEEDS),
    Phase.SUPERSEDED: ("!! CANCELLED", Token.NEEDS),
}
_ALWAYS = (Stage.ON_THE_WAY, Stage.STALE, Stage.OFFLINE)
_TOKENS = {
    Stage.ON_THE_WAY: Token.LIGHT,
    Stage.WAITING: Token.TEXT,
    Stage.REVOKED: Token.MUTED,
}
_ORDER = (Stage.ON_THE_WAY, Stage.WAITING, Stage.STALE, Stage.OFFLINE)
_WRONG = (Stage.FAILED, Stage.BOUNCED)
"""Stages that share a row."""


def is_read(state: ConsoleState) -> bool:
    """Say whether there is anything to show; a service without a list of models has a fleet all the same."""
    models = state.reads.get(MODELS, Read())
    return state.snapshot.devices is not None and (state.snapshot.models is not None or models.failures > 0)


def reading(host: str, *, is_connected: bool) -> Wall:
    """Return what is said before everything was read; `is_connected` unless the first answers failed."""
    if not is_connected:
        return Wall("NOT CONNECTED", Token.NEEDS, muted(host))
    return Wall("READING THE FLEET", Token.MUTED, muted(f"from {host}"))


def wall_of(
    state: ConsoleState,
    facts: Sequence[ModelFacts],
    subject: Subject,
    glyphs: Glyphs,
    *,
    signals: Signals = NO_SIGNALS,
    unfollowed: Collection[str] = (),
) -> Wall:
    """Return what is said of a subject.

    Args:
        state: What is known.
        facts: Of every model.
        subject: What it is about.
        glyphs: The characters to draw with.
        signals: What was measured, and read lately.
        unfollowed: Ids of running rollbacks whose devices cannot be followed; those of others are being read.
    """
    others = tuple(_other(state, one) for one in facts if one is not subject.facts)
    wall = _wall_of(state, facts, subject, others, glyphs, unfollowed=unfollowed)
    if subject.rollback is not None and subject.rollback.watch is not None:
        rollback, now = subject.rollback, state.server_at
        wall = replace(wall, signal=rollback_signal(signals, rollback, subject.rollback.watch, now))
    return replace(
        wall,
        fired=(*wall.fired, *also_fired(state, subject)),
        # What is missing from the counts must not look like a small fleet.
        notes=(*wall.notes, *gap_lines(gaps(state, (MODELS, DEVICES, GROUPS)), 0)),
    )


def _wall_of(
    state: ConsoleState,
    facts: Sequence[ModelFacts],
    subject: Subject,
    others: tuple[Line, ...],
    glyphs: Glyphs,
    *,
    unfollowed: Collection[str],
) -> Wall:
    rollback, about = subject.rollback, subject.facts
    if subject.incident is not None:
        whole = (
            rollout_wall(state, about, others, glyphs, subject.incident)
            if about is not None
            else fleet_wall(state, facts, others)
        )
        return incident_wall(state, subject.incident, about, whole)
    if about is None:
        return fleet_wall(state, facts, others)
    if rollback is not None:
        return _rollback(state, about, rollback, others, glyphs)
    if about.running is not None and about.running.is_rollback and about.running.id not in unfollowed:
        way = arrow(about.running.from_version, about.running.version, glyphs)
        name = line((clean(about.model.name), Token.STRONG), "    ", way)
        return Wall(
            "ROLLING BACK",
            Token.NEEDS,
            name,
            fired=begun_fired(about.running),
            notes=(muted("counting its devices …"),),
            others=others,
            about_rollback=True,
        )
    return rollout_wall(state, about, others, glyphs)


def _rollback(
    state: ConsoleState, about: ModelFacts, rollback: Rollback, others: tuple[Line, ...], glyphs: Glyphs
) -> Wall:
    watch = rollback.watch
    if watch is None:
        return rollout_wall(state, about, others, glyphs)
    verb, token = _VERBS.get(rollback.phase, ("ROLLING BACK", Token.NEEDS))
    tally = tally_of(watch)
    group = f"    on {clean(rollback.order.group)}" if rollback.order.group is not None else ""
    counted = {part.stage: part for part in parts(tally)}
    fixed = [
        Count(tally.count(stage), stage.value.replace("_", " "), _token(stage), stage in _ALWAYS)
        for stage in _ORDER
    ]
    failed, bounced = (tally.count(stage) for stage in _WRONG)
    wrong = Count(failed, Stage.FAILED.value, Token.NEEDS, beside=(bounced, Stage.BOUNCED.value))
    rest = [
        Count(part.count, part.words, _token(stage), is_fixed=False)
        for stage, part in counted.items()
        if stage not in (*_ORDER, *_WRONG)
    ]
    snapshot = state.snapshot
    return Wall(
        verb,
        token,
        line(
            (clean(about.model.name), Token.STRONG),
            "    ",
            arrow(rollback.from_version, watch.to_version, glyphs),
            (group, Token.STRONG),
        ),
        tally.verified,
        tally.devices,
        (Count(tally.verified, "verified", Token.FINE), *fixed, wrong, *rest),
        tuple(segments_of(tally)),
        _who(state, rollback, watch),
        (_rollback_note(state, rollback, watch),),
        tuple(watch_rows(watch, snapshot)),
        untouched_line(watch, snapshot),
        others,
        fired=rollback_fired(state, rollback),
        about_rollback=not rollback.phase.is_over,
    )


def _token(stage: Stage) -> Token:
    return _TOKENS.get(stage) or token_of(stage)


def _who(state: ConsoleState, rollback: Rollback, watch: Watch) -> Line:
    record = record_of(state, rollback)
    by = record.by if record is not None and record.by else None
    reason = rollback.order.reason or (record.reason if record is not None else None)
    if record is not None and record.trigger is not None:
        # What fired is said in a line of its own.
        by, reason = "the server", None
    return line(
        (f"started {as_text.moment(watch.started_at, state.server_at)}", Token.MUTED),
        (f" by {clean(by)}" if by else "", Token.MUTED),
        (f", {clean(reason)}" if reason else "", Token.MUTED),
    )


def _rollback_note(state: ConsoleState, rollback: Rollback, watch: Watch) -> Line:
    """Return when it ends, or what went wrong with it."""
    if rollback.phase in (Phase.DONE, Phase.COMPLETE):
        return _ended_line(state, rollback, watch)
    if rollback.phase is Phase.SUPERSEDED:
        return line(("It was cancelled, and nothing took its place.", Token.NEEDS))
    if wrong := trouble(rollback):
        # The verb says which kind of trouble it is.
        said = wrong.partition(": ")[2]
        return line((f"{said[:1].upper()}{said[1:]}.", Token.NEEDS))
    return _trimmed(when_line(watch))


def _ended_line(state: ConsoleState, rollback: Rollback, watch: Watch) -> Line:
    at = ended(state, rollback)
    whole = watch.whole
    clauses = [line(("done ", Token.MUTED), as_text.moment(at, state.server_at))]
    if at is not None:
        clauses.append(muted(f"took {as_text.age(at - watch.started_at)}"))
    if rollback.by_server_word:
        clauses.append(muted("by the server's word"))
    else:
        clauses.append(muted(f"{whole.reachable_settled} of {whole.reachable} reachable settled"))
    offline = whole.count(Stage.OFFLINE)
    if offline:
        clauses.append(line((f"{offline} offline: at their next sync", Token.NEEDS)))
    return join(clauses, 4)


def _trimmed(one: Line) -> Line:
    return one[1:] if one and not one[0].text.strip() else one


def _other(state: ConsoleState, one: ModelFacts) -> Line:
    """Return a model that the wall is not about, in a few words."""
    name = line(clean(one.model.name))
    if one.running is not None and not one.findings:
        running = one.running
        share = f" at {percent(running.share)}" if running.share is not None else ""
        word = "" if running.state is RolloutState.ACTIVE else f" {state_word(running)}"
        token = Token.NEEDS if one.silent else Token.MUTED
        now, since = state.server_at, one.changed_at
        if running.state is RolloutState.PAUSED and now is not None and since is not None:
            share += f" for {as_text.brief_age(now - since)}"
        silent = f", {one.silent} silent" if one.silent else ""
        followed = state.rollbacks.get(one.model.id)
        if running.is_rollback and followed is not None and followed.watch is not None:
            tally = tally_of(followed.watch)
            share = f" {tally.verified}/{tally.devices}"
            token = Token.NOTICE
        said = f" {version_label(running.version)}{word}{share}{silent}"
        return line(name, (said, token))
    if one.findings:
        worst = one.findings[0]
        return line(
            name, (f" {version_label(worst.version)} {worst.metric.value} {told(worst.now)}", Token.NEEDS)
        )
    if one.elsewhere:
        return line(name, (f" {one.elsewhere} elsewhere", Token.NOTICE))
    return line(name, (" ok", Token.FINE) if one.of else (" no devices", Token.DIM))
