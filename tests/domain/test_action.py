"""What an action on a rollout or a version would do, when it cannot be done, and whether the records show it."""

from dataclasses import replace

import pytest

from octomil_tui.domain.action import ON_ROLLOUTS, Action, ActionKind, is_done, percent
from octomil_tui.domain.action_outcome import Outcome, Result
from octomil_tui.domain.action_preview import NOT_ROLLBACK, next_share, of_rollout, of_version, told, why_not
from octomil_tui.domain.fleet import (
    Device,
    DeviceGroup,
    FleetSnapshot,
    Hold,
    Installation,
    Model,
    ModelVersion,
    Rollout,
    RolloutState,
)
from octomil_tui.domain.verdict import Level, judge

M = Model("m", "phi-4-mini", device_count=124)
ROLLOUT = Rollout(
    "4127",
    "2.0.0",
    RolloutState.ACTIVE,
    "active",
    "m",
    share=0.4,
    target_share=1.0,
    step=0.2,
    from_version="1.0.0",
)
PAUSED = replace(ROLLOUT, state=RolloutState.PAUSED, word="paused")
BACK = replace(ROLLOUT, state=RolloutState.ROLLING_BACK, word="rolling_back", kind="rollback", share=1.0)
ENDED = replace(ROLLOUT, state=RolloutState.COMPLETED, word="completed", share=1.0)
EU, US = DeviceGroup("g1", "eu\x1b"), DeviceGroup("g2", "us")
HELD = ModelVersion("2.0.0", id="v2", hold=Hold(1.0, "ana", "INC-1"))


def device(key: str, version: str, *groups: str) -> Device:
    return Device(key, key, groups=groups, installations={"m": Installation(version)})


FLEET = FleetSnapshot(
    models=(M,),
    groups=(EU, US),
    devices=(
        device("a", "2.0.0", "g1"),
        device("b", "1.0.0", "g1"),
        device("c", "1.0.0", "g2"),
        device("d", "1.0.0"),
        Device("e", "e"),
    ),
)


def test_shares_are_shown_and_counted_as_the_service_counts() -> None:
    assert [percent(share) for share in (0.4, 0.025, 1.0, 0.0, None)] == ["40%", "2.5%", "100%", "0%", "?"]
    assert [told(124, share) for share in (0.1, 0.4, 0.6, 1.0)] == [12, 50, 74, 124]


def test_a_step_goes_to_the_target_and_no_further() -> None:
    assert next_share(ROLLOUT) == pytest.approx(0.6)
    assert next_share(replace(ROLLOUT, target_share=0.5)) == 0.5
    assert next_share(replace(ROLLOUT, target_share=None, share=0.9)) == 1.0
    assert next_share(replace(ROLLOUT, step=None)) is None


@pytest.mark.parametrize(
    ("rollout", "able"),
    [
        (ROLLOUT, "pause advance set cancel"),
        (PAUSED, "resume set cancel"),
        (replace(ROLLOUT, state=RolloutState.PENDING, word="pending"), "set cancel"),
        (BACK, "cancel"),
        (ENDED, ""),
        (replace(ROLLOUT, state=RolloutState.OTHER, word=""), ""),
    ],
)
def test_what_can_be_done_in_which_state(rollout: Rollout, able: str) -> None:
    assert " ".join(kind for kind in ON_ROLLOUTS if not why_not(kind, rollout)) == able


def test_the_refusal_names_the_state() -> None:
    assert why_not(ActionKind.PAUSE, BACK) == "rollback 4127 is rolling_back"
    assert of_rollout(ActionKind.PAUSE, FLEET, M, PAUSED).refusal == "rollout 4127 is paused"
    assert why_not(ActionKind.HOLD, ENDED) == ""


def test_a_pause_and_its_groups() -> None:
    shown = of_rollout(ActionKind.PAUSE, FLEET, M, ROLLOUT)
    assert shown.effect == (
        "It stays at 40%: no further device is told.",
        "Devices that run v2.0.0 keep it: 1 do now.",
    )
    assert [(part.name, part.devices, part.on_version) for part in shown.groups] == [
        ("eu\\x1b", 2, 1),
        ("us", 1, 0),
        ("no group", 1, 0),
    ]
    assert (shown.total, shown.word, shown.what) == (4, "phi-4-mini", "model")
    assert shown.accepts(" phi-4-mini ")
    assert not shown.accepts("phi")
    assert not replace(shown, model=Model("", "")).accepts("")


