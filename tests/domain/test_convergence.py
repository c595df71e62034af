from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from octomil_tui.domain.convergence import Stage, Tally, Watch, begin_watch, observe
from octomil_tui.domain.fleet import Connectivity, Device
from octomil_tui.domain.radius import PlanClass
from tests.domain.fleets import BAD, OFFLINE, ONLINE, REVOKED, STALE, T0, TARGET, device, now, plan_of

UNKNOWN_STATE = Connectivity.UNKNOWN


def _watch(*devices: Device, to: str = TARGET) -> Watch:
    return begin_watch(plan_of(*devices, to=to), T0)


def _stage(seen: Device | None, before: Device | None = None, at: float = T0 + 60) -> Stage:
    """Return the stage of a device after one read; it ran v2.0.0 before unless told otherwise."""
    watch = _watch(before or device())
    return observe(watch, [seen] if seen is not None else [], at).tracks["d1"].stage


def test_a_device_that_must_change_waits_and_one_on_the_target_has_settled() -> None:
    watch = _watch(device("a"), device("b", TARGET), device("c", "0.9.0"), device("d", None))
    assert {key: track.stage for key, track in watch.tracks.items()} == {
        "a": Stage.WAITING,
        "b": Stage.SETTLED,
        "c": Stage.WAITING,
        "d": Stage.WAITING,
    }


@pytest.mark.parametrize(
    ("seen", "stage"),
    [
        (device(contact=T0 - 1), Stage.WAITING),
        (device(contact=None), Stage.WAITING),
        (device(contact=T0), Stage.ON_THE_WAY),
        (device(contact=T0 + 9, wanted=TARGET), Stage.ON_THE_WAY),
        (device(contact=T0 + 9, wanted=BAD), Stage.WAITING),
        (device(version=TARGET, contact=T0 + 9), Stage.VERIFIED),
        (device(version=TARGET, contact=T0 + 9, connectivity=OFFLINE), Stage.VERIFIED),
        (device(version=TARGET, contact=T0 + 9, connectivity=REVOKED), Stage.REVOKED),
        (device(connectivity=REVOKED), Stage.REVOKED),
        (device(connectivity=OFFLINE), Stage.OFFLINE),
        (device(connectivity=OFFLINE, artifact_word="failed"), Stage.OFFLINE),
        (device(connectivity=STALE), Stage.STALE),
        (device(connectivity=STALE, artifact_word="failed"), Stage.FAILED),
        (device(contact=T0 + 9, word="Failed_Retryable"), Stage.FAILED),
        (device(contact=T0 + 9, artifact_word="corrupt"), Stage.FAILED),
        (device(contact=T0 + 9, connectivity=UNKNOWN_STATE), Stage.ON_THE_WAY),
        (device(version=None, contact=T0 + 9), Stage.UNKNOWN),
        (device(version=BAD, by_device=False, contact=T0 + 9), Stage.UNKNOWN),
        (device(version=TARGET, by_device=False, contact=T0 + 9), Stage.UNKNOWN),
        (replace(device(), installations={}), Stage.GONE),
        (None, Stage.GONE),
    ],
)
def test_a_device_is_in_the_stage_that_its_own_reports_give_it(seen: Device | None, stage: Stage) -> None:
    assert _stage(seen) is stage


@pytest.mark.parametrize(
    ("contact", "stage"),
    [
        (T0 + 20, Stage.VERIFIED),
        (T0 + 318, Stage.VERIFIED),
        (T0 + 320, Stage.SETTLED),
        (T0 + 700, Stage.SETTLED),
    ],
)
def test_a_device_settles_at_its_first_contact_one_interval_after_it_was_verified(
    contact: float, stage: Stage
) -> None:
    assert _stage(device(version=TARGET, contact=contact, since=T0 + 20), at=T0 + 900) is stage


def test_rounding_to_whole_seconds_does_not_delay_settling() -> None:
    assert _stage(device(version=TARGET, contact=T0 + 319, since=T0 + 20)) is Stage.SETTLED


def test_the_interval_is_the_devices_own() -> None:
    slow = device(version=TARGET, contact=T0 + 320, since=T0 + 20, interval=600.0)
    assert _stage(slow) is Stage.VERIFIED
    assert _stage(replace(slow, last_contact_at=T0 + 620)) is Stage.SETTLED


def test_a_later_read_without_a_later_contact_settles_nothing() -> None:
    watch = _watch(device())
    for at in (T0 + 30, T0 + 3_000):
        watch = observe(watch, [device(version=TARGET, contact=T0 + 20)], at)
    assert watch.tracks["d1"].stage is Stage.VERIFIED


@pytest.mark.parametrize(
    ("contact", "since", "verified_at"),
    [(T0 + 20, T0 + 10, T0 + 10), (T0 + 20, None, T0 + 20), (None, None, T0 + 60)],
)
def test_verified_at_is_the_devices_first_report_else_its_contact_else_the_read(
    contact: float | None, since: float | None, verified_at: float
) -> None:
    watch = observe(_watch(device()), [device(version=TARGET, contact=contact, since=since)], T0 + 60)
    assert watch.tracks["d1"].verified_at == verified_at


