from __future__ import annotations

from collections.abc import Sequence

import pytest
from textual.events import MouseScrollDown
from textual.geometry import Region

from octomil_tui.ui.spans import Line, line
from octomil_tui.ui.widgets.columns import Column
from octomil_tui.ui.widgets.table import Table
from tests.ui_foundation.conftest import Shown, picture, styles
from tests.ui_foundation.devices import COLUMNS, SHORT, row, rows, table

pytestmark = pytest.mark.anyio


async def test_a_picture(show: Shown) -> None:
    shown = table(rows(2))
    async with show(shown, size=(40, 10)):
        assert picture(shown) == [
            "─ DEVICES ──────────────────────────────",
            "   NAME             N",
            "▌  dev-000          0",
            "   dev-001          1",
        ]
        assert shown.preferred_height == 4


async def test_the_selected_row_has_a_bar_and_a_ground_only_while_focused_in_full(show: Shown) -> None:
    first, second = table(rows(2)), Table("OTHER", columns=COLUMNS, rows=rows(2), id="other")
    async with show(first, second) as pilot:
        assert styles(first, 2)[0] == ("▌  ", "#ffb347", "#1d3347")
        assert {ground for _, _, ground in styles(first, 2)} == {"#1d3347"}
        assert {ground for _, _, ground in styles(first, 3)} == {"#0e1216"}
        assert styles(second, 2)[0] == ("▌  ", "#56616e", "#131920")
        await pilot.press("tab")
        assert styles(first, 2)[0] == ("▌  ", "#56616e", "#131920")
        assert styles(second, 2)[0] == ("▌  ", "#ffb347", "#1d3347")


async def test_a_table_for_looking_at_has_no_cursor(show: Shown) -> None:
    shown = table(rows(2), can_focus=False)
    async with show(shown):
        assert picture(shown)[2] == "   dev-000          0"


async def test_the_keys(show: Shown) -> None:
    shown = table(rows(20))
    async with show(shown, css=SHORT) as pilot:
        seen = []
        for key in (
            "down",
            "j",
            "up",
            "k",
            "end",
            "home",
            "G",
            "g",
            "pagedown",
            "pageup",
            "ctrl+d",
            "ctrl+u",
        ):
            await pilot.press(key)
            seen.append(shown.cursor_index)
        assert seen == [1, 2, 1, 0, 19, 0, 19, 0, 3, 0, 1, 0]


async def test_the_cursor_is_always_seen_and_scrolls_as_little_as_it_can(show: Shown) -> None:
    shown = table(rows(20))
    async with show(shown, css=SHORT) as pilot:
        assert picture(shown)[0].endswith("─ 1/20 ─")
        await pilot.press("down", "down", "down", "down")
        assert picture(shown)[2:] == [
            "   dev-001          1",
            "   dev-002          2",
            "   dev-003          3",
            "▌  dev-004          4",
        ]
        assert picture(shown)[0].endswith("─ 5/20 ─")
        await pilot.press("up")
        assert picture(shown)[2].split()[0] == "dev-001"


async def test_the_cursor_stays_on_its_row(show: Shown) -> None:
    shown = table(rows(4))
    async with show(shown) as pilot:
        await pilot.press("down")
        shown.set_rows([row("new"), *rows(4)])
        assert (shown.cursor_key, shown.cursor_index) == ("dev-001", 2)
        assert picture(shown)[4].startswith("▌  dev-001")


async def test_when_its_row_is_gone_it_is_on_the_neighbour(show: Shown) -> None:
    shown = table(rows(4))
    async with show(shown) as pilot:
        await pilot.press("end")
        shown.set_rows(rows(2))
        assert shown.cursor_key == "dev-001"
        shown.set_rows([])
        assert shown.cursor_key is None
        shown.set_rows(rows(2))
        assert shown.cursor_key == "dev-000"


async def test_nothing_moves_under_the_cursor(show: Shown) -> None:
    shown = table(rows(20))
    async with show(shown, css=SHORT) as pilot:
        shown.move_to("dev-010")
        await pilot.press("up")
        before = picture(shown)[2:]
        shown.set_rows([row("aaa"), row("bbb"), *rows(20)])
        assert picture(shown)[2:] == before
        shown.set_rows(rows(15, first=5))
        assert picture(shown)[2:] == before


