"""What a watched rollback is called when the server's records, the devices and the request do not fit together."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from octomil_tui.domain.advance import advance
from octomil_tui.domain.beginning import adopted
from octomil_tui.domain.convergence import Stage
from octomil_tui.domain.fleet import Device, Rollout, RolloutState
from octomil_tui.domain.judge import STALLED_AFTER, still_for
from octomil_tui.domain.resume import as_record, kept, resume_watch
from octomil_tui.domain.rollback import Observed, Phase, Rollback
from octomil_tui.domain.signs import GONE_AFTER, PATIENCE
from octomil_tui.domain.wording import trouble
from tests.domain.fleets import (
    ACTIVE,
    BAD,
    COMPLETED,
    OFFLINE,
    ROLLING_BACK,
    T0,
    TARGET,
    begun,
    device,
    look,
    now,
    plan_of,
    rollout,
)

RECORD = rollout("4131", TARGET, ROLLING_BACK, created_at=T0, affected=2)
A, B = device("a"), device("b")


def watched(*devices: Device) -> Rollback:
    rows = devices or (A, B)
    return look(begun(plan_of(*rows), rows), T0 + 1, *rows, rollouts=(RECORD,))


def arrived(was: Device, at: float) -> Device:
    return now(was, TARGET, at)


# Superseded.


def test_case_17_a_newer_rollout_supersedes_and_is_named() -> None:
    newer = rollout("4140", "2.1.0", ACTIVE, created_at=T0 + 60, by="ana")
    taken = look(watched(), T0 + 61, A, B, rollouts=(newer, RECORD))
    assert taken.phase is Phase.SUPERSEDED
    assert (
        trouble(taken)
        == "SUPERSEDED: rollout 4140 to v2.1.0 by ana took the place of rollback 4131 to v1.0.0"
    )


def test_case_17_a_cancelled_rollback_is_superseded_even_where_nobody_says_by_what() -> None:
    cancelled = replace(RECORD, state=RolloutState.CANCELLED, word="cancelled")
    taken = look(watched(), T0 + 61, A, B, rollouts=(cancelled,))
    assert taken.phase is Phase.SUPERSEDED
    assert "the server says `cancelled`" in trouble(taken)


def test_after_it_was_done_a_newer_rollout_is_no_bounce() -> None:
    done = look(watched(A), T0 + 700, arrived(A, T0 + 5), rollouts=(RECORD,))
    done = look(done, T0 + 1400, now(A, TARGET, T0 + 1000), rollouts=(RECORD,))
    assert done.phase is Phase.COMPLETE
    newer = rollout("4140", "2.1.0", ACTIVE, created_at=T0 + 1500)
    left = look(done, T0 + 1600, now(A, "2.1.0", T0 + 1590), rollouts=(newer, RECORD))
    assert left.phase is Phase.SUPERSEDED


# Diverged.


def test_case_35_a_record_that_is_gone_twice_is_no_longer_known_and_nothing_is_claimed() -> None:
    seen = watched()
    once = look(seen, T0 + 5, A, B)
    assert once.phase is Phase.ROLLING_BACK
    between = replace_observed(once, T0 + 7)
    assert between.phase is Phase.ROLLING_BACK, "the same old list is no second read"
    twice = look(between, T0 + 9, A, B)
    assert (twice.phase, twice.signs.missed) == (Phase.DIVERGED, GONE_AFTER)
    assert trouble(twice) == "DIVERGED: the server no longer knows rollback 4131"
    back = look(twice, T0 + 13, A, B, rollouts=(RECORD,))
    assert back.phase is Phase.ROLLING_BACK


def replace_observed(rollback: Rollback, at: float) -> Rollback:

    return advance(rollback, Observed((A, B), (), at, are_rollouts_new=False))


def test_a_service_that_never_lists_rollouts_takes_nothing_away() -> None:
    seen = look(begun(plan_of(A, B), (A, B)), T0 + 1, A, B)
    for step in range(5):
        seen = look(seen, T0 + 5 + step, A, B)
    assert seen.phase is Phase.ROLLING_BACK


def test_a_record_that_leads_elsewhere_than_asked_is_said_at_once() -> None:
    odd = look(watched(), T0 + 5, A, B, rollouts=(replace(RECORD, version="0.9.0"),))
    assert odd.phase is Phase.DIVERGED
    assert "v1.0.0 was asked for, and the server's record goes to v0.9.0" in trouble(odd)


def test_case_18_completed_by_the_server_while_a_reachable_device_says_otherwise() -> None:
    completed = replace(RECORD, state=COMPLETED, word="completed")
    seen = look(watched(), T0 + 10, arrived(A, T0 + 9), B, rollouts=(completed,))
    assert seen.phase is Phase.ROLLING_BACK, "the device has its time to say so"
    late = T0 + 10 + max(PATIENCE, 2 * B.interval) + 1
    seen = look(seen, late, arrived(A, late), replace(B, last_contact_at=late), rollouts=(completed,))
    assert seen.phase is Phase.DIVERGED
    assert "the server says completed, and 1 reachable device does not report v1.0.0" in trouble(seen)
    done = look(seen, late + 5, arrived(A, late), arrived(B, late + 4), rollouts=(completed,))
    assert done.phase is Phase.ROLLING_BACK


def test_case_18_pages_that_were_read_before_it_was_completed_say_nothing_against_it() -> None:
    completed = replace(RECORD, state=COMPLETED, word="completed")
    seen = look(watched(), T0 + 10, arrived(A, T0 + 9), B, rollouts=(completed,))
    late = T0 + 10 + max(PATIENCE, 2 * B.interval) + 100

    def page(rollback: Rollback, at: float, one: Device) -> Rollback:
        return advance(rollback, Observed((one,), (completed,), at, is_whole=False))

    seen = page(seen, late, arrived(A, late))
    assert seen.phase is Phase.ROLLING_BACK, "nobody has looked at the other one since"
    seen = page(seen, late + 1, replace(B, last_contact_at=late))
    assert seen.phase is Phase.DIVERGED


def test_case_18_completed_with_devices_offline_is_done_and_never_complete() -> None:
    rows = [device(f"d{n}") for n in range(6)]
    away = [replace(one, connectivity=OFFLINE) for one in rows[4:]]
    completed = replace(RECORD, state=COMPLETED, word="completed", affected=6)
    seen = watched(*rows[:4], *away)
    there = [arrived(one, T0 + 5) for one in rows[:4]]
    seen = look(seen, T0 + 10, *there, *away, rollouts=(completed,))
    assert seen.phase is Phase.ROLLING_BACK
    settled = [now(one, TARGET, T0 + 400) for one in rows[:4]]
    seen = look(seen, T0 + 401, *settled, *away, rollouts=(completed,))
    assert seen.phase is Phase.DONE
    assert seen.watch is not None
    assert (seen.watch.whole.verified, seen.watch.whole.count(Stage.OFFLINE)) == (4, 2)


# Does not add up.


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({"on_version": 3, "affected": 2}, "the server counts 3 on the target of 2 that it moves"),
        ({"affected": 130}, "the server says that it moves 130, and 2 devices have the model"),
        ({"on_version": 2, "affected": 2}, ""),
        ({}, ""),
    ],
)
def test_case_19_counts_that_cannot_be_are_said_and_not_corrected(record: dict[str, Any], said: str) -> None:
    odd = look(watched(), T0 + 5, A, B, rollouts=(replace(RECORD, **record),))
    assert odd.signs.mismatch == said
    assert odd.phase is Phase.ROLLING_BACK
    assert odd.watch is not None
    assert odd.watch.whole.devices == 2


# Stalled.


def test_case_19_nothing_moved_for_long_is_stalled_and_movement_ends_it() -> None:
    seen = watched()
    quiet = STALLED_AFTER + 3 * A.interval
    seen = look(seen, T0 + quiet + 5, A, B, rollouts=(RECORD,))
    assert seen.phase is Phase.STALLED
    assert trouble(seen) == f"STALLED: none of 2 reachable devices moved for {int((quiet + 4) // 60)} minutes"
    moved = look(seen, T0 + quiet + 6, arrived(A, T0 + quiet + 6), B, rollouts=(RECORD,))
    assert moved.phase is Phase.ROLLING_BACK


def test_a_download_that_advances_is_movement() -> None:
    seen, at = watched(), T0 + 1
    for step in range(1, 6):
        at = T0 + step * 500
        loading = now(A, BAD, at, artifact_word="downloading", progress=step / 10)
        seen = look(seen, at, loading, B, rollouts=(RECORD,))
        assert seen.phase is Phase.ROLLING_BACK


def test_devices_that_come_and_go_are_no_movement() -> None:
    seen = watched()
    for step in range(1, 5):
        connectivity = OFFLINE if step % 2 else A.connectivity
        seen = look(seen, T0 + step * 500, replace(A, connectivity=connectivity), B, rollouts=(RECORD,))
    assert seen.phase is Phase.STALLED


def test_only_offline_devices_left_is_no_stall() -> None:
    away = replace(A, connectivity=OFFLINE)
    seen = look(watched(), T0 + 10, away, replace(B, connectivity=OFFLINE), rollouts=(RECORD,))
    seen = look(seen, T0 + 9000, away, replace(B, connectivity=OFFLINE), rollouts=(RECORD,))
    assert seen.phase is Phase.ROLLING_BACK
    assert seen.watch is not None
    assert still_for(seen.watch) is None


def test_case_19_progress_that_goes_backwards_is_shown_as_it_is() -> None:
    there = look(watched(), T0 + 10, arrived(A, T0 + 9), B, rollouts=(RECORD,))
    back = look(there, T0 + 20, now(A, BAD, T0 + 19), B, rollouts=(RECORD,))
    assert there.watch is not None
    assert back.watch is not None
    assert (there.watch.change.verified, back.watch.change.verified) == (1, 0)
    assert back.watch.change.ever_bounced == 1


# Watched anew.


def test_what_is_watched_anew_keeps_its_story() -> None:
    ours = replace(watched(), left_at=T0 + 1, tries=2, affected=None)
    found = adopted(replace(RECORD, reason="theirs"), "m-1", resume_watch(RECORD, "m-1", (A, B), None, {}))
    again = kept(ours, found)
    assert (again.key, again.tries, again.left_at, again.order.reason) == ("key", 2, T0 + 1, "INC-1")
    assert (again.affected, again.phase, again.plan) == (2, Phase.ROLLING_BACK, None)


def test_a_rollback_without_a_record_stands_for_its_own() -> None:
    record = as_record(watched())
    assert isinstance(record, Rollout)
    assert (record.id, record.version, record.started_at) == ("4131", TARGET, T0)
    lost = as_record(Rollback("m-1", watched().order, sent_at=T0))
    assert (lost.id, lost.state, lost.started_at) == ("", ROLLING_BACK, T0)
