"""The shortest way from what a terminal shows to the next picture: where the pen goes, and how it is turned.

A change of pen costs 20 bytes and more, a step to another place 8 at most. So
what is drawn alike is drawn together, wherever it stands, unless drawing row
by row happens to be shorter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from octomil_tui.ui.cells import Row
from octomil_tui.ui.pens import PLAIN, Pen, on_ground, turn

_TAIL, _STRETCH = 3, 12
"""Blanks, at the end of a row and within it, that are no dearer written than cleared."""
_SORTED: Final = 300
"""Strokes up to which it is worth looking for a better order; a whole picture is drawn row by row."""
_NOWHERE: Final = (-1, -1)
_OWN: Final = frozenset({*map(chr, range(0x2500, 0x2600)), *"·×…→↵✓"})  # noqa: RUF001 - the sign, not the letter
"""What this product draws beside ASCII; of other characters only the terminal knows how many cells they take."""


class Stroke(NamedTuple):
    """Cells of one row that one pen draws, as they were when it was asked for."""

    y: int
    start: int
    end: int
    """The cell before which it ends."""
    texts: list[str | None]
    """From `start` on, with the cell after the end: it may be the second half of a wide character."""
    pens: list[Pen | None]
    pen: Pen
    width: int
    """Cells of the row."""


class Output:
    """Collects what a terminal has to be told: where, how, what; as little of it as it takes.

    Args:
        clears: Whether the terminal clears with the ground of the pen.
        pen: The pen that was left in the terminal; None where nobody knows.
        at: The column and row on which the cursor was left; -1 where that is not certain.
    """

    def __init__(
        self, *, clears: bool = False, pen: Pen | None = PLAIN, at: tuple[int, int] = _NOWHERE
    ) -> None:
        self._clears = clears
        self._strokes: list[Stroke] = []
        self._spans: dict[int, list[tuple[int, int]]] = {}
        self._has_order = False
        self.pen = pen
        """The pen that is left in the terminal."""
        self.at = at
        """Where the cursor is left."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing has to be written."""
        return not self._strokes

    def runs(self, y: int, runs: Iterable[tuple[int, int]], row: Row) -> None:
        """Write runs of a row's cells, each from one cell to before another."""
        for start, end in runs:
            spans = self._spans.setdefault(y, [])
            # What is drawn over something else of the same picture has to come after it.
            self._has_order |= any(start < last and first < end for first, last in spans)
            spans.append((start, end))
            self._strokes += _strokes(y, start, end, row)
            # Where a character takes more cells than it should, what follows it has to be drawn after it.
            self._has_order |= not all(map(_is_known, filter(None, row.texts[start:end])))

    def end(self, cursor: tuple[int, int] | None = None) -> str:
        """Return all of it, with the cursor left on a cell, or where it happens to be."""
        hand = self._drawn(self._strokes)
        if 1 < len(self._strokes) <= _SORTED and not self._has_order:
            other = self._drawn(_by_pen(self._strokes, self.pen or PLAIN))
            hand = min(hand, other, key=lambda one: one.length)
        if cursor is not None:
            hand.move(*cursor)
        self.pen, self.at = hand.pen, (hand.x, hand.y)
        return "".join(hand.parts)

    def _drawn(self, strokes: Iterable[Stroke]) -> _Hand:
        hand = _Hand(self.pen, self.at, clears=self._clears)
        for stroke in strokes:
            hand.draw(stroke)
        return hand


def _strokes(y: int, start: int, end: int, row: Row) -> Iterable[Stroke]:
    """Yield a run in pieces of one pen each; blanks go with what they stand beside."""
    begin, pen = start, None
    for x in range(start, end):
        text, other = row.texts[x], row.pens[x]
        if not text or other is None or other is pen:
            continue
        if pen is not None and pen.ground == other.ground and pen.is_bare and other.is_bare:
            if text == " ":
                continue
            if pen.blank is pen:
                # So far there were blanks alone.
                pen = other
                continue
        if pen is not None:
            yield _stroke(y, begin, x, row, pen)
        begin, pen = x, other
    if pen is not None:
        yield _stroke(y, begin, end, row, pen)


