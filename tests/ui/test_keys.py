"""The last line only offers keys that do something; what is bound to nothing does nothing."""

from __future__ import annotations

import pytest

from octomil_tui.ui.intents import UNUSED
from tests.ui.conftest import On
from tests.ui.consoles import Hands
from tests.ui.places import NAMES, WAYS, go, state, watch
from tests.ui.sims import Sim

pytestmark = pytest.mark.anyio
QUIET_KEYS = {"1", "2", "3", "4", "5"}
"""Places: on its own screen each does nothing, and is shown all the same, since a tab bar does not jump."""


async def notice(hands: Hands, night: Sim, key: str) -> bool:
    """Press a key that the last line shows; say whether that could be noticed."""
    before, asked = state(hands), len(night.door.seen)
    await hands.press(NAMES.get(key, key))
    # A file is written in a thread.
    for worker in [one for one in hands.app.workers if one.group == "export"]:
        await worker.wait()
    for _ in range(5):
        await hands.settle()
        if state(hands) != before or len(night.door.seen) > asked:
            if hands.screen == "MemoDialog":
                # What is pressed next would be typed into it.
                await hands.press("escape")
            return True
    return False


@pytest.mark.parametrize("screen", WAYS)
async def test_every_key_that_is_shown_does_something(on: On, night: Sim, screen: str) -> None:
    async with on(night) as hands:
        await go(hands, screen)
        keys = hands.shown_keys
        assert keys
        for key in keys:
            if hands.screen != screen or key not in hands.shown_keys:
                await go(hands, screen)
            assert key in hands.shown_keys
            assert await notice(hands, night, key) or key in QUIET_KEYS, f"{key}:\n{hands.picture}"
        assert night.writes == []


async def test_every_key_of_the_watch_does_something(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await watch(hands)
        for key in hands.shown_keys:
            if hands.app.screen.is_modal:
                await hands.press("escape")
            await hands.press("1", "w")
            await hands.on("WatchScreen")
            assert await notice(hands, night, key), f"{key}:\n{hands.picture}"
        if hands.app.screen.is_modal:
            await hands.press("escape")
        await hands.press("1", "w", "L")
        await hands.on("StragglersScreen")
        for key in hands.shown_keys:
            assert await notice(hands, night, key), f"{key}:\n{hands.picture}"
            await hands.press("1", "w", "L")
            await hands.on("StragglersScreen")
        assert len(night.writes) == 1


async def test_keys_of_the_end_do_something(on: On, night: Sim) -> None:
    async with on(night, size=(160, 48)) as hands:
        await watch(hands)
        for _ in range(8):
            await hands.later(240)
        await hands.see("STILL ON GUARD")
        for key in hands.shown_keys:
            if hands.app.screen.is_modal:
                await hands.press("escape")
            await hands.press("1", "w")
            await hands.on("WatchScreen")
            assert await notice(hands, night, key), f"{key}:\n{hands.picture}"


async def test_unused_keys_do_nothing_anywhere(on: On, night: Sim) -> None:
    async with on(night) as hands:
        for screen in WAYS:
            await go(hands, screen)
            before = state(hands)
            # In the help any letter that means nothing is looked for.
            await hands.quick(*(key for key in UNUSED if screen != "HelpScreen" or key != "r"))
            assert state(hands) == before, screen
        assert night.writes == []


async def test_places_are_reached_from_everywhere(on: On, night: Sim) -> None:
    places = ("FleetScreen", "ModelsScreen", "RolloutsScreen", "GroupsScreen")
    async with on(night) as hands:
        for turn, screen in enumerate(WAYS):
            await go(hands, screen)
            await hands.press(str(turn % 4 + 1))
            await hands.on(places[turn % 4])
            assert len(hands.app.screen_stack) == 1


async def test_q_at_the_top_asks_and_a_second_q_stays(on: On, night: Sim) -> None:
    async with on(night) as hands:
        for answer in ("q", "escape", "n", "enter"):
            await hands.press("q")
            await hands.see("Leave the console?", "Leaving stops nothing.")
            await hands.press(answer)
            await hands.on("FleetScreen")
        await hands.press("2", "enter", "q")
        await hands.on("ModelsScreen")
        await hands.press("q", "y")
        await hands.settle()
        assert hands.app._exit
        assert hands.app.return_code == 0


@pytest.mark.parametrize(
    "way", [(), ("R",), ("R", "enter"), ("R", "s"), ("q",), ("ctrl+p",), ("question_mark",)]
)
async def test_ctrl_c_twice_leaves_from_everywhere(on: On, night: Sim, way: tuple[str, ...]) -> None:
    async with on(night) as hands:
        for key in way:
            await hands.press(key)
            await hands.settle()
            if key == "R":
                await hands.see("SCOPE:")
        await hands.press("ctrl+c")
        await hands.settle()
        assert hands.said == ["ctrl+c again leaves at once; it stops no rollback"]
        assert not hands.app._exit
        hands.clock.now += 5
        await hands.press("ctrl+c")
        assert not hands.app._exit, "too late to be the second one"
        await hands.press("ctrl+c")
        await hands.settle()
        assert hands.app.return_code == 130


@pytest.mark.parametrize(
    "way", [("R", "s"), ("R", "v"), ("R", "ctrl+p")], ids=["scope", "version", "palette"]
)
async def test_a_dialog_is_answered_once(on: On, night: Sim, way: tuple[str, ...]) -> None:
    async with on(night) as hands:
        await hands.press(way[0])
        await hands.see("SCOPE:")
        await hands.press(way[1])
        await hands.until(lambda: hands.app.screen.is_modal, "dialog")
        if way[1] == "ctrl+p":
            await hands.type("redraw")
            await hands.see("draw the screen again")
        # Both are there before the dialog hears of the first one.
        await hands.quick("enter", "enter")
        await hands.on("WizardScreen")
        assert len(hands.app.screen_stack) == 2
