from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octomil_tui.domain.fleet import (
    Device,
    Rollout,
    RolloutState,
)
from octomil_tui.domain.scope import FLEET
from octomil_tui.domain.serving import (
    Service,
    active_rollout,
    active_version,
    from_version,
    history_is_known,
    service_of,
)
from tests.domain.fleets import (
    ACTIVE,
    BAD,
    COMPLETED,
    MODEL,
    ROLLING_BACK,
    STAGING,
    TARGET,
    device,
    fleets,
    rollout,
)
from tests.domain.night import ROLLOUTS, devices

CANCELLED, FAILED, PENDING = RolloutState.CANCELLED, RolloutState.FAILED, RolloutState.PENDING


def test_from_is_the_version_of_the_active_rollout_and_not_the_active_version() -> None:
    active = active_version(ROLLOUTS, devices(), MODEL.id)
    assert active == "1.0.0"
    assert from_version(ROLLOUTS, active, FLEET) == "2.0.0"


def test_without_an_active_rollout_from_is_the_active_version() -> None:
    assert from_version(ROLLOUTS[1:], "1.0.0", FLEET) == "1.0.0"


@pytest.mark.parametrize("state", [ACTIVE, RolloutState.PAUSED, ROLLING_BACK])
def test_a_rollout_that_still_decides_is_active(state: RolloutState) -> None:
    assert active_rollout([rollout("1", BAD, state)]) == rollout("1", BAD, state)


@pytest.mark.parametrize("state", [PENDING, COMPLETED, CANCELLED, FAILED, RolloutState.OTHER])
def test_a_rollout_that_decides_nothing_is_not_active(state: RolloutState) -> None:
    assert active_rollout([rollout("1", BAD, state)]) is None


def test_the_newest_of_two_active_rollouts_counts() -> None:
    found = active_rollout([rollout("2", BAD, ACTIVE), rollout("1", "1.1.0", ACTIVE)])
    assert found is not None
    assert found.id == "2"


@pytest.mark.parametrize(
    ("group", "reached"), [(None, True), ("staging", True), ("g-staging", True), ("canary", False)]
)
def test_a_rollout_reaches_a_group_if_it_is_of_the_fleet_or_of_that_group(
    group: str | None, reached: bool
) -> None:
    assert (active_rollout([rollout("1", BAD, ACTIVE, group=group)], STAGING) is not None) is reached


def test_a_rollout_of_any_group_reaches_the_fleet() -> None:
    assert active_rollout([rollout("1", BAD, ACTIVE, group="canary")], FLEET) is not None


@pytest.mark.parametrize(
    "newest",
    [rollout("1", BAD), rollout("1", BAD, ROLLING_BACK), rollout("1", BAD, ACTIVE, kind="rollback")],
)
def test_a_fleet_rollout_that_completed_or_rolls_back_decides_the_active_version(newest: Rollout) -> None:
    assert active_version([newest, rollout("0", TARGET)], [device(version=TARGET)], MODEL.id) == BAD


@pytest.mark.parametrize(
    "newest",
    [
        rollout("1", BAD, ACTIVE),
        rollout("1", BAD, group="canary"),
        rollout("1", BAD, CANCELLED, kind="rollback"),
        rollout("1", BAD, PENDING),
    ],
)
def test_a_rollout_that_did_not_reach_the_fleet_decides_nothing(newest: Rollout) -> None:
    assert active_version([newest, rollout("0", TARGET)], [device(version=BAD)], MODEL.id) == TARGET


def test_without_rollouts_the_version_of_most_devices_is_active() -> None:
    some = [device("a", BAD), device("b", TARGET), device("c", TARGET), device("d", None)]
    other = replace(device("e", BAD), installations={})
    assert active_version([], [*some, other], MODEL.id) == TARGET
    assert active_version([], [device(version=None)], MODEL.id) is None


@given(fleets(), st.randoms())
def test_the_active_version_does_not_depend_on_the_order_of_devices(
    some: tuple[Device, ...], by: Random
) -> None:
    shuffled = list(some)
    by.shuffle(shuffled)
    assert active_version([], shuffled, MODEL.id) == active_version([], some, MODEL.id)


