"""`devices`: every device, whether it can be reached, and what it runs."""

from __future__ import annotations

import argparse
import asyncio
from dataclasses import dataclass

from octomil_tui.cli.exits import CommandError, Exit
from octomil_tui.cli.filtering import filter_of
from octomil_tui.cli.output import Output
from octomil_tui.cli.reading import gaps, optional
from octomil_tui.cli.wiring import read
from octomil_tui.domain.filter_keys import About, device_keys, narrowed
from octomil_tui.domain.fleet import Device, DeviceGroup, Model
from octomil_tui.engine.assemble import assemble
from octomil_tui.engine.source import FleetSource
from octomil_tui.report.csv import DEVICE_HEADER, csv_lines, device_records
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
    """List the devices that pass the filter."""
    if arguments.csv and output.is_json:
        raise CommandError(Exit.USAGE, "--csv and --json are two ways to write the same; give one of them")
    # Before anything is asked: a mistake in it needs no service to be found.
    filter_ = filter_of(arguments.filter, device_keys(About(is_of_one=False)))
    notes: list[str] = []
    fleet = read(arguments, lambda client: _read(client, notes))
    about = narrowed(
        About(
            models={model.id: model.name for model in fleet.models},
            groups={group.id: group.name for group in fleet.groups},
            now=fleet.at,
            is_of_one=False,
        ),
        filter_,
    )
    found = tuple(filter(filter_.test(device_keys(about)), fleet.devices))
    shown = found[: arguments.limit]
    if len(shown) < len(found):
        notes.append(f"{len(shown)} of {len(found)} devices are shown")
    for note in notes:
        output.note(note)
    if arguments.csv:
        output.lines(csv_lines(DEVICE_HEADER, device_records(shown, about.models, about.groups, fleet.at)))
        return Exit.OK
    model_names = {model.id: model.name for model in fleet.models}
    output.lines(device_lines(shown, model_names, about.groups, fleet.at))
    output.data(
        {
            "total": fleet.total,
            "at": fleet.at,
            "devices": [device_data(device, model_names, about.groups) for device in shown],
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
