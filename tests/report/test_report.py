"""The report of a rollback: whole, true, and plain text to whoever reads Markdown."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from octomil_tui.domain.affected import AffectedDevice, AffectedDevices
from octomil_tui.domain.convergence import Stage
from octomil_tui.domain.evidence import Evidence
from octomil_tui.domain.incident import Breach
from octomil_tui.domain.order import RollbackOrder, RollbackReceipt
from octomil_tui.domain.rollback import LogLine, Phase, Rollback
from octomil_tui.domain.signal import Measure, Metric, Point, RolloutHealth, Unit
from octomil_tui.domain.timeline import Act, Teller, TimelineEvent
from octomil_tui.report.hook_event import HookNews
from octomil_tui.report.markdown import code, plain
from octomil_tui.report.report_data import report_data
from octomil_tui.report.report_texts import report_texts
from octomil_tui.report.rollback_report import report_lines, title, verdict_sentence
from octomil_tui.report.timeline import timeline_lines
from tests.domain.fleets import BAD, OFFLINE, T0, TARGET, begun, device, look, plan_of

LOST = device("lost", BAD, "g-eu", connectivity=OFFLINE, contact=T0 - 9_000, since=T0 - 9_010)
CROSSED = TimelineEvent(
    T0 - 300,
    Act.CROSSED,
    frozenset({Teller.INCIDENT}),
    version=BAD,
    breach=Breach("error_rate", "error_rate_percent", 6.1, 5.0, window_minutes=5.0),
    is_armed=False,
)
BEGAN = TimelineEvent(
    T0, Act.ROLLBACK, frozenset({Teller.AUDIT}), by="ops", rollout_id="4131", version=TARGET
)


def percent(value: float) -> Measure:
    return Measure(value, Unit.PERCENT)


def ended() -> Rollback:
    seen = [device("a", TARGET, "g-eu", contact=T0 + 40, since=T0 + 40), LOST]
    rollback = look(begun(plan_of(device("a", BAD, "g-eu"), LOST)), T0 + 60, *seen)
    return replace(
        rollback,
        phase=Phase.DONE,
        key="key-1",
        sent_at=T0,
        ended_at=T0 + 400,
        rollout_id="4131",
        from_version=BAD,
        order=RollbackOrder(TARGET, "errors | 6.1% <b>", None),
        receipt=RollbackReceipt(request_id="req-7", status=202),
        affected=2,
        log=(LogLine(T0, "POST rollback"),),
    )


def evidence(**fields: Any) -> Evidence:
    made = Evidence(
        ended(),
        "phi-4-mini",
        devices=(device("a", TARGET, "g-eu", contact=T0 + 40, since=T0 + 40), LOST),
        labels={"g-eu": "eu"},
        events=(BEGAN, CROSSED),
        health=RolloutHealth(
            "4131",
            at=T0 + 400,
            devices=1,
            figures={Metric.ERRORS: percent(0.7), Metric.QUALITY: Measure(0.9, Unit.UNSTATED)},
            usual={Metric.ERRORS: percent(0.7)},
            history=(
                Point(T0 - 120, {Metric.ERRORS: percent(5.0)}),
                Point(T0 - 60, {Metric.ERRORS: percent(6.1)}),
                Point(T0 + 60, {Metric.ERRORS: percent(3.0)}),
            ),
        ),
        service="https://api.test/v1",
        org="acme",
        plan="f" * 64,
        by="ops",
        made_at=T0 + 500,
    )
    return replace(made, **fields)


def test_a_report_says_who_why_what_and_what_is_left() -> None:
    text = "\n".join(report_lines(evidence()))
    assert text.startswith("# Rollback 4131 of phi-4-mini: v2.0.0 -> v1.0.0\n")
    for said in (
        "| Who | ops, as the service says |",
        "| Why | errors \\| 6.1% \\<b> |",
        "Confirmed as plan `ffff`",
        "| eu | 2 | 0 | 0 | 0 | 2 |",
        "- Idempotency key: `key-1`",
        "- Request id of the service: `req-7`",
        "- HTTP status: 202",
        "It helped: errors 6.1% to 0.7%",
        "| errors | 6.1% | 0.7% | 0.7% |",
        "| quality | no data | 0.9? | no data |",
        "1 device of eu went silent right after v2.0.0: it needs hands.",
        "auto-rollback was OFF; error rate crossed its limit of 5% at ",
        "`octomil-console plan phi-4-mini --to-version 2.0.0`",
        "| ops | rollback 4131 v1.0.0 began |",
        "| eu |  | CHANGE | v2.0.0 | v1.0.0 | verified |",
    ):
        assert said.replace("| eu |  |", "| eu |") in text.replace("| eu | linux |", "| eu |"), (said, text)


def test_without_figures_a_plan_or_a_key_it_says_so() -> None:
    elsewhere = replace(ended(), key=None, ended_at=None, from_version=None)
    text = "\n".join(
        report_lines(evidence(rollback=elsewhere, health=None, plan=None, by=None, notes=("no audit",)))
    )
    for said in (
        "No data: the service tells no figures",
        "It was not planned at this console",
        "Nothing was sent from here",
        "The version it came from is not known.",
        "| Who | not told |",
        "- no audit",
    ):
        assert said in text, said


def test_a_bounce_that_only_the_service_saw_is_told() -> None:
    told = AffectedDevices({"a": AffectedDevice("a", "kiosk-a", bounced=1, verified_at=T0 + 30)})
    text = "\n".join(report_lines(evidence(affected=told)))
    assert "1 device left v1.0.0 once, as the service says: kiosk-a." in text
    rows = {row["id"]: row for row in report_data(evidence(affected=told))["devices"]}
    assert (rows["a"]["bounces"], rows["a"]["verified_at"]) == (1, T0 + 30)
    assert (rows["lost"]["stage"], rows["lost"]["verified_at"]) == (Stage.OFFLINE, None)


@pytest.mark.parametrize(
    ("phase", "said"),
    [
        (Phase.SUPERSEDED, "SUPERSEDED: the server says `rolling_back`: another rollout"),
        (Phase.WIDER, "WIDER THAN ASKED"),
        (Phase.UNCONFIRMED, "outcome unknown"),
    ],
)
def test_a_report_before_or_without_a_good_end_says_what_is_known(phase: Phase, said: str) -> None:
    assert verdict_sentence(evidence(rollback=replace(ended(), phase=phase))).startswith(said)


def test_one_that_has_not_ended_is_still_running() -> None:
    going = replace(ended(), phase=Phase.ROLLING_BACK, ended_at=None)
    assert verdict_sentence(evidence(rollback=going)).startswith("Still running: 1 of 2 verified.")


def test_a_device_that_comes_back_after_the_end_undoes_no_end() -> None:
    again = replace(ended(), phase=Phase.ROLLING_BACK)
    said = verdict_sentence(evidence(rollback=again))
    assert said == "It was done at 2026-06-17T03:19:21Z; now: 1 of 2 verified. 1 offline."
    told = replace(BEGAN, act=Act.COMPLETED, at=T0 + 300)
    by_service = verdict_sentence(evidence(rollback=replace(again, ended_at=None), events=(told,)))
    assert by_service.startswith("It was done at 2026-06-17T03:17:41Z; now: ")


def test_a_rollback_without_devices_has_a_report_too() -> None:
    bare = Evidence(Rollback("m-1", RollbackOrder(TARGET), Phase.NOT_SENT, sentence="no network"), "phi")
    text = "\n".join(report_lines(bare))
    assert "**no network**" in text
    assert "None was looked at." in text
    assert title(bare) == "Rollback of phi: ? -> v1.0.0"


def test_both_forms_tell_the_same_and_the_object_is_json() -> None:
    texts = report_texts(evidence())
    found = json.loads(texts[".json"])
    assert set(texts) == {".md", ".json"}
    assert found["request"]["idempotency_key"] == "key-1"
    assert found["figures"]["helps"] == "usual"
    assert (found["figures"]["before_at"], found["figures"]["after_at"]) == (T0 - 60, T0 + 400)
    assert found["figures"]["changes"][0] == {
        "metric": "errors",
        "before": {"value": 6.1, "unit": "percent"},
        "after": {"value": 0.7, "unit": "percent"},
        "usual": {"value": 0.7, "unit": "percent"},
    }
    assert found["left_for_daylight"][0][0] in texts[".md"]
    assert [event["act"] for event in found["timeline"]] == ["rollback", "crossed"]


@pytest.mark.parametrize(
    "hostile",
    [
        "[x](http://evil.test)",
        "<img src=x>",
        "a | b",
        "# title",
        "1. one",
        "`code`",
        "*b* _c_",
        "www.evil.test",
    ],
)
def test_text_of_the_service_is_no_markup(hostile: str) -> None:
    safe = plain(hostile)
    assert safe != hostile
    assert "](" not in safe.replace("\\](", "")
    assert not any(sign in safe for sign in ("://", "www.e"))
    assert "\n" not in plain("a\nb")


def test_code_cannot_be_ended_from_inside() -> None:
    assert code("a``b") == "``` a``b ```"


def test_the_table_of_the_timeline() -> None:
    lines = timeline_lines([BEGAN], T0 + 120)
    assert lines[0].split() == ["UTC", "AGO", "WHO", "MODEL", "WHAT"]
    assert lines[1].endswith("rollback 4131 v1.0.0 began")
    assert " 2m  ops" in lines[1]


def test_a_hook_is_told_of_each_change_once() -> None:
    news, rollback = HookNews(), ended()
    first = news.hear(replace(rollback, phase=Phase.ROLLING_BACK), "phi")
    assert news.hear(replace(rollback, phase=Phase.ROLLING_BACK), "phi") is None
    assert rollback.watch is not None
    bounced = replace(rollback, phase=Phase.ROLLING_BACK, watch=replace(rollback.watch, bounced=1))
    told = [first, news.hear(bounced, "phi"), news.hear(replace(bounced, phase=Phase.DONE), "phi")]
    assert [json.loads(one or "{}")["what"] for one in told] == ["rolling_back", "bounced", "done"]
    assert json.loads(told[-1] or "{}")["said"].startswith("DONE: ")
    assert news.hear(replace(rollback, model_id="m-2", phase=Phase.SENDING), "phi") is None
