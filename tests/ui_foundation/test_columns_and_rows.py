from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from octomil_tui.ui.spans import Token, line, plain, width
from octomil_tui.ui.widgets.columns import Column, header_line, place, row_line
from octomil_tui.ui.widgets.rows import ListRows, Row

DEVICES = [Column("name", "NAME", 10), Column("why", "WHY", 0, priority=0), Column("age", "AGE", 5, "right")]


def test_a_flexible_column_takes_the_rest() -> None:
    assert [one.width for one in place(DEVICES, 60)] == [10, 41, 5]
    assert (
        plain(row_line(place(DEVICES, 30), [line("a"), line("b"), line("c")])) == f"{'a':12}{'b':13}{'c':>5}"
    )


def test_two_flexible_columns_share_the_rest() -> None:
    columns = [Column("a", "A"), Column("b", "B")]
    assert [one.width for one in place(columns, 33)] == [16, 15]


def test_the_highest_priority_goes_first_and_zero_stays() -> None:
    columns = [
        Column("name", "NAME", 10),
        Column("group", "GROUP", 10, priority=1),
        Column("disk", "DISK", 10, priority=2),
        Column("sync", "SYNC", 10, priority=2),
    ]
    kept = {room: [one.column.key for one in place(columns, room)] for room in (46, 45, 33, 22, 21, 1)}
    assert kept == {
        46: ["name", "group", "disk", "sync"],
        45: ["name", "group", "disk"],
        33: ["name", "group"],
        22: ["name", "group"],
        21: ["name"],
        1: ["name"],
    }


columns = st.lists(
    st.builds(
        Column,
        st.text(max_size=3),
        st.text("AB ", max_size=8),
        st.integers(0, 20),
        st.sampled_from(["left", "right"]),
        st.integers(0, 3),
        gap=st.integers(0, 3),
    ),
    max_size=8,
)


@given(columns, st.integers(0, 120), st.lists(st.text(max_size=30), max_size=8))
def test_rows_and_headings_always_line_up(some: list[Column], room: int, texts: list[str]) -> None:
    placed = place(some, room)
    row = row_line(placed, [line(text) for text in texts])
    assert width(row) == width(header_line(placed, None, "^"))
    droppable = any(one.column.priority for one in placed)
    assert width(row) <= room or not droppable


def test_the_sorted_column_is_marked_where_its_cells_are() -> None:
    placed = place(DEVICES, 40)
    assert plain(header_line(placed, "age", "v")).endswith(" AGEv")
    assert plain(header_line(placed, "name", "v")).startswith("NAMEv ")
    assert all(token is Token.MUTED for text, token in header_line(placed, None, "v") if text.strip())


def test_a_heading_runs_on_over_columns_without_one() -> None:
    placed = place([Column("bar", "phi-4-mini is on", 10), Column("words", "", 10)], 22)
    assert plain(header_line(placed, None, "^")) == "phi-4-mini is on      "


def rows(*values: int | None) -> ListRows:
    return ListRows([Row(f"r{place}", (), (value,)) for place, value in enumerate(values)])


def keys(source: ListRows) -> list[str]:
    return [source.key(index) for index in range(len(source))]


def test_sorting_puts_the_unknown_last_both_ways_and_keeps_ties_in_order() -> None:
    source = rows(3, None, 1, 3, 2)
    assert keys(source.sorted_by(0, descending=False)) == ["r2", "r4", "r0", "r3", "r1"]
    assert keys(source.sorted_by(0, descending=True)) == ["r0", "r3", "r4", "r2", "r1"]
    assert keys(source.sorted_by(7, descending=True)) == keys(source)


def test_rows_are_found_by_key() -> None:
    source = rows(3, 1).sorted_by(0, descending=False)
    assert [source.index(key) for key in ("r0", "r1", "gone")] == [1, 0, None]
