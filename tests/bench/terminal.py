"""A program in a terminal of 120x40 that answers as a real one does; what it writes is timed and counted."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import select
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte

SIZE = (120, 40)
"""Columns and rows."""

DEADLINE = 60.0
"""Seconds after which what should have come does not come any more."""

KEYS: Mapping[str, str] = {
    "enter": "\r",
    "esc": "\x1b",
    "tab": "\t",
    "down": "\x1b[B",
    "home": "\x1b[H",
    "pagedown": "\x1b[6~",
    "ctrl+c": "\x03",
    "f5": "\x1b[15~",
    "f6": "\x1b[17~",
}

_MODE = re.compile(rb"\x1b\[\?(\d+)\$p")
_DEVICE = re.compile(rb"\x1b\[0?c")
_PLACE = re.compile(rb"\x1b\[6n")
_COLOUR = re.compile(rb"\x1b\](1[01]);\?(?:\x07|\x1b\\)")
_SYNCHRONIZED = 2026
# Sequences that the screen would print as text.
_UNKNOWN = re.compile(rb"\x1b\[[<>=][0-9;:]*[A-Za-z]|\x1b\[\?[0-9;]*\$p|\x1b[P_^][^\x1b]*\x1b\\")
_UNFINISHED = re.compile(rb"\x1b(\[[0-9;:<=>?$ ]*|[P_^\]][^\x07\x1b]*)?$")


class NothingCameError(Exception):
    """What was waited for did not come; the message says what it was."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What a process holds, in bytes."""

    rss: int
    pss: int
    """With what it shares divided among those who share it."""


