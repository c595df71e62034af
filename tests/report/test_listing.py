from __future__ import annotations

import json
from dataclasses import replace

import pytest

from octomil_tui.domain.check import Check, Weight, checks
from octomil_tui.domain.fleet import DeviceGroup, Installation
from octomil_tui.domain.verdict import candidates
from octomil_tui.report import data
from octomil_tui.report.json_line import json_line
from octomil_tui.report.listing import (
    ModelRow,
    check_lines,
    device_lines,
    group_lines,
    model_lines,
    plan_lines,
    version_lines,
)
from octomil_tui.report.receipt import receipt_lines
from octomil_tui.report.table import table
from octomil_tui.report.words import age, are, day, devices, moment
from tests.domain.fleets import (
    ACTIVE,
    BAD,
    MODEL,
    OFFLINE,
    STAGING,
    T0,
    TARGET,
    begun,
    device,
    fleet,
    plan_of,
    rollout,
    with_rollouts,
)

RUNNING = rollout("4127", BAD, ACTIVE, share=0.29, started_at=T0 - 600)
FIRST = rollout("3911", TARGET, started_at=T0 - 90_000)


def test_columns_stand_under_their_headers_and_numbers_to_the_right() -> None:
    assert table(("NAME", "N"), [("a", "1"), ("long", "22")], right=(1,)) == [
        "NAME   N",
        "a      1",
        "long  22",
    ]


def test_wide_and_combining_characters_keep_the_columns() -> None:
    wide = table(("A", "B"), [("日本", "x"), ("e\u0301\u0301", "y")])
    assert wide == ["A     B", "日本  x", "é\u0301     y"]


def test_no_cell_brings_a_control_character() -> None:
    lines = table(("A", "B"), [("\x1b]0;x\x07\u202e", "\x9b2J\n")])
    assert all(line.isprintable() for line in lines)
    assert len(lines) == 2


@pytest.mark.parametrize(
    ("seconds", "text"), [(None, "?"), (9, "9s"), (61, "1m"), (7200, "2h"), (200_000, "2d"), (-5, "0s")]
)
def test_ages(seconds: float | None, text: str) -> None:
    assert age(seconds) == text


def test_small_words() -> None:
    assert (devices(1), devices(2), are(1), are(2)) == ("1 device", "2 devices", "is", "are")
    assert moment(T0) == "2026-06-17T03:12:41Z"
    assert day(T0) == "2026-06-17"
    assert (day(None), day(1e20)) == ("?", "?")


def test_models() -> None:
    rows = [ModelRow(MODEL, TARGET, 124, RUNNING), ModelRow(replace(MODEL, name="other"), None, None, None)]
    assert model_lines(rows) == [
        "MODEL       SERVING  DEVICES  ROLLOUT",
        "phi-4-mini  v1.0.0       124  4127 v2.0.0 29% active",
        "other       ?                 -",
    ]


def test_versions_newest_first_with_their_verdicts() -> None:
    snapshot = with_rollouts(fleet(device("a"), device("b", TARGET)), RUNNING, FIRST)
    lines = version_lines(candidates(snapshot, MODEL.id), devices_known=True)
    assert [line.split()[0] for line in lines] == [
        "VERSION",
        "v2.1.0",
        "v2.0.0",
        "v1.1.0",
        "v1.0.0",
        "v0.9.0",
    ]
    assert lines[1].endswith("never      NEVER DEPLOYED") or "never" in lines[1]
    assert "2026-06-17 to now" in lines[2]
    unread = version_lines(candidates(snapshot, MODEL.id), devices_known=False)
    assert unread[1].split()[2] == "?"


def test_a_version_deployed_at_no_known_time() -> None:
    snapshot = with_rollouts(fleet(device("a", "0.9.0")), replace(FIRST, started_at=None))
    assert "deployed before" in version_lines(candidates(snapshot, MODEL.id), devices_known=True)[-1]


def test_groups_leave_blank_what_is_not_told() -> None:
    members = DeviceGroup("g", "staging", None, frozenset({"a", "b"}))
    lines = group_lines([members, DeviceGroup("h", "lab")], [device("a"), device("b", connectivity=OFFLINE)])
    assert lines[1].split() == ["staging", "2", "1", "0", "1", "0"]
    assert lines[2] == "lab"


