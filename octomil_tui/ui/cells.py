"""What a terminal shows, cell by cell, and the shortest way from one picture to the next.

Nothing here knows an app: rows of styled text go in, what a terminal obeys comes out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from rich.cells import split_graphemes
from rich.color import ColorSystem
from rich.segment import Segment
from textual.strip import Strip

from octomil_tui.ui.pens import PLAIN, Pen, on_ground, pen_of, turn

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_NEAR: Final = 4
"""Cells that are cheaper to write again than to step over."""
_TAIL, _STRETCH = 3, 12
"""Blanks, at the end of a row and within it, that are no dearer written than cleared."""


class SurpriseError(Exception):
    """Something that is not known cell by cell; Textual has to paint it."""


def cells_of(text: str) -> Iterable[str]:
    """Return the text of each cell; the second cell of a wide character is empty.

    Raises:
        SurpriseError: What the text does to a terminal cannot be told from it.
    """
    if text.isascii() and text.isprintable():
        return text
    return _split(text)


@lru_cache(maxsize=4096)
def _split(text: str) -> tuple[str, ...]:
    if _CONTROL.search(text):
        raise SurpriseError
    cells: list[str] = []
    for start, end, width in split_graphemes(text)[0]:
        if width == 0:
            # It belongs to whatever stands before it, and that may be another piece.
            raise SurpriseError
        cells += (text[start:end], *("",) * (width - 1))
    return tuple(cells)


class Row:
    """One row of the terminal; None where nobody knows what it shows."""

    __slots__ = ("drawn", "pens", "texts")

    def __init__(self, width: int) -> None:
        self.texts: list[str | None] = [None] * width
        self.pens: list[Pen | None] = [None] * width
        self.drawn: dict[int, Strip] = {}
        """What was drawn last, by its first cell: the same object need not be looked at again."""

    def put(self, x: int, strip: Strip, colours: ColorSystem) -> list[tuple[int, int]]:
        """Take over what is drawn from cell `x` on; return the runs of cells that differ from what was there.

        Raises:
            SurpriseError: It does not fit, or is not text alone.
        """
        if self.drawn.get(x) is strip:
            return []
        texts: list[str] = []
        pens: list[Pen] = []
        for segment in strip:
            cells = _cells(segment)
            pen = pen_of(segment.style, colours) if segment.style else PLAIN
            texts += cells
            if pen.blank is pen or " " not in cells:
                pens += [pen] * (len(texts) - len(pens))
            else:
                pens += [pen.blank if cell == " " else pen for cell in cells]
        end = x + len(texts)
        if x < 0 or end > len(self.texts):
            raise SurpriseError
        for start, other in list(self.drawn.items()):
            if start < end and x < start + other.cell_length:
                del self.drawn[start]
        self.drawn[x] = strip
        if self.texts[x:end] == texts and self.pens[x:end] == pens:
            return []
        runs = self._runs(x, texts, pens)
        self.texts[x:end], self.pens[x:end] = texts, pens
        return runs

    def _runs(self, x: int, texts: list[str], pens: list[Pen]) -> list[tuple[int, int]]:
        runs: list[tuple[int, int]] = []
        old_texts, old_pens = self.texts, self.pens
        for i, (text, pen) in enumerate(zip(texts, pens, strict=True)):
            at = x + i
            if old_texts[at] == text and old_pens[at] is pen:
                continue
            start = i
            while start and not texts[start]:
                # Half of a wide character cannot be written.
                start -= 1
            last = runs[-1][1] - x if runs else -_NEAR - 1
            if start <= last or (start - last <= _NEAR and _is_plain_gap(texts, pens, last, start)):
                runs[-1] = (runs[-1][0], at + 1)
            else:
                runs.append((x + start, at + 1))
        return runs


def _is_plain_gap(texts: list[str], pens: list[Pen], start: int, end: int) -> bool:
    """Say whether the cells between two runs cost no more than their letters."""
    near = (pens[start - 1], pens[start - 1].blank)
    return all(len(texts[i]) == 1 and texts[i].isascii() and pens[i] in near for i in range(start, end))


def _cells(segment: Segment) -> Iterable[str]:
    if segment.control:
        raise SurpriseError
    return cells_of(segment.text)


class Output:
    """Collects what a terminal has to be told: where, how, what; as little of it as it takes.

    Args:
        clears: Whether the terminal clears with the ground of the pen.
    """

    def __init__(self, *, clears: bool = False) -> None:
        self._clears = clears
        self._parts: list[str] = []
        self._pen = PLAIN
        self._x = self._y = -1
        """Where the cursor is; -1 where that is not certain."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing has to be written."""
        return not self._parts

    def runs(self, y: int, runs: Iterable[tuple[int, int]], row: Row) -> None:
        """Write runs of a row's cells, each from one cell to before another."""
        for start, end in runs:
            self._run(y, start, end, row)

    def _run(self, y: int, start: int, end: int, row: Row) -> None:
        x = start
        while x < end:
            text, pen = row.texts[x], row.pens[x]
            if not text or pen is None:
                x += 1
                continue
            if (x, y) != (self._x, self._y):
                self._move(x, y)
            if pen is not self._pen:
                self._take(pen, is_blank=text == " ")
            blanks = self._blanks(x, end, row) if text == " " else 0
            if blanks:
                # The cursor stays where it is.
                self._parts.append("\x1b[K" if x + blanks == len(row.texts) else f"\x1b[{blanks}X")
                x += blanks
                continue
            self._parts.append(text)
            x += 1
            # How many cells an unusual character takes is for the terminal to say.
            is_usual = text.isascii() or (x < len(row.texts) and len(text) == 1 and row.texts[x] != "")
            self._x = x if is_usual else -1

    def _blanks(self, x: int, end: int, row: Row) -> int:
        """Return how many blanks from here on are cheaper cleared than written; 0 for none."""
        pen = row.pens[x]
        if not self._clears or not self._pen.is_bare or pen is None or not pen.is_bare:
            return 0
        last = x + 1
        while last < end and row.texts[last] == " " and row.pens[last] is pen:
            last += 1
        return last - x if last - x > (_TAIL if last == len(row.texts) else _STRETCH) else 0

    def _take(self, pen: Pen, *, is_blank: bool) -> None:
        if is_blank and pen.is_bare and self._pen.is_bare:
            # Only the ground of a blank is seen; its colour can wait for the next letter.
            pen = self._pen if pen.ground == self._pen.ground else on_ground(self._pen, pen.ground)
        if pen is not self._pen:
            self._parts.append(turn(self._pen, pen))
            self._pen = pen

    def _move(self, x: int, y: int) -> None:
        if y == self._y and 0 <= self._x < x:
            steps = x - self._x
            self._parts.append(f"\x1b[{steps}C" if steps > 1 else "\x1b[C")
        else:
            self._parts.append(f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H")
        self._x, self._y = x, y

    def end(self, x: int, y: int) -> str:
        """Return all of it, with the pen put away and the cursor left on a cell."""
        if self._pen is not PLAIN:
            self._parts.append(turn(self._pen, PLAIN))
            self._pen = PLAIN
        if (x, y) != (self._x, self._y):
            self._move(x, y)
        return "".join(self._parts)
