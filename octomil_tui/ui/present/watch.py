"""What the watch of a rollback says: the sentence, the bar, the groups, the stragglers (D-80, D-160)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from octomil_tui.domain.convergence import Stage, Tally, Watch
from octomil_tui.domain.fleet import Device, FleetSnapshot, RolloutState
from octomil_tui.domain.plan import PlanClass, row_label
from octomil_tui.domain.rollback import Phase, Rollback
from octomil_tui.domain.straggler import Straggler
from octomil_tui.domain.text import clean, version_label
from octomil_tui.domain.wording import parts, trouble
from octomil_tui.ui import format as as_text
from octomil_tui.ui.bars import Kind, bar, percent
from octomil_tui.ui.present.wider import wider_line
from octomil_tui.ui.present.words import arrow, dim, muted, name, version
from octomil_tui.ui.spans import Line, Token, fit, join, line, width
from octomil_tui.ui.theme import Glyphs
from octomil_tui.ui.widgets.columns import Column
from octomil_tui.ui.widgets.rows import Row

MOVING = (PlanClass.CHANGE, PlanClass.UNKNOWN)
_LABEL = 10
_RATIO = 7
_ROOMY = 70
"""Cells from which a group's line has room for the stages that hold nobody."""
_NEEDS = (Stage.OFFLINE, Stage.FAILED, Stage.BOUNCED, Stage.GONE)
_NOTICE = (Stage.STALE, Stage.UNKNOWN)


def segments_of(tally: Tally) -> list[tuple[int, Kind]]:
    """Return a tally as the parts of a bar; every device is in one of them."""
    waiting = tally.count(Stage.WAITING, Stage.STALE, Stage.UNKNOWN)
    return [
        (tally.verified, Kind.VERIFIED),
        (tally.count(Stage.ON_THE_WAY), Kind.ON_THE_WAY),
        (waiting, Kind.WAITING),
        (tally.count(Stage.OFFLINE, Stage.REVOKED, Stage.GONE), Kind.OFFLINE),
        (tally.count(Stage.FAILED), Kind.FAILED),
        (tally.count(Stage.BOUNCED), Kind.BOUNCED),
    ]


def token_of(stage: Stage) -> Token:
    """Return how loud a stage is said."""
    if stage in _NEEDS:
        return Token.NEEDS
    return Token.NOTICE if stage in _NOTICE else Token.TEXT


def progress(tally: Tally) -> Line:
    """Return `31 of 50 verified.  12 on the way.  3 stale.  4 offline.`; the counts add up."""
    head = line((f"{tally.verified} of {tally.devices} verified.", Token.STRONG))
    rest = [line((f"{one.count} {one.words}.", token_of(one.stage))) for one in parts(tally)]
    return join([head, *rest], 2)


def headline(rollback: Rollback, watch: Watch, cells: int, glyphs: Glyphs) -> Line:
    """Return the first line: where it goes and how far it is."""
    direction = arrow(rollback.from_version, watch.to_version, glyphs)
    if rollback.phase is Phase.WIDER:
        return wider_line(rollback)
    if wrong := trouble(rollback):
        mark = "~~" if rollback.phase is Phase.STALLED else "!!"
        return line((f"{mark} {wrong}.  ", Token.NEEDS), progress(watch.change))
    counts = progress(_shown(watch))
    whole = line("   ", direction, "   ", counts)
    # The counts are worth more than the versions, which stand in line 1 as well.
    return whole if width(whole) <= cells else line("   ", counts)


def mismatch_line(rollback: Rollback) -> Line:
    """Say which of the server's counts cannot be; empty where all of them can."""
    odd = rollback.signs.mismatch
    return line((f"?? Does not add up: {odd}.", Token.NEEDS)) if odd else ()


def _shown(watch: Watch) -> Tally:
    """Return the devices that the sentence counts: those that change, or all where none had to."""
    return watch.change if watch.change.devices else watch.whole


def bar_line(rollback: Rollback, watch: Watch, now: float | None, cells: int, glyphs: Glyphs) -> Line:
    """Return the bar with the percentage, the time since the start, and how many bounced."""
    tally = _shown(watch)
    took = elapsed(rollback, now)
    tail = line(
        (f" {percent(tally.share):>4}", Token.STRONG),
        (f"   {_took(rollback, took)}", Token.MUTED) if took is not None else "",
        (f"   bounced {watch.whole.ever_bounced}", Token.NEEDS if watch.whole.ever_bounced else Token.MUTED),
    )
    room = max(10, cells - width(tail) - 4)
    return line("   ", bar(segments_of(tally), tally.devices, room, glyphs), tail)


def _took(rollback: Rollback, seconds: float) -> str:
    if rollback.ended_at is None:
        return f"+{as_text.age(seconds)}"
    return f"took {int(seconds) // 60}m{int(seconds) % 60:02}s"


def elapsed(rollback: Rollback, now: float | None) -> float | None:
    """Return the seconds since it began, up to its end where it has one."""
    began = rollback.watch.started_at if rollback.watch is not None else rollback.sent_at
    end = rollback.ended_at if rollback.ended_at is not None else now
    return None if began is None or end is None else max(0.0, end - began)


