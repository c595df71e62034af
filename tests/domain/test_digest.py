"""The digest binds the confirmation to what was seen: it moves with every decision, and with nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octomil_tui.domain.fleet import Device, DeviceGroup, FleetSnapshot, Rollout
from octomil_tui.domain.plan import make_plan
from octomil_tui.domain.radius import PlanClass
from octomil_tui.domain.scope import FLEET, Scope
from tests.domain.fleets import MODEL, OFFLINE, STAGING, T0, TARGET, fleet, fleets, now, running, scopes
from tests.domain.night import ROLLOUTS, night, night_plan


def _digest(snapshot: FleetSnapshot, to_version: str = TARGET, scope: Scope = FLEET) -> str:
    return make_plan(snapshot, MODEL, to_version, scope).digest


def _devices(change: Callable[[Device], Device]) -> FleetSnapshot:
    """Return the night with its first device changed."""
    first, *rest = night().devices or ()
    return replace(night(), devices=(change(first), *rest))


def _rollout(**fields: object) -> FleetSnapshot:
    changed: Rollout = replace(ROLLOUTS[0], **fields)  # type: ignore[arg-type]
    return replace(night(), rollouts={MODEL.id: (changed, *ROLLOUTS[1:])})


@pytest.mark.parametrize(
    "snapshot",
    [
        replace(night(), devices=tuple(reversed(night().devices or ()))),
        replace(night(), at=T0 + 60),
        _devices(lambda d: replace(d, connectivity=OFFLINE)),
        _devices(lambda d: replace(d, last_contact_at=T0)),
        _devices(lambda d: replace(d, name="renamed")),
        _rollout(share=0.4001),
        _rollout(on_version=49, next_step_at=T0),
    ],
    ids=["order", "clock", "connectivity", "contact", "name", "less than a percent", "progress"],
)
def test_what_moves_by_itself_leaves_the_digest_as_it_is(snapshot: FleetSnapshot) -> None:
    assert _digest(snapshot) == night_plan().digest


@pytest.mark.parametrize(
    "snapshot",
    [
        replace(night(), devices=(night().devices or ())[1:]),
        replace(night(), devices=(*(night().devices or ()), replace((night().devices or ())[0], id="new"))),
        _devices(lambda d: replace(d, id="other")),
        _devices(lambda d: now(d, "1.0.0", T0)),
        _devices(lambda d: now(d, "1.1.0", T0)),
        _devices(lambda d: now(d, None, T0)),
        _rollout(share=0.41),
        _rollout(id="4128"),
        _rollout(word="paused"),
        replace(night(), rollouts={MODEL.id: ROLLOUTS[1:]}),
    ],
    ids=["left", "joined", "id", "class", "version", "unknown", "percent", "rollout", "word", "no rollout"],
)
def test_what_was_decided_on_changes_the_digest(snapshot: FleetSnapshot) -> None:
    assert _digest(snapshot) != night_plan().digest


def test_a_class_that_changes_with_the_registrys_order_changes_the_digest() -> None:
    versions = night().versions[MODEL.id]
    older_first = replace(night(), versions={MODEL.id: versions[::-1]})
    assert _digest(older_first) != night_plan().digest


def test_two_plans_of_one_night_have_different_digests() -> None:
    found = {
        _digest(night()),
        _digest(night(), "0.9.0"),
        _digest(night(), scope=STAGING),
        make_plan(night(), replace(MODEL, id="m-2"), TARGET, FLEET).digest,
    }
    assert len(found) == 4


def test_the_scope_changes_the_digest_though_it_holds_the_same_devices() -> None:
    everyone = frozenset(d.id for d in night().devices or ())
    snapshot = replace(
        night(), groups=(DeviceGroup("g-a", "a", members=everyone), DeviceGroup("g-b", "b", members=everyone))
    )
    assert (
        len(
            {
                _digest(snapshot),
                _digest(snapshot, scope=Scope("g-a", "a")),
                _digest(snapshot, scope=Scope("g-b", "b")),
            }
        )
        == 3
    )


@given(fleets(), running(), scopes, st.sampled_from((TARGET, "2.0.0", "nightly")), st.integers())
def test_the_digest_does_not_depend_on_the_order_of_anything(
    devices: tuple[Device, ...], rollouts: tuple[Rollout, ...], scope: Scope, to_version: str, seed: int
) -> None:
    shuffled = list(devices)
    Random(seed).shuffle(shuffled)
    plan = make_plan(fleet(*devices, rollouts={MODEL.id: rollouts}), MODEL, to_version, scope)
    assert _digest(fleet(*shuffled, rollouts={MODEL.id: rollouts}), to_version, scope) == plan.digest


@given(fleets(), running(), scopes, st.sampled_from((TARGET, "2.0.0", "nightly")))
def test_classes_and_rows_add_up_to_the_scope_in_every_column(
    devices: tuple[Device, ...], rollouts: tuple[Rollout, ...], scope: Scope, to_version: str
) -> None:
    plan = make_plan(fleet(*devices, rollouts={MODEL.id: rollouts}), MODEL, to_version, scope)
    inside = {d.id for d in devices if d.installations and (scope.is_fleet or scope.group_id in d.groups)}
    total = plan.total

    assert sorted(d.id for d in plan.devices) == sorted(inside)
    assert sum(total.count(each) for each in PlanClass) == total.devices == len(inside)
    assert sum(row.devices for row in plan.rows) == total.devices
    for each in PlanClass:
        assert sum(row.count(each) for row in plan.rows) == total.count(each)
    for row in (*plan.rows, total):
        assert sum(row.by_class.values()) == row.devices
        assert sum(row.by_connectivity.values()) == row.count(PlanClass.CHANGE)
        assert sum(row.by_platform.values()) == row.count(PlanClass.CHANGE)
        assert (row.on_disk or 0) <= row.count(PlanClass.CHANGE)
        assert (row.downloads or 0) <= row.count(PlanClass.CHANGE) + row.count(PlanClass.UP)
    for column in ("by_connectivity", "by_platform"):
        for key in getattr(total, column):
            assert sum(getattr(row, column).get(key, 0) for row in plan.rows) == getattr(total, column)[key]
    for count in ("on_disk", "downloads"):
        assert sum(getattr(row, count) or 0 for row in plan.rows) == (getattr(total, count) or 0)

    outside = [d for d in devices if d.installations and d.id not in inside]
    leaving = [d for d in outside if d.installations[MODEL.id].version == plan.from_version is not None]
    assert sum(each.count for each in plan.staying) == len(leaving)
    assert len({row.group for row in plan.rows}) == len(plan.rows)
