"""The installed console is stopped for a while and goes on: what it shows is doubted first, and read again."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.cli.drill import Drill
from tests.faults.life import LONG, begin, shown


@contextmanager
def stopped(pid: int) -> Iterator[None]:
    """Hold a process while the block runs."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


STOPPED = 8.0
"""Seconds: longer than a busy machine is late by itself."""


def test_case_34_a_console_that_was_stopped_doubts_reads_again_and_ends(tmp_path: Path) -> None:
    with Drill("brief") as drill, begin(drill, tmp_path) as terminal:
        shown(terminal)
        terminal.send(signal.SIGSTOP)
        terminal.wait(terminal.is_stopped, "stopped process", deadline=LONG)
        asked = drill.requests
        until = time.monotonic() + STOPPED
        terminal.wait(lambda: time.monotonic() > until, "time", read=False)
        # The service is held as well, so that the moment before it answers can be seen.
        with stopped(drill.running.pid):
            terminal.send(signal.SIGCONT)
            terminal.wait(lambda: "STALE" in terminal.lines[0], "STALE in line 1", deadline=LONG)
            assert "50/124" in terminal.text, "what was known stays"
        terminal.wait(lambda: "LIVE" in terminal.lines[0], "LIVE in line 1", deadline=LONG)
        assert drill.requests > asked, "everything was read again"
        assert "again in" not in terminal.text
        terminal.press("q")
        terminal.wait_for("Leave the console?", deadline=LONG)
        terminal.press("y")
        assert terminal.wait_exit(deadline=LONG) == 0
        assert terminal.left_on == set()
