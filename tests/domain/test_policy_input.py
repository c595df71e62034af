"""What is typed into the fields of the policy, and what of it is a change."""

import pytest

from octomil_tui.domain.policy import Policy, PolicyChange
from octomil_tui.domain.policy_input import AUTO, InputError, change_of, typed

STORED = Policy(
    auto_rollback=False,
    limits={"error_threshold_percent": 5.0, "crash_threshold_percent": 1.0, "latency_p95_max_ms": None},
)


def test_a_policy_that_is_typed_as_it_is_changes_nothing() -> None:
    texts = typed(STORED)
    assert texts == {
        AUTO: "off",
        "error_threshold_percent": "5%",
        "crash_threshold_percent": "1%",
        "latency_p95_max_ms": "none",
    }
    assert change_of(STORED, texts).is_empty
    assert typed(Policy()) == {AUTO: "off"}
    assert change_of(Policy(auto_rollback=None), {AUTO: "off"}) == PolicyChange(auto_rollback=False)


def test_only_what_is_different_is_asked_for() -> None:
    texts = typed(STORED) | {AUTO: " On ", "error_threshold_percent": "7.5", "latency_p95_max_ms": "1.5 s"}
    assert change_of(STORED, texts) == PolicyChange(
        auto_rollback=True, limits={"error_threshold_percent": 7.5, "latency_p95_max_ms": 1500.0}
    )
    assert change_of(
        Policy(auto_rollback=True), {AUTO: "on", "error_threshold_percent": "5"}
    ) == PolicyChange(limits={"error_threshold_percent": 5.0})


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        (AUTO, "maybe", "auto-rollback is on or off"),
        ("error_threshold_percent", "0", "error rate: more than 0"),
        ("error_threshold_percent", "101%", "error rate: more than 0"),
        ("error_threshold_percent", "5ms", "error rate: more than 0"),
        ("latency_p95_max_ms", "fast", "latency p95: a time"),
        ("latency_p95_max_ms", "5%", "latency p95: a time"),
    ],
)
def test_what_means_nothing(key: str, text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        change_of(STORED, typed(STORED) | {key: text})


def test_a_time_without_a_unit_is_in_ms() -> None:
    assert change_of(STORED, {AUTO: "off", "latency_p95_max_ms": "250"}).limits == {"latency_p95_max_ms": 250}
