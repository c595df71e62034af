from __future__ import annotations

from dataclasses import replace

import pytest

from octomil_tui.domain.fleet import Lifecycle, ModelVersion, Rollout, RolloutState
from octomil_tui.domain.verdict import Level, candidates, judge
from tests.domain.fleets import (
    ACTIVE,
    BAD,
    MODEL,
    ROLLING_BACK,
    STAGING,
    TARGET,
    device,
    fleet,
    rollout,
    with_rollouts,
)
from tests.domain.night import ROLLOUTS, night


@pytest.mark.parametrize(
    ("version", "level", "word", "reason"),
    [
        ("2.1.0", Level.REFUSE, "NEVER DEPLOYED", "no rollout of it ever began and no device runs it"),
        ("2.0.0", Level.WARN, "rolling out", "rollout 4127 is bringing it"),
        ("1.1.0", Level.WARN, "WAS ROLLED BACK", "rollback 3990 left it"),
        ("1.0.0", Level.GOOD, "GOOD TARGET", "it was fully deployed and never rolled back from"),
        ("0.9.0", Level.WARN, "OLD", "the registry has deprecated it"),
        ("7.7.7", Level.REFUSE, "NO SUCH VERSION", "the registry does not know this version"),
    ],
)
def test_each_version_of_the_night_has_its_verdict(
    version: str, level: Level, word: str, reason: str
) -> None:
    verdict = judge(night(), MODEL.id, version)
    assert (verdict.level, verdict.word, verdict.reason) == (level, word, reason)


def test_the_candidates_of_the_night_are_counted_on_their_devices() -> None:
    found = {
        c.version.version: (c.on_devices, c.of_devices, c.rollout_id) for c in candidates(night(), MODEL.id)
    }
    assert found == {
        "2.1.0": (0, 124, None),
        "2.0.0": (50, 124, "4127"),
        "1.1.0": (0, 124, None),
        "1.0.0": (71, 124, None),
        "0.9.0": (3, 124, None),
    }


def test_devices_without_the_model_are_not_in_the_denominator() -> None:
    snapshot = fleet(device("a"), replace(device("b"), installations={}))
    assert {c.of_devices for c in candidates(snapshot, MODEL.id)} == {1}


def test_the_active_version_is_no_good_target_where_no_rollout_runs() -> None:
    verdict = judge(with_rollouts(night(), *ROLLOUTS[1:]), MODEL.id, "1.0.0")
    assert (verdict.level, verdict.word) == (Level.WARN, "ACTIVE NOW")


def test_a_version_that_a_rollback_is_bringing_is_said_to_be_in_rollback() -> None:
    verdict = judge(
        with_rollouts(night(), rollout("4131", TARGET, ROLLING_BACK), *ROLLOUTS), MODEL.id, TARGET
    )
    assert (verdict.level, verdict.word) == (Level.WARN, "in rollback")
    assert verdict.reason == "rollout 4131 is rolling back to it"


def test_a_rollout_of_another_group_does_not_speak_against_a_version_in_this_one() -> None:
    snapshot = with_rollouts(night(), rollout("1", TARGET, ACTIVE, group="canary"), *ROLLOUTS[:1])
    assert judge(snapshot, MODEL.id, TARGET).word == "rolling out"
    assert judge(snapshot, MODEL.id, TARGET, STAGING).word == "NEVER COMPLETED"


def _judged(lifecycle: Lifecycle, *rollouts: Rollout) -> tuple[Level, str]:
    snapshot = fleet(versions={MODEL.id: (ModelVersion("1.5.0", lifecycle),)}, rollouts={MODEL.id: rollouts})
    verdict = judge(snapshot, MODEL.id, "1.5.0")
    return verdict.level, verdict.word


@pytest.mark.parametrize(
    ("lifecycle", "level", "word"),
    [
        (Lifecycle.RETIRED, Level.WARN, "RETIRED"),
        (Lifecycle.DEPRECATED, Level.WARN, "OLD"),
        (Lifecycle.PREVIEW, Level.WARN, "PREVIEW"),
        (Lifecycle.ACTIVE, Level.GOOD, "GOOD TARGET"),
        (Lifecycle.OTHER, Level.GOOD, "GOOD TARGET"),
    ],
)
def test_the_registrys_word_warns_of_a_version(lifecycle: Lifecycle, level: Level, word: str) -> None:
    assert _judged(lifecycle, rollout("2", BAD), rollout("1", "1.5.0")) == (level, word)


def test_a_version_that_never_reached_its_whole_scope_is_no_good_target() -> None:
    was_cancelled = rollout("1", "1.5.0", RolloutState.CANCELLED)
    assert _judged(Lifecycle.ACTIVE, rollout("2", BAD), was_cancelled) == (Level.WARN, "NEVER COMPLETED")


def test_a_version_that_a_rollback_left_is_warned_of_though_it_was_complete() -> None:
    left = rollout("2", BAD, kind="rollback", from_version="1.5.0")
    assert _judged(Lifecycle.ACTIVE, left, rollout("1", "1.5.0")) == (Level.WARN, "WAS ROLLED BACK")


def test_without_a_known_history_a_version_is_warned_of_and_not_refused() -> None:
    verdict = judge(with_rollouts(night(), rollout("4127", BAD, ACTIVE)), MODEL.id, "2.1.0")
    assert (verdict.level, verdict.word) == (Level.WARN, "NOT KNOWN")


def test_a_version_that_a_rollout_came_from_was_deployed_though_its_own_is_no_longer_listed() -> None:
    assert judge(with_rollouts(night(), ROLLOUTS[3]), MODEL.id, "0.9.0").level is Level.WARN


def test_without_the_registrys_list_a_version_is_warned_of() -> None:
    verdict = judge(replace(night(), versions={}), MODEL.id, "1.0.0")
    assert (verdict.level, verdict.word) == (Level.WARN, "NOT KNOWN")
    assert verdict.reason == "the registry's list of versions could not be read"
