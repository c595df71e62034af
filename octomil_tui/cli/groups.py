"""`groups`: the device groups, and how many of their devices can be reached."""

from __future__ import annotations

import argparse
import asyncio

from octomil_tui.cli.exits import Exit
from octomil_tui.cli.filtering import filter_of
from octomil_tui.cli.output import Output
from octomil_tui.cli.reading import gaps, needed, optional
from octomil_tui.cli.wiring import read
from octomil_tui.domain.filter_subject import GROUP_KEYS, listed_group_subject
from octomil_tui.domain.fleet import Device, DeviceGroup
from octomil_tui.engine.assemble import assemble
from octomil_tui.engine.source import FleetSource
from octomil_tui.report.data import group_data
from octomil_tui.report.listing import group_lines


def run(arguments: argparse.Namespace, output: Output) -> int:
    """List the groups that pass the filter."""
    filter_ = filter_of(arguments.filter, GROUP_KEYS)
    notes: list[str] = []
    every, devices = read(arguments, lambda client: _read(client, notes))
    test = filter_.test(GROUP_KEYS)
    groups = [group for group in every if test(listed_group_subject(group, devices))] if filter_ else every
    for note in notes:
        output.note(note)
    output.lines(group_lines(groups, devices))
    output.data({"groups": [group_data(group, devices) for group in groups]})
    return Exit.OK


async def _read(client: FleetSource, notes: list[str]) -> tuple[tuple[DeviceGroup, ...], tuple[Device, ...]]:
    got_groups, got_devices = await asyncio.gather(
        client.groups(), client.devices([]), return_exceptions=True
    )
    groups = needed(got_groups)
    devices = optional(got_devices, "devices", notes)
    notes.extend(gaps(groups, "groups"))
    placed, filled = assemble(devices.value if devices is not None else (), groups.value, {})
    return filled, placed
