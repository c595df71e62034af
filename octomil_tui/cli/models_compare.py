"""`models compare`: two versions of a model side by side."""

from __future__ import annotations

import argparse
from collections.abc import Iterable

from octomil_tui.cli.exits import CommandError, Exit
from octomil_tui.cli.health import figures_of
from octomil_tui.cli.output import Output
from octomil_tui.cli.reading import find
from octomil_tui.cli.wiring import read
from octomil_tui.domain.fleet import Model
from octomil_tui.domain.signal import ModelHealth
from octomil_tui.domain.signal_compare import compare, compared_sentence
from octomil_tui.domain.text import clean, version_label
from octomil_tui.domain.version import named
from octomil_tui.engine.source import FleetSource
from octomil_tui.report.signal import compare_data, compare_lines


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Hold two versions against each other."""
    model, health, known = read(arguments, lambda client: _look(client, arguments.model))
    left, right = (_registered(version, known, model) for version in (arguments.left, arguments.right))
    rows = compare(health, left, right)
    sentence = compared_sentence(rows, left, right)
    sides = [(version, health.version(version)) for version in (left, right)]
    output.lines([*compare_lines(rows, sides), "", sentence])
    output.data(
        {
            "event": "compare",
            "model_id": model.id,
            "model": model.name,
            "at": health.at,
            "sentence": sentence,
            **compare_data(rows, left, right),
        }
    )
    return Exit.OK


async def _look(source: FleetSource, name: str) -> tuple[Model, ModelHealth, tuple[str, ...]]:
    model, _ = await find(source, name)
    health = await figures_of(source, model)
    versions = (await source.versions(model.id)).value
    return model, health, tuple(version.version for version in versions)


def _registered(version: str, known: Iterable[str], model: Model) -> str:
    """Return a version as the registry writes it.

    Raises:
        CommandError: The registry does not know it.
    """
    listed = tuple(known)
    found = named(version, set(listed))
    if found not in listed:
        there = ", ".join(version_label(one) for one in listed[:8])
        said = f"{clean(model.name)} has no version {version_label(version)}; it has {there or 'none'}"
        raise CommandError(Exit.USAGE, said)
    return found
