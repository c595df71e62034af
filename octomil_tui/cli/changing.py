"""What every command that changes something has: who may, where it is written down, how it ends."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from octomil_tui.api.client import AsyncOctomilClient
from octomil_tui.api.errors import OctomilError
from octomil_tui.cli.exits import CommandError, Exit, Verdict, exit_of, rejected
from octomil_tui.cli.flags import settings_of
from octomil_tui.cli.records import records_of
from octomil_tui.cli.wiring import READS, gate_for, open_client
from octomil_tui.domain.action_outcome import Outcome, Result
from octomil_tui.engine.acting import PremiseMovedError
from octomil_tui.engine.change_record import ChangeRecords, changes_of
from octomil_tui.engine.gate import Gate
from octomil_tui.engine.preflight import UnknownNameError
from octomil_tui.engine.private import RecordError
from octomil_tui.settings import Settings

T = TypeVar("T")

_EXITS = {
    Result.DONE: Exit.OK,
    Result.NOT_SENT: Exit.CONNECTION,
    Result.UNKNOWN: Exit.UNFINISHED,
}


class Changing:
    """One command that changes something: its settings, its requests, its records.

    Args:
        arguments: The command line.

    Raises:
        CommandError: This console is read-only.
    """

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.settings: Settings = settings_of(arguments)
        if self.settings.read_only.value:
            origin = self.settings.read_only.origin
            raise CommandError(
                Exit.REFUSED, f"this console is read-only ({origin}); nothing was sent", "read_only"
            )
        self._gate: Gate = gate_for(self.settings, arguments.note)
        self.records: ChangeRecords | None = changes_of(records_of(self.settings))
        self.must_record = not arguments.without_journal

    def run(self, work: Callable[[AsyncOctomilClient], Awaitable[T]], *, is_sending: bool) -> T:
        """Return what `work` does with a client of its own.

        Args:
            work: What is to be done.
            is_sending: Whether it may have sent something when it is interrupted.

        Raises:
            CommandError: It could not be done, or was interrupted.
        """

        async def opened() -> T:
            async with open_client(self.settings, READS, self._gate) as client:
                return await work(client)

        try:
            return asyncio.run(opened())
        except UnknownNameError as error:
            raise CommandError(Exit.USAGE, f"{error}; nothing was sent") from None
        except PremiseMovedError as error:
            raise CommandError(Exit.CONFLICT, f"{error}; nothing was sent", "plan_moved") from None
        except RecordError as error:
            sentence = f"{error.sentence}; nothing was sent; --without-journal sends it all the same"
            raise CommandError(Exit.REFUSED, sentence, "no_journal") from None
        except OctomilError as error:
            raise CommandError(exit_of(error), f"{error.message}; nothing was sent") from None
        except KeyboardInterrupt:
            sentence = "interrupted while the answer was awaited; it may have been done"
            raise CommandError(
                Exit.INTERRUPTED, sentence if is_sending else "interrupted; nothing was sent"
            ) from None


def verdict_of(outcome: Outcome) -> Verdict:
    """Return the end of a command for how its change ended."""
    if outcome.result is Result.REJECTED:
        return Verdict(rejected(outcome.status), outcome.result.value, outcome.sentence)
    return Verdict(_EXITS[outcome.result], outcome.result.value, outcome.sentence)
