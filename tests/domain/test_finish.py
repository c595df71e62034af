"""How a rollback ends, and what can still happen to one that ended."""

from __future__ import annotations

from dataclasses import replace

import pytest

from octomil_tui.domain.fleet import Device, Rollout, RolloutState
from octomil_tui.domain.rollback import Phase, Rollback
from tests.domain.fleets import (
    ACTIVE,
    BAD,
    COMPLETED,
    OFFLINE,
    ROLLING_BACK,
    STAGING,
    T0,
    TARGET,
    begun,
    device,
    look,
    now,
    plan_of,
    rollout,
)

A, B = device("a"), device("b")
DONE_A = device("a", TARGET, contact=T0 + 400, since=T0 + 20)
DONE_B = device("b", TARGET, contact=T0 + 400, since=T0 + 20)
AWAY_B = device("b", connectivity=OFFLINE)
RECORD = rollout("4131", TARGET, ROLLING_BACK)


def _begun(*before: Device) -> Rollback:
    return begun(plan_of(*(before or (A, B))), before or (A, B))


def _done() -> Rollback:
    """Return a rollback that was done at +400 s; b was offline then."""
    rollback = look(_begun(), T0 + 400, DONE_A, AWAY_B)
    assert (rollback.phase, rollback.ended_at) == (Phase.DONE, T0 + 400)
    return rollback


def test_it_goes_on_while_a_reachable_device_has_not_settled() -> None:
    rollback = look(_begun(), T0 + 400, DONE_A, B)
    assert (rollback.phase, rollback.ended_at) == (Phase.ROLLING_BACK, None)


def test_it_is_complete_when_everybody_has_settled() -> None:
    rollback = look(_begun(), T0 + 400, DONE_A, DONE_B)
    assert (rollback.phase, rollback.ended_at, rollback.by_server_word) == (Phase.COMPLETE, T0 + 400, False)


def test_the_services_completed_counts_for_nothing_where_devices_speak() -> None:
    rollback = look(_begun(), T0 + 400, DONE_A, B, rollouts=[rollout("4131", TARGET, COMPLETED)])
    assert rollback.phase is Phase.ROLLING_BACK
    assert (rollback.server_state, rollback.server_word) == (COMPLETED, "completed")


def test_a_device_that_returns_from_offline_takes_done_to_complete_once_it_has_settled() -> None:
    rollback = look(_done(), T0 + 500, DONE_A, now(B, BAD, T0 + 500))
    assert rollback.phase is Phase.DONE
    verified = now(B, TARGET, T0 + 560, since=T0 + 550)
    rollback = look(rollback, T0 + 560, DONE_A, verified)
    assert rollback.phase is Phase.DONE
    rollback = look(rollback, T0 + 850, DONE_A, now(verified, TARGET, T0 + 850))
    assert (rollback.phase, rollback.ended_at) == (Phase.COMPLETE, T0 + 400)


def test_a_finished_rollback_is_regressed_when_a_device_leaves_the_target() -> None:
    assert look(_done(), T0 + 500, now(A, BAD, T0 + 500), AWAY_B).phase is Phase.REGRESSED


def test_a_bounce_before_the_end_is_no_regression() -> None:
    verified = device("a", TARGET, contact=T0 + 20, since=T0 + 20)
    rollback = look(look(_begun(), T0 + 30, verified, B), T0 + 90, now(A, BAD, T0 + 90), B)
    assert rollback.phase is Phase.ROLLING_BACK


def test_a_regressed_rollback_stays_so_until_the_device_has_settled_again() -> None:
    rollback = look(_done(), T0 + 500, now(A, BAD, T0 + 500), AWAY_B)
    back = now(A, TARGET, T0 + 600, since=T0 + 600)
    rollback = look(rollback, T0 + 600, back, AWAY_B)
    assert rollback.phase is Phase.REGRESSED
    rollback = look(rollback, T0 + 900, now(back, TARGET, T0 + 900), AWAY_B)
    assert (rollback.phase, rollback.ended_at) == (Phase.DONE, T0 + 400)


def test_a_complete_rollback_is_regressed_too() -> None:
    rollback = look(_begun(), T0 + 400, DONE_A, DONE_B)
    assert look(rollback, T0 + 500, now(A, BAD, T0 + 500), DONE_B).phase is Phase.REGRESSED


def test_a_complete_rollback_with_an_unsettled_device_is_done_and_no_longer_complete() -> None:
    rollback = look(_begun(), T0 + 400, DONE_A, DONE_B)
    rollback = look(rollback, T0 + 500, DONE_A, now(DONE_B, TARGET, T0 + 500, since=T0 + 490))
    assert rollback.phase is Phase.DONE


# By the service's word.


def _silent(*, connectivity_of_b: Device = B) -> tuple[Device, Device]:
    return now(A, None, T0 + 60), now(connectivity_of_b, None, T0 + 60)


