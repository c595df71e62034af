"""`models versions`: every version of a model, newest first, with its verdict as a target."""

from __future__ import annotations

import argparse

from octomil_tui.cli.exits import Exit
from octomil_tui.cli.figures import figures_if_told
from octomil_tui.cli.output import Output
from octomil_tui.cli.reading import look
from octomil_tui.cli.wiring import read
from octomil_tui.domain.fleet import FleetSnapshot, Model
from octomil_tui.domain.signal import ModelHealth
from octomil_tui.domain.verdict import candidates
from octomil_tui.engine.source import FleetSource
from octomil_tui.report.data import version_data
from octomil_tui.report.listing import version_lines


def run(arguments: argparse.Namespace, output: Output) -> int:
    """List the versions of a model."""
    notes: list[str] = []
    model, snapshot, health = read(arguments, lambda client: _look(client, arguments.model, notes))
    for note in notes:
        output.note(note)
    found = candidates(snapshot, model.id)
    output.lines(version_lines(found, health, devices_known=snapshot.devices is not None))
    output.data(
        {
            "model_id": model.id,
            "model": model.name,
            "devices_known": snapshot.devices is not None,
            "versions": [version_data(candidate, health) for candidate in found],
        }
    )
    return Exit.OK


async def _look(
    source: FleetSource, name: str, notes: list[str]
) -> tuple[Model, FleetSnapshot, ModelHealth | None]:
    model, snapshot = await look(source, name, notes, with_versions=True)
    return model, snapshot, await figures_if_told(source, model.id)
