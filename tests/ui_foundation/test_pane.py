from __future__ import annotations

import pytest
from textual.geometry import Region

from octomil_tui.ui.spans import Line, legend, line
from octomil_tui.ui.theme import ASCII, DEFAULT_PALETTE, Look
from octomil_tui.ui.widgets.chrome import Chrome
from octomil_tui.ui.widgets.pane import Pane
from tests.ui_foundation.conftest import Shown, picture

pytestmark = pytest.mark.anyio

KEYS = legend(("R", "roll back"), ("w", "watch"))


def numbered(count: int) -> list[Line]:
    return [line(f"line {place}") for place in range(count)]


async def test_under_a_rule(show: Shown) -> None:
    pane = Pane("MODELS", legend=KEYS, lines=numbered(2))
    async with show(pane, size=(50, 10)):
        assert picture(pane) == [
            "─ MODELS ────────────────── R roll back  w watch ─",
            "   line 0",
            "   line 1",
        ]
        assert len(picture(pane)[0]) == 50


async def test_in_a_box_on_wide_screens(show: Shown) -> None:
    pane = Pane("MODELS", legend=KEYS, lines=numbered(1))
    async with show(pane, size=(120, 10)):
        head, row, foot = picture(pane)
        assert head == "┌─ MODELS " + "─" * 86 + " R roll back  w watch ─┐"
        assert row == "│  line 0" + " " * 110 + "│"
        assert foot == "└" + "─" * 118 + "┘"
        assert pane.boxed
        assert pane.preferred_height == 3


async def test_a_resize_over_the_border_changes_the_chrome(show: Shown) -> None:
    pane = Pane("MODELS", lines=numbered(1))
    async with show(pane, size=(119, 10)) as pilot:
        assert not pane.boxed
        await pilot.resize_terminal(120, 10)
        await pilot.pause()
        assert [row[0] for row in picture(pane)] == ["┌", "│", "└"]
        pane.set_chrome(Chrome.RULE)
        await pilot.pause()
        assert picture(pane)[1] == "   line 0"
        assert pane.size.height == 2


async def test_ascii(show: Shown) -> None:
    pane = Pane("A", lines=numbered(3), chrome=Chrome.BOX)
    async with show(pane, size=(20, 4), look=Look(DEFAULT_PALETTE, ASCII), css="Pane { height: 4; }"):
        assert picture(pane) == [
            "+- A --------------+",
            "|  line 0          |",
            "|  line 1          |",
            "+------- v 1 more -+",
        ]


async def test_narrow_panes_keep_their_title(show: Shown) -> None:
    pane = Pane("MODELS", legend=KEYS)
    async with show(pane, size=(30, 4)) as pilot:
        assert picture(pane)[0] == "─ MODELS ─────── R roll back ─"
        await pilot.resize_terminal(18, 4)
        await pilot.pause()
        assert picture(pane)[0] == "─ MODELS ─────────"
        await pilot.resize_terminal(6, 4)
        await pilot.pause()
        assert picture(pane)[0] == "─ MOD…"


async def test_taller_content_says_how_much_is_below_and_scrolls(show: Shown) -> None:
    pane = Pane("LOG", lines=numbered(20), can_focus=True)
    async with show(pane, css="Pane { height: 6; }") as pilot:
        assert picture(pane)[0].endswith("─ ▾ 15 more ─")
        assert picture(pane)[1:] == [f"   line {n}" for n in range(5)]
        await pilot.press("down", "j", "ctrl+d")
        assert picture(pane)[1] == "   line 4"
        assert picture(pane)[0].endswith("▾ 11 more ─")
        await pilot.press("G")
        assert picture(pane)[-1] == "   line 19"
        assert picture(pane)[0].endswith("▴ 15 above ─")
        await pilot.press("up", "pageup", "g")
        assert picture(pane)[1] == "   line 0"


async def test_shorter_content_is_not_scrolled_past_its_end(show: Shown) -> None:
    pane = Pane("LOG", lines=numbered(20), can_focus=True)
    async with show(pane, css="Pane { height: 6; }") as pilot:
        await pilot.press("end")
        pane.set_lines(numbered(6))
        assert picture(pane)[1:] == [f"   line {n}" for n in range(1, 6)]
        pane.set_lines(numbered(2))
        assert picture(pane)[1:] == ["   line 0", "   line 1", "", "", ""]


async def test_only_changed_lines_are_drawn_again(show: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    pane = Pane("LOG", lines=numbered(5))
    async with show(pane):
        drawn: list[tuple[Region, ...]] = []
        monkeypatch.setattr(pane, "refresh", lambda *regions, **_: drawn.append(regions))
        pane.set_lines(numbered(5))
        assert drawn == []
        pane.set_lines([*numbered(4), line("other")])
        assert drawn == [(Region(0, 5, 60, 1),)]
        pane.set_title("LOG", line("new"))
        assert drawn[1:] == [(Region(0, 0, 60, 1),)]


async def test_the_height_follows_the_content(show: Shown) -> None:
    first, second = Pane("A", lines=numbered(1)), Pane("B", lines=numbered(1))
    async with show(first, second) as pilot:
        first.set_lines(numbered(4))
        await pilot.pause()
        assert (first.size.height, second.region.y) == (5, 5)
        assert picture(first)[4] == "   line 3"
        first.set_lines([])
        await pilot.pause()
        assert (first.size.height, second.region.y) == (1, 1)


async def test_control_characters_do_not_get_through(show: Shown) -> None:
    pane = Pane("A\x1b[2J", lines=[line("x\x1b]0;owned\x07y\u202e[@click=app.quit]z[/]")])
    async with show(pane):
        assert picture(pane)[0].startswith("─ A\\x1b[2J ──")
        assert picture(pane)[1] == "   x\\x1b]0;owned\\x07y\\u202e[@click=app.quit]z[/]"


async def test_everything_may_be_set_before_the_pane_is_shown(show: Shown) -> None:
    pane = Pane()
    pane.set_title("LATER")
    pane.set_lines(numbered(1))
    async with show(pane):
        assert picture(pane)[0].startswith("─ LATER ─")
