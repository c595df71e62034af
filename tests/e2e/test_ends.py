"""Ends that nobody asked for: a crash, a pause in the shell."""

from __future__ import annotations

import os
import signal
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.drill import Drill
from tests.e2e.hands import console
from tests.terminal.pty import Terminal

BREAK = """
from octomil_tui.ui.app import ConsoleApp

def broken(self):
    key = "edg_secret_of_the_crash"
    raise ValueError(f"it broke \\x1b[2J with {key}")

ConsoleApp.{method} = broken
from octomil_tui.__main__ import run
run()
"""


@pytest.fixture(scope="module")
def brief() -> Iterator[Drill]:
    with Drill("brief") as drill:
        yield drill


@pytest.mark.parametrize("method", ["action_redraw", "on_mount"], ids=["running", "starting"])
def test_case_43_a_crash_gives_the_terminal_back_and_keeps_the_key(
    tmp_path: Path, brief: Drill, method: str
) -> None:
    environment = {**brief.env, "XDG_STATE_HOME": str(tmp_path / "state")}
    (tmp_path / "broken.py").write_text(BREAK.replace("{method}", method))
    with Terminal([sys.executable, tmp_path / "broken.py"], env=environment, cwd=tmp_path) as terminal:
        if method == "action_redraw":
            terminal.wait_for("LIVE")
            terminal.press("ctrl+l")
        assert terminal.wait_exit() == 70
        assert terminal.left_on == set()
        assert terminal.modes() == terminal.modes_before
        assert terminal.is_given_back or method == "on_mount"
        _, _, after = terminal.raw.decode().partition("octomil-console crashed, ")
        assert after.count("\n") == 1
        assert "\x1b" not in after
        (file,) = (tmp_path / "state" / "octomil-console" / "crashes").iterdir()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        left = file.read_text() + terminal.raw.decode(errors="replace")
        assert "edg_secret_of" not in left.replace('key = "edg_secret_of_the_crash"', "")
        assert brief.running.api_key not in left


def test_case_43_it_can_be_suspended_and_comes_back(brief: Drill) -> None:
    with console(brief) as terminal:
        terminal.wait_for("LIVE")
        terminal.press("ctrl+z")
        terminal.wait(terminal.is_stopped, "stopped program")
        terminal.drain()
        assert terminal.left_on == set()
        os.kill(terminal.process.pid, signal.SIGCONT)
        terminal.wait(lambda: not terminal.is_stopped(), "running program")
        terminal.press("2")
        terminal.wait_for("split between versions")
        terminal.send(signal.SIGTERM)
        assert terminal.wait_exit() == 143
        assert terminal.is_given_back
