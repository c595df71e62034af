from __future__ import annotations

import csv
import io
from dataclasses import replace

from octomil_tui.domain.convergence import begin_watch, observe
from octomil_tui.domain.fleet import Installation
from octomil_tui.report.csv import DEVICE_HEADER, csv_lines, device_records
from tests.domain.fleets import BAD, MODEL, T0, TARGET, device, plan_of

NAMES = {MODEL.id: MODEL.name, "m-2": "gemma3-1b"}


def read(lines: list[str]) -> list[list[str]]:
    return list(csv.reader(io.StringIO("\r\n".join(lines), newline="")))


def test_what_a_spreadsheet_would_run_is_text() -> None:
    bad = ["=1+1", "+1", "-1", "@SUM(A1)", "\uff1dcmd", "=a,b"]
    (line,) = csv_lines(bad, [])
    assert read([line]) == [[f"'{cell}" for cell in bad]]


def test_cells_are_quoted_where_they_have_to_be_and_can_hold_no_line() -> None:
    lines = csv_lines(["a,b", 'say "no"', " x", "plain"], [["one\r\ntwo", "\x1b[2J", "x" * 500, ""]])
    assert lines[0] == '"a,b","say ""no"""," x",plain'
    assert read(lines)[1] == ["one\\x0d\\x0atwo", "\\x1b[2J", "x" * 120 + "…", ""]


def test_a_device_has_a_line_for_each_model() -> None:
    one = replace(
        device("d1", BAD, "g-eu", wanted=TARGET),
        installations={
            MODEL.id: Installation(BAD, wanted=TARGET),
            "m-2": Installation(None),
            "m-9": Installation("1"),
        },
    )
    lines = list(device_records([one], NAMES, {"g-eu": "eu-kiosks"}, T0))
    head = ("name of d1", "d1", "eu-kiosks", "linux", "online", "2026-06-17T03:12:41Z")
    assert lines == [
        (*head, "phi-4-mini", BAD, TARGET, "", "wants v1.0.0"),
        (*head, "gemma3-1b", "?", "", "", ""),
    ]
    assert all(len(line) == len(DEVICE_HEADER) for line in lines)


def test_a_device_without_any_model_is_not_lost() -> None:
    one = replace(device("d1", contact=None), installations={})
    assert list(device_records([one], NAMES, {}, None)) == [
        ("name of d1", "d1", "", "linux", "online", "", "", "", "", "", "")
    ]


def test_a_watched_rollback_says_how_far_each_device_is() -> None:
    told = device("d1", BAD, contact=T0 + 9, word="downloading", progress=0.38)
    watch = observe(begin_watch(plan_of(device("d1")), T0), [told], T0 + 60)
    ((*_, stage, why),) = device_records([told], {MODEL.id: "phi"}, {}, T0 + 60, watch)
    assert (stage, why) == ("on the way", "downloading 38%")
