"""However the process ends, the terminal is as it was and the exit status tells why."""

from __future__ import annotations

import os
import signal
import stat
from pathlib import Path

import pytest

from tests.terminal.conftest import Start
from tests.terminal.pty import Terminal
from tests.terminal.sample_app import SECRET


def assert_given_back(terminal: Terminal) -> None:
    assert terminal.left_on == set()
    assert terminal.modes() == terminal.modes_before
    assert terminal.titles
    assert terminal.is_title_back


def test_case_43_quitting_gives_the_terminal_back(start: Start) -> None:
    terminal = start()
    assert terminal.left_on >= {1049, 25, 1000, 2004}
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert_given_back(terminal)


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)]
)
def test_case_43_a_signal_ends_it_in_order(start: Start, number: signal.Signals, status: int) -> None:
    terminal = start()
    terminal.send(number)
    assert terminal.wait_exit(deadline=5) == status
    assert_given_back(terminal)


def test_case_43_the_first_of_several_signals_names_the_reason(start: Start) -> None:
    terminal = start()
    for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
        terminal.send(number)
    assert terminal.wait_exit(deadline=5) in {129, 143, 130}
    assert_given_back(terminal)


@pytest.mark.parametrize("controlling", [True, False], ids=["with SIGHUP", "without SIGHUP"])
def test_case_44_a_dropped_connection_ends_it(start: Start, controlling: bool) -> None:
    before = os.times()
    terminal = start(controlling=controlling)
    terminal.hang_up()
    assert terminal.wait_exit(deadline=4, read=False) == 129
    after = os.times()
    # Start and a short life; a spin until the deadline would come on top.
    assert after.children_user + after.children_system - before.children_user - before.children_system < 3


@pytest.mark.parametrize("key", ["c", "w"], ids=["in an action", "in a worker"])
def test_case_43_a_crash_leaves_one_line_and_a_private_file(start: Start, tmp_path: Path, key: str) -> None:
    terminal = start()
    terminal.press(key)
    assert terminal.wait_exit() == 70
    assert_given_back(terminal)
    before, _, after = terminal.raw.decode().partition("octomil-console crashed, ")
    assert before.endswith("\x1b[?1006l")
    assert after.endswith(".txt\r\n")
    assert after.count("\n") == 1
    assert "\x1b" not in after
    directory = tmp_path / "state" / "octomil-console" / "crashes"
    (file,) = directory.iterdir()
    assert str(file) in after
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    written = file.read_text()
    assert "broke" in written
    assert "\x1b" not in written
    assert "local_secret =" not in written
    assert SECRET not in written + terminal.raw.decode(errors="replace")


def test_case_43_a_crash_that_cannot_be_written_down_says_so(start: Start, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("not a directory")
    terminal = start(XDG_STATE_HOME=str(tmp_path / "taken"))
    terminal.press("c")
    assert terminal.wait_exit() == 70
    assert_given_back(terminal)
    assert "could not be written" in terminal.raw.decode()
