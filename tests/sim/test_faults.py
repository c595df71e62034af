"""The rules that are set: which requests they are for, how often, and which of them wins."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from octomil_tui.sim.faults import NOTHING, Faults, read_rules
from octomil_tui.sim.presets import FAULT_NAMES
from octomil_tui.sim.rules import DropAfter, IgnoreGroup, RefuseRollback, Status

DEVICES = ("/v1/devices", "/devices")
ROLLBACK = ("/v1/models/phi-4-mini/rollback", "/models/phi-4-mini/rollback")


class Now:
    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def faults(*rules: dict[str, Any], now: Now | None = None, dice: list[float] | None = None) -> Faults:
    made = Faults(clock=now or Now(), dice=iter(dice or []).__next__)
    made.add(read_rules(rules))
    return made


def met(made: Faults, method: str = "GET", paths: tuple[str, ...] = DEVICES) -> tuple[str, ...]:
    return made.fire(method, paths).names


def test_without_a_rule_nothing_happens() -> None:
    assert faults().fire("GET", DEVICES) is NOTHING


@pytest.mark.parametrize(
    ("which", "method", "paths", "is_met"),
    [
        ({}, "GET", DEVICES, True),
        ({"path": "/devices"}, "GET", DEVICES, True),
        ({"path": "/v1/dev*"}, "GET", DEVICES, True),
        ({"path": "/models/*/rollback"}, "POST", ROLLBACK, True),
        ({"path": "/models"}, "POST", ROLLBACK, False),
        ({"path": "/DEVICES"}, "GET", DEVICES, False),
        ({"method": "POST"}, "GET", DEVICES, False),
        ({"method": "POST", "path": "/devices"}, "POST", DEVICES, True),
    ],
)
def test_a_rule_is_for_some_requests(
    which: dict[str, str], method: str, paths: tuple[str, ...], is_met: bool
) -> None:
    made = faults({"fault": "reset", **which})
    assert met(made, method, paths) == (("reset",) if is_met else ())
    assert made.standing[0].fired == is_met


def test_a_rule_happens_so_many_times_and_the_next_one_takes_its_place() -> None:
    made = faults({"fault": "reset", "times": 2}, {"fault": "html", "times": 1})
    assert [met(made) for _ in range(4)] == [("reset",), ("reset",), ("html",), ()]
    assert [one.is_on(100.0) for one in made.standing] == [False, False]


def test_a_rule_lasts_for_a_while() -> None:
    now = Now()
    made = faults({"fault": "status", "code": 503, "lasts": 60}, now=now)
    now.seconds += 59.9
    assert met(made) == ("status",)
    now.seconds += 0.1
    assert met(made) == ()


def test_a_rule_happens_by_chance() -> None:
    made = faults({"fault": "reset", "chance": 0.5}, dice=[0.4, 0.5, 0.6, 0.1])
    assert [bool(met(made)) for _ in range(4)] == [True, False, False, True]
    assert made.standing[0].fired == 2


def test_the_seed_decides_about_chance() -> None:
    def run(seed: int) -> list[bool]:
        made = Faults.named((), seed)
        made.add(read_rules([{"fault": "reset", "chance": 0.5}]))
        return [bool(met(made)) for _ in range(64)]

    assert run(1) == run(1) != run(2)
    assert {True, False} == set(run(1))


def test_delays_add_up_and_the_first_answer_wins() -> None:
    made = faults(
        {"fault": "latency", "seconds": 1},
        {"fault": "status", "code": 503},
        {"fault": "reset"},
        {"fault": "latency", "seconds": 0.5},
        {"fault": "skew", "seconds": -7200},
    )
    fired = made.fire("GET", DEVICES)
    assert (fired.latency, fired.skew) == (1.5, -7200)
    assert isinstance(fired.answer, Status)
    assert fired.names == ("latency", "status", "latency", "skew")
    assert [one.fired for one in made.standing] == [1, 1, 0, 1, 1]


def test_switches_are_for_rollbacks_alone() -> None:
    made = faults({"fault": "ignore_group"}, {"fault": "refuse_rollback", "times": 1})
    assert met(made) == ()
    fired = made.fire("POST", ROLLBACK)
    assert fired.switch(RefuseRollback) is not None
    assert made.fire("POST", ROLLBACK).switch(RefuseRollback) is None
    assert fired.switch(IgnoreGroup) is not None
    assert fired.answer is None


def test_rules_are_taken_away() -> None:
    made = faults({"fault": "reset"}, {"fault": "html"})
    assert made.remove(1)
    assert not made.remove(1)
    assert met(made) == ("html",)
    made.clear()
    assert [one.id for one in made.add(read_rules([{"fault": "empty"}]))] == [3]


@pytest.mark.parametrize("name", FAULT_NAMES)
def test_every_name_of_the_command_line_is_a_rule(name: str) -> None:
    made = Faults.named([name])
    path = "/settings*" if name == "plain-settings" else "/models/*/rollback"
    assert [one.rule.path for one in made.standing] == [path]


def test_a_lost_answer_is_the_first_rollbacks() -> None:
    made = Faults.named(["lost-answer"])
    assert met(made) == ()
    assert isinstance(made.fire("POST", ROLLBACK).answer, DropAfter)
    assert met(made, "POST", ROLLBACK) == ()


RULES: list[dict[str, Any]] = [
    {"fault": "latency", "seconds": 3},
    {"fault": "skew", "seconds": -1.5},
    {"fault": "status", "code": 429, "retry_after": "1e9"},
    {"fault": "redirect", "location": "http://127.0.0.1:9/x", "code": 308},
    {"fault": "too_large", "megabytes": 300, "gzip": False},
    {"fault": "drip", "seconds": 0.1},
    {"fault": "no_rollback_route", "code": 405},
    {"fault": "no_receipt", "bare": True},
    *({"fault": name, "processed": True} for name in ("reset", "silent", "html", "garbage", "empty")),
    *({"fault": name} for name in ("drop_before", "drop_after", "truncate", "forbid", "reject_key")),
]


def test_every_kind_of_rule_can_be_said() -> None:
    assert [rule.fault for rule in read_rules(RULES)] == [rule["fault"] for rule in RULES]


@pytest.mark.parametrize(
    "wrong",
    [
        {"fault": "fire"},
        {},
        {"fault": "latency"},
        {"fault": "latency", "seconds": 0},
        {"fault": "latency", "seconds": "3"},
        {"fault": "latency", "seconds": True},
        {"fault": "latency", "seconds": float("nan")},
        {"fault": "latency", "seconds": 1, "code": 503},
        {"fault": "drop_before", "processed": True},
        {"fault": "status", "code": 600},
        {"fault": "status", "code": 503, "retry_after": "7\r\nX: 1"},
        {"fault": "status", "code": 503, "retry_after": "7\n"},
        {"fault": "redirect", "location": "file:///x"},
        {"fault": "redirect", "location": "http://x\r\nX: 1"},
        {"fault": "too_large", "megabytes": 1_000_000},
        {"fault": "no_rollback_route", "code": 500},
        {"fault": "reset", "method": "get"},
        {"fault": "reset", "path": ""},
        {"fault": "reset", "times": 0},
        {"fault": "reset", "chance": 0},
        {"fault": "reset", "chance": 1.1},
        {"fault": "reset", "lasts": -1},
    ],
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        read_rules([wrong])


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_pattern_meets_any_path(pattern: str, path: str) -> None:
    rule = {"fault": "reset", "path": pattern or "*"}
    made = faults(rule)
    assert met(made, "GET", (path,)) in {(), ("reset",)}


def test_a_pattern_of_stars_is_no_trap() -> None:
    made = faults({"fault": "reset", "path": "*a" * 60 + "b"})
    assert met(made, "GET", ("a" * 2000,)) == ()
