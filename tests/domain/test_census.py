"""The census: every device once, and how much was counted is never more than there is."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from octomil_tui.domain.census import Census, Page, Stretch, Sweep, route, take
from octomil_tui.domain.fleet import Connectivity, Device, Installation
from octomil_tui.domain.radius import SEVERAL_GROUPS, PlanClass

GROUPS = ("a", "b", "c")


def device(
    number: int,
    groups: tuple[str, ...] = (),
    version: str | None = "1.0.0",
    connectivity: Connectivity = Connectivity.ONLINE,
    since: float | None = None,
) -> Device:
    return Device(
        id=f"d{number}",
        name=f"d{number}",
        platform="linux",
        connectivity=connectivity,
        groups=groups,
        last_contact_at=100.0,
        installations={"m": Installation(version=version, since=since)},
    )


def page_of(
    census: Census, rows: list[Device], *, has_more: bool, sent: int | None = None, cursor: str | None = None
) -> Page:
    """Return the page that the census asks for."""
    stretch = census.next
    assert stretch is not None
    return Page(stretch, tuple(rows), sent if sent is not None else len(rows), has_more, cursor)


def walk(census: Census, fleet: list[Device], page: int, at: float = 0.0) -> Census:
    """Read what the census asks for until it has been everywhere once."""
    before = census.last
    while census.last is before:
        stretch = census.next
        assert stretch is not None
        part = [d for d in fleet if stretch.group_id is None or stretch.group_id in d.groups]
        rows = part[stretch.offset : stretch.offset + page]
        has_more = stretch.offset + page < len(part)
        census = take(census, page_of(census, rows, has_more=has_more), at)
    return census


def test_groups_that_hold_the_whole_fleet_lead_through_it_those_affected_first() -> None:
    assert route([("a", 2), ("b", 3), ("c", 0)], ["b", "gone"], 5) == (Stretch("b", 0), Stretch("a", 0))


@pytest.mark.parametrize("groups", [[], [("a", 2), ("b", 2)]])
def test_devices_of_no_group_are_found_in_the_list_of_all(groups: list[tuple[str, int]]) -> None:
    assert route(groups, ["a"], 5) == (Stretch(None, 0),)


def test_a_census_without_a_route_takes_nothing_in() -> None:
    census = Census()
    assert census.next is None
    assert census.shown is None
    assert take(census, Page(Stretch(None, 0), (device(1),), 1, has_more=False), 1.0) is census


def test_a_sweep_that_has_begun_is_shown_until_one_is_whole_and_then_the_whole_one() -> None:
    fleet = [device(n) for n in range(5)]
    census = Census((Stretch(None, 0),))
    assert census.is_between
    census = take(census, page_of(census, fleet[:2], has_more=True), 10.0)
    assert not census.is_between
    shown = census.shown
    assert shown is not None
    assert (shown.counted, shown.began_at, shown.at) == (2, 10.0, 10.0)
    assert census.next == Stretch(None, 2)
    census = take(census, page_of(census, fleet[2:], has_more=False), 12.0)
    whole = census.shown
    assert whole is not None
    assert (whole.counted, whole.began_at, whole.at) == (5, 10.0, 12.0)
    assert (census.next, census.sweep) == (Stretch(None, 0), None)
    again = take(census, page_of(census, fleet[:2], has_more=True), 20.0)
    assert again.shown is whole
    assert again.sweep is not None
    assert again.sweep.counted == 2


def test_an_empty_page_ends_a_part_whatever_the_service_says_of_more() -> None:
    census = Census((Stretch("a", 0), Stretch("b", 0)))
    census = take(census, page_of(census, [], has_more=True), 1.0)
    assert census.next == Stretch("b", 0)


def test_what_is_counted_of_a_group_says_what_its_devices_run_and_whether_they_can_be_reached() -> None:
    fleet = [
        device(1, ("a",)),
        device(2, ("a",), "2.0.0", Connectivity.OFFLINE, since=90.0),
        device(3, ("a",), None, Connectivity.STALE),
        device(4, ("b",), "2.0.0"),
        device(5, ("a", "b"), "2.0.0", Connectivity.OFFLINE, since=-9000.0),
    ]
    census = walk(Census((Stretch("a", 0), Stretch("b", 0))), fleet, page=2)
    sweep = census.last
    assert isinstance(sweep, Sweep)
    assert sweep.counted == 5
    assert (sweep.devices("a"), sweep.devices("b"), sweep.devices(SEVERAL_GROUPS)) == (3, 1, 1)
    assert sweep.by_version("m") == {"1.0.0": 1, "2.0.0": 3}
    assert sweep.by_version("m", "a") == {"1.0.0": 1, "2.0.0": 1}
    assert sweep.by_version("other") == {}
    order = {"1.0.0": 0, "2.0.0": 1}
    assert sweep.by_class("m", "1.0.0", order) == {
        PlanClass.NO_OP: 1,
        PlanClass.CHANGE: 3,
        PlanClass.UNKNOWN: 1,
    }
    assert sweep.by_class("m", "1.0.0", order, "b") == {PlanClass.CHANGE: 1}
    assert sweep.by_class("other", "1.0.0", order) == {}
    assert sweep.by_connectivity("a") == {
        Connectivity.ONLINE: 1,
        Connectivity.OFFLINE: 1,
        Connectivity.STALE: 1,
    }
    assert sweep.by_connectivity() == {
        Connectivity.ONLINE: 2,
        Connectivity.OFFLINE: 2,
        Connectivity.STALE: 1,
    }
    assert sweep.silent_on("m", "2.0.0") == 1
    assert sweep.silent_on("m", "2.0.0", "b") == 0


def test_members_whose_rows_name_no_group_count_in_the_one_that_was_asked_for() -> None:
    census = walk(Census((Stretch("a", 0),)), [device(1, ("a",))], page=10)
    bare = Census((Stretch("a", 0),))
    bare = take(bare, page_of(bare, [device(2)], has_more=False), 1.0)
    for one in (census, bare):
        assert one.last is not None
        assert one.last.devices("a") == 1


def test_the_next_page_begins_behind_every_row_that_was_sent_also_those_that_nobody_could_read() -> None:
    census = Census((Stretch(None, 0),))
    census = take(census, page_of(census, [device(1)], has_more=True, sent=3), 1.0)
    assert census.next == Stretch(None, 3)
    census = take(census, page_of(census, [device(2)], has_more=True, cursor="abc"), 1.0)
    assert census.next == Stretch(None, 4, "abc")


def test_a_page_that_was_asked_for_by_an_earlier_route_counts_nothing() -> None:
    census = Census((Stretch(None, 0),))
    assert take(census, Page(Stretch("a", 0), (device(1),), 1, has_more=False), 1.0) is census


@pytest.mark.parametrize("is_listed", [True, False])
def test_groups_whose_rows_say_nothing_are_counted_from_the_list_of_all(is_listed: bool) -> None:
    census = Census((Stretch("a", 0), Stretch("b", 0)))
    bare = Device(id="d", name="d", platform="linux", connectivity=Connectivity.ONLINE)
    rows = (bare,) if is_listed else ()
    census = take(census, Page(Stretch("a", 0), rows, len(rows), has_more=False, is_listed=is_listed), 1.0)
    assert (census.next, census.is_by_list, census.shown) == (Stretch(None, 0), True, None)


@settings(max_examples=60, deadline=None)
@given(
    memberships=st.lists(st.sets(st.sampled_from(GROUPS), min_size=1), max_size=30),
    page=st.integers(1, 7),
    by_group=st.booleans(),
)
def test_every_device_is_counted_once_however_the_fleet_is_cut(
    memberships: list[set[str]], page: int, by_group: bool
) -> None:
    fleet = [device(n, tuple(sorted(names)), f"{n % 3}.0.0") for n, names in enumerate(memberships)]
    sizes = Counter(group for d in fleet for group in d.groups)
    way = route(sizes.items(), GROUPS, len(fleet)) if by_group and fleet else (Stretch(None, 0),)
    sweep = walk(Census(way), fleet, page).last
    assert sweep is not None
    assert sweep.counted == sum(sweep.cells.values()) == len(fleet)
    assert sum(sweep.running.values()) == len(fleet)
    assert sum(sweep.by_version("m").values()) == len(fleet)
