"""The policy: figures with the unit that their names state, what a change does, and what was not kept of it."""

import pytest

from octomil_tui.domain.incident import Breach, Check, Incident, unanswered_sentence
from octomil_tui.domain.policy import (
    RULES,
    Policy,
    PolicyChange,
    differences,
    figure,
    limit_words,
    not_kept,
    rule_of,
)

ERROR, CRASH, LATENCY = RULES
STORED = Policy(
    auto_rollback=False,
    limits={"error_threshold_percent": 5.0, "crash_threshold_percent": 1.0, "latency_p95_max_ms": None},
)
PLAIN = Policy(auto_rollback=True)


@pytest.mark.parametrize(
    ("value", "name", "said"),
    [
        (6.1, "error_rate_percent", "6.1%"),
        (5.0, "error_threshold_percent", "5%"),
        (0.05, "crash_rate_percent", "0.05%"),
        (1840.4, "latency_p95_ms", "1,840 ms"),
        (250.0, "latency_p95_max_ms", "250 ms"),
        (250.0, "latency_p95_ms_max", "250 ms"),
        (3100.0, "memory_mb", "3,100 MB"),
        (0.91, "quality", "0.91"),
        (None, "error_rate_percent", "no data"),
    ],
)
def test_a_figure_has_the_unit_that_its_name_states(value: float | None, name: str, said: str) -> None:
    assert figure(value, name) == said


def test_a_rule_is_found_by_its_name_and_by_its_setting() -> None:
    assert rule_of("crash_rate") is CRASH is rule_of("crash_threshold_percent")
    assert rule_of("alr_1") is None


def test_limits_as_words() -> None:
    assert limit_words(5.0, ERROR) == "5%"
    assert limit_words(1.0, CRASH) == "1% above usual"
    assert STORED.words(LATENCY) == limit_words(None, LATENCY) == "no limit"
    assert PLAIN.words(ERROR) == "not kept by this service"
    assert [Policy(auto).auto_words for auto in (True, False, None)] == ["on", "off", "not told"]


def test_a_change_before_it_is_sent() -> None:
    change = PolicyChange(True, {"error_threshold_percent": 7.0})
    rows = differences(STORED, change.applied(STORED))
    assert [(row.what, row.before, row.after) for row in rows if row.is_change] == [
        ("auto-rollback", "off", "on"),
        ("error rate", "5%", "7%"),
    ]
    assert len(rows) == 4
    kept = PolicyChange(limits={"error_threshold_percent": 7.0}).applied(STORED)
    assert kept.auto_rollback is False
    assert PolicyChange().is_empty
    assert not change.is_empty


def test_what_was_not_kept_is_said_for_each() -> None:
    change = PolicyChange(True, {"error_threshold_percent": 7.0, "latency_p95_max_ms": None})
    assert change.is_kept(change.applied(STORED))
    assert not_kept(change, PLAIN) == (
        "error rate: this service does not keep a limit of its own",
        "latency p95: this service does not keep a limit of its own",
    )
    assert not_kept(change, STORED) == (
        "auto-rollback was to be on, and is off",
        "error rate: 7% was asked for, and 5% is stored",
    )
    assert not_kept(PolicyChange(False, {"x\x1b": 1.0}), PLAIN) == (
        "auto-rollback was to be off, and is on",
        "x\\x1b is no setting that this console knows",
    )


def test_what_was_crossed_is_said_with_rule_value_limit_and_window() -> None:
    breach = Breach("error_rate", "error_rate_percent", 6.1, 5.0, None, 5, 50)
    assert breach.sentence == "error rate 6.1%, limit 5% for 5 min, 50 devices"
    crash = Breach("crash_rate", "crash_rate_percent", 3.1, 1.2, 0.2, 5)
    assert crash.sentence == "crash rate 3.1%, limit 1.2% (usual 0.2% and 1%) for 5 min"
    assert Breach("alr_1", "queue_depth", None).sentence == "queue depth no data, limit no limit"
    assert (Breach("alr_1").name, Breach().name) == ("alr 1", "a figure")


def test_incidents_that_nothing_was_done_about() -> None:
    breach = Breach("error_rate", "error_rate_percent", 6.1, 5.0, None, 5)
    alone = Incident(
        "i1", breach, status="open", model_name="phi\x1b", version="2.0.0", is_auto_rollback=False
    )
    ended = Incident("i2", breach, status="resolved", is_auto_rollback=False)
    reverted = Incident("i3", breach, status="open", is_auto_rollback=True, rollback_id="9")
    untold = Incident("i4", breach, status="open")
    told = [alone, ended, reverted, untold]
    assert [one.is_open and one.was_left_alone for one in told] == [True, False, False, False]
    assert unanswered_sentence(alone) == (
        "phi\\x1b v2.0.0: error rate 6.1%, limit 5% for 5 min. Auto-rollback is OFF: nothing was rolled back"
    )
    assert (Incident("i5", breach, model_id="m").subject, Incident("i6", breach).subject) == ("m", "a model")
    assert [Check(breach, state).is_crossed for state in ("crossed", "ok")] == [True, False]


def test_what_a_service_did_about_an_incident_is_a_sentence_whatever_it_tells() -> None:
    breach = Breach("error_rate", "error_rate_percent", 6.1, 5.0, None, 5)
    answers = [Incident("i", breach, is_auto_rollback=is_auto).answer for is_auto in (False, True, None)]
    assert answers == [
        "Auto-rollback is OFF: nothing was rolled back",
        "Auto-rollback is on: nothing was rolled back yet",
        "Nothing was rolled back; the server does not say whether it does so by itself",
    ]
    assert Incident("i", breach, rollback_id="9").answer == "The server rolled back by itself"
    assert Incident("i", breach).fired == breach.sentence
    assert Incident("i", Breach(), title="disks are full").fired == "disks are full"
    assert Incident("i", Breach()).fired == "an incident without a name"
