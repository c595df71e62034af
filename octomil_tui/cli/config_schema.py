"""`config schema`: the settings file as JSON Schema."""

from __future__ import annotations

import argparse
import json

from octomil_tui.cli.exits import Exit
from octomil_tui.cli.output import Output
from octomil_tui.config.schema import make_schema


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Write the schema, as a file for editors or in one object."""
    del arguments
    output.lines(json.dumps(make_schema(), indent=2).splitlines())
    output.data({"event": "config_schema", "config_schema": make_schema()})
    return Exit.OK
