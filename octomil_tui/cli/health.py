"""`health`: how each version of a model does, and what is far worse than usual."""

from __future__ import annotations

import argparse
import asyncio

from octomil_tui.api.errors import NotFoundError
from octomil_tui.cli.exits import CommandError, Exit
from octomil_tui.cli.output import Output
from octomil_tui.cli.reading import find
from octomil_tui.cli.wiring import read
from octomil_tui.domain.fleet import Model
from octomil_tui.domain.serving import active_rollout, active_version
from octomil_tui.domain.signal import ModelHealth
from octomil_tui.domain.signal_judge import findings
from octomil_tui.domain.signal_words import finding_words
from octomil_tui.domain.text import clean, version_label
from octomil_tui.engine.source import FleetSource
from octomil_tui.report.signal import health_data, health_lines


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Say how the versions of a model do."""
    model, health, watched = read(arguments, lambda client: _look(client, arguments.model))
    found = findings(health, *watched)
    output.lines(health_lines(health))
    if found:
        said = [f"!!  {version_label(one.version)}: {finding_words(one)}" for one in found]
        output.lines(["", *said])
    elif any(one.now for one in health.versions) and health.usual:
        output.lines(["", "nothing is far worse than usual on the versions in service"])
    output.data(health_data(health, found, model.name))
    return Exit.OK


async def _look(source: FleetSource, name: str) -> tuple[Model, ModelHealth, tuple[str | None, ...]]:
    model, _ = await find(source, name)
    health, rollouts = await asyncio.gather(figures_of(source, model), source.rollouts(model.id))
    running = active_rollout(rollouts.value)
    brought = running.version if running is not None and not running.is_rollback else None
    return model, health, (brought, active_version(rollouts.value, (), model.id))


async def figures_of(source: FleetSource, model: Model) -> ModelHealth:
    """Return how a model's versions do.

    Raises:
        CommandError: This service does not say.
        OctomilError: The figures could not be read.
    """
    try:
        return (await source.health(model.id)).value
    except NotFoundError:
        said = f"no data: this service does not say how the versions of {clean(model.name)} do"
        raise CommandError(Exit.CONNECTION, said) from None
