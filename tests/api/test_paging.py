from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from octomil_tui.api import wire
from octomil_tui.api.decode import Page
from octomil_tui.api.paging import PAGE_CAP, Pager


def page(*ids: int, **fields: Any) -> Page[wire.Model]:
    return Page(tuple(wire.Model.read({"id": id_}) for id_ in ids), **fields)


def pager(limit: int = 2, **options: Any) -> Pager[wire.Model]:
    return Pager(lambda row: row.id, limit, **options)


def ids(of: Pager[wire.Model]) -> list[object]:
    return [row.id for row in of.rows]


def test_by_offset_until_the_total() -> None:
    pages = pager()
    assert pages.params == {"limit": "2", "offset": "0"}
    assert pages.is_first
    assert pages.take(page(1, 2, total=3))
    assert not pages.is_first
    assert pages.params == {"limit": "2", "offset": "2"}
    assert not pages.take(page(3, total=3))
    assert (ids(pages), pages.total) == ([1, 2, 3], 3)


def test_a_smaller_page_than_asked_for_is_no_end_while_there_is_a_total() -> None:
    pages = pager(limit=1000)
    assert pages.take(page(1, 2, total=5))
    assert pages.params["offset"] == "2"
    assert pages.take(page(3, 4, total=5))
    assert not pages.take(page(5, total=5))


def test_by_cursor_until_there_is_none() -> None:
    pages = pager()
    assert pages.take(page(1, 2, next_cursor="a", has_more=True))
    assert pages.params == {"limit": "2", "cursor": "a"}
    assert pages.take(page(3, 4, next_cursor="b", total=99))
    assert pages.params == {"limit": "2", "cursor": "b"}
    assert not pages.take(page(5))
    assert ids(pages) == [1, 2, 3, 4, 5]


def test_a_repeated_cursor_ends() -> None:
    pages = pager()
    assert pages.take(page(1, next_cursor="a"))
    assert not pages.take(page(2, next_cursor="a"))
    assert ids(pages) == [1, 2]


def test_an_empty_page_ends_whatever_the_total() -> None:
    pages = pager()
    assert pages.take(page(1, 2, total=99))
    assert not pages.take(page(total=99))
    assert not pager().take(page(total=99, has_more=True))


def test_a_service_that_ignores_the_offset_ends_and_counts_once() -> None:
    pages = pager()
    assert pages.take(page(1, 2, total=99, unreadable=1))
    assert not pages.take(page(1, 2, total=99, unreadable=1))
    assert (ids(pages), pages.unreadable, pages.total) == ([1, 2], 1, 99)


def test_a_row_that_moved_between_pages_counts_once() -> None:
    pages = pager()
    assert pages.take(page(1, 2, total=4))
    assert not pages.take(page(2, 3, total=4))
    assert ids(pages) == [1, 2, 3]


def test_without_a_total_a_full_page_may_not_be_all() -> None:
    pages = pager()
    assert pages.take(page(1, 2))
    assert not pages.take(page(3))
    assert not pager().take(page(1))
    assert not pager().take(page(1, 2, has_more=False))
    assert pager(limit=5).take(page(1, 2, has_more=True))


def test_unreadable_rows_count_as_sent() -> None:
    pages = pager()
    assert pages.take(page(1, unreadable=1, total=4))
    assert pages.params["offset"] == "2"
    assert not pages.take(page(3, unreadable=1, total=4))
    assert pages.unreadable == 2


def test_caps() -> None:
    pages = pager(row_cap=3)
    assert pages.take(page(1, 2, total=99))
    assert not pages.take(page(3, 4, total=99))
    endless = pager()
    taken = 0
    while endless.take(page(taken, total=10**9)):
        taken += 1
    assert taken == PAGE_CAP - 1


@given(
    st.lists(
        st.builds(
            lambda ids, **fields: page(*ids, **fields),
            st.lists(st.integers(0, 9), max_size=3),
            total=st.none() | st.integers(0, 99),
            next_cursor=st.none() | st.sampled_from(["a", "b"]),
            has_more=st.none() | st.booleans(),
            unreadable=st.integers(0, 2),
        ),
        min_size=1,
    )
)
def test_paging_always_ends(pages: list[Page[wire.Model]]) -> None:
    collected = pager()
    for number in range(PAGE_CAP + 1):
        if not collected.take(pages[number % len(pages)]):
            break
    else:
        raise AssertionError("no end")
    assert len(set(ids(collected))) == len(collected.rows)
