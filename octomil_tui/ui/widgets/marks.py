"""Which rows of a table are marked: by key, so that sorting and filtering change nothing about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Marks:
    """Keys of rows, in the order in which they were marked."""

    keys: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.keys)

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys)

    def __contains__(self, key: object) -> bool:
        return key in self.keys

    def turned(self, key: str) -> Marks:
        """Return the marks with this row marked, or no longer."""
        if key in self.keys:
            return Marks(tuple(one for one in self.keys if one != key))
        return Marks((*self.keys, key))

    def among(self, is_there: Callable[[str], bool]) -> Marks:
        """Return the marks of the rows that are still there; the same object where all are."""
        kept = tuple(key for key in self.keys if is_there(key))
        return self if len(kept) == len(self.keys) else Marks(kept)

    def after(self, place: int, places: Iterable[int], step: int) -> int | None:
        """Return the next marked place after `place`, or before it; round the end; None where there is none.

        Args:
            place: Where the cursor is.
            places: Where the marked rows are.
            step: 1 for the next, -1 for the one before.
        """
        ordered = sorted(places, reverse=step < 0)
        beyond = (one for one in ordered if (one - place) * step > 0)
        return next(beyond, ordered[0] if ordered else None)
