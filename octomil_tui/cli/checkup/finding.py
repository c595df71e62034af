"""One thing that was looked at, and how it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from textwrap import wrap
from typing import Final

from octomil_tui.cli.exits import Exit

_TOPIC: Final = 12
"""Columns of the topic."""
_NARROWEST: Final = 40


class Mark(StrEnum):
    """How one thing is."""

    OK = "ok"
    WRONG = "wrong"
    """Something will not work, or not as it should."""
    UNKNOWN = "unknown"
    """It could not be looked at, or may be meant so."""

    @property
    def sign(self) -> str:
        """Two letters that begin a line."""
        return {"ok": "ok", "wrong": "!!"}.get(self.value, "??")


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the result."""

    topic: str
    """One or two words."""
    mark: Mark
    text: str
    """How it is."""
    advice: str = ""
    """What to do, where something is to be done."""
    exit: Exit = Exit.FAILED
    """What the whole command ends in, where this is wrong."""

    @property
    def line(self) -> str:
        """The finding for people."""
        return (
            f"{self.mark.sign}  {self.topic:<{_TOPIC}}{self.text}{f'; {self.advice}' if self.advice else ''}"
        )

    def lines(self, columns: int | None) -> list[str]:
        """Return the finding for a terminal of so many columns, what goes on indented; one line for None."""
        if columns is None:
            return [self.line]
        return wrap(
            self.line, max(columns, _NARROWEST), subsequent_indent=" " * (_TOPIC + 4), break_on_hyphens=False
        )


def fine(topic: str, text: str) -> Finding:
    """Return that something is as it should be."""
    return Finding(topic, Mark.OK, text)


def wrong(topic: str, text: str, advice: str = "", exit: Exit = Exit.FAILED) -> Finding:  # noqa: A002 - its name
    """Return that something is not as it should be."""
    return Finding(topic, Mark.WRONG, text, advice, exit)


def unknown(topic: str, text: str, advice: str = "") -> Finding:
    """Return that something could not be looked at, or may be meant so."""
    return Finding(topic, Mark.UNKNOWN, text, advice)
