"""`rollout history`: what a rollout or rollback has been through, the newest first."""

from __future__ import annotations

import argparse

from octomil_tui.api.client import AsyncOctomilClient
from octomil_tui.cli.exits import CommandError, Exit
from octomil_tui.cli.output import Output
from octomil_tui.cli.reading import find
from octomil_tui.cli.wiring import read
from octomil_tui.domain.fleet import Model, Rollout
from octomil_tui.domain.history import StatusChange
from octomil_tui.domain.text import clean
from octomil_tui.domain.wording import rollout_words
from octomil_tui.report.action import history_data, history_lines


def run(arguments: argparse.Namespace, output: Output) -> int:
    """List it."""

    async def ask(client: AsyncOctomilClient) -> tuple[Model, Rollout, tuple[StatusChange, ...]]:
        model, _ = await find(client, arguments.model)
        rollouts = (await client.rollouts(model.id)).value
        rollout = next((r for r in rollouts if arguments.rollout in (None, r.id)), None)
        if rollout is None:
            which = "no rollout" if arguments.rollout is None else f"no rollout {clean(arguments.rollout)}"
            raise CommandError(Exit.USAGE, f"{clean(model.name)} has {which}")
        return model, rollout, (await client.status_history(model.id, rollout.id)).value

    model, rollout, changes = read(arguments, ask)
    output.note(f"{clean(model.name)}: {rollout_words(rollout)}")
    output.lines(history_lines(changes))
    output.data(
        {
            "model_id": model.id,
            "model": model.name,
            "rollout_id": rollout.id,
            "version": rollout.version,
            "history": [history_data(change) for change in changes],
        }
    )
    return Exit.OK
