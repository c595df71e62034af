"""What devices do that rings: each thing once, however often it is looked at."""

from __future__ import annotations

from dataclasses import replace

from octomil_tui.domain.convergence import begin_watch, observe
from octomil_tui.domain.fleet import Device
from octomil_tui.domain.rollback import Phase, Rollback
from octomil_tui.ui.alarm import Alarms
from octomil_tui.ui.present.watch import bounce_line, coverage_line, notice_lines, overdue_line
from tests.domain.fleets import BAD, OFFLINE, STALE, T0, TARGET, begun, device, look, now, plan_of

A, B = device("a"), device("b")
THERE = device("a", TARGET, contact=T0 + 20, since=T0 + 20)
LEFT = now(THERE, BAD, T0 + 90)


def rings(*looks: tuple[float, tuple[Device, ...]], before: tuple[Device, ...] = (A, B)) -> list[bool]:
    """Return whether each look at a rollback of two devices rings."""
    alarms, rollback = Alarms(), begun(plan_of(*before), before)
    assert not alarms.hear(rollback)
    found = []
    for at, devices in looks:
        rollback = look(rollback, at, *devices)
        found.append(alarms.hear(rollback))
        assert not alarms.hear(rollback), "nothing rings twice"
    return found


def test_every_new_bounce_rings_once() -> None:
    back = now(THERE, TARGET, T0 + 200, since=T0 + 200)
    again = now(THERE, BAD, T0 + 290)
    looks = [
        (T0 + 30, (THERE, B)),
        (T0 + 90, (LEFT, B)),
        (T0 + 95, (LEFT, B)),
        (T0 + 200, (back, B)),
        (T0 + 290, (again, B)),
    ]
    assert rings(*looks) == [False, True, False, False, True]


def test_devices_that_fall_behind_ring_once_until_they_are_heard_of() -> None:
    silent = replace(B, connectivity=STALE)
    moving = [
        replace(
            now(A, BAD, T0 + at),
            installations=device(artifact_word="downloading", progress=at / 2000).installations,
        )
        for at in (400, 610, 800, 1000)
    ]
    looks = [
        (T0 + 400, (moving[0], silent)),
        (T0 + 610, (moving[1], silent)),
        (T0 + 800, (moving[2], silent)),
        (T0 + 1000, (moving[3], now(B, BAD, T0 + 999))),
    ]
    assert rings(*looks) == [False, True, False, False]


def test_where_nothing_moves_at_all_only_that_is_said() -> None:
    looks = [(T0 + 1, (A, B)), (T0 + 650, (replace(A, connectivity=STALE), B))]
    assert rings(*looks) == [False, False]


def test_after_the_end_an_offline_device_that_comes_back_without_the_target_rings() -> None:
    settled = device("a", TARGET, contact=T0 + 400, since=T0 + 20)
    away = replace(B, connectivity=OFFLINE)
    looks = [(T0 + 400, (settled, away)), (T0 + 500, (settled, now(B, BAD, T0 + 500)))]
    assert rings(*looks) == [False, True]


def test_another_rollback_of_the_model_begins_anew() -> None:
    alarms = Alarms()
    first = look(look(begun(plan_of(A), (A,)), T0 + 30, THERE), T0 + 90, LEFT)
    assert not alarms.hear(first), "how it stood when it was first heard of is no news"
    assert not alarms.hear(replace(first, rollout_id="4140"))
    assert not alarms.hear(replace(first, watch=None))


# What the watch says of it.


def told(rollback: Rollback, now_at: float) -> list[str]:
    assert rollback.watch is not None
    return ["".join(span.text for span in one) for one in notice_lines(rollback, rollback.watch, now_at)]


def test_a_bounce_is_named_while_the_device_is_away_and_for_ten_minutes() -> None:
    rollback = look(look(begun(plan_of(A, B), (A, B)), T0 + 30, THERE, B), T0 + 90, LEFT, B)
    said = ["^  03:14Z name of a bounced to v2.0.0 1m after the switch, most likely by its crash guard."]
    assert told(rollback, T0 + 5_000) == said
    back = now(THERE, TARGET, T0 + 300, since=T0 + 290)
    rollback = look(rollback, T0 + 300, back, B)
    assert told(rollback, T0 + 301) == [said[0].removesuffix(".") + "; it is back."]
    assert rollback.watch is not None
    assert bounce_line(rollback.watch, T0 + 2_000) == ()


def test_more_than_one_that_is_away_is_counted() -> None:
    keys = ("a", "b", "c")
    before = tuple(device(key) for key in keys)
    there = [device(key, TARGET, contact=T0 + 20, since=T0 + 20) for key in keys]
    for away, more in ((2, "1 more is away"), (3, "2 more are away")):
        left = [now(one, BAD, T0 + 90) for one in there[:away]]
        rollback = look(look(begun(plan_of(*before), before), T0 + 30, *there), T0 + 90, *left, *there[away:])
        assert told(rollback, T0 + 91)[0].endswith(more)


def test_devices_that_missed_two_syncs_are_counted_in_a_line_of_their_own() -> None:
    silent = [replace(one, connectivity=STALE) for one in (A, B)]
    rollback = look(begun(plan_of(A, B), (A, B)), T0 + 650, *silent)
    assert told(rollback, T0 + 650) == [
        "~~ 2 reachable devices missed two of their syncs each and have not settled."
    ]
    rollback = look(rollback, T0 + 660, silent[0], now(B, BAD, T0 + 660))
    assert told(rollback, T0 + 660) == ["~~ 1 reachable device missed two of its syncs and has not settled."]
    assert rollback.watch is not None
    assert overdue_line(replace(rollback, phase=Phase.STALLED), rollback.watch) == ()


def test_a_scope_that_is_read_page_by_page_says_how_much_of_it_was_looked_at() -> None:
    watch = observe(begin_watch(plan_of(A, B), T0), [A], T0 + 5, is_whole=False)
    said = "".join(span.text for span in coverage_line(watch, T0 + 240))
    assert said == "   looked at 1 of 2 devices since the start, the oldest look 4m00s ago"
    for day in (1, 2):
        watch = observe(watch, [B], T0 + day * 86_400, is_whole=False)
    said = "".join(span.text for span in coverage_line(watch, None))
    assert said.endswith("the oldest look over ? ago")