async def test_rows_that_come_above_are_seen_by_who_stands_at_the_top(show: Shown) -> None:
    shown = table(rows(20))
    async with show(shown, css=SHORT):
        shown.set_rows([row("worst"), *rows(20)])
        assert [one.split()[-2] for one in picture(shown)[2:4]] == ["worst", "dev-000"]
        assert shown.cursor_key == "dev-000"


async def test_a_cursor_that_was_seen_is_still_seen_when_its_row_went_far(show: Shown) -> None:
    shown = table(rows(20))
    async with show(shown, css=SHORT):
        shown.set_rows([*rows(19, first=1), row("dev-000")])
        assert picture(shown)[-1].startswith("▌  dev-000")


async def test_only_changed_rows_are_drawn_again(show: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = table(rows(100))
    async with show(shown, css=SHORT) as pilot:
        drawn: list[tuple[Region, ...]] = []
        monkeypatch.setattr(shown, "refresh", lambda *regions, **_: drawn.append(regions))
        shown.set_rows(rows(100))
        shown.set_rows([*rows(50), row("dev-050", 7), *rows(49, first=51)])
        assert drawn == []
        shown.set_rows([row("dev-000"), row("dev-001", 7), *rows(98, first=2)])
        assert drawn == [(Region(0, 3, 60, 1),)]
        await pilot.press("down")
        # The rows that the cursor left and came to, and the position in the rule.
        assert drawn[1:] == [(Region(0, 0, 60, 1), Region(0, 2, 60, 1), Region(0, 3, 60, 1))]


async def test_sorting_goes_round_the_columns_and_turns(show: Shown) -> None:
    shown = table([row("b", 1), row("a", None), row("c", 2)])

    def order() -> list[str | None]:
        return [shown.rows.key(index) for index in range(3)]

    async with show(shown) as pilot:
        await pilot.press("s")
        assert (order(), shown.sorted_by) == (["a", "b", "c"], ("name", False))
        assert picture(shown)[1] == "   NAME▴            N"
        assert shown.cursor_key == "b"
        await pilot.press("S")
        assert order() == ["c", "b", "a"]
        assert picture(shown)[1] == "   NAME▾            N"
        await pilot.press("s", "S")
        assert (order(), shown.sorted_by) == (["c", "b", "a"], ("n", True))
        assert picture(shown)[1] == "   NAME            N▾"
        shown.set_rows([row("d", 9), row("b", 1)])
        assert [shown.rows.key(index) for index in range(2)] == ["d", "b"]
        await pilot.press("s")
        assert shown.sorted_by == (None, False)
        await pilot.press("S")
        assert shown.sorted_by == (None, False)


async def test_the_wheel_scrolls_and_leaves_the_cursor(show: Shown) -> None:
    shown = table(rows(20))
    async with show(shown, css=SHORT) as pilot:
        wheel = MouseScrollDown(shown, 5, 3, 0, 1, 0, shift=False, meta=False, ctrl=False)
        shown.post_message(wheel)
        await pilot.pause()
        assert picture(shown)[2].split()[0] == "dev-003"
        assert shown.cursor_key == "dev-000"
        await pilot.press("down")
        assert picture(shown)[2].startswith("▌  dev-001")


async def test_columns_go_where_there_is_no_room(show: Shown) -> None:
    shown = table(rows(2))
    async with show(shown, size=(40, 10)) as pilot:
        shown.set_columns([COLUMNS[0], Column("n", "N", 6, "right", priority=1)])
        assert picture(shown)[1] == "   NAME             N"
        await pilot.resize_terminal(20, 10)
        await pilot.pause()
        assert picture(shown)[1] == "   NAME"


class Million:
    """A source that holds no rows."""

    def __init__(self) -> None:
        self.asked: set[int] = set()

    def __len__(self) -> int:
        return 1_000_000

    def key(self, index: int) -> str:
        return str(index)

    def index(self, key: str) -> int | None:
        return int(key)

    def cells(self, index: int) -> Sequence[Line]:
        self.asked.add(index)
        return (line(f"dev-{index}"), line("0"))


async def test_of_a_million_rows_only_those_on_the_screen_are_asked_for(show: Shown) -> None:
    shown, source = table(), Million()
    async with show(shown, css=SHORT) as pilot:
        shown.set_rows(source)
        await pilot.press("end")
        assert picture(shown)[-1].startswith("▌  dev-999999")
        assert picture(shown)[0].endswith(" 1,000,000/1,000,000 ─")
        assert source.asked == {0, 1, 2, 3, *range(999_996, 1_000_000)}
