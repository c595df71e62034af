"""What is copied reaches the terminal as one OSC 52, and a CSV lands in the directory that one stands in."""

from __future__ import annotations

import base64
import re
import stat
import sys
from pathlib import Path

from tests.cli.drill import Drill
from tests.terminal.pty import Terminal

SLOW = 60.0
"""Seconds; the machine may be busy."""
COPIED = re.compile(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")


def test_marked_rows_are_copied_and_written(tmp_path: Path) -> None:
    with Drill("night") as drill:
        env = {
            **drill.env,
            "HOME": str(tmp_path),
            "XDG_STATE_HOME": str(tmp_path / "state"),
            "TMUX": "/nowhere/tmux,1,0",
        }
        command = [sys.executable, "-m", "octomil_tui", "--read-only"]
        with Terminal(command, size=(120, 40), env=env, cwd=tmp_path) as terminal:
            terminal.wait_for("eu-kiosks", deadline=SLOW)
            terminal.press("4")
            terminal.wait_for("DEVICE GROUPS", deadline=SLOW)
            terminal.press("/")
            terminal.wait_for("enter keep the filter", deadline=SLOW)
            terminal.press(*"kiosk", "enter")
            terminal.wait_for("2 of 5", deadline=SLOW)
            # Until the line is left, a space belongs to it.
            terminal.wait_gone("enter keep the filter", deadline=SLOW)
            terminal.press("space", "down", "space", "c")
            terminal.wait_for("sent to your terminal: 2 group names", deadline=SLOW)
            (copied,) = COPIED.findall(terminal.raw)
            assert base64.b64decode(copied) == b"eu-kiosks\nus-kiosks"
            terminal.press("e")
            terminal.wait_for("2 groups written", deadline=SLOW)
            (path,) = tmp_path.glob("octomil-groups-*.csv")
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            header, *rows = path.read_text().splitlines()
            assert header.startswith("group,devices,online,")
            assert [row.split(",")[0] for row in rows] == ["eu-kiosks", "us-kiosks"]
