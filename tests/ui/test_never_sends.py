"""Reflexes, pastes and clicks: none of them sends; and what is sent is sent once."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from textual import events
from textual.widgets import Input

from tests.ui.conftest import On
from tests.ui.consoles import Hands
from tests.ui.sims import PHI, PHI_ID, Sim
from tests.ui.test_confirm import SIZES, form, value

pytestmark = pytest.mark.anyio


@SIZES
async def test_a_held_enter_sends_nothing(on: On, night: Sim, size: tuple[int, int]) -> None:
    async with on(night, size=size) as hands:
        await hands.press("R")
        for _ in range(3):
            # As fast as keys repeat; some are pressed before the screen they fall on is there.
            for _ in range(8):
                hands.clock.now += 0.033
                hands.app.post_message(events.Key("enter", "\r"))
            await hands.pilot.pause()
        await hands.pilot.pause()
        assert night.writes == []
        assert hands.screen == "WizardScreen"


async def test_type_ahead_sends_nothing(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await hands.pilot.press(
            "R", "enter", "x", "tab", "tab", *"phi", "minus", "4", "minus", *"mini", "enter"
        )
        await hands.see("SCOPE:")
        await hands.pilot.press(
            "enter", "x", "tab", "tab", *"phi", "minus", "4", "minus", *"mini", "enter", "enter"
        )
        await hands.pilot.pause()
        assert night.writes == []


async def test_two_enters_send_one_request(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await form(hands)
        await hands.confirm()
        await hands.pilot.press("enter", "enter", "enter")
        await hands.on("WatchScreen")
        await hands.later(5)
        assert len(night.writes) == 1


async def test_going_round_again_sends_one_request(
    on: On, night: Sim, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on(night) as hands:
        session = hands.app._session
        assert session is not None
        gate, again = asyncio.Event(), session._again

        async def held(shown: object) -> object:
            await gate.wait()
            return await again(shown)  # type: ignore[arg-type]

        monkeypatch.setattr(session, "_again", held)
        await form(hands)
        await hands.confirm()
        await hands.press("enter", "escape", "enter")
        await hands.see("2/2")
        hands.clock.now += 1
        await hands.press("enter")
        await hands.see("a rollback of this model is being sent already")
        gate.set()
        await hands.on("WatchScreen")
        assert len(night.writes) == 1


@pytest.mark.parametrize("field", ["reason", "word", "version"])
async def test_a_paste_with_line_breaks_sends_nothing(on: On, night: Sim, field: str) -> None:
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


async def test_a_paste_that_comes_as_keys_sends_nothing(on: On, night: Sim) -> None:
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
async def test_a_click_sends_nothing(on: On, night: Sim, size: tuple[int, int]) -> None:
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


async def test_every_cell_of_the_form_can_be_clicked_without_sending(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await form(hands)
        await hands.confirm()
        for row in range(5, 19, 2):
            for column in (8, 30):
                await hands.pilot.click(offset=(column, row))
                hands.clock.now += 1
        assert night.writes == []


async def test_a_fleet_that_moved_is_not_rolled_back(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await form(hands)
        await hands.confirm()
        await night.post(f"/v1/models/{PHI_ID}/rollouts/4127/pause", {})
        await hands.see("enter ROLL BACK")
        await hands.press("enter")
        await hands.see("The fleet moved, nothing was sent:", "rollout 4127 is paused at 40% instead of")
        await hands.see("1/2")
        assert night.writes == []
        await hands.press("enter")
        await hands.see("2/2", "enter ROLL BACK")
        hands.clock.now += 1
        await hands.press("enter")
        await hands.on("WatchScreen")
        assert len(night.writes) == 1


async def test_a_move_that_is_seen_while_typing_locks(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await form(hands)
        await hands.confirm()
        await night.post(f"/v1/models/{PHI_ID}/rollouts/4127/pause", {})
        await hands.later(5)
        await hands.see("enter Cancel (the fleet moved: esc)", "no longer true: rollout 4127 is paused")
        hands.clock.now += 1
        await hands.press("enter")
        await hands.see("1/2")
        assert night.writes == []


async def test_reading_again_while_typing_shows_what_moved_first(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await form(hands)
        await hands.confirm()
        await night.post(f"/v1/models/{PHI_ID}/rollouts/4127/pause", {})
        await hands.press("ctrl+r")
        await hands.see("The fleet moved, nothing was sent:", "1/2")
        assert night.writes == []


async def left_in_between(hands: Hands, monkeypatch: pytest.MonkeyPatch, *keys: str) -> asyncio.Event:
    """Confirm, and press keys while the fleet is read once more."""
    session = hands.app._session
    assert session is not None
    gate, again = asyncio.Event(), session._again

    async def held(shown: object) -> object:
        await gate.wait()
        return await again(shown)  # type: ignore[arg-type]

    monkeypatch.setattr(session, "_again", held)
    await form(hands)
    await hands.confirm()
    await hands.press("enter", *keys)
    return gate


async def test_who_left_before_it_was_sent_is_told_so(
    on: On, night: Sim, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on(night) as hands:
        gate = await left_in_between(hands, monkeypatch, "escape", "escape")
        await hands.on("FleetScreen")
        gate.set()
        await hands.until(lambda: hands.said == ["the rollback was sent; w watches it"], "toast")
        assert len(night.writes) == 1


async def test_help_over_the_wizard_gives_way_to_the_watch(
    on: On, night: Sim, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on(night) as hands:
        gate = await left_in_between(hands, monkeypatch, "escape", "question_mark")
        await hands.on("HelpScreen")
        gate.set()
        await hands.on("WatchScreen")
        await hands.press("escape")
        await hands.on("FleetScreen")


@pytest.mark.parametrize("keys", [("escape", "escape"), ("escape", "3")], ids=["esc esc", "esc 3"])
async def test_who_left_is_told_that_nothing_was_sent(
    on: On, night: Sim, monkeypatch: pytest.MonkeyPatch, keys: tuple[str, ...]
) -> None:
    async with on(night) as hands:
        gate = await left_in_between(hands, monkeypatch, *keys)
        night.broken = httpx.ConnectError("gone")
        gate.set()
        await hands.until(lambda: any("nothing was sent" in one for one in hands.said), "toast")
        assert night.writes == []
        night.broken = None
        await hands.press("1")
        await hands.on("FleetScreen")
