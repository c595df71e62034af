"""Rows of which only the pages around the screen are in memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence

from octomil_tui.ui.spans import Line
from octomil_tui.ui.widgets.rows import Row

PAGES_KEPT = 20


class PagedRows:
    """Rows that are asked for page by page, when they come on the screen; a million of them cost nothing.

    The table says what it shows (`want`); pages of it that are missing, and
    the one that comes next in the direction of travel, are asked for once.
    Whoever reads them answers with `put` or `fail`, and has the table look
    again (`Table.look_again`).

    Args:
        ask: Called with the number of a page, from 0; must not block.
        page_size: Rows of a page.
        total: How many rows there are; None where nobody knows, and the end is found by coming to it.
        kept: Pages in memory at most.
    """

    def __init__(
        self,
        ask: Callable[[int], None],
        *,
        page_size: int = 1_000,
        total: int | None = None,
        kept: int = PAGES_KEPT,
    ) -> None:
        self._ask = ask
        self._size = page_size
        self._total = total
        self._kept = kept
        self._pages: OrderedDict[int, Sequence[Row]] = OrderedDict()
        self._places: dict[str, int] = {}
        self._asked: set[int] = set()
        self._wanted: frozenset[int] = frozenset()
        self._first = 0
        self._end = 0
        """Rows up to the end of the last page that was read."""

    def __len__(self) -> int:
        # Where nobody knows the end there is one row more to go to, which asks for what is behind it.
        return self._total if self._total is not None else self._end + 1

    @property
    def total(self) -> int | None:
        """How many rows there are, None where nobody knows."""
        return self._total

    @property
    def loaded(self) -> int:
        """Rows that are in memory."""
        return sum(map(len, self._pages.values()))

    @property
    def wanted(self) -> frozenset[int]:
        """Pages on the screen and next to it; another one that waits to be read need not be."""
        return self._wanted

    def key(self, index: int) -> str | None:
        """Return what identifies the row at `index`, None while it was not read."""
        row = self._row(index)
        return row.key if row is not None else None

    def index(self, key: str) -> int | None:
        """Return where the row is, None where it is not in memory."""
        return self._places.get(key)

    def cells(self, index: int) -> Sequence[Line] | None:
        """Return a line per column, None while the row was not read."""
        row = self._row(index)
        return row.cells if row is not None else None

    def _row(self, index: int) -> Row | None:
        page = self._pages.get(index // self._size)
        offset = index % self._size
        return page[offset] if page is not None and offset < len(page) else None

    def want(self, first: int, last: int) -> None:
        """Hear that the rows from `first` to `last` are on the screen; asks for what is missing of them."""
        on_screen = range(first // self._size, last // self._size + 1)
        ahead = on_screen[0] - 1 if first < self._first else on_screen[-1] + 1
        self._first = first
        pages = [page for page in (*on_screen, ahead) if self._has(page)]
        self._wanted = frozenset(pages)
        for page in pages:
            if page in self._pages:
                self._pages.move_to_end(page)
            elif page not in self._asked:
                self._asked.add(page)
                self._ask(page)

    def _has(self, page: int) -> bool:
        return page >= 0 and page * self._size < len(self)

    def put(self, page: int, rows: Sequence[Row], *, total: int | None = None) -> None:
        """Take a page that was read, and how many rows there are where the answer says so."""
        self._drop(page)
        self._asked.discard(page)
        self._pages[page] = rows
        begin = page * self._size
        self._places.update({row.key: begin + offset for offset, row in enumerate(rows)})
        self._end = max(self._end, begin + len(rows))
        if total is not None:
            self._total = total
        elif self._total is None and len(rows) < self._size:
            self._total = self._end
        while len(self._pages) > self._kept:
            others = (one for one in self._pages if one not in self._wanted)
            self._drop(next(others, next(iter(self._pages))))

    def fail(self, page: int) -> None:
        """Hear that a page could not be read; it is asked for again when it is looked at again."""
        self._asked.discard(page)

    def _drop(self, page: int) -> None:
        rows = self._pages.pop(page, ())
        begin = page * self._size
        for offset, row in enumerate(rows):
            # A row that moved to another page, which is in memory too, stays there.
            if self._places.get(row.key) == begin + offset:
                del self._places[row.key]
