"""The groups of the dashboard: a bar each, those that are farthest behind first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

from octomil_tui.domain.census import Sweep
from octomil_tui.domain.convergence import Stage, Tally, Watch
from octomil_tui.domain.fleet import Connectivity, Device, FleetSnapshot
from octomil_tui.domain.overview import group_facts
from octomil_tui.domain.radius import PlanClass, row_key, row_label
from octomil_tui.domain.text import clean
from octomil_tui.domain.wording import parts
from octomil_tui.ui.bars import Kind
from octomil_tui.ui.present.subject import tally_of
from octomil_tui.ui.present.wall import GroupRow
from octomil_tui.ui.present.watch import MOVING, segments_of, token_of
from octomil_tui.ui.spans import Line, Token, join, line

_QUIET = (Stage.ON_THE_WAY, Stage.WAITING)
"""Stages that the bar tells well enough."""

_STATES = (
    (Connectivity.STALE, Token.NOTICE),
    (Connectivity.OFFLINE, Token.NEEDS),
    (Connectivity.REVOKED, Token.MUTED),
    (Connectivity.UNKNOWN, Token.NOTICE),
)


def watch_rows(watch: Watch, snapshot: FleetSnapshot) -> list[GroupRow]:
    """Return the groups that have a device to move, fewest verified first."""
    classes = MOVING if watch.change.devices else tuple(PlanClass)
    keys = watch.groups(*classes)
    labels = _labels(snapshot)
    rows = []
    for key in keys:
        tally = watch.tally(*classes, group=key)
        label = clean(row_label(key, labels))
        segments = tuple(segments_of(tally))
        rows.append(GroupRow(label, tally.verified, tally.devices, segments, _tally_words(tally)))
    return _worst_first(rows)


def _tally_words(tally: Tally) -> Line:
    said = [
        (part.count, part.words, token_of(part.stage)) for part in parts(tally) if part.stage not in _QUIET
    ]
    if not said and tally.verified == tally.devices:
        return line(("verified", Token.FINE))
    return join([line((f"{count} {words}", token)) for count, words, token in said], 2)


def untouched_line(watch: Watch, snapshot: FleetSnapshot) -> Line:
    """Return the groups without a device to move; those of which devices move up say so."""
    if tally_of(watch).devices == watch.whole.devices:
        return ()
    moving = set(watch.groups(*MOVING))
    clauses = []
    for group in snapshot.groups or ():
        if group.id in moving:
            continue
        up = watch.tally(PlanClass.UP, group=group.id)
        said = f"{up.verified} of {up.devices} moved up" if up.devices else "not affected"
        clauses.append(line((f"{clean(group.name)}  {said}", Token.DIM)))
    return join(clauses, 4)


def rollout_rows(
    devices: Iterable[Device], model_id: str, version: str, snapshot: FleetSnapshot
) -> list[GroupRow]:
    """Return the groups by how many of their devices report the version of a rollout."""
    return _rows(devices, snapshot, lambda device: device.installations[model_id].version == version)


def reachable_rows(snapshot: FleetSnapshot, counted: Sweep | None = None) -> list[GroupRow]:
    """Return the groups by how many of their devices are online.

    Args:
        snapshot: What was read.
        counted: What was counted of a fleet that was read in part; it counts instead of the devices that were read.
    """
    if counted is None or not snapshot.uncounted:
        return _rows(
            snapshot.devices or (), snapshot, lambda device: device.connectivity is Connectivity.ONLINE
        )
    found = []
    for one in group_facts(snapshot, None, counted=counted):
        missing = Counter(one.by_connectivity)
        online = missing.pop(Connectivity.ONLINE, 0)
        if online or missing:
            found.append(_row(clean(one.label), online, missing))
    return _worst_first(found)


def _rows(
    devices: Iterable[Device], snapshot: FleetSnapshot, is_there: Callable[[Device], bool]
) -> list[GroupRow]:
    there: Counter[str] = Counter()
    missing: dict[str, Counter[Connectivity]] = defaultdict(Counter)
    for device in devices:
        key = row_key(device.groups)
        there[key] += is_there(device)
        missing[key][device.connectivity] += not is_there(device)
    labels = _labels(snapshot)
    return _worst_first(
        [_row(clean(row_label(key, labels)), count, missing[key]) for key, count in there.items()]
    )


def _row(label: str, there: int, missing: Counter[Connectivity]) -> GroupRow:
    away = missing[Connectivity.OFFLINE] + missing[Connectivity.REVOKED]
    total = there + sum(missing.values())
    words = [line((f"{missing[state]} {state.value}", token)) for state, token in _STATES if missing[state]]
    segments = ((there, Kind.VERIFIED), (total - there - away, Kind.WAITING), (away, Kind.OFFLINE))
    return GroupRow(label, there, total, segments, join(words, 2))


def _labels(snapshot: FleetSnapshot) -> dict[str, str]:
    return {group.id: group.name for group in snapshot.groups or ()}


def _worst_first(rows: Sequence[GroupRow]) -> list[GroupRow]:
    return sorted(rows, key=lambda row: (row.done / row.devices if row.devices else 1.0, row.label))
