"""What the page of one model says: its versions with a verdict each, its rollouts, its groups (B-80, B-160)."""

from __future__ import annotations

from collections.abc import Sequence

from octomil_tui.domain.fleet import FleetSnapshot, Rollout
from octomil_tui.domain.overview import GroupFacts, ModelFacts
from octomil_tui.domain.signal import Metric, ModelHealth
from octomil_tui.domain.signal_words import SHORT
from octomil_tui.domain.text import clean, version_label
from octomil_tui.domain.verdict import Candidate, Level
from octomil_tui.ui import format as as_text
from octomil_tui.ui.bars import percent, share_bar
from octomil_tui.ui.present.model_signal import bad_sentence, version_figure
from octomil_tui.ui.present.words import dim, muted, name, number, progress, state_word, version
from octomil_tui.ui.spans import Line, Token, fit, line
from octomil_tui.ui.theme import Glyphs
from octomil_tui.ui.widgets.columns import Column
from octomil_tui.ui.widgets.rows import Row

_VERDICT = {Level.GOOD: Token.FINE, Level.WARN: Token.NOTICE, Level.REFUSE: Token.DIM}
_DAY = 86_400
_BAR = 10
_WIDE_BAR = 22


def version_columns(shown: Sequence[Metric] = (), *, wide: bool) -> tuple[Column, ...]:
    """Return the columns of the versions' table, with these figures."""
    return (
        Column("version", "VERSION", 9, sort_value=0),
        Column("state", "STATE", 11, sort_value=1),
        Column("on", "ON", 5, "right", sort_value=2),
        Column("deployed", "DEPLOYED", 12, priority=4 if shown else 2, sort_value=3),
        Column("served", "SERVED", 8, priority=3, sort_value=4),
        *(Column(metric.value, SHORT[metric], 7, "right", priority=1) for metric in shown),
        *((Column("size", "SIZE", 7, "right", priority=5),) if wide else ()),
        *((Column("by", "BY", 7, priority=6),) if wide else ()),
        Column("verdict", "VERDICT", 0),
    )


def version_row(
    candidate: Candidate,
    now: float | None,
    health: ModelHealth | None = None,
    shown: Sequence[Metric] = (),
    *,
    wide: bool,
) -> Row:
    """Return a version's line, with these of its figures."""
    service = candidate.service
    served = service.served_for(now)
    level = candidate.verdict.level
    token = Token.STRONG if level is Level.GOOD else Token.TEXT if level is Level.WARN else Token.DIM
    deployed = (
        as_text.day(service.from_at, now) if service.from_at is not None and now is not None else "never"
    )
    return Row(
        candidate.version.version,
        (
            version(candidate.version.version, token),
            muted(candidate.version.word or "?"),
            number(candidate.on_devices),
            muted(deployed if service.deployed else "never"),
            muted(_span(served)) if served is not None else dim(),
            *(version_figure(health, candidate.version.version, metric) for metric in shown),
            *((muted(as_text.size(candidate.version.size_bytes)),) if wide else ()),
            *((muted(candidate.version.published_by or "-"),) if wide else ()),
            line((_verdict(candidate), _VERDICT[level])),
        ),
        (candidate.version.version, candidate.version.word, candidate.on_devices, service.from_at, served),
    )


def _verdict(candidate: Candidate) -> str:
    if candidate.rollout_id is not None:
        return f"{candidate.verdict.word} {clean(candidate.rollout_id)}"
    return candidate.verdict.word


