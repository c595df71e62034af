"""Hostile names on the installed console in a real terminal, through every screen: raw bytes and the screen itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.faults.odd_names import OddNames
from tests.faults.terminal_bytes import foreign
from tests.faults.walk import GROUP, PLACES, begin, still, walk
from tests.terminal.pty import Terminal

ESCAPES = "\x1b]52;c;cm0gLXJm\x07\x1b]0;owned\x1b\\\x1bc\x1b[6n"
CONTROLS = "\x9b2J\x9d0;owned\x9c\x00\x7f\x90q\x0e\x85"
LAYOUT = "\u0301\u0301\u0301\u0301界a\u202eb\u2066c\u200bd\ufeff\u2028e\U000e0041\u00ad\ud800\n\r\t\x0b"
MARKUP = "[@click=app.interrupt]x[/] [/] x[/]y [/foo] [blink [link=https://evil.test]z[/link]"
TYPED = f"[@click=app.interrupt]x[/]y [/foo] [link=https://evil.test]z[/link] {CONTROLS}\u202e"
"""A reason that somebody pastes."""
SIZES = [(80, 24), (160, 48)]

CLICKED = ("fleet", "toast", "model", "device", "preview", "confirm", "refused", "watch", "error")
"""Where a click on a name leads nowhere; in lists to choose from it chooses, whatever the name is."""
ROWS = 3
"""Rows of each place that are clicked."""

WITH_ONE_ROW = ("fleet", "toast", "models", "error")
"""Where a table has one row only, which a second click opens."""

Cells = list[str]
"""One row of a screen, a character with its marks in each cell."""


@dataclass
class Walk:
    """What a walk left behind."""

    raw: bytes = b""
    screens: dict[str, list[Cells]] = field(default_factory=dict)
    writes: int = 0

    def text(self, place: str) -> str:
        return "\n".join("".join(row) for row in self.screens[place])


def cells(terminal: Terminal) -> list[Cells]:
    screen = terminal.screen
    return [[screen.buffer[y][x].data for x in range(screen.columns)] for y in range(screen.lines)]


def walked(
    size: tuple[int, int],
    state: Path,
    *attacks: str,
    touch: Callable[[Terminal, str], None] = lambda *_: None,
) -> Walk:
    seen = Walk()
    with OddNames(*attacks, spared=[GROUP]) as service, begin(service, size, state) as terminal:

        def look(place: str) -> None:
            still(terminal)
            seen.screens[place] = cells(terminal)
            touch(terminal, place)

        walk(terminal, service, look, TYPED)
        seen.raw, seen.writes = terminal.raw, len(service.writes)
        assert terminal.left_on == set()
    return seen


@pytest.fixture(scope="module", params=SIZES, ids=["80x24", "160x48"])
def controls(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Walk:
    """A fleet whose names are controls and characters that move others."""
    return walked(request.param, tmp_path_factory.mktemp("state"), ESCAPES, CONTROLS, LAYOUT)


@pytest.fixture(scope="module", params=SIZES, ids=["80x24", "160x48"])
def markup(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Walk:
    """A fleet whose names are markup, clicked wherever they show."""
    return walked(request.param, tmp_path_factory.mktemp("state"), MARKUP, touch=click_on_names)


def click_on_names(terminal: Terminal, place: str) -> None:
    """Click on every cell of each name; between two of a row on the one next to it, or the second would open it."""
    if place not in CLICKED:
        return
    cells = [
        (x, y)
        for y, line in enumerate(terminal.lines)
        for found in re.finditer(r"\[@\S*|\[…", line)
        for x in range(*found.span())
        if y and GROUP not in line and not (place in WITH_ONE_ROW and "▌" in line)
    ]
    rows = sorted({y for _, y in cells})[:ROWS]
    for x, y in cells:
        if y not in rows:
            continue
        for beside in sorted(set(rows) - {y}, key=lambda other: abs(other - y))[:1]:
            terminal.click(next(other for other, row in cells if row == beside), beside)
        terminal.click(x, y)
    still(terminal)


def test_case_01_no_name_sends_a_sequence_to_the_terminal(controls: Walk) -> None:
    assert set(controls.screens) == set(PLACES)
    assert foreign(controls.raw) == []
    assert b"cm0gLXJm\x07" not in controls.raw
    for place in set(PLACES) - {"palette", "leave", "summary"}:
        assert re.search(r"\\x[019][0-9b-f]|\\u202e|…", controls.text(place)), place
    assert "\\x1b]52;c;" in controls.text("device")
    assert controls.writes == 1


def test_case_02_no_control_reaches_the_terminal(controls: Walk) -> None:
    said = controls.raw.decode()
    assert not re.search(r"[\x80-\x9f\x00\x7f]", said)
    assert "\\x9b2J" in controls.text("device")


def test_case_03_a_click_on_a_name_does_nothing(markup: Walk) -> None:
    assert "[@click=app.interrupt]x[/]" in markup.text("device")
    assert b"ctrl+c again" not in markup.raw


def test_case_04_markup_is_shown_as_it_is(markup: Walk) -> None:
    for place in set(PLACES) - {"palette", "leave", "summary"}:
        assert "[@cl" in markup.text(place) or "[…" in markup.text(place), place
    assert "[/foo]" in markup.text("confirm")
    assert foreign(markup.raw) == []
    assert markup.writes == 1


RIGHT_EDGES = {"groups": ("DEV", "ON", "STALE", "OFF"), "device": ("LAST SYNC",), "model": ("ON",)}
"""Columns whose text ends where their heading does."""


@pytest.mark.parametrize("place", ["preview", "confirm"])
def test_case_05_long_names_hide_no_scope(controls: Walk, place: str) -> None:
    assert f"SCOPE: GROUP {GROUP} ONLY, 12 of 124 devices" in controls.text(place)
    assert "12 CHANGE" in controls.text(place)


@pytest.mark.parametrize("place", RIGHT_EDGES)
def test_case_05_columns_stay_where_they_are(controls: Walk, place: str) -> None:
    screen = controls.screens[place]
    head = next(y for y, row in enumerate(screen) if f" {RIGHT_EDGES[place][0]} " in f"{''.join(row)} ")
    rows = screen[head + 1 : head + 5]
    for heading in RIGHT_EDGES[place]:
        right = "".join(screen[head]).index(f" {heading}") + len(heading)
        for row in rows:
            assert re.fullmatch(r"\d|[smhd]", row[right]), "".join(row)
            assert row[right + 1] in " │", "".join(row)


@pytest.mark.parametrize("place", sorted(set(PLACES) - {"summary"}))
def test_case_05_a_name_stays_on_its_line(controls: Walk, place: str) -> None:
    screen = controls.screens[place]
    shown = "\n".join(map("".join, screen))
    # Each of these is in some name; where one is shown, its escape is.
    assert not re.search("[\u202e\u2066\u200b\ufeff\u2028\xad\U000e0041\ud800\t\x0b]", shown)
    # The first and the last line are the console's own, whatever stands between them.
    assert "127.0.0.1" in "".join(screen[0])
    assert place == "palette" or "? help" in "".join(screen[-1]) or "esc" in "".join(screen[-1]), shown
