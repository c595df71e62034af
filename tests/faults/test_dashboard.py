"""The dashboard in a real terminal: whatever is pressed, it only reads; whatever happens, it stays."""

from __future__ import annotations

import signal
import string
from collections.abc import Iterator

import pytest

from tests.cli.drill import Drill
from tests.e2e.hands import console
from tests.terminal.pty import KEYS, Terminal

LONG = 45.0
"""Seconds that a loaded machine may take."""
ROLLBACK = "/v1/models/phi-4-mini/rollback"
CONTROL = [f"ctrl+{letter}" for letter in string.ascii_lowercase if letter not in "cm"]
OTHERS = ["ctrl+\\", "ctrl+]", "ctrl+_", "\x1bR", "\x1bw", "\x1b[15~", "\x1b[1;5C", "\x1b[3~"]


@pytest.fixture
def drill() -> Iterator[Drill]:
    with Drill("night") as running:
        yield running


def press(terminal: Terminal, *keys: str) -> None:
    """Press keys, and let the program work off each before the next one."""
    for key in keys:
        terminal.press(key)
        terminal.drain(patience=0.005)


def test_case_42_dashboard_no_key_leads_to_a_write(drill: Drill) -> None:
    with console(drill, "dashboard", OCTOMIL_READ_ONLY="0") as terminal:
        terminal.wait_for("ROLLING OUT", deadline=LONG)
        # y comes right after a key that is no answer, and q right before one.
        press(terminal, *(key for key in string.printable if key not in "\x0b\x0c"), *KEYS, *CONTROL, *OTHERS)
        for row in (3, 8, 16, 21, 24):
            terminal.click(10, row)
        press(terminal, "\x1b[200~R\r\r\x1b[201~", *"Rwa", "enter", "enter", "ctrl+p", *"roll back", "enter")
        press(terminal, "q")
        terminal.wait_for("q or y leaves", deadline=LONG)
        press(terminal, "x")
        terminal.wait_gone("q or y leaves", deadline=LONG)
        assert terminal.process.poll() is None
        assert b"\x1b[?1000h" not in terminal.raw, "no mouse"
        assert drill.requests > 5
        assert drill.writes == []

        drill.post(ROLLBACK, {"to_version": "1.0.0", "reason": "INC-2231"})
        terminal.wait_for("ROLLING BACK", deadline=LONG)
        terminal.wait_for("INC-2231", deadline=LONG)
        press(terminal, *"RRw\r\r1234", "tab", "enter", "ctrl+r")
        assert drill.writes == [ROLLBACK], "the one of somebody else"

        drill.running.stop()
        terminal.wait_for("LAST KNOWN, NOT LIVE", deadline=LONG)
        terminal.wait_for("next try in", deadline=LONG)
        assert terminal.lines[0].startswith("?PROD?")
        assert terminal.process.poll() is None

        terminal.send(signal.SIGTERM)
        assert terminal.wait_exit(deadline=LONG) == 143
        assert terminal.left_on == set()
        assert terminal.modes() == terminal.modes_before


@pytest.mark.parametrize(
    ("keys", "status"), [("qq", 0), ("qy", 0), (("ctrl+c", "ctrl+c"), 130)], ids=["q", "y", "ctrl+c"]
)
def test_the_ways_out_of_the_dashboard(drill: Drill, keys: tuple[str, str], status: int) -> None:
    with console(drill, "dashboard") as terminal:
        terminal.wait_for("ROLLING OUT", deadline=LONG)
        terminal.press(keys[0])
        terminal.wait_for("leaves", deadline=LONG)
        terminal.press(keys[1])
        assert terminal.wait_exit(deadline=LONG) == status
        assert terminal.left_on == set()


def test_a_key_that_is_refused_does_not_end_the_dashboard(drill: Drill) -> None:
    wrong = "edg_sim_" + "x" * 32
    with console(drill, "dashboard", OCTOMIL_API_KEY=wrong) as terminal:
        terminal.wait_for("NOT CONNECTED", deadline=LONG)
        terminal.wait_for("401", deadline=LONG)
        terminal.wait_for("next try in", deadline=LONG)
        assert wrong.encode() not in terminal.raw
        assert terminal.process.poll() is None
        terminal.send(signal.SIGHUP)
        assert terminal.wait_exit(deadline=LONG) == 129
