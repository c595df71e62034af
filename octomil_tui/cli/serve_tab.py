"""One tab: a dashboard in a child process, between its pipes and the browser's socket.

Leans on names that textual-serve does not promise; `PRIVATE` lists them, and
`tests/cli/test_serve_names.py` fails when one of them changes.
"""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

from octomil_tui.cli.served import OWN_VARIABLES
from octomil_tui.ui.terminal import SIZES, SWITCHES

PRIVATE: Final = {
    AppService: (
        "__init__",
        "_open_app_process",
        "run",
        "start",
        "stop",
        "encode_packet",
        "send_bytes",
        "send_meta",
        "set_terminal_size",
        "blur",
        "focus",
    ),
}
"""Methods that are overridden or relied on; attributes are `_process`, `_stdin`, `_task`."""

ENDS_WITHIN = 4.0
"""Seconds that a dashboard has to end in order; its own guards force it before that."""

_NARROWEST, _WIDEST = 20, 500
_LOWEST, _HIGHEST = 5, 200
_DATA = b"D"
_HEAD = 5
_LAST_WORDS = 2_000
"""Bytes of its error stream that are kept."""


class Tab(AppService):
    """A dashboard that lives as long as its tab.

    Args:
        told: The settings, as `serve_handover.pack` made them.
        write: Sends bytes to the browser.
    """

    def __init__(self, told: bytes, write: Callable[[bytes], Awaitable[None]]) -> None:
        super().__init__(
            "",
            write_bytes=write,
            write_str=_say_nothing,
            close=_close_nothing,
            download_manager=DownloadManager(),
        )
        self._told = told
        self._words = bytearray()
        self.ended = asyncio.Event()
        """Set as soon as the child is gone."""

    @property
    def status(self) -> int | None:
        """The child's exit status, negative for a signal; None while it runs."""
        return self._process.returncode if self._process is not None else None

    @property
    def last_words(self) -> str:
        """What the child wrote to its error stream; not safe to show."""
        return self._words.decode(errors="replace").strip()

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        columns, rows = _bounded(width, height)
        inner, outer = os.pipe()
        try:
            self._process = process = await asyncio.create_subprocess_exec(
                sys.executable,
                # Nothing of the directory that somebody happens to be in is loaded.
                "-P",
                "-m",
                "octomil_tui.cli.served",
                str(inner),
                stdin=PIPE,
                stdout=PIPE,
                stderr=PIPE,
                env=_environment(columns, rows),
                pass_fds=(inner,),
                # ctrl+c is for the server, which ends its children itself.
                start_new_session=True,
            )
        except BaseException:
            os.close(outer)
            raise
        finally:
            os.close(inner)
        self._stdin = process.stdin
        await asyncio.to_thread(_pour, outer, self._told)
        return process

    async def set_terminal_size(self, width: int, height: int) -> None:
        """Tell the dashboard how large its tab is, within what a screen can be."""
        await super().set_terminal_size(*_bounded(width, height))

    async def run(self) -> None:
        """Bring what the dashboard draws to the browser until it ends."""
        process = self._process
        if process is None or process.stdout is None or process.stderr is None:
            return
        words = asyncio.create_task(self._listen(process.stderr))
        with suppress(asyncio.IncompleteReadError):
            # What comes before the first packet is the greeting.
            await process.stdout.readuntil(b"__GANGLION__\n")
            while True:
                head = await process.stdout.readexactly(_HEAD)
                payload = await process.stdout.readexactly(int.from_bytes(head[1:], "big"))
                if head[:1] == _DATA:
                    # A browser that is gone is noticed elsewhere; the child must not wait for it meanwhile.
                    with suppress(OSError, RuntimeError):
                        await self.remote_write_bytes(payload)
        await process.wait()
        await words
        self.ended.set()

    async def _listen(self, stream: asyncio.StreamReader) -> None:
        while data := await stream.read(_LAST_WORDS):
            self._words = (self._words + data)[-_LAST_WORDS:]

    async def stop(self) -> None:
        """End the dashboard, in order if it can, by force if not; ending it twice is harmless."""
        process, task = self._process, self._task
        if process is None or task is None:
            return
        if process.returncode is None and self._stdin is not None:
            with suppress(OSError, RuntimeError):
                self._stdin.write(self.encode_packet(b"M", b'{"type": "quit"}'))
                # The end of its input ends it too, whatever it does.
                self._stdin.close()
        try:
            async with asyncio.timeout(ENDS_WITHIN):
                await self.ended.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _environment(columns: int, rows: int) -> dict[str, str]:
    """Return the child's environment; the key was taken out of this process's own long ago."""
    kept = {name: value for name, value in os.environ.items() if name not in {*SIZES, *SWITCHES}}
    return {**kept, **OWN_VARIABLES, "COLUMNS": str(columns), "ROWS": str(rows)}


def _bounded(width: object, height: object) -> tuple[int, int]:
    """Return a size that a screen can have, whatever the browser says; a picture of it has to fit into memory."""
    columns = width if isinstance(width, int) else 80
    rows = height if isinstance(height, int) else 24
    return min(max(columns, _NARROWEST), _WIDEST), min(max(rows, _LOWEST), _HIGHEST)


def _pour(descriptor: int, told: bytes) -> None:
    # A child that ended at once has nobody who reads; how it ended says why.
    with suppress(BrokenPipeError), os.fdopen(descriptor, "wb") as pipe:
        pipe.write(told)


async def _say_nothing(_: str) -> None:
    """Send nothing: a wall opens no addresses and delivers no files."""


async def _close_nothing() -> None:
    """Leave the socket to whoever opened it."""
