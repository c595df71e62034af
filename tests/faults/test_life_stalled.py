"""A terminal that nobody reads, as behind an ssh connection that hangs, while a rollback is watched."""

from __future__ import annotations

import select
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.drill import Drill
from tests.faults.life import LONG, begin, fill_in, press_while, shown
from tests.terminal.pty import Terminal

FRAMES = 45
"""More whole pictures than the terminal, the queue before it and the thread between them take together."""

POLLS = 3


@pytest.fixture
def drill() -> Iterator[Drill]:
    with Drill("brief") as running:
        yield running


def stall(terminal: Terminal, drill: Drill) -> None:
    """Leave everything unread that is drawn until nothing goes through any more, and some time longer."""
    for _ in range(FRAMES):
        terminal.press("ctrl+l")
        select.select([], [], [], 0.05)
    reached = drill.requests
    terminal.wait(lambda: drill.requests >= reached + POLLS, "polling", deadline=LONG, read=False)


def test_case_45_the_watch_goes_on_while_nobody_reads(drill: Drill, tmp_path: Path) -> None:
    with begin(drill, tmp_path, size=(160, 48)) as terminal:
        fill_in(shown(terminal))
        press_while(terminal, "enter", lambda: "0 of 50 verified" not in terminal.text, "watch")
        stall(terminal, drill)
        before = drill.requests
        # Minutes pass at the service: what is drawn now was never seen on this terminal before.
        for minutes in range(1, 11):
            drill.at(60.0 * minutes)
        terminal.wait(lambda: drill.requests >= before + POLLS, "polling", deadline=LONG, read=False)
        assert "0 of 50 verified" in terminal.text
        terminal.wait_gone(" 0 of 50 verified", deadline=LONG)
        terminal.wait_for("03:22", deadline=LONG)
        terminal.wait_for("LIVE")
        assert drill.writes == ["/v1/models/mdl_phi4mini/rollback"]

        stall(terminal, drill)
        terminal.send(signal.SIGTERM)
        assert terminal.wait_exit(read=False) == 143
        assert terminal.is_given_back
