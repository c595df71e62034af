"""The dashboard in a real terminal: whatever is pressed, it only reads; whatever happens, it stays."""

from __future__ import annotations

import re
import signal
import string
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.drill import Drill
from tests.e2e.hands import CONSOLE, console
from tests.faults.test_sleep import STOPPED, stopped
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
        terminal.wait_for("LIMIT CROSSED", deadline=LONG)
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
        terminal.wait_for("LIMIT CROSSED", deadline=LONG)
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


def test_a_key_that_was_replaced_in_its_file_is_taken_up_with_no_key_pressed(
    drill: Drill, tmp_path: Path
) -> None:
    file = tmp_path / "key"
    keys = [drill.running.api_key]
    file.write_text(keys[0])
    file.chmod(0o600)
    arguments = ["dashboard", "--api-key-file", str(file), "--base-url", drill.running.base_url]
    with Terminal([CONSOLE, *arguments]) as terminal:
        terminal.wait_for("LIMIT CROSSED", deadline=LONG)
        keys.append(drill.rotate_key())
        file.write_text(keys[1])
        # Whoever still read with the old key would never hear of this.
        drill.operator(model="phi-4-mini", to_version="1.0.0", reason="INC-2231")
        terminal.wait_for("ROLLING BACK", deadline=LONG)
        terminal.wait(lambda: "LIVE" in terminal.lines[0], "LIVE in line 1", deadline=LONG)
        assert all(key.encode() not in terminal.raw for key in keys)


def test_a_service_that_goes_and_comes_back_is_shown_again_and_the_bell_tells_once(drill: Drill) -> None:
    with console(drill, "dashboard", "--bell") as terminal:
        terminal.wait_for("LIMIT CROSSED", deadline=LONG)
        before = terminal.raw.count(b"\a")
        drill.stop()
        terminal.wait_for("LAST KNOWN, NOT LIVE", deadline=LONG)
        terminal.wait_for("connection refused \u00d7", deadline=LONG)
        drill.start_again()
        terminal.wait_for("LIMIT CROSSED", deadline=LONG)
        assert terminal.raw.count(b"\a") == before + 1


def test_after_it_was_stopped_it_doubts_first_and_the_gap_is_told(drill: Drill) -> None:
    with console(drill, "dashboard", size=(160, 48)) as terminal:
        terminal.wait_for("stays here while it needs you", deadline=LONG)
        terminal.send(signal.SIGSTOP)
        terminal.wait(terminal.is_stopped, "stopped process", deadline=LONG)
        until = time.monotonic() + STOPPED
        terminal.wait(lambda: time.monotonic() > until, "time", read=False)
        # The service is held as well, so that the moment before it answers can be seen.
        with stopped(drill.running.pid):
            terminal.send(signal.SIGCONT)
            terminal.wait_for("N O T   L I V E", deadline=LONG)
        terminal.wait_for("L I M I T   C R O S S E D", deadline=LONG)
        terminal.wait_for("longest gap", deadline=LONG)
        gap = re.search(r"longest gap (?:(\d+)m)?(\d+)s", terminal.text)
        assert gap is not None
        assert 60 * int(gap[1] or 0) + int(gap[2]) >= STOPPED
