"""Where the rows of a table come from, when they are all in memory; `widgets.pages` has those that are not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, NamedTuple, Protocol, TypeVar, runtime_checkable

from octomil_tui.ui.spans import Line

T = TypeVar("T")


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

    def key(self, index: int) -> str | None:
        """Return what identifies the row at `index`, unique in the source; None while it was not read."""

    def index(self, key: str) -> int | None:
        """Return where the row is now, None where it is no longer."""

    def cells(self, index: int) -> Sequence[Line] | None:
        """Return a line per column; None while it was not read."""


@runtime_checkable
class WholeRows(RowSource, Protocol):
    """Rows that are all in memory, so that they can be sorted and picked from."""

    def key(self, index: int) -> str:
        """Return what identifies the row at `index`."""

    def cells(self, index: int) -> Sequence[Line]:
        """Return a line per column."""

    def sorted_by(self, value: int, *, descending: bool) -> WholeRows:
        """Return the rows ordered by their `value`-th sort value; rows without one come last either way."""

    def picked(self, places: Iterable[int]) -> WholeRows:
        """Return only the rows at these places, in this order."""


class ListRows:
    """Rows that were put together before they are shown."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = list(rows)
        self._places: dict[str, int] | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ListRows) and self._rows == other._rows

    __hash__ = None  # type: ignore[assignment] # compared with the rows of before, never a key

    def __len__(self) -> int:
        return len(self._rows)

    def key(self, index: int) -> str:
        """Return what identifies the row at `index`."""
        return self._rows[index].key

    def index(self, key: str) -> int | None:
        """Return where the row is, None where there is none of that key."""
        return self._by_key.get(key)

    @property
    def _by_key(self) -> dict[str, int]:
        if self._places is None:
            self._places = {row.key: place for place, row in enumerate(self._rows)}
        return self._places

    def cells(self, index: int) -> Sequence[Line]:
        """Return a line per column."""
        return self._rows[index].cells

    def sorted_by(self, value: int, *, descending: bool) -> ListRows:
        """Return the rows ordered by their `value`-th sort value; rows without one come last either way."""
        return self.picked(
            _ordered(len(self), lambda index: _sort_value(self._rows[index], value), descending)
        )

    def picked(self, places: Iterable[int]) -> ListRows:
        """Return only the rows at these places, in this order."""
        return ListRows([self._rows[place] for place in places])

    def replaced(self, rows: Iterable[Row]) -> ListRows:
        """Return the rows with these in the places of those with their keys; keys that are not there are left out.

        Costs next to nothing beside the rows that changed: nobody has to put
        a hundred thousand together again because one did.
        """
        places, changed = self._by_key, list(self._rows)
        for row in rows:
            place = places.get(row.key)
            if place is not None:
                changed[place] = row
        new = ListRows(changed)
        new._places = places
        return new


class ItemRows(Generic[T]):
    """Rows that are made of values when they are looked at: thousands of devices cost what a screen costs.

    Args:
        items: The values, in order.
        key: What identifies the row of a value.
        cells: A line per column of a value.
        sort: The n-th sort value of a value.
    """

    def __init__(
        self,
        items: Sequence[T],
        key: Callable[[T], str],
        cells: Callable[[T], Sequence[Line]],
        sort: Callable[[T, int], Orderable | None],
    ) -> None:
        self._items, self._key, self._cells, self._sort = items, key, cells, sort
        self._places: dict[str, int] | None = None

    def __len__(self) -> int:
        return len(self._items)

    def key(self, index: int) -> str:
        """Return what identifies the row at `index`."""
        return self._key(self._items[index])

    def index(self, key: str) -> int | None:
        """Return where the row is, None where there is none of that key."""
        if self._places is None:
            self._places = {self._key(item): place for place, item in enumerate(self._items)}
        return self._places.get(key)

    def cells(self, index: int) -> Sequence[Line]:
        """Return a line per column."""
        return self._cells(self._items[index])

    def sorted_by(self, value: int, *, descending: bool) -> ItemRows[T]:
        """Return the rows ordered by their `value`-th sort value; rows without one come last either way."""
        items, sort = self._items, self._sort
        return self.picked(_ordered(len(items), lambda index: sort(items[index], value), descending))

    def picked(self, places: Iterable[int]) -> ItemRows[T]:
        """Return only the rows at these places, in this order."""
        items = [self._items[place] for place in places]
        return ItemRows(items, self._key, self._cells, self._sort)


def _ordered(count: int, value_at: Callable[[int], Orderable | None], descending: bool) -> list[int]:  # noqa: FBT001
    values: list[Any] = [value_at(index) for index in range(count)]
    known = [index for index, value in enumerate(values) if value is not None]
    known.sort(key=values.__getitem__, reverse=descending)
    return [*known, *(index for index, value in enumerate(values) if value is None)]


def _sort_value(row: Row, value: int) -> Orderable | None:
    return row.sort[value] if value < len(row.sort) else None
