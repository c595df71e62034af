"""Answers that overtake each other: what was asked for later is newer, whenever it arrives."""

from __future__ import annotations

import asyncio

import pytest

from octomil_tui.domain.fleet import RolloutState
from octomil_tui.domain.order import Reading
from octomil_tui.engine.poller import ask
from octomil_tui.engine.reduce import reduce
from octomil_tui.engine.session import Session
from octomil_tui.engine.state import Cause, ConsoleState, Polled, PollFailed
from octomil_tui.engine.topic import ACTIVE, DEVICES, Topic, rollouts_of
from tests.engine.fakes import NEW, OLD, T0, M, device, rollout
from tests.faults.server import Wire, fleet
from tests.faults.server import device as row
from tests.faults.watching import client_for

OLDER = (device("a", "2.0.0"),)
NEWER = (device("a", "1.0.0"),)
HALF = rollout("4127", "2.0.0", RolloutState.ACTIVE, share=0.4)
MORE = rollout("4127", "2.0.0", RolloutState.ACTIVE, share=0.9)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def answered(state: ConsoleState, topic: Topic, value: object, *, began: float, at: float) -> ConsoleState:
    return reduce(state, Polled(topic, Reading(value, T0 + at), at, began))


def test_case_36_an_older_request_never_replaces_a_newer_one() -> None:
    state = answered(ConsoleState(), DEVICES, NEWER, began=2.0, at=3.0)
    late = answered(state, DEVICES, OLDER, began=1.0, at=9.0)
    assert late is state
    assert answered(state, DEVICES, OLDER, began=4.0, at=9.0).raw_devices == OLDER


def test_case_36_a_late_failure_says_nothing_of_what_was_read_since() -> None:
    state = answered(ConsoleState(), DEVICES, NEWER, began=2.0, at=3.0)
    assert reduce(state, PollFailed(DEVICES, "no", 9.0, 1.0, Cause.LINK, 1.0)) is state
    assert reduce(state, PollFailed(DEVICES, "no", 9.0, 1.0, Cause.LINK, 4.0)).reads[DEVICES].failures == 1


@pytest.mark.parametrize(("asked", "share"), [(5.0, 0.4), (0.5, 0.9)])
def test_case_36_running_rollouts_do_not_go_back(asked: float, share: float) -> None:
    state = answered(ConsoleState(), rollouts_of(M.id), (MORE, OLD), began=1.0, at=2.0)
    state = answered(state, ACTIVE, (HALF,), began=asked, at=6.0)
    assert state.snapshot.rollouts[M.id][0].share == share


@pytest.mark.parametrize(("asked", "share"), [(5.0, 0.4), (0.5, 0.9)])
def test_case_36_a_slow_list_keeps_the_newer_word_on_what_runs(asked: float, share: float) -> None:
    state = answered(ConsoleState(), rollouts_of(M.id), (NEW, OLD), began=0.1, at=0.2)
    state = answered(state, ACTIVE, (MORE,), began=1.0, at=2.0)
    state = answered(state, rollouts_of(M.id), (HALF, OLD), began=asked, at=6.0)
    assert state.snapshot.rollouts[M.id][0].share == share


@pytest.mark.anyio
async def test_case_36_on_the_wire_the_slow_answer_of_an_old_poll_is_dropped() -> None:
    held, let_go = asyncio.Event(), asyncio.Event()

    async def slow(wire: Wire) -> None:
        held.set()
        await let_go.wait()
        await wire.write(wire.whole)

    async with fleet() as server, client_for(server) as client:
        session = Session(client)
        clock = asyncio.get_running_loop().time
        server.faults["devices"] = slow
        old = asyncio.create_task(ask(client, DEVICES, lambda: session.state, clock))
        await held.wait()
        server.faults.clear()
        server.tables["devices"] = {"devices": [row("a", "1.0.0")]}
        session.dispatch(await ask(client, DEVICES, lambda: session.state, clock))
        known = session.state.snapshot.devices
        let_go.set()
        late = await old
        assert len(late.reading.value) == 3  # type: ignore[arg-type] # a tuple of devices
        session.dispatch(late)
        assert session.state.snapshot.devices is known
        assert known is not None
        assert [one.installations["m-1"].version for one in known] == ["1.0.0"]
