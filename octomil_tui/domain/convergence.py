"""How far the devices of a rollback are: every one in exactly one stage, by its own reports.

Words of the service ("accepted", "completed") do not enter here. A watch is
begun from a plan and moved on by looks, at the whole scope or at a page of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from octomil_tui.domain.counts import Counts, Unlisted
from octomil_tui.domain.fleet import Device
from octomil_tui.domain.follow import CLOCK_SLACK, OVERDUE_AFTER
from octomil_tui.domain.index import NAMED_UP_TO, Index
from octomil_tui.domain.laps import LAP, Coverage, Laps
from octomil_tui.domain.look import Look
from octomil_tui.domain.plan import Plan
from octomil_tui.domain.radius import NO_GROUP, PlanClass
from octomil_tui.domain.step import FAILED_WORDS, failed_word
from octomil_tui.domain.totals import MOVING
from octomil_tui.domain.track import ON_TARGET, Stage, Tally, Track
from octomil_tui.domain.watch import JOINED_KEPT, Tables, Watch

__all__ = [
    "CLOCK_SLACK",
    "FAILED_WORDS",
    "JOINED_KEPT",
    "LAP",
    "MOVING",
    "NAMED_UP_TO",
    "ON_TARGET",
    "OVERDUE_AFTER",
    "Coverage",
    "Stage",
    "Tally",
    "Track",
    "Watch",
    "begin_watch",
    "failed_word",
    "observe",
    "watch_of",
]


def begin_watch(plan: Plan, started_at: float, order: Mapping[str, int] | None = None) -> Watch:
    """Return the watch of a plan that is sent at `started_at`, by the service's clock.

    Devices that the plan counts without naming them are of the scope all the
    same: they get a row when a look shows them, and hold back DONE until then.

    Args:
        plan: What the operator saw.
        started_at: When devices begin to be told.
        order: Age ranks of the model's versions, for the devices that the plan does not name.
    """
    tracks = (
        (
            d.id,
            Track(
                plan_class=d.plan_class,
                group=d.group,
                from_version=d.version,
                verified_at=started_at if d.plan_class is PlanClass.NO_OP else None,
                stage=Stage.SETTLED if d.plan_class is PlanClass.NO_OP else Stage.WAITING,
            ),
        )
        for d in plan.devices
    )
    return watch_of(
        plan.model.id,
        plan.to_version,
        started_at,
        tracks,
        unlisted=_unlisted(plan),
        group_id=plan.scope.group_id,
        order=order,
        leaving=plan.from_version,
    )


def _unlisted(plan: Plan) -> Unlisted:
    """Return the devices that a plan counts and does not name."""
    counted: Counter[tuple[PlanClass, str]] = Counter()
    for row in plan.rows:
        for plan_class, count in row.by_class.items():
            counted[plan_class, row.group or NO_GROUP] += count
    for plan_class in PlanClass:
        in_rows = sum(row.count(plan_class) for row in plan.rows)
        counted[plan_class, NO_GROUP] += max(0, plan.total.count(plan_class) - in_rows)
    counted.subtract((d.plan_class, d.group) for d in plan.devices)
    return +counted


def watch_of(
    model_id: str,
    to_version: str,
    started_at: float,
    tracks: Iterable[tuple[str, Track]],
    *,
    unlisted: Unlisted | None = None,
    group_id: str | None = None,
    order: Mapping[str, int] | None = None,
    leaving: str | None = None,
) -> Watch:
    """Return a watch of these devices at which nobody has looked yet.

    Args:
        model_id: The raw id of the model.
        to_version: The target, raw.
        started_at: When devices begin to be told, by the service's clock.
        tracks: What is known of each device, by its id; each once.
        unlisted: Devices that are known by their count alone.
        group_id: The one group that is rolled back, raw; None for the fleet.
        order: Age ranks of the model's versions.
        leaving: The version that the rollback leaves, raw.
    """
    tables = Tables()
    empty = Watch(
        model_id,
        to_version,
        started_at,
        Index.of(()),
        (),
        Counts({}, (), tables.steps(), {}),
        tables,
        Laps(started_at),
        group_id=group_id,
        order=order if order is not None else {},
        leaving=leaving,
    )
    draft = Look(empty, started_at, is_whole=False, size=None)
    return draft.begin(dict(tracks), unlisted if unlisted is not None else {})


def observe(
    watch: Watch,
    devices: Iterable[Device],
    at: float,
    *,
    is_whole: bool = True,
    size: int | None = None,
    missed_since: float | None = None,
) -> Watch:
    """Return the watch after one look at devices.

    Args:
        watch: What was known before; it stays as it is.
        devices: Every device that the service lists now, or some of them.
        at: The service's clock at that look, epoch seconds.
        is_whole: Whether `devices` are all that there are. A device that is
            missing from all is gone; one that is missing from some was not
            looked at, and stays as it was.
        size: Bytes of the target, where they are known.
        missed_since: Where pages have shown the whole scope since that moment:
            a device that was on none of them is gone, and what the count had
            beyond them is not there.
    """
    return Look(watch, at, is_whole=is_whole, size=size, missed_since=missed_since).take(devices)
