"""What a terminal shows, cell by cell, and what differs in the next picture; `ui/strokes.py` has the way there.

Nothing here knows an app: rows of styled text go in.
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

from octomil_tui.ui.pens import PLAIN, Pen, pen_of

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_NEAR: Final = 4
"""Cells that are cheaper to write again than to step over."""


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
