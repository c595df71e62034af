"""The one door to the terminal: lines for people, objects for scripts, notes on the side."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable, Mapping
from typing import TextIO

from octomil_tui.api.redact import hide, hide_known
from octomil_tui.domain.text import clean
from octomil_tui.report.json_line import json_line

LINE_LIMIT = 2_000
"""Characters of one line that are shown."""

_PLAIN = str.maketrans({"→": "->", "…": "..."})


class Output:
    """Where a command writes.

    Every line is made safe here, so that no command can forget it. A reader
    that went away ends the writing and not the command: what the command does
    matters more than who listens.

    Args:
        is_json: Whether results are objects for scripts.
        out: For results; None where the stream is closed.
        err: For everything else; by default also standard output, where that is a terminal and all there is.
    """

    def __init__(self, *, is_json: bool, out: TextIO | None = None, err: TextIO | None = None) -> None:
        self.is_json = is_json
        self._out = out if out is not None else sys.stdout
        # Where the error stream is closed, a person at the terminal still has to be told.
        self._err = err if err is not None else sys.stderr or _terminal(sys.stdout)
        self._is_mute = self._out is None

    @property
    def is_heard(self) -> bool:
        """Whether results still reach somebody."""
        return not self._is_mute

    def lines(self, lines: Iterable[str]) -> None:
        """Write a result for people; nothing where results are objects."""
        if not self.is_json:
            for line in lines:
                self._result(clean(hide_known(line), LINE_LIMIT) + "\n")

    def data(self, fields: Mapping[str, object]) -> None:
        """Write a result for scripts, as one line; nothing where results are for people."""
        if self.is_json:
            self._result(hide_known(json_line(fields)) + "\n")

    def note(self, line: str) -> None:
        """Write a line beside the result: what is going on, a question, what went wrong."""
        if self._err is None:
            return
        try:
            _write(self._err, clean(hide(line), LINE_LIMIT) + "\n")
        except (OSError, ValueError):
            self._err = None

    def question(self, text: str) -> None:
        """Write a question and leave the cursor behind it."""
        if self._err is not None:
            _write(self._err, clean(hide(text), LINE_LIMIT) + " ")

    def flush(self) -> None:
        """Bring out what was written past this door, such as the help."""
        self._result("")

    def _result(self, text: str) -> None:
        if self._is_mute or self._out is None:
            return
        try:
            _write(self._out, text)
        except (OSError, ValueError) as error:  # ValueError: the stream was closed
            self._is_mute = True
            _abandon(self._out)
            if isinstance(error, OSError) and error.errno != errno.EPIPE:
                self.note(f"the output cannot be written: {os.strerror(error.errno or errno.EIO)}")


def _terminal(stream: TextIO | None) -> TextIO | None:
    return stream if stream is not None and stream.isatty() else None


def _write(stream: TextIO, text: str) -> None:
    try:
        stream.write(text)
    except UnicodeEncodeError:
        encoding = stream.encoding or "ascii"
        stream.write(text.translate(_PLAIN).encode(encoding, "backslashreplace").decode(encoding))
    stream.flush()


def _abandon(stream: TextIO) -> None:
    """Point the stream nowhere: the interpreter flushes it at exit and would complain."""
    try:
        descriptor = stream.fileno()
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, descriptor)
        os.close(nowhere)
    except (OSError, ValueError):
        return
