"""What the watch says of time: a range that is withdrawn when the data is old, and a pace from its own counts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from octomil_tui.domain.convergence import observe
from octomil_tui.domain.fleet import Device, FleetSnapshot
from octomil_tui.domain.rollback import Rollback
from octomil_tui.domain.straggler import stragglers
from octomil_tui.ui.present.end import left_lines, names_of
from octomil_tui.ui.present.watch import straggler_legend, straggler_rows, when_line
from octomil_tui.ui.present.watch_groups import aside_line, aside_lines, group_lines
from octomil_tui.ui.present.whereabouts import stage_lines, when_lines
from octomil_tui.ui.spans import Line
from octomil_tui.ui.theme import ASCII
from tests.domain.fleets import (
    BAD,
    COMPLETED,
    MODEL,
    OFFLINE,
    REVOKED,
    STALE,
    T0,
    TARGET,
    begun,
    device,
    plan_of,
    rollout,
)

AT = T0 + 60
SIZE = 600_000_000
LABELS = {"g-eu": "eu"}
SEEN = (
    device("waits", BAD, "g-eu", contact=T0 - 200),
    device("loads", BAD, "g-eu", contact=T0 + 30, word="downloading", progress=0.5, word_since=T0 - 70),
    device(
        "idles",
        BAD,
        "g-eu",
        contact=T0 + 30,
        artifact_word="staged",
        activation="when_idle",
        word_since=T0 + 10,
    ),
    device("there", TARGET, "g-eu", contact=T0 + 40, since=T0 + 40),
    device("silent", BAD, "g-eu", connectivity=OFFLINE, contact=T0 - 9_000, since=T0 - 9_010),
    device("stale", BAD, "g-eu", connectivity=STALE, contact=T0 - 800),
    device("up", "0.9.0", "g-lab", contact=T0 + 30, word="downloading"),
    device("was", TARGET, "g-lab", contact=T0 + 30, since=T0 - 900),
    device("gone", TARGET, "g-lab", connectivity=REVOKED),
)
LAST = rollout(
    "3990",
    TARGET,
    COMPLETED,
    kind="rollback",
    started_at=T0 - 900_000,
    completed_at=T0 - 899_460,
    affected=121,
)


def rolling(*more: Device, **fields: Any) -> Rollback:
    before = [
        device(d.id, BAD if d.id == "there" else d.installations[MODEL.id].version, *d.groups) for d in SEEN
    ]
    rollback = begun(plan_of(*before))
    assert rollback.watch is not None
    watch = observe(rollback.watch, [*SEEN, *more], AT, size=SIZE)
    return replace(rollback, watch=watch, **fields)


def text(lines: list[Line] | Line) -> str:
    rows = lines if isinstance(lines, list) else [lines]
    return "\n".join("".join(span.text for span in row) for row in rows)


def test_online_devices_and_downloads_are_expected_apart_and_the_others_have_no_eta() -> None:
    rollback = rolling()
    assert rollback.watch is not None
    assert text(when_line(rollback.watch)) == (
        "   online: verified about 03:16Z, 2 downloads about 03:17Z    2 have no ETA"
    )


def test_when_tells_a_range_the_last_time_and_the_pace() -> None:
    rollback = rolling()
    assert rollback.watch is not None
    snapshot = FleetSnapshot(rollouts={MODEL.id: (LAST,)})
    told = text(when_lines(rollback, rollback.watch, snapshot, AT, is_live=True))
    assert "online done  03:16Z   (between 03:15 and 03:18)" in told
    assert "downloads    03:17Z   (2 devices, 3 MB/s)" in told
    assert "no estimate  2 devices" in told
    assert "last time    9m00s, 121 devices" in told
    assert "last 3m20s   +0 +0 +0 +0 +1 verified per 40s" in told
    assert "pace ok: 1 done, 1 expected by now" in told


def test_everything_that_is_expected_is_withdrawn_while_the_data_is_old() -> None:
    rollback = rolling()
    watch = rollback.watch
    assert watch is not None
    told = text(when_lines(rollback, watch, FleetSnapshot(), AT, is_live=False))
    assert "estimate withdrawn: the data is old" in told
    for word in ("online done", "downloads ", "pace", "verified per"):
        assert word not in told
    found = stragglers(watch, SEEN)
    rows = [straggler_rows(found, LABELS, AT, wide=False, is_live=is_live) for is_live in (True, False)]
    loads = next(place for place in range(len(found)) if found.device_id(place) == "loads")
    assert [text(one.cells(loads)[-1]) for one in rows] == ["03:15Z", "?"]


def test_a_slow_rollback_says_so() -> None:
    rollback = rolling()
    assert rollback.watch is not None
    later = replace(rollback.watch, at=T0 + 900)
    told = text(when_lines(rollback, later, FleetSnapshot(), T0 + 900, is_live=True))
    assert "slower than expected: 1 done, 4 expected by now" in told


def test_where_they_are_is_told_step_by_step_and_every_device_is_in_one_line() -> None:
    rollback = rolling()
    assert rollback.watch is not None
    told = text(stage_lines(rollback.watch, SEEN, AT, 60, ASCII))
    assert "downloading 600 MB                1  50%" in told
    assert "waits for idle                    1  oldest 50s" in told
    assert "settled, one sync later           0  from 03:18Z" in told
    counts = [int(row[28:35].replace(",", "")) for row in told.splitlines()]
    assert sum(counts) == rollback.watch.change.devices == 6


def test_the_wide_groups_have_a_number_under_every_heading_and_the_sum_is_that_of_all_lines() -> None:
    joined = device("new", BAD, "g-eu", contact=T0 + 30)
    rollback = rolling(joined)
    watch = rollback.watch
    assert watch is not None
    rows = text(group_lines(watch, LABELS, 96, ASCII)).splitlines()
    assert rows[0].split() == [
        "GROUP",
        "PROGRESS",
        "VERIFIED",
        "WAY",
        "WAIT",
        "STALE",
        "OFF",
        "FAIL",
        "BNC",
        "ELSE",
    ]
    assert rows[1].split()[2:] == ["1/6", "2", "1", "1", "1", "0", "0", "0"]
    aside = text(aside_lines(rollback, watch, FleetSnapshot()))
    assert "moved up from v0.9.0 (not counted above)    0 of 1 done, 1 downloading" in aside
    assert "already on v1.0.0 before we started         2, still there 2 (1 is revoked)" in aside
    assert "joined since we started (not counted above) 1, 0 on v1.0.0" in aside
    assert "sum 6 + 1 + 2 + 1 = 10, every device is in exactly one line" in aside
    assert "joined 1, 0 there" in text(aside_line(rollback, watch, FleetSnapshot()))
    assert "1 device joined during the watch and does not report v1.0.0." in text(
        left_lines(rollback, watch, [*SEEN, joined], LABELS)
    )


def test_every_column_of_the_stragglers_can_be_sorted() -> None:
    rollback = rolling()
    assert rollback.watch is not None
    found = stragglers(rollback.watch, SEEN)
    rows = straggler_rows(found, LABELS, AT, wide=True, is_live=True)
    for value in range(7):
        ordered = rows.sorted_by(value, descending=False)
        assert {ordered.key(place) for place in range(len(ordered))} == {
            "silent",
            "stale",
            "idles",
            "loads",
            "up",
        }
    assert rows.sorted_by(5, descending=True).key(0) == "silent", "the longest silence"
    assert rows.sorted_by(6, descending=False).key(0) == "loads"
    assert (
        text(straggler_legend(found, rollback.watch, wide=True)) == "1 went silent after v2.0.0, no ETA first"
    )
    assert text(straggler_legend(found, rollback.watch, wide=False)) == "1 silent after v2.0.0"
    nobody = stragglers(rollback.watch, ())[:0]
    assert text(straggler_legend(nobody, rollback.watch, wide=True)) == "no ETA first"


def test_devices_are_named_without_what_they_have_in_common() -> None:
    rollback = rolling()
    assert rollback.watch is not None
    names = ("kiosk-eu-0117", "kiosk-eu-0122", "kiosk-eu-0125")
    devices = [replace(one, name=name) for one, name in zip(SEEN[:3], names, strict=True)]
    assert names_of(devices, rollback.watch, LABELS) == "eu 0117 0122 0125"
    assert names_of(devices[:1], rollback.watch, LABELS) == "eu kiosk-eu-0117"
    assert names_of(devices, rollback.watch, LABELS, 2) == "eu 0117 0122 and 1 more"
    mixed = [devices[0], replace(SEEN[6], name="lab-18")]
    assert names_of(mixed, rollback.watch, LABELS) == "eu kiosk-eu-0117, g-lab lab-18"
