"""Another theme at once, everywhere; and a calm console, which draws only what matters."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from octomil_tui.ui.theme import DEFAULT_LOOK, THEMES, look
from tests.snapshots.scenes import fleet, watch
from tests.snapshots.stage import Stage, at
from tests.ui.pictures import pictures


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def grounds(stage: Stage) -> set[str]:
    """Return every colour that is behind something on the screen."""
    screen = stage.app.screen
    strips = screen._compositor.render_strips(screen.size)
    return {
        style.bgcolor.name for strip in strips for _, style, _ in strip if style is not None and style.bgcolor
    }


@pytest.mark.anyio
async def test_ctrl_t_goes_through_all_themes_and_draws_everything_anew() -> None:
    stage = Stage()
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await fleet(stage, pilot)
        before = grounds(stage)
        for theme in (*THEMES[1:], THEMES[0]):
            await stage.press(pilot, "ctrl+t")
            assert stage.app.look.theme == theme
            assert stage.app.theme == stage.app.look.palette.name
            stage.app.clear_notifications()
            await pilot.pause()
            assert grounds(stage).isdisjoint(before) is (theme != THEMES[0])
        assert grounds(stage) == before


@pytest.mark.anyio
async def test_a_screen_behind_others_is_in_the_new_theme_when_it_comes_back() -> None:
    stage = Stage()
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await fleet(stage, pilot)
        before = grounds(stage)
        await stage.press(pilot, "2")
        stage.app.choose_theme("light")
        await stage.press(pilot, "1")
        stage.app.clear_notifications()
        await stage.press(pilot)
        assert grounds(stage).isdisjoint(before)


@pytest.mark.anyio
async def test_a_theme_that_does_not_exist_is_answered_with_those_that_do() -> None:
    stage = Stage()
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await fleet(stage, pilot)
        stage.app.choose_theme("solarized\x1b[31m")
        await stage.press(pilot)
        said = [one.message for one in stage.app._notifications]
        assert len(said) == 1
        assert said[0].startswith("there is no theme solarized")
        assert said[0].endswith("there are default, contrast, light, mono, ansi")
        assert "\x1b" not in said[0]
        assert stage.app.look is DEFAULT_LOOK


async def _calm(stage: Stage, pilot: Pilot[int]) -> list[Any]:
    """Make the console calm, and return what it draws from then on."""
    await stage.wear(pilot, look(is_calm=True))
    drawn: list[Any] = []
    display = stage.app._display

    def count(screen: Any, renderable: Any) -> None:
        if renderable is not None:
            drawn.append(renderable)
        display(screen, renderable)

    stage.app._display = count  # type: ignore[method-assign]
    return drawn


@pytest.mark.anyio
async def test_a_calm_console_is_drawn_once_in_a_minute_in_which_nothing_happens() -> None:
    stage = Stage()
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await fleet(stage, pilot)
        stage.hold()
        drawn = await _calm(stage, pilot)
        rows = pictures(stage.app.screen)
        assert "LIVE <1m   03:12Z" in rows[0]
        drawn.clear()
        minutes = set()
        # The link is not what this is about: what was read stays fresh.
        for second in range(60):
            stage.clock.advance_to(at("03:12:41") + second + 1)
            stage.app._tick()
            await pilot.pause()
            minutes.add(pictures(stage.app.screen)[0][-6:])
            if second == 10:
                early = len(drawn)
        assert early == 0
        assert minutes == {"03:12Z", "03:13Z"}


@pytest.mark.anyio
async def test_a_calm_bar_grows_in_steps_and_a_message_does_not_pop_up() -> None:
    stage = Stage()
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await watch(stage, pilot)
        await _calm(stage, pilot)
        bar = next(row for row in pictures(stage.app.screen) if "62%" in row)
        # 31 of 50 are 62 %, which is 60 % in steps of 5.
        cells = sum(bar.count(fill) for fill in "█▒·×")
        assert bar.count("█") == cells * 12 // 20
        stage.app.notify("what was asked for is done")
        await stage.press(pilot)
        assert not list(stage.app._notifications)
        assert any("what was asked for is done" in row for row in pictures(stage.app.screen)[1:6])
