"""What has to be there before the console starts, and sizes that change while it runs."""

from __future__ import annotations

import os
import pty
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.drill import Drill, environment
from tests.e2e.hands import CONSOLE, console
from tests.terminal.pty import Terminal


@pytest.fixture(scope="module")
def brief() -> Iterator[Drill]:
    with Drill("brief") as drill:
        yield drill


@pytest.mark.parametrize("missing", [0, 1, 2], ids=["stdin", "stdout", "stderr"])
def test_case_46_each_stream_has_to_be_a_terminal(brief: Drill, missing: int) -> None:
    master, slave = pty.openpty()
    read, write = os.pipe()
    streams = [slave, slave, slave]
    streams[missing] = read if missing == 0 else write
    process = subprocess.Popen(  # noqa: S603 - the installed console
        [CONSOLE], stdin=streams[0], stdout=streams[1], stderr=streams[2], env=environment(brief.env)
    )
    assert process.wait(20) == 2
    said = os.read(read if missing == 2 else master, 65_536).decode()
    for descriptor in (master, slave, read, write):
        os.close(descriptor)
    assert "needs a terminal" in said
    assert ("standard input", "standard output", "standard error")[missing] in said
    assert said.strip().count("\n") == 0
    assert "\x1b" not in said


def test_case_43_without_a_key_nothing_is_drawn() -> None:
    env = {"OCTOMIL_API_KEY": None, "OCTOMIL_API_URL": "http://127.0.0.1:9/v1"}
    with Terminal([CONSOLE], env=env) as terminal:
        assert terminal.wait_exit() == 2
        assert "no API key" in terminal.text
        assert b"\x1b[?1049h" not in terminal.raw


def test_case_43_a_proxy_that_cannot_be_used_is_no_crash(tmp_path: Path) -> None:
    env = {
        "OCTOMIL_API_URL": "https://api.example.test/v1",
        "OCTOMIL_API_KEY": "edg_test_key_0123456789",
        "HTTPS_PROXY": "socks4://someone:secret@proxy.test:1",
        "XDG_STATE_HOME": str(tmp_path),
    }
    with Terminal([CONSOLE], env=env) as terminal:
        assert terminal.wait_exit() == 2
        _, _, said = terminal.raw.decode().rpartition("octomil-console: ")
        assert said.startswith("the proxy named by HTTPS_PROXY")
        assert said.count("\n") == 1
        assert terminal.left_on == set()
        assert b"secret" not in terminal.raw
        assert list(tmp_path.iterdir()) == []


def test_case_47_the_terminal_may_change_its_size(brief: Drill) -> None:
    with console(brief) as terminal:
        terminal.wait_for("LIVE")
        for size in ((20, 5), (200, 60), (80, 24)):
            terminal.resize(*size)
            terminal.wait(lambda: "PROD" in terminal.lines[0], "first line")
        terminal.wait_for("LIVE")
        assert terminal.process.poll() is None


def test_it_can_be_used_while_no_service_is_there() -> None:
    env = {"OCTOMIL_API_URL": "http://127.0.0.1:9/v1", "OCTOMIL_API_KEY": "edg_test_key_0123456789"}
    with Terminal([CONSOLE], env=env) as terminal:
        terminal.wait_for("cannot connect to 127.0.0.1:9")
        terminal.press("R", "?")
        terminal.wait_for("WHAT THE WORDS MEAN")
        terminal.press("2")
        terminal.wait_for("MODELS")
        terminal.press("q")
        terminal.wait_for("Leave the console?")
        terminal.press("y")
        assert terminal.wait_exit() == 0
