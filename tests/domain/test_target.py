"""The version that is proposed as the target."""

from __future__ import annotations

import pytest

from octomil_tui.domain.fleet import FleetSnapshot, ModelVersion, Rollout, RolloutState
from octomil_tui.domain.verdict import proposed_target
from tests.domain.fleets import ACTIVE, BAD, MODEL, STAGING, T0, device, fleet, rollout, with_rollouts
from tests.domain.night import night


def test_the_night_proposes_what_the_rest_still_serves_though_newer_versions_are_registered() -> None:
    assert proposed_target(night(), MODEL.id) == "1.0.0"
    assert proposed_target(night(), MODEL.id, STAGING) == "1.0.0"


def _history(*rollouts: Rollout, versions: tuple[str, ...]) -> FleetSnapshot:
    return fleet(versions={MODEL.id: tuple(map(ModelVersion, versions))}, rollouts={MODEL.id: rollouts})


def test_without_a_rollout_the_version_served_last_before_the_active_one_is_proposed() -> None:
    snapshot = _history(
        rollout("3", "2.0.0", created_at=300.0),
        rollout("2", "0.9.0", created_at=200.0),
        rollout("1", "1.0.0", created_at=100.0),
        versions=("2.0.0", "1.0.0", "0.9.0"),
    )
    assert proposed_target(snapshot, MODEL.id) == "0.9.0"


def test_a_good_target_goes_before_one_that_was_served_later_and_rolled_back() -> None:
    snapshot = _history(
        rollout("4", "3.0.0", created_at=400.0),
        rollout("3", "2.0.0", RolloutState.CANCELLED, cancelled_at=390.0, created_at=300.0),
        rollout("1", "1.0.0", created_at=100.0),
        versions=("3.0.0", "2.0.0", "1.0.0"),
    )
    assert proposed_target(snapshot, MODEL.id) == "1.0.0"


def test_the_active_version_goes_before_one_that_only_a_group_was_served() -> None:
    snapshot = _history(
        rollout("3", "2.0.0", ACTIVE, created_at=300.0),
        rollout("2", "1.5.0", group="canary", created_at=200.0),
        rollout("1", "1.0.0", created_at=100.0),
        versions=("2.0.0", "1.5.0", "1.0.0"),
    )
    assert proposed_target(snapshot, MODEL.id) == "1.0.0"


@pytest.mark.parametrize("state", [RolloutState.CANCELLED, RolloutState.FAILED])
def test_what_was_served_longest_goes_before_what_began_last(state: RolloutState) -> None:
    snapshot = _history(
        rollout("4", "3.0.0", ACTIVE, created_at=400.0),
        rollout("3", "2.0.0", RolloutState.CANCELLED, created_at=300.0, cancelled_at=310.0),
        rollout("2", "1.0.0", state, created_at=200.0, cancelled_at=390.0),
        versions=("3.0.0", "2.0.0", "1.0.0"),
    )
    assert proposed_target(snapshot, MODEL.id) == "1.0.0"


def test_without_times_the_order_of_the_rollouts_tells_what_was_served_last() -> None:
    snapshot = _history(
        rollout("3", "2.0.0"),
        rollout("2", "0.9.0"),
        rollout("1", "1.0.0"),
        versions=("2.0.0", "1.0.0", "0.9.0"),
    )
    assert proposed_target(snapshot, MODEL.id) == "0.9.0"


def test_a_version_with_a_known_time_goes_before_one_of_which_no_rollout_is_dated() -> None:
    snapshot = _history(
        rollout("3", "2.0.0", created_at=300.0),
        rollout("2", "0.9.0"),
        rollout("1", "1.0.0", created_at=100.0),
        versions=("2.0.0", "1.0.0", "0.9.0"),
    )
    assert proposed_target(snapshot, MODEL.id) == "1.0.0"


def test_of_two_versions_without_a_rollout_the_one_on_more_devices_is_proposed() -> None:
    on_bad = [device(f"bad-{n}", BAD) for n in range(3)]
    on_old = [device(f"old-{n}", "0.9.0") for n in range(2)]
    assert proposed_target(fleet(*on_bad, *on_old, device("one", "1.1.0")), MODEL.id) == "0.9.0"


def test_a_version_of_which_nothing_tells_that_it_was_served_is_not_proposed() -> None:
    only_running = with_rollouts(fleet(devices=None), rollout("4127", BAD, ACTIVE))
    assert proposed_target(only_running, MODEL.id) is None
    assert proposed_target(fleet(device(version=BAD), at=T0), MODEL.id) is None
