"""Between the plan and the request: a fleet that moved, and a person who left."""

from __future__ import annotations

import httpx
import pytest

from tests.ui.conftest import On
from tests.ui.forms import confirm_held_back, form
from tests.ui.sims import PHI_ID, Sim

pytestmark = pytest.mark.anyio


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


async def test_who_left_before_it_was_sent_is_told_so(
    on: On, night: Sim, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on(night) as hands:
        gate = await confirm_held_back(hands, monkeypatch, "escape", "escape")
        await hands.on("FleetScreen")
        gate.set()
        await hands.until(lambda: hands.said == ["the rollback was sent; w watches it"], "toast")
        assert len(night.writes) == 1


async def test_help_over_the_wizard_gives_way_to_the_watch(
    on: On, night: Sim, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on(night) as hands:
        gate = await confirm_held_back(hands, monkeypatch, "escape", "question_mark")
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
        gate = await confirm_held_back(hands, monkeypatch, *keys)
        night.broken = httpx.ConnectError("gone")
        gate.set()
        await hands.until(lambda: any("nothing was sent" in one for one in hands.said), "toast")
        assert night.writes == []
        night.broken = None
        await hands.press("1")
        await hands.on("FleetScreen")
