"""The columns of a watch beside an object per device, on generated fleets and looks in any order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octomil_tui.domain import index as indexes
from octomil_tui.domain.columns import MASK, Block, Cell
from octomil_tui.domain.convergence import Stage, Watch, begin_watch, observe
from octomil_tui.domain.fleet import Device
from octomil_tui.domain.index import Index
from octomil_tui.domain.plan import Plan
from octomil_tui.domain.radius import PlanClass
from octomil_tui.domain.scope import FLEET, Scope
from octomil_tui.domain.text import whole_percent
from octomil_tui.domain.watch import JOINED_KEPT
from octomil_tui.domain.wording import parts
from tests.domain.fleets import BAD, T0, TARGET, _at_read, device, fleets, plan_of, some_groups
from tests.domain.reference import Reference

Story = tuple[Plan, list[tuple[float, bool, tuple[Device, ...]]]]
EU = Scope("g-eu", "eu")


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """A plan of the fleet or of a group, and looks: whole or at a page, with rows twice, newcomers and moves."""
    fleet = draw(fleets(min_size=1))
    planned = fleet[: draw(st.integers(1, len(fleet)))]
    plan = plan_of(*planned, scope=draw(st.sampled_from((FLEET, EU))))
    looks, at = [], T0
    for _ in range(draw(st.integers(1, 5))):
        at += draw(st.sampled_from((0, 0, 60, 299, 301, 900, 6000, -30)))
        seen = [_at_read(draw, one, at) for one in fleet if draw(st.integers(0, 5))]
        seen = [replace(one, groups=tuple(draw(some_groups))) if draw(st.booleans()) else one for one in seen]
        twice = [_at_read(draw, one, at) for one in seen if draw(st.integers(0, 6)) == 0]
        looks.append((at, draw(st.booleans()), tuple(draw(st.permutations([*seen, *twice])))))
    return plan, looks


def follow(story: Story) -> Iterator[tuple[Watch, Reference]]:
    plan, looks = story
    watch, reference = begin_watch(plan, T0), Reference(plan, T0)
    for at, is_whole, devices in looks:
        watch = observe(watch, devices, at, is_whole=is_whole)
        reference.look(devices, at, is_whole=is_whole)
        yield watch, reference


@given(stories())
def test_the_columns_agree_with_an_object_per_device_after_every_look(story: Story) -> None:
    for watch, reference in follow(story):
        reference.agrees(watch)


@given(stories())
def test_every_device_is_in_one_line_the_sums_add_up_and_no_percent_comes_early(story: Story) -> None:
    for watch, _ in follow(story):
        rows = [watch.tally(each) for each in PlanClass] + [watch.newcomers]
        assert sum(row.devices for row in rows) == watch.whole.devices == len(watch)
        for row in (*rows, watch.whole):
            assert row.verified + sum(part.count for part in parts(row)) == row.devices
            assert (whole_percent(row.share) == 100) == (row.verified == row.devices)
        for classes in ((PlanClass.CHANGE, PlanClass.UNKNOWN), (PlanClass.UP,)):
            groups = [watch.tally(*classes, group=key) for key in watch.groups(*classes)]
            assert sum(row.devices for row in groups) == watch.tally(*classes).devices
            assert sum((Counter(row.stages) for row in groups), Counter()) == Counter(
                watch.tally(*classes).stages
            )
        on_the_way = watch.whole.count(Stage.ON_THE_WAY) - watch.newcomers.count(Stage.ON_THE_WAY)
        assert sum(watch.steps(*PlanClass).values()) == on_the_way
        assert watch.untimed >= 0
        assert sum(watch.laps.counts.values()) == len(watch)


@given(stories())
def test_it_is_never_done_while_a_reachable_device_has_not_settled(story: Story) -> None:
    for watch, _ in follow(story):
        if watch.is_done:
            waited_for = [t for t in watch.tracks.values() if t.is_reachable and not t.is_apart]
            assert all(t.stage is Stage.SETTLED and t.was_looked_at for t in waited_for)
        assert watch.is_done or not watch.is_complete


@given(stories())
def test_a_watch_is_a_value_that_later_looks_do_not_change(story: Story) -> None:
    known = []
    for watch, _ in follow(story):
        known.append((watch, dict(watch.tracks), watch.whole, watch.is_done))
    for watch, tracks, whole, is_done in known:
        fresh = replace(
            watch,
            counts=type(watch.counts)(
                watch.counts.cells, watch.tables.origins, watch.tables.steps(), watch.unlisted
            ),
        )
        assert (dict(watch.tracks), fresh.whole, fresh.is_done) == (tracks, whole, is_done)


@given(stories())
def test_a_scope_whose_ids_are_not_kept_counts_the_same(story: Story) -> None:
    plan, looks = story
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(indexes, "NAMED_UP_TO", 1)
        patch.setattr(indexes, "_MERGED_AT", 1)
        large = begin_watch(plan, T0)
        for (at, is_whole, devices), (watch, _) in zip(looks, follow(story), strict=True):
            large = observe(large, devices, at, is_whole=is_whole)
            assert large.whole == watch.whole
            assert (large.is_done, large.is_complete) == (watch.is_done, watch.is_complete)


@given(st.lists(st.lists(st.text(max_size=3), max_size=6), max_size=5), st.sampled_from((0, 2, 100)))
def test_an_index_finds_what_it_was_given_and_nothing_else(pages: list[list[str]], named: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(indexes, "NAMED_UP_TO", named)
        patch.setattr(indexes, "_MERGED_AT", 2)
        index = Index.of(())
        for page in pages:
            index = index.extended(page)
        ids = list(dict.fromkeys(key for page in pages for key in page))
        assert [index.find(key) for key in ids] == list(range(len(ids)))
        assert index.size == len(ids)
        assert index.find("not there") == -1
        assert index.ids in (tuple(ids), None)


class Alike(str):
    """An id whose hash is that of every other one."""

    __slots__ = ()

    def __hash__(self) -> int:
        return 7


def test_two_ids_that_meet_share_a_row_and_the_last_look_decides() -> None:
    devices = [device(Alike(key)) for key in "ab"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(indexes, "NAMED_UP_TO", 0)
        watch = begin_watch(plan_of(*devices, device("c")), T0)
        assert (len(watch), watch.change.devices) == (2, 2)
        there = device("x", TARGET, contact=T0 + 900, since=T0 + 9)
        seen = [devices[0], replace(there, id=Alike("b")), replace(there, id="c")]
        watch = observe(watch, seen, T0 + 900)
        assert (watch.change.verified, watch.change.devices) == (2, 2)
        joined = [replace(there, id=Alike("e")), device(Alike("f"), TARGET)]
        assert observe(watch, [*seen, *joined], T0 + 900).newcomers.devices == 0
        fresh = begin_watch(plan_of(device("c")), T0)
        assert observe(fresh, joined, T0 + 900, is_whole=False).newcomers.devices == 1


def test_a_scope_of_several_blocks_finds_its_rows_and_shares_what_did_not_change() -> None:
    count = 3 * (MASK + 1) + 5
    devices = [device(f"d{number}") for number in range(count)]
    before = begin_watch(plan_of(*devices), T0)
    there = device(f"d{count - 1}", TARGET, contact=T0 + 9)
    watch = observe(before, [there], T0 + 10, is_whole=False)
    assert watch.ids is None
    assert (watch.change.verified, watch.change.devices) == (1, count)
    assert watch.stage_of(f"d{count - 1}") is Stage.VERIFIED
    assert watch.stage_of("d0") is Stage.WAITING
    assert watch.stage_of("nobody") is None
    assert [one is other for one, other in zip(before.blocks, watch.blocks, strict=True)] == [
        True,
        True,
        True,
        False,
    ]
    assert watch.ids_in(Stage.VERIFIED) == []
    assert len(watch.tracks) == count
    assert watch.from_versions(PlanClass.CHANGE) == {BAD}
    assert there.id in watch
    assert "nobody" not in watch
    with pytest.raises(LookupError):
        list(watch.tracks)
    with pytest.raises(KeyError):
        watch.tracks["nobody"]


def test_more_origins_than_two_bytes_hold_fit_into_a_block() -> None:
    block = Block()
    block.add(Cell(1, 0, 0, 0, 0))
    block.add(Cell(1 << 16, 0, 0, 0, 0))
    assert [block.cell(place).origin for place in range(2)] == [1, 1 << 16]


def test_more_words_and_intervals_than_a_byte_holds_are_told_by_others() -> None:
    devices = [
        device(f"d{n}", BAD, contact=T0 + 9, word="downloading", artifact_word=f"w{n}", interval=60.0 + n)
        for n in range(300)
    ]
    watch = observe(begin_watch(plan_of(*devices), T0), devices, T0 + 10)
    assert sum(watch.steps(PlanClass.CHANGE).values()) == 300
    assert {step.value for step in watch.steps(PlanClass.CHANGE)} == {"downloading"}
    assert watch.slowest == 60.0 + 299
    odd = observe(
        watch, [replace(devices[0], installations=device(artifact_word="paused").installations)], T0 + 11
    )
    assert odd.whole.devices == 300


def test_devices_that_join_without_end_are_counted_and_not_kept() -> None:
    start = begin_watch(plan_of(device("a", TARGET)), T0)
    crowd = [device(f"new{number}", TARGET) for number in range(JOINED_KEPT + 2)]
    watch = observe(start, [device("a", TARGET), *crowd], T0 + 1)
    assert (watch.joined, watch.crowd, len(watch)) == (JOINED_KEPT, 2, JOINED_KEPT + 1)
    assert not watch.is_done
    assert observe(watch, [device("a", TARGET), *crowd[:-2]], T0 + 2).is_done
