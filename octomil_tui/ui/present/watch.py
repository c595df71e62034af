"""What the watch of a rollback says: the sentence, the bar, the groups, the stragglers (D-80, D-160)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from octomil_tui.domain.convergence import MOVING, ON_TARGET, Stage, Tally, Watch
from octomil_tui.domain.radius import row_label
from octomil_tui.domain.rollback import Phase, Rollback
from octomil_tui.domain.straggler import Straggler, Stragglers
from octomil_tui.domain.text import version_label
from octomil_tui.domain.wording import parts, trouble
from octomil_tui.ui import format as as_text
from octomil_tui.ui.bars import bar, percent
from octomil_tui.ui.present.watch_groups import aside_line, aside_lines, group_lines, segments_of
from octomil_tui.ui.present.wider import wider_line
from octomil_tui.ui.present.words import arrow, dim, muted, name, version
from octomil_tui.ui.spans import Line, Token, join, line, width
from octomil_tui.ui.theme import Glyphs
from octomil_tui.ui.widgets.columns import Column
from octomil_tui.ui.widgets.rows import ItemRows, Row

__all__ = ["MOVING", "aside_line", "aside_lines", "group_lines", "segments_of"]

_ROOMY = 76
"""Cells of a screen from which every column of the stragglers has room."""
_LEAST_WHY = 21
_NARROW = 60
"""Cells of a screen below which it gets what the others leave."""
_RECENTLY = 600.0
"""Seconds for which a bounce is named once the device is back."""
_NEEDS = (Stage.OFFLINE, Stage.FAILED, Stage.BOUNCED, Stage.GONE)
_NOTICE = (Stage.STALE, Stage.UNKNOWN, Stage.LEFT, Stage.UNSEEN)


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


def when_line(watch: Watch) -> Line:
    """Return when the devices that are online are expected there, and of how many nobody can tell."""
    whole, pace = watch.whole, watch.pace
    syncs = pace.last_due(watch.started_at, is_download=False)
    loads = pace.last_due(watch.started_at, is_download=True)
    told = []
    if syncs is not None:
        told.append(line(("verified about ", Token.MUTED), as_text.short_clock(syncs.at)))
    if loads is not None:
        count = as_text.count(pace.downloads(), "download")
        told.append(line((f"{count} about ", Token.MUTED), as_text.short_clock(loads.at)))
    clauses = []
    if told:
        clauses.append(line(("online: ", Token.MUTED), *_listed(told)))
    elif whole.count(Stage.ON_THE_WAY):
        clauses.append(muted("every online device has heard of it"))
    elif whole.reachable and whole.reachable > whole.reachable_settled:
        clauses.append(
            muted(
                f"{whole.reachable_settled} of {whole.reachable} reachable settled, the others one sync later"
            )
        )
    untimed = watch.untimed
    if untimed:
        clauses.append(line((f"{untimed} have no ETA" if untimed > 1 else "1 has no ETA", Token.MUTED)))
    return line("   ", join(clauses, 4)) if clauses else ()


def _listed(clauses: Sequence[Line]) -> Iterable[Line | tuple[str, Token]]:
    """Return clauses with a comma between them."""
    for place, clause in enumerate(clauses):
        if place:
            yield (", ", Token.MUTED)
        yield clause


def notice_lines(rollback: Rollback, watch: Watch, now: float | None) -> list[Line]:
    """Return what has to be looked at beside the counts: a bounce, devices that missed their syncs, an old look."""
    lines = [bounce_line(watch, now), overdue_line(rollback, watch), coverage_line(watch, now)]
    return [one for one in lines if one]


def bounce_line(watch: Watch, now: float | None) -> Line:
    """Name the newest bounce and its likely cause, while the device is away and for ten minutes after it."""
    for bounce in reversed(watch.bounces):
        stage = watch.stage_of(bounce.device_id)
        is_away = stage is Stage.BOUNCED
        if not is_away and (now is None or now - bounce.at > _RECENTLY):
            continue
        back = "; it is back" if stage in ON_TARGET and bounce.version is not None else ""
        others = watch.whole.count(Stage.BOUNCED) - is_away
        more = f"  {others} more are away" if others > 1 else "  1 more is away" if others else ""
        token = Token.NEEDS if is_away else Token.NOTICE
        return line((f"^  {as_text.short_clock(bounce.at)} {bounce.sentence}{back}.{more}", token))
    return ()


def overdue_line(rollback: Rollback, watch: Watch) -> Line:
    """Say how many reachable devices missed two of their syncs; not while nothing moves at all, which is said then."""
    count = watch.whole.overdue
    if not count or rollback.phase is Phase.STALLED:
        return ()
    words = "missed two of its syncs" if count == 1 else "missed two of their syncs each"
    said = f"~~ {as_text.count(count, 'reachable device')} {words} and {'has' if count == 1 else 'have'} not settled."
    return line((said, Token.NOTICE))


def coverage_line(watch: Watch, now: float | None) -> Line:
    """Say how much of a scope that is read page by page was looked at; empty where all of it just was."""
    seen = watch.coverage
    if seen.at is None or seen.is_whole:
        return ()
    over = "over " if seen.is_beyond else ""
    age = as_text.age(now - seen.oldest_at) if now is not None and seen.oldest_at is not None else "?"
    return muted(
        f"   looked at {seen.looked_at:,} of {seen.devices:,} devices since the start, the oldest look {over}{age} ago"
    )


def straggler_columns(*, wide: bool, cells: int = _ROOMY) -> tuple[Column, ...]:
    """Return the columns of the stragglers; on a screen of few cells the group goes before the reason is cut."""
    return (
        Column("device", "DEVICE", 16 if wide else 13, sort_value=0),
        Column("group", "GROUP", 11 if wide else 9, sort_value=1, priority=1),
        *((Column("platform", "PLATFORM", 12, sort_value=4, priority=2),) if wide else ()),
        Column("on", "ON", 6, sort_value=2, priority=2),
        Column("why", "WHY", _LEAST_WHY if _NARROW <= cells < _ROOMY else 0, sort_value=3),
        Column("contact", "LAST SYNC", 9, "right", sort_value=5),
        Column("expect", "EXPECT", 6, sort_value=6),
    )


def straggler_title(found: Stragglers) -> str:
    """Return `STRAGGLERS 19`, and apart from them the late ones that move up, which no other count has."""
    up = found.ups
    return f"STRAGGLERS {len(found) - up}" + (f" + {up} moving up" if up else "")


def straggler_legend(found: Stragglers, watch: Watch, *, wide: bool) -> Line:
    """Return how many went silent right after the version that is left: these will not come by themselves."""
    count = found.silenced
    if not count:
        return muted("no ETA first") if wide else ()
    after = f"{count} {'went silent after' if wide else 'silent after'} {version_label(watch.leaving)}"
    return line((after, Token.NEEDS), (", no ETA first" if wide else "", Token.MUTED))


def straggler_rows(
    found: Stragglers, labels: Mapping[str, str], now: float | None, *, wide: bool, is_live: bool
) -> ItemRows[int]:
    """Return the stragglers as rows that are put into words when they come on the screen."""
    return ItemRows(
        range(len(found)),
        found.device_id,
        lambda index: straggler_row(found[index], labels, now, wide=wide, is_live=is_live).cells,
        lambda index, value: _sort_value(found, labels, index, value),
    )


def _sort_value(found: Stragglers, labels: Mapping[str, str], index: int, value: int) -> str | float | None:
    """Return what a column sorts by, without putting the row into words where that is not what it sorts by."""
    match value:
        case 0:
            return found.name(index)
        case 1:
            return row_label(found.group(index), labels)
        case 5:
            contact = found.contact_at(index)
            # The longest silence is the largest value.
            return -contact if contact is not None else None
        case 6:
            return found.expected_at(index)
        case _:
            one = found[index]
            return (one.version or "", one.why, one.platform)[value - 2]


def straggler_row(
    one: Straggler, labels: Mapping[str, str], now: float | None, *, wide: bool, is_live: bool = True
) -> Row:
    """Return a straggler's line; while the data is old nothing is expected."""
    expected_at = one.expected_at if is_live else None
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
            line(as_text.short_clock(expected_at)) if expected_at is not None else dim("?"),
        ),
        (one.name, label, one.version or "", one.why, one.platform, silent, expected_at),
    )