def test_a_rollout_of_one_group_is_confirmed_with_the_groups_name() -> None:
    shown = of_rollout(ActionKind.PAUSE, FLEET, M, replace(ROLLOUT, group="us"))
    assert (shown.total, shown.word, shown.what) == (1, "us", "group")
    assert shown.action.title == "pause rollout 4127 of us to v2.0.0"
    unknown = of_rollout(ActionKind.PAUSE, FLEET, M, replace(ROLLOUT, group="nobody"))
    assert (unknown.total, unknown.groups) == (None, ())


def test_devices_that_are_not_known_whole_are_not_counted() -> None:
    part = replace(FLEET, device_total=20_000)
    shown = of_rollout(ActionKind.ADVANCE, part, M, ROLLOUT)
    assert (shown.groups, shown.total) == ((), 124)
    assert shown.effect[0] == (
        "From 50 to 74 of 124 devices: 24 more are told to run v2.0.0 at their next sync."
    )
    assert of_rollout(ActionKind.PAUSE, part, M, ROLLOUT).effect[1] == "Devices that run v2.0.0 keep it."


def test_a_step_that_the_service_does_not_tell() -> None:
    shown = of_rollout(ActionKind.ADVANCE, FLEET, M, replace(ROLLOUT, step=None))
    assert shown.effect[0].startswith("It takes its next step.")
    assert not shown.refusal
    unsized = of_rollout(ActionKind.ADVANCE, FleetSnapshot(), Model("m", "m"), ROLLOUT)
    assert unsized.effect == ("It goes from 40% to 60% of its devices.",)


def test_advance_at_the_target_is_refused() -> None:
    shown = of_rollout(ActionKind.ADVANCE, FLEET, M, replace(ROLLOUT, share=0.5, target_share=0.5))
    assert shown.refusal == "it is at its target of 50% already"


def test_setting_down_takes_devices_back_and_says_so() -> None:
    shown = of_rollout(ActionKind.SET, FleetSnapshot(), M, ROLLOUT, 0.1)
    assert shown.action.title == "set rollout 4127 to v2.0.0 from 40% to 10%"
    assert shown.effect[0] == (
        "From 50 to 12 of 124 devices: 38 devices fall out of it and get v1.0.0 back at their next sync."
    )
    nobody = of_rollout(ActionKind.SET, FleetSnapshot(), M, replace(ROLLOUT, from_version=None), 0.1)
    assert "get what they ran before back" in nobody.effect[0]


@pytest.mark.parametrize(
    ("share", "why"),
    [
        (0.4, "it is at 40% already"),
        (1.2, "the percentage has to be from 0 to 100"),
        (None, "the percentage has to be from 0 to 100"),
        (0.41, ""),
    ],
)
def test_a_percentage_that_cannot_be_set(share: float | None, why: str) -> None:
    assert of_rollout(ActionKind.SET, FLEET, M, ROLLOUT, share).refusal == why


def test_cancel_is_not_rollback() -> None:
    assert NOT_ROLLBACK in of_rollout(ActionKind.CANCEL, FLEET, M, ROLLOUT).effect[0]
    assert "stays split" in of_rollout(ActionKind.CANCEL, FLEET, M, BACK).effect[0]
    assert of_rollout(ActionKind.CANCEL, FLEET, M, BACK).action.subject == "rollback 4127 to v2.0.0"


def test_resume() -> None:
    assert of_rollout(ActionKind.RESUME, FLEET, M, PAUSED).effect[0] == "It goes on from 40% towards 100%."
    bare = replace(PAUSED, target_share=None)
    assert of_rollout(ActionKind.RESUME, FLEET, M, bare).effect[0] == "It goes on from 40%."


