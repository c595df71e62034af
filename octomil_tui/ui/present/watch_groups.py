"""The groups of a watch, the slowest first, and what stands beside their counts: every device is in one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from octomil_tui.domain.convergence import MOVING, Stage, Tally, Watch
from octomil_tui.domain.fleet import FleetSnapshot, RolloutState
from octomil_tui.domain.radius import PlanClass, row_label
from octomil_tui.domain.rollback import Rollback
from octomil_tui.domain.step import Step
from octomil_tui.domain.text import clean, version_label
from octomil_tui.ui import format as as_text
from octomil_tui.ui.bars import Kind, bar
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.spans import Line, Token, fit, join, line, width
from octomil_tui.ui.theme import Glyphs

_LABEL = 10
_RATIO = 7
_ROOMY = 70
"""Cells from which a group's line has room for the stages that hold nobody."""
_TABLE = 84
"""Cells from which the groups are a table, with a heading over every number."""
_MOST_BAR = 48
_HEADINGS = (
    ("WAY", 4, (Stage.ON_THE_WAY,), Token.TEXT),
    ("WAIT", 5, (Stage.WAITING,), Token.TEXT),
    ("STALE", 6, (Stage.STALE,), Token.NOTICE),
    ("OFF", 4, (Stage.OFFLINE,), Token.NEEDS),
    ("FAIL", 5, (Stage.FAILED,), Token.NEEDS),
    ("BNC", 4, (Stage.BOUNCED,), Token.NEEDS),
    ("ELSE", 5, (Stage.UNKNOWN, Stage.REVOKED, Stage.GONE, Stage.LEFT, Stage.UNSEEN), Token.NOTICE),
)


def segments_of(tally: Tally) -> list[tuple[int, Kind]]:
    """Return a tally as the parts of a bar; every device is in one of them."""
    waiting = tally.count(Stage.WAITING, Stage.STALE, Stage.UNKNOWN, Stage.UNSEEN)
    return [
        (tally.verified, Kind.VERIFIED),
        (tally.count(Stage.ON_THE_WAY), Kind.ON_THE_WAY),
        (waiting, Kind.WAITING),
        (tally.count(Stage.OFFLINE, Stage.REVOKED, Stage.GONE, Stage.LEFT), Kind.OFFLINE),
        (tally.count(Stage.FAILED), Kind.FAILED),
        (tally.count(Stage.BOUNCED), Kind.BOUNCED),
    ]


def group_lines(watch: Watch, labels: Mapping[str, str], cells: int, glyphs: Glyphs) -> list[Line]:
    """Return a line per group that has a device to move, fewest verified first; with headings where there is room."""
    tallies = [(key, watch.tally(*MOVING, group=key)) for key in watch.groups(*MOVING)]
    tallies.sort(key=lambda pair: (pair[1].share, row_label(pair[0], labels)))
    if cells >= _TABLE:
        return _table(tallies, labels, cells, glyphs)
    stages = [_stage_words(tally, brief=cells < _ROOMY) for _, tally in tallies]
    room = max(8, min(_MOST_BAR, cells - _LABEL - _RATIO - 4 - max(map(width, stages), default=0)))
    return [
        line(_head(key, tally, labels, room, glyphs), _ratio(tally, _RATIO), "  ", words)
        for (key, tally), words in zip(tallies, stages, strict=True)
    ]


def _table(
    tallies: Sequence[tuple[str, Tally]], labels: Mapping[str, str], cells: int, glyphs: Glyphs
) -> list[Line]:
    verified = 10
    room = max(8, min(_MOST_BAR, cells - _LABEL - 1 - verified - sum(one[1] for one in _HEADINGS)))
    heading = f"{'GROUP':<{_LABEL}} {'PROGRESS':<{room}}{'VERIFIED':>{verified}}"
    titles = "".join(f"{title:>{wide}}" for title, wide, _, _ in _HEADINGS)
    rows = [muted(heading + titles)]
    for key, tally in tallies:
        counted = [
            fit(line((str(count), token if count else Token.DIM)), wide, "right")
            for _, wide, stages, token in _HEADINGS
            for count in (tally.count(*stages),)
        ]
        rows.append(line(_head(key, tally, labels, room, glyphs), _ratio(tally, verified), *counted))
    return rows if tallies else []


def _head(key: str, tally: Tally, labels: Mapping[str, str], room: int, glyphs: Glyphs) -> Line:
    label = fit(line(clean(row_label(key, labels))), _LABEL)
    return line(label, " ", bar(segments_of(tally), tally.devices, room, glyphs))


def _ratio(tally: Tally, cells: int) -> Line:
    return fit(line((f"{tally.verified}/{tally.devices}", Token.STRONG)), cells, "right")