def _stroke(y: int, start: int, end: int, row: Row, pen: Pen) -> Stroke:
    texts, pens = row.texts[start : end + 1], row.pens[start : end + 1]
    return Stroke(y, start, end, texts, pens, pen, len(row.texts))


def _by_pen(strokes: Sequence[Stroke], pen: Pen) -> Iterable[Stroke]:
    """Yield the strokes of one pen after those of another, beginning with the one that is nearest to what is there."""
    groups: dict[Pen, list[Stroke]] = {}
    for stroke in strokes:
        groups.setdefault(stroke.pen, []).append(stroke)
    while groups:
        pen = min(groups, key=lambda one: len(turn(pen, one)))
        yield from groups.pop(pen)


class _Hand:
    """Draws strokes, one after the other."""

    def __init__(self, pen: Pen | None, at: tuple[int, int], *, clears: bool) -> None:
        self._clears = clears
        # A terminal of which nobody knows how it draws begins anew.
        self.parts: list[str] = [] if pen is not None else ["\x1b[m"]
        self.pen = pen or PLAIN
        self.x, self.y = at

    @property
    def length(self) -> int:
        """How much there is to write."""
        return sum(map(len, self.parts))

    def draw(self, stroke: Stroke) -> None:
        """Draw the cells of a stroke."""
        texts, pens, first, y = stroke.texts, stroke.pens, stroke.start, stroke.y
        place, end = 0, stroke.end - first
        while place < end:
            text, pen, x = texts[place], pens[place], first + place
            if not text or pen is None:
                place += 1
                continue
            if (x, y) != (self.x, self.y):
                self.move(x, y)
            if pen is not self.pen:
                self._take(pen, is_blank=text == " ")
            blanks = self._blanks(place, stroke) if text == " " else 0
            if blanks:
                # The cursor stays where it is.
                self.parts.append("\x1b[K" if x + blanks == stroke.width else f"\x1b[{blanks}X")
                place += blanks
                continue
            self.parts.append(text)
            place += 1
            # How many cells an unusual character takes is for the terminal to say, and after the last cell of a
            # row the cursor is nowhere.
            self.x = x + 1 if _is_known(text) and x + 1 < stroke.width else -1

    def _blanks(self, place: int, stroke: Stroke) -> int:
        """Return how many blanks from there on are cheaper cleared than written; 0 for none."""
        pen = stroke.pens[place]
        if not self._clears or not self.pen.is_bare or pen is None or not pen.is_bare:
            return 0
        last, end = place + 1, stroke.end - stroke.start
        while last < end and stroke.texts[last] == " " and stroke.pens[last] is pen:
            last += 1
        is_tail = stroke.start + last == stroke.width
        return last - place if last - place > (_TAIL if is_tail else _STRETCH) else 0

    def _take(self, pen: Pen, *, is_blank: bool) -> None:
        if is_blank and pen.is_bare and self.pen.is_bare:
            # Only the ground of a blank is seen; its colour can wait for the next letter.
            pen = self.pen if pen.ground == self.pen.ground else on_ground(self.pen, pen.ground)
        if pen is not self.pen:
            self.parts.append(turn(self.pen, pen))
            self.pen = pen

    def move(self, x: int, y: int) -> None:
        """Go to a cell the shortest way."""
        if (x, y) == (self.x, self.y):
            return
        way = f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H"
        if self.x >= 0 and y == self.y:
            way = min(way, _steps(x - self.x, "C", "D"), f"\x1b[{x + 1}G", key=len)
        elif self.x == x:
            way = min(way, _steps(y - self.y, "B", "A"), key=len)
        self.parts.append(way)
        self.x, self.y = x, y


def _is_known(text: str) -> bool:
    """Say whether every terminal draws this in one cell."""
    return text.isascii() or text in _OWN


def _steps(count: int, forth: str, back: str) -> str:
    direction, number = (forth, count) if count > 0 else (back, -count)
    return f"\x1b[{number}{direction}" if number > 1 else f"\x1b[{direction}"
