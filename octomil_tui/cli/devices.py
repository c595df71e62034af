"""`devices`: every device, whether it can be reached, and what it runs."""

from __future__ import annotations

import argparse
import asyncio
from dataclasses import dataclass

from octomil_tui.cli.exits import Exit
from octomil_tui.cli.output import Output
from octomil_tui.cli.reading import gaps, optional
from octomil_tui.cli.wiring import read
from octomil_tui.domain.fleet import Device, DeviceGroup, Model
from octomil_tui.engine.assemble import assemble
from octomil_tui.engine.source import FleetSource
from octomil_tui.report.data import device_data
from octomil_tui.report.listing import device_lines


@dataclass(frozen=True, slots=True)
class _Fleet:
    devices: tuple[Device, ...]
    groups: tuple[DeviceGroup, ...]
    models: tuple[Model, ...]
    total: int
    at: float | None


def run(arguments: argparse.Namespace, output: Output) -> int:
    """List the devices."""
    notes: list[str] = []
    fleet = read(arguments, lambda client: _read(client, notes))
    shown = fleet.devices[: arguments.limit]
    if len(shown) < len(fleet.devices):
        notes.append(f"{len(shown)} of {len(fleet.devices)} devices are shown")
    for note in notes:
        output.note(note)
    model_names = {model.id: model.name for model in fleet.models}
    group_names = {group.id: group.name for group in fleet.groups}
    output.lines(device_lines(shown, model_names, group_names, fleet.at))
    output.data(
        {
            "total": fleet.total,
            "at": fleet.at,
            "devices": [device_data(device, model_names, group_names) for device in shown],
        }
    )
    return Exit.OK


async def _read(client: FleetSource, notes: list[str]) -> _Fleet:
    got_models, got_groups = await asyncio.gather(client.models(), client.groups(), return_exceptions=True)
    models = optional(got_models, "models", notes)
    groups = optional(got_groups, "groups", notes)
    listed = models.value if models is not None else ()
    devices = await client.devices([model.id for model in listed])
    notes.extend(gaps(devices, "devices"))
    placed, filled = assemble(devices.value, groups.value if groups is not None else (), {})
    total = devices.total if devices.total is not None else len(placed)
    return _Fleet(placed, filled, listed, total, devices.server_at)