def test_without_any_contact_time_the_reads_settle_a_device() -> None:
    watch = _watch(device())
    for at, stage in ((T0 + 60, Stage.VERIFIED), (T0 + 358, Stage.VERIFIED), (T0 + 360, Stage.SETTLED)):
        watch = observe(watch, [device(version=TARGET, contact=None)], at)
        assert watch.tracks["d1"].stage is stage


def test_a_device_gone_that_comes_back_on_the_target_keeps_when_it_was_verified() -> None:
    on_target = device(version=TARGET, contact=T0 + 20, since=T0 + 20)
    watch = observe(observe(_watch(device()), [on_target], T0 + 30), [], T0 + 60)
    assert watch.tracks["d1"].stage is Stage.GONE
    assert not watch.tracks["d1"].is_reachable
    watch = observe(watch, [replace(on_target, last_contact_at=T0 + 320)], T0 + 330)
    assert (watch.tracks["d1"].stage, watch.tracks["d1"].bounces) == (Stage.SETTLED, 0)


def test_a_device_that_joins_during_the_watch_is_counted_apart() -> None:
    watch = observe(_watch(device("a")), [device("a"), device("new", TARGET)], T0 + 60)
    assert set(watch.tracks) == {"a", "new"}
    assert (watch.change.devices, watch.newcomers.devices, watch.whole.devices) == (1, 1, 2)
    assert watch.at == T0 + 60


# Done and complete.


def _settled(key: str, **fields: Any) -> Device:
    return device(key, TARGET, contact=T0 + 900, since=T0 + 20, **fields)


def _seen(*devices: Device) -> Watch:
    """Return a watch over devices that ran v2.0.0, after one read."""
    return observe(_watch(*(device(d.id) for d in devices)), devices, T0 + 900)


@pytest.mark.parametrize("connectivity", [ONLINE, STALE, UNKNOWN_STATE])
def test_it_is_never_done_while_a_reachable_device_has_not_settled(connectivity: Connectivity) -> None:
    late = device("late", contact=T0 + 900, connectivity=connectivity)
    just = now(late, TARGET, T0 + 900, since=T0 + 890)
    assert not _seen(_settled("a"), late).is_done
    assert not _seen(_settled("a"), just).is_done
    assert _seen(_settled("a"), _settled("late", connectivity=connectivity)).is_done


def test_an_offline_device_keeps_it_from_complete_and_not_from_done() -> None:
    watch = _seen(_settled("a"), device("b", connectivity=OFFLINE))
    assert (watch.is_done, watch.is_complete) == (True, False)


def test_a_revoked_device_keeps_it_from_neither() -> None:
    watch = _seen(_settled("a"), device("b", connectivity=REVOKED))
    assert (watch.is_done, watch.is_complete) == (True, True)


def test_a_fleet_of_revoked_devices_is_never_complete() -> None:
    assert not _seen(device("a", connectivity=REVOKED)).is_complete


def test_a_device_no_longer_listed_keeps_it_from_complete_and_not_from_done() -> None:
    watch = observe(_watch(device("a"), device("b")), [_settled("a")], T0 + 900)
    assert (watch.is_done, watch.is_complete) == (True, False)


def test_a_device_that_fell_silent_before_it_settled_keeps_it_from_complete() -> None:
    verified = device("b", TARGET, contact=T0 + 30, since=T0 + 20, connectivity=OFFLINE)
    assert (_seen(_settled("a"), verified).is_done, _seen(_settled("a"), verified).is_complete) == (
        True,
        False,
    )


def test_it_is_not_done_where_no_device_ever_settled() -> None:
    assert not _seen(device("a", TARGET, contact=T0 + 30, since=T0 + 20, connectivity=OFFLINE)).is_done
    assert not _seen(device("a", connectivity=OFFLINE), device("b", connectivity=REVOKED)).is_done
    assert not observe(_watch(device("a")), [], T0 + 60).is_done


def test_devices_that_move_up_and_unknown_ones_must_settle_too() -> None:
    for before in ("0.9.0", None):
        watch = _watch(device("a"), device("b", before))
        assert not observe(watch, [_settled("a"), device("b", before, contact=T0 + 900)], T0 + 900).is_done
        assert observe(watch, [_settled("a"), _settled("b")], T0 + 900).is_complete


def test_unknown_devices_count_among_those_that_change() -> None:
    watch = _watch(device("a"), device("b", None), device("c", "0.9.0"), device("d", TARGET))
    assert (watch.change.devices, watch.up.devices, watch.whole.devices) == (2, 1, 4)
    assert watch.tally(PlanClass.NO_OP).devices == 1


def test_the_share_of_nobody_is_whole() -> None:
    assert Tally().share == 1.0
    assert _seen(_settled("a"), device("b")).change.share == 0.5
