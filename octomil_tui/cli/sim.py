"""`sim`: the embedded control plane, on its own."""

from __future__ import annotations

import argparse

from octomil_tui.cli.output import Output
from octomil_tui.sim.server import run_from


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Serve until it is told to end; it writes its own first line."""
    del output
    return run_from(arguments)
