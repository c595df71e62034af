"""The scenario `night`: its plan, and the moments of its watch that the pictures show."""

from __future__ import annotations

from dataclasses import replace

import pytest

from octomil_tui.domain.convergence import Stage, Tally
from octomil_tui.domain.fleet import Connectivity, Device
from octomil_tui.domain.radius import PlanClass, Radius, Staying
from octomil_tui.domain.rollback import Phase, Rollback
from octomil_tui.domain.straggler import stragglers
from tests.domain.fleets import MODEL, OFFLINE, ONLINE, REVOKED, STAGING, STALE, T0, TARGET, begun, look, now
from tests.domain.night import devices, night_plan

CHANGE, NO_OP, UP, UNKNOWN = PlanClass.CHANGE, PlanClass.NO_OP, PlanClass.UP, PlanClass.UNKNOWN
SENT = T0 + 50
D = SENT + 192
END = SENT + 1_179
VERIFIED_AT_D = {"g-canary": 6, "g-staging": 9, "g-eu-kiosks": 16, "g-us-kiosks": 2}


def _classes(radius: Radius) -> tuple[int, int, int, int]:
    return radius.count(CHANGE), radius.count(NO_OP), radius.count(UP), radius.count(UNKNOWN)


def _of_change(radius: Radius) -> tuple[int, ...]:
    states = (Connectivity.ONLINE, Connectivity.STALE, Connectivity.OFFLINE)
    return (
        *(radius.by_connectivity.get(state, 0) for state in states),
        *(radius.by_platform.get(name, 0) for name in ("ios", "android", "linux")),
    )


@pytest.mark.parametrize(
    ("row", "label", "classes", "of_change", "download"),
    [
        (0, "canary", (6, 0, 0, 0), (6, 0, 0, 2, 4, 0), (6, 0)),
        (1, "staging", (12, 0, 0, 0), (11, 1, 0, 6, 6, 0), (12, 0)),
        (2, "eu-kiosks", (32, 8, 0, 0), (26, 2, 4, 0, 10, 22), (29, 3)),
        (3, "us-kiosks", (0, 46, 2, 0), (0, 0, 0, 0, 0, 0), (0, 2)),
        (4, "lab", (0, 17, 1, 0), (0, 0, 0, 0, 0, 0), (0, 1)),
        (-1, "TOTAL", (50, 71, 3, 0), (43, 3, 4, 8, 20, 22), (47, 6)),
    ],
)
def test_the_blast_radius_of_the_night_is_that_of_the_scenario(
    row: int,
    label: str,
    classes: tuple[int, ...],
    of_change: tuple[int, ...],
    download: tuple[int, int],
) -> None:
    plan = night_plan()
    found = (*plan.rows, plan.total)[row]
    assert found.label == label
    assert (_classes(found), _of_change(found)) == (classes, of_change)
    assert (found.on_disk, found.downloads) == download


def test_the_night_leaves_the_rollouts_version_for_the_one_that_the_rest_serves() -> None:
    plan = night_plan()
    assert (plan.from_version, plan.to_version, plan.active_version) == ("2.0.0", "1.0.0", "1.0.0")
    assert plan.active_rollout is not None
    assert (plan.active_rollout.id, plan.fleet_size, plan.moves, plan.made_at) == ("4127", 124, 53, T0)
    assert not plan.changes_nothing
    assert not plan.is_empty


def test_a_plan_for_staging_moves_12_and_says_which_38_stay() -> None:
    plan = night_plan(STAGING)
    assert (plan.total.devices, _classes(plan.total)) == (12, (12, 0, 0, 0))
    assert [row.label for row in plan.rows] == ["staging"]
    assert plan.staying == (Staying("g-canary", "canary", 6), Staying("g-eu-kiosks", "eu-kiosks", 32))
    assert plan.fleet_size == 124


def test_nobody_stays_where_the_whole_fleet_is_rolled_back() -> None:
    assert night_plan().staying == ()


# The watch.


def _moves(each: Device) -> bool:
    return each.installations[MODEL.id].version != TARGET and each.connectivity is ONLINE


