"""Textual's terminal driver, but one that sleeps while nobody presses a key.

Textual's own thread for input looks ten times a second whether it should end,
and whether an escape was a key of its own: that is all that an idle console
would be woken for. Here the end wakes it, and it only looks at the time after
something came.

Leans on names that Textual does not promise; `PRIVATE` lists them, and
`tests/terminal/test_private_names.py` fails when one of them changes.
"""

from __future__ import annotations

import os
import select
import threading
from codecs import getincrementaldecoder
from contextlib import suppress
from typing import Any, Final

from textual._parser import ParseError, Parser
from textual._xterm_parser import XTermParser
from textual.constants import ESCAPE_DELAY
from textual.drivers.linux_driver import LinuxDriver

PRIVATE: Final = {
    LinuxDriver: ("__init__", "run_input_thread", "disable_input"),
    Parser: ("tick", "feed"),
}
"""Methods that are overridden or relied on; attributes are `exit_event`, `fileno`, `_debug`."""

_MOST = 4096
"""Bytes that are read at once."""


class WakingEvent(threading.Event):
    """An event that a thread can wait for together with files."""

    def __init__(self) -> None:
        super().__init__()
        self._read, self._write = os.pipe()
        os.set_blocking(self._read, False)
        os.set_blocking(self._write, False)

    def fileno(self) -> int:
        """Return what can be read from as soon as it is set."""
        return self._read

    def set(self) -> None:
        """Set it, and wake whoever waits."""
        super().set()
        with suppress(BlockingIOError):
            os.write(self._write, b"!")

    def clear(self) -> None:
        """Take it back."""
        super().clear()
        with suppress(BlockingIOError):
            os.read(self._read, _MOST)

    def __del__(self) -> None:
        os.close(self._read)
        os.close(self._write)


class ListeningDriver(LinuxDriver):
    """A driver whose thread for input waits for input."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.exit_event: WakingEvent = WakingEvent()

    def run_input_thread(self) -> None:
        """Hand on what comes from the terminal until `exit_event` is set."""
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")().decode
        # An escape that nothing followed for so long was a key.
        wait: float | None = None
        try:
            while not self.exit_event.is_set():
                ready, _, _ = select.select([self.fileno, self.exit_event], [], [], wait)
                wait = None
                if self.fileno in ready:
                    data = os.read(self.fileno, _MOST)
                    if not data:
                        # The end of what is no terminal: it would be ready for ever.
                        self.exit_event.wait(ESCAPE_DELAY)
                    for event in parser.feed(text) if (text := decode(data)) else ():
                        self.process_message(event)
                    wait = ESCAPE_DELAY
                for event in parser.tick():
                    self.process_message(event)
        finally:
            with suppress(EOFError, ParseError):
                for _ in parser.feed(""):
                    pass
