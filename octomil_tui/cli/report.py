"""`report`: what one rollback did, from first to last, made again from what the service and this machine know."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Iterable
from dataclasses import replace

from octomil_tui.cli.flags import settings_of
from octomil_tui.cli.notebook import notebook_of
from octomil_tui.cli.output import Output
from octomil_tui.cli.records import records_of
from octomil_tui.cli.watch import find_rollback
from octomil_tui.cli.wiring import PREFLIGHT_WITHIN, READS, gate_for, open_client, within
from octomil_tui.domain.evidence import Evidence
from octomil_tui.domain.order import Way
from octomil_tui.domain.rollback import Rollback
from octomil_tui.domain.timeline import Act, TimelineEvent
from octomil_tui.engine.evidence import gather
from octomil_tui.engine.journal import Entry
from octomil_tui.engine.notebook import RecordError
from octomil_tui.engine.session import Session
from octomil_tui.report.report_data import report_data
from octomil_tui.report.rollback_report import report_lines
from octomil_tui.settings import Settings


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Write the report of a rollback to standard output."""
    settings = settings_of(arguments)
    evidence = asyncio.run(_evidence(settings, arguments.what, output))
    output.data(report_data(evidence))
    output.lines(report_lines(evidence))
    return 0


async def _evidence(settings: Settings, what: str, output: Output) -> Evidence:
    """Return what the report rests on.

    Raises:
        CommandError: There is no such rollback.
        OctomilError: The service could not be read.
    """
    notebook, records = notebook_of(settings), records_of(settings)
    own: tuple[TimelineEvent, ...] = ()
    try:
        own = notebook.past()
    except RecordError as error:
        output.note(error.sentence)
    origin = notebook.origin
    entries = (
        records.journal.entries(records.origin.service, records.origin.org) if records is not None else ()
    )
    async with open_client(settings, READS, gate_for(settings, output.note)) as client:
        session = Session(client)

        async def look() -> Evidence:
            model, rollout = await find_rollback(client, session, what)
            rollback = await session.watch(model.id, rollout)
            entry = next((e for e in entries if e.rollout_id == rollout.id), None)
            told = _remembered(rollback, entry, own)
            plan = entry.intent.plan if entry is not None else None
            return await gather(client, session.state, told, own, origin=origin, plan=plan)

        return await within(PREFLIGHT_WITHIN, look())


def _remembered(rollback: Rollback, entry: Entry | None, own: Iterable[TimelineEvent]) -> Rollback:
    """Return a rollback that was looked at just now, with what this machine kept of it.

    When it was done nobody can see afterwards: it counts only where a console wrote it down.
    """
    number = rollback.rollout_id
    done = next((event.at for event in own if event.act is Act.DONE and event.rollout_id == number), None)
    rollback = replace(rollback, ended_at=done)
    if entry is None:
        return rollback
    intent = entry.intent
    way = Way(intent.way) if intent.way in tuple(Way) else Way.ROLLBACK
    return replace(
        rollback,
        key=intent.id,
        order=replace(rollback.order, reason=intent.reason or rollback.order.reason, way=way),
        from_version=intent.from_version or rollback.from_version,
        sent_at=entry.sent_at,
        tries=entry.tries,
        scope_size=intent.devices,
    )
