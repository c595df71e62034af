"""Watching a rollback that began while nobody watched."""

from __future__ import annotations

from dataclasses import replace

import pytest

from octomil_tui.domain.affected import AffectedDevice, AffectedDevices
from octomil_tui.domain.beginning import adopted
from octomil_tui.domain.convergence import Stage, Watch, observe
from octomil_tui.domain.fleet import Device, Rollout
from octomil_tui.domain.radius import SEVERAL_GROUPS, PlanClass
from octomil_tui.domain.resume import resume_watch
from octomil_tui.domain.rollback import Phase
from octomil_tui.domain.version import registry_order
from tests.domain.fleets import BAD, MODEL, ROLLING_BACK, T0, TARGET, VERSIONS, device, look, rollout

RUNNING = rollout("4131", TARGET, ROLLING_BACK, from_version=BAD, started_at=T0, created_at=T0 - 5)


def _resume(*devices: Device, affected: AffectedDevices | None = None, of: Rollout = RUNNING) -> Watch:
    return resume_watch(of, MODEL.id, devices, affected, registry_order(VERSIONS))


def _told(**from_versions: str | None) -> AffectedDevices:
    return AffectedDevices(
        {key: AffectedDevice(key, key, from_version=v) for key, v in from_versions.items()}
    )


@pytest.mark.parametrize(
    ("seen", "plan_class", "came_from"),
    [
        (device(version=BAD), PlanClass.CHANGE, BAD),
        (device(version="0.9.0"), PlanClass.UP, "0.9.0"),
        (device(version=None), PlanClass.UNKNOWN, None),
        (device(version=TARGET), PlanClass.NO_OP, TARGET),
        (device(version=BAD, since=T0 + 9, previous="0.9.0"), PlanClass.CHANGE, BAD),
        (device(version=TARGET, since=T0 - 1), PlanClass.NO_OP, TARGET),
        (device(version=TARGET, since=T0), PlanClass.CHANGE, BAD),
        (device(version=TARGET, since=T0 + 9, previous="0.9.0"), PlanClass.UP, "0.9.0"),
    ],
)
def test_without_the_services_word_the_first_report_tells_what_a_device_came_from(
    seen: Device, plan_class: PlanClass, came_from: str | None
) -> None:
    track = _resume(seen).tracks["d1"]
    assert (track.plan_class, track.from_version) == (plan_class, came_from)
    assert track.verified_at == (T0 if plan_class is PlanClass.NO_OP else None)


@pytest.mark.parametrize(("told", "plan_class"), [("0.9.0", PlanClass.UP), (TARGET, PlanClass.NO_OP)])
def test_the_services_word_on_where_a_device_came_from_goes_first(told: str, plan_class: PlanClass) -> None:
    track = _resume(device(version=TARGET, since=T0 + 9), affected=_told(d1=told)).tracks["d1"]
    assert (track.plan_class, track.from_version) == (plan_class, told)


@pytest.mark.parametrize("affected", [_told(d1=None), _told(other="0.9.0")])
def test_where_the_service_does_not_tell_it_of_this_device_its_own_reports_do(
    affected: AffectedDevices,
) -> None:
    assert _resume(device(), affected=affected).tracks["d1"].from_version == BAD


def test_devices_without_the_model_are_not_watched() -> None:
    watch = _resume(device("a", BAD, "g-a", "g-b"), replace(device("b"), installations={}))
    assert set(watch.tracks) == {"a"}
    assert watch.tracks["a"].group == SEVERAL_GROUPS
    assert (watch.model_id, watch.to_version, watch.started_at) == (MODEL.id, TARGET, T0)


def test_a_rollback_without_a_start_counts_from_its_record_else_from_the_beginning() -> None:
    assert _resume(of=replace(RUNNING, started_at=None)).started_at == T0 - 5
    assert _resume(of=replace(RUNNING, started_at=None, created_at=None)).started_at == 0.0


def test_an_adopted_rollback_without_any_time_can_be_superseded() -> None:
    timeless = replace(RUNNING, started_at=None, created_at=None)
    rollback = adopted(timeless, MODEL.id, _resume(device(), of=timeless))
    newer = rollout("4140", "2.1.0", ROLLING_BACK, created_at=T0)
    assert look(rollback, T0 + 9, device(), rollouts=[newer]).phase is Phase.SUPERSEDED


def test_a_device_that_was_there_before_has_settled_at_the_first_read() -> None:
    there = device("a", TARGET, since=T0 - 900)
    arrived = device("b", TARGET, since=T0 + 9, contact=T0 + 20)
    watch = observe(_resume(there, arrived), (there, arrived), T0 + 30)
    assert [watch.tracks[key].stage for key in "ab"] == [Stage.SETTLED, Stage.VERIFIED]


def test_an_adopted_rollback_is_watched_like_ones_own() -> None:
    there, late = device("a", TARGET), device("b")
    by_dev = replace(RUNNING, reason="INC-1", group="staging", affected=124)
    rollback = adopted(by_dev, MODEL.id, _resume(there, late))
    assert (rollback.phase, rollback.key, rollback.plan) == (Phase.ROLLING_BACK, None, None)
    assert (rollback.rollout_id, rollback.from_version, rollback.sent_at) == ("4131", BAD, T0)
    assert (rollback.order.to_version, rollback.order.reason, rollback.order.group) == (
        TARGET,
        "INC-1",
        "staging",
    )
    assert (rollback.affected, rollback.server_state, rollback.server_word) == (
        124,
        ROLLING_BACK,
        "rolling_back",
    )

    came = device("b", TARGET, contact=T0 + 400, since=T0 + 20)
    assert look(rollback, T0 + 30, there, late).phase is Phase.ROLLING_BACK
    assert look(rollback, T0 + 400, there, came).phase is Phase.COMPLETE