def test_the_premise_is_what_the_operator_saw() -> None:
    shown = of_rollout(ActionKind.PAUSE, FLEET, M, ROLLOUT)
    assert shown.premise == of_rollout(ActionKind.PAUSE, FleetSnapshot(), M, ROLLOUT).premise
    assert shown.premise != of_rollout(ActionKind.PAUSE, FLEET, M, replace(ROLLOUT, share=0.6)).premise
    assert shown.premise != of_rollout(ActionKind.PAUSE, FLEET, M, PAUSED).premise


def test_holding_and_releasing() -> None:
    free = ModelVersion("2.0.0", id="v2")
    hold = of_version(ActionKind.HOLD, FLEET, M, free)
    assert (hold.refusal, hold.action.title, hold.word) == ("", "hold v2.0.0", "phi-4-mini")
    assert of_version(ActionKind.HOLD, FLEET, M, HELD).refusal == "it is held by ana: INC-1"
    assert of_version(ActionKind.RELEASE, FLEET, M, free).refusal == "it is not held"
    assert not of_version(ActionKind.RELEASE, FLEET, M, HELD).refusal
    nameless = of_version(ActionKind.HOLD, FLEET, M, ModelVersion("2.0.0"))
    assert nameless.refusal.startswith("this service names no id for it")
    running = replace(FLEET, rollouts={"m": (ROLLOUT,)})
    assert "rollout 4127 is bringing it" in of_version(ActionKind.HOLD, running, M, free).refusal
    assert hold.premise != of_version(ActionKind.HOLD, running, M, free).premise


def test_a_held_version_is_no_target() -> None:
    snapshot = replace(FLEET, versions={"m": (HELD, ModelVersion("1.0.0"))})
    found = judge(snapshot, "m", "2.0.0")
    assert (found.level, found.word) == (Level.REFUSE, "HELD")
    assert Hold().words == "it is held"


@pytest.mark.parametrize(
    ("kind", "share", "found", "done"),
    [
        (ActionKind.PAUSE, None, PAUSED, True),
        (ActionKind.PAUSE, None, ROLLOUT, False),
        (ActionKind.RESUME, None, ROLLOUT, True),
        (ActionKind.RESUME, None, ENDED, True),
        (ActionKind.RESUME, None, PAUSED, False),
        (ActionKind.ADVANCE, 0.6, replace(ROLLOUT, share=0.6), True),
        (ActionKind.ADVANCE, 0.6, ROLLOUT, False),
        (ActionKind.ADVANCE, None, replace(ROLLOUT, share=0.5), True),
        (ActionKind.ADVANCE, None, ROLLOUT, False),
        (ActionKind.ADVANCE, None, replace(ROLLOUT, share=None), False),
        (ActionKind.SET, 0.1, replace(ROLLOUT, share=0.1), True),
        (ActionKind.CANCEL, None, replace(ROLLOUT, state=RolloutState.CANCELLED), True),
        (ActionKind.CANCEL, None, ROLLOUT, False),
        (ActionKind.CANCEL, None, None, True),
        (ActionKind.PAUSE, None, None, False),
    ],
)
def test_what_the_records_show(
    kind: ActionKind, share: float | None, found: Rollout | None, done: bool
) -> None:
    action = Action(kind, "2.0.0", ROLLOUT, share)
    assert is_done(action, [found] if found is not None else [], ()) is done


def test_what_the_registry_shows_of_a_hold() -> None:
    free = ModelVersion("2.0.0")
    assert is_done(Action(ActionKind.HOLD, "2.0.0"), (), [HELD])
    assert not is_done(Action(ActionKind.HOLD, "2.0.0"), (), [free])
    assert is_done(Action(ActionKind.RELEASE, "2.0.0"), (), [free])
    assert not is_done(Action(ActionKind.RELEASE, "2.0.0"), (), [])
    assert not is_done(Action(ActionKind.ADVANCE, "2.0.0"), [], ())


def test_words_of_what_was_done() -> None:
    action = Action(ActionKind.SET, "2.0.0", ROLLOUT, 0.2)
    assert action.done_words == "rollout 4127 to v2.0.0 is set to 20%"
    assert Action(ActionKind.HOLD, "2.0.0").done_words == "v2.0.0 is held"
    assert Outcome(Result.REJECTED, "", 404).has_no_route
    assert not Outcome(Result.DONE, "", 404).has_no_route
