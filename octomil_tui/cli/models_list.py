"""`models list`: the models, what each serves, and what is under way."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Mapping, Sequence

from octomil_tui.cli.exits import Exit
from octomil_tui.cli.filtering import filter_of
from octomil_tui.cli.output import Output
from octomil_tui.cli.reading import gaps, optional
from octomil_tui.cli.wiring import read
from octomil_tui.domain.filter_subject import LISTED_MODEL_KEYS, listed_model_subject
from octomil_tui.domain.fleet import Device, Model, Rollout
from octomil_tui.domain.serving import active_rollout, active_version
from octomil_tui.engine.source import FleetSource
from octomil_tui.report.data import model_data
from octomil_tui.report.listing import ModelRow, model_lines

ASKED_EACH = 20
"""Models up to which each one's rollouts are read; the service allows 100 requests a minute."""


def run(arguments: argparse.Namespace, output: Output) -> int:
    """List the models that pass the filter."""
    filter_ = filter_of(arguments.filter, LISTED_MODEL_KEYS)
    notes: list[str] = []
    every = read(arguments, lambda client: _rows(client, notes))
    test = filter_.test(LISTED_MODEL_KEYS)
    rows = [row for row in every if test(listed_model_subject(row.model, row.active_version, row.rollout))]
    for note in notes:
        output.note(note)
    output.lines(model_lines(rows))
    models = [
        model_data(
            row.model, active_version=row.active_version, device_count=row.device_count, rollout=row.rollout
        )
        for row in rows
    ]
    output.data({"models": models})
    return Exit.OK


async def _rows(client: FleetSource, notes: list[str]) -> list[ModelRow]:
    models = await client.models()
    notes.extend(gaps(models, "models"))
    ids = [model.id for model in models.value]
    got_devices, rollouts = await asyncio.gather(
        client.devices(ids), _rollouts(client, ids, notes), return_exceptions=True
    )
    devices = optional(got_devices, "devices", notes)
    known = optional(rollouts, "rollouts", notes) or {}
    everyone = devices.value if devices is not None else None
    return [_row(model, everyone, known.get(model.id, ())) for model in models.value]


async def _rollouts(
    client: FleetSource, ids: Sequence[str], notes: list[str]
) -> Mapping[str, Sequence[Rollout]]:
    """Return the rollouts of each model; of many models only those that run."""
    if len(ids) > ASKED_EACH:
        active = (await client.active_rollouts()).value
        return {model_id: [r for r in active if r.model_id == model_id] for model_id in ids}
    results = await asyncio.gather(*(client.rollouts(model_id) for model_id in ids), return_exceptions=True)
    read_all = [optional(result, "rollouts", notes) for result in results]
    return {
        model_id: reading.value
        for model_id, reading in zip(ids, read_all, strict=True)
        if reading is not None
    }


def _row(model: Model, devices: Sequence[Device] | None, rollouts: Sequence[Rollout]) -> ModelRow:
    having = sum(1 for d in devices if model.id in d.installations) if devices is not None else None
    return ModelRow(
        model=model,
        active_version=active_version(rollouts, devices or (), model.id),
        device_count=having if having is not None else model.device_count,
        rollout=active_rollout(rollouts),
    )
