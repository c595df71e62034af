"""`rollout status`: how far the newest rollout or rollback of a model is."""

from __future__ import annotations

import argparse

from octomil_tui.cli.ending import conclude
from octomil_tui.cli.exits import Exit, Verdict
from octomil_tui.cli.output import Output
from octomil_tui.cli.reading import look
from octomil_tui.cli.wiring import read
from octomil_tui.report.data import status_data
from octomil_tui.report.status import status_lines, status_of, status_sentence


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Say how far it is; readable is success, whatever it says."""
    notes: list[str] = []
    model, snapshot = read(
        arguments, lambda client: look(client, arguments.model, notes, with_versions=False)
    )
    for note in notes:
        output.note(note)
    status = status_of(snapshot, model)
    output.lines(status_lines(status))
    output.data(status_data(status))
    ended = Verdict(Exit.OK, status.word, status_sentence(status))
    counts = {"devices_on_version": status.reached.count, "device_count": status.reached.total}
    return conclude(output, ended, counts, is_quiet=True)
