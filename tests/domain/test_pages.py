"""Scopes that are read page by page: what was not looked at is not gone, and nothing is done before all of it was."""

from __future__ import annotations

from dataclasses import replace

import pytest

from octomil_tui.domain.convergence import LAP, Stage, Watch, begin_watch, observe
from octomil_tui.domain.fleet import Device
from octomil_tui.domain.plan import make_plan
from octomil_tui.domain.radius import NO_GROUP, PlanClass
from octomil_tui.domain.scope import FLEET, Scope
from tests.domain.fleets import BAD, MODEL, OFFLINE, REVOKED, T0, TARGET, device, fleet, now, plan_of

EU = Scope("g-eu", "eu")


def settled(key: str, *groups: str, at: float = T0 + 400) -> Device:
    return device(key, TARGET, *groups, contact=at, since=T0 + 20)


def page(watch: Watch, at: float, *devices: Device) -> Watch:
    return observe(watch, devices, at, is_whole=False)


def begun(*devices: Device) -> Watch:
    return begin_watch(plan_of(*devices), T0)


def test_a_device_that_a_page_does_not_show_stays_as_it_was() -> None:
    watch = page(begun(device("a"), device("b")), T0 + 400, settled("a"))
    assert (watch.stage_of("a"), watch.stage_of("b")) == (Stage.SETTLED, Stage.WAITING)
    assert observe(watch, [settled("a")], T0 + 410).stage_of("b") is Stage.GONE


def test_it_is_done_only_when_every_device_was_looked_at() -> None:
    watch = page(begun(device("a"), device("b", TARGET)), T0 + 400, settled("a"))
    assert not watch.is_done, "nobody looked at b, which was there before"
    assert page(watch, T0 + 401, device("b", TARGET)).is_complete


def test_a_device_that_was_away_must_be_looked_at_once_more_when_it_could_have_settled() -> None:
    away = device("b", connectivity=OFFLINE)
    watch = page(begun(device("a"), device("b")), T0 + 5, device("a"), away)
    watch = page(watch, T0 + 400, settled("a"))
    assert not watch.is_done
    assert page(watch, T0 + 401, away).is_done
    watch = page(watch, T0 + 401, replace(away, installations={}))
    assert (watch.is_done, watch.is_complete, watch.stage_of("b")) == (True, False, Stage.GONE)


def test_how_much_was_looked_at_and_how_long_ago_is_told() -> None:
    watch = begun(*(device(key) for key in "abcd"))
    assert (watch.coverage.looked_at, watch.coverage.oldest_at, watch.coverage.is_whole) == (0, None, False)
    watch = page(watch, T0 + 100, device("a"))
    watch = page(watch, T0 + 300, device("b"), device("c"))
    seen = watch.coverage
    assert (seen.looked_at, seen.devices, seen.at) == (3, 4, T0 + 300)
    assert seen.oldest_at is not None
    assert T0 + 100 - LAP < seen.oldest_at <= T0 + 100
    assert (seen.since(T0 + 250), seen.since(T0), seen.is_whole) == (2, 3, False)
    assert observe(watch, [device(key) for key in "abcd"], T0 + 320).coverage.is_whole


def test_a_watch_of_weeks_still_tells_how_old_its_looks_are() -> None:
    watch = page(begun(device("a"), device("b"), device("c")), T0 + 100, device("a"))
    for day in range(1, 4):
        watch = page(watch, T0 + day * 86_400, device("b"))
    seen = watch.coverage
    assert (seen.looked_at, seen.since(T0 + 2 * 86_400)) == (2, 1)
    assert seen.oldest_at is not None
    assert seen.oldest_at < T0 + 3 * 86_400 - 2000
    assert (seen.is_beyond, seen.is_whole) == (True, False)
    assert watch.laps.counts[0] == 1


# Devices that a plan counts without naming them.


def counted(unnamed: int, *named: Device) -> Watch:
    """Return the watch of a plan of which only some devices were read."""
    count = len(named) + unnamed
    model = replace(MODEL, device_count=count)
    return begin_watch(make_plan(fleet(*named, device_total=count), model, TARGET, FLEET), T0, {})


def test_devices_that_are_only_counted_hold_back_the_end_until_a_page_shows_them() -> None:
    watch = counted(2, device("a"))
    assert (watch.whole.devices, watch.whole.count(Stage.UNSEEN), len(watch)) == (3, 2, 1)
    assert watch.coverage.devices == 3
    watch = page(watch, T0 + 400, settled("a"))
    assert not watch.is_done
    came = now(device("b"), TARGET, T0 + 400, since=T0 + 20, previous=BAD)
    watch = page(watch, T0 + 401, came, device("c", TARGET, since=T0 - 900))
    assert (watch.whole.devices, watch.unlisted, watch.newcomers.devices) == (3, {}, 0)
    assert [watch.tracks[key].plan_class for key in "bc"] == [PlanClass.CHANGE, PlanClass.NO_OP]
    assert watch.tracks["b"].from_version == BAD
    assert watch.is_complete


