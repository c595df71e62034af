from __future__ import annotations

from dataclasses import replace

import pytest

from octomil_tui.domain.check import Check, Stop, Weight, checks, stops, went_silent
from octomil_tui.domain.fleet import Connectivity, Device, DeviceGroup, FleetSnapshot, Rollout
from octomil_tui.domain.plan import make_plan
from octomil_tui.domain.scope import FLEET, Scope
from tests.domain.fleets import (
    ACTIVE,
    BAD,
    MODEL,
    OFFLINE,
    ONLINE,
    ROLLING_BACK,
    STAGING,
    STALE,
    T0,
    TARGET,
    device,
    fleet,
    rollout,
    with_rollouts,
)
from tests.domain.night import ROLLOUTS, night


def _checks(snapshot: FleetSnapshot, to_version: str = TARGET, scope: Scope = FLEET) -> tuple[Check, ...]:
    return checks(make_plan(snapshot, MODEL, to_version, scope), snapshot)


def _lines(snapshot: FleetSnapshot, to_version: str = TARGET, scope: Scope = FLEET) -> list[tuple[str, str]]:
    return [(check.weight.value, check.text) for check in _checks(snapshot, to_version, scope)]


def test_the_checks_of_the_night_are_these() -> None:
    assert _lines(night()) == [
        ("ok", "v1.0.0: it was fully deployed and never rolled back from; 71 run it"),
        ("ok", "rollout 4127 (v2.0.0, 40%) will be cancelled by this"),
        ("ok", "nobody else is rolling this model back"),
        ("look", "3 devices on v0.9.0 will move UP: the server acts on the whole fleet"),
        ("look", "4 offline devices went silent within minutes of getting v2.0.0"),
    ]


def test_the_checks_of_staging_say_that_the_rollout_ends_for_every_group() -> None:
    assert _lines(night(), scope=STAGING) == [
        ("ok", "v1.0.0: it was fully deployed and never rolled back from"),
        ("ok", "staging has 12 devices; the reply must not exceed 12"),
        ("look", "rollout 4127 (v2.0.0, 40%) is the fleet's; this cancels it for all"),
        ("ok", "nobody else is rolling this model back"),
        ("ok", "no device is in staging and in another group"),
    ]


def test_a_version_never_deployed_stops_the_plan() -> None:
    (stop,) = stops(_checks(night(), "2.1.0"))
    assert stop.stop is Stop.TARGET
    assert stop.text == "v2.1.0 cannot be a target: no rollout of it ever began and no device runs it"


def test_a_version_with_a_warning_does_not_stop_the_plan_but_is_asked_for_again() -> None:
    found = _checks(night(), "1.1.0")
    assert found[0].text == "v1.1.0 WAS ROLLED BACK: rollback 3990 left it"
    assert found[0].weight is Weight.LOOK
    assert stops(found) == ()


def test_an_empty_group_stops_the_plan() -> None:
    (stop,) = stops(_checks(night(), scope=Scope("g-x", "edge\x1b")))
    assert stop.stop is Stop.EMPTY
    assert stop.text == "nothing to roll back: group edge\\x1b has no device with it"


def test_a_model_on_no_device_stops_the_plan() -> None:
    (stop,) = stops(_checks(replace(night(), devices=())))
    assert (stop.stop, stop.text) == (Stop.EMPTY, "nothing to roll back: no device has this model")


def test_devices_that_could_not_be_read_do_not_stop_the_plan_and_are_said_so() -> None:
    found = _lines(replace(night(), devices=None))
    assert ("look", "124 devices do not say which version they run") in found
    assert not stops(_checks(replace(night(), devices=None)))


def test_a_group_of_which_nobody_knows_the_size_gets_no_limit_for_the_reply() -> None:
    found = _lines(replace(night(), devices=None), scope=STAGING)
    assert ("look", "nobody can say how many devices staging has") in found


def test_one_device_is_told_in_the_singular() -> None:
    snapshot = fleet(device("a", None, "g-staging", "g-eu"), device("b", "0.9.0", "g-staging"))
    texts = [text for _, text in _lines(snapshot, scope=STAGING)]
    assert "1 device does not say which version it runs" in texts
    assert "1 device on v0.9.0 will move UP: the server acts on the whole group" in texts
    assert "1 device of staging is in other groups too" in texts


def test_two_devices_are_told_in_the_plural() -> None:
    snapshot = fleet(*(device(f"d{n}", None, "g-staging", "g-eu") for n in range(2)))
    texts = [text for _, text in _lines(snapshot, scope=STAGING)]
    assert "2 devices do not say which version they run" in texts
    assert "2 devices of staging are in other groups too" in texts


def test_without_a_running_rollout_that_is_said() -> None:
    assert ("ok", "no rollout of this model is running") in _lines(with_rollouts(night(), *ROLLOUTS[1:]))


