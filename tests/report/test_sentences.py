from __future__ import annotations

from dataclasses import replace

from octomil_tui.domain.convergence import Stage, Track, Watch
from octomil_tui.domain.convergence import watch_of as tracked
from octomil_tui.domain.order import RollbackOrder
from octomil_tui.domain.radius import PlanClass
from octomil_tui.domain.rollback import Phase, Rollback
from octomil_tui.domain.wording import trouble
from octomil_tui.report.sentences import (
    done_sentence,
    missing,
    plan_sentence,
    progress_sentence,
    scope_sentence,
    unknown_sentence,
    verified_sentence,
    wider_sentence,
)
from tests.domain.fleets import BAD, STAGING, T0, TARGET, begun, device, plan_of

AWAY = (Stage.OFFLINE, Stage.REVOKED, Stage.GONE)


def watch_of(*rows: tuple[PlanClass, Stage, int]) -> Watch:
    """Return a watch with that many devices of each class and stage."""
    tracks = {
        f"{plan_class}-{stage}-{number}": Track(
            plan_class, "g", BAD, stage=stage, is_reachable=stage not in AWAY, was_looked_at=True
        )
        for plan_class, stage, count in rows
        for number in range(count)
    }
    watch = tracked("m-1", TARGET, T0, tracks.items())
    return replace(watch, at=T0 + 60, has_said=True)


def rollback_of(phase: Phase, *rows: tuple[PlanClass, Stage, int], **fields: object) -> Rollback:
    rollback = Rollback(
        "m-1", RollbackOrder(TARGET), phase=phase, watch=watch_of(*rows) if rows else None, rollout_id="4131"
    )
    return replace(rollback, **fields)  # type: ignore[arg-type] # a builder for tests


CHANGE, UP, NO_OP = PlanClass.CHANGE, PlanClass.UP, PlanClass.NO_OP
MIDDLE = (
    (CHANGE, Stage.VERIFIED, 25),
    (CHANGE, Stage.SETTLED, 6),
    (CHANGE, Stage.ON_THE_WAY, 12),
    (CHANGE, Stage.STALE, 3),
    (CHANGE, Stage.OFFLINE, 4),
)


class TestPlan:
    def test_the_four_classes_are_counted(self) -> None:
        plan = plan_of(device("a"), device("b", TARGET), device("c", "0.9.0"), device("d", None))
        assert plan_sentence(plan) == "1 change, 1 already there, 1 move UP, 1 unknown"

    def test_the_fleet_is_named_with_its_size(self) -> None:
        assert (
            scope_sentence(plan_of(device("a"))) == "phi-4-mini v2.0.0 -> v1.0.0 on the whole fleet, 1 device"
        )

    def test_a_group_is_named_with_its_part_of_the_fleet(self) -> None:
        plan = plan_of(device("a", BAD, "g-staging"), device("b", BAD, "g-eu"), scope=STAGING)
        assert scope_sentence(plan) == "phi-4-mini v2.0.0 -> v1.0.0 on group staging only, 1 of 2 devices"


class TestProgress:
    def test_the_middle_of_the_night(self) -> None:
        expected = "31 of 50 verified. 12 on the way. 3 stale. 4 offline."
        assert progress_sentence(watch_of(*MIDDLE)) == expected

    def test_the_first_class_is_told_at_zero(self) -> None:
        watch = watch_of((CHANGE, Stage.WAITING, 16))
        assert progress_sentence(watch) == "0 of 16 verified. 16 waiting for their sync."

    def test_one_device_waits_for_its_own_sync(self) -> None:
        watch = watch_of((CHANGE, Stage.WAITING, 1))
        assert progress_sentence(watch) == "0 of 1 verified. 1 waiting for its sync."

    def test_every_class_is_named_and_adds_up(self) -> None:
        others = [stage for stage in Stage if stage not in (Stage.VERIFIED, Stage.SETTLED)]
        sentence = progress_sentence(watch_of(*((CHANGE, stage, 2) for stage in others)))
        assert sentence.startswith("0 of 22 verified. ")
        assert sum(int(part.split()[0]) for part in sentence.split(". ")[1:]) == 22
        for word in ("failed", "bounced", "unknown", "revoked", "no longer listed"):
            assert f"2 {word}" in sentence

    def test_devices_that_move_up_are_told_after_the_others(self) -> None:
        watch = watch_of(*MIDDLE, (UP, Stage.VERIFIED, 2), (UP, Stage.FAILED, 1))
        assert progress_sentence(watch).endswith("4 offline. 2 of 3 moved up, 1 failed.")

    def test_devices_that_move_up_come_first_where_nothing_else_moves(self) -> None:
        watch = watch_of((UP, Stage.VERIFIED, 2), (UP, Stage.ON_THE_WAY, 1), (NO_OP, Stage.SETTLED, 9))
        assert progress_sentence(watch) == "2 of 3 verified. 1 on the way."

    def test_a_device_that_was_there_and_left_is_told(self) -> None:
        watch = watch_of((CHANGE, Stage.VERIFIED, 1), (NO_OP, Stage.SETTLED, 8), (NO_OP, Stage.BOUNCED, 1))
        assert progress_sentence(watch) == "1 of 1 verified. Of 9 that were there, 1 bounced."

    def test_where_nothing_had_to_move_everybody_is_told_of(self) -> None:
        assert progress_sentence(watch_of((NO_OP, Stage.SETTLED, 9))) == "9 of 9 verified."


