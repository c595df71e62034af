from __future__ import annotations

from dataclasses import replace

import pytest

from octomil_tui.engine.clock import to_next
from octomil_tui.engine.reduce import reduce
from octomil_tui.engine.standstill import only_time_passed
from octomil_tui.engine.state import ConsoleState, Focus, Focused, PollFailed
from octomil_tui.engine.topic import ACTIVE, DEVICES, GROUPS, MODELS, Topic, rollouts_of
from tests.engine.fakes import NEW, OLD, STAGING, M, device, polled

ROWS = (device("a"), device("b"))
KNOWN = polled(
    polled(
        polled(polled(ConsoleState(), MODELS, (M,), 1.0), rollouts_of(M.id), (NEW, OLD), 2.0),
        ACTIVE,
        (NEW,),
        3.0,
    ),
    DEVICES,
    ROWS,
    4.0,
    total=2,
)


@pytest.mark.parametrize(
    ("topic", "value"), [(MODELS, KNOWN.snapshot.models), (ACTIVE, KNOWN.active), (DEVICES, ROWS)]
)
def test_the_same_answer_again_is_only_time(topic: Topic, value: object) -> None:
    total = 2 if topic is DEVICES else None
    assert only_time_passed(KNOWN, polled(KNOWN, topic, value, 9.0, total=total), topic)


def test_the_same_rollouts_read_anew_are_only_time() -> None:
    topic = rollouts_of(M.id)
    assert only_time_passed(KNOWN, polled(KNOWN, topic, (replace(NEW), replace(OLD)), 9.0), topic)


def test_whatever_else_there_is_is_news() -> None:
    assert not only_time_passed(KNOWN, polled(KNOWN, DEVICES, (device("a"), ROWS[1]), 9.0, total=2), DEVICES)
    assert not only_time_passed(KNOWN, polled(KNOWN, DEVICES, ROWS, 9.0, total=3), DEVICES)
    assert not only_time_passed(KNOWN, polled(KNOWN, GROUPS, (STAGING,), 9.0), GROUPS)
    assert not only_time_passed(KNOWN, polled(KNOWN, ACTIVE, (replace(NEW, share=0.5),), 9.0), ACTIVE)
    assert not only_time_passed(ConsoleState(), KNOWN, DEVICES)
    assert not only_time_passed(KNOWN, reduce(KNOWN, Focused(Focus(model_id=M.id))), DEVICES)


def test_the_end_of_a_failure_is_news() -> None:
    failed = reduce(KNOWN, PollFailed(DEVICES, "no answer", 8.0, 4.0))
    assert not only_time_passed(failed, polled(failed, DEVICES, ROWS, 9.0, total=2), DEVICES)


@pytest.mark.parametrize(("now", "left"), [(0.0, 1.0), (7.25, 0.75), (7.0, 1.0)])
def test_what_happens_once_a_second_happens_together(now: float, left: float) -> None:
    assert to_next(now, 1.0) == left
