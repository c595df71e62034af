"""Whatever a fleet is called: no screen breaks, no terminal obeys it, and no click runs it."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input

from octomil_tui.api.errors import OctomilError
from octomil_tui.ui.widgets.table import Table
from tests.ui.consoles import Hands, console, given
from tests.ui.hostile import ATTACKS, hostile, raw
from tests.ui.pictures import segments

pytestmark = pytest.mark.anyio


async def look(hands: Hands, screen: str) -> None:
    await hands.on(screen)
    await hands.settle()
    assert raw(segments(hands.app.screen)) == [], screen
    await click_on_names(hands)
    assert hands.screen == screen
    assert raw(hands.said) == []


async def click_on_names(hands: Hands) -> None:
    before = hands.app.screen
    focused = before.focused
    clicks: dict[str, int] = {}
    for y, row in enumerate(hands.rows):
        at = row.find("click[/]")
        if at >= 0 and clicks.setdefault(row[:20], y) == y:
            await hands.pilot.click(offset=(at + 1, y))
            assert hands.screen != "LeaveDialog"
            if hands.app.screen is not before:
                await hands.press("escape")
                await hands.until(lambda: hands.app.screen is before and before.is_active, "way back")
    before.set_focus(focused)


async def on_lists(hands: Hands) -> None:
    for place, screen in (("2", "ModelsScreen"), ("3", "RolloutsScreen"), ("4", "GroupsScreen")):
        await hands.press(place)
        await look(hands, screen)
    await hands.press("3", "w")
    await look(hands, "RolloutsScreen")


async def on_wizard(hands: Hands) -> None:
    for choose in ("v", "s"):
        await hands.press(choose)
        await hands.on("Chooser")
        assert raw(segments(hands.app.screen)) == []
        await hands.press("escape")
        await hands.on("WizardScreen")
    await hands.press("enter")
    await hands.until(lambda: isinstance(hands.app.screen.focused, Input), "form")
    hands.clock.now += 1


async def on_watch(hands: Hands, text: str, service_word: str) -> None:
    for field in ("reason", "word", "version"):
        widget = hands.app.screen.query_one(f"#{field}", Input)
        widget.focus()
        await hands.paste(text)
        assert raw(segments(hands.app.screen)) == [], field
        widget.value = {"word": service_word, "version": f"1{text}"}.get(field, text)
    await hands.settle()
    assert raw(segments(hands.app.screen)) == []
    hands.clock.now += 1
    await hands.press("enter")
    await look(hands, "WatchScreen")


@pytest.mark.parametrize(
    ("attack", "size"), [*((attack, (160, 48)) for attack in ATTACKS), ("escapes", (80, 24))]
)
async def test_case_04_names_are_literal_on_every_screen(
    tmp_path: Path, attack: str, size: tuple[int, int]
) -> None:
    text = ATTACKS[attack]
    service = hostile(text)
    async with console(lambda: given(service), tmp_path, size=size) as hands:
        await look(hands, "FleetScreen")
        await on_lists(hands)
        await hands.press("1", "enter")
        await look(hands, "ModelScreen")
        table = hands.app.screen.query_one("#versions", Table)
        await hands.until(lambda: len(table.rows) == 3, "versions")
        assert table.move_to(f"1{text}")
        await hands.press("R")
        await look(hands, "WizardScreen")
        await hands.until(lambda: hands.app.screen.query_one("#wizard").display, "plan")
        await on_wizard(hands)
        await on_watch(hands, text, text)
        await hands.press("1", "tab", "enter")
        await look(hands, "GroupScreen")
        await hands.press("question_mark")
        await look(hands, "HelpScreen")
        service.device_list = service.active = OctomilError(text)
        await hands.press("1")
        await hands.later(5)
        await look(hands, "FleetScreen")
        assert "again in" in hands.picture
        assert hands.app.is_running
