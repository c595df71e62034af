"""However the installed console ends, the terminal is given back, and the exit status says why it ended."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.drill import Drill
from tests.faults.life import LONG, begin, fill_in, press_while, shown
from tests.faults.relay import Relay


@pytest.fixture(scope="module")
def brief() -> Iterator[Drill]:
    with Drill("brief") as drill:
        yield drill


@pytest.mark.parametrize("seen", [b"\x1b[?1049h", b"\x1b[?2004h", b"PROD"], ids=["first", "last", "drawn"])
def test_case_43_a_signal_while_it_starts_is_no_crash(brief: Drill, tmp_path: Path, seen: bytes) -> None:
    with begin(brief, tmp_path) as terminal:
        terminal.wait(lambda: seen in terminal.raw, "sign of life", deadline=LONG)
        terminal.send(signal.SIGTERM)
        assert terminal.wait_exit(deadline=LONG) == 143
        assert terminal.left_on == set()
        assert terminal.modes() == terminal.modes_before
        assert b"crashed" not in terminal.raw
        assert not list(tmp_path.rglob("*.txt"))


def test_case_43_the_key_for_a_core_dump_is_left_alone(brief: Drill, tmp_path: Path) -> None:
    with begin(brief, tmp_path, line="ulimit -c 0; exec {console}") as terminal:
        shown(terminal)
        terminal.send(signal.SIGQUIT)
        assert terminal.wait_exit(deadline=LONG) == -signal.SIGQUIT


def test_case_43_ctrl_c_twice_asks_while_a_rollback_is_being_sent(tmp_path: Path) -> None:
    with Drill("brief") as drill, Relay(drill.running.base_url) as relay:
        with begin(drill, tmp_path, env={"OCTOMIL_API_URL": relay.base_url}) as terminal:
            fill_in(shown(terminal))
            press_while(terminal, "enter", lambda: not relay.holds.is_set(), "request on its way")
            for answer in ("esc", "y"):
                terminal.press("ctrl+c", "ctrl+c")
                terminal.wait_for("Leave the console?", deadline=LONG)
                terminal.wait_for("A rollback is being sent.")
                # A person whose finger stays on ctrl+c is asked, too.
                terminal.press_at_once("ctrl+c", "ctrl+c", "ctrl+c")
                terminal.press(answer)
                if answer == "esc":
                    terminal.wait_gone("Leave the console?", deadline=LONG)
            assert terminal.wait_exit(deadline=LONG) == 130
            assert terminal.is_given_back
        assert drill.writes == []


@pytest.mark.parametrize(
    ("line", "controlling"),
    [("exec {console}", True), ("trap '' HUP; exec {console}", True), ("exec {console}", False)],
    ids=["told", "told to ignore it", "not told"],
)
def test_case_44_a_terminal_that_is_gone_ends_it_at_once(
    brief: Drill, tmp_path: Path, line: str, controlling: bool
) -> None:
    with begin(brief, tmp_path, line=line, controlling=controlling) as terminal:
        shown(terminal)
        before = terminal.cpu()
        terminal.hang_up()
        terminal.wait_zombie()
        # A loop over a descriptor that is always ready takes as much processor time as there is.
        assert terminal.cpu() - before < 0.5
        assert terminal.wait_exit(read=False) == 129