def _at_d() -> tuple[Device, ...]:
    """Return the devices at 03:16:43: 31 of 50 report the target, 12 are on the way."""
    left = dict(VERIFIED_AT_D)
    seen = []
    for each in devices():
        if not _moves(each):
            seen.append(each)
        elif left.get(each.groups[0], 0):
            left[each.groups[0]] -= 1
            seen.append(now(each, TARGET, D, since=D - 20))
        else:
            version = each.installations[MODEL.id].version
            seen.append(now(each, version, D - 9, wanted=TARGET, word="downloading"))
    return tuple(seen)


def _at_end() -> tuple[Device, ...]:
    """Return the devices at 03:33:10: whoever can be reached has settled."""
    return tuple(
        replace(now(each, TARGET, END, since=SENT + 800), connectivity=ONLINE)
        if each.connectivity in (ONLINE, STALE)
        else each
        for each in devices()
    )


def _watched(*reads: tuple[float, tuple[Device, ...]]) -> Rollback:
    rollback = begun(night_plan(), devices(), at=SENT, affected_devices=124)
    for at, seen in reads:
        rollback = look(rollback, at, *seen)
    return rollback


def _counts(tally: Tally) -> tuple[int, int, int, int]:
    return tally.verified, tally.count(Stage.ON_THE_WAY), tally.count(Stage.STALE), tally.count(Stage.OFFLINE)


def test_at_first_everybody_waits_but_those_who_run_the_target() -> None:
    watch = _watched().watch
    assert watch is not None
    assert (watch.change.count(Stage.WAITING), watch.up.count(Stage.WAITING)) == (50, 3)
    assert watch.tally(NO_OP).count(Stage.SETTLED) == 71


def test_at_03_16_43_the_50_stand_where_the_picture_has_them() -> None:
    rollback = _watched((D, _at_d()))
    watch = rollback.watch
    assert watch is not None
    assert rollback.phase is Phase.ROLLING_BACK
    assert _counts(watch.change) == (31, 12, 3, 4)
    assert watch.change.share == 0.62
    assert (watch.up.verified, watch.up.devices) == (2, 3)
    assert _counts(watch.tally(CHANGE, group="g-canary")) == (6, 0, 0, 0)
    assert _counts(watch.tally(CHANGE, group="g-staging")) == (9, 2, 1, 0)
    assert _counts(watch.tally(CHANGE, group="g-eu-kiosks")) == (16, 10, 2, 4)
    assert watch.whole.count(Stage.REVOKED) == 1


def test_at_03_16_43_there_are_19_stragglers_and_one_that_moves_up() -> None:
    watch = _watched((D, _at_d())).watch
    assert watch is not None
    found = stragglers(watch, _at_d())
    assert [s.why for s in found[:4]] == ["silent since v2.0.0"] * 4
    assert [s.why for s in found[4:7]] == ["stale, 3 beats missed"] * 3
    assert [s.is_moving for s in found] == [False] * 7 + [True] * 13


def test_at_03_33_10_it_is_done_with_46_of_50_and_four_offline() -> None:
    rollback = _watched((D, _at_d()), (END, _at_end()))
    watch = rollback.watch
    assert watch is not None
    assert (rollback.phase, rollback.ended_at, rollback.by_server_word) == (Phase.DONE, END, False)
    assert _counts(watch.change) == (46, 0, 0, 4)
    assert (watch.change.reachable, watch.change.reachable_settled, watch.change.share) == (46, 46, 0.92)
    assert (watch.whole.reachable, watch.whole.reachable_settled) == (116, 116)


def test_it_is_complete_when_the_last_of_the_offline_four_has_settled() -> None:
    back = END + 300
    returned = [
        replace(now(d, TARGET, back, since=back), connectivity=ONLINE)
        if d.groups == ("g-eu-kiosks",) and d.connectivity is OFFLINE
        else d
        for d in _at_end()
    ]
    rollback = look(_watched((END, _at_end())), back, *returned)
    assert rollback.phase is Phase.DONE
    settled = [now(d, TARGET, back + 300) if d.last_contact_at == back else d for d in returned]
    rollback = look(rollback, back + 300, *settled)
    assert (rollback.phase, rollback.ended_at) == (Phase.COMPLETE, END)
    assert any(d.connectivity is REVOKED for d in settled)
