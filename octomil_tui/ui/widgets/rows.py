"""Where the rows of a table come from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from octomil_tui.ui.spans import Line


class Orderable(Protocol):
    """A value that can be sorted among its like."""

    def __lt__(self, other: Any, /) -> bool: ...


class Row(NamedTuple):
    """One row: what identifies it, a line per column, and what its columns sort by."""

    key: str
    cells: Sequence[Line]
    sort: Sequence[Orderable | None] = ()


class RowSource(Protocol):
    """Rows that a table shows; it asks only for those on the screen."""

    def __len__(self) -> int: ...

    def key(self, index: int) -> str:
        """Return what identifies the row at `index`, unique in the source."""

    def index(self, key: str) -> int | None:
        """Return where the row is now, None where it is no longer."""

    def cells(self, index: int) -> Sequence[Line]:
        """Return a line per column."""


class ListRows:
    """Rows that are all in memory."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = tuple(rows)
        self._places = {row.key: place for place, row in enumerate(self._rows)}

    def __len__(self) -> int:
        return len(self._rows)

    def key(self, index: int) -> str:
        """Return what identifies the row at `index`."""
        return self._rows[index].key

    def index(self, key: str) -> int | None:
        """Return where the row is, None where there is none of that key."""
        return self._places.get(key)

    def cells(self, index: int) -> Sequence[Line]:
        """Return a line per column."""
        return self._rows[index].cells

    def sorted_by(self, value: int, *, descending: bool) -> ListRows:
        """Return the rows ordered by their `value`-th sort value; rows without one come last either way."""
        known = [(row.sort[value], row) for row in self._rows if _sort_value(row, value) is not None]
        unknown = [row for row in self._rows if _sort_value(row, value) is None]
        ordered = sorted(known, key=_first, reverse=descending)
        return ListRows([*(row for _, row in ordered), *unknown])


def _sort_value(row: Row, value: int) -> Orderable | None:
    return row.sort[value] if value < len(row.sort) else None


def _first(pair: tuple[Any, Row]) -> Any:
    return pair[0]
