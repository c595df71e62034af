"""The plan of one group: who is in it, and who stays behind."""

from __future__ import annotations

from octomil_tui.domain.fleet import DeviceGroup
from tests.domain.fleets import ACTIVE, BAD, MODEL, STAGING, TARGET, device, plan_of, rollout


def test_the_groups_own_list_of_members_goes_before_what_devices_say() -> None:
    listed = DeviceGroup("g-staging", "staging", members=frozenset({"b", "gone"}))
    plan = plan_of(device("a", BAD, "g-staging"), device("b"), scope=STAGING, groups=(listed,))
    assert [d.id for d in plan.devices] == ["b"]


def test_without_a_list_of_members_the_devices_own_groups_count() -> None:
    plan = plan_of(
        device("a", BAD, "g-staging", "g-eu"), device("b", BAD, "g-eu"), scope=STAGING, groups=None
    )
    assert [d.id for d in plan.devices] == ["a"]


def test_who_stays_is_counted_also_in_groups_that_the_service_does_not_list() -> None:
    plan = plan_of(
        device("a", BAD, "g-staging"),
        device("b", BAD, "g-unlisted"),
        device("c", BAD, "g-eu", "g-lab"),
        device("d", BAD),
        device("e", TARGET),
        scope=STAGING,
        groups=(DeviceGroup("g-staging", "staging"),),
        rollouts={MODEL.id: (rollout("1", BAD, ACTIVE),)},
    )
    assert [(each.label, each.count) for each in plan.staying] == [
        ("g-unlisted", 1),
        ("several groups", 1),
        ("no group", 1),
    ]


def test_nobody_is_said_to_stay_where_nobody_knows_what_is_left() -> None:
    plan = plan_of(device("a", None, "g-staging"), device("b", None), scope=STAGING)
    assert (plan.from_version, plan.staying) == (None, ())
