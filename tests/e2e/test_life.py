"""How the console lives and ends: signals, a service that is not there, a key that is refused, no terminal."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.drill import Drill, environment
from tests.e2e.hands import CONSOLE, console
from tests.terminal.pty import Terminal


@pytest.fixture(scope="module")
def drill() -> Iterator[Drill]:
    with Drill("night") as running:
        yield running


@pytest.mark.parametrize(
    ("number", "status"),
    [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)],
    ids=str,
)
def test_case_43_a_signal_gives_the_terminal_back(drill: Drill, number: signal.Signals, status: int) -> None:
    with console(drill) as terminal:
        terminal.wait_for("50/124")
        terminal.send(number)

        assert terminal.wait_exit() == status
        assert terminal.is_given_back


def test_case_43_q_asks_and_y_leaves(drill: Drill) -> None:
    with console(drill) as terminal:
        terminal.wait_for("50/124")
        terminal.press("q")
        terminal.wait_for("Leave the console?")
        terminal.press("enter")
        terminal.wait_gone("Leave the console?")
        terminal.press("q")
        terminal.wait_for("Leave the console?")
        terminal.press("y")

        assert terminal.wait_exit() == 0
        assert terminal.is_given_back


def test_case_43_ctrl_c_twice_leaves_at_once(drill: Drill) -> None:
    with console(drill) as terminal:
        terminal.wait_for("50/124")
        terminal.press("ctrl+c")
        terminal.wait_for("ctrl+c again")
        assert terminal.process.poll() is None
        # However slow the machine is, two of these come within two seconds.
        terminal.press("ctrl+c", "ctrl+c")

        assert terminal.wait_exit() == 130
        assert terminal.is_given_back


def test_a_service_that_is_not_there_is_said_and_waited_for() -> None:
    env = {"OCTOMIL_API_URL": "http://127.0.0.1:9/v1", "OCTOMIL_API_KEY": "edg_test_key_0123456789"}
    with Terminal((CONSOLE,), env=env) as terminal:
        terminal.wait_for("OFFLINE")
        terminal.wait_for("127.0.0.1:9")
        assert terminal.process.poll() is None
        assert b"edg_test_key" not in terminal.raw


def test_a_refused_key_is_said_and_never_shown(drill: Drill) -> None:
    with console(drill, OCTOMIL_API_KEY="edg_sim_wrong_key_0123456789") as terminal:
        terminal.wait_for("key")
        terminal.wait_for("401")
        assert terminal.process.poll() is None
        assert b"edg_sim_wrong" not in terminal.raw


def test_a_service_that_goes_away_clears_nothing() -> None:
    with Drill("night") as drill, console(drill) as terminal:
        terminal.wait_for("50/124")
        terminal.wait_for("us-kiosks")
        drill.running.stop()
        terminal.wait_for("again in")
        terminal.wait_for("50/124")
        terminal.wait_for("us-kiosks")


def test_read_only_shows_the_preview_and_sends_nothing(drill: Drill) -> None:
    with console(drill, "--read-only") as terminal:
        terminal.wait_for("READ-ONLY")
        terminal.wait_for("50/124")
        terminal.press("R")
        terminal.wait_for("50 CHANGE")
        terminal.press("enter")
        terminal.wait_for("read-only", deadline=10)

    assert drill.writes == []


def test_case_46_without_a_terminal_it_says_so_in_one_line(drill: Drill, tmp_path: Path) -> None:
    with (tmp_path / "out").open("w+") as file:
        streams = {"stdin": subprocess.DEVNULL, "stdout": file, "stderr": file}
        run = subprocess.run(  # noqa: S603 - the installed console
            [CONSOLE],
            env=environment(drill.env),
            check=False,
            timeout=30,
            **streams,  # type: ignore[call-overload] # one value per stream
        )
        file.seek(0)
        said = file.read()

    assert run.returncode == 2
    assert said.count("\n") == 1
    assert "needs a terminal" in said


def test_the_first_paint_comes_before_any_http_library() -> None:
    code = (
        "import asyncio, sys\n"
        "from octomil_tui.ui.app import ConsoleApp\n"
        "from octomil_tui.ui.place import PlaceInfo\n"
        "heavy = {'httpx', 'pydantic', 'fastapi', 'uvicorn', 'starlette'}\n"
        "async def open_service():\n"
        "    assert heavy.isdisjoint(sys.modules), heavy & set(sys.modules)\n"
        "    assert app.screen.is_attached and app.screen.size.width == 80\n"
        "    app.exit(7)\n"
        "    await asyncio.Event().wait()\n"
        "app = ConsoleApp(open_service, PlaceInfo())\n"
        "async def main():\n"
        "    async with app.run_test(size=(80, 24)) as pilot:\n"
        "        while app.return_value != 7:\n"
        "            await pilot.pause()\n"
        "asyncio.run(main())\n"
    )
    run = subprocess.run(  # noqa: S603 - this interpreter, fixed code
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )

    assert run.returncode == 0, run.stderr
