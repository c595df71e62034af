"""`devices`: every device, or those of a group, whether it can be reached, and what it runs."""

from __future__ import annotations

import argparse

from octomil_tui.cli.device_reading import Wanted, read_devices
from octomil_tui.cli.exits import CommandError, Exit
from octomil_tui.cli.filtering import filter_of
from octomil_tui.cli.output import Output
from octomil_tui.cli.wiring import read, read_for_long
from octomil_tui.domain.filter_keys import About, device_keys
from octomil_tui.report.csv import DEVICE_HEADER, csv_lines, device_records
from octomil_tui.report.data import device_data
from octomil_tui.report.listing import device_lines


def run(arguments: argparse.Namespace, output: Output) -> int:
    """List the devices that pass the filter."""
    if arguments.csv and output.is_json:
        raise CommandError(Exit.USAGE, "--csv and --json are two ways to write the same; give one of them")
    # Before anything is asked: a mistake in it needs no service to be found.
    filter_ = filter_of(arguments.filter, device_keys(About(is_of_one=False)))
    wanted = Wanted(filter_, arguments.group, arguments.all)
    ask = read_for_long if arguments.all else read
    listed = ask(arguments, lambda client: read_devices(client, wanted, output.note))
    shown = listed.devices[: arguments.limit]
    if len(shown) < len(listed.devices):
        output.note(f"{len(shown)} of {len(listed.devices)} devices are shown")
    groups = listed.about.groups
    if arguments.csv:
        output.lines(csv_lines(DEVICE_HEADER, device_records(shown, listed.about.models, groups, listed.at)))
        return Exit.OK
    model_names = {model.id: model.name for model in listed.models}
    output.lines(device_lines(shown, model_names, groups, listed.at))
    output.data(
        {
            "total": listed.total,
            "read": listed.read,
            "is_whole": listed.is_whole,
            "at": listed.at,
            "devices": [device_data(device, model_names, groups) for device in shown],
        }
    )
    return Exit.OK
