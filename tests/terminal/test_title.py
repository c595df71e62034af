"""The window's title and the desktop's notifications, as bytes on a real terminal."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.terminal.conftest import Start
from tests.terminal.test_frame import is_whole
from tests.terminal.test_stall import wait_for_beats

CLEANED = r"sample \x1b]52;c;\x07"
LONG_SILENCE = 150
ST = b"\x1b\\"


def test_the_title_is_written_when_it_changes_and_given_back(start: Start, beats: Path) -> None:
    terminal = start()
    wait_for_beats(terminal, beats, 120, read=True)
    terminal.wait(lambda: len(terminal.titles) >= 3, "third title")
    assert terminal.titles[:3] == [f"{number} {CLEANED}" for number in range(3)]
    assert len(set(terminal.titles)) == len(terminal.titles), "each of them once"
    assert b"\x1b]1;" not in terminal.raw, "the icon's name stays"
    assert b"\x1b]0;" not in terminal.raw
    assert terminal.raw.count(b"\x1b[22;2t") == 1
    terminal.wait(lambda: is_whole(terminal), "whole picture")
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert terminal.titles[-1] == ""
    assert terminal.is_title_back
    assert terminal.raw.count(b"\x1b[23;2t") == 1


def test_the_shell_has_its_title_while_the_console_is_away(start: Start, beats: Path) -> None:
    terminal = start()
    wait_for_beats(terminal, beats, 5, read=True)
    terminal.press("ctrl+z")
    terminal.wait(terminal.is_stopped, "stopped process")
    terminal.wait(lambda: terminal.is_title_back, "title that was there before")
    terminal.send(signal.SIGCONT)
    terminal.wait(lambda: not terminal.is_title_back and terminal.titles[-1] != "", "title again")
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert terminal.is_title_back


def test_after_nobody_read_for_a_while_the_newest_title_comes(start: Start, beats: Path) -> None:
    terminal = start(size=(200, 50))
    # A frame of this size is 10 kB: a hundred of them fill every buffer on the way.
    terminal.wait(lambda: beats.stat().st_size >= LONG_SILENCE, "many heartbeats", deadline=60, read=False)
    newest = beats.stat().st_size // 50
    terminal.wait(lambda: int(terminal.titles[-1].split()[0]) >= newest, "newest title")
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert terminal.is_title_back


@pytest.mark.parametrize("term", ["linux", "vt100"])
def test_where_there_is_no_window_nothing_is_written(start: Start, beats: Path, term: str) -> None:
    terminal = start(TERM=term)
    wait_for_beats(terminal, beats, 60, read=True)
    terminal.press("q")
    assert terminal.wait_exit() == 0
    for sequence in (b"\x1b]2;", b"\x1b[22;2t", b"\x1b[23;2t"):
        assert sequence not in terminal.raw
    assert terminal.left_on == set()


@pytest.mark.parametrize(
    ("env", "told"),
    [
        ({}, rb"\x1b]9;DONE sample %b" + ST),
        ({"TMUX": "/nowhere,1,0"}, rb"\x1bPtmux;\x1b\x1b]9;DONE sample %b\x1b\x1b\\" + ST),
        ({"STY": "1.tty"}, rb"\x1bP\x1b]9;DONE sample %b\x07" + ST),
    ],
    ids=["alone", "tmux", "screen"],
)
def test_the_desktop_is_told_through_whatever_is_in_between(
    start: Start, env: dict[str, str], told: bytes
) -> None:
    terminal = start(**{"TMUX": None, "STY": None, **env})
    expected = told.replace(rb"\x1b", b"\x1b").replace(rb"\x07", b"\x07").replace(rb"\\", b"\\")
    expected = expected.replace(b"%b", rb"\x1b[2J")
    terminal.press("n")
    terminal.wait(lambda: expected in terminal.raw, "notification")
    terminal.wait(lambda: is_whole(terminal), "whole picture")
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert terminal.raw.count(b"]9;") == 1
