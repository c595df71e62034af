"""The hook: a command of the user that is told of each event on its standard input. It never disturbs a watch."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable, Sequence
from typing import Final

from octomil_tui.api.redact import hide_known
from octomil_tui.domain.text import MESSAGE_LIMIT, clean

TIMEOUT: Final = 10.0
"""Seconds that one run of the command may take; after that it is killed, with all that it started."""

WAITING_AT_MOST: Final = 100
"""Events that wait for the command; of more the oldest are dropped."""

_KILLED_WITHIN = 2.0


class Hook:
    """Runs one command for each event, one after the other, beside whatever else goes on.

    The command is a list of words and is run without a shell. It gets one JSON
    object and the end of the file on its standard input; what it writes goes
    nowhere. That it fails is said once, until it works again.

    Args:
        command: The words, at least one.
        say: Told in a sentence that it failed, safe to show.
        timeout: Seconds that one run may take.
    """

    def __init__(
        self, command: Sequence[str], say: Callable[[str], None], *, timeout: float = TIMEOUT
    ) -> None:
        self._command = tuple(command)
        self._say = say
        self._timeout = timeout
        self._events: asyncio.Queue[str] = asyncio.Queue()
        self._has_failed = False
        self._dropped = 0

    def tell(self, event: str) -> None:
        """Have the command run for an event, soon; returns at once.

        Args:
            event: One JSON object as one line, without a line break.
        """
        if self._events.qsize() >= WAITING_AT_MOST:
            with contextlib.suppress(asyncio.QueueEmpty):
                self._events.get_nowait()
                self._events.task_done()
                self._dropped += 1
        self._events.put_nowait(hide_known(event))

    async def run(self) -> None:
        """Run the command for each event, until cancelled."""
        while True:
            event = await self._events.get()
            try:
                self._told(await self._once(event))
            finally:
                self._events.task_done()

    async def finish(self, within: float) -> None:
        """Wait until the command was run for every event, at most so many seconds; `run` must be going on."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within):
                await self._events.join()

    def _told(self, why: str) -> None:
        if why and not self._has_failed:
            self._say(clean(f"the command of --on-event {why}", MESSAGE_LIMIT))
        self._has_failed = bool(why)

    async def _once(self, event: str) -> str:
        """Run the command once and return why it failed, empty where it did not."""
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                # A group of its own: ctrl+c is for the console, and what it starts can be ended with it.
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            cause = error.strerror if isinstance(error, OSError) else "not a command"
            return f"cannot be run: {clean(self._command[0])}: {cause}"
        try:
            async with asyncio.timeout(self._timeout):
                # A command that does not read its input has failed at nothing.
                await process.communicate(f"{event}\n".encode())
        except TimeoutError:
            return f"took longer than {self._timeout:g} seconds and was ended"
        finally:
            await _ended(process)
        return f"failed with status {process.returncode}" if process.returncode else ""


async def _ended(process: asyncio.subprocess.Process) -> None:
    """End a command that is still there, and what it started."""
    if process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_KILLED_WITHIN):
            await process.wait()
