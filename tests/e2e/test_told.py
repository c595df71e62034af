"""Told without looking: the title of the window and the desktop, from the dashboard in a real terminal."""

from __future__ import annotations

import re
import signal

from tests.cli.drill import Drill
from tests.e2e.hands import LONG, console

ROLLBACK = "/v1/models/phi-4-mini/rollback"
TOLD = re.compile(rb"\x1b\]9;([^\x1b\x07]*)\x1b\\")


def test_a_rollback_is_told_from_its_first_device_to_its_end() -> None:
    with Drill("brief") as drill, console(drill, "dashboard", "--notify", TMUX=None, STY=None) as terminal:
        terminal.wait(lambda: "PROD acme-edge" in terminal.titles, "title of the fleet", deadline=LONG)
        drill.post(ROLLBACK, {"to_version": "1.0.0", "reason": "INC-2231"})
        terminal.wait(
            lambda: terminal.titles[-1].endswith("% phi-4-mini -> v1.0.0 (0/50)"),
            "first title",
            deadline=LONG,
        )
        assert TOLD.findall(terminal.raw) == []
        for minute in range(1, 30):
            drill.at(60.0 * minute)
            # A look at a time: else it would be over, and no news any more, before it was ever looked at.
            terminal.wait_for(f"03:{12 + minute}:41Z", deadline=LONG)
            if terminal.titles[-1].startswith("COMPLETE"):
                break
        assert any(re.match(r"[1-9]\d?% phi-4-mini -> v1\.0\.0 \(\d+/50\)$", one) for one in terminal.titles)
        terminal.wait(
            lambda: terminal.titles[-1] == "COMPLETE phi-4-mini v1.0.0", "title of the end", deadline=LONG
        )
        assert TOLD.findall(terminal.raw)[-1] in (
            b"PROD acme-edge: COMPLETE phi-4-mini v1.0.0",
            b"PROD acme-edge: DONE phi-4-mini v1.0.0",
        )
        assert len(TOLD.findall(terminal.raw)) == 1
        assert len(terminal.titles) == len(set(terminal.titles)), "each of them once"
        drill.stop()
        terminal.wait(lambda: "STALE" in terminal.titles[-1], "title that is not live", deadline=LONG)
        assert terminal.titles[-1].endswith("was COMPLETE phi-4-mini v1.0.0")
        terminal.send(signal.SIGTERM)
        assert terminal.wait_exit(deadline=LONG) == 143
        assert terminal.is_title_back
