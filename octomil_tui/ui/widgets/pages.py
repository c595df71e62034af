"""Rows of which only the pages around the screen are in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, Protocol, TypeVar

from octomil_tui.ui.spans import Line

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Pages(Protocol[T_co]):
    """Values in pages, of which some are in memory; `engine.pages.DeviceList` fits it."""

    @property
    def size(self) -> int:
        """Values of a page."""

    @property
    def total(self) -> int | None:
        """How many values there are, None where nobody knows."""

    @property
    def version(self) -> int:
        """Another one after every change."""

    def __len__(self) -> int:
        """Return how many places there are to go to."""

    def device(self, index: int) -> T_co | None:
        """Return the value at a place, None where it is not in memory."""

    def place(self, device_id: str) -> int | None:
        """Return where a value is, None where it is not in memory."""


class PagedRows(Generic[T]):
    """Rows that are read page by page, when they come on the screen; a million of them cost nothing.

    The table says what it shows (`want`); the pages of it, and the one that
    comes next in the direction of travel, are handed on. Whoever reads them
    has the table look again (`Table.look_again`).

    Args:
        pages: The values.
        key: What identifies the row of a value.
        cells: A line per column of a value.
        look: Called with the pages on the screen and those that come next; must not block.
    """

    def __init__(
        self,
        pages: Pages[T],
        key: Callable[[T], str],
        cells: Callable[[T], Sequence[Line]],
        look: Callable[[tuple[int, ...], tuple[int, ...]], None],
    ) -> None:
        self._pages, self._key, self._cells, self._look = pages, key, cells, look
        self._first = 0
        self._goes_up = False

    def __len__(self) -> int:
        return len(self._pages)

    @property
    def total(self) -> int | None:
        """How many rows there are, None where nobody knows."""
        return self._pages.total

    @property
    def version(self) -> int:
        """Another one after every change of what is in memory."""
        return self._pages.version

    def key(self, index: int) -> str | None:
        """Return what identifies the row at `index`, None while it was not read."""
        value = self._pages.device(index)
        return self._key(value) if value is not None else None

    def index(self, key: str) -> int | None:
        """Return where the row is, None where it is not in memory."""
        return self._pages.place(key)

    def cells(self, index: int) -> Sequence[Line] | None:
        """Return a line per column, None while the row was not read."""
        value = self._pages.device(index)
        return self._cells(value) if value is not None else None

    def want(self, first: int, last: int) -> None:
        """Hear that the rows from `first` to `last` are on the screen."""
        size = self._pages.size
        on_screen = range(first // size, last // size + 1)
        if first != self._first:
            self._first, self._goes_up = first, first < self._first
        ahead = on_screen[0] - 1 if self._goes_up else on_screen[-1] + 1
        shown = tuple(page for page in reversed(on_screen) if self._has(page))
        self._look(shown, (ahead,) if self._has(ahead) else ())

    def _has(self, page: int) -> bool:
        return page >= 0 and page * self._pages.size < len(self)
