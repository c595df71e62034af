"""Two confirmations of one model, and one that is cancelled."""

import asyncio
from dataclasses import replace

import pytest

from octomil_tui.domain.rollback import Phase
from octomil_tui.engine.session import BusyError
from tests.engine.fakes import BACK, GOOD, OTHER, FakeService, M, settled
from tests.engine.test_session import session_of, shown_by

pytestmark = pytest.mark.anyio


async def test_two_confirmations_of_one_model_send_one_rollback() -> None:
    service = FakeService(gate=asyncio.Event())
    session = session_of(service)
    shown = await shown_by(session)
    first = asyncio.create_task(session.roll_back(shown, None))
    second = asyncio.create_task(session.roll_back(shown, None))
    await settled(lambda: second.done() and bool(service.posts))
    with pytest.raises(BusyError, match="is being sent already"):
        await second
    assert service.gate is not None
    service.gate.set()
    assert (await first).phase is Phase.ROLLING_BACK
    assert len(service.posts) == 1


async def test_two_models_do_not_hinder_each_other() -> None:
    service = FakeService(gate=asyncio.Event())
    session = session_of(service)
    shown = [await session.preflight(name, GOOD, None) for name in (M.id, OTHER.id)]
    tasks = [asyncio.create_task(session.roll_back(each, None)) for each in shown]
    await settled(lambda: len(service.posts) == 2)
    assert service.gate is not None
    service.gate.set()
    assert {(await task).model_id for task in tasks} == {M.id, OTHER.id}


async def test_a_cancelled_rollback_is_unconfirmed_and_the_next_is_not_busy() -> None:
    service = FakeService(gate=asyncio.Event())
    session = session_of(service)
    shown = await shown_by(session)
    task = asyncio.create_task(session.roll_back(shown, None))
    await settled(lambda: bool(service.posts))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert session.state.rollbacks[M.id].phase is Phase.UNCONFIRMED
    assert (await session.watch(M.id, BACK)).phase is Phase.ROLLING_BACK, "nobody awaits its answer any more"
    service.gate = None
    assert (await session.roll_back(shown, None)).phase is Phase.ROLLING_BACK
    assert len({key for _, _, key in service.posts}) == 2, "another intent, another key"


async def test_watching_another_one_does_not_hide_a_rollback_that_is_being_sent() -> None:
    service = FakeService(gate=asyncio.Event())
    session = session_of(service)
    task = asyncio.create_task(session.roll_back(await shown_by(session), None))
    await settled(lambda: bool(service.posts))
    before = len(service.calls)
    assert (await session.watch(M.id, BACK)).phase is Phase.SENDING
    assert len(service.calls) == before
    assert service.gate is not None
    service.gate.set()
    assert (await task).phase is Phase.ROLLING_BACK
    other = await session.watch(M.id, replace(BACK, id="4140"))
    assert other.rollout_id == "4140"


async def test_a_watch_that_was_reading_when_the_rollback_left_does_not_hide_it() -> None:
    service = FakeService(gate=asyncio.Event())
    session = session_of(service)
    shown = await shown_by(session)
    service.hold[f"affected {M.id} 4131"] = asyncio.Event()
    watch = asyncio.create_task(session.watch(M.id, BACK))
    await settled(lambda: f"affected {M.id} 4131" in service.calls)
    task = asyncio.create_task(session.roll_back(shown, None))
    await settled(lambda: bool(service.posts))
    service.hold[f"affected {M.id} 4131"].set()
    assert (await watch).phase is Phase.SENDING
    assert service.gate is not None
    service.gate.set()
    assert (await task).plan is not None
