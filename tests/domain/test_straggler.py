from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from octomil_tui.domain.convergence import Stage, Watch, begin_watch, observe
from octomil_tui.domain.fleet import Device
from octomil_tui.domain.straggler import Straggler, missed_beats, progress_words, stragglers
from tests.domain.fleets import BAD, MODEL, OFFLINE, REVOKED, STALE, T0, TARGET, device, now, plan_of

AT = T0 + 60


def _watch(*seen: Device, before: tuple[Device, ...] = ()) -> Watch:
    return observe(begin_watch(plan_of(*(before or (device(d.id) for d in seen))), T0), seen, AT)


def _only(seen: Device, **before: Any) -> Straggler:
    (found,) = stragglers(_watch(seen, before=(device(**before),)), [seen])
    return found


def _told(version: str | None = BAD, **fields: Any) -> Device:
    """Return a device that has synced since the start."""
    return device(version=version, contact=T0 + 9, **fields)


@pytest.mark.parametrize(
    ("seen", "why", "is_moving"),
    [
        (device(connectivity=OFFLINE), "offline", False),
        (device(connectivity=OFFLINE, since=T0 - 600), "silent since v2.0.0", False),
        (device(connectivity=OFFLINE, since=T0 - 601), "offline", False),
        (device(connectivity=STALE, contact=AT - 959), "stale, 3 beats missed", False),
        (device(connectivity=STALE, contact=None), "stale, 0 beats missed", False),
        (_told(artifact_word="failed_retryable"), "failed retryable", False),
        (_told(word="load_failed", artifact_word="staged"), "load failed", False),
        (_told(word="loading", artifact_word="corrupt"), "corrupt", False),
        (_told(None), "does not say what it runs", False),
        (_told(), "synced, not switched yet", True),
        (_told(word="downloading"), "downloading", True),
        (_told(artifact_word="downloading", progress=0.29), "downloading 29%", True),
        (_told(artifact_word="downloading", progress=0.999), "downloading 99%", True),
        (_told(artifact_word="staged", activation="when_idle"), "waits for idle", True),
        (_told(artifact_word="staged", activation="immediate"), "staged", True),
        (_told(artifact_word="downloaded_partial"), "download stands still", True),
        (_told(artifact_word="verifying"), "checking the download", True),
        (_told(artifact_word="verified"), "checked, not switched yet", True),
        (_told(artifact_word="warming"), "switching", True),
        (_told(artifact_word="paused"), "paused on the device", True),
        (_told(artifact_word="rollback_pending"), "about to switch", True),
        (_told(word="verifying"), "checking the download", True),
        (_told(word="loading"), "switching", True),
        (_told(word="active", artifact_word="active"), "synced, not switched yet", True),
    ],
)
def test_each_straggler_has_its_reason_in_words(seen: Device, why: str, is_moving: bool) -> None:
    straggler = _only(seen)
    assert (straggler.why, straggler.is_moving) == (why, is_moving)


def test_a_device_that_left_the_target_again_says_so() -> None:
    on_target = device(version=TARGET, contact=T0 + 20, since=T0 + 20)
    left = now(on_target, BAD, T0 + 90)
    watch = observe(_watch(on_target), [left], T0 + 90)
    (found,) = stragglers(watch, [left])
    assert (found.stage, found.why, found.version) == (Stage.BOUNCED, "bounced, crash guard?", BAD)


def test_a_device_no_longer_listed_is_named_by_its_cleaned_id() -> None:
    watch = observe(begin_watch(plan_of(device("d\x1b", BAD, "g-eu")), T0), [], AT)
    (found,) = stragglers(watch, [])
    assert (found.device_id, found.name, found.group) == ("d\x1b", "d\\x1b", "g-eu")
    assert (found.why, found.platform, found.version) == ("no longer listed by the server", "?", None)
    assert found.last_contact_at is None


def test_a_device_that_lost_the_model_is_named_by_its_name() -> None:
    found = _only(replace(device(), installations={}))
    assert (found.name, found.why, found.version) == ("name of d1", "no longer listed by the server", None)


def test_a_straggler_tells_what_it_runs_and_when_it_was_heard_of() -> None:
    found = _only(replace(_told(), architecture="arm64"))
    assert (found.version, found.last_contact_at, found.platform) == (BAD, T0 + 9, "linux arm64")
    assert (found.name, found.group) == ("name of d1", "")


@pytest.mark.parametrize(
    "seen",
    [
        device(contact=T0 - 9),
        _told(TARGET),
        device(version=TARGET, contact=T0 + 900, since=T0 + 9),
        device(connectivity=REVOKED),
    ],
    ids=["waiting", "verified", "settled", "revoked"],
)
def test_who_waits_for_its_sync_or_is_there_is_no_straggler(seen: Device) -> None:
    assert len(stragglers(_watch(seen), [seen])) == 0


def test_devices_that_move_up_are_stragglers_too() -> None:
    assert _only(_told("0.9.0"), version="0.9.0").version == "0.9.0"


def test_a_device_that_was_there_is_a_straggler_only_once_it_has_bounced() -> None:
    before = device(version=TARGET)
    away = replace(before, installations={})
    assert len(stragglers(_watch(away, before=(before,)), [away])) == 0
    left = now(before, BAD, T0 + 20)
    assert _only(left, version=TARGET).stage is Stage.BOUNCED
    silent = replace(left, connectivity=OFFLINE)
    assert _only(silent, version=TARGET).stage is Stage.OFFLINE


def test_who_will_not_come_by_itself_is_first_and_the_longest_silence_before_others() -> None:
    bounced = device("bounced", TARGET, contact=T0 + 20)
    seen = [
        device("moving", contact=T0 + 9),
        device("loads", contact=T0 + 20, word="downloading"),
        device("loads-longer", contact=T0 + 10, word="downloading"),
        device("unknown", None),
        device("stale", connectivity=STALE),
        device("offline-late", connectivity=OFFLINE, contact=T0 - 2_000),
        device("offline-b", connectivity=OFFLINE, contact=T0 - 9_000),
        device("offline-a", connectivity=OFFLINE, contact=T0 - 9_000),
        device("offline-never", connectivity=OFFLINE, contact=None),
        device("failed", contact=T0 + 9, artifact_word="failed"),
    ]
    start = begin_watch(plan_of(*(device(d.id) for d in seen), device("bounced"), device("gone")), T0)
    watch = observe(start, [*seen, bounced], AT)
    left = [*seen, now(bounced, BAD, AT)]
    assert [s.device_id for s in stragglers(observe(watch, left, AT), left)] == [
        "bounced",
        "failed",
        "offline-never",
        "offline-a",
        "offline-b",
        "offline-late",
        "gone",
        "stale",
        "unknown",
        "loads-longer",
        "loads",
        "moving",
    ]


@pytest.mark.parametrize(
    ("at", "contact", "beats"),
    [(T0 + 899, T0, 2), (T0 + 900, T0, 3), (T0 - 900, T0, 0), (None, T0, 0), (T0, None, 0)],
)
def test_missed_heartbeats_are_whole_intervals_of_silence(
    at: float | None, contact: float | None, beats: int
) -> None:
    assert missed_beats(device(contact=contact), at) == beats


def test_words_that_nobody_knows_are_told_as_on_the_way() -> None:
    installation = _told(word="dreaming", artifact_word="?").installations[MODEL.id]
    assert progress_words(installation) == "synced, not switched yet"
