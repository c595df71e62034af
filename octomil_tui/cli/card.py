"""`card`: one page for 3 am, made of what the program runs by."""

from __future__ import annotations

import argparse

from octomil_tui.cli.card_page import card_lines, card_markdown
from octomil_tui.cli.exits import Exit
from octomil_tui.cli.output import Output


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Write the card."""
    output.lines(card_markdown() if arguments.markdown else card_lines())
    return Exit.OK
