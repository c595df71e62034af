from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from octomil_tui.domain.fleet import DeviceGroup, RolloutState
from octomil_tui.domain.plan import Plan, make_plan
from octomil_tui.domain.radius import NO_GROUP, SEVERAL_GROUPS, PlanClass, Radius, classify
from octomil_tui.domain.scope import FLEET, Scope
from octomil_tui.domain.version import registry_order
from tests.domain.fleets import (
    ACTIVE,
    BAD,
    MODEL,
    OFFLINE,
    STAGING,
    TARGET,
    VERSIONS,
    device,
    fleet,
    plan_of,
    rollout,
)
from tests.domain.night import night

CHANGE, NO_OP, UP, UNKNOWN = PlanClass.CHANGE, PlanClass.NO_OP, PlanClass.UP, PlanClass.UNKNOWN


def _classes(radius: Radius) -> tuple[int, int, int, int]:
    return radius.count(CHANGE), radius.count(NO_OP), radius.count(UP), radius.count(UNKNOWN)


# Classes.


@pytest.mark.parametrize(
    ("version", "plan_class"),
    [
        (None, UNKNOWN),
        ("1.0.0", NO_OP),
        ("2.0.0", CHANGE),
        ("0.9.0", UP),
        ("0.1.0", UP),  # not in the registry: by semantic version
        ("1.0.0-rc.1", UP),
        ("9.0.0", CHANGE),
        ("nightly", CHANGE),  # cannot be compared
    ],
)
def test_a_device_is_classed_by_what_it_runs(version: str | None, plan_class: PlanClass) -> None:
    assert classify(version, TARGET, registry_order(VERSIONS)) is plan_class


def test_the_registrys_order_decides_what_is_up_against_the_semantic_one() -> None:
    assert classify("9.0.0", TARGET, registry_order(("1.0.0", "9.0.0"))) is UP
    assert classify("0.9.0", TARGET, registry_order(("0.9.0", "1.0.0"))) is CHANGE


def test_a_plan_reads_the_registrys_order_newest_first() -> None:
    plan = plan_of(device("a", "2.0.0"), device("b", "0.9.0"))
    assert [d.plan_class for d in plan.devices] == [CHANGE, UP]


# Rows.


def test_a_device_of_several_groups_counts_once_and_devices_of_none_have_a_row() -> None:
    plan = plan_of(
        device("a", BAD, "g-b"),
        device("b", BAD, "g-a", "g-b"),
        device("c", BAD),
        device("d", BAD, "g-unlisted"),
        groups=(DeviceGroup("g-b", "beta"), DeviceGroup("g-a", "alpha"), DeviceGroup("g-empty", "empty")),
    )
    assert [(row.group, row.label, row.devices) for row in plan.rows] == [
        ("g-b", "beta", 1),
        ("g-unlisted", "g-unlisted", 1),
        (SEVERAL_GROUPS, "several groups", 1),
        (NO_GROUP, "no group", 1),
    ]
    assert plan.total.devices == 4


def test_the_denominator_is_the_devices_that_have_the_model() -> None:
    plan = plan_of(device("a"), replace(device("b"), installations={}))
    assert (plan.total.devices, plan.fleet_size) == (1, 1)


@pytest.mark.parametrize(
    ("kept", "on_disk", "downloads"),
    [
        ((None, None), None, None),
        (((TARGET,), None), 1, 0),
        (((BAD,), ()), 0, 2),
    ],
)
def test_downloads_are_told_only_where_a_device_says_what_it_keeps(
    kept: tuple[Any, Any], on_disk: int | None, downloads: int | None
) -> None:
    plan = plan_of(
        *(device(f"d{n}", on_disk=each) for n, each in enumerate(kept)), device("there", TARGET, on_disk=())
    )
    assert (plan.total.on_disk, plan.total.downloads) == (on_disk, downloads)


# Nothing to do, nobody there, nothing read.


def test_nothing_to_do_means_that_no_device_changes_and_no_rollout_leads_elsewhere() -> None:
    there = device("a", TARGET)
    assert plan_of(there).changes_nothing
    assert not plan_of(there, device("b", BAD)).changes_nothing
    assert not plan_of(there, device("b", "0.9.0")).changes_nothing
    assert not plan_of(there, device("b", None)).changes_nothing


@pytest.mark.parametrize(
    ("version", "state", "nothing"),
    [(BAD, ACTIVE, False), (TARGET, ACTIVE, True), (BAD, RolloutState.COMPLETED, True)],
)
def test_a_rollout_that_leads_elsewhere_is_something_to_do(
    version: str, state: RolloutState, nothing: bool
) -> None:
    plan = plan_of(device("a", TARGET), rollouts={MODEL.id: (rollout("1", version, state),)})
    assert plan.changes_nothing is nothing


def test_an_empty_group_is_known_to_be_empty() -> None:
    assert plan_of(device("a", BAD, "g-eu"), scope=STAGING).is_empty


@pytest.mark.parametrize(
    ("scope", "group", "unknown"),
    [
        (FLEET, None, 124),
        (STAGING, DeviceGroup("g-staging", "staging", 12), 12),
        (STAGING, DeviceGroup("g-staging", "staging", 12, frozenset({"a", "b"})), 2),
        (STAGING, DeviceGroup("g-staging", "staging"), 0),
        (STAGING, None, 0),
    ],
)
def test_devices_that_could_not_be_read_count_as_unknown(
    scope: Scope, group: DeviceGroup | None, unknown: int
) -> None:
    plan = make_plan(fleet(devices=None, groups=(group,) if group else None), MODEL, TARGET, scope)
    assert (plan.total.devices, _classes(plan.total), plan.fleet_size) == (
        unknown,
        (0, 0, 0, unknown),
        unknown,
    )
    assert not plan.devices_known
    assert not plan.is_empty
    assert not plan.changes_nothing


def test_a_model_without_a_count_has_no_devices_that_anybody_knows_of() -> None:
    plan = make_plan(fleet(devices=None), replace(MODEL, device_count=None), TARGET, FLEET)
    assert plan.total.devices == 0


def test_a_plan_keeps_what_it_saw_of_a_device() -> None:
    (seen,) = plan_of(device("a", BAD, "g-eu", connectivity=OFFLINE, platform="ios", on_disk=(BAD,))).devices
    assert (seen.name, seen.group, seen.version, seen.platform) == ("name of a", "g-eu", BAD, "ios")
    assert (seen.connectivity, seen.on_disk) == (OFFLINE, False)


def test_a_plan_is_named_by_the_first_letters_of_its_digest() -> None:
    plan: Plan = make_plan(night(), MODEL, TARGET, FLEET)
    assert plan.digest.startswith(plan.name)
    assert len(plan.name) == 4
