"""Who writes to the disk while nobody waits for it: one thread, one thing after the other."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, Protocol, TypeVar

T = TypeVar("T")


class Writing(Protocol):
    """Carries out what is to be written, in the order in which it is given."""

    def later(self, write: Callable[[], object]) -> None:
        """Have something written that nobody waits for; it must not raise."""

    def now(self, write: Callable[[], T]) -> T:
        """Have something written after all that was given before, and return what it returns, or raise what it raises."""


class AtOnce:
    """Writes in the thread that asks; for commands, in which nothing else goes on meanwhile."""

    def later(self, write: Callable[[], object]) -> None:
        """Write it now."""
        write()

    def now(self, write: Callable[[], T]) -> T:
        """Write it now."""
        return write()


_MOMENT: Final = 0.02
"""Seconds that what nobody waits for waits: what it is about, a request, has still to leave."""


def _after_a_moment(write: Callable[[], object]) -> None:
    time.sleep(_MOMENT)
    write()


class InOrder:
    """Writes in a thread of its own, which begins with the first thing to write.

    A disk can take a second for what a screen has no time to wait for. The end
    of the process waits until everything is written.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="records")

    def later(self, write: Callable[[], object]) -> None:
        """Have it written as soon as what was given before is."""
        self._thread.submit(_after_a_moment, write)

    def now(self, write: Callable[[], T]) -> T:
        """Wait until it is written; never to be called from what is being written."""
        return self._thread.submit(write).result()
