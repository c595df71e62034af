"""What the preview of a rollback says: scope, blast radius, how long, checks (C-80a, C-80g, C-160)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from octomil_tui.domain.check import Check, Weight
from octomil_tui.domain.fleet import Connectivity, FleetSnapshot
from octomil_tui.domain.plan import Plan
from octomil_tui.domain.radius import NOT_COUNTED, PlanClass, PlannedDevice, Radius
from octomil_tui.domain.text import clean, version_label
from octomil_tui.domain.verdict import Candidate, Level
from octomil_tui.ui import format as as_text
from octomil_tui.ui.present.words import arrow, dim, interval, muted, name, number
from octomil_tui.ui.spans import Line, Token, fit, join, line, width
from octomil_tui.ui.theme import Glyphs
from octomil_tui.ui.widgets.columns import Column
from octomil_tui.ui.widgets.rows import Row

_SHORT_PLATFORM = {"android": "ANDR", "windows": "WIN", "browser": "WEB"}
_PLATFORMS = 3
_ROOMY = 80
"""Columns from which the lines under the place have room to breathe."""
_INDENT = 5
_UNCOUNTED = "devices that were not counted: no estimate"
_LEAST_DIRECTION = 20
"""Cells that the versions keep beside a scope of any length."""
_PLATFORM_ORDER = {"ios": 0, "android": 1, "linux": 2}
_MARKS = {
    Weight.OK: ("ok", Token.FINE),
    Weight.LOOK: ("!!", Token.NEEDS),
    Weight.STOP: ("NO", Token.NEEDS),
}


def scope_words(plan: Plan) -> str:
    """Return the scope in words, in capitals where it is one group."""
    total, fleet = plan.total.devices, plan.fleet_size
    if plan.scope.is_fleet:
        groups = as_text.count(sum(1 for row in plan.rows if row.group), "group")
        return f"WHOLE FLEET, {groups}, {as_text.count(total, 'device')}"
    return f"GROUP {clean(plan.scope.group_name)} ONLY, {total} of {as_text.count(fleet, 'device')}"


def plan_lines(plan: Plan, cells: int, glyphs: Glyphs) -> list[Line]:
    """Return the two lines under the place: where it goes and how far, and the four classes."""
    total = plan.total
    gap = 6 if cells >= _ROOMY and not plan.uncounted else 2
    direction = arrow(plan.from_version, plan.to_version, glyphs)
    scope = line(("SCOPE: ", Token.MUTED), (scope_words(plan), Token.STRONG))
    room = cells - _INDENT - gap - width(scope)
    if width(direction) > room:
        # Versions may be called anything; however long their names are, the scope stays in sight.
        direction = fit(direction, max(room, _LEAST_DIRECTION))
    unknown = total.count(PlanClass.UNKNOWN) - plan.uncounted
    classes = [
        _class_count(total.count(PlanClass.CHANGE), "CHANGE", Token.STRONG),
        *([_class_count(plan.uncounted, "NOT COUNTED", Token.STRONG)] if plan.uncounted else []),
        _class_count(total.count(PlanClass.NO_OP), "already there"),
        _class_count(total.count(PlanClass.UP), _up_words(plan)),
        # What was not counted is what is not known; that none of the others is unknown can go.
        *([_class_count(unknown, "unknown")] if unknown or not plan.uncounted else []),
    ]
    return [line("   ", join([direction, scope], gap)), line("   ", join(classes, gap))]


NOTHING_TO_DO = line(
    ("   Nothing to do: every device is there already, and no rollout leads elsewhere.", Token.FINE)
)
"""What is said of a plan that changes nothing."""


def elsewhere_lines(plan: Plan) -> list[Line]:
    """Return how to do the same where the screen is too small for a form to be seen."""
    told = line(("   Not confirmed on so small a screen. The same without it:", Token.MUTED))
    return [told, *(line((one, Token.LIGHT)) for one in command(plan))]


def _class_count(count: int, words: str, token: Token = Token.TEXT) -> Line:
    shown = token if count else Token.DIM
    return line((f"{count:,}", shown), (f" {words}", shown if token is Token.STRONG else Token.MUTED))


def _up_words(plan: Plan) -> str:
    versions = sorted({version_label(d.version) for d in plan.devices if d.plan_class is PlanClass.UP})
    return f"move UP from {', '.join(versions)}" if versions else "move UP"


def platforms(plan: Plan) -> tuple[str, ...]:
    """Return the platforms that get a column: the most frequent ones, in order of their names."""
    counted = plan.total.by_platform or {d.platform: 0 for d in plan.devices}
    most = sorted(counted, key=lambda key: (-counted[key], key))[:_PLATFORMS]
    return tuple(sorted(most, key=lambda key: (_PLATFORM_ORDER.get(key, len(_PLATFORM_ORDER)), key)))


def radius_columns(plan: Plan, *, wide: bool) -> tuple[Column, ...]:
    """Return the columns of the blast radius."""
    short = [(p, _SHORT_PLATFORM.get(p, clean(p).upper()[:5])) for p in platforms(plan)]
    disk = (
        Column("on_disk", "ON DISK", 7, "right", priority=4),
        Column("download", "DOWNLOAD", 8, "right", priority=4),
    )
    return (
        Column("group", "GROUP", 0),
        Column("change", "CHANGE", 6, "right"),
        Column("no_op", "NO-OP", 5, "right"),
        Column("up", "UP", 3, "right", gap=3 if not wide else 2),
        Column("online", "ONLINE", 6, "right"),
        Column("stale", "STALE", 5, "right"),
        Column("offline", "OFFLINE", 7, "right", gap=3 if not wide else 2),
        *(Column(f"on_{key}", title, 5, "right", priority=3, gap=1) for key, title in short),
        *(disk if wide and plan.total.downloads is not None else ()),
    )


def radius_rows(plan: Plan) -> list[Row]:
    """Return a row per group and the total; a group without CHANGE has no connectivity to tell."""
    rows = [_radius_row(plan, row) for row in plan.rows]
    return [*rows, _radius_row(plan, plan.total)] if len(rows) > 1 else rows


def _radius_row(plan: Plan, radius: Radius) -> Row:
    if radius.group == NOT_COUNTED:
        label = name(f"{radius.devices:,} not counted", Token.STRONG)
        return Row(NOT_COUNTED, (label, *(dim() for _ in range(8 + len(platforms(plan))))))
    change = radius.count(PlanClass.CHANGE)
    is_total = radius.group is None
    token = Token.STRONG if is_total else Token.TEXT

    def connected(state: Connectivity, shown: Token = token) -> Line:
        return number(radius.by_connectivity.get(state, 0), shown) if change else dim()

    offline = Token.NEEDS if radius.by_connectivity.get(Connectivity.OFFLINE) else token
    return Row(
        radius.group or "total",
        (
            name(radius.label, token),
            number(change, Token.STRONG),
            number(radius.count(PlanClass.NO_OP), token),
            number(radius.count(PlanClass.UP), Token.NOTICE if radius.count(PlanClass.UP) else token),
            connected(Connectivity.ONLINE),
            connected(Connectivity.STALE),
            connected(Connectivity.OFFLINE, offline),
            *(number(radius.by_platform.get(key, 0), token) for key in platforms(plan)),
            number(radius.on_disk, token) if change else dim(),
            number(radius.downloads, token),
        ),
    )


def staying_lines(plan: Plan) -> list[Line]:
    """Return who keeps the version that is left, for a plan of one group (C-80g)."""
    if plan.scope.is_fleet or not plan.staying:
        return []
    leaving = version_label(plan.from_version)
    inside = clean(plan.scope.group_name)
    moved = plan.total.devices
    rows = [
        line(
            fit(line((inside, Token.STRONG)), 14),
            f"{moved:>5} on {version_label(plan.to_version)}",
            ("      this plan", Token.MUTED),
        )
    ]
    rows += [
        line(
            fit(line(clean(one.label)), 14),
            f"{one.count:>5} on {leaving}",
            ("      stays, not in this plan", Token.NOTICE),
        )
        for one in plan.staying
    ]
    left = sum(one.count for one in plan.staying)
    rows.append(
        line(
            (f"{as_text.count(left, 'device')} would stay on {leaving}.  ", Token.NEEDS),
            ("s", Token.KEY),
            (" takes the whole fleet", Token.MUTED),
        )
    )
    return rows


def pace_lines(plan: Plan, snapshot: FleetSnapshot) -> list[Line]:
    """Return when the devices that move will hear of it, as far as each one's own state tells."""
    moving = [d for d in plan.devices if d.plan_class in (PlanClass.CHANGE, PlanClass.UP)]
    if not moving:
        return [muted("no device has to move" if not plan.uncounted else _UNCOUNTED)]
    target = version_label(plan.to_version)
    size = _size_of(plan, snapshot)
    told = [d for d in moving if d.connectivity is Connectivity.ONLINE]
    rows = list(_online(told, target, size))
    stale = sum(1 for d in moving if d.connectivity is Connectivity.STALE)
    offline = sum(1 for d in moving if d.connectivity is Connectivity.OFFLINE)
    revoked = sum(1 for d in moving if d.connectivity is Connectivity.REVOKED)
    if stale:
        rows.append(
            _pace(
                stale,
                f"stale: at the next sync, if {'it comes' if stale == 1 else 'they come'}",
                Token.NOTICE,
            )
        )
    if offline:
        back = "it comes back; no estimate" if offline == 1 else "they come back; no estimate"
        rows.append(_pace(offline, f"offline: when {back}", Token.NEEDS))
    if revoked:
        rows.append(_pace(revoked, "revoked: never", Token.MUTED))
    if plan.uncounted:
        rows.append(muted(_UNCOUNTED))
    return rows


