"""`man`: the manual page, also where the system's own `man` does not find it."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys

from octomil_tui._version import __version__
from octomil_tui.cli.exits import Exit
from octomil_tui.cli.manual import manual
from octomil_tui.cli.output import Output
from octomil_tui.cli.parser import PROGRAM
from octomil_tui.report.page import text_lines
from octomil_tui.report.roff import roff_lines
from octomil_tui.settings import KEY_VARIABLE


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Show the manual page, or write it."""
    source = list(roff_lines(PROGRAM, __version__, manual()))
    if arguments.roff:
        output.lines(source)
    elif not (sys.stdout.isatty() and _shown(source)):
        output.lines(text_lines(manual()))
    return Exit.OK


def _shown(source: list[str]) -> bool:
    """Have the system's own reader show the page; return whether there is one, and it did."""
    reader = shutil.which("man")
    if reader is None:
        return False
    page = "\n".join([*source, ""])
    # A pager needs no key.
    environment = {name: value for name, value in os.environ.items() if name != KEY_VARIABLE}
    # The arguments are fixed, and the page is on standard input.
    done = subprocess.run([reader, "-l", "-"], input=page, text=True, check=False, env=environment)  # noqa: S603
    return done.returncode == 0
