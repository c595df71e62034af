"""One line of facts per model and per group, and the counts of a watch as words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from octomil_tui.domain.convergence import Stage, Tally, begin_watch, observe
from octomil_tui.domain.fleet import Connectivity, DeviceGroup, FleetSnapshot, Model, Rollout, RolloutState
from octomil_tui.domain.overview import ModelFacts, group_facts, model_facts, reachability
from octomil_tui.domain.wording import parts
from tests.domain.fleets import (
    ACTIVE,
    BAD,
    COMPLETED,
    MODEL,
    OFFLINE,
    T0,
    TARGET,
    device,
    fleet,
    plan_of,
    rollout,
    stories,
)
from tests.domain.night import ROLLOUTS, night
from tests.domain.test_story import Story


def _facts(snapshot: FleetSnapshot) -> ModelFacts:
    (found,) = model_facts(snapshot)
    return found


def test_the_model_of_the_night_needs_somebody_most() -> None:
    facts = _facts(night())
    assert (facts.serving, facts.subject, facts.on, facts.of) == ("1.0.0", "2.0.0", 50, 124)
    assert facts.running is not None
    assert (facts.running.id, facts.silent, facts.urgency, facts.elsewhere) == ("4127", 4, 3, 0)
    assert facts.by_version == {"2.0.0": 50, "1.0.0": 71, "0.9.0": 3}
    assert facts.changed_at == ROLLOUTS[0].started_at


def test_without_a_rollout_the_devices_on_other_versions_are_elsewhere() -> None:
    facts = _facts(replace(night(), rollouts={MODEL.id: ROLLOUTS[1:]}))
    assert (facts.subject, facts.on, facts.elsewhere, facts.urgency) == ("1.0.0", 71, 53, 0)


def test_where_nothing_tells_what_is_served_nothing_is_elsewhere() -> None:
    facts = _facts(fleet(device("a", None)))
    assert (facts.serving, facts.on, facts.of, facts.elsewhere, facts.changed_at) == (None, 0, 1, 0, None)


@pytest.mark.parametrize(("count", "of"), [(7, 7), (None, 0)])
def test_devices_that_were_not_read_are_counted_by_the_service(count: int | None, of: int) -> None:
    assert _facts(fleet(devices=None, models=(replace(MODEL, device_count=count),))).of == of


@pytest.mark.parametrize(
    ("state", "kind", "urgency", "silent"),
    [
        (ACTIVE, None, 3, 1),
        (ACTIVE, "rollback", 2, 0),
        (RolloutState.PAUSED, "rollback", 1, 0),
        (COMPLETED, None, 0, 0),
    ],
)
def test_a_rollback_silences_nobody_and_a_paused_rollout_is_less_urgent(
    state: RolloutState, kind: str | None, urgency: int, silent: int
) -> None:
    away = device("a", BAD, connectivity=OFFLINE, since=T0 - 60)
    facts = _facts(fleet(away, rollouts={MODEL.id: (rollout("1", BAD, state, kind=kind),)}))
    assert (facts.urgency, facts.silent) == (urgency, silent)


def test_models_that_need_somebody_are_first_and_else_in_the_services_order() -> None:
    models = tuple(Model(key, key) for key in ("calm", "quiet", "busy"))
    snapshot = FleetSnapshot(models=models, rollouts={"busy": (rollout("1", BAD, ACTIVE),)})
    assert [facts.model.id for facts in model_facts(snapshot)] == ["busy", "calm", "quiet"]
    assert model_facts(FleetSnapshot()) == ()


@pytest.mark.parametrize(
    ("newest", "at"),
    [
        (rollout("1", BAD, updated_at=4.0, completed_at=3.0, cancelled_at=2.0, started_at=1.0), 4.0),
        (rollout("1", BAD, completed_at=3.0, started_at=1.0), 3.0),
        (rollout("1", BAD, cancelled_at=2.0, started_at=1.0), 2.0),
        (rollout("1", BAD, started_at=1.0), 1.0),
        (rollout("1", BAD), None),
    ],
)
def test_a_model_changed_when_its_newest_rollout_last_did(newest: Rollout, at: float | None) -> None:
    assert _facts(fleet(rollouts={MODEL.id: (newest,)})).changed_at == at


def test_groups_are_told_in_the_services_order_and_then_who_is_in_none() -> None:
    snapshot = fleet(
        device("a", BAD, "g-b", connectivity=OFFLINE, since=T0 - 60),
        device("b", TARGET, "g-a", "g-b"),
        device("c", TARGET),
        groups=(
            DeviceGroup("g-b", "beta", 9, members=frozenset({"a", "b"})),
            DeviceGroup("g-a", "alpha", 5),
            DeviceGroup("g-x", "empty"),
        ),
    )
    found = group_facts(snapshot, MODEL.id, BAD)
    assert [(g.label, g.devices, g.silent) for g in found] == [
        ("beta", 2, 1),
        ("alpha", 5, 0),
        ("empty", None, 0),
        ("no group", 1, 0),
    ]
    assert [dict(g.by_version) for g in found] == [{BAD: 1, TARGET: 1}, {TARGET: 1}, {}, {TARGET: 1}]
    assert found[0].by_connectivity == {OFFLINE: 1, Connectivity.ONLINE: 1}


def test_without_a_model_no_versions_are_counted() -> None:
    (found,) = group_facts(fleet(device("a", BAD, "g-a")), None)
    assert (found.by_version, found.silent) == ({}, 0)


def test_without_groups_nobody_is_said_to_be_in_none() -> None:
    assert group_facts(fleet(device("a"), groups=None), MODEL.id) == ()
    assert [g.label for g in group_facts(fleet(device("a")), MODEL.id)] == ["no group"]


def test_the_fleet_of_the_night_is_told_by_connectivity() -> None:
    assert reachability(night()) == {"online": 111, "stale": 5, "offline": 7, "revoked": 1}
    assert reachability(FleetSnapshot()) == {}


@given(stories())
def test_the_clauses_and_the_verified_add_up_to_the_devices_at_every_step(story: Story) -> None:
    devices, reads = story
    watch = begin_watch(plan_of(*devices), T0)
    for at, seen in reads:
        watch = observe(watch, seen, at)
        for tally in (watch.whole, watch.change, watch.up):
            assert tally.verified + sum(part.count for part in parts(tally)) == tally.devices


def test_a_stage_that_holds_nobody_has_no_clause() -> None:
    tally = Tally(devices=3, stages={Stage.STALE: 2, Stage.SETTLED: 1, Stage.FAILED: 0})
    assert [(part.count, part.words) for part in parts(tally)] == [(2, "stale")]


def test_of_a_fleet_that_was_read_in_part_the_service_counts() -> None:
    running = replace(rollout("4127", BAD, ACTIVE, share=0.4), on_version=40_004)
    part = replace(
        fleet(device("a", BAD), models=(replace(MODEL, device_count=100_000),)),
        device_total=100_000,
        rollouts={MODEL.id: (running,)},
    )
    facts = _facts(part)
    assert (facts.on, facts.of, facts.elsewhere) == (40_004, 100_000, 0)
    silent_service = replace(part, rollouts={MODEL.id: (replace(running, on_version=None),)})
    assert (_facts(silent_service).on, _facts(silent_service).of) == (1, 1)


@pytest.mark.parametrize(("count", "size", "uncounted"), [(20_000, 20_000, 19_999), (0, 1, 0), (None, 1, 0)])
def test_of_a_group_that_was_read_in_part_the_service_knows_the_size(
    count: int | None, size: int, uncounted: int
) -> None:
    group = DeviceGroup("g", "kiosks", device_count=count, members=frozenset({"a"}))
    part = replace(fleet(device("a", BAD, "g")), groups=(group,), device_total=100_000)
    (facts,) = group_facts(part, MODEL.id)
    assert (facts.devices, facts.uncounted) == (size, uncounted)
