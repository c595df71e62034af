"""Keys that come before the screen that they are for has its parts: none of them ends the console."""

from __future__ import annotations

import pytest

from octomil_tui.ui import screens
from octomil_tui.ui.screens.base import BaseScreen
from tests.ui.conftest import On
from tests.ui.sims import PHI_ID, Sim

pytestmark = pytest.mark.anyio

EARLY = ("escape", "slash", "space", "s", "R", "a", "d", "L", "m", "c", "n", "w", "A", "e", "y", "P")


async def test_a_screen_without_parts_takes_no_key(on: On, night: Sim) -> None:
    async with on(night) as hands:
        app = hands.app
        for screen in (
            screens.GroupScreen("grp_eu_kiosks", PHI_ID),
            screens.ModelScreen(PHI_ID),
            screens.PolicyScreen(),
            screens.StragglersScreen(PHI_ID),
        ):
            assert isinstance(screen, BaseScreen)
            assert not screen.is_ready
            for binding in type(screen).BINDINGS:
                action = getattr(binding, "action", "")
                assert not screen.check_action(action.partition("(")[0], ())
            app.push_screen(screen)
            await app.action_back()
            await hands.press(*EARLY, "escape", "escape")
            await hands.press("1")
            await hands.on("FleetScreen")
        assert night.writes == []
