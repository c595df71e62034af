"""Aligned columns of plain text."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from octomil_tui.domain.text import clean

GAP = "  "
_WIDE = frozenset({"W", "F"})


def table(header: Sequence[str], rows: Iterable[Sequence[str]], *, right: Iterable[int] = ()) -> list[str]:
    """Return the lines of a table; every cell is made safe here, so that columns stay where they are.

    Args:
        header: One word per column.
        rows: The cells, as many as the header has.
        right: Places of the columns that hold numbers.
    """
    cells = [[clean(cell) for cell in row] for row in (header, *rows)]
    widths = [max(_width(row[place]) for row in cells) for place in range(len(header))]
    numbers = frozenset(right)
    return [
        GAP.join(
            _padded(cell, widths[place], is_right=place in numbers) for place, cell in enumerate(row)
        ).rstrip()
        for row in cells
    ]


def _padded(cell: str, width: int, *, is_right: bool) -> str:
    space = " " * (width - _width(cell))
    return space + cell if is_right else cell + space


def _width(text: str) -> int:
    """Return how many columns of a terminal the text takes."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in _WIDE else 1 for c in text
    )
