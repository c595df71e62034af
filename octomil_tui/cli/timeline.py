"""`timeline`: what happened, from the service's records and this machine's, as one list."""

from __future__ import annotations

import argparse
import asyncio
import time

from octomil_tui.api.errors import NotFoundError
from octomil_tui.cli.exits import Exit
from octomil_tui.cli.filtering import filter_of
from octomil_tui.cli.flags import settings_of
from octomil_tui.cli.notebook import notebook_of
from octomil_tui.cli.output import Output
from octomil_tui.cli.wiring import read
from octomil_tui.domain.filter_timeline import TIMELINE_KEYS, timeline_subject
from octomil_tui.domain.own_events import of_rollouts
from octomil_tui.domain.timeline import ServiceLog, TimelineEvent, merged
from octomil_tui.engine.notebook import RecordError
from octomil_tui.engine.source import FleetSource
from octomil_tui.report.report_data import event_data
from octomil_tui.report.timeline import timeline_lines

LINES = 100
"""Events that are listed where nothing else is asked for."""


def run(arguments: argparse.Namespace, output: Output) -> int:
    """List the events that pass the filter, the newest first."""
    filter_ = filter_of(arguments.filter, TIMELINE_KEYS)
    limit = arguments.limit or LINES
    notes: list[str] = []
    events, log, now = read(arguments, lambda client: _read(client, limit, notes))
    try:
        own = notebook_of(settings_of(arguments)).past()
    except RecordError as error:
        own = ()
        notes.append(error.sentence)
    holds = filter_.test(TIMELINE_KEYS)
    found = [one for one in merged((*events, *own)) if holds(timeline_subject(one, now))][:limit]
    if log is not None and log.left_out and not filter_ and len(found) < limit:
        notes.append(f"{log.left_out:,} older records of the audit log were not read; --limit reads more")
    for note in notes:
        output.note(note)
    output.lines(timeline_lines(found, now))
    output.data({"at": now, "timeline": [event_data(event) for event in found]})
    return Exit.OK


async def _read(
    source: FleetSource, limit: int, notes: list[str]
) -> tuple[tuple[TimelineEvent, ...], ServiceLog | None, float]:
    """Return what the service tells; where it keeps no audit log, what its rollouts tell of themselves.

    Raises:
        OctomilError: Neither could be read.
    """
    log, now = None, None
    try:
        told = await source.timeline(most=limit)
        log, now = told.value, told.server_at
    except NotFoundError as error:
        notes.append(f"{error.message}; the rollouts tell the rest")
    events = log.events if log is not None else ()
    if log is None or log.audit is None:
        models = (await source.models()).value
        listed = await asyncio.gather(*(source.rollouts(model.id) for model in models))
        for model, reading in zip(models, listed, strict=True):
            events = (*events, *of_rollouts(reading.value, model.id, model.name))
            now = reading.server_at if now is None else now
    return events, log, now if now is not None else time.time()