def _stage_words(tally: Tally, *, brief: bool) -> Line:
    if tally.count(Stage.SETTLED) == tally.devices:
        return line(("settled", Token.FINE))
    counted = [
        ("way", tally.count(Stage.ON_THE_WAY), Token.TEXT),
        ("wait", tally.count(Stage.WAITING), Token.TEXT),
        ("stale", tally.count(Stage.STALE), Token.NOTICE),
        ("off", tally.count(Stage.OFFLINE), Token.NEEDS),
    ]
    bad = tally.count(Stage.FAILED, Stage.BOUNCED)
    other = tally.count(Stage.UNKNOWN, Stage.REVOKED, Stage.GONE, Stage.LEFT, Stage.UNSEEN)
    stages = [_labelled(*one) for one in counted if one[1] or not brief]
    rest = [("bad", bad, Token.NEEDS), ("else", other, Token.NOTICE)]
    return join([*stages, *(_labelled(*one) for one in rest if one[1])], 2)


def _labelled(word: str, count: int, token: Token = Token.TEXT) -> Line:
    return line(
        (f"{word} ", Token.MUTED if count else Token.DIM), (f"{count:>2}", token if count else Token.DIM)
    )


def aside_line(rollback: Rollback, watch: Watch, snapshot: FleetSnapshot) -> Line:
    """Return what is not counted above: those that moved up, that were there, that joined, and what was cancelled."""
    clauses = []
    up = watch.up
    if up.devices:
        clauses.append(
            line((f"moved up from {_ups(watch)}: ", Token.MUTED), f"{up.verified} of {up.devices}")
        )
    already = watch.tally(PlanClass.NO_OP)
    if already.devices:
        there = _still_there(already)
        still = (
            f"{already.devices} there already"
            if there == already.devices
            else f"{there} of {already.devices} still there"
        )
        clauses.append(line((still, Token.MUTED if there == already.devices else Token.NEEDS)))
    joined = watch.newcomers
    if joined.devices:
        clauses.append(line(("joined ", Token.MUTED), f"{joined.devices}, {joined.verified} there"))
    if cancelled := _cancelled(rollback, snapshot):
        clauses.append(cancelled)
    return join(clauses, 3)


def aside_lines(rollback: Rollback, watch: Watch, snapshot: FleetSnapshot) -> list[Line]:
    """Return the same for the wide screen, a line each, with the sum that all of them add up to."""
    change, up, already, joined = watch.change, watch.up, watch.tally(PlanClass.NO_OP), watch.newcomers
    rows = []
    if up.devices:
        loads = watch.steps(PlanClass.UP).get(Step.DOWNLOADING, 0)
        more = f", {loads} downloading" if loads else ""
        label = f"moved up from {_ups(watch)} (not counted above)"
        rows.append(_aside(label, f"{up.verified} of {up.devices} done{more}"))
    if already.devices:
        there = _still_there(already)
        revoked = already.count(Stage.REVOKED)
        more = f" ({revoked} {'is' if revoked == 1 else 'are'} revoked)" if revoked else ""
        label = f"already on {version_label(watch.to_version)} before we started"
        token = Token.TEXT if there == already.devices else Token.NEEDS
        rows.append(_aside(label, f"{already.devices}, still there {there}{more}", token))
    if joined.devices:
        said = f"{joined.devices}, {joined.verified} on {version_label(watch.to_version)}"
        rows.append(_aside("joined since we started (not counted above)", said))
    if watch.crowd:
        rows.append(_aside("joined beyond those that are followed", f"{watch.crowd}", Token.NEEDS))
    parts = [str(one.devices) for one in (change, up, already, joined) if one.devices]
    if len(parts) > 1:
        rows.append(
            muted(f"sum {' + '.join(parts)} = {watch.whole.devices}, every device is in exactly one line")
        )
    if cancelled := _cancelled(rollback, snapshot):
        rows.append(cancelled)
    return rows


def _aside(label: str, value: str, token: Token = Token.TEXT) -> Line:
    return line((f"{label:<43} ", Token.MUTED), (value, token))


def _ups(watch: Watch) -> str:
    return ", ".join(sorted({version_label(one) for one in watch.from_versions(PlanClass.UP)}))


def _still_there(already: Tally) -> int:
    """Return how many of the devices that were there are, as far as they and their revocation tell."""
    return already.devices - already.count(Stage.BOUNCED, Stage.GONE, Stage.LEFT)


def _cancelled(rollback: Rollback, snapshot: FleetSnapshot) -> Line:
    before = rollback.plan.active_rollout if rollback.plan is not None else None
    rollouts = snapshot.rollouts.get(rollback.model_id, ())
    found = next((r for r in rollouts if before is not None and r.id == before.id), None) or next(
        (r for r in rollouts if r.cancelled_by is not None and r.cancelled_by == rollback.rollout_id), None
    )
    if found is None:
        return ()
    if found.state is RolloutState.CANCELLED:
        at = f" {as_text.short_clock(found.cancelled_at)}" if found.cancelled_at is not None else ""
        return muted(f"{clean(found.id)} cancelled{at}")
    if found.state.is_running and not found.is_rollback:
        return line((f"rollout {clean(found.id)} is still listed as {found.word}", Token.NEEDS))
    return ()
