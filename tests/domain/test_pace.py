"""When devices are expected, how fast they arrive, and which of them missed their syncs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from octomil_tui.domain.bounce import Cause, bounce_of
from octomil_tui.domain.convergence import Stage, Watch, begin_watch, observe
from octomil_tui.domain.eta import (
    SWITCH,
    USUAL,
    LastTime,
    Rates,
    expected,
    last_time,
    measured,
    size_of,
    span,
)
from octomil_tui.domain.fleet import Device, ModelVersion, RolloutState
from octomil_tui.domain.pace import Due, Pace, code_due, due_code
from octomil_tui.domain.radius import PlanClass
from octomil_tui.domain.scope import Scope
from octomil_tui.domain.straggler import devices_in, stragglers
from tests.domain.fleets import (
    BAD,
    COMPLETED,
    MODEL,
    OFFLINE,
    STALE,
    T0,
    TARGET,
    device,
    now,
    plan_of,
    rollout,
)

AT = T0 + 60
SIZE = 600_000_000
RATES = Rates(1e6, 4e6)


def due(seen: Device, stage: Stage = Stage.ON_THE_WAY, size: int | None = SIZE, at: float = AT) -> Due | None:
    return expected(seen, stage, at, model_id=MODEL.id, to_version=TARGET, size=size, rates=RATES)


def told(contact: float | None = T0 + 30, **fields: Any) -> Device:
    return device(contact=contact, **fields)


@pytest.mark.parametrize(
    ("seen", "stage", "size", "found"),
    [
        (device(contact=T0 - 100), Stage.WAITING, SIZE, (T0 + 200 + SWITCH, False)),
        (device(contact=T0 - 500), Stage.WAITING, SIZE, (T0 + 100 + SWITCH, False)),
        (device(contact=T0 - 100, on_disk=(TARGET,)), Stage.WAITING, None, (T0 + 200 + SWITCH, False)),
        (device(contact=T0 - 100, on_disk=(BAD,)), Stage.WAITING, SIZE, (T0 + 500 + SWITCH, True)),
        (device(contact=T0 - 100, on_disk=(BAD,)), Stage.WAITING, None, None),
        (device(contact=None), Stage.WAITING, SIZE, None),
        (device(), Stage.OFFLINE, SIZE, None),
        (device(), Stage.STALE, SIZE, None),
        (replace(device(), installations={}), Stage.WAITING, SIZE, None),
        (told(), Stage.ON_THE_WAY, SIZE, (T0 + 90, False)),
        (told(word_since=T0 + 50, artifact_word="warming"), Stage.ON_THE_WAY, None, (T0 + 110, False)),
        (told(None), Stage.ON_THE_WAY, None, (AT + SWITCH, False)),
        (told(on_disk=()), Stage.ON_THE_WAY, SIZE, (T0 + 330 + SWITCH, True)),
        (told(on_disk=()), Stage.ON_THE_WAY, None, None),
        (told(artifact_word="paused"), Stage.ON_THE_WAY, SIZE, None),
        (told(artifact_word="downloaded_partial"), Stage.ON_THE_WAY, SIZE, None),
        (
            told(artifact_word="staged", activation="when_idle"),
            Stage.ON_THE_WAY,
            None,
            (T0 + 180 + SWITCH, False),
        ),
        (told(word="downloading"), Stage.ON_THE_WAY, SIZE, (T0 + 330 + SWITCH, True)),
        (told(word="downloading", progress=0.5), Stage.ON_THE_WAY, SIZE, (T0 + 180 + SWITCH, True)),
        (
            told(word="downloading", progress=0.5, word_since=T0 - 70),
            Stage.ON_THE_WAY,
            SIZE,
            (T0 + 130 + SWITCH, True),
        ),
        (told(None, word="downloading"), Stage.ON_THE_WAY, SIZE, (AT + 300 + SWITCH, True)),
        (told(word="downloading", progress=0.5), Stage.ON_THE_WAY, None, None),
    ],
)
def test_when_a_device_is_expected_follows_from_what_is_known_of_it(
    seen: Device, stage: Stage, size: int | None, found: tuple[float, bool] | None
) -> None:
    assert due(seen, stage, size) == found


def test_nothing_is_expected_in_the_past() -> None:
    late = told(T0 + 30, artifact_word="warming", word_since=T0 + 10)
    assert due(late, at=T0 + 900) == (T0 + 900, False)


@pytest.mark.parametrize(
    ("fields", "size"),
    [
        ({}, SIZE),
        ({"progress": 0.5}, SIZE),
        ({"progress": 0.5, "word_since": T0 + 29}, SIZE),
        ({"progress": 0.5, "word_since": T0}, None),
    ],
)
def test_a_download_that_has_not_said_enough_has_no_speed(fields: dict[str, Any], size: int | None) -> None:
    seen = told(word="downloading", **fields)
    assert measured(seen, seen.installations[MODEL.id], size) is None


def test_an_expectation_is_kept_to_ten_seconds_and_days_ahead_not_at_all() -> None:
    for at, is_download in ((T0 + 5, False), (T0 + 95, True), (T0 + 300_000, True)):
        kept = code_due(due_code(Due(at, is_download), T0), T0)
        assert kept is not None
        assert abs(kept.at - at) <= 10
        assert kept.is_download is is_download
    assert (due_code(None, T0), due_code(Due(T0 + 400_000, is_download=False), T0)) == (0, 0)
    assert code_due(0, T0) is None


def test_the_range_widens_with_what_is_left_and_with_how_long_it_took_last_time() -> None:
    found = span(T0 + 100, T0)
    assert found.early < found.likely < found.late
    assert span(T0 + 100, T0, T0 + 250).late == T0 + 250
    assert span(T0 + 100, T0, T0 + 9_000).late == T0 + 300 + SWITCH
    assert span(T0 + 100, T0, T0 + 10).late == found.late
    assert span(T0 - 50, T0).early == T0


def test_the_size_of_a_version_is_the_registrys() -> None:
    versions = [ModelVersion("2.0.0", size_bytes=9), ModelVersion(TARGET, size_bytes=SIZE)]
    assert [size_of(versions, one) for one in (TARGET, "0.9.0")] == [SIZE, None]


def test_the_newest_finished_rollback_of_the_model_is_the_last_time() -> None:
    ours = rollout("4131", TARGET, COMPLETED, kind="rollback", started_at=T0, completed_at=T0 + 9)
    running = rollout("4100", TARGET, RolloutState.ROLLING_BACK, kind="rollback", started_at=T0)
    forward = rollout("4000", BAD, COMPLETED, kind="instant", started_at=T0, completed_at=T0 + 9)
    timeless = rollout("3995", TARGET, COMPLETED, kind="rollback", started_at=T0)
    before = rollout(
        "3990", TARGET, COMPLETED, kind="rollback", started_at=T0, completed_at=T0 + 540, affected=121
    )
    assert last_time([ours, running, forward, timeless, before], "4131") == LastTime(540, 121)
    assert last_time([ours], "4131") is None


# Of a whole watch.


def watch_of(
    *seen: Device, at: float = AT, before: tuple[Device, ...] = (), size: int | None = SIZE
) -> Watch:
    start = begin_watch(plan_of(*(before or (device(d.id) for d in seen))), T0)
    return observe(start, seen, at, size=size)


def test_the_last_sync_and_the_last_download_are_told_apart_and_who_has_no_time_is_counted() -> None:
    loading: dict[str, Any] = {"word": "downloading", "word_since": T0 - 70}
    watch = watch_of(
        device("a", contact=T0 - 100),
        device("b", contact=T0 - 200),
        device("c", contact=T0 + 30, progress=0.5, **loading),
        device("d", contact=T0 + 30, progress=0.25, **loading),
        device("e", connectivity=OFFLINE),
        device("f", connectivity=STALE),
        device("g", TARGET, contact=T0 + 30),
    )
    syncs, loads = (watch.pace.last_due(T0, is_download=kind) for kind in (False, True))
    assert syncs == (T0 + 260, False)
    assert loads == (T0 + 390, True)
    assert (watch.pace.downloads(), watch.untimed) == (2, 2)
    assert (watch.is_measured, watch.rates) == (True, Rates(1.5e6, 3e6))
    assert watch.due("a") == (T0 + 260, False)
    assert watch.due("e") is watch.due("nobody") is None
    assert watch.steps(PlanClass.CHANGE) == {"downloading": 2}
    quiet = watch_of(device("e", connectivity=OFFLINE))
    assert (quiet.pace.last_due(T0, is_download=False), quiet.rates) == (None, USUAL)


def test_arrivals_are_counted_over_forty_seconds_by_the_devices_own_first_reports() -> None:
    there = [
        device(f"d{n}", TARGET, contact=T0 + 200, since=T0 + at) for n, at in enumerate((50, 81, 130, 199))
    ]
    watch = watch_of(
        *there,
        device("up", TARGET, contact=T0 + 200, since=T0 + 60),
        at=T0 + 200,
        before=(*(device(d.id) for d in there), device("up", "0.9.0")),
    )
    assert watch.pace.per_bucket(T0 + 200, 5) == [0, 1, 1, 1, 1]
    assert watch.first_verified == ("name of d0", T0 + 50)
    again = observe(watch, there, T0 + 5_000)
    assert again.pace.arrivals == {}
    assert again.first_verified == ("name of d0", T0 + 50)
    assert Pace({int(T0) + 900: 3}).per_bucket(T0 + 200, 5) == [0] * 5


def test_how_many_were_expected_by_now_is_what_the_first_look_made_of_it() -> None:
    watch = watch_of(
        device("a", contact=T0 - 250),
        device("b", contact=T0 - 10),
        device("c", connectivity=OFFLINE),
        at=T0 + 5,
    )
    assert [watch.pace.expected_by(T0 + at, T0) for at in (60, 130, 400)] == [0, 1, 2]
    late = observe(watch, [device("a", contact=T0 + 390), device("b", contact=T0 + 390)], T0 + 400)
    assert late.pace.expected_by(T0 + 400, T0) == 2
    adopted = watch_of(device("a", TARGET, contact=T0 + 500, since=T0 + 30), at=T0 + 500)
    assert adopted.pace.expected_by(T0 + 40, T0) == 1


def test_a_reachable_device_that_missed_two_syncs_since_the_start_is_overdue_until_it_is_heard_of() -> None:
    silent = device("a", contact=T0 - 400, connectivity=STALE)
    watch = watch_of(silent, device("b", contact=T0 + 590), at=T0 + 600)
    assert watch.whole.overdue == 0
    watch = observe(watch, [silent, device("b", contact=T0 + 590)], T0 + 602)
    assert (watch.whole.overdue, watch.tracks["a"].is_overdue, watch.tracks["b"].is_overdue) == (
        1,
        True,
        False,
    )
    assert observe(watch, [replace(silent, connectivity=OFFLINE)], T0 + 603).whole.overdue == 0
    assert observe(watch, [device("a", contact=T0 + 603)], T0 + 603).whole.overdue == 0


@pytest.mark.parametrize(
    "seen", [device(contact=None), device(version=TARGET, contact=T0 + 310, since=T0 + 9)]
)
def test_who_has_settled_or_never_tells_when_it_syncs_is_not_overdue(seen: Device) -> None:
    assert watch_of(seen, at=T0 + 9_000).whole.overdue == 0


def test_a_device_that_is_heard_of_again_without_the_target_is_counted() -> None:
    away = device(connectivity=OFFLINE)
    watch = observe(watch_of(away), [device(contact=T0 + 80)], T0 + 90)
    assert watch.returned == 1
    assert observe(watch_of(away), [device(version=TARGET, contact=T0 + 80)], T0 + 90).returned == 0


# Bounces.


@pytest.mark.parametrize(
    ("left", "cause", "why", "sentence"),
    [
        (
            now(device(), BAD, T0 + 500, since=T0 + 450),
            Cause.GUARD,
            "bounced, crash guard?",
            "name of d1 bounced to v2.0.0 7m after the switch, most likely by its crash guard",
        ),
        (
            now(device(), BAD, T0 + 40, since=T0 + 50),
            Cause.GUARD,
            "bounced, crash guard?",
            "name of d1 bounced to v2.0.0 30s after the switch, most likely by its crash guard",
        ),
        (
            now(device(), BAD, T0 + 500, wanted=BAD),
            Cause.TOLD,
            "bounced: told v2.0.0",
            "name of d1 bounced to v2.0.0 8m after the switch: the server wants it there, somebody else had that changed",
        ),
        (
            now(device(), BAD, T0 + 500, artifact_word="failed_healthcheck"),
            Cause.HEALTH,
            "bounced: failed healthcheck",
            "name of d1 bounced to v2.0.0 8m after the switch and says `failed_healthcheck`",
        ),
        (
            now(device(), BAD, T0 + 9_000),
            Cause.UNKNOWN,
            "bounced after 2h",
            "name of d1 bounced to v2.0.0 2h after the switch",
        ),
        (
            now(device(), TARGET, T0 + 500, since=T0 + 400),
            Cause.BETWEEN,
            "bounced and came back",
            "name of d1 bounced: it left and came back between two looks",
        ),
    ],
)
def test_a_bounce_is_told_with_its_likely_cause(left: Device, cause: Cause, why: str, sentence: str) -> None:
    watch = watch_of(device(version=TARGET, contact=T0 + 20, since=T0 + 20))
    at = left.last_contact_at or T0
    watch = observe(watch, [left], at)
    (bounce,) = watch.bounces
    assert (bounce.cause, bounce.why, bounce.sentence) == (cause, why, sentence)
    assert (watch.bounced, watch.bounce_of("d1"), watch.bounce_of("d2")) == (1, bounce, None)
    again = observe(watch, [left], at + 1)
    assert again.bounced == 1, "once each, not once a look"
    if again.stage_of("d1") is Stage.BOUNCED:
        assert stragglers(again, [left])[0].why == why
        forgotten = replace(again, bounces=())
        assert stragglers(forgotten, [left])[0].why == "left v1.0.0 again"


def test_a_device_that_was_there_from_the_start_has_no_switch_to_count_from() -> None:
    before = device(version=TARGET)
    left = now(before, BAD, T0 + 30)
    watch = observe(begin_watch(plan_of(before), T0), [left], T0 + 30)
    assert [(one.cause, one.after, one.why) for one in watch.bounces] == [(Cause.UNKNOWN, None, "bounced")]
    assert watch.bounces[0].sentence == "name of d1 bounced to v2.0.0"
    silent = replace(left, last_contact_at=None)
    assert bounce_of(silent, silent.installations[MODEL.id], TARGET, T0, T0 + 90).at == T0 + 90


# Stragglers that are looked at one by one.


def test_stragglers_are_put_into_words_when_they_are_asked_for() -> None:
    silenced = device("b", BAD, "g-eu", connectivity=OFFLINE, since=T0 - 5, contact=T0)
    seen = [
        device("a", connectivity=OFFLINE, contact=None),
        silenced,
        device("c", contact=T0 + 30, word="downloading", on_disk=()),
        device("d", "0.9.0", contact=T0 + 30, artifact_word="warming"),
        device("e", contact=T0 + 30, artifact_word="paused"),
    ]
    watch = watch_of(
        *seen, before=(*(device(d.id, BAD, *d.groups) for d in seen[:3]), device("d", "0.9.0"), device("e"))
    )
    found = stragglers(watch, seen)
    assert [one.device_id for one in found] == ["b", "a", "e", "c", "d"]
    assert [one.device_id for one in found[1:3]] == ["a", "e"]
    assert (len(found), found.silenced, found.ups) == (5, 1, 1)
    assert [one.is_silenced for one in found] == [True, False, False, False, False]
    assert (found.device_id(0), found.name(0), found.group(0), found.contact_at(0)) == (
        "b",
        "name of b",
        "g-eu",
        T0,
    )
    assert (found.contact_at(1), found.expected_at(1), found.expected_at(3)) == (
        None,
        None,
        found[3].expected_at,
    )
    assert found[3].expected_at is not None
    assert [one.id for one in devices_in(watch, seen, Stage.OFFLINE)] == ["a", "b"]
    assert devices_in(watch, seen, Stage.FAILED) == []


def test_of_a_large_scope_only_devices_that_were_read_are_named() -> None:
    devices = [device(f"d{number:05}", connectivity=OFFLINE) for number in range(10_001)]
    watch = watch_of(*devices)
    assert watch.ids is None
    assert [one.device_id for one in stragglers(watch, devices[5:7])] == ["d00005", "d00006"]
    assert devices_in(watch, devices[:2], Stage.OFFLINE) == devices[:2]


def test_a_device_that_left_the_group_says_so() -> None:
    watch = begin_watch(
        plan_of(device("a", BAD, "g-eu"), device("b", BAD, "g-eu"), scope=Scope("g-eu", "eu")), T0
    )
    seen = [device("a", BAD, "g-eu"), device("b", BAD, "g-lab")]
    found = stragglers(observe(watch, seen, T0 + 9), seen)[0]
    assert (found.device_id, found.why, found.is_moving) == ("b", "left the group that is rolled back", False)