def _span(seconds: float) -> str:
    days = int(seconds // _DAY)
    return as_text.count(days, "day") if days else as_text.age(seconds)


def rollout_columns(*, wide: bool) -> tuple[Column, ...]:
    """Return the columns of one model's rollouts."""
    return (
        Column("id", "ID", 6),
        Column("version", "VERSION", 8, gap=1),
        Column("kind", "KIND", 12, priority=2),
        Column("progress", "PROGRESS", (_WIDE_BAR if wide else _BAR) + 5),
        Column("state", "STATE", 13),
        Column("by", "BY", 7, priority=4),
        Column("when", "WHEN", 0, priority=3),
    )


def rollout_row(rollout: Rollout, now: float | None, glyphs: Glyphs, *, wide: bool) -> Row:
    """Return a rollout's line."""
    bar = progress(rollout, _WIDE_BAR if wide else _BAR, glyphs)
    running = rollout.state.is_running
    began = rollout.began_at
    return Row(
        rollout.id,
        (
            name(rollout.id, Token.STRONG if running else Token.TEXT),
            version(rollout.version),
            muted(rollout.kind or "?"),
            bar,
            line((state_word(rollout), Token.LIGHT if running else Token.MUTED)),
            muted(rollout.by or "-"),
            muted(as_text.day(began, now)) if began is not None and now is not None else dim(),
        ),
    )


def group_lines(
    facts: Sequence[GroupFacts], subject: str | None, glyphs: Glyphs, *, columns: int, bar: int
) -> list[Line]:
    """Return how much of each group runs `subject`, in one or two columns."""
    if subject is None:
        return [muted("which version to look at is not known")]
    cells = [_group(one, subject, glyphs, bar) for one in facts if one.by_version]
    half = -(-len(cells) // columns)
    rows = []
    for place in range(half):
        parts = [
            cells[place + half * column] for column in range(columns) if place + half * column < len(cells)
        ]
        rows.append(line(*(part for cell in parts for part in (cell, "     "))))
    return rows


def _group(facts: GroupFacts, subject: str, glyphs: Glyphs, bar: int) -> Line:
    on, of = facts.by_version.get(subject, 0), sum(facts.by_version.values())
    return line(
        fit(name(facts.label), 11),
        share_bar(on / of if of else 0.0, bar, glyphs),
        fit(line((f"{on}/{of}", Token.TEXT if on else Token.DIM)), 8, "right"),
    )


def model_sentence(facts: ModelFacts, proposed: str | None) -> Line:
    """Return what is under way and which version is the one to go back to."""
    target = f"  Safe target: {version_label(proposed)}" if proposed is not None else ""
    running = facts.running
    if running is None and not facts.findings:
        return line(
            f"   {version_label(facts.serving)} is the active version, on {facts.on} of {facts.of} devices.",
            (target, Token.MUTED),
        )
    if running is None or facts.findings:
        return bad_sentence(facts, target)
    share = f" at {percent(running.share)}" if running.share is not None else ""
    if facts.silent:
        return line(
            (
                f"!! {version_label(running.version)}{share}: {as_text.count(facts.silent, 'device')} silent since, of {facts.on} on it.{target}",
                Token.NEEDS,
            )
        )
    verb = "rolling back to" if running.is_rollback else "bringing"
    return line(
        (
            f"~~ Rollout {clean(running.id)} is {verb} {version_label(running.version)}{share}, {state_word(running)}: ",
            Token.NOTICE,
        ),
        f"{facts.on} of {facts.of} on it.{'' if running.is_rollback else target}",
    )


def before_lines(snapshot: FleetSnapshot, model_id: str, proposed: str | None) -> list[Line]:
    """Return why 'the previous version' is not what a registry says it is."""
    versions = snapshot.versions.get(model_id, ())
    if proposed is None:
        return [muted("no version of this model can be gone back to")]
    first = line("Deploy history says ", (version_label(proposed), Token.STRONG))
    if len(versions) > 1 and versions[1].version != proposed:
        second = version_label(versions[1].version)
        would = "which a bare 'octomil rollback' would pick. Here the target is always named."
        return [line(*first, f"; the registry's second newest is {second}, {would}")]
    return [line(*first, " is the one that was served before.")]


def subject_label(facts: ModelFacts) -> str:
    """Return the version that the groups are counted for, safe to show."""
    return version_label(facts.subject)
