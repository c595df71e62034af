"""What each list can be asked, and what of it the service can answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from octomil_tui.domain.convergence import Stage, Track, begin_watch, observe
from octomil_tui.domain.filter import FilterError, parse
from octomil_tui.domain.filter_keys import About, device_keys, narrowed, server_query
from octomil_tui.domain.filter_subject import (
    GROUP_KEYS,
    LISTED_MODEL_KEYS,
    MODEL_KEYS,
    ROLLOUT_KEYS,
    STRAGGLER_KEYS,
    Subject,
    group_subject,
    listed_group_subject,
    listed_model_subject,
    model_subject,
    rollout_subject,
    straggler_subject,
)
from octomil_tui.domain.filter_term import Keys
from octomil_tui.domain.fleet import Device, DeviceGroup, Installation, Model, RolloutState
from octomil_tui.domain.overview import GroupFacts, ModelFacts
from octomil_tui.domain.radius import PlanClass
from octomil_tui.domain.reason import reason
from octomil_tui.domain.straggler import stragglers
from tests.domain.fleets import (
    BAD,
    MODEL,
    OFFLINE,
    REVOKED,
    STALE,
    T0,
    TARGET,
    device,
    now,
    plan_of,
    rollout,
)

PHI = {MODEL.id: MODEL.name}
AT = T0 + 3_600


def passes(text: str, one: Device, **about: Any) -> bool:
    asked = About(**{"models": PHI, "now": AT, **about})
    found = parse(text, device_keys(asked))
    return found.test(device_keys(narrowed(asked, found)))(one)


@pytest.mark.parametrize(
    "text",
    [
        "ver:v2*",
        "ver:2.0.0",
        "ver:V2.0.0",
        "ver:!v1*",
        "wants:v1.0.0",
        "state:offline",
        "group:g-eu",
        "group:eu*",
        "group:!us*,lab",
        "platform:linux",
        "platform:arm64",
        'platform:"linux arm64"',
        "seen:>59m",
        "seen:<2h",
        "name:0117",
        "kiosk",
        "d1",
        "why:since",
        "ver:v2* state:!online group:eu* seen:>30m kiosk",
    ],
)
def test_a_device_passes(text: str) -> None:
    one = replace(
        device("d1", BAD, "g-eu", connectivity=OFFLINE, wanted=TARGET, since=T0 - 60),
        name="kiosk-eu-0117",
        architecture="arm64",
    )
    assert passes(text, one, groups={"g-eu": "eu-kiosks"})


@pytest.mark.parametrize(
    "text",
    ["ver:v1*", "wants:v2*", "state:online,stale", "group:us*", "platform:android", "seen:?", "name:d2"],
)
def test_a_device_does_not_pass(text: str) -> None:
    assert not passes(text, device("d1", BAD, "g-eu", connectivity=OFFLINE, wanted=TARGET))


def test_what_nobody_knows_is_written_as_it_is_shown() -> None:
    silent = device(version=None, contact=None)
    assert passes("ver:? wants:? seen:?", silent)
    assert passes("seen:?", device(), now=None)
    without = replace(silent, installations={})
    assert not passes("ver:?", without)
    assert not passes("why:silent", device())
    assert passes("ver:!v2* why:without", without)


def track(stage: Stage) -> Track:
    return Track(PlanClass.CHANGE, "g", BAD, stage=stage)


class At:
    """A watch that has the device d1 at one stage."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def track(self, device_id: str) -> Track | None:
        return track(self._stage) if device_id == "d1" else None

    def stage_of(self, device_id: str) -> Stage | None:
        return self._stage if device_id == "d1" else None


def test_the_stage_of_a_rollback_is_a_state_only_where_one_is_watched() -> None:
    one = device("d1", TARGET)
    assert passes("state:verified", one, followed=At(Stage.SETTLED))
    assert passes("state:settled state:online", one, followed=At(Stage.SETTLED))
    assert not passes("state:settled", one, followed=At(Stage.VERIFIED))
    assert passes("state:on-way", one, followed=At(Stage.ON_THE_WAY))
    assert passes("state:on_the_way", one, followed=At(Stage.ON_THE_WAY))
    assert not passes("state:waiting", device("d2"), followed=At(Stage.WAITING))
    assert passes("why:waits", one, followed=At(Stage.WAITING))
    with pytest.raises(FilterError, match='state: there is no "verified"'):
        passes("state:verified", one)


