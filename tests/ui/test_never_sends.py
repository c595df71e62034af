"""Reflexes, pastes and clicks: none of them sends; and what is sent is sent once."""

from __future__ import annotations

import pytest
from textual import events
from textual.widgets import Input

from tests.ui.conftest import On
from tests.ui.forms import SIZES, confirm_held_back, form, value
from tests.ui.sims import PHI, Sim

pytestmark = pytest.mark.anyio


@SIZES
async def test_case_10_a_held_enter_sends_nothing(on: On, night: Sim, size: tuple[int, int]) -> None:
    async with on(night, size=size) as hands:
        await hands.press("R")
        for _ in range(3):
            # As fast as keys repeat; some are pressed before the screen they fall on is there.
            for _ in range(8):
                hands.clock.now += 0.033
                hands.app.post_message(events.Key("enter", "\r"))
            await hands.settle()
        await hands.settle()
        assert night.writes == []
        assert hands.screen == "WizardScreen"


async def test_case_10_type_ahead_sends_nothing(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await hands.pilot.press(
            "R", "enter", "x", "tab", "tab", *"phi", "minus", "4", "minus", *"mini", "enter"
        )
        await hands.see("SCOPE:")
        await hands.pilot.press(
            "enter", "x", "tab", "tab", *"phi", "minus", "4", "minus", *"mini", "enter", "enter"
        )
        await hands.settle()
        assert night.writes == []


async def test_case_10_two_enters_send_one_request(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await form(hands)
        await hands.confirm()
        await hands.pilot.press("enter", "enter", "enter")
        await hands.on("WatchScreen")
        await hands.later(5)
        assert len(night.writes) == 1


async def test_case_10_going_round_again_sends_one_request(
    on: On, night: Sim, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on(night) as hands:
        gate = await confirm_held_back(hands, monkeypatch, "escape", "enter")
        await hands.see("2/2")
        hands.clock.now += 1
        await hands.press("enter")
        await hands.see("a rollback of this model is being sent already")
        gate.set()
        await hands.on("WatchScreen")
        assert len(night.writes) == 1


@pytest.mark.parametrize("field", ["reason", "word", "version"])
async def test_case_10_a_paste_with_line_breaks_sends_nothing(on: On, night: Sim, field: str) -> None:
    async with on(night) as hands:
        await hands.press("R")
        await hands.see("SCOPE:")
        await hands.press("v", "G", "enter")
        await hands.see("→ v0.9.0")
        await hands.press("enter")
        await hands.see("And the version:")
        for place in ("reason", "word", "version"):
            hands.app.screen.query_one(f"#{place}", Input).value = {"version": "0.9.0"}.get(place, PHI)
        hands.app.screen.query_one(f"#{field}", Input).value = ""
        hands.app.screen.query_one(f"#{field}", Input).focus()
        hands.clock.now += 1
        await hands.paste(f"{PHI}\n\n")
        assert value(hands, field) == PHI
        assert "2/2" in hands.rows[0]
        assert night.writes == []


async def test_case_10_a_paste_that_comes_as_keys_sends_nothing(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await form(hands)
        await hands.type("INC")
        await hands.press("tab", "tab")
        hands.clock.now += 2
        await hands.burst(f"{PHI}\r\r")
        await hands.see("enter ROLL BACK")
        assert night.writes == []
        await hands.press("enter")
        await hands.on("WatchScreen")
        assert len(night.writes) == 1


@SIZES
async def test_case_10_a_click_sends_nothing(on: On, night: Sim, size: tuple[int, int]) -> None:
    async with on(night, size=size) as hands:
        await form(hands)
        await hands.confirm()
        await hands.see("enter ROLL BACK")
        (row,) = [y for y, text in enumerate(hands.rows) if "Cancel  esc" in text]
        column = hands.rows[row].rindex("Roll back")
        for times in (1, 2):
            await hands.pilot.click(offset=(column + 2, row), times=times)
            hands.clock.now += 1
        assert "2/2" in hands.rows[0]
        await hands.pilot.click(offset=(hands.rows[row].index("Cancel"), row))
        await hands.see("1/2")
        assert night.writes == []


async def test_case_10_every_cell_of_the_form_can_be_clicked_without_sending(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await form(hands)
        await hands.confirm()
        for row in range(5, 19, 2):
            for column in (8, 30):
                await hands.pilot.click(offset=(column, row))
                hands.clock.now += 1
        assert night.writes == []
