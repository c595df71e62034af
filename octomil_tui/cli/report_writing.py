"""The report that is written when a rollback ends while a command watches it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from octomil_tui.cli.notebook import notebook_of
from octomil_tui.cli.report_place import reports_of
from octomil_tui.domain.rollback import Rollback
from octomil_tui.domain.timeline import TimelineEvent
from octomil_tui.engine.evidence import gather
from octomil_tui.engine.notebook import RecordError
from octomil_tui.engine.report_file import report_stem, write_report
from octomil_tui.engine.source import FleetSource
from octomil_tui.engine.state import ConsoleState
from octomil_tui.report.report_texts import report_texts
from octomil_tui.settings import Settings

WITHIN = 10.0
"""Seconds that the reads of a report may take where a command waits for it."""


async def write_at_end(
    settings: Settings, source: FleetSource, state: ConsoleState, rollback: Rollback
) -> tuple[Path, str]:
    """Write the report of a rollback that ended; never fails.

    Returns:
        Where its Markdown is, and why there is none; one of the two is empty.
    """
    directory = reports_of(settings)
    if directory is None or rollback.watch is None:
        return Path(), ""
    try:
        notebook = notebook_of(settings)
        own: tuple[TimelineEvent, ...] = await asyncio.to_thread(notebook.past)
        async with asyncio.timeout(WITHIN):
            evidence = await gather(source, state, rollback, own, origin=notebook.origin)
        stem = report_stem(rollback.rollout_id, evidence.model)
        paths = await asyncio.to_thread(write_report, directory, stem, report_texts(evidence))
    except RecordError as error:
        return Path(), error.sentence
    except TimeoutError:
        return Path(), f"the report was not written: the service did not answer within {WITHIN:.0f} seconds"
    return paths[0], ""
