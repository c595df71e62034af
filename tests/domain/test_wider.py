"""A service that does more than it was asked, and its record of what it did."""

from __future__ import annotations

import pytest

from octomil_tui.domain.advance import advance
from octomil_tui.domain.beginning import adopted, planned
from octomil_tui.domain.fleet import Device, Rollout, RolloutState
from octomil_tui.domain.order import RollbackReceipt
from octomil_tui.domain.record import fits, server_record
from octomil_tui.domain.rollback import Accepted, Found, Lost, Phase, Rollback, Sent
from octomil_tui.domain.scope import FLEET, Scope
from tests.domain.fleets import (
    BAD,
    MODEL,
    ROLLING_BACK,
    STAGING,
    T0,
    TARGET,
    begun,
    device,
    fleet,
    look,
    now,
    plan_of,
    rollout,
)
from tests.domain.night import devices, night_plan

INSIDE = device("in", BAD, "g-staging", wanted=BAD)
OUTSIDE = device("out", BAD, "g-canary", wanted=BAD)


def _of_staging(*everyone: Device) -> Rollback:
    seen = everyone or (INSIDE, OUTSIDE)
    return begun(plan_of(*seen, scope=STAGING), seen)


@pytest.mark.parametrize(
    ("affected", "phase"), [(12, Phase.ROLLING_BACK), (13, Phase.WIDER), (124, Phase.WIDER)]
)
def test_a_reply_with_more_devices_than_the_group_has_is_wider(affected: int, phase: Phase) -> None:
    assert begun(night_plan(STAGING), devices(), affected_devices=affected).phase is phase


def test_a_record_with_more_devices_than_the_group_has_is_wider() -> None:
    rollback = advance(planned(night_plan(STAGING), None, "key", devices()), Sent(T0))
    record = rollout("4131", TARGET, ROLLING_BACK, affected=124)
    assert advance(advance(rollback, Lost("x")), Found(record, T0)).phase is Phase.WIDER


def test_the_fleet_cannot_be_exceeded() -> None:
    assert begun(night_plan(), devices(), affected_devices=10_000).phase is Phase.ROLLING_BACK


def test_a_count_is_never_too_high_for_a_group_of_which_nobody_knows_the_size() -> None:
    blind = plan_of(scope=STAGING, devices=None)
    assert begun(blind, (), affected_devices=12).phase is Phase.ROLLING_BACK


def test_devices_outside_the_group_that_want_the_target_now_make_it_wider() -> None:
    rollback = look(_of_staging(), T0 + 9, INSIDE, now(OUTSIDE, BAD, T0 + 9, wanted=TARGET))
    assert (rollback.phase, rollback.strays) == (Phase.WIDER, ("out",))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (device("out", BAD, wanted=BAD), device("out", BAD, wanted=BAD)),
        (device("out", BAD, wanted=None), device("out", BAD, wanted=TARGET)),
        (device("out", BAD, wanted=TARGET), device("out", BAD, wanted=TARGET)),
        (device("out", BAD, wanted=BAD), device("out", BAD, wanted="1.1.0")),
        # It runs the target; the end of the cancelled rollout leaves it where it is.
        (device("out", TARGET, wanted=BAD), device("out", TARGET, wanted=TARGET)),
    ],
    ids=["unmoved", "not told before", "wanted it before", "to another", "runs it already"],
)
def test_a_device_outside_that_was_not_moved_to_the_target_is_no_stray(before: Device, after: Device) -> None:
    rollback = look(_of_staging(INSIDE, before), T0 + 9, INSIDE, after)
    assert (rollback.phase, rollback.strays) == (Phase.ROLLING_BACK, ())


def test_a_device_that_lost_the_model_or_is_new_is_no_stray() -> None:
    bare = Device("out", "out")
    rollback = look(_of_staging(), T0 + 9, INSIDE, bare, device("new", BAD, wanted=TARGET))
    assert rollback.strays == ()


