"""Pages of a list that is too large to be kept whole: what is in memory, what goes, what was found."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from octomil_tui.domain.device_page import DevicePage, DeviceQuery
from octomil_tui.domain.fleet import Device, FleetSnapshot
from octomil_tui.engine import pages
from octomil_tui.engine.page_rules import is_in_pages
from octomil_tui.engine.pages import DeviceList, PageStore
from octomil_tui.engine.state import ConsoleState
from tests.engine.fakes import STAGING, device

ALL = DeviceQuery()
SIZE = 1_000


def devices(number: int, count: int = SIZE) -> tuple[Device, ...]:
    return tuple(device(f"d{number * SIZE + place}") for place in range(count))


def page(number: int, count: int = SIZE, total: int | None = 1_000_000, **fields: Any) -> DevicePage:
    return replace(DevicePage(devices(number, count), count, total), **fields)


def test_a_million_devices_of_which_a_few_pages_are_here() -> None:
    store = PageStore(kept=3)
    found = store.of(ALL, total=1_000_000)
    assert (len(found), found.read, found.count_of_pages, found.is_whole) == (1_000_000, 0, 1_000, False)
    for number in (0, 500, 999):
        store.put(ALL, number, page(number), mono=1.0)
    assert found.device(500_007) == devices(500)[7]
    assert (found.place("d999999"), found.device(5_000)) == (999_999, None)
    store.touch(ALL, [0])
    store.put(ALL, 7, page(7), mono=2.0)
    assert sorted(found.pages) == [0, 7, 999], "the page that nobody looked at for longest went"
    assert (found.place("d500007"), found.read) == (None, 3_000)


def test_pages_on_the_screen_stay_when_others_come_late() -> None:
    store = PageStore(kept=2)
    store.put(ALL, 3, page(3), mono=1.0)
    for number in (7, 8, 9):
        found = store.put(ALL, number, page(number), mono=1.0, looked_at=[3])
    assert 3 in found.pages
    assert len(found.pages) == 2


def test_pages_of_all_lists_together_are_bounded_and_old_lists_go() -> None:
    store = PageStore(kept=4)
    first = store.put(ALL, 0, page(0), mono=1.0)
    for word in "abcdefghi":
        store.put(ALL.looking_for(("search", word)), 0, page(0), mono=1.0)
    assert first.pages == {}
    assert store.of(ALL) is not first


def test_a_device_that_moved_to_another_page_is_found_there_and_counted_once() -> None:
    found = DeviceList(ALL)
    found.put(0, page(0, total=2_000), 0, 1.0)
    moved = (devices(0)[0], *devices(1)[1:])
    found.put(1, DevicePage(moved, SIZE, 2_000), 0, 1.0)
    assert found.place("d0") == 1_000
    assert len(found.devices()) == 1_999
    found.put(0, DevicePage(devices(0)[1:], SIZE, 2_000), 1, 1.0)
    assert (found.place("d0"), found.unreadable) == (1_000, 1)


@pytest.mark.parametrize(
    ("count", "total", "length"),
    [(SIZE, 5_000, 5_000), (SIZE, None, 1_001), (200, 200, 200), (0, None, 0)],
)
def test_how_long_a_list_is_after_its_first_page(count: int, total: int | None, length: int) -> None:
    found = DeviceList(ALL)
    found.put(0, page(0, count, total), 0, 1.0)
    assert len(found) == length
    assert found.is_whole is (length == count and count > 0) or length == 0


def test_a_total_that_counts_something_else_is_not_believed_against_the_end() -> None:
    found = DeviceList(ALL)
    found.put(0, page(0, total=9_000), 0, 1.0)
    found.put(2, page(2, 30, 9_000), 0, 1.0)
    assert len(found) == 2_030
    found.put(0, page(0, total=9_000), 0, 1.0)
    found.put(5, page(5, 0, 9_000), 0, 1.0)
    assert len(found) == 5_000
    found.put(6, page(6, total=3_000), 0, 1.0)
    assert len(found) == 7_000, "rows that came are there, whatever the total says"


def test_a_service_that_sends_fewer_rows_than_it_was_asked_for() -> None:
    found = DeviceList(ALL)
    found.put(0, page(0, 100, 20_000), 0, 1.0)
    assert (found.size, found.count_of_pages, found.can_ask(199), found.can_ask(200)) == (
        100,
        200,
        True,
        False,
    )
    assert not found.can_ask(-1)
    found.put(0, page(0, 50, 20_000), 0, 1.0)
    assert (found.size, found.read) == (50, 50)


def test_a_service_that_goes_by_cursors_is_read_forwards_alone() -> None:
    found = DeviceList(ALL, total=20_000)
    found.put(0, page(0, total=None, next_cursor="c1", has_more=True), 0, 1.0)
    assert (found.goes_by_cursor, len(found), found.can_ask(1), found.cursors) == (
        True,
        1_001,
        True,
        {1: "c1"},
    )
    found.put(1, page(1, total=None, next_cursor="c2", has_more=True), 0, 1.0)
    assert (found.can_ask(2), found.can_ask(3)) == (True, False)
    found.put(2, page(2, 10, None, has_more=False), 0, 1.0)
    assert (len(found), found.is_whole) == (2_010, True)


def test_a_service_that_gives_its_first_page_whatever_it_is_asked_for() -> None:
    found = DeviceList(ALL)
    found.put(0, page(0, total=20_000), 0, 1.0)
    found.put(7, page(0, total=20_000), 0, 1.0)
    assert (found.is_cut, len(found), found.can_ask(1), sorted(found.pages)) == (True, 1_000, False, [0])


def test_what_was_found_stays_found_when_its_page_goes() -> None:
    found = DeviceList(ALL)
    found.put(0, page(0), 0, 1.0)
    search = found.look_for("ends with 7", lambda one: one.id.endswith("7"))
    assert (len(search.found), search.covered, search.pages) == (100, 1_000, frozenset({0}))
    found.put(5, page(5), 0, 1.0)
    found.drop(0)
    assert (search.count, len(search.found), search.covered) == (200, 200, 2_000)
    assert search.device("d7") is not None
    assert search.device("d8") is None
    assert found.look_for("ends with 7", lambda _: False) is search
    other = found.look_for("another", lambda _: True)
    assert (other.covered, other.pages) == (1_000, frozenset({5})), "only what is in memory"


def test_a_search_keeps_a_bounded_number_of_devices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "FOUND_KEPT", 1_500)
    found = DeviceList(ALL)
    found.put(0, page(0), 0, 1.0)
    search = found.look_for("", lambda _: True)
    assert not search.is_full
    found.put(1, page(1), 0, 1.0)
    assert search.is_full


@pytest.mark.parametrize(
    ("size", "total", "known", "expected"),
    [
        (20_000, 100_000, 3, True),
        (20_000, None, 3, True),
        (3, 100_000, 3, False),
        (20, 20, 3, False),
        (None, 100_000, 3, False),
    ],
)
def test_which_groups_are_read_page_by_page(
    size: int | None,
    total: int | None,
    known: int,
    expected: bool,
) -> None:
    group = replace(STAGING, device_count=size)
    members = tuple(device(f"d{n}", "1.0.0", STAGING.id) for n in range(known))
    snapshot = FleetSnapshot(groups=(group,), devices=members, device_total=total)
    assert is_in_pages(ConsoleState(snapshot=snapshot), group) is expected