def _online(told: Sequence[PlannedDevice], target: str, size: str) -> Iterable[Line]:
    kept = sum(1 for d in told if d.on_disk)
    absent = sum(1 for d in told if d.on_disk is False)
    unsaid = len(told) - kept - absent
    if kept:
        keeps = "keeps" if kept == 1 else "keep"
        yield _pace(kept, f"online, {keeps} {target} on disk: at the next sync")
    if absent:
        yield _pace(absent, f"online, must download {size} first")
    if unsaid:
        yield _pace(unsaid, f"online: at the next sync; may have to download {size}")


def _pace(count: int, words: str, token: Token = Token.TEXT) -> Line:
    return line((f"{count:>3,} ", Token.STRONG if token is Token.TEXT else token), (words, token))


def _size_of(plan: Plan, snapshot: FleetSnapshot) -> str:
    versions = snapshot.versions.get(plan.model.id, ())
    size = next((v.size_bytes for v in versions if v.version == plan.to_version), None)
    return as_text.size(size) if size is not None else "it"


def interval_words(plan: Plan, snapshot: FleetSnapshot) -> str:
    """Return `sync every 5m`, or the range where devices differ."""
    inside = {d.id for d in plan.devices}
    intervals = sorted({d.interval for d in snapshot.devices or () if d.id in inside})
    if not intervals:
        return ""
    return f"sync every {interval(intervals)}"


def check_lines(checks: Sequence[Check]) -> list[Line]:
    """Return the checks, a line each, the marks aligned."""
    return [line(_MARKS[check.weight], "  ", (check.text, Token.TEXT)) for check in checks]


def command(plan: Plan) -> list[str]:
    """Return the same rollback as a command, in lines that can be pasted into a ticket."""
    group = "" if plan.scope.is_fleet else f" --group {clean(plan.scope.group_name)}"
    word = clean(plan.model.name if plan.scope.is_fleet else plan.scope.group_name)
    return [
        f"octomil-console rollback {clean(plan.model.name)} \\",
        f"  --to-version {clean(plan.to_version)}{group} --yes {word} --watch",
    ]


def candidate_line(candidate: Candidate) -> Line:
    """Return a version with its verdict and the reason, for the list to choose from."""
    level = candidate.verdict.level
    token = {Level.GOOD: Token.FINE, Level.WARN: Token.NOTICE, Level.REFUSE: Token.DIM}[level]
    return line(
        fit(line((version_label(candidate.version.version), Token.STRONG)), 9),
        fit(line((candidate.verdict.word, token)), 17),
        (candidate.verdict.reason, Token.MUTED),
    )
