"""Who wants a request: the console of its own accord, or the person in front of it, and what for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum

LIMIT = 100
"""Requests that the service allows in any minute."""

OWN_LIMIT = 80
"""Of those, how many this console may make of its own accord; the others are kept for the person."""


class Purpose(StrEnum):
    """What a request is for; the words are shown."""

    POLL = "poll"
    WATCH = "watch"
    """A poll of what somebody waits for: it does not stand back for what that person asks besides."""
    REFRESH = "refresh"
    OPEN = "open"
    PREFLIGHT = "preflight"
    SETTLE = "settle"
    COMMAND = "command"
    WRITE = "write"

    @property
    def is_own(self) -> bool:
        """Whether nobody asked for it."""
        return self in (Purpose.POLL, Purpose.WATCH)

    @property
    def reach(self) -> int:
        """Up to how many requests in a minute, of all purposes together, one more for this may be made.

        A person who keeps pressing refresh leaves room for a watch, that for a preflight, and all leave room for the write.
        """
        return _REACH.get(self, LIMIT - 4)


_REACH = {
    Purpose.POLL: OWN_LIMIT,
    Purpose.REFRESH: 88,
    Purpose.OPEN: 88,
    Purpose.WATCH: 95,
    Purpose.WRITE: LIMIT,
}


@dataclass(slots=True)
class Asker:
    """One errand: all the requests that are made for one thing."""

    purpose: Purpose
    what: str = ""
    """What is read, in a word or two, safe to show; such as the kind of a topic."""
    sent: int = 0
    """Requests that left for it so far."""

    @property
    def label(self) -> str:
        """Return who asked, as it is shown and logged: `poll devices`, `preflight`."""
        return f"{self.purpose} {self.what}".strip()


_CURRENT: ContextVar[Asker | None] = ContextVar("asker", default=None)


@contextmanager
def asking(purpose: Purpose, what: str = "") -> Iterator[Asker]:
    """Make everything that is asked for in this block, and by tasks begun in it, count as this errand."""
    asker = Asker(purpose, what)
    token = _CURRENT.set(asker)
    try:
        yield asker
    finally:
        _CURRENT.reset(token)


def current() -> Asker:
    """Return on whose behalf this runs; a person's command where nobody said."""
    return _CURRENT.get() or Asker(Purpose.COMMAND)
