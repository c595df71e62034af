"""What is read of the policy: while somebody looks at it, kept where it belongs, and its absence costs nothing else."""

from __future__ import annotations

import pytest

from octomil_tui.domain.fleet import RolloutState
from octomil_tui.domain.history import StatusChange
from octomil_tui.domain.incident import Breach, Check, Incident
from octomil_tui.domain.policy import Policy
from octomil_tui.engine.cadence import topics_of, wanted
from octomil_tui.engine.poller import ask
from octomil_tui.engine.standstill import only_time_passed
from octomil_tui.engine.state import ConsoleState, Focus, Focused
from octomil_tui.engine.topic import INCIDENTS, POLICY, checks_of, history_of, rollout_in
from tests.engine.fakes import FakeClock, FakeService, after, polled

CHECKS = (Check(Breach("error_rate"), "ok"),)
HISTORY = (StatusChange(RolloutState.ACTIVE, "active"),)
INCIDENT = Incident("inc_1", Breach("error_rate"))


def test_a_history_names_its_model_and_its_rollout_whatever_they_are_called() -> None:
    for ids in (("m-1", "4127"), ("1:m", "2:x"), ("", "x"), ("a/b\n", "c:d")):
        assert rollout_in(history_of(*ids)) == ids


def test_what_only_one_screen_reads_is_read_while_it_is_in_front() -> None:
    topics = (POLICY, INCIDENTS, checks_of("4127"), history_of("m-1", "4127"))
    looked = after(Focused(Focus(topics=topics)))
    assert set(topics) <= set(wanted(looked))
    assert topics_of(looked.focus) == topics
    assert not {POLICY, checks_of("4127")} & set(wanted(ConsoleState()))
    assert wanted(looked)[INCIDENTS] == wanted(ConsoleState())[INCIDENTS], "it has its own period"


@pytest.mark.anyio
async def test_each_is_asked_by_its_own_call_and_kept() -> None:
    service = FakeService(
        policies=[Policy(auto_rollback=True)], incident_list=(INCIDENT,), check_list=CHECKS, history=HISTORY
    )
    state = ConsoleState()
    for topic in (POLICY, INCIDENTS, checks_of("4127"), history_of("m-1", "4127")):
        state = after(await ask(service, topic, ConsoleState, FakeClock()), state=state)
    assert service.calls == ["policy", "incidents", "checks 4127", "history m-1 4127"]
    assert (state.policy, state.incidents) == (Policy(auto_rollback=True), (INCIDENT,))
    assert (state.checks, state.histories) == ({"4127": CHECKS}, {("m-1", "4127"): HISTORY})


def test_only_the_newest_few_are_kept() -> None:
    state = ConsoleState()
    for number in range(40):
        state = polled(state, checks_of(str(number)), CHECKS)
        state = polled(state, history_of("m", str(number)), HISTORY)
    assert list(state.checks) == [str(number) for number in range(24, 40)]
    assert len(state.histories) == 16


@pytest.mark.parametrize("topic", [POLICY, INCIDENTS, checks_of("1"), history_of("m", "1")])
def test_another_type_is_a_mistake_of_this_program(topic: object) -> None:
    with pytest.raises(TypeError, match="was read as"):
        polled(ConsoleState(), topic, 7)  # type: ignore[arg-type] # one of the topics above


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def test_an_answer_without_news_changes_nothing() -> None:
    topics = {POLICY: Policy(), INCIDENTS: (INCIDENT,), checks_of("1"): CHECKS, history_of("m", "1"): HISTORY}
    state = ConsoleState()
    for mono in (0.0, 1.0):
        before = state
        for topic, value in topics.items():
            state = polled(state, topic, value, mono)
        if mono:
            assert all(only_time_passed(before, state, topic) for topic in topics)