class TestEnd:
    def test_complete(self) -> None:
        rollback = rollback_of(Phase.COMPLETE, (CHANGE, Stage.SETTLED, 50), (NO_OP, Stage.SETTLED, 74))
        assert done_sentence(rollback) == "COMPLETE: 124 of 124 devices settled on v1.0.0, nobody is left."

    def test_complete_leaves_revoked_devices_aside(self) -> None:
        rollback = rollback_of(Phase.COMPLETE, (CHANGE, Stage.SETTLED, 5), (NO_OP, Stage.REVOKED, 1))
        assert done_sentence(rollback).endswith("nobody is left. 1 revoked left aside.")

    def test_done_counts_what_had_to_change(self) -> None:
        rollback = rollback_of(
            Phase.DONE,
            (CHANGE, Stage.SETTLED, 46),
            (CHANGE, Stage.OFFLINE, 4),
            (CHANGE, Stage.REVOKED, 1),
            (NO_OP, Stage.SETTLED, 71),
            (NO_OP, Stage.GONE, 1),
        )
        assert done_sentence(rollback) == (
            "DONE: 46 of 46 reachable devices settled on v1.0.0. 4 offline. 1 no longer listed. 1 revoked."
        )

    def test_done_tells_of_bounces_and_of_devices_that_left_before_they_settled(self) -> None:
        rollback = rollback_of(Phase.DONE, (CHANGE, Stage.SETTLED, 1))
        watch = rollback.watch
        assert watch is not None
        away = Track(CHANGE, "g", BAD, stage=Stage.VERIFIED, is_reachable=False, bounces=1)
        rollback = replace(rollback, watch=tracked("m-1", TARGET, T0, [*watch.tracks.items(), ("x", away)]))
        assert done_sentence(rollback).endswith("1 verified and not settled. 1 bounced on the way.")
        assert missing(watch_of((CHANGE, Stage.OFFLINE, 4), (NO_OP, Stage.REVOKED, 1)), Stage.SETTLED) == 4

    def test_an_end_by_the_servers_word_is_named_as_such(self) -> None:
        rollback = rollback_of(
            Phase.COMPLETE, (CHANGE, Stage.UNKNOWN, 3), by_server_word=True, server_word="completed"
        )
        assert done_sentence(rollback).startswith("COMPLETE by the server's word: it says `completed`")
        nobody = rollback_of(Phase.COMPLETE, server_word="completed")
        assert "by the server's word" in verified_sentence(nobody)

    def test_verified(self) -> None:
        rollback = rollback_of(Phase.ROLLING_BACK, (CHANGE, Stage.VERIFIED, 3), (CHANGE, Stage.OFFLINE, 1))
        assert verified_sentence(rollback) == "VERIFIED: 3 of 4 devices report v1.0.0. 1 offline."

    def test_trouble(self) -> None:
        regressed = rollback_of(Phase.REGRESSED, (CHANGE, Stage.BOUNCED, 2))
        assert trouble(regressed) == ("REGRESSED: rollback 4131 was done, and 2 devices left v1.0.0 again")
        assert "a device left" in trouble(rollback_of(Phase.REGRESSED))
        assert "took the place of rollback 4131" in trouble(rollback_of(Phase.SUPERSEDED))
        failed = rollback_of(Phase.FAILED, server_word="failed", rollout_id=None)
        assert trouble(failed) == "FAILED: the server says `failed` of the rollback to v1.0.0"

    def test_unknown_says_what_the_records_told(self) -> None:
        lost = rollback_of(Phase.NOT_FOUND, sentence="no answer")
        assert unknown_sentence(lost).startswith(
            "outcome unknown: no answer; the server's records show no such"
        )
        assert "could not be read" in unknown_sentence(replace(lost, phase=Phase.UNCONFIRMED))


class TestWider:
    def test_by_the_servers_count(self) -> None:
        plan = plan_of(*(device(f"d{n}", BAD, "g-staging") for n in range(12)), scope=STAGING)
        rollback = begun(plan, affected_devices=124)
        assert rollback.phase is Phase.WIDER
        assert wider_sentence(rollback) == (
            "WIDER THAN ASKED: plan 12 devices in staging, the server says 124"
        )

    def test_by_the_devices(self) -> None:
        plan = plan_of(device("a", BAD, "g-staging"), scope=STAGING)
        rollback = replace(begun(plan), strays=("b", "c"))
        assert wider_sentence(rollback) == (
            "WIDER THAN ASKED: plan 1 device in staging, and 2 devices outside it are moved to the target too"
        )
