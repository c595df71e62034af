"""What lists say of a fleet that is too large to be read whole."""

from __future__ import annotations

from dataclasses import replace

from octomil_tui.domain.census import Census, Page, Stretch, take
from octomil_tui.domain.fleet import Connectivity, Device, DeviceGroup, FleetSnapshot, Model
from octomil_tui.domain.overview import (
    GroupFacts,
    ModelFacts,
    group_facts,
    model_facts,
    models_in,
    reachability,
)
from octomil_tui.domain.plan import make_plan
from octomil_tui.domain.radius import NO_GROUP, SEVERAL_GROUPS
from octomil_tui.domain.scope import FLEET, Scope
from octomil_tui.engine.state import ConsoleState
from octomil_tui.ui.present.counted import away_words, counted_check, counted_words
from octomil_tui.ui.present.fleet import model_columns, model_row
from octomil_tui.ui.present.fleet_groups import group_columns, group_row
from octomil_tui.ui.present.group import group_sentence
from octomil_tui.ui.spans import plain
from octomil_tui.ui.theme import UNICODE
from tests.domain.fleets import MODEL, T0, device

ONLINE = {Connectivity.ONLINE: 7_000}
FEW = GroupFacts("g-1", "canary", 200, {Connectivity.ONLINE: 193}, {"1.0.0": 200}, 0)
PART = GroupFacts("g-2", "eu-kiosks", 20_000, ONLINE, {"1.0.0": 7_000}, 0, uncounted=13_000)
NONE = GroupFacts("g-3", "us-kiosks", 32_000, {}, {}, 0, uncounted=32_000)


def words(facts: GroupFacts) -> list[str]:
    return [plain(cell) for cell in group_row(facts, None, UNICODE, wide=False).cells]


def test_a_group_that_was_not_read_whole_shows_what_the_service_counts_and_no_zeros() -> None:
    assert words(FEW)[1:6] == ["200", "193", "0", "0", "0"]
    assert words(PART) == ["eu-kiosks", "20,000", "-", "-", "-", "-", "", "7,000 counted so far"]
    assert words(NONE) == ["us-kiosks", "32,000", "-", "-", "-", "-", "", "not counted yet"]


def test_columns_are_as_wide_as_their_numbers() -> None:
    small, large = group_columns("m", [FEW], wide=False), group_columns("m", [FEW, NONE], wide=False)
    assert [column.width for column in small[1:3]] == [5, 4]
    assert [column.width for column in large[1:3]] == [6, 6]
    facts = ModelFacts(
        Model("m", "phi"),
        "1.0.0",
        None,
        "1.0.0",
        on=38_988,
        of=100_000,
        by_version={},
        silent=0,
        changed_at=None,
    )
    row = model_row(facts, None, UNICODE, wide=False)
    assert plain(row.cells[4]) == "38988/100k"
    assert model_columns([facts], wide=False)[4].width == len("38988/100k")


def test_a_group_of_which_some_were_read_says_how_many() -> None:
    devices = [device("a", "1.0.0"), device("b", "2.0.0")]
    assert (
        plain(group_sentence(devices, None, None, UNICODE, size=20_000))
        == "   2 of 20,000 devices read: 2 online."
    )
    for size in (None, 2):
        assert plain(group_sentence(devices, None, None, UNICODE, size=size)) == "   2 devices: 2 online."


def counted(*devices: Device, has_more: bool, at: float = T0) -> ConsoleState:
    """Return what is known of a fleet of 20,000 after one page of its count."""
    group = DeviceGroup("g-eu", "eu", device_count=20_000)
    snapshot = FleetSnapshot(models=(MODEL,), groups=(group,), devices=devices[:1], device_total=20_000)
    census = Census((Stretch("g-eu", 0),))
    page = Page(Stretch("g-eu", 0), devices, len(devices), has_more=has_more)
    return ConsoleState(snapshot=snapshot, census=take(census, page, at))


def test_no_figure_of_a_count_stands_without_how_much_was_counted_and_when() -> None:
    devices = (device("a", "1.0.0", "g-eu"), device("b", "2.0.0", "g-eu", connectivity=Connectivity.OFFLINE))
    some = counted(*devices, has_more=True)
    assert counted_words(some, T0 + 9) == "counted 2 of 20,000 so far"
    assert away_words(some) == "20,000 devices, 1 of the 2 counted are offline"
    whole = counted(*devices, has_more=False)
    assert counted_words(whole, T0 + 240) == "counted 2 of 20,000, 4m ago"
    assert counted_words(whole, None) == "counted 2 of 20,000"
    assert away_words(whole) == "20,000 devices, 1 offline"
    none = replace(whole, census=Census())
    assert counted_words(none, T0) == "none of 20,000 counted yet"
    assert away_words(none) == "20,000 devices"
    small = replace(whole, snapshot=replace(whole.snapshot, device_total=1))
    assert counted_words(small, T0) == ""
    assert away_words(small) == "1 device, nobody offline"


def test_models_groups_and_connectivity_are_those_of_the_count() -> None:
    devices = (device("a", "1.0.0", "g-eu"), device("b", "2.0.0", "g-eu"), device("c", "2.0.0"))
    state = counted(*devices, has_more=False)
    snapshot, sweep = state.snapshot, state.census.shown
    (model,) = model_facts(snapshot, sweep)
    assert (model.of, model.by_version) == (3, {"1.0.0": 1, "2.0.0": 2})
    (group,) = group_facts(snapshot, MODEL.id, None, sweep)
    assert (group.label, group.devices, group.uncounted) == ("eu", 20_000, 19_997)
    assert group.by_version == {"1.0.0": 1, "2.0.0": 2}
    assert reachability(snapshot, sweep) == {Connectivity.ONLINE: 3}
    assert [one.model.id for one in models_in(snapshot, "g-eu", sweep)] == [MODEL.id]
    assert [one.model.id for one in models_in(snapshot, "another", sweep)] == [MODEL.id], "it may be any"


def test_devices_of_no_group_and_of_several_have_rows_of_their_own_in_a_count() -> None:
    devices = (device("a", "1.0.0"), device("b", "1.0.0", "g-eu", "g-us"))
    group = DeviceGroup("g-eu", "eu", device_count=0)
    snapshot = FleetSnapshot(models=(MODEL,), groups=(group,), devices=(), device_total=20_000)
    page = Page(Stretch(None, 0), devices, 2, has_more=False)
    sweep = take(Census((Stretch(None, 0),)), page, T0).shown
    rows = group_facts(snapshot, None, None, sweep)
    assert [(one.key, one.devices) for one in rows] == [("g-eu", 0), (SEVERAL_GROUPS, 1), (NO_GROUP, 1)]


def test_of_the_devices_that_a_plan_does_not_name_the_count_says_what_would_happen_to_them() -> None:
    devices = (
        device("a", "1.0.0", "g-eu"),
        device("b", "2.0.0", "g-eu"),
        device("c", "2.0.0", "g-eu"),
        device("d", None, "g-eu"),
    )
    state = counted(*devices, has_more=False)
    plan = make_plan(state.snapshot, MODEL, "1.0.0", FLEET)
    assert plan.uncounted
    check = counted_check(state, plan, T0 + 240)
    assert check is not None
    assert check.text == (
        "by pages (counted 4 of 20,000, 4m ago): 2 CHANGE, 1 already there, 0 move UP, 1 unknown"
    )
    assert counted_check(replace(state, census=Census()), plan, T0) is None
    group = make_plan(state.snapshot, MODEL, "1.0.0", Scope("g-eu", "eu"))
    assert counted_check(state, group, T0) is None, "a group is read whole"
