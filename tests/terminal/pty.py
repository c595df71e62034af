"""A terminal for tests: a program runs in a real pty, and a test sees what a person would see.

Nothing here sleeps: every wait is for a state, with a deadline after which the
test fails and shows the screen.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyte

DEADLINE = 15.0
"""Seconds after which something that should have happened has not."""

KEYS: Mapping[str, str] = {
    "enter": "\r",
    "esc": "\x1b",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "space": " ",
    "backspace": "\x7f",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "f1": "\x1bOP",
}
_USUALLY_ON = frozenset({7, 25})
"""Line wrap and the cursor: the private modes that a shell expects to be on."""

# Sequences that pyte does not know and would print as text.
_UNKNOWN = re.compile(
    rb"\x1b\[[<>=][0-9;:]*[A-Za-z]|\x1b\[\?[0-9;]*\$p|\x1bP(?:[^\x1b]|\x1b[^\\])*\x1b\\|\x1b[_^][^\x1b]*\x1b\\"
)
_UNFINISHED = re.compile(rb"\x1b(\[[0-9;:<=>?$ ]*|[P_^\]][^\x07\x1b]*)?$")
_KEYBOARD = re.compile(rb"\x1b\[(?:>[0-9]+|(<))u")
_TITLE = re.compile(rb"\x1b\]2;([^\x1b\x07]*)\x1b\\")
_PRIVATE_MODE = re.compile(rb"\x1b\[\?([0-9;]+)([hl])")


class Terminal:
    """A program in a pty of its own, with a screen that understands it.

    Args:
        command: What to run.
        size: Columns and rows.
        env: Added to the environment; None removes a name.
        controlling: Whether the pty is the program's controlling terminal, so
            that it gets SIGHUP when the terminal goes.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        size: tuple[int, int] = (80, 24),
        env: Mapping[str, str | None] | None = None,
        cwd: Path | None = None,
        controlling: bool = True,
    ) -> None:
        self.screen = pyte.Screen(*size)
        self.raw = b""
        self._stream = pyte.ByteStream(self.screen)
        self._held = b""
        self._master, self._slave = os.openpty()
        self.resize(*size)
        self.modes_before = self.modes()
        self.process = subprocess.Popen(  # noqa: S603 - the command is the test's own
            [str(part) for part in command],
            stdin=self._slave,
            stdout=self._slave,
            stderr=self._slave,
            cwd=cwd,
            env=_environment(env or {}),
            start_new_session=True,
            # Nothing but this call makes a pty the controlling terminal of a session.
            preexec_fn=_take_terminal if controlling else None,  # noqa: PLW1509
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(DEADLINE)
        for descriptor in (self._master, self._slave):
            with contextlib.suppress(OSError):
                os.close(descriptor)

    @property
    def lines(self) -> list[str]:
        """The rows of the screen without trailing blanks."""
        return [row.rstrip() for row in self.screen.display]

    @property
    def text(self) -> str:
        """The screen as one string."""
        return "\n".join(self.lines)

    @property
    def left_on(self) -> set[int]:
        """Private modes of the terminal that differ from what a shell expects."""
        on = set(_USUALLY_ON)
        for numbers, switch in _PRIVATE_MODE.findall(self.raw):
            for number in map(int, numbers.split(b";")):
                on = on | {number} if switch == b"h" else on - {number}
        return on ^ _USUALLY_ON

    @property
    def titles(self) -> list[str]:
        """Everything that the window's title was set to, in order."""
        return [found.decode() for found in _TITLE.findall(self.raw)]

    @property
    def is_title_back(self) -> bool:
        """Whether the title that was there before is the last thing that was asked for."""
        kept, given = self.raw.rfind(b"\x1b[22;2t"), self.raw.rfind(b"\x1b[23;2t")
        return 0 <= kept < given and b"\x1b]2;" not in self.raw[given:]

    @property
    def is_given_back(self) -> bool:
        """Whether everything that was switched on was switched off again, the line discipline too.

        A terminal on which nothing was switched on is none that was given back.
        """
        switched = {
            int(number) for found, _ in _PRIVATE_MODE.findall(self.raw) for number in found.split(b";")
        }
        keyboard = 0
        for popped in _KEYBOARD.findall(self.raw):
            # Taking one off an empty stack does nothing.
            keyboard = max(0, keyboard - 1) if popped else keyboard + 1
        used = {25, 1000, 1003, 1049, 2004} <= switched
        return used and not self.left_on and not keyboard and self.modes() == self.modes_before

    def modes(self) -> list[Any]:
        """The line discipline's settings, as `termios.tcgetattr` gives them."""
        return termios.tcgetattr(self._slave)

    def resize(self, columns: int, rows: int) -> None:
        """Change the size; the program is told by SIGWINCH."""
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen.resize(rows, columns)

    def press(self, *keys: str) -> None:
        """Press keys: a character, `ctrl+x`, or a name of `KEYS`."""
        for key in keys:
            os.write(self._master, _typed(key).encode())

    def press_at_once(self, *keys: str) -> None:
        """Have keys arrive in one piece, as typing that ran ahead does over a slow line."""
        os.write(self._master, "".join(map(_typed, keys)).encode())

    def paste(self, text: str) -> None:
        """Paste, as a terminal does that was asked to mark what is pasted."""
        os.write(self._master, f"\x1b[200~{text}\x1b[201~".encode())

    def click(self, column: int, row: int, times: int = 1) -> None:
        """Press and release the left button on a cell, counted from 0; several times in one piece."""
        once = "".join(f"\x1b[<0;{column + 1};{row + 1}{end}" for end in "Mm")
        os.write(self._master, (once * times).encode())

    def send(self, number: signal.Signals) -> None:
        """Send the program a signal."""
        self.process.send_signal(number)

    def hang_up(self) -> None:
        """Take the terminal away, as when ssh drops."""
        for descriptor in (self._slave, self._master):
            os.close(descriptor)

    def drain(self, patience: float = 0.05) -> bool:
        """Read what the program wrote, for at most `patience` seconds; return whether there was anything."""
        ready, _, _ = select.select([self._master], [], [], patience)
        if not ready:
            return False
        try:
            data = os.read(self._master, 65_536)
        except OSError:
            return False
        self.raw += data
        data = self._held + data
        unfinished = _UNFINISHED.search(data)
        cut = unfinished.start() if unfinished else len(data)
        data, self._held = data[:cut], data[cut:]
        self._stream.feed(_UNKNOWN.sub(b"", data))
        return True

    def wait(
        self, state: Callable[[], bool], what: str, *, deadline: float = DEADLINE, read: bool = True
    ) -> None:
        """Wait until `state` holds; without `read` the program's output is left where it is."""
        until = time.monotonic() + deadline
        while not state():
            if time.monotonic() > until:
                raise AssertionError(f"no {what} within {deadline} s; the screen:\n{self.text}")
            if read:
                if not self.drain() and self.process.poll() is not None and not self.drain() and not state():
                    said = f"the program ended with {self.process.returncode}"
                    raise AssertionError(f"no {what}: {said}; the screen:\n{self.text}")
            else:
                select.select([], [], [], 0.02)

    def wait_for(self, text: str, *, deadline: float = DEADLINE) -> None:
        """Wait until `text` is on the screen."""
        self.wait(lambda: text in self.text, f"{text!r} on the screen", deadline=deadline)

    def wait_gone(self, text: str, *, deadline: float = DEADLINE) -> None:
        """Wait until `text` is no longer on the screen."""
        self.wait(lambda: text not in self.text, f"screen without {text!r}", deadline=deadline)

    def wait_exit(self, *, deadline: float = DEADLINE, read: bool = True) -> int:
        """Wait for the end of the program, read its last words, and return its exit status (-9 for SIGKILL)."""
        self.wait(lambda: self.process.poll() is not None, "end of the program", deadline=deadline, read=read)
        with contextlib.suppress(OSError, ValueError):
            while self.drain(patience=0.1):
                pass
        return self.process.returncode

    def wait_zombie(self, *, deadline: float = DEADLINE) -> None:
        """Wait for the end of the program without reading what it wrote, and leave its numbers to be looked at."""
        self.wait(lambda: self._stat()[0] == "Z", "end of the program", deadline=deadline, read=False)

    def cpu(self) -> float:
        """Return the seconds of processor time that the program took so far, all threads together."""
        user, system = self._stat()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def is_stopped(self) -> bool:
        """Say whether the program is stopped, as by ctrl+z."""
        return self._stat()[0] == "T"

    def threads(self) -> int:
        """Return how many threads the program has."""
        return len(list(Path(f"/proc/{self.process.pid}/task").iterdir()))

    def _stat(self) -> list[str]:
        return Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()


def _typed(key: str) -> str:
    return chr(ord(key[-1].upper()) ^ 0x40) if key.startswith("ctrl+") else KEYS.get(key, key)


def _environment(changes: Mapping[str, str | None]) -> dict[str, str]:
    usual: dict[str, str | None] = {
        **os.environ,
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
        "TEXTUAL_ANIMATIONS": "none",
        "NO_COLOR": None,
        "COLUMNS": None,
        "LINES": None,
    }
    return {name: value for name, value in {**usual, **changes}.items() if value is not None}


def _take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
