"""Which page of a screen that nobody touches is shown, and when the next one comes. Pure."""

from __future__ import annotations

from dataclasses import dataclass

TURN = 20.0
"""Seconds that a page stays: a dozen lines can be read twice."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One of several pages that take turns."""

    page: int = 0
    """From 0."""
    pages: int = 1
    since: float = 0.0
    """This machine's monotonic clock when the page was turned to."""

    def seen(self, pages: int, mono: float, *, is_held: bool) -> Turn:
        """Return which page is shown now.

        However much time went by, at most one page is turned. What is held is
        the first page, and when it is let go the first page stays for its time.

        Args:
            pages: How many there are.
            mono: This machine's monotonic clock.
            is_held: Whether the first page must not be left.
        """
        pages = max(1, pages)
        is_new = 1 in (pages, self.pages)
        if is_held or is_new or self.page >= pages:
            return Turn(0, pages, mono)
        if mono - self.since >= TURN:
            return Turn((self.page + 1) % pages, pages, mono)
        return Turn(self.page, pages, self.since)

    def left(self, mono: float) -> float:
        """Return the seconds until the next page."""
        return min(TURN, max(0.0, self.since + TURN - mono))
