"""Devices that leave the target again, and devices of which nobody knows what they run."""

from __future__ import annotations

from dataclasses import replace

import pytest

from octomil_tui.domain.convergence import Stage, Track, Watch, begin_watch, observe
from octomil_tui.domain.fleet import Connectivity, Device
from tests.domain.fleets import BAD, OFFLINE, REVOKED, STALE, T0, TARGET, device, now, plan_of

VERIFIED = device(version=TARGET, contact=T0 + 20, since=T0 + 20)


def _follow(*reads: Device, before: Device | None = None) -> Track:
    """Return what is known after reads of one device, each at its contact."""
    watch = begin_watch(plan_of(before or device()), T0)
    for each in reads:
        watch = observe(watch, [each], each.last_contact_at or T0)
    return watch.tracks["d1"]


def test_a_device_that_leaves_the_target_again_has_bounced() -> None:
    track = _follow(VERIFIED, now(VERIFIED, BAD, T0 + 90))
    assert (track.stage, track.bounces, track.verified_at) == (Stage.BOUNCED, 1, None)


def test_it_stays_bounced_and_is_counted_once() -> None:
    track = _follow(VERIFIED, now(VERIFIED, BAD, T0 + 90), now(VERIFIED, BAD, T0 + 400))
    assert (track.stage, track.bounces) == (Stage.BOUNCED, 1)


def test_a_device_that_came_back_is_verified_anew_and_still_known_to_have_bounced() -> None:
    back = now(VERIFIED, TARGET, T0 + 500, since=T0 + 480)
    watch = begin_watch(plan_of(device()), T0)
    for each in (VERIFIED, now(VERIFIED, BAD, T0 + 90), back):
        watch = observe(watch, [each], T0 + 500)
    assert watch.tracks["d1"].stage is Stage.VERIFIED
    assert (watch.whole.ever_bounced, watch.whole.count(Stage.BOUNCED)) == (1, 0)
    assert observe(watch, [now(back, TARGET, T0 + 780)], T0 + 780).is_complete


def test_a_bounce_between_two_reads_is_seen_by_the_later_first_report() -> None:
    track = _follow(VERIFIED, now(VERIFIED, TARGET, T0 + 400, since=T0 + 390))
    assert (track.stage, track.bounces, track.verified_at) == (Stage.VERIFIED, 1, T0 + 390)


@pytest.mark.parametrize("since", [None, T0 + 20, T0 + 21, T0 + 10])
def test_a_first_report_that_did_not_move_is_no_bounce(since: float | None) -> None:
    track = _follow(VERIFIED, now(VERIFIED, TARGET, T0 + 400, since=since))
    assert (track.stage, track.bounces) == (Stage.SETTLED, 0)


def test_a_device_on_the_target_from_the_start_bounces_too_and_must_settle_again() -> None:
    before = device(version=TARGET)
    left = now(before, BAD, T0 + 90)
    back = now(before, TARGET, T0 + 200, since=T0 + 190)
    assert _follow(left, before=before).stage is Stage.BOUNCED
    assert _follow(left, back, before=before).stage is Stage.VERIFIED
    settled = _follow(left, back, now(back, TARGET, T0 + 490), before=before)
    assert (settled.stage, settled.bounces) == (Stage.SETTLED, 1)


def test_a_device_on_the_target_from_the_start_is_not_taken_for_one_that_arrived() -> None:
    before = device(version=TARGET)
    track = _follow(now(before, TARGET, T0 + 90, since=T0 + 80), before=before)
    assert (track.stage, track.bounces) == (Stage.SETTLED, 0)


def test_a_device_that_never_was_on_the_target_cannot_bounce() -> None:
    assert _follow(device(contact=T0 + 20), device(version="1.1.0", contact=T0 + 90)).bounces == 0


@pytest.mark.parametrize(
    ("connectivity", "stage"), [(OFFLINE, Stage.OFFLINE), (STALE, Stage.BOUNCED), (REVOKED, Stage.REVOKED)]
)
def test_a_bounced_device_is_on_one_line_only(connectivity: Connectivity, stage: Stage) -> None:
    left = replace(now(VERIFIED, BAD, T0 + 90), connectivity=connectivity)
    assert _follow(VERIFIED, left).stage is stage


# Devices that do not say what they run.


def test_a_device_that_no_longer_says_what_it_runs_is_neither_verified_nor_bounced() -> None:
    track = _follow(VERIFIED, now(VERIFIED, None, T0 + 400))
    assert (track.stage, track.bounces) == (Stage.UNKNOWN, 0)
    track = _follow(VERIFIED, now(VERIFIED, BAD, T0 + 400, by_device=False))
    assert (track.stage, track.bounces) == (Stage.UNKNOWN, 0)


def test_a_device_that_says_it_again_goes_on_where_it_was() -> None:
    track = _follow(VERIFIED, now(VERIFIED, None, T0 + 200), now(VERIFIED, TARGET, T0 + 320))
    assert (track.stage, track.bounces) == (Stage.SETTLED, 0)


def test_a_device_that_bounced_and_came_back_is_not_bounced_when_it_says_nothing() -> None:
    back = now(VERIFIED, TARGET, T0 + 200, since=T0 + 190)
    assert (
        _follow(VERIFIED, now(VERIFIED, BAD, T0 + 90), back, now(back, None, T0 + 300)).stage is Stage.UNKNOWN
    )


def test_a_device_only_assigned_to_the_target_has_not_bounced_and_is_not_verified() -> None:
    assigned = device(version=TARGET, by_device=False)
    track = _follow(now(assigned, TARGET, T0 + 90), before=assigned)
    assert (track.stage, track.bounces) == (Stage.UNKNOWN, 0)
    assert _follow(now(assigned, None, T0 + 90), before=assigned).stage is Stage.UNKNOWN


def test_an_assignment_to_the_target_that_the_device_never_confirmed_is_no_bounce() -> None:
    track = _follow(device(version=TARGET, by_device=False, contact=T0 + 20), device(contact=T0 + 90))
    assert (track.stage, track.bounces) == (Stage.ON_THE_WAY, 0)


def _says(*reads: tuple[Device, ...], before: tuple[Device, ...]) -> bool:
    watch: Watch = begin_watch(plan_of(*before), T0)
    for each in reads:
        watch = observe(watch, each, T0 + 60)
    return watch.says_versions


def test_before_the_first_read_nobody_claims_that_devices_say_nothing() -> None:
    assert _says(before=(device(version=None),))


def test_versions_are_said_where_a_single_device_says_its_own() -> None:
    silent = device("a", None)
    assert not _says((silent,), before=(silent,))
    assert _says((silent, device("b")), before=(silent, device("b")))


@pytest.mark.parametrize("connectivity", tuple(Connectivity))
def test_an_assignment_is_not_a_devices_own_report(connectivity: Connectivity) -> None:
    assigned = device(by_device=False, connectivity=connectivity)
    assert not _says((assigned,), before=(assigned,))


def test_what_a_device_said_once_is_not_forgotten_when_it_is_no_longer_listed() -> None:
    assert _says((device(),), (), before=(device(),))