class Terminal:
    """A program in a pty; a thread reads what it writes, so that nothing it does ever waits for us.

    Args:
        command: What to run.
        env: The whole environment.
        cwd: Where.
        has_screen: Whether what is written is also drawn, for `text`.
        kill_at: Ends the program, by force, as soon as this is written.
        keep: Descriptors that it inherits.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        env: Mapping[str, str],
        *,
        cwd: Path | None = None,
        has_screen: bool = False,
        kill_at: bytes | None = None,
        keep: Sequence[int] = (),
    ) -> None:
        self._master, slave = os.openpty()
        columns, rows = SIZE
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self._screen = pyte.Screen(columns, rows) if has_screen else None
        self._stream = pyte.ByteStream(self._screen) if self._screen is not None else None
        self._held = b""
        self._kill_at = kill_at
        self._raw = bytearray()
        self._arrivals: list[tuple[float, int]] = []
        self._changed = threading.Condition()
        self._is_over = False
        self.began = time.monotonic()
        """When it was started, by the monotonic clock."""
        self._process = subprocess.Popen(  # noqa: S603 - the program that is measured
            [str(part) for part in command],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=cwd,
            env=dict(env),
            start_new_session=True,
            pass_fds=keep,
            # Nothing but this call makes a pty the controlling terminal of a session.
            preexec_fn=_take_terminal,  # noqa: PLW1509
        )
        os.close(slave)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.kill()
        self._reader.join(DEADLINE)
        os.close(self._master)

    @property
    def written(self) -> int:
        """Bytes that the program has written so far."""
        return len(self._raw)

    @property
    def text(self) -> str:
        """What is on the screen, if it has one."""
        with self._changed:
            return "\n".join(self._screen.display) if self._screen is not None else ""

    def press(self, *keys: str) -> float:
        """Press keys, and return when the last one went, by the monotonic clock."""
        at = time.monotonic()
        for key in keys:
            at = time.monotonic()
            os.write(self._master, KEYS.get(key, key).encode())
        return at

    def type(self, text: str) -> None:
        """Type as people do: each character is drawn before the next one comes."""
        for character in text:
            self.press(character)
            self.wait_quiet(0.03)

    def wait_written(self, marker: bytes, *, deadline: float = DEADLINE) -> float:
        """Wait until the bytes of `marker` were written, and return when they came, by the monotonic clock."""
        self.wait(lambda: marker in self._raw, f"{marker!r}", deadline=deadline)
        end = self._raw.index(marker) + len(marker)
        return next(at for at, total in self._arrivals if total >= end)

    def wait_for(self, text: str, *, deadline: float = DEADLINE) -> None:
        """Wait until `text` is on the screen."""
        self.wait(lambda: text in self._shown(), f"{text!r} on the screen", deadline=deadline)

    def wait(self, holds: Callable[[], bool], what: str, *, deadline: float = DEADLINE) -> None:
        """Wait until something holds; it is looked at whenever the program wrote.

        Raises:
            NothingCameError: It did not come to that in time, or the program ended before.
        """
        until = time.monotonic() + deadline
        with self._changed:
            while not holds():
                left = until - time.monotonic()
                if left <= 0 or self._is_over:
                    raise NothingCameError(f"no {what}; the end of what was written: {self._end()}")
                self._changed.wait(min(left, 0.5))

    def wait_quiet(self, seconds: float, *, deadline: float = DEADLINE) -> None:
        """Wait until nothing was written for so many seconds from now on."""
        until = time.monotonic() + deadline
        with self._changed:
            while self._changed.wait(seconds):
                if time.monotonic() > until:
                    raise NothingCameError(f"no {seconds} s of quiet")

    def wait_end(self) -> float:
        """Wait for the end of the program and return the processor time that it took, in seconds."""
        self._reader.join(DEADLINE)
        return self._reap()

    def kill(self) -> float:
        """End the program by force, and return the processor time that it took, in seconds."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            return self._reap()
        return 0.0

    def cpu(self) -> float:
        """Return the processor time that the program took so far, all its threads together, in seconds."""
        return time.clock_gettime((~self._process.pid << 3) | 2)

    def memory(self) -> Memory:
        """Return what the program holds now."""
        rolled = Path(f"/proc/{self._process.pid}/smaps_rollup").read_text(encoding="ascii")
        kilobytes = {
            name: int(size) for name, size in re.findall(r"^(Rss|Pss): +(\d+) kB", rolled, re.MULTILINE)
        }
        return Memory(kilobytes["Rss"] * 1024, kilobytes["Pss"] * 1024)

    def _reap(self) -> float:
        _, status, usage = os.wait4(self._process.pid, 0)
        self._process.returncode = os.waitstatus_to_exitcode(status)
        return usage.ru_utime + usage.ru_stime

    def _read(self) -> None:
        while True:
            select.select([self._master], [], [])
            try:
                data = os.read(self._master, 65_536)
            except OSError:
                data = b""
            at = time.monotonic()
            if self._kill_at is not None and self._kill_at in self._raw[-len(self._kill_at) :] + data:
                self._process.kill()
                self._kill_at = None
            with self._changed:
                if data:
                    self._raw += data
                    self._arrivals.append((at, len(self._raw)))
                    self._draw(data)
                self._is_over = not data
                self._changed.notify_all()
            if not data:
                return
            self._answer(data)

    def _answer(self, data: bytes) -> None:
        """Answer what a program asks its terminal."""
        for mode in map(int, _MODE.findall(data)):
            # 2: known and off now; 0: not known.
            self._reply(f"\x1b[?{mode};{2 if mode == _SYNCHRONIZED else 0}$y")
        for _ in _DEVICE.findall(data):
            self._reply("\x1b[?62;22c")
        for _ in _PLACE.findall(data):
            self._reply("\x1b[1;1R")
        for number in _COLOUR.findall(data):
            self._reply(f"\x1b]{number.decode()};rgb:0c0c/0c0c/0c0c\x1b\\")

    def _reply(self, text: str) -> None:
        with contextlib.suppress(OSError):
            os.write(self._master, text.encode())

    def _draw(self, data: bytes) -> None:
        if self._stream is None:
            return
        data = self._held + data
        unfinished = _UNFINISHED.search(data)
        cut = unfinished.start() if unfinished else len(data)
        data, self._held = data[:cut], data[cut:]
        self._stream.feed(_UNKNOWN.sub(b"", data))

    def _shown(self) -> str:
        return "\n".join(self._screen.display) if self._screen is not None else ""

    def _end(self) -> str:
        return self._shown() or repr(bytes(self._raw[-400:]))


def _take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
