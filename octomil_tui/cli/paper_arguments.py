"""The grammar of what the program says about itself: completion, manual and card."""

from __future__ import annotations

import argparse
from typing import Any

SHELLS = ("bash", "zsh", "fish")


def add_paper_arguments(commands: Any) -> None:
    """Add the commands that need no service and no settings.

    Args:
        commands: The commands of the program.
    """
    completion = _add(commands, "completion", "write the completion of a shell, names of the fleet included")
    completion.add_argument("shell", choices=SHELLS, metavar="|".join(SHELLS), help="which shell it is for")
    manual = _add(commands, "man", "show the manual page; where output is no terminal, write it")
    manual.add_argument(
        "--roff", action="store_true", help="write its source instead, for a place of your own"
    )
    card = _add(commands, "card", "write the page for 3 am: the screen, the keys, the commands, what to do")
    card.add_argument("--markdown", action="store_true", help="write it as Markdown instead")


def _add(commands: Any, name: str, text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(command=name)
    return parser
