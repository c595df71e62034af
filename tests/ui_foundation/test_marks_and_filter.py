from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from octomil_tui.ui.spans import Token, line
from octomil_tui.ui.widgets.marks import Marks
from octomil_tui.ui.widgets.table import Table
from tests.ui_foundation.conftest import Shown, picture
from tests.ui_foundation.devices import SHORT, rows, table


def test_marks() -> None:
    marks = Marks().turned("a").turned("b").turned("c").turned("b")
    assert (list(marks), len(marks), "b" in marks, "c" in marks) == (["a", "c"], 2, False, True)
    assert marks.among(lambda _: True) is marks
    assert list(marks.among(lambda key: key == "c")) == ["c"]


@pytest.mark.parametrize(
    ("place", "step", "found"),
    [(0, 1, 3), (3, 1, 7), (7, 1, 3), (9, 1, 3), (9, -1, 7), (3, -1, 7), (4, -1, 3)],
)
def test_the_next_mark_goes_round_the_end(place: int, step: int, found: int) -> None:
    assert Marks().after(place, [7, 3], step) == found
    assert Marks().after(place, [], step) is None


@pytest.mark.anyio
async def test_marks_are_drawn_counted_and_stay_with_their_rows(show: Shown) -> None:
    shown = table(rows(4))
    async with show(shown, size=(60, 10)) as pilot:
        shown.set_marks(Marks(("dev-001", "dev-003")))
        assert picture(shown)[0].endswith("─ 2 marked ─")
        assert picture(shown)[2:] == [
            "▌  dev-000          0",
            " * dev-001          1",
            "   dev-002          2",
            " * dev-003          3",
        ]
        await pilot.press("s", "S")
        assert [text[1] for text in picture(shown)[2:]] == ["*", " ", "*", " "]
        shown.set_rows(rows(3, first=2), of=40)
        assert picture(shown)[0].endswith("─ 2 marked, 3 of 40 ─")
        assert [text[1] for text in picture(shown)[2:5]] == [" ", "*", " "]


class Typist(App[None]):
    """Writes down what was typed into a table's filter."""

    CSS = SHORT

    def __init__(self, shown: Table) -> None:
        super().__init__()
        self.shown = shown
        self.typed: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.shown

    def on_table_filter_typed(self, message: Table.FilterTyped) -> None:
        assert message.control is self.shown
        self.typed.append(message.text)


def seen(app: Typist) -> list[str]:
    return [strip.text.rstrip() for strip in app.screen._compositor.render_strips(app.screen.size)]


@pytest.mark.anyio
async def test_a_filter_is_typed_under_the_title() -> None:
    app = Typist(table(rows(9)))
    async with app.run_test(size=(60, 8)) as pilot:
        assert not app.shown.has_filter_line
        app.shown.open_filter("a name")
        await pilot.pause()
        assert seen(app)[1] == " / a name"
        await pilot.press("d", "e", "v", "minus", "0")
        assert app.typed == ["d", "de", "dev", "dev-", "dev-0"]
        assert seen(app)[:4] == [
            "─ DEVICES ──────────────────────────────────────────── 1/9 ─",
            " / dev-0",
            "   NAME             N",
            "▌  dev-000          0",
        ]
        # Keys that type nothing move the cursor under the line.
        await pilot.press("down")
        assert app.shown.cursor_index == 1
        app.shown.say(line(("seen: wants a time such as >1h", Token.NOTICE)))
        await pilot.pause()
        assert seen(app)[1] == " / dev-0                     seen: wants a time such as >1h"
        app.shown.say(())
        await pilot.press("enter")
        assert app.shown.has_focus
        assert not app.shown.is_typing
        assert app.shown.filter_text == "dev-0"
        assert seen(app)[1] == " / dev-0"
        app.shown.open_filter()
        await pilot.press("backspace")
        assert app.shown.filter_text == "dev-"
        app.shown.close_filter()
        await pilot.pause()
        assert app.shown.has_focus
        assert app.typed[-1] == ""
        assert seen(app)[1] == "   NAME             N"


@pytest.mark.anyio
async def test_an_empty_filter_is_not_kept() -> None:
    app = Typist(table(rows(2)))
    async with app.run_test(size=(60, 8)) as pilot:
        app.shown.open_filter()
        await pilot.press("space", "enter")
        assert not app.shown.has_filter_line
        assert app.shown.has_focus
        app.shown.close_filter()


@pytest.mark.anyio
async def test_what_is_typed_is_shown_as_safely_as_everything_else() -> None:
    app = Typist(table(rows(2)))
    async with app.run_test(size=(60, 8)) as pilot:
        app.shown.open_filter()
        await pilot.pause()
        assert app.focused is not None
        app.focused.insert_text_at_cursor("a\u202eb")  # type: ignore[attr-defined]
        await pilot.pause()
        assert "\u202e" not in "".join(seen(app))


@pytest.mark.anyio
async def test_the_line_of_a_boxed_table_stands_in_its_box() -> None:
    app = Typist(table(rows(2)))
    async with app.run_test(size=(130, 8)) as pilot:
        app.shown.open_filter()
        await pilot.press("a")
        await pilot.pause()
        assert seen(app)[1].startswith("│ / a ")
        assert seen(app)[1].endswith("│")
        await pilot.resize_terminal(80, 8)
        await pilot.pause()
        assert seen(app)[1] == " / a"
