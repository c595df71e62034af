"""The end of the process: whoever ends it, the terminal is given back and the exit status tells.

Textual installs no handler for SIGTERM and SIGHUP and exits with 0 on SIGINT;
a terminal that is gone without a SIGHUP, or that nobody reads, keeps it alive
for ever. Nothing here knows Textual.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import termios
import threading
import time
from asyncio import AbstractEventLoop
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, Final

Leave = Callable[[int], object]
"""Ends the app with this exit status; called in its event loop."""

HUNG_UP: Final = 128 + signal.SIGHUP
_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
_GIVE_BACK = (
    # CAN: a sequence that was cut in the middle must not swallow the first of these.
    "\x18\x1b[?2026l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1015l\x1b[?1016l\x1b[?2004l\x1b[?2048l\x1b[?1004l"
    "\x1b[<u\x1b[?7h\x1b[0m\x1b[?1049l\x1b[?25h"
)
_POLL_MS = 500
_TRIES = 100
_PAUSE = 0.01


class Guards:
    """Handlers of the signals that end the process, and a watch over the terminal.

    Args:
        patience: Seconds that an orderly end may take before it is forced.
    """

    def __init__(self, patience: float = 2.5) -> None:
        self._patience = patience
        self._before: dict[int, Any] = {}
        self._modes: list[Any] | None = None
        self._loop: AbstractEventLoop | None = None
        self._leave: Leave | None = None
        self._status: int | None = None
        self._ended = threading.Event()
        self._forcing = threading.Event()
        self.owed = ""
        """What the terminal gets back besides; to give it twice does no harm."""

    @property
    def status(self) -> int | None:
        """The exit status that a signal or a lost terminal asked for; None while nothing did."""
        return self._status

    def install(self) -> None:
        """Remember the terminal's modes and take over the signals; in the main thread, before the app runs."""
        with contextlib.suppress(termios.error, OSError):
            self._modes = termios.tcgetattr(0)
        self._before = {one: signal.signal(one, self._on_signal) for one in _SIGNALS}
        threading.Thread(target=self._watch_terminal, name="terminal-watch", daemon=True).start()

    def attach(self, loop: AbstractEventLoop, leave: Leave) -> None:
        """Let the app itself end in order from here on."""
        self._leave, self._loop = leave, loop

    def remove(self) -> None:
        """Hand the signals back after an orderly end; one that a signal asked for stays under the backstop."""
        if self._status is not None:
            if self._forcing.is_set():
                # What was in the way gave way: the backstop is giving the terminal back, and ends the process.
                self._ended.wait(self._patience)
            return
        self._ended.set()
        for one, handler in self._before.items():
            signal.signal(one, handler)

    def give_back(self) -> None:
        """Bring the terminal back to how it was found, without ever waiting for it."""
        with contextlib.suppress(termios.error, OSError):
            # A description of its own: not to wait is set on it, and the shell shares ours.
            terminal = os.open(os.ttyname(0), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
            _write_now(terminal, (_GIVE_BACK + self.owed).encode())
        if self._modes is not None:
            with contextlib.suppress(termios.error, OSError):
                termios.tcsetattr(0, termios.TCSANOW, self._modes)

    def end(self, status: int) -> None:
        """End the app with `status`, in order if it can, by force after the patience is over."""
        if self._status is not None:
            return
        self._status = status
        threading.Thread(target=self._force, args=(status,), name="backstop", daemon=True).start()
        if self._loop is None or self._leave is None:
            self.give_back()
            os._exit(status)
        with contextlib.suppress(RuntimeError):  # the loop is closed: the end is under way
            self._loop.call_soon_threadsafe(self._leave, status)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if self._status is not None:
            # A shell that goes sends several signals; the first one names the reason.
            return
        # Should even the interpreter hang, the kernel ends it soon after the backstop.
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, self._patience + 2)
        self.end(128 + number)

    def _force(self, status: int) -> None:
        self._ended.wait(self._patience)
        if not self._ended.is_set():
            self._forcing.set()
            self.give_back()
            os._exit(status)

    def _watch_terminal(self) -> None:
        poll = select.poll()
        poll.register(0, 0)
        while not self._ended.is_set():
            if any(
                event & (select.POLLHUP | select.POLLERR | select.POLLNVAL)
                for _, event in poll.poll(_POLL_MS)
            ):
                self._patience = min(self._patience, 1.0)
                self.end(HUNG_UP)
                return


def _write_now(terminal: int, data: bytes) -> None:
    """Write to a terminal that may be full; then what is on its way there is thrown away."""
    for _ in range(_TRIES):
        with contextlib.suppress(BlockingIOError):
            if os.write(terminal, data) == len(data):
                return
        # A thread in the middle of a write holds the terminal's lock and is not woken by the flush:
        # a signal makes it give up, and the rest of what it has goes nowhere.
        with Path(os.devnull).open("w") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        for thread in threading.enumerate():
            if thread.ident is not None and thread is not threading.current_thread():
                signal.pthread_kill(thread.ident, signal.SIGHUP)
        termios.tcflush(terminal, termios.TCOFLUSH)
        time.sleep(_PAUSE)