def test_of_several_models_each_is_asked_unless_one_is_named() -> None:
    both = replace(
        device(version="2.0.0"),
        installations={MODEL.id: Installation("2.0.0"), "m-2": Installation("1.4.2")},
    )
    models = {**PHI, "m-2": "gemma3-1b", "m-3": "other"}
    asked: dict[str, Any] = {"models": models, "is_of_one": False}
    assert passes("ver:v2*", both, **asked)
    assert passes("ver:v1.4*", both, **asked)
    assert not passes("ver:!v2*", both, **asked)
    assert passes("model:gemma* ver:!v2*", both, **asked)
    assert not passes("model:phi* ver:v1.4*", both, **asked)
    assert passes("model:m-1,m-2", both, **asked)
    assert not passes("model:other", both, **asked)
    assert passes("model:!other", both, **asked)


@pytest.mark.parametrize(
    ("text", "parameters", "rest"),
    [
        ("", {}, ""),
        ("kiosk", {"search": "kiosk"}, "kiosk"),
        ("kiosk 0117", {"search": "kiosk"}, "kiosk 0117"),
        ("name:kiosk", {"search": "kiosk"}, "name:kiosk"),
        ("state:offline platform:android", {"status": "offline", "platform": "android"}, ""),
        ("state:offline state:stale", {"status": "offline"}, "state:stale"),
        ("state:unknown", {}, "state:unknown"),
        ("state:verified", {}, "state:verified"),
        ("state:off*", {}, "state:off*"),
        ("state:!online", {}, "state:!online"),
        ("platform:android,ios", {}, "platform:android,ios"),
        ('platform:"linux arm64"', {}, 'platform:"linux arm64"'),
        ("ver:v2* seen:>1h why:silent group:eu", {}, "ver:v2* seen:>1h why:silent group:eu"),
    ],
)
def test_what_the_service_can_look_for(text: str, parameters: dict[str, str], rest: str) -> None:
    keys = device_keys(About(followed=At(Stage.WAITING)))
    query = server_query(parse(text, keys))
    assert query.parameters == parameters
    assert query.rest == parse(rest, keys)


def test_a_platform_is_asked_for_as_the_service_writes_it_and_another_word_stays_here() -> None:
    keys = device_keys(About())
    asked = parse("platform:android", keys)
    assert server_query(asked, {"Android", "ios"}).parameters == {"platform": "Android"}
    assert server_query(asked, {"Android", "ios"}).served == {"platform": asked}
    for text in ("platform:arm64", "platform:and*"):
        stays = parse(text, keys)
        assert server_query(stays, {"android"}) == ({}, stays, {})


def asks(keys: Keys[Subject], subject: Subject, *texts: str) -> list[bool]:
    return [parse(text, keys).test(keys)(subject) for text in texts]


def facts(**fields: Any) -> ModelFacts:
    usual = {
        "model": MODEL,
        "serving": "1.0.0",
        "running": None,
        "subject": None,
        "on": 0,
        "of": 0,
        "by_version": {},
        "silent": 0,
        "changed_at": None,
    }
    return ModelFacts(**{**usual, **fields})


def test_models() -> None:
    running = rollout("4127", BAD, RolloutState.ACTIVE)
    moving = model_subject(facts(running=running, silent=4, of=124))
    assert (
        asks(MODEL_KEYS, moving, "phi", "name:mini", "ver:v1*", "ver:v2*", "state:in-progress") == [True] * 5
    )
    assert asks(MODEL_KEYS, moving, "state:silent", "state:whole", "state:idle") == [True, False, False]
    assert asks(MODEL_KEYS, model_subject(facts(on=9, of=9)), "state:whole", "state:idle") == [True, True]
    split = model_subject(facts(on=1, of=9))
    assert asks(MODEL_KEYS, split, "state:whole", "state:elsewhere") == [False, True]
    assert asks(MODEL_KEYS, model_subject(facts(serving=None)), "ver:*", "state:whole") == [False, False]
    listed = listed_model_subject(MODEL, "1.0.0", running)
    assert asks(LISTED_MODEL_KEYS, listed, "state:active", "ver:v2.0.0", "m-1", "state:idle") == [
        True,
        True,
        True,
        False,
    ]
    assert asks(LISTED_MODEL_KEYS, listed_model_subject(Model("a", "b"), None, None), "state:idle") == [True]


