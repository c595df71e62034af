from __future__ import annotations

from collections.abc import Sequence

import pytest
from textual.message import Message

from octomil_tui.ui.spans import line
from octomil_tui.ui.widgets.pages import PagedRows
from octomil_tui.ui.widgets.rows import ItemRows, ListRows, Row
from octomil_tui.ui.widgets.table import Table
from tests.ui_foundation.conftest import Shown, picture
from tests.ui_foundation.devices import SHORT, row, rows, table

SIZE = 100
MILLION = 1_000_000


class Reader:
    """Reads pages when the test says so."""

    def __init__(self, total: int | None = MILLION, kept: int = 20) -> None:
        self.asked: list[int] = []
        self.rows = PagedRows(self.asked.append, page_size=SIZE, total=total, kept=kept)

    def answer(self, *pages: int, count: int = SIZE) -> None:
        for page in pages:
            self.rows.put(page, rows(count, first=page * SIZE))


def test_only_what_is_on_the_screen_and_next_to_it_is_asked_for_and_that_once() -> None:
    reader = Reader()
    reader.rows.want(0, 39)
    reader.rows.want(1, 40)
    assert reader.asked == [0, 1]
    reader.answer(0, 1)
    reader.rows.want(90, 129)
    reader.rows.want(500_000, 500_039)
    assert reader.asked == [0, 1, 2, 5_000, 5_001]
    assert reader.rows.wanted == {5_000, 5_001}
    reader.rows.want(499_950, 499_989)
    assert reader.asked[5:] == [4_999, 4_998]
    reader.rows.want(MILLION - 40, MILLION - 1)
    assert reader.asked[7:] == [9_999]


def test_what_was_not_read_has_a_place_and_nothing_else() -> None:
    reader = Reader()
    assert (len(reader.rows), reader.rows.total, reader.rows.loaded) == (MILLION, MILLION, 0)
    assert (reader.rows.key(7), reader.rows.cells(7), reader.rows.index("dev-007")) == (None, None, None)
    reader.answer(0)
    assert reader.rows.key(7) == "dev-007"
    assert reader.rows.index("dev-007") == 7
    assert reader.rows.cells(7) == row("dev-007", 7).cells
    assert reader.rows.loaded == SIZE


def test_pages_that_were_not_looked_at_for_longest_go_and_those_on_the_screen_stay() -> None:
    reader = Reader(kept=4)
    for page in range(4):
        reader.rows.want(page * SIZE, page * SIZE + 10)
        reader.answer(page)
    reader.rows.want(0, 10)
    reader.answer(7)
    there = [page for page in range(8) if reader.rows.key(page * SIZE) is not None]
    assert there == [0, 2, 3, 7]
    assert reader.rows.index("dev-105") is None
    assert reader.rows.loaded == 4 * SIZE
    reader.asked.clear()
    reader.rows.want(100, 110)
    assert reader.asked == [1]
    # Pages that come late, from where the screen was before, do not push away what it shows.
    reader.answer(1, 20, 21, 22, 23)
    assert reader.rows.key(100) == "dev-100"


def test_a_page_that_could_not_be_read_is_asked_for_when_it_is_looked_at_again() -> None:
    reader = Reader()
    reader.rows.want(0, 10)
    reader.rows.fail(0)
    reader.rows.want(1, 11)
    assert reader.asked == [0, 1, 0]


def test_a_row_that_moved_to_another_page_is_found_there() -> None:
    reader = Reader()
    reader.answer(0)
    reader.rows.put(1, [row("dev-000"), *rows(99, first=100)])
    reader.rows.put(0, rows(100, first=1))
    assert reader.rows.index("dev-000") == 100
    reader.rows.put(0, [], total=50)
    assert (len(reader.rows), reader.rows.index("dev-001")) == (50, None)


