"""What a terminal lost is drawn again, though only what changed is written."""

from __future__ import annotations

import signal

import pytest

from octomil_tui.ui.frame import WHOLE
from tests.terminal.conftest import Start
from tests.terminal.pty import Terminal

COLUMNS = 80


def is_whole(terminal: Terminal) -> bool:
    """Say whether the title that never changes is there, to the end of its rule, and all rows are of one beat."""
    rows = terminal.lines
    beats = {row.split()[0] for row in rows[2:20] if row.split()}
    return rows[0].startswith("─ SAMPLE ─") and len(rows[0]) == COLUMNS and len(beats) == 1


@pytest.mark.parametrize("whole", ["0", "1"], ids=["cells", "regions"])
def test_the_picture_is_whole(start: Start, whole: str) -> None:
    terminal = start(**{WHOLE: whole})
    terminal.wait(lambda: is_whole(terminal), "whole picture")


def test_a_size_that_was_another_for_a_moment_is_drawn_again(start: Start) -> None:
    terminal = start()
    terminal.wait(lambda: is_whole(terminal), "whole picture")
    for columns in (40, COLUMNS):
        # This terminal forgets what stood on the right.
        terminal.resize(columns, 24)
    terminal.wait(lambda: is_whole(terminal), "whole picture after two sizes")


def test_what_the_shell_left_on_the_screen_is_drawn_over(start: Start) -> None:
    terminal = start()
    terminal.wait(lambda: is_whole(terminal), "whole picture")
    terminal.press("ctrl+z")
    terminal.wait(terminal.is_stopped, "stopped process")
    terminal.wait(lambda: terminal.left_on == set(), "terminal that was given back")
    terminal.screen.erase_in_display(2)
    terminal.send(signal.SIGCONT)
    terminal.wait(lambda: is_whole(terminal), "whole picture after fg")
