"""What holds at every step of every rollback, on generated fleets that are read in any order."""

from __future__ import annotations

from collections import Counter
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from octomil_tui.domain.convergence import ON_TARGET, Stage, Watch, begin_watch, observe
from octomil_tui.domain.fleet import Device
from octomil_tui.domain.radius import NO_GROUP, SEVERAL_GROUPS, PlanClass
from octomil_tui.domain.rollback import Phase
from octomil_tui.domain.straggler import stragglers
from octomil_tui.domain.text import whole_percent
from tests.domain.fleets import COMPLETED, MODEL, T0, TARGET, Read, begun, look, plan_of, rollout, stories

Story = tuple[tuple[Device, ...], list[Read]]
ROWS = (NO_GROUP, SEVERAL_GROUPS, "g-canary", "g-staging", "g-eu")
COMPLETED_RECORD = rollout("4131", TARGET, COMPLETED)


def _steps(story: Story) -> list[tuple[Watch, tuple[Device, ...]]]:
    devices, reads = story
    watch = begin_watch(plan_of(*devices), T0)
    steps = []
    for at, seen in reads:
        watch = observe(watch, seen, at)
        steps.append((watch, seen))
    return steps


def _reports_target(device: Device) -> bool:
    installation = device.installations.get(MODEL.id)
    return installation is not None and installation.version == TARGET and installation.by_device


@given(stories())
def test_every_device_is_in_one_stage_and_the_stages_add_up_at_every_step(story: Story) -> None:
    scope = {d.id for d in story[0] if d.installations}
    for watch, _ in _steps(story):
        whole = watch.whole
        assert set(watch.tracks) == scope
        assert sum(whole.stages.values()) == whole.count(*Stage) == whole.devices == len(scope)
        classes = [watch.tally(each) for each in PlanClass]
        rows = [watch.tally(*PlanClass, group=each) for each in ROWS]
        for parts in (classes, rows):
            assert sum(part.devices for part in parts) == whole.devices
            assert sum((Counter(part.stages) for part in parts), Counter()) == Counter(whole.stages)
            assert sum(part.ever_bounced for part in parts) == whole.ever_bounced
            assert sum(part.reachable_settled for part in parts) == whole.reachable_settled
        assert watch.change.devices + watch.up.devices + watch.tally(PlanClass.NO_OP).devices == whole.devices


@given(stories())
def test_verified_counts_only_devices_that_report_the_target_themselves(story: Story) -> None:
    for watch, seen in _steps(story):
        reporting = {d.id for d in seen if _reports_target(d)}
        verified = {key for key, track in watch.tracks.items() if track.stage in ON_TARGET}
        assert verified <= reporting
        assert watch.whole.verified == len(verified)


@given(stories())
def test_shares_stay_between_nothing_and_all(story: Story) -> None:
    for watch, _ in _steps(story):
        for tally in (watch.whole, watch.change, watch.up):
            assert 0 <= tally.share <= 1
            assert (whole_percent(tally.share) == 100) == (tally.verified == tally.devices)
            assert tally.reachable_settled <= tally.reachable <= tally.devices


@given(stories())
def test_done_means_that_every_reachable_device_settled_and_complete_means_done(story: Story) -> None:
    for watch, seen in _steps(story):
        reachable = {d.id for d in seen if d.connectivity.is_reachable and d.installations}
        settled = {key for key, track in watch.tracks.items() if track.stage is Stage.SETTLED}
        if watch.is_done:
            assert reachable & set(watch.tracks) <= settled
            assert settled
        if watch.is_complete:
            assert watch.is_done
            assert set(watch.tracks) - settled == {
                k for k, t in watch.tracks.items() if t.stage is Stage.REVOKED
            }


@given(stories())
def test_a_bounce_is_never_forgotten(story: Story) -> None:
    before: dict[str, int] = {}
    for watch, _ in _steps(story):
        for key, track in watch.tracks.items():
            assert track.bounces >= before.get(key, 0)
            before[key] = track.bounces
            assert track.stage is not Stage.BOUNCED or track.bounces


@given(stories(), st.integers())
def test_the_order_in_which_devices_are_listed_does_not_matter(story: Story, seed: int) -> None:
    devices, reads = story
    shuffled = []
    for at, seen in reads:
        others = list(seen)
        Random(seed).shuffle(others)
        shuffled.append((at, tuple(others)))
    ends = [_steps(each)[-1][0].tracks for each in (story, (devices[::-1], shuffled))]
    assert ends[0] == ends[1]


@given(stories())
def test_reading_the_same_once_more_changes_nothing(story: Story) -> None:
    for watch, seen in _steps(story):
        assert watch.at is not None
        again = observe(watch, seen, watch.at)
        assert again.tracks == watch.tracks


@given(stories())
def test_a_device_is_on_at_most_one_line_of_the_stragglers_and_none_that_is_there_is(story: Story) -> None:
    for watch, seen in _steps(story):
        found = stragglers(watch, seen)
        ids = [straggler.device_id for straggler in found]
        quiet = (*ON_TARGET, Stage.WAITING, Stage.REVOKED)
        moved = {k for k, t in watch.tracks.items() if t.plan_class is not PlanClass.NO_OP or t.bounces}
        expected = {k for k, t in watch.tracks.items() if t.stage not in quiet} & moved
        assert len(ids) == len(set(ids))
        assert set(ids) == expected
        assert all(straggler.why for straggler in found)


@given(stories())
def test_the_end_is_told_only_on_the_devices_own_word_or_named_as_the_services(story: Story) -> None:
    devices, reads = story
    rollback = begun(plan_of(*devices), devices)
    for at, seen in reads:
        before, rollback = rollback, look(rollback, at, *seen, rollouts=[COMPLETED_RECORD])
        watch = rollback.watch
        assert watch is not None
        ended = rollback.phase in (Phase.DONE, Phase.COMPLETE)
        if rollback.phase is Phase.COMPLETE:
            assert watch.is_complete or rollback.by_server_word
        if ended and before.ended_at is None:
            assert watch.is_done or rollback.by_server_word
            assert rollback.ended_at == at
        if rollback.by_server_word:
            assert not any(_reports_target(d) for d in seen if d.id in watch.tracks)
        if rollback.phase is Phase.REGRESSED:
            assert rollback.ended_at is not None
            assert watch.whole.ever_bounced