def test_a_rollout_of_the_group_itself_is_cancelled_for_nobody_else() -> None:
    snapshot = with_rollouts(night(), rollout("5", BAD, ACTIVE, group="staging", share=0.29))
    assert ("ok", "rollout 5 (v2.0.0, 29%) will be cancelled by this") in _lines(snapshot, scope=STAGING)


def test_a_rollout_without_a_percent_shows_none() -> None:
    snapshot = with_rollouts(night(), rollout("5\x1b", BAD, ACTIVE))
    assert ("ok", "rollout 5\\x1b (v2.0.0) will be cancelled by this") in _lines(snapshot)


@pytest.mark.parametrize(
    ("group", "scope", "stopped"),
    [
        (None, FLEET, True),
        (None, STAGING, True),
        ("staging", STAGING, True),
        ("g-staging", STAGING, True),
        ("staging", FLEET, False),
    ],
)
def test_a_rollback_to_the_same_version_that_covers_the_scope_stops_the_plan(
    group: str | None, scope: Scope, stopped: bool
) -> None:
    other = rollout("4131", TARGET, ROLLING_BACK, group=group, by="dev")
    found = _checks(with_rollouts(night(), other, *ROLLOUTS), TARGET, scope)
    assert [stop.stop for stop in stops(found)] == ([Stop.BUSY] if stopped else [])
    said = "running already: watch it instead" if stopped else "running; this takes its place"
    assert f"rollback 4131 to v1.0.0 by dev is {said}" in [check.text for check in found]
    assert "nobody else is rolling this model back" not in [check.text for check in found]


def test_a_rollback_to_another_version_is_told_and_gives_way() -> None:
    other = rollout("4131", "0.9.0", ACTIVE, kind="rollback")
    found = _lines(with_rollouts(night(), other, *ROLLOUTS))
    assert ("look", "rollback 4131 to v0.9.0 is running; this takes its place") in found


def _silent(connectivity: Connectivity = OFFLINE, **fields: float | None) -> Device:
    contact, since = fields.get("contact", T0), fields.get("since", T0 - 600)
    return device("a", BAD, connectivity=connectivity, contact=contact, since=since)


def test_a_device_fell_silent_up_to_ten_minutes_after_it_got_the_version() -> None:
    assert went_silent(_silent(), MODEL.id, BAD)
    assert not went_silent(_silent(since=T0 - 600.1), MODEL.id, BAD)


@pytest.mark.parametrize("state", [ONLINE, STALE, Connectivity.REVOKED, Connectivity.UNKNOWN])
def test_only_an_offline_device_fell_silent(state: Connectivity) -> None:
    assert not went_silent(_silent(state), MODEL.id, BAD)


def test_nobody_says_that_a_device_fell_silent_without_knowing() -> None:
    assert not went_silent(_silent(since=None), MODEL.id, BAD)
    assert not went_silent(_silent(contact=None), MODEL.id, BAD)
    assert not went_silent(_silent(), MODEL.id, TARGET)
    assert not went_silent(_silent(), MODEL.id, None)
    assert not went_silent(_silent(), "other", BAD)


def test_silent_devices_outside_the_scope_are_not_counted() -> None:
    running: tuple[Rollout, ...] = (rollout("1", BAD, ACTIVE),)
    snapshot = fleet(_silent(), device("b", BAD, "g-staging"), rollouts={MODEL.id: running})
    silent = ("look", "1 offline device went silent within minutes of getting v2.0.0")
    assert silent in _lines(snapshot)
    assert silent not in _lines(snapshot, scope=STAGING)


def test_a_hostile_group_name_is_shown_cleaned_everywhere() -> None:
    group = DeviceGroup("g-staging", "st\x1b[2J")
    snapshot = replace(fleet(device("a", BAD, "g-staging")), groups=(group,))
    texts = [text for _, text in _lines(snapshot, scope=Scope(group.id, group.name))]
    assert sum("st\\x1b[2J" in text for text in texts) == 2
    assert not any("\x1b" in text for text in texts)


def test_a_scope_that_is_all_offline_is_warned_of() -> None:
    away = device("a", BAD, connectivity=OFFLINE), device("b", "0.9.0", connectivity=OFFLINE)
    snapshot = fleet(*away, device("c", TARGET))
    found = checks(make_plan(snapshot, MODEL, TARGET, FLEET), snapshot)
    assert Check(Weight.LOOK, "0 online of 2 devices that change: they revert at their next sync") in found
    one = fleet(away[0])
    found = checks(make_plan(one, MODEL, TARGET, FLEET), one)
    assert Check(Weight.LOOK, "0 online of 1 device that change: it reverts at its next sync") in found


@pytest.mark.parametrize(("missing", "said"), [(1, "1 device row was"), (3, "3 device rows were")])
def test_rows_that_nobody_could_read_are_said(missing: int, said: str) -> None:
    snapshot = replace(fleet(device("a", BAD)), devices_unreadable=missing)
    found = checks(make_plan(snapshot, MODEL, TARGET, FLEET), snapshot)
    assert any(c.weight is Weight.LOOK and c.text.startswith(f"{said} unreadable") for c in found)