def test_without_a_total_the_end_is_found_by_coming_to_it() -> None:
    reader = Reader(total=None)
    assert (len(reader.rows), reader.rows.total) == (1, None)
    reader.rows.want(0, 0)
    reader.answer(0)
    assert (len(reader.rows), reader.asked) == (101, [0])
    reader.rows.want(60, 100)
    assert reader.asked == [0, 1]
    reader.answer(1, count=30)
    assert (len(reader.rows), reader.rows.total) == (130, 130)


@pytest.mark.anyio
async def test_a_million_rows_of_which_a_few_pages_are_here(show: Shown) -> None:
    shown, reader = table(), Reader()
    async with show(shown, css=SHORT) as pilot:
        shown.set_rows(reader.rows)
        assert reader.asked == [0, 1]
        assert picture(shown)[2:4] == ["▌  …", "   …"]
        assert picture(shown)[0].endswith(" 1/1,000,000 ─")
        assert shown.cursor_key is None
        reader.answer(0)
        shown.look_again()
        assert shown.cursor_key == "dev-000"
        await pilot.press("G")
        assert picture(shown)[0].endswith(" 1,000,000/1,000,000 ─")
        assert shown.cursor_key is None
        assert reader.asked[2:] == [9_999]
        shown.jump(123_455)
        assert picture(shown)[0].endswith(" 123,456/1,000,000 ─")
        reader.answer(1_234)
        shown.look_again()
        assert shown.cursor_key == "dev-123455"
        await pilot.press("pagedown")
        assert shown.cursor_key == "dev-123458"
        await pilot.press("g", "enter")
        assert shown.cursor_key == "dev-000"
        assert reader.rows.loaded == 2 * SIZE


@pytest.mark.anyio
async def test_the_cursor_stays_on_its_key_when_a_page_comes_anew(show: Shown) -> None:
    shown, reader = table(), Reader()
    async with show(shown, css=SHORT):
        reader.answer(0)
        shown.set_rows(reader.rows)
        shown.jump(5)
        reader.rows.put(0, [row("new"), *rows(99)])
        shown.look_again()
        assert (shown.cursor_key, shown.cursor_index) == ("dev-005", 6)


@pytest.mark.anyio
async def test_what_is_not_all_there_is_not_sorted_and_says_so(
    show: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown, reader = table(), Reader()
    async with show(shown, css=SHORT) as pilot:
        reader.answer(0)
        shown.set_rows(reader.rows)
        said: list[str] = []
        post = shown.post_message

        def hear(message: Message) -> bool:
            if isinstance(message, Table.Refused):
                said.append(message.sentence)
            return post(message)

        monkeypatch.setattr(shown, "post_message", hear)
        await pilot.press("s")
        assert shown.sorted_by == (None, False)
        assert said == ["not sorted: 100 of 1,000,000 rows are in memory; narrow the list with / first"]
        shown.set_rows(rows(2))
        await pilot.press("s")
        assert picture(shown)[1].startswith("   NAME▴")


def test_rows_with_others_in_their_places() -> None:
    before = ListRows(rows(4))
    assert before.index("dev-002") == 2
    after = before.replaced([row("dev-002", 9), row("gone", 1)])
    assert [after.cells(place)[1] for place in range(4)] == [line("0"), line("1"), line("9"), line("3")]
    assert before.cells(2)[1] == line("2")
    assert after.index("dev-003") == 3


def test_rows_that_are_made_of_values_when_they_are_looked_at() -> None:
    made: list[int] = []

    def cells(value: int) -> Sequence[tuple[object, ...]]:
        made.append(value)
        return ()

    items = ItemRows([3, 1, 2], str, cells, lambda value, column: None if value == column else value)  # type: ignore[arg-type]
    assert (len(items), items.key(0), items.index("2"), items.index("9")) == (3, "3", 2, None)
    ordered = items.sorted_by(2, descending=True)
    assert [ordered.key(place) for place in range(3)] == ["3", "1", "2"]
    assert made == []
    items.cells(1)
    assert made == [1]
    assert len(items.picked([2])) == 1
    assert Row("k", ()).sort == ()
