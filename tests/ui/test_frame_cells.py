"""The shortest way from one picture to the next leads to the same picture, whatever is drawn where."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.segment import ControlType, Segment
from rich.style import Style
from textual.strip import Strip

from octomil_tui.ui.cells import Row, SurpriseError
from octomil_tui.ui.pens import PLAIN, Pen, pen_of, turn
from octomil_tui.ui.strokes import Output
from tests.ui.frames import assert_same

WIDTH, HEIGHT = 14, 3
TRUE = ColorSystem.TRUECOLOR

_PIECES = st.sampled_from(
    ["a", "b", " ", "  ", "█", "●", "é", "e\u0301", "界", "語", "🙂", "=  =", "        "]
)
_COLOURS = st.sampled_from([None, "#ff0000", "#00ff00", "red", "bright_blue", "color(200)", "default"])


def _style(flags: set[str], colour: str | None, ground: str | None, link: str | None) -> Style:
    named: dict[str, Any] = dict.fromkeys(flags, True)
    return Style(color=colour, bgcolor=ground, link=link, **named)


_STYLES = st.builds(
    _style,
    st.sets(
        st.sampled_from(["bold", "dim", "italic", "underline", "reverse", "strike", "overline", "blink"]),
        max_size=2,
    ),
    _COLOURS,
    _COLOURS,
    st.sampled_from([None, None, None, "https://a.test/", "https://b.test/"]),
)
_SEGMENTS = st.builds(Segment, _PIECES, st.none() | _STYLES, st.none())
_STRIPS = st.builds(Strip, st.lists(_SEGMENTS, min_size=1, max_size=5), st.none()).filter(
    lambda strip: strip.cell_length <= WIDTH
)
_PLACED = _STRIPS.flatmap(
    lambda strip: st.tuples(
        st.integers(0, HEIGHT - 1), st.integers(0, WIDTH - strip.cell_length), st.just(strip)
    )
)
Placed = tuple[int, int, Strip]


class Paper:
    """A terminal of a few lines that forgets no attribute and no link."""

    _TOLD = re.compile(r"\x1b\[([0-9;]*)([HCDGABmKX])|\x1b\]8;([^\x1b]*)\x1b\\|([^\x1b])")

    def __init__(self) -> None:
        self.cells = [[(" ", PLAIN.attributes, "", "", "")] * WIDTH for _ in range(HEIGHT)]
        self._x = self._y = 0
        self._codes: list[str] = []
        self._link = ""

    def write(self, text: str) -> None:
        at = 0
        while at < len(text):
            found = self._TOLD.match(text, at)
            assert found, f"nothing that is known at {text[at : at + 20]!r}"
            at = found.end()
            numbers, what, link, letter = found.groups()
            if letter is not None:
                self._draw(letter)
            elif link is not None:
                self._link = link.partition(";")[2]
            elif what == "m":
                self._codes += (numbers or "0").split(";")
            elif what in ("K", "X"):
                self._erase(int(numbers or 1) if what == "X" else WIDTH - self._x)
            elif what in ("C", "D"):
                self._x += int(numbers or 1) * (1 if what == "C" else -1)
            elif what in ("A", "B"):
                self._y += int(numbers or 1) * (1 if what == "B" else -1)
            elif what == "G":
                self._x = int(numbers) - 1
            else:
                row, _, column = numbers.partition(";")
                self._y, self._x = int(row or 1) - 1, int(column or 1) - 1

    def _draw(self, letter: str) -> None:
        row, cells = self.cells[self._y], Segment(letter).cell_length
        if cells == 0:
            lead = self._x - 1 - (row[self._x - 1][0] == "")
            row[lead] = (row[lead][0] + letter, *row[lead][1:])
            return
        attributes, colour, ground = _state(self._codes)
        for x in range(self._x, self._x + cells):
            self._lose_halves(row, x)
            row[x] = (letter if x == self._x else "", attributes, colour, ground, self._link)
        self._x += cells

    def _erase(self, cells: int) -> None:
        row, ground = self.cells[self._y], _state(self._codes)[2]
        for x in range(self._x, self._x + cells):
            self._lose_halves(row, x)
            row[x] = (" ", frozenset(), "", ground, "")

    @staticmethod
    def _lose_halves(row: list[tuple[str, frozenset[str], str, str, str]], x: int) -> None:
        before = x - 1 if row[x][0] == "" else -1
        after = x + 1 if x + 1 < WIDTH and row[x + 1][0] == "" else -1
        for half in (before, after):
            if half >= 0:
                row[half] = (" ", *row[half][1:])

    @property
    def seen(self) -> list[list[object]]:
        """Every cell; of a blank with nothing but a ground, the ground."""
        return [[_seen(cell) for cell in row] for row in self.cells]


_ENDS = {"22": "1 2", "23": "3", "24": "4", "25": "5", "27": "7", "29": "9", "55": "53"}


def _state(codes: list[str]) -> tuple[frozenset[str], str, str]:
    attributes: set[str] = set()
    colour = ground = ""
    rest = iter(codes)
    for code in rest:
        if code == "0":
            attributes, colour, ground = set(), "", ""
        elif code in ("38", "48"):
            kind = next(rest)
            value = ";".join([kind, *(next(rest) for _ in range(3 if kind == "2" else 1))])
            colour, ground = (value, ground) if code == "38" else (colour, value)
        elif code in _ENDS:
            attributes -= set(_ENDS[code].split())
        elif re.fullmatch(r"(3|9)\d", code):
            colour = "" if code == "39" else code
        elif re.fullmatch(r"(4|10)\d", code):
            ground = "" if code == "49" else code
        else:
            attributes.add(code)
    return frozenset(attributes), colour, ground


def _seen(cell: tuple[str, frozenset[str], str, str, str]) -> object:
    text, attributes, _, ground, link = cell
    return (text, ground) if text == " " and not link and attributes <= {"1", "2", "3"} else cell


class Shown(list[Row]):
    """Rows of a terminal, with the pen and the cursor as they were left."""

    def __init__(self, height: int) -> None:
        super().__init__(Row(WIDTH) for _ in range(height))
        self.pen: Pen | None = PLAIN
        self.at = (-1, -1)


def written(
    rows: Shown, placed: Sequence[Placed], *, clears: bool = False, cursor: tuple[int, int] | None = (0, 0)
) -> str:
    output = Output(clears=clears, pen=rows.pen, at=rows.at)
    for y, x, strip in placed:
        output.runs(y, rows[y].put(x, strip, TRUE), rows[y])
    text = "" if output.is_empty else output.end(cursor)
    rows.pen, rows.at = (rows.pen, rows.at) if output.is_empty else (output.pen, output.at)
    return text


def stock(placed: Sequence[Placed]) -> str:
    drawn = (
        f"\x1b[{y + 1};{x + 1}H"
        + "".join(Strip.render_style(style or Style(), text, TRUE) for text, style, _ in strip)
        for y, x, strip in placed
    )
    return "".join(drawn) + "\x1b[1;1H"


@settings(max_examples=120, deadline=None)
@given(pictures=st.lists(st.lists(_PLACED, max_size=5), min_size=1, max_size=5), clears=st.booleans())
def test_any_pictures_one_after_the_other_look_the_same(
    pictures: list[list[Placed]], *, clears: bool
) -> None:
    rows = Shown(HEIGHT)
    paper, twin = Paper(), Paper()
    for placed in pictures:
        paper.write(stock(placed))
        twin.write(written(rows, placed, clears=clears))
        assert twin.seen == paper.seen


@settings(max_examples=60, deadline=None)
@given(pictures=st.lists(st.lists(_PLACED, max_size=4), min_size=1, max_size=4))
def test_any_pictures_look_the_same_on_another_terminal(pictures: list[list[Placed]]) -> None:
    rows = Shown(HEIGHT)
    screen, twin = pyte.Screen(WIDTH, HEIGHT), pyte.Screen(WIDTH, HEIGHT)
    streams = pyte.Stream(screen), pyte.Stream(twin)
    # It knows no links.
    links = re.compile(r"\x1b\]8;[^\x1b]*\x1b\\")
    for placed in pictures:
        streams[0].feed(links.sub("", stock(placed)))
        streams[1].feed(links.sub("", written(rows, placed)))
        twin.cursor.x = screen.cursor.x
        assert_same(screen, twin)


def test_the_same_picture_is_not_written_twice() -> None:
    rows = Shown(HEIGHT)
    strip = Strip([Segment("abc", Style(bold=True))])
    assert written(rows, [(0, 0, strip)])
    assert written(rows, [(0, 0, strip)]) == ""
    assert written(rows, [(0, 0, Strip([Segment("abc", Style(bold=True))]))]) == ""


def test_one_digit_costs_one_digit() -> None:
    rows = Shown(HEIGHT)
    written(rows, [(1, 2, Strip([Segment("03:12:41Z")]))])
    assert written(rows, [(1, 2, Strip([Segment("03:12:42Z")]))]) == "\x1b[2;10H2\x1b[1H"


def test_the_rest_of_a_row_is_cleared_where_the_terminal_does_it_right() -> None:
    blank = Strip([Segment("ab"), Segment(" " * 12, Style(bgcolor="red"))])
    assert written(Shown(1), [(0, 0, blank)], clears=True) == "\x1b[1Hab\x1b[41m\x1b[K\x1b[1H"
    assert written(Shown(1), [(0, 0, blank)]) == f"\x1b[1Hab\x1b[41m{' ' * 12}\x1b[1H"


def test_the_cell_after_an_unusual_character_is_looked_up_again() -> None:
    """How wide an emoji is, terminals do not agree on; what follows it must not move."""
    rows = Shown(HEIGHT)
    assert written(rows, [(0, 0, Strip([Segment("🙂b")]))]) == "\x1b[1H🙂\x1b[1;3Hb\x1b[1H"


@pytest.mark.parametrize(
    "segment",
    [
        Segment("a\x1b[2Jb"),
        Segment("a\tb"),
        Segment("\u0301a"),
        Segment("", None, [(ControlType.HOME,)]),
        Segment("x" * 20),
    ],
    ids=["escape", "tab", "combining first", "control", "too long"],
)
def test_what_is_not_text_in_cells_is_left_to_textual(segment: Segment) -> None:
    with pytest.raises(SurpriseError):
        Row(WIDTH).put(0, Strip([segment], 2), TRUE)


@settings(max_examples=200, deadline=None)
@given(before=_STYLES, after=_STYLES)
def test_turning_from_any_pen_to_any_other_leaves_nothing_behind(before: Style, after: Style) -> None:
    paper = Paper()
    paper.write(turn(PLAIN, pen_of(before, TRUE)))
    paper.write(turn(pen_of(before, TRUE), pen_of(after, TRUE)) + "x")
    fresh = Paper()
    fresh.write(Strip.render_style(after, "x", TRUE))
    assert paper.cells[0][0] == fresh.cells[0][0]
