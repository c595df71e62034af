from __future__ import annotations

from collections.abc import Sequence

import pytest
from textual.message import Message

from octomil_tui.ui.spans import Line, line
from octomil_tui.ui.widgets.pages import PagedRows
from octomil_tui.ui.widgets.rows import ItemRows, ListRows, Row
from octomil_tui.ui.widgets.table import Table
from tests.ui_foundation.conftest import Shown, picture
from tests.ui_foundation.devices import SHORT, row, rows, table

SIZE = 100
MILLION = 1_000_000


class Reader:
    """Pages of rows that come when the test says so."""

    def __init__(self, total: int | None = MILLION) -> None:
        self.size, self.total, self.version = SIZE, total, 0
        self.asked: list[int] = []
        self.looks: list[tuple[tuple[int, ...], tuple[int, ...]]] = []
        self._pages: dict[int, Sequence[Row]] = {}
        self.rows: PagedRows[Row] = PagedRows(self, lambda one: one.key, lambda one: one.cells, self._look)

    def _look(self, shown: tuple[int, ...], ahead: tuple[int, ...]) -> None:
        self.looks.append((shown, ahead))
        self.asked += [page for page in (*shown, *ahead) if page not in self.asked]

    def __len__(self) -> int:
        return self.total if self.total is not None else len(self._pages) * SIZE + 1

    def device(self, index: int) -> Row | None:
        page = self._pages.get(index // SIZE, ())
        return page[index % SIZE] if index % SIZE < len(page) else None

    def place(self, device_id: str) -> int | None:
        for number, page in self._pages.items():
            for place, one in enumerate(page):
                if one.key == device_id:
                    return number * SIZE + place
        return None

    def put(self, page: int, content: Sequence[Row]) -> None:
        self._pages[page] = content
        self.version += 1

    def answer(self, *pages: int, count: int = SIZE) -> None:
        for page in pages:
            self.put(page, rows(count, first=page * SIZE))


def test_only_what_is_on_the_screen_and_next_to_it_is_wanted() -> None:
    reader = Reader()
    reader.rows.want(0, 39)
    reader.rows.want(90, 129)
    reader.rows.want(500_000, 500_039)
    reader.rows.want(499_950, 500_010)
    reader.rows.want(499_950, 500_010)
    reader.rows.want(MILLION - 40, MILLION - 1)
    assert reader.looks == [
        ((0,), (1,)),
        ((1, 0), (2,)),
        ((5_000,), (5_001,)),
        ((5_000, 4_999), (4_998,)),
        ((5_000, 4_999), (4_998,)),
        ((9_999,), ()),
    ]


def test_what_was_not_read_has_a_place_and_nothing_else() -> None:
    reader = Reader()
    assert (len(reader.rows), reader.rows.total) == (MILLION, MILLION)
    assert (reader.rows.key(7), reader.rows.cells(7), reader.rows.index("dev-007")) == (None, None, None)
    reader.answer(0)
    assert reader.rows.key(7) == "dev-007"
    assert reader.rows.index("dev-007") == 7
    assert reader.rows.cells(7) == row("dev-007", 7).cells


@pytest.mark.anyio
async def test_where_nobody_knows_the_end_it_is_found_by_coming_to_it(show: Shown) -> None:
    shown, reader = table(), Reader(total=None)
    async with show(shown, css=SHORT) as pilot:
        reader.answer(0)
        shown.set_rows(reader.rows)
        await pilot.press("G")
        assert picture(shown)[0].endswith(" 101/? ─")
        assert picture(shown)[-1] == "▌  …"
        assert reader.looks[-1] == ((1, 0), ())


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


@pytest.mark.anyio
async def test_the_cursor_stays_on_its_key_when_a_page_comes_anew(show: Shown) -> None:
    shown, reader = table(), Reader()
    async with show(shown, css=SHORT):
        reader.answer(0)
        shown.set_rows(reader.rows)
        shown.jump(5)
        reader.put(0, [row("new"), *rows(99)])
        shown.look_again()
        assert (shown.cursor_key, shown.cursor_index) == ("dev-005", 6)


@pytest.mark.anyio
async def test_who_gives_pages_hears_that_another_order_is_wanted_and_gives_what_is_there(
    show: Shown,
) -> None:
    shown, reader = table(), Reader()
    async with show(shown, css=SHORT) as pilot:
        reader.answer(0)
        shown.set_rows(reader.rows)
        await pilot.press("s", "S")
        assert shown.sorted_by == ("name", True)
        assert picture(shown)[2].startswith("▌  dev-000"), "the pages stay as they are"
        shown.set_rows(rows(3))
        assert picture(shown)[2].startswith("   dev-002")


@pytest.mark.anyio
async def test_rows_that_nobody_can_sort_stay_as_they_are_and_say_so(
    show: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = table()

    async with show(shown, css=SHORT) as pilot:
        shown.set_rows(_OneRow())
        said: list[str] = []
        post = shown.post_message

        def hear(message: Message) -> bool:
            if isinstance(message, Table.Refused):
                said.append(message.sentence)
            return post(message)

        monkeypatch.setattr(shown, "post_message", hear)
        await pilot.press("s")
        assert shown.sorted_by == (None, False)
        assert said == ["not sorted: the rows are not all in memory"]


class _OneRow:
    """A source that has nothing but what every source has."""

    def __len__(self) -> int:
        return 1

    def key(self, index: int) -> str | None:
        return "only" if index == 0 else None

    def index(self, key: str) -> int | None:
        return 0 if key == "only" else None

    def cells(self, index: int) -> Sequence[Line] | None:
        return (line(str(index)), line("1"))


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
