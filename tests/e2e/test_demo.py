"""The demo: the job of the night without a service of one's own, from the sentence to the watch."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.hands import CONSOLE, confirm, press_until
from tests.terminal.pty import Terminal


@pytest.mark.parametrize("size", [(80, 24), (160, 48)], ids=["80x24", "160x48"])
def test_the_demo_leads_to_the_watch(tmp_path: Path, size: tuple[int, int]) -> None:
    with Terminal([CONSOLE, "demo"], size=size, cwd=tmp_path) as terminal:
        terminal.wait_for("4 silent")
        assert terminal.lines[0].startswith(" DEMO  acme-edge")
        terminal.press("R")
        terminal.wait_for("SCOPE: WHOLE FLEET, 5 groups, 124 devices")
        press_until(terminal, "enter", "phi-4-mini  2/2")
        terminal.wait_for("IN THE DEMO")
        confirm(terminal, "phi-4-mini")
        terminal.wait_for("ROLLING BACK phi-4-mini")
        terminal.wait_for("of 50 verified.")
        terminal.press("ctrl+c", "ctrl+c")
        assert terminal.wait_exit() == 130
        assert terminal.left_on == set()
        assert b"edg_sim_" not in terminal.raw
