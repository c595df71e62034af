"""When a plan is still what somebody decided on: exactly in a small scope, nearly in a large one where a rollout runs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from octomil_tui.domain.difference import DRIFT, LARGE, differences, is_same
from octomil_tui.domain.plan import Plan
from tests.domain.fleets import ACTIVE, BAD, TARGET, device, plan_of, rollout

OLDER = "0.9.0"


def plan(changing: int, there: int, *, up: int = 0) -> Plan:
    versions = [BAD] * changing + [TARGET] * there + [OLDER] * up
    return plan_of(*(device(f"d{n:04}", version) for n, version in enumerate(versions)))


def test_in_a_small_scope_one_device_is_another_plan() -> None:
    shown, now = plan(500, LARGE - 500), plan(501, LARGE - 501)
    assert not is_same(shown, now)
    assert differences(shown, now) == (
        "501 devices change instead of 500",
        "499 devices are there already instead of 500",
    )
    assert is_same(shown, plan(500, LARGE - 500))


@pytest.mark.parametrize(("moved", "same"), [(1, True), (2000 // DRIFT, True), (2000 // DRIFT + 1, False)])
def test_in_a_large_scope_a_few_devices_may_have_moved_meanwhile(moved: int, same: bool) -> None:
    shown, now = plan(1000, 1000), plan(1000 + moved, 1000 - moved)
    assert shown.digest != now.digest
    assert is_same(shown, now) is same
    assert bool(differences(shown, now)) is not same


def test_another_rollout_is_another_plan_however_large_the_scope_is() -> None:
    shown = plan(1000, 1000)
    moved = plan(1001, 999)
    ten = rollout("4127", BAD, ACTIVE, share=0.1)
    more = replace(ten, share=0.4)
    assert is_same(replace(shown, active_rollout=ten), replace(moved, active_rollout=ten))
    assert not is_same(replace(shown, active_rollout=ten), replace(moved, active_rollout=more))
    assert not is_same(shown, replace(moved, to_version=OLDER))


def test_of_a_fleet_that_was_read_in_part_only_what_was_read_gives_room() -> None:
    shown, now = plan(1000, 1000), plan(1006, 994)
    assert is_same(shown, now)
    few = replace(shown, uncounted=1500)
    assert not is_same(few, replace(now, uncounted=1500))