def _service(version: str, *rollouts: Rollout, on_devices: int = 0) -> Service:
    return service_of(version, rollouts, on_devices=on_devices, active=TARGET)


@pytest.mark.parametrize(
    ("rollouts", "on_devices", "deployed"),
    [
        ((), 0, False),
        ((), 1, True),
        ((rollout("1", BAD, PENDING),), 0, False),
        ((rollout("1", BAD, CANCELLED),), 0, True),
        ((rollout("1", TARGET, from_version=BAD),), 0, True),
    ],
)
def test_deployed_means_begun_or_left_or_on_a_device(
    rollouts: tuple[Rollout, ...], on_devices: int, deployed: bool
) -> None:
    assert _service(BAD, *rollouts, on_devices=on_devices).deployed is deployed


def test_a_version_is_known_to_be_left_by_the_newest_rollback_from_it() -> None:
    forward = rollout("9", "3.0.0", from_version=BAD)
    left = rollout("7", TARGET, kind="rollback", from_version=BAD, created_at=70.0)
    older = rollout("5", TARGET, kind="rollback", from_version=BAD)
    found = _service(BAD, forward, left, older)
    assert (found.rolled_back_by, found.rolled_back_at) == ("7", 70.0)
    assert _service(BAD, forward).rolled_back_by is None
    assert _service(BAD).rolled_back_at is None


def test_completed_needs_a_rollout_that_reached_its_whole_scope() -> None:
    assert _service(BAD, rollout("1", BAD)).completed
    assert not _service(BAD, rollout("1", BAD, CANCELLED)).completed


def test_a_version_was_served_from_its_first_rollout_until_another_took_over() -> None:
    old = _service("0.9.0", *ROLLOUTS)
    assert (old.from_at, old.to_at) == (ROLLOUTS[4].started_at, ROLLOUTS[3].started_at)
    assert old.served_for(None) == 93 * 86_400


def test_a_cancelled_version_was_served_until_it_was_cancelled() -> None:
    assert _service("1.1.0", *ROLLOUTS).served_for(None) == 86_400


def test_what_is_served_now_has_no_end() -> None:
    for version in ("1.0.0", "2.0.0"):
        assert _service(version, *ROLLOUTS).to_at is None
    began = ROLLOUTS[3].started_at
    assert began is not None
    assert _service("1.0.0", *ROLLOUTS).served_for(began + 60) == 60
    assert _service("1.0.0", *ROLLOUTS).served_for(began - 60) == 0
    assert _service("1.0.0", *ROLLOUTS).served_for(None) is None


def test_the_active_version_is_served_though_another_took_over_in_one_group() -> None:
    in_group = rollout("2", BAD, group="canary", created_at=20.0)
    assert _service(TARGET, in_group, rollout("1", TARGET, created_at=10.0)).to_at is None


def test_nobody_knows_when_a_version_ended_that_no_rollout_began() -> None:
    unknown = _service("3.0.0", *ROLLOUTS, on_devices=1)
    assert (unknown.from_at, unknown.to_at, unknown.served_for(1.0)) == (None, None, None)


@pytest.mark.parametrize(
    "later",
    [
        rollout("2", TARGET),
        rollout("2", TARGET, CANCELLED, created_at=9.0),
        rollout("0", TARGET, created_at=1.0),
    ],
)
def test_only_a_later_rollout_that_completed_ends_a_version(later: Rollout) -> None:
    assert _service(BAD, later, rollout("1", BAD, created_at=5.0)).to_at is None
    assert _service(BAD, later, rollout("1", BAD)).to_at is None


@pytest.mark.parametrize(
    ("state", "known"), [(COMPLETED, True), (CANCELLED, True), (FAILED, True), (ACTIVE, False)]
)
def test_the_history_is_known_where_a_rollout_that_ended_is_listed(state: RolloutState, known: bool) -> None:
    assert history_is_known([rollout("1", BAD, state)]) is known
    assert not history_is_known([])
