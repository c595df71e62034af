"""`models versions`: every version of a model, newest first, with its verdict as a target."""

from __future__ import annotations

import argparse

from octomil_tui.cli.exits import Exit
from octomil_tui.cli.output import Output
from octomil_tui.cli.reading import look
from octomil_tui.cli.wiring import read
from octomil_tui.domain.verdict import candidates
from octomil_tui.report.data import version_data
from octomil_tui.report.listing import version_lines


def run(arguments: argparse.Namespace, output: Output) -> int:
    """List the versions of a model."""
    notes: list[str] = []
    model, snapshot = read(arguments, lambda client: look(client, arguments.model, notes, with_versions=True))
    for note in notes:
        output.note(note)
    found = candidates(snapshot, model.id)
    output.lines(version_lines(found, devices_known=snapshot.devices is not None))
    output.data(
        {
            "model_id": model.id,
            "model": model.name,
            "devices_known": snapshot.devices is not None,
            "versions": [version_data(candidate) for candidate in found],
        }
    )
    return Exit.OK
