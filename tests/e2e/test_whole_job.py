"""The whole job as a person does it: see the fleet, roll it back, watch until every device says so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cli.drill import Drill
from tests.e2e.hands import LONG, confirm, console, press_apart, press_until, type_text

SPEED = 100.0
SIZES = ((80, 24), (160, 48))


@pytest.fixture
def drill() -> Iterator[Drill]:
    with Drill("brief", speed=SPEED) as running:
        yield running


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_whole_fleet_is_rolled_back_and_watched_to_the_end(drill: Drill, size: tuple[int, int]) -> None:
    with console(drill, size=size) as terminal:
        terminal.wait_for("50/124")
        terminal.press("R")
        terminal.wait_for("WHOLE FLEET, 5 groups, 124 devices")
        terminal.wait_for("50 CHANGE")
        press_until(terminal, "enter", "phi-4-mini  2/2")
        confirm(terminal, "phi-4-mini")
        terminal.wait_for("IS BACK ON v1.0.0", deadline=LONG)
        terminal.wait_for("50 of 50 reachable devices settled.")
        assert drill.running.api_key.encode() not in terminal.raw

    assert drill.writes == ["/v1/models/mdl_phi4mini/rollback"]


def test_one_group_is_rolled_back_and_the_others_stay(drill: Drill) -> None:
    with console(drill) as terminal:
        terminal.wait_for("staging")
        press_apart(terminal, "tab", "j")
        terminal.press("R")
        terminal.wait_for("GROUP staging ONLY, 12 of 124 devices")
        terminal.wait_for("12 CHANGE")
        press_until(terminal, "enter", "Type the group name:")
        confirm(terminal, "staging")
        terminal.wait_for("12 of 12 reachable devices settled.", deadline=LONG)
        terminal.press("1")
        terminal.wait_for("v1.0.0 ×12")
        terminal.wait_for("v2.0.0 ×6")

    assert len(drill.writes) == 1


def test_enter_without_the_name_cancels_and_keeps_what_was_typed(drill: Drill) -> None:
    with console(drill) as terminal:
        terminal.wait_for("50/124")
        terminal.press("R")
        terminal.wait_for("50 CHANGE")
        press_until(terminal, "enter", "Why?")
        type_text(terminal, "half a reason")
        press_until(terminal, "enter", "BLAST RADIUS")
        press_until(terminal, "enter", "half a reason")

    assert drill.writes == []


def test_case_10_a_held_enter_sends_nothing(drill: Drill) -> None:
    with console(drill) as terminal:
        terminal.wait_for("50/124")
        terminal.press("R")
        terminal.wait_for("50 CHANGE")
        for _ in range(60):
            terminal.press("enter")
            terminal.drain()

    assert drill.writes == []
