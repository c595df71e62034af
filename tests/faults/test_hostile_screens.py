"""Hostile names where a headless screen is enough: their size, the picture for a file, a crash, and clicks that come late."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from textual.events import Click
from textual.widgets import Input

from octomil_tui.ui.crash import record
from octomil_tui.ui.screens.palette import Palette
from octomil_tui.ui.widgets.table import Table
from tests.engine.fakes import device
from tests.ui.consoles import Hands, console, given
from tests.ui.forms import form
from tests.ui.hostile import ATTACKS, hostile, raw
from tests.ui.pictures import segments
from tests.ui.sims import Sim, on_sim

pytestmark = pytest.mark.anyio

BOMBS = {
    "letters": "L" * 10_000,
    "lines": "a\n" * 10_000,
    "marks": "e" + "\u0301" * 10_000,
    "wide": "界" * 10_000,
}
ROWS = 200
MOST = 130
"""Characters of one name that are shown at most."""


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def longest_word(hands: Hands) -> int:
    """Return the characters of the longest word on the screen; the lines around the panes are none."""
    return max(len(word) for text in segments(hands.app.screen) for word in re.split(r"[\s─█·]+", text))


@pytest.mark.parametrize("bomb", BOMBS)
async def test_case_06_a_name_of_ten_thousand_characters_is_cut(tmp_path: Path, bomb: str) -> None:
    text = BOMBS[bomb]
    service = hostile(text)
    assert isinstance(service.group_list, tuple)
    group = service.group_list[0]
    rows = [
        replace(device(f"d{n}{text}", f"2{text}", group.id), name=f"d{n}{text}", platform=text)
        for n in range(ROWS)
    ]
    service.device_list = tuple(rows)
    service.members = {group.id: tuple(rows)}
    async with console(lambda: given(service), tmp_path, size=(400, 60)) as hands:
        for keys in (
            ("2",),
            ("3",),
            ("4",),
            ("enter",),
            ("pagedown", "pagedown", "end", "home"),
            ("1", "enter"),
        ):
            await hands.press(*keys)
            await hands.settle()
            assert raw(segments(hands.app.screen)) == []
            assert 5 < longest_word(hands) <= MOST
        assert hands.app.is_running


@pytest.mark.parametrize("attack", ATTACKS)
async def test_case_01_the_picture_for_a_file_is_plain_svg(tmp_path: Path, attack: str) -> None:
    async with console(lambda: given(hostile(ATTACKS[attack])), tmp_path) as hands:
        picture = hands.app.export_screenshot()
    hidden = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
    assert [ascii(c) for c in picture if c not in "\n\t" and unicodedata.category(c) in hidden] == []
    names = {element.tag.rpartition("}")[2] for element in ET.fromstring(picture).iter()}  # noqa: S314 - our own
    assert names.isdisjoint({"a", "script", "image", "foreignObject"})
    # Nothing is fetched: an address stands only in the name space, in a comment, and in the text of a name.
    assert "href" not in picture
    assert "url(http" not in picture


@pytest.mark.parametrize("attack", ATTACKS)
def test_case_01_a_crash_says_nothing_that_a_terminal_obeys(tmp_path: Path, attack: str) -> None:
    said = record(ValueError(ATTACKS[attack]), directory=tmp_path)
    (file,) = tmp_path.iterdir()
    assert raw([said, *file.read_text().splitlines()]) == []


async def test_case_03_a_press_on_what_is_just_going_is_no_crash(tmp_path: Path) -> None:
    async with on_sim(Sim("brief"), tmp_path) as hands:
        await hands.press("w")
        await hands.see("nothing to watch")
        await hands.pilot.mouse_down(offset=(70, 20))
        assert hands.app.screen._select_state is None
        await hands.pilot.mouse_up(offset=(70, 20))
        await hands.settle()
        assert hands.app.is_running


async def test_case_03_a_click_on_a_command_that_is_gone_chooses_none(tmp_path: Path) -> None:
    async with on_sim(Sim("brief"), tmp_path) as hands:
        await hands.press("ctrl+p")
        await hands.until(lambda: isinstance(hands.app.screen, Palette), "palette")
        table = hands.app.screen.query_one(Table)
        x, y = table.region.offset
        table.set_rows([])
        table.post_message(Click(table, 3, 4, 0, 0, 1, False, False, False, x + 3, y + 4))
        await hands.settle()
        assert isinstance(hands.app.screen, Palette)
        assert hands.app.is_running


async def test_case_03_what_enter_means_follows_the_mouse_however_fast_it_is(tmp_path: Path) -> None:
    async with on_sim(Sim("brief"), tmp_path, size=(160, 48)) as hands:
        await form(hands)
        await hands.confirm()
        reason = hands.app.screen.query_one("#reason", Input)
        table = hands.app.screen.query_one("#radius")
        for _ in range(5):
            # Without a pause between them, so that the news of one comes after the other has the focus.
            hands.app.screen.set_focus(reason)
            hands.app.screen.set_focus(table)
        await hands.settle()
        assert "enter next" in hands.keys
        for _ in range(5):
            hands.app.screen.set_focus(table)
            hands.app.screen.set_focus(reason)
        await hands.settle()
        assert "enter ROLL BACK" in hands.keys