def test_one_more_than_was_counted_has_joined() -> None:
    watch = page(counted(1, device("a")), T0 + 10, device("b"), device("c"))
    assert (watch.whole.devices, watch.newcomers.devices) == (3, 1)


def test_a_look_at_everything_shows_that_there_are_no_more() -> None:
    watch = observe(counted(5, device("a")), [settled("a"), settled("b")], T0 + 400)
    assert (watch.whole.devices, watch.is_complete) == (2, True)


def test_a_newcomer_takes_the_place_of_its_own_class_and_group_first() -> None:
    watch = begun(device("a"))
    open_places = {(PlanClass.CHANGE, "g-eu"): 1, (PlanClass.CHANGE, NO_GROUP): 1, (PlanClass.UP, "g-eu"): 1}
    watch = replace(
        watch,
        counts=type(watch.counts)(
            watch.counts.cells, watch.tables.origins, watch.tables.steps(), open_places
        ),
    )
    watch = page(watch, T0 + 1, device("b", BAD, "g-eu"))
    assert watch.unlisted == {(PlanClass.CHANGE, NO_GROUP): 1, (PlanClass.UP, "g-eu"): 1}
    watch = page(watch, T0 + 2, device("c", BAD, "g-canary"))
    assert watch.unlisted == {(PlanClass.UP, "g-eu"): 1}
    watch = page(watch, T0 + 3, device("d", TARGET))
    assert (watch.unlisted, watch.newcomers.devices, watch.whole.devices) == ({}, 0, 4)


# Devices that come into the scope, and that leave it.


def group_watch(*devices: Device) -> Watch:
    return begin_watch(plan_of(*devices, scope=EU), T0)


def test_a_device_that_joined_holds_back_the_end_unless_it_is_told_something_else() -> None:
    start = begun(device("a"))
    late = device("new", BAD, contact=T0 + 400)
    watch = observe(start, [settled("a"), late], T0 + 400)
    assert (watch.is_done, watch.change.devices, watch.newcomers.count(Stage.ON_THE_WAY)) == (False, 1, 1)
    told = now(late, BAD, T0 + 400, wanted=BAD)
    watch = observe(start, [settled("a"), told], T0 + 400)
    assert (watch.is_complete, watch.newcomers.reachable, watch.tracks["new"].is_apart) == (True, 0, True)
    assert observe(watch, [settled("a"), settled("new")], T0 + 400).newcomers.verified == 1


def test_a_device_that_joined_and_went_again_is_missed_by_nobody() -> None:
    watch = observe(begun(device("a")), [device("a"), device("new")], T0 + 10)
    assert observe(watch, [settled("a")], T0 + 400).is_complete


def test_a_device_that_moves_into_the_group_joins_and_one_that_moves_out_leaves() -> None:
    watch = group_watch(device("a", BAD, "g-eu"), device("b", BAD, "g-eu"))
    moved, fresh = device("b", BAD, "g-lab"), device("new", BAD, "g-eu")
    watch = observe(watch, [settled("a", "g-eu"), moved, fresh, device("far", BAD, "g-lab")], T0 + 400)
    assert (watch.stage_of("b"), watch.tracks["b"].is_reachable) == (Stage.LEFT, False)
    assert set(watch.tracks) == {"a", "b", "new"}
    watch = observe(watch, [settled("a", "g-eu"), moved, settled("new", "g-eu")], T0 + 400)
    assert (watch.is_done, watch.is_complete) == (True, False)
    gone = replace(moved, connectivity=REVOKED)
    assert observe(watch, [settled("a", "g-eu"), gone], T0 + 410).stage_of("b") is Stage.REVOKED


def test_a_device_that_left_the_group_on_the_target_has_settled_and_its_next_version_is_no_bounce() -> None:
    watch = observe(
        group_watch(device("a", BAD, "g-eu"), device("b", BAD, "g-eu")),
        [settled("a", "g-eu"), settled("b", "g-lab")],
        T0 + 400,
    )
    assert watch.is_complete
    watch = observe(watch, [settled("a", "g-eu"), device("b", BAD, "g-lab", contact=T0 + 500)], T0 + 500)
    assert (watch.stage_of("b"), watch.bounced) == (Stage.LEFT, 0)


@pytest.mark.parametrize("group", [(), ("eu",)])
def test_rows_that_do_not_name_the_group_say_nothing_of_who_is_in_it(group: tuple[str, ...]) -> None:
    watch = observe(
        group_watch(device("a", BAD, "g-eu")), [device("a", BAD, *group), device("b", BAD, *group)], T0 + 9
    )
    assert set(watch.tracks) == {"a"}
    assert watch.stage_of("a") is Stage.ON_THE_WAY
