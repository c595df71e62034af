"""Help and palette: they list what the screen in front can do, and the palette does it."""

from __future__ import annotations

import pytest

from octomil_tui.ui.intents import intent
from tests.ui.conftest import On
from tests.ui.places import WAYS, go
from tests.ui.sims import Sim

pytestmark = pytest.mark.anyio

OWN = {
    "FleetScreen": ("roll_back", "watch"),
    "RolloutsScreen": ("watch",),
    "WizardScreen": ("go_on", "choose_scope", "choose_version"),
}


@pytest.mark.parametrize("screen", OWN)
async def test_help_lists_the_keys_of_the_screen(on: On, night: Sim, screen: str) -> None:
    async with on(night, size=(160, 48)) as hands:
        await go(hands, screen)
        await hands.press("f1")
        await hands.see("ON THIS SCREEN", "EVERYWHERE", "WHAT THE WORDS MEAN")
        top = hands.picture
        for name in OWN[screen]:
            assert intent(name).meaning[:24] in top
        assert "bounced" in hands.picture
        await hands.press("escape")
        await hands.on(screen)


async def test_help_can_be_read_to_its_end_on_a_small_screen(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await hands.press("question_mark")
        await hands.on("HelpScreen")
        assert "twice: quit" not in hands.picture
        await hands.press(*["j"] * 60)
        await hands.see("NOT USED ON PURPOSE")
        await hands.press("tab", *["j"] * 60)
        await hands.see("130  interrupted")


@pytest.mark.parametrize("screen", WAYS)
async def test_the_palette_opens_everywhere(on: On, night: Sim, screen: str) -> None:
    async with on(night) as hands:
        await go(hands, screen)
        await hands.press("ctrl+p")
        await hands.on("Palette")
        await hands.see("COMMANDS", "every device group")
        await hands.press("escape")
        await hands.on(screen)


async def test_the_palette_runs_what_was_chosen(on: On, night: Sim) -> None:
    async with on(night) as hands:
        for word, screen in (("rollouts", "RolloutsScreen"), ("help", "HelpScreen")):
            await hands.press("1", "ctrl+p")
            await hands.on("Palette")
            await hands.type(word)
            await hands.see("every rollout and" if word == "rollouts" else "help [TERM]")
            await hands.press("enter")
            await hands.on(screen)
        await hands.press("1", "ctrl+p")
        await hands.on("Palette")
        await hands.type("rollback")
        await hands.see("preview a rollback of a model")
        await hands.press("enter")
        await hands.on("WizardScreen")
        assert night.writes == []