def test_wider_stays_wider_though_the_strays_are_called_back() -> None:
    rollback = look(_of_staging(), T0 + 9, INSIDE, now(OUTSIDE, BAD, T0 + 9, wanted=TARGET))
    rollback = look(rollback, T0 + 20, INSIDE, OUTSIDE)
    assert (rollback.phase, rollback.strays) == (Phase.WIDER, ())
    done = now(INSIDE, TARGET, T0 + 900, since=T0 + 30)
    assert look(rollback, T0 + 900, done, OUTSIDE).phase is Phase.WIDER


def test_an_adopted_rollback_has_no_order_that_it_could_exceed() -> None:
    whole = begun(night_plan(), devices()).watch
    assert whole is not None
    by_dev = rollout("4131", TARGET, ROLLING_BACK, group="staging", affected=124)
    assert look(adopted(by_dev, MODEL.id, whole), T0 + 9, *devices()).phase is Phase.ROLLING_BACK


# The service's own record.


@pytest.mark.parametrize(
    ("record", "scope", "fit"),
    [
        (rollout("1", TARGET, ROLLING_BACK), FLEET, True),
        (rollout("1", TARGET, ROLLING_BACK, group="staging"), FLEET, False),
        (rollout("1", TARGET, ROLLING_BACK, group="staging"), STAGING, True),
        (rollout("1", TARGET, ROLLING_BACK, group="g-staging"), STAGING, True),
        (rollout("1", TARGET, ROLLING_BACK, group="canary"), STAGING, False),
        # The service took it for the whole fleet, or tells no groups: it did begin.
        (rollout("1", TARGET, ROLLING_BACK), STAGING, True),
        (rollout("1", BAD, ROLLING_BACK), FLEET, False),
        (rollout("1", TARGET, RolloutState.PENDING), FLEET, False),
        (rollout("1", TARGET, RolloutState.COMPLETED), FLEET, True),
        (rollout("1", TARGET, ROLLING_BACK, created_at=T0 - 5), FLEET, True),
        (rollout("1", TARGET, ROLLING_BACK, created_at=T0 - 5.1), FLEET, False),
        (rollout("1", TARGET, ROLLING_BACK, created_at=T0 - 9, started_at=T0), FLEET, False),
        (rollout("1", TARGET, ROLLING_BACK, started_at=T0 - 9), FLEET, False),
        (rollout("1", TARGET, ROLLING_BACK, started_at=T0), FLEET, True),
    ],
)
def test_a_record_fits_by_its_target_its_scope_and_its_time(record: Rollout, scope: Scope, fit: bool) -> None:
    rollback = planned(night_plan(scope), None, "key", devices())
    assert fits(rollback, record, T0) is fit


def test_without_a_time_of_sending_any_time_fits() -> None:
    old = rollout("1", TARGET, ROLLING_BACK, created_at=0.0)
    assert fits(planned(night_plan(), None, "key", ()), old, None)


def test_the_record_is_found_by_its_id_and_by_nothing_else() -> None:
    rollback = begun(night_plan())
    mine, other = rollout("4131", TARGET, ROLLING_BACK), rollout("4132", TARGET, ROLLING_BACK)
    assert server_record(rollback, (other, mine)) is mine
    assert server_record(rollback, (other,)) is None


def test_a_reply_without_an_id_takes_the_newest_record_that_fits() -> None:
    rollback = advance(
        advance(planned(night_plan(), None, "key", devices()), Sent(T0)), Accepted(RollbackReceipt(), T0)
    )
    records = (
        rollout("4132", BAD, RolloutState.ACTIVE, created_at=T0 + 3),
        rollout("4131", TARGET, ROLLING_BACK, created_at=T0 + 1),
        rollout("3990", TARGET, created_at=T0 - 900),
    )
    assert server_record(rollback, records[2:]) is None
    seen = look(rollback, T0 + 9, *devices(), rollouts=records[1:])
    assert (seen.rollout_id, seen.server_word) == ("4131", "rolling_back")


def test_a_record_that_is_no_longer_listed_leaves_the_last_word_as_it_was() -> None:
    rollback = look(begun(night_plan()), T0 + 9, *(fleet(*devices()).devices or ()))
    assert (rollback.rollout_id, rollback.server_state) == ("4131", ROLLING_BACK)
