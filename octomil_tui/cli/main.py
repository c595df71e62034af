"""From the arguments of the process to its exit status."""

from __future__ import annotations

import argparse
import gc
import importlib
import traceback
from collections.abc import Callable, Sequence
from typing import cast

from octomil_tui.cli.ending import fail
from octomil_tui.cli.exits import CommandError, Exit, exit_of
from octomil_tui.cli.output import Output
from octomil_tui.cli.parser import Parser, UsageError, build_parser

ASKED_BY_A_SHELL = "__complete"
"""The word with which completions ask for names; no part of the grammar, so that nobody is offered it."""

Command = Callable[[argparse.Namespace, Output], int]


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status.

    Args:
        arguments: The command line, without the name of the program.
    """
    if arguments[:1] == [ASKED_BY_A_SHELL]:
        from octomil_tui.cli import completing  # noqa: PLC0415 - a shell asks, and no person reads

        return completing.answer(arguments[1:])
    output = Output(is_json="--json" in arguments and "--plain" not in arguments)
    try:
        return _run(arguments, output)
    except UsageError as error:
        return fail(output, CommandError(Exit.USAGE, str(error)))
    except CommandError as error:
        return fail(output, error)
    except KeyboardInterrupt:
        return fail(output, CommandError(Exit.INTERRUPTED, "interrupted"))
    except Exception as error:  # noqa: BLE001 - a person gets a sentence, never a traceback with a key in it
        return fail(output, CommandError(Exit.CRASHED, _crash(error)))


def _run(arguments: Sequence[str], output: Output) -> int:
    parser: Parser = build_parser(with_sim=not {"sim", "demo"}.isdisjoint(arguments))
    try:
        found = parser.parse_args(arguments)
    except SystemExit as leaving:  # after --help and --version
        output.flush()
        return leaving.code if isinstance(leaving.code, int) else Exit.OK
    # Loaded here and not above, so that each command pays for itself alone.
    gc.disable()
    module = importlib.import_module(f"octomil_tui.cli.{found.command}")
    # What is loaded stays: looking through it again and again would be time lost.
    gc.freeze()
    gc.enable()
    run = cast("Command", module.run)
    found.note = output.note
    from octomil_tui.api.errors import OctomilError  # noqa: PLC0415

    try:
        return run(found, output)
    except OctomilError as error:
        raise CommandError(exit_of(error), error.message) from None


def _crash(error: Exception) -> str:
    """Say where it crashed; the exception's own text may hold anything, a key too."""
    frames = traceback.extract_tb(error.__traceback__)
    last = frames[-1] if frames else None
    where = f" at {last.filename.rpartition('/')[2]}:{last.lineno}" if last is not None else ""
    return f"this program made a mistake ({type(error).__name__}{where}); a rollback that was sent goes on"
