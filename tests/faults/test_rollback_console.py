"""The one POST of the console, on a real terminal: what the world does meanwhile, and what the next start says."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.drill import Drill
from tests.e2e.hands import confirm, console, press_apart, press_until, type_text
from tests.terminal.pty import Terminal


@pytest.fixture
def drill() -> Iterator[Drill]:
    with Drill("night") as found:
        yield found


def posts(drill: Drill) -> list[dict[str, Any]]:
    return [e for e in drill.log if e["method"] == "POST" and not e["path"].startswith("/_sim")]


def entry(directory: Path) -> dict[str, Any]:
    [path] = (directory / "octomil-console" / "journal").glob("*.json")
    found: dict[str, Any] = json.loads(path.read_bytes())
    return found


def to_the_form(terminal: Terminal) -> None:
    """Go to the confirmation and fill it in, but for the Enter that sends."""
    terminal.wait_for("4 silent")
    terminal.press("R")
    terminal.wait_for("BLAST RADIUS")
    press_until(terminal, "enter", "Why?")
    type_text(terminal, "errors 6.1%")
    press_apart(terminal, "tab", "tab")
    type_text(terminal, "phi-4-mini")
    terminal.wait_for("enter ROLL BACK")


def roll_back(terminal: Terminal) -> None:
    terminal.wait_for("4 silent")
    terminal.press("R")
    terminal.wait_for("BLAST RADIUS")
    press_until(terminal, "enter", "Why?")
    confirm(terminal, "phi-4-mini")


def test_case_09_one_request_with_its_intent_on_disk_before_it(drill: Drill, tmp_path: Path) -> None:
    with console(drill, XDG_STATE_HOME=str(tmp_path)) as terminal:
        to_the_form(terminal)
        assert posts(drill) == []
        drill.faults({"fault": "silent", "processed": True, "method": "POST"})
        press_until(terminal, "enter", "waiting for the server's answer")
        terminal.wait(lambda: len(posts(drill)) == 1, "the request")
        written = entry(tmp_path)
        assert written["state"] == "sent"
        assert written["intent"]["id"] == posts(drill)[0]["idempotency_key"]
        assert (written["intent"]["to_version"], written["intent"]["reason"]) == ("1.0.0", "errors 6.1%")


@pytest.mark.parametrize("world", ["rollout", "devices", "unreadable"])
def test_case_13_a_world_that_moved_sends_nothing_and_shows_what_moved(
    drill: Drill, tmp_path: Path, world: str
) -> None:
    with console(drill, XDG_STATE_HOME=str(tmp_path)) as terminal:
        to_the_form(terminal)
        match world:
            case "rollout":
                drill.operator(model="phi-4-mini", version="2.1.0", percentage=10, by="ana")
            case "devices":
                drill.device("can-ios-01", "bounce", model="phi-4-mini")
            case _:
                drill.faults({"fault": "status", "code": 503, "path": "/models/*/rollouts"})
        before = len(posts(drill))
        press_until(terminal, "enter", "ROLL BACK phi-4-mini  1/2")
        terminal.wait(lambda: "!!" in terminal.text, "a reason")
        assert len(posts(drill)) == before
        # What was about to be sent was written down first, and then that it was not.
        terminal.wait(lambda: entry(tmp_path)["state"] == "closed", "the entry closed", read=False)
        assert entry(tmp_path)["outcome"] == "not_sent"


def test_case_17_a_second_operator_supersedes_within_two_polls(drill: Drill, tmp_path: Path) -> None:
    with console(drill, XDG_STATE_HOME=str(tmp_path)) as terminal:
        roll_back(terminal)
        terminal.wait_for("ROLLING BACK phi-4-mini")
        drill.at(30)
        drill.operator(model="phi-4-mini", to_version="0.9.0", by="ana", reason="1.0.0 is slow")
        terminal.wait_for("SUPERSEDED: rollback 4132 to v0.9.0 by ana")
        terminal.wait_for("1 watch that one")
        terminal.press("1")
        terminal.wait_for("v0.9.0")
        terminal.wait(lambda: "SUPERSEDED" not in terminal.text, "the other rollback")
        assert len(posts(drill)) == 1


def test_case_16_a_conflict_is_shown_and_may_be_watched(drill: Drill, tmp_path: Path) -> None:
    with console(drill, XDG_STATE_HOME=str(tmp_path)) as terminal:
        to_the_form(terminal)
        drill.faults({"fault": "refuse_rollback", "method": "POST", "by": "ana"})
        press_until(terminal, "enter", "The server refused the rollback")
        terminal.wait_for("409")
        drill.clear_faults()
        drill.operator(model="phi-4-mini", to_version="0.9.0", by="ana")
        terminal.wait_for("In the way: rollback 4131 to v0.9.0 by ana")
        terminal.press("1")
        terminal.wait_for("ROLLING BACK phi-4-mini")
        assert len(posts(drill)) == 1


@pytest.mark.parametrize("code", [404, 405])
def test_a_service_without_rollbacks_is_offered_the_other_way_and_it_is_confirmed_anew(
    drill: Drill, tmp_path: Path, code: int
) -> None:
    drill.faults({"fault": "no_rollback_route", "code": code})
    with console(drill, XDG_STATE_HOME=str(tmp_path)) as terminal:
        to_the_form(terminal)
        press_until(terminal, "enter", "1 as a rollout")
        assert len(posts(drill)) == 1
        terminal.press("1")
        terminal.wait_for("BLAST RADIUS")
        press_until(terminal, "enter", "Why?")
        terminal.wait_for("Sent as a rollout of v1.0.0 to 100%")
        assert len(posts(drill)) == 1
        confirm(terminal, "phi-4-mini")
        assert [e["path"].rsplit("/", 1)[1] for e in posts(drill)] == ["rollback", "rollouts"]


ENDS = {"quit": None, "term": signal.SIGTERM, "hup": signal.SIGHUP, "kill": signal.SIGKILL}


@pytest.mark.parametrize("how", ENDS)
def test_case_20_whatever_ends_it_in_flight_the_next_start_says_so(
    drill: Drill, tmp_path: Path, how: str
) -> None:
    with console(drill, XDG_STATE_HOME=str(tmp_path)) as terminal:
        to_the_form(terminal)
        drill.faults({"fault": "silent", "processed": True, "method": "POST"})
        press_until(terminal, "enter", "waiting for the server's answer")
        terminal.wait(lambda: len(posts(drill)) == 1, "the request")
        number = ENDS[how]
        if number is None:
            press_apart(terminal, "ctrl+c", "ctrl+c")
            terminal.wait_for("A rollback is being sent")
            press_apart(terminal, "y")
        else:
            os.kill(terminal.process.pid, number)
        terminal.wait_exit()
    assert entry(tmp_path)["state"] in ("sent", "unknown")
    drill.clear_faults()
    drill.at(120)
    with console(drill, XDG_STATE_HOME=str(tmp_path)) as terminal:
        terminal.wait_for("Rollback 4131 of phi-4-mini (yours,")
        terminal.wait_for("SINCE YOU LEFT AT")
        terminal.wait_for("report v1.0.0")
        press_until(terminal, "enter", "verified")
        terminal.wait_for("ROLLING BACK phi-4-mini")
        assert len(posts(drill)) == 1
        assert entry(tmp_path)["rollout_id"] == "4131"


def test_case_20_one_that_ended_meanwhile_is_told_and_dismissed(drill: Drill, tmp_path: Path) -> None:
    with console(drill, XDG_STATE_HOME=str(tmp_path)) as terminal:
        roll_back(terminal)
        terminal.process.kill()
        terminal.wait_exit()
    drill.at(2400)
    with console(drill, XDG_STATE_HOME=str(tmp_path)) as terminal:
        terminal.wait_for("ended while you were away")
        terminal.wait_for("server: rollback 4131 completed")
        terminal.wait_for("not observed: a bounce and return would not show")
        terminal.press("esc")
        terminal.wait(lambda: "SINCE YOU LEFT" not in terminal.text, "the fleet alone")
        terminal.wait(lambda: entry(tmp_path)["state"] == "closed", "the entry closed", read=False)
        assert entry(tmp_path)["outcome"] == "dismissed"
    with console(drill, XDG_STATE_HOME=str(tmp_path)) as terminal:
        terminal.wait_for("LIVE")
        assert "SINCE YOU LEFT" not in terminal.text


def test_case_48_without_a_place_to_write_one_acknowledgement_is_asked(drill: Drill, tmp_path: Path) -> None:
    (tmp_path / "octomil-console").write_text("in the way")
    with console(drill, XDG_STATE_HOME=str(tmp_path)) as terminal:
        terminal.wait_for("4 silent")
        terminal.press("R")
        terminal.wait_for("BLAST RADIUS")
        press_until(terminal, "enter", "Why?")
        terminal.wait_for("No journal and no audit record of this rollback")
        type_text(terminal, "errors 6.1%")
        press_apart(terminal, "tab", "tab")
        type_text(terminal, "phi-4-mini")
        terminal.wait_for("record not acknowledged")
        press_apart(terminal, "tab", "tab", "tab", "tab", "space")
        press_until(terminal, "enter", "verified")
        assert len(posts(drill)) == 1