def test_where_no_device_says_what_it_runs_the_services_word_counts_and_is_named_so() -> None:
    seen = _silent()
    rollback = look(_begun(*seen), T0 + 60, *seen, rollouts=[RECORD])
    assert rollback.phase is Phase.ROLLING_BACK
    rollback = look(rollback, T0 + 90, *seen, rollouts=[rollout("4131", TARGET, COMPLETED)])
    assert (rollback.phase, rollback.by_server_word, rollback.ended_at) == (Phase.COMPLETE, True, T0 + 90)


def test_assignments_leave_the_end_to_the_services_word_though_a_device_is_offline() -> None:
    assigned = tuple(
        device(d, TARGET, by_device=False, connectivity=c) for d, c in (("a", A.connectivity), ("b", OFFLINE))
    )
    rollback = look(_begun(*assigned), T0 + 90, *assigned, rollouts=[rollout("4131", TARGET, COMPLETED)])
    assert (rollback.phase, rollback.by_server_word) == (Phase.COMPLETE, True)
    assert look(_begun(*assigned), T0 + 90, *assigned, rollouts=[RECORD]).phase is Phase.ROLLING_BACK


def test_an_empty_list_of_devices_does_not_leave_the_end_to_the_services_word() -> None:
    rollback = look(_begun(), T0 + 60, A, B, rollouts=[RECORD])
    rollback = look(rollback, T0 + 90, rollouts=[rollout("4131", TARGET, COMPLETED)])
    assert rollback.phase is Phase.ROLLING_BACK


# Superseded and failed.


@pytest.mark.parametrize(
    ("other", "phase"),
    [
        (rollout("4140", "2.1.0", ACTIVE, created_at=T0 + 9), Phase.SUPERSEDED),
        (rollout("4140", "2.1.0", ACTIVE, started_at=T0 + 9), Phase.SUPERSEDED),
        (rollout("4140", "2.1.0", ACTIVE, created_at=T0), Phase.ROLLING_BACK),
        (rollout("4140", "2.1.0", ACTIVE), Phase.ROLLING_BACK),
        (rollout("4140", TARGET, ACTIVE, created_at=T0 + 9), Phase.ROLLING_BACK),
        (rollout("4140", "2.1.0", COMPLETED, created_at=T0 + 9), Phase.ROLLING_BACK),
        (rollout("4140", "2.1.0", ACTIVE, created_at=T0 + 9, group="canary"), Phase.ROLLING_BACK),
    ],
)
def test_a_newer_rollout_to_another_version_takes_its_place(other: Rollout, phase: Phase) -> None:
    assert look(_begun(), T0 + 60, A, B, rollouts=[other, RECORD]).phase is phase


@pytest.mark.parametrize("group", ["staging", "g-staging", None])
def test_a_newer_rollout_of_the_group_takes_the_place_of_the_groups_rollback(group: str | None) -> None:
    inside = device("a", BAD, "g-staging")
    rollback = begun(plan_of(inside, scope=STAGING), (inside,))
    other = rollout("4140", "2.1.0", ACTIVE, created_at=T0 + 9, group=group)
    assert look(rollback, T0 + 60, inside, rollouts=[other]).phase is Phase.SUPERSEDED


def test_nobody_can_tell_what_is_newer_than_a_rollback_without_an_id() -> None:
    rollback = begun(plan_of(A), (A,), rollout_id=None)
    other = rollout("4140", "2.1.0", ACTIVE, created_at=T0 + 9)
    assert look(rollback, T0 + 60, A, rollouts=[other]).phase is Phase.ROLLING_BACK


@pytest.mark.parametrize(
    ("state", "phase"),
    [
        (RolloutState.CANCELLED, Phase.SUPERSEDED),
        (RolloutState.FAILED, Phase.FAILED),
        (RolloutState.OTHER, Phase.ROLLING_BACK),
        (RolloutState.PAUSED, Phase.ROLLING_BACK),
    ],
)
def test_the_services_word_may_end_it_otherwise(state: RolloutState, phase: Phase) -> None:
    assert look(_begun(), T0 + 60, A, B, rollouts=[replace(RECORD, state=state)]).phase is phase


@pytest.mark.parametrize("state", [RolloutState.CANCELLED, RolloutState.FAILED])
def test_what_the_devices_say_goes_before_a_bad_word_of_the_service(state: RolloutState) -> None:
    seen = look(_begun(), T0 + 400, DONE_A, DONE_B, rollouts=[replace(RECORD, state=state)])
    assert seen.phase is Phase.COMPLETE


def test_a_superseded_rollback_is_followed_no_further() -> None:
    rollback = look(_begun(), T0 + 60, A, B, rollouts=[replace(RECORD, state=RolloutState.CANCELLED)])
    assert look(rollback, T0 + 400, DONE_A, DONE_B) is rollback
