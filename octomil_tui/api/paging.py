"""Reading a list to its end, whichever way the service pages. Pure: says what to ask next.

Two ways exist: `limit` and `offset` with a `total`, and `limit` and `cursor`
with a `next_cursor`. A service may do either, both, neither, or lie; so the
end is also an empty page, a page without anything new, a cursor that was there
before, and a cap.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from octomil_tui.api.decode import Page

RowT = TypeVar("RowT")

ROW_CAP = 10_000
"""Rows of one list that are read at most; `Reading.total` says when there are more."""

MEMBER_CAP = 20_000
"""Members of one group that are read at most: what a person rolls back, before anything is sent."""

PAGE_CAP = 100
"""Pages of one list that are read at most."""


class Pager(Generic[RowT]):
    """Collects the pages of one list.

    Args:
        identity: The id of a row: a row that moved from one page to the next
            while they were read must not count twice.
        limit: Rows to ask for at a time.
        row_cap: Rows to read at most.
    """

    def __init__(self, identity: Callable[[RowT], object], limit: int, row_cap: int = ROW_CAP) -> None:
        self._identity = identity
        self._row_cap = row_cap
        self._rows: dict[object, RowT] = {}
        self._cursors: set[str] = set()
        self._cursor: str | None = None
        self._offset = 0
        self._pages = 0
        self.limit = limit
        self.unreadable = 0
        """Rows that were given up so far."""
        self.total: int | None = None
        """How many the service says there are."""

    @property
    def rows(self) -> tuple[RowT, ...]:
        """The rows so far, in the service's order, each once."""
        return tuple(self._rows.values())

    @property
    def is_first(self) -> bool:
        """Whether no page was taken in yet."""
        return self._pages == 0

    @property
    def number(self) -> int:
        """Which page is asked for next, from 1."""
        return self._pages + 1

    @property
    def params(self) -> dict[str, str]:
        """The query for the next page."""
        query = {"limit": str(self.limit)}
        if self._cursor is not None:
            query["cursor"] = self._cursor
        else:
            query["offset"] = str(self._offset)
        return query

    def take(self, page: Page[RowT]) -> bool:
        """Take a page in, and return whether there is another one to ask for."""
        known = len(self._rows)
        for row in page.rows:
            self._rows.setdefault(self._identity(row), row)
        brought_something = len(self._rows) > known or self.is_first
        self._pages += 1
        self._offset += page.count
        self.total = page.total if page.total is not None else self.total
        if not brought_something:
            return False
        self.unreadable += page.unreadable
        has_room = self._pages < PAGE_CAP and len(self._rows) < self._row_cap
        return page.count > 0 and has_room and self._continues(page)

    def _continues(self, page: Page[RowT]) -> bool:
        if page.next_cursor:
            if page.next_cursor in self._cursors:
                return False
            self._cursors.add(page.next_cursor)
            self._cursor = page.next_cursor
            return True
        if self._cursor is not None or page.has_more is False:
            return False
        if page.has_more:
            return True
        if self.total is not None:
            return self._offset < self.total
        return page.count >= self.limit  # a full page of a list without a total may not be all
