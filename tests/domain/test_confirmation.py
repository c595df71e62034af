"""What has to be typed, and what changed since it was shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from octomil_tui.domain.confirmation import confirmation
from octomil_tui.domain.difference import differences
from octomil_tui.domain.fleet import FleetSnapshot
from octomil_tui.domain.plan import make_plan
from octomil_tui.domain.scope import FLEET, Scope
from tests.domain.fleets import BAD, MODEL, STAGING, T0, TARGET, device, now, plan_of
from tests.domain.night import ROLLOUTS, night, night_plan


def test_the_fleet_is_confirmed_by_the_models_name_and_a_group_by_its_own() -> None:
    fleet, group = confirmation(night_plan()), confirmation(night_plan(STAGING))
    assert (fleet.word, fleet.what) == ("phi-4-mini", "model")
    assert (group.word, group.what) == ("staging", "group")


@pytest.mark.parametrize(
    ("typed", "accepted"),
    [
        ("staging", True),
        (" staging ", True),
        ("Staging", False),
        ("stagin", False),
        ("phi-4-mini", False),
        ("", False),
    ],
)
def test_only_the_whole_word_confirms(typed: str, accepted: bool) -> None:
    assert confirmation(night_plan(STAGING)).accepts(typed) is accepted


@pytest.mark.parametrize(
    ("typed", "accepted"),
    [
        ("1.1.0", True),
        ("v1.1.0", True),
        (" v1.1.0 ", True),
        ("1.0.0", False),
        ("", False),
        (None, False),
        ("v", False),
    ],
)
def test_a_version_with_a_warning_is_typed_too(typed: str | None, accepted: bool) -> None:
    asked = confirmation(night_plan(to_version="1.1.0"))
    assert asked.version == "1.1.0"
    assert asked.accepts("phi-4-mini", typed) is accepted


def test_a_good_target_is_not_typed() -> None:
    asked = confirmation(night_plan())
    assert asked.version is None
    assert asked.accepts("phi-4-mini")


def test_nothing_typed_never_confirms_though_a_name_is_empty() -> None:
    nameless = confirmation(plan_of(device("a", BAD, "g-staging"), scope=Scope("g-staging")))
    assert nameless.word == "g-staging"
    empty = confirmation(make_plan(night(), replace(MODEL, name=""), TARGET, FLEET))
    assert not empty.accepts("")
    assert not empty.accepts(" ")


def test_a_name_with_spaces_around_it_can_be_typed() -> None:
    asked = confirmation(make_plan(night(), replace(MODEL, name=" phi "), TARGET, FLEET))
    assert asked.accepts("phi")


def _told(snapshot: FleetSnapshot) -> tuple[str, ...]:
    return differences(night_plan(), make_plan(snapshot, MODEL, TARGET, FLEET))


def _with_share(share: float | None) -> FleetSnapshot:
    return replace(night(), rollouts={MODEL.id: (replace(ROLLOUTS[0], share=share), *ROLLOUTS[1:])})


def test_the_same_world_has_no_differences() -> None:
    assert _told(replace(night(), at=T0 + 60)) == ()


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.58, "rollout 4127 is active at 58%"), (None, "rollout 4127 is active")],
)
def test_a_rollout_that_moved_on_is_told(share: float | None, said: str) -> None:
    assert _told(_with_share(share)) == (f"{said} instead of rollout 4127 is active at 40%",)


def test_a_rollout_that_ended_changes_what_would_be_left() -> None:
    assert _told(replace(night(), rollouts={MODEL.id: ROLLOUTS[1:]})) == (
        "it would leave v1.0.0 instead of v2.0.0",
        "no rollout runs instead of rollout 4127 is active at 40%",
    )


@pytest.mark.parametrize(
    ("version", "said"),
    [
        (TARGET, ("49 devices change instead of 50", "72 devices are there already instead of 71")),
        ("0.9.0", ("49 devices change instead of 50", "4 devices move up instead of 3")),
        (None, ("49 devices change instead of 50", "1 devices are unknown instead of 0")),
    ],
)
def test_counts_that_changed_are_told(version: str | None, said: tuple[str, ...]) -> None:
    first, *rest = night().devices or ()
    assert _told(replace(night(), devices=(now(first, version, T0), *rest))) == said


def test_other_devices_behind_the_same_counts_are_told() -> None:
    first, *rest = night().devices or ()
    swapped = replace(night(), devices=(replace(first, id="other"), *rest))
    assert _told(swapped) == ("the devices behind the counts are others than before",)
