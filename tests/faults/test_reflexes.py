"""Keys that come too early, too often or in one piece, clicks and pastes, at the installed console."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.drill import Drill
from tests.e2e.hands import press_until
from tests.faults.life import LONG, begin, fill_in, press_while, settle, shown

ROLLBACK = "/v1/models/mdl_phi4mini/rollback"


@pytest.fixture
def drill() -> Iterator[Drill]:
    with Drill("brief") as running:
        yield running


def test_case_10_type_ahead_and_a_held_enter_send_nothing(drill: Drill, tmp_path: Path) -> None:
    with begin(drill, tmp_path) as terminal:
        shown(terminal)
        terminal.press_at_once("R", "R", "enter", "enter")
        settle(terminal)
        terminal.press_at_once("R", "enter", *"reason", "tab", "tab", *"phi-4-mini", "enter", "enter")
        settle(terminal)
        terminal.press_at_once("enter", "enter", "enter")
        settle(terminal)
        for _ in range(90):
            terminal.press("enter")
            terminal.drain(0.01)
        settle(terminal)
        assert terminal.process.poll() is None
        assert drill.writes == []
        terminal.press("1")
        terminal.press("ctrl+c", "ctrl+c")
        assert terminal.wait_exit(deadline=LONG) == 130


def test_case_10_three_enters_in_one_write_send_one_request(drill: Drill, tmp_path: Path) -> None:
    with begin(drill, tmp_path) as terminal:
        fill_in(shown(terminal))
        press_while(terminal, "\r\r\r", lambda: not drill.writes, "request")
        terminal.wait_for("0 of 50 verified", deadline=LONG)
        terminal.press_at_once("enter", "enter", "enter")
        settle(terminal)
        assert terminal.process.poll() is None
        assert drill.writes == [ROLLBACK]


def test_case_10_a_paste_with_line_breaks_sends_nothing(drill: Drill, tmp_path: Path) -> None:
    with begin(drill, tmp_path) as terminal:
        shown(terminal)
        terminal.press("R")
        terminal.wait_for("50 CHANGE", deadline=LONG)
        press_until(terminal, "enter", "2/2")
        settle(terminal)
        terminal.paste("INC-2231\nR\n")
        settle(terminal)
        terminal.press("tab")
        settle(terminal)
        terminal.press("tab")
        settle(terminal)
        terminal.paste("phi-4-mini\n\n")
        terminal.wait_for("enter ROLL BACK", deadline=LONG)
        # The same from a terminal that does not mark what is pasted.
        terminal.press_at_once(*["backspace"] * 10)
        terminal.wait_for("name not typed", deadline=LONG)
        settle(terminal)
        terminal.press_at_once(*"phi-4-mini", "enter", "enter")
        settle(terminal)
        terminal.wait_for("enter ROLL BACK", deadline=LONG)
        assert terminal.process.poll() is None
        assert drill.writes == []


def test_case_10_clicks_send_nothing(drill: Drill, tmp_path: Path) -> None:
    with begin(drill, tmp_path) as terminal:
        fill_in(shown(terminal))
        row = next(y for y, text in enumerate(terminal.lines) if "Cancel" in text and "Roll back" in text)
        column = terminal.lines[row].index("Roll back")
        for x in range(column - 3, column + len("Roll back") + 3, 2):
            terminal.click(x, row, times=2)
            settle(terminal)
        # The row of keys at the bottom is no row of buttons.
        for x in range(terminal.lines[-1].index("enter ROLL BACK"), len(terminal.lines[-1]), 4):
            terminal.click(x, len(terminal.lines) - 1, times=2)
            settle(terminal)
        assert terminal.process.poll() is None
        assert drill.writes == []
        assert "2/2" in terminal.lines[0]