def test_devices() -> None:
    one = replace(device("a", BAD, "g-1"), architecture="arm64")
    assigned = device("b", BAD, by_device=False, contact=None)
    bare = replace(device("c"), installations={})
    lines = device_lines([one, assigned, bare], {MODEL.id: MODEL.name}, {"g-1": "staging"}, T0 + 61)
    assert lines[1].split("  ")[0] == "name of a"
    assert "staging" in lines[1]
    assert "linux arm64" in lines[1]
    assert lines[1].endswith("1m  phi-4-mini v2.0.0")
    assert lines[2].endswith("?  phi-4-mini v2.0.0 assigned")
    assert lines[3].endswith("-")


def test_a_plan_has_a_row_per_group_and_a_total() -> None:
    lines = plan_lines(plan_of(device("a", BAD, "g-eu"), device("b", TARGET, "g-us"), device("c", BAD)))
    assert [line.split("  ")[0] for line in lines] == ["GROUP", "eu", "us", "no group", "TOTAL"]
    assert lines[1].split()[1:] == ["1", "0", "0", "0", "1", "0", "0"]
    assert lines[2].split()[-3:] == ["-", "-", "-"]


def test_checks_have_their_mark_first_and_promise_no_dialog() -> None:
    found = [Check(Weight.OK, "fine"), Check(Weight.LOOK, "v1 OLD: old")]
    assert check_lines([*found, Check(Weight.STOP, "no")]) == ["ok  fine", "!!  v1 OLD: old", "NO  no"]


def test_the_receipt_is_the_briefs() -> None:
    plan = plan_of(*(device(f"d{n}") for n in range(124)))
    rollback = begun(plan, affected_devices=124, from_version=BAD)
    assert receipt_lines(rollback) == [
        "Rollback initiated",
        "Model: phi-4-mini",
        "From: v2.0.0 → To: v1.0.0",
        "Affected devices: 124",
        "Status: rolling_back",
    ]


def test_a_groups_receipt_names_it_and_an_answer_without_a_count_is_marked() -> None:
    rollback = begun(plan_of(device("a", BAD, "g-staging"), scope=STAGING))
    assert receipt_lines(rollback)[3:5] == ["Group: staging", "Affected devices: 1 (by the plan)"]
    assert "Affected devices: ?" in receipt_lines(replace(rollback, plan=None))


def test_json_is_one_line_of_ascii_without_control_characters() -> None:
    line = json_line({"event": "x", "name": "\x1b\x7f\x9b→\u2028\ud800\n"})
    assert line.isascii()
    assert line.isprintable()
    assert list(json.loads(line)) == ["event", "schema", "name"]
    assert json.loads(line)["schema"] == 1


def test_the_objects_have_the_glossarys_names() -> None:
    snapshot = with_rollouts(fleet(device("a", BAD, "g-staging")), RUNNING, FIRST)
    version = data.version_data(candidates(snapshot, MODEL.id)[1])
    assert (version["version"], version["devices_on_version"], version["verdict_level"]) == (BAD, 1, "warn")
    rolled = data.rollout_data(RUNNING)
    assert (rolled["share"], rolled["percent"]) == (0.29, 29)
    one = data.device_data(device("a", BAD, "g-1"), {MODEL.id: "phi-4-mini"}, {"g-1": "staging"})
    assert one["groups"] == ["staging"]
    assert one["models"][0]["model"] == "phi-4-mini"
    plan = plan_of(device("a", BAD, "g-staging"))
    planned = data.plan_data(plan, checks(plan, snapshot))
    assert planned["total"]["change"] == 1
    assert planned["total"]["up"] == 0
    assert planned["group"] is None
    group = data.group_data(DeviceGroup("g", "staging", 3), [])
    assert (group["device_count"], group["connectivity"]) == (3, None)
    assert data.count_fields(replace(begun(plan), watch=None)) == {}
    assert data.progress_data(begun(plan))["change"]["waiting"] == 1
    assert data.receipt_data(begun(plan, affected_devices=2))["affected_devices"] == 2
    assert Installation().by_device
