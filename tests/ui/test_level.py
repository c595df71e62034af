"""The first word of line 1 says how much harm a mistake does: on every screen, and over every dialog."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.ui.conftest import On
from tests.ui.consoles import PLACE
from tests.ui.forms import form
from tests.ui.places import WAYS, go
from tests.ui.sims import Sim

pytestmark = pytest.mark.anyio

SIZES = pytest.mark.parametrize("size", [(60, 12), (80, 24), (160, 48)], ids=["60", "80", "160"])
DIALOGS = {
    "LeaveDialog": ("1", "q"),
    "MemoDialog": ("5", "m"),
    "Palette": ("1", "ctrl+p"),
    "Chooser": ("1", "R", "s"),
}


@pytest.mark.parametrize(
    ("mark", "size"),
    [("STAG", (60, 12)), ("STAG", (80, 24)), ("STAG", (160, 48)), ("PROD", (80, 24)), ("DEV", (80, 24))],
    ids=lambda value: value if isinstance(value, str) else str(value[0]),
)
async def test_every_screen_begins_with_the_level(
    on: On, night: Sim, mark: str, size: tuple[int, int]
) -> None:
    place = replace(PLACE, mark=mark, guarded=mark == "PROD")
    async with on(night, place=place, size=size) as hands:
        # The comparison is opened by what there is no room for on the smallest terminal.
        for screen in [one for one in WAYS if one != "CompareScreen" or size[1] > 12]:
            await go(hands, screen)
            assert hands.rows[0].startswith(f" {mark} "), screen
        for keys, name in (
            ("3", "RolloutsScreen"),
            ("5", "TimelineScreen"),
            ("P", "PolicyScreen"),
            ("at", "RequestsScreen"),
        ):
            await hands.press("1", keys)
            await hands.on(name)
            assert hands.rows[0].startswith(f" {mark} "), name


@SIZES
@pytest.mark.parametrize("dialog", DIALOGS)
async def test_no_dialog_covers_it(on: On, night: Sim, dialog: str, size: tuple[int, int]) -> None:
    async with on(night, place=replace(PLACE, mark="STAG", guarded=False), size=size) as hands:
        for key in DIALOGS[dialog]:
            await hands.press(key)
            if key == "R":
                await hands.see("SCOPE:")
            elif key == "5":
                await hands.see("41 events")
        await hands.on(dialog)
        await hands.settle()
        # What it stands over is seen around it.
        await hands.until(lambda: hands.rows[0].startswith(" STAG "), "level")


@pytest.mark.parametrize(
    ("mark", "words"),
    [("PROD", "IN PRODUCTION"), ("STAG", "IN STAGING"), ("DEV", "IN DEVELOPMENT"), ("DEMO", "IN THE DEMO")],
)
async def test_the_form_says_it_in_words(on: On, night: Sim, mark: str, words: str) -> None:
    async with on(night, place=replace(PLACE, mark=mark)) as hands:
        await form(hands)
        assert words in hands.picture
        assert hands.rows[0].startswith(f" {mark} ")
