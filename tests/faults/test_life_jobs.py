"""The console as a job of a shell, stopped and continued from outside, and in a terminal multiplexer."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.drill import Drill, environment
from tests.e2e.hands import CONSOLE
from tests.faults.life import LONG, begin, shown
from tests.terminal.pty import Terminal

BASH = shutil.which("bash")
TMUX = shutil.which("tmux")


@pytest.fixture(scope="module")
def brief() -> Iterator[Drill]:
    with Drill("brief") as drill:
        yield drill


@pytest.mark.skipif(BASH is None, reason="there is no shell with job control here")
def test_case_43_a_shell_takes_the_terminal_and_gives_it_again(brief: Drill, tmp_path: Path) -> None:
    env = {**brief.env, "XDG_STATE_HOME": str(tmp_path), "PS1": "shell: ", "CONSOLE": str(CONSOLE)}
    command = ["bash", "--norc", "--noprofile", "--noediting", "-i"]
    with Terminal(command, env=env, cwd=tmp_path) as terminal:
        terminal.wait_for("shell:", deadline=LONG)
        modes = terminal.modes()
        terminal.press("$CONSOLE\r")
        shown(terminal)
        console = _child(terminal.process.pid)
        terminal.press("ctrl+z")
        _wait_stopped(terminal, console, modes)
        # In the background it may not draw: it stops again, and the shell keeps its terminal.
        terminal.press("bg\r")
        terminal.wait(lambda: b"$CONSOLE &" in terminal.raw, "job in the background", deadline=LONG)
        _wait_stopped(terminal, console, modes)
        terminal.press("echo still $((40 + 2))\r")
        terminal.wait_for("still 42", deadline=LONG)
        terminal.screen.reset()
        _to_the_front(terminal)
        shown(terminal)
        terminal.press("2")
        terminal.wait_for("split between versions", deadline=LONG)
        prompts = terminal.raw.count(b"shell: ")
        terminal.press("ctrl+c", "ctrl+c")
        terminal.wait(lambda: terminal.raw.count(b"shell: ") > prompts, "prompt of the shell", deadline=LONG)
        assert terminal.modes() == modes
        terminal.press("echo status $?\r")
        terminal.wait_for("status 130", deadline=LONG)
        assert terminal.left_on == set()


def _to_the_front(terminal: Terminal) -> None:
    """Bring the job back as people do: one that the shell stopped for drawing meanwhile takes a second `fg`."""
    for _ in range(5):
        terminal.press("fg\r")
        try:
            terminal.wait(lambda: 1049 in terminal.left_on, "alternate screen", deadline=8.0)
        except AssertionError:
            continue
        return
    terminal.wait(lambda: 1049 in terminal.left_on, "alternate screen", deadline=LONG)


def test_case_34_stopped_and_continued_leaves_no_thread_behind(brief: Drill, tmp_path: Path) -> None:
    with begin(brief, tmp_path) as terminal:
        shown(terminal)
        threads = set(_threads(terminal))
        for _ in range(5):
            terminal.send(signal.SIGSTOP)
            terminal.wait(terminal.is_stopped, "stopped process", deadline=LONG)
            while terminal.drain():
                pass
            terminal.screen.reset()
            terminal.send(signal.SIGCONT)
            # The terminal may show anything by now: all of it is drawn again, and at once.
            terminal.wait_for("MODELS", deadline=LONG)
            terminal.wait_for("DEVICE GROUPS", deadline=LONG)
        # A pool may start one more for its own work; the driver would start two each time.
        assert len(set(_threads(terminal)) - threads) <= 2
        assert threads <= set(_threads(terminal))
        terminal.press("q")
        terminal.wait_for("Leave the console?", deadline=LONG)
        terminal.press("y")
        assert terminal.wait_exit(deadline=LONG) == 0
        assert terminal.is_given_back


def _wait_stopped(terminal: Terminal, console: int, modes: list[Any]) -> None:
    terminal.wait(lambda: _state(console) == "T", "stopped job", deadline=LONG)
    terminal.wait(lambda: terminal.modes() == modes, "modes of the shell", deadline=LONG)
    terminal.wait(lambda: terminal.left_on == set(), "terminal that was given back", deadline=LONG)


def _child(pid: int) -> int:
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text())


def _state(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def _threads(terminal: Terminal) -> list[str]:
    return [task.name for task in Path(f"/proc/{terminal.process.pid}/task").iterdir()]


@pytest.mark.skipif(TMUX is None, reason="tmux is not installed here")
def test_case_47_in_tmux_it_follows_the_window_and_goes_with_the_session(
    brief: Drill, tmp_path: Path
) -> None:
    # The path of a socket may have a hundred characters only.
    with tempfile.TemporaryDirectory() as short:
        tmux = Tmux(Path(short) / "s", {**environment(brief.env), "XDG_STATE_HOME": str(tmp_path)})
        try:
            tmux("new-session", "-d", "-x", "80", "-y", "24", str(CONSOLE))
            tmux.wait_for("50/124")
            pid = int(tmux("list-panes", "-F", "#{pane_pid}"))
            tmux("resize-window", "-x", "130", "-y", "40")
            tmux.wait_for("┌─ MODELS")
            tmux("send-keys", "2")
            tmux.wait_for("split between versions")
            tmux("kill-session")
            until = time.monotonic() + LONG
            while _is_alive(pid):
                assert time.monotonic() < until, "the console outlives its session"
                time.sleep(0.05)
        finally:
            tmux("kill-server", check=False)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


class Tmux:
    """A server of tmux of its own."""

    def __init__(self, socket: Path, env: dict[str, str]) -> None:
        self._command = ["tmux", "-S", str(socket), "-f", os.devnull]
        self._env = {**env, "TERM": "xterm-256color", "LANG": "C.UTF-8"}

    def __call__(self, *arguments: str, check: bool = True) -> str:
        done = subprocess.run(  # noqa: S603 - the command is the test's own
            [*self._command, *arguments],
            env=self._env,
            check=check,
            capture_output=True,
            text=True,
            timeout=LONG,
        )
        return done.stdout

    def wait_for(self, text: str) -> None:
        """Wait until the pane shows `text`."""
        until = time.monotonic() + LONG
        while text not in (pane := self("capture-pane", "-p")):
            assert time.monotonic() < until, f"no {text!r} in the pane:\n{pane}"
            time.sleep(0.1)