def test_rollouts() -> None:
    one = rollout("4131", TARGET, RolloutState.PENDING, kind="rollback", by="ana", group="g-eu")
    subject = rollout_subject(one, MODEL.name, {"g-eu": "eu-kiosks"})
    texts = ("4131", "phi", "name:phi", "ver:v1*", "state:not-started", "kind:rollback", "group:eu*", "by:an")
    assert asks(ROLLOUT_KEYS, subject, *texts) == [True] * 8
    whole = rollout_subject(rollout("1", BAD, RolloutState.ROLLING_BACK), MODEL.name, {})
    assert asks(ROLLOUT_KEYS, whole, "group:fleet", "state:rolling-back", "kind:?", "by:ana") == [
        True,
        True,
        True,
        False,
    ]


def test_groups() -> None:
    one = GroupFacts("g-eu", "eu-kiosks", 40, {OFFLINE: 4, STALE: 0}, {BAD: 32, TARGET: 8}, 4)
    texts = ("eu", "g-eu", "name:kiosk", "ver:v2*", "state:offline", "state:stale", "state:!offline")
    assert asks(GROUP_KEYS, group_subject(one), *texts) == [True, True, True, True, True, False, False]


def test_groups_of_a_list_that_is_about_no_model() -> None:
    members = frozenset({"d1", "d2"})
    devices = [device("d1", BAD, connectivity=OFFLINE), device("d2", None), device("d3", TARGET)]
    subject = listed_group_subject(DeviceGroup("g-eu", "eu-kiosks", members=members), devices)
    texts = ("eu", "ver:v2*", "ver:v1*", "state:offline", "state:online", "state:stale")
    assert asks(GROUP_KEYS, subject, *texts) == [True, True, False, True, True, False]
    untold = listed_group_subject(DeviceGroup("g-eu", "eu-kiosks"), devices)
    assert asks(GROUP_KEYS, untold, "g-eu", "state:!online", "ver:*") == [True, True, False]


def test_stragglers() -> None:
    told = device("d1", BAD, "g-eu", contact=T0 + 9, word="downloading")
    watch = observe(begin_watch(plan_of(device("d1", BAD, "g-eu")), T0), [told], T0 + 60)
    (late,) = stragglers(watch, [told])
    subject = straggler_subject(late, {"g-eu": "eu-kiosks"}, AT)
    texts = (
        "name",
        "ver:v2*",
        "state:on-way",
        "group:eu*",
        "platform:linux",
        "seen:>59m",
        "name:d1",
        "why:down",
    )
    assert asks(STRAGGLER_KEYS, subject, *texts) == [True] * 8
    unknown = straggler_subject(replace(late, last_contact_at=None, version=None), {}, AT)
    assert asks(STRAGGLER_KEYS, unknown, "seen:?", "ver:?", "state:settled") == [True, True, False]
    assert straggler_subject(late, {}, None)["seen"] is None


@pytest.mark.parametrize(
    ("one", "stage", "words"),
    [
        (device(), None, ""),
        (device(wanted=TARGET), None, "wants v1.0.0"),
        (device(wanted=BAD), None, ""),
        (device(connectivity=REVOKED), None, "revoked"),
        (device(connectivity=OFFLINE), None, "offline"),
        (device(connectivity=OFFLINE, since=T0 - 60), None, "silent since v2.0.0"),
        (device(connectivity=STALE, contact=AT - 950), None, "3 heartbeats missed"),
        (device(word="downloading"), Stage.ON_THE_WAY, "downloading"),
        (device(), Stage.SETTLED, "device says so"),
        (device(), Stage.VERIFIED, "device says so"),
        (device(artifact_word="failed_retryable"), Stage.FAILED, "failed retryable"),
        (device(), Stage.BOUNCED, "left the target again"),
        (device(), Stage.WAITING, "waits for its sync"),
        (device(), Stage.UNKNOWN, "does not say what it runs"),
        (device(), Stage.GONE, ""),
    ],
)
def test_the_reason_is_a_few_words(one: Device, stage: Stage | None, words: str) -> None:
    assert reason(one, MODEL.id, track(stage) if stage is not None else None, AT) == words


def test_a_device_that_was_there_already_is_not_part_of_it() -> None:
    there = replace(track(Stage.SETTLED), plan_class=PlanClass.NO_OP)
    assert reason(now(device(), TARGET, T0), MODEL.id, there, AT) == "not part of this"
    assert reason(device(), MODEL.id, replace(there, bounces=1), AT) == "device says so"
    assert reason(device(), "m-9", None, AT) == "without this model"