def when_line(watch: Watch, devices: Sequence[Device]) -> Line:
    """Return when those who only wait will have heard of it, and how many cannot be told a time."""
    whole = watch.whole
    next_sync = last_first_sync(watch, devices)
    untimed = whole.count(Stage.STALE, Stage.OFFLINE, Stage.UNKNOWN, Stage.FAILED, Stage.GONE)
    clauses = []
    if next_sync is not None:
        waiting = whole.count(Stage.WAITING)
        clauses.append(
            line(
                (f"{waiting} hear of it at their next sync, by ", Token.MUTED),
                as_text.short_clock(next_sync),
            )
        )
    elif whole.count(Stage.ON_THE_WAY):
        clauses.append(muted("every online device has heard of it"))
    elif whole.reachable and whole.reachable > whole.reachable_settled:
        clauses.append(
            muted(
                f"{whole.reachable_settled} of {whole.reachable} reachable settled, the others one sync later"
            )
        )
    if untimed:
        clauses.append(line((f"{untimed} have no ETA" if untimed > 1 else "1 has no ETA", Token.MUTED)))
    return line("   ", join(clauses, 4)) if clauses else ()


def last_first_sync(watch: Watch, devices: Sequence[Device]) -> float | None:
    """Return when the last of the waiting devices is due to sync, by its own interval."""
    due = [
        device.last_contact_at + device.interval
        for device in devices
        if device.last_contact_at is not None
        and (track := watch.tracks.get(device.id)) is not None
        and track.stage is Stage.WAITING
    ]
    return max(due, default=None)


def group_lines(watch: Watch, labels: Mapping[str, str], cells: int, glyphs: Glyphs) -> list[Line]:
    """Return a line per group that has a device to move, fewest verified first."""
    keys = dict.fromkeys(t.group for t in watch.tracks.values() if t.plan_class in MOVING)
    tallies = [(key, watch.tally(*MOVING, group=key)) for key in keys]
    tallies.sort(key=lambda pair: (pair[1].share, row_label(pair[0], labels)))
    stages = [_stage_words(tally, brief=cells < _ROOMY) for _, tally in tallies]
    room = max(8, min(48, cells - _LABEL - _RATIO - 4 - max(map(width, stages), default=0)))
    return [
        line(
            fit(line(clean(row_label(key, labels))), _LABEL),
            " ",
            bar(segments_of(tally), tally.devices, room, glyphs),
            fit(line((f"{tally.verified}/{tally.devices}", Token.STRONG)), _RATIO, "right"),
            "  ",
            words,
        )
        for (key, tally), words in zip(tallies, stages, strict=True)
    ]


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
    stages = [_labelled(*one) for one in counted if one[1] or not brief]
    return join([*stages, *((_labelled("bad", bad, Token.NEEDS),) if bad else ())], 2)


def _labelled(word: str, count: int, token: Token = Token.TEXT) -> Line:
    return line(
        (f"{word} ", Token.MUTED if count else Token.DIM), (f"{count:>2}", token if count else Token.DIM)
    )


def aside_line(rollback: Rollback, watch: Watch, snapshot: FleetSnapshot) -> Line:
    """Return what is not counted above: those that moved up, and the rollout that was cancelled."""
    clauses = []
    up = watch.up
    if up.devices:
        versions = sorted(
            {version_label(t.from_version) for t in watch.tracks.values() if t.plan_class is PlanClass.UP}
        )
        clauses.append(
            line((f"moved up from {', '.join(versions)}: ", Token.MUTED), f"{up.verified} of {up.devices}")
        )
    already = watch.tally(PlanClass.NO_OP)
    if already.devices:
        gone = already.count(Stage.BOUNCED, Stage.GONE)
        still = (
            f"{already.devices - gone} of {already.devices} still there"
            if gone
            else f"{already.devices} there already"
        )
        clauses.append(line((still, Token.NEEDS if gone else Token.MUTED)))
    cancelled = _cancelled(rollback, snapshot)
    if cancelled:
        clauses.append(cancelled)
    return join(clauses, 3)


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


def straggler_columns(*, wide: bool) -> tuple[Column, ...]:
    """Return the columns of the stragglers."""
    return (
        Column("device", "DEVICE", 15, sort_value=0),
        Column("group", "GROUP", 11, sort_value=1, priority=1),
        *((Column("platform", "PLATFORM", 12, sort_value=4, priority=2),) if wide else ()),
        Column("on", "ON", 8, sort_value=2, priority=2),
        Column("why", "WHY", 0, sort_value=3),
        Column("contact", "LAST SYNC", 9, "right", sort_value=5),
    )


def straggler_title(found: Sequence[Straggler]) -> str:
    """Return `STRAGGLERS 19`, and apart from them the late ones that move up, which no other count has."""
    up = sum(1 for one in found if one.plan_class is PlanClass.UP)
    return f"STRAGGLERS {len(found) - up}" + (f" + {up} moving up" if up else "")


def straggler_row(one: Straggler, labels: Mapping[str, str], now: float | None, *, wide: bool) -> Row:
    """Return a straggler's line."""
    silent = now - one.last_contact_at if now is not None and one.last_contact_at is not None else None
    label = row_label(one.group, labels)
    token = Token.TEXT if one.is_moving else token_of(one.stage)
    return Row(
        one.device_id,
        (
            line((one.name, Token.TEXT)),
            name(label, Token.MUTED),
            *((muted(one.platform),) if wide else ()),
            version(one.version),
            line((one.why, token)),
            line(as_text.age(silent)) if silent is not None else dim("?"),
        ),
        (one.name, label, one.version or "", one.why, one.platform, silent),
    )
