"""Puts together what a report of one rollback rests on: what is known, and a few reads that may fail."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from octomil_tui.api.errors import NotFoundError, OctomilError
from octomil_tui.domain.affected import AffectedDevices
from octomil_tui.domain.evidence import Evidence
from octomil_tui.domain.fleet import FleetSnapshot
from octomil_tui.domain.order import Reading
from octomil_tui.domain.own_events import of_rollback, of_rollouts
from octomil_tui.domain.rollback import Phase, Rollback
from octomil_tui.domain.signal import RolloutHealth
from octomil_tui.domain.text import clean
from octomil_tui.domain.timeline import TimelineEvent, about, merged
from octomil_tui.domain.verdict import is_held
from octomil_tui.engine.asker import Purpose, asking
from octomil_tui.engine.recording import Origin
from octomil_tui.engine.source import FleetSource
from octomil_tui.engine.state import ConsoleState

T = TypeVar("T")

REPORTED = frozenset(
    {Phase.DONE, Phase.COMPLETE, Phase.REGRESSED, Phase.SUPERSEDED, Phase.DIVERGED, Phase.FAILED}
)
"""Ends of which a report is written by itself."""

AUDIT_ROWS = 300
"""Records of the audit log that are looked through for a report."""

_BEFORE = 86_400.0
"""Seconds before a rollback from which on its report tells what happened."""


async def gather(
    source: FleetSource,
    state: ConsoleState,
    rollback: Rollback,
    own: tuple[TimelineEvent, ...] = (),
    *,
    origin: Origin | None = None,
    plan: str | None = None,
) -> Evidence:
    """Return what a report of a rollback rests on; what cannot be read is missing with a note.

    Args:
        source: The client.
        state: What is known of the fleet.
        rollback: The rollback, whose devices were looked at.
        own: What this machine's records tell of the past.
        origin: The service.
        plan: The digest of the confirmed plan, where this machine kept it.
    """
    snapshot, number, watch = state.snapshot, rollback.rollout_id, rollback.watch
    histories = ((rollback.model_id, number),) if number is not None else ()
    notes: list[str] = []
    began_at = watch.started_at if watch is not None else rollback.sent_at
    with asking(Purpose.OPEN, "report"):
        log, health, affected, versions = await asyncio.gather(
            _optional(source.timeline(histories, most=AUDIT_ROWS), "the timeline", notes),
            _health(source, number, notes),
            _affected(source, rollback.model_id, number, notes),
            _optional(source.versions(rollback.model_id), "the versions", notes),
        )
    planned = rollback.plan.model if rollback.plan is not None else None
    model = snapshot.model(rollback.model_id) or planned
    name = model.name if model is not None else rollback.model_id
    rollouts = snapshot.rollouts.get(rollback.model_id, ())
    record = next((one for one in rollouts if one.id == number), None)
    return Evidence(
        rollback=rollback,
        model=name,
        devices=state.devices_of(watch) if watch is not None else (),
        labels={group.id: group.name for group in snapshot.groups or ()},
        events=_since(
            about(
                merged(
                    [
                        *(log.events if log is not None else ()),
                        *own,
                        *of_rollouts(rollouts, rollback.model_id, name),
                        *of_rollback(rollback, name),
                    ]
                ),
                rollback.model_id,
                name,
            ),
            began_at,
        ),
        affected=affected,
        health=health,
        is_held=is_held(
            FleetSnapshot(versions={rollback.model_id: versions or ()}),
            rollback.model_id,
            rollback.from_version,
        ),
        service=origin.service if origin is not None else "",
        org=origin.org if origin is not None else None,
        plan=rollback.plan.digest if rollback.plan is not None else plan,
        by=clean(record.by) if record is not None and record.by else None,
        made_at=state.server_at,
        notes=tuple(notes),
    )


def _since(events: tuple[TimelineEvent, ...], began_at: float | None) -> tuple[TimelineEvent, ...]:
    return tuple(event for event in events if began_at is None or event.at >= began_at - _BEFORE)


async def _health(source: FleetSource, number: str | None, notes: list[str]) -> RolloutHealth | None:
    if number is None:
        return None
    return await _optional(source.rollout_health(number), "the figures", notes)


async def _affected(
    source: FleetSource, model_id: str, number: str | None, notes: list[str]
) -> AffectedDevices | None:
    if number is None:
        return None
    return await _optional(source.affected_devices(model_id, number), "the service's list of devices", notes)


async def _optional(read: Awaitable[Reading[T]], what: str, notes: list[str]) -> T | None:
    """Return what a read brought back, None with a note where it failed; a service without it is worth none."""
    try:
        return (await read).value
    except NotFoundError:
        return None
    except OctomilError as error:
        notes.append(f"{what} could not be read: {error.message}")
        return None
