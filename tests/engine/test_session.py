"""What the operator can ask of a session."""

import asyncio
from dataclasses import replace

import pytest

from octomil_tui.api.errors import RejectedError, ServerError, UnknownOutcomeError
from octomil_tui.domain.rollback import Phase
from octomil_tui.engine.preflight import Preflight
from octomil_tui.engine.session import PlanMovedError, Session
from octomil_tui.engine.state import ConsoleState, Event, Focus, Focused, Planned, Refreshed
from octomil_tui.engine.topic import MODELS
from tests.engine.fakes import (
    BACK,
    BAD,
    GOOD,
    NEW,
    OLD,
    T0,
    FakeClock,
    FakeService,
    M,
    device,
    settled,
)

pytestmark = pytest.mark.anyio


def session_of(service: FakeService) -> Session:
    clock = FakeClock(service=service)
    return Session(service, clock=clock, sleep=clock.sleep, chance=lambda: 0.5)


async def shown_by(session: Session, group: str | None = None) -> Preflight:
    return await session.preflight(M.id, GOOD, group)


async def test_a_plan_that_still_holds_is_sent_once() -> None:
    service = FakeService()
    session = session_of(service)
    shown = await shown_by(session)
    rollback = await session.roll_back(shown, "INC-1")
    assert rollback.phase is Phase.ROLLING_BACK
    assert session.state.rollbacks[M.id] is rollback
    assert service.counted["devices"] == service.counted[f"rollouts {M.id}"] == 2, "read again before it"
    [(model, order, key)] = service.posts
    assert (model, order.to_version, order.reason, order.group) == (M.id, GOOD, "INC-1", None)
    assert rollback.key == key


async def test_a_group_is_read_again_and_sent_by_name() -> None:
    service = FakeService(members={"g-1": (device("a"),)})
    session = session_of(service)
    await session.roll_back(await shown_by(session, "staging"), None)
    assert service.counted["members g-1"] == 2
    assert service.posts[0][1].group == "staging"


async def test_a_plan_that_was_just_read_is_not_read_again() -> None:
    service = FakeService()
    session = session_of(service)
    shown = await shown_by(session)
    before = list(service.calls)
    rollback = await session.roll_back(shown, None, is_fresh=True)
    assert rollback.phase is Phase.ROLLING_BACK
    assert service.calls == before
    assert len(service.posts) == 1


async def test_a_plan_that_moved_is_refused_in_words() -> None:
    service = FakeService()
    session = session_of(service)
    shown = await shown_by(session)
    service.rollout_list = (replace(NEW, share=0.7), OLD)
    service.device_list = (device("a", BAD, "g-1"), device("b", BAD, "g-2"))
    with pytest.raises(PlanMovedError) as raised:
        await session.roll_back(shown, None)
    assert raised.value.changes == (
        "rollout 4127 is active at 70% instead of rollout 4127 is active at 40%",
        "2 devices change instead of 1",
        "0 devices are there already instead of 1",
    )
    assert str(raised.value) == "; ".join(raised.value.changes)
    assert service.posts == []
    assert session.state.rollbacks == {}
    again = await session.roll_back(raised.value.now, None)
    assert again.phase is Phase.ROLLING_BACK, "the plan as it is now can be confirmed"


async def test_a_group_that_shrank_is_a_plan_that_moved() -> None:
    rows = (device("a", BAD, "g-1"), device("b", BAD, "g-1"))
    service = FakeService(device_list=rows, members={"g-1": rows})
    session = session_of(service)
    shown = await shown_by(session, "staging")
    service.members["g-1"] = rows[:1]
    with pytest.raises(PlanMovedError, match="1 devices change instead of 2"):
        await session.roll_back(shown, None)
    assert service.posts == []


async def test_a_world_that_cannot_be_read_again_sends_nothing() -> None:
    service = FakeService()
    session = session_of(service)
    shown = await shown_by(session)
    service.rollout_list = ServerError("503")
    with pytest.raises(ServerError):
        await session.roll_back(shown, None)
    assert service.posts == []
    service.rollout_list = (NEW, OLD)
    assert (await session.roll_back(shown, None)).phase is Phase.ROLLING_BACK, "and it is not busy after that"


async def test_a_rejection_comes_back_as_a_phase() -> None:
    session = session_of(FakeService(receipt=RejectedError("conflict (409): one is running")))
    rollback = await session.roll_back(await shown_by(session), None)
    assert (rollback.phase, rollback.sentence) == (Phase.REJECTED, "conflict (409): one is running")


async def test_a_lost_answer_is_settled_before_it_comes_back() -> None:
    service = FakeService(receipt=UnknownOutcomeError("no answer"))
    session = session_of(service)
    shown = await shown_by(session)
    service.rollout_script = [(NEW, OLD), (NEW, OLD), (BACK, NEW, OLD)]
    rollback = await session.roll_back(shown, None)
    assert (rollback.phase, rollback.rollout_id) == (Phase.ROLLING_BACK, "4131")
    assert len(service.posts) == 1


@pytest.mark.parametrize(("at", "expected"), [(T0, T0), (None, None)])
async def test_it_is_sent_by_the_clock_of_the_service(at: float | None, expected: float | None) -> None:
    session = session_of(FakeService(at=at))
    rollback = await session.roll_back(await shown_by(session), None)
    assert rollback.sent_at is not None
    if expected is not None:
        assert rollback.sent_at == expected
    else:
        assert rollback.sent_at > T0 - 86_400 * 365, "without one, this machine's is all there is"


async def test_every_change_is_told_with_its_event() -> None:
    told: list[tuple[ConsoleState, Event]] = []
    session = Session(
        FakeService(), on_change=lambda state, event: told.append((state, event)), clock=lambda: 7.0
    )
    session.focus(Focus(M.id))
    session.focus(Focus(M.id))
    session.refresh()
    assert [event for _, event in told] == [Focused(Focus(M.id)), Refreshed(7.0)]
    assert told[-1][0] is session.state
    await session.roll_back(await shown_by(session), None)
    assert isinstance(told[2][1], Planned)


async def test_run_reads_until_it_is_cancelled() -> None:
    service = FakeService()
    session = session_of(service)
    task = asyncio.create_task(session.run())
    await settled(lambda: session.state.snapshot.models is not None)
    assert MODELS in session.state.reads
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
