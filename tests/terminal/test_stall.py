"""A terminal that nobody reads, and a process that is stopped and goes on."""

from __future__ import annotations

import re
import signal
from pathlib import Path

from tests.terminal.conftest import Start
from tests.terminal.pty import Terminal


def beat_on(terminal: Terminal) -> int:
    found = re.search(r"beat (\d+)", terminal.text)
    return int(found[1]) if found else 0


def wait_for_beats(terminal: Terminal, beats: Path, more: int, *, read: bool) -> None:
    enough = beats.stat().st_size + more
    terminal.wait(lambda: beats.stat().st_size >= enough, f"{more} more heartbeats", read=read)


def test_case_45_the_app_goes_on_while_nobody_reads(start: Start, beats: Path) -> None:
    terminal = start(size=(200, 50))
    # A frame of this size is 10 kB: a hundred of them fill every buffer on the way.
    wait_for_beats(terminal, beats, 150, read=False)
    reached = beats.stat().st_size
    terminal.wait(lambda: beat_on(terminal) >= reached, "newest frame")
    # Every line is of the same beat: the picture is whole, not pieces of several.
    terminal.wait(lambda: len({row.split()[0] for row in terminal.lines[3:30]}) == 1, "whole picture")
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert terminal.left_on == set()


def test_case_45_a_signal_ends_it_while_nobody_reads(start: Start, beats: Path) -> None:
    terminal = start(size=(200, 50))
    wait_for_beats(terminal, beats, 150, read=False)
    terminal.send(signal.SIGTERM)
    assert terminal.wait_exit(deadline=6, read=False) == 143
    assert terminal.left_on == set()
    assert terminal.is_title_back
    assert terminal.modes() == terminal.modes_before


def test_case_43_ctrl_z_gives_the_terminal_back_and_fg_takes_it_again(start: Start, beats: Path) -> None:
    terminal = start()
    for _ in range(2):
        terminal.press("ctrl+z")
        terminal.wait(terminal.is_stopped, "stopped process")
        assert terminal.modes() == terminal.modes_before
        terminal.wait(lambda: terminal.left_on == set(), "terminal that was given back")
        terminal.send(signal.SIGCONT)
        wait_for_beats(terminal, beats, 10, read=True)
        terminal.wait(lambda: 1049 in terminal.left_on, "alternate screen")
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert terminal.left_on == set()


def test_case_34_stop_and_continue_leave_no_threads_behind(start: Start, beats: Path) -> None:
    terminal = start()
    wait_for_beats(terminal, beats, 5, read=True)
    threads = terminal.threads()
    for _ in range(4):
        terminal.send(signal.SIGSTOP)
        terminal.wait(terminal.is_stopped, "stopped process")
        terminal.send(signal.SIGCONT)
        wait_for_beats(terminal, beats, 10, read=True)
    assert terminal.threads() == threads
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert terminal.left_on == set()
