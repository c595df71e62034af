"""One rollback from its plan to COMPLETE, with everything that polls in between, in virtual time."""

import asyncio
from dataclasses import replace

import pytest

from octomil_tui.domain.fleet import Connectivity, Device, Installation, RolloutState
from octomil_tui.domain.order import RollbackReceipt
from octomil_tui.domain.rollback import Phase
from octomil_tui.engine.freshness import Link, freshness
from octomil_tui.engine.session import Session
from octomil_tui.engine.state import ConsoleState, Event
from tests.engine.fakes import BACK, BAD, GOOD, NEW, OLD, T0, FakeService, M, device
from tests.engine.virtual import VIRTUAL, clock

pytestmark = pytest.mark.anyio
INTERVAL = 60.0


@pytest.fixture
def anyio_backend() -> object:
    return VIRTUAL


class Fleet(FakeService):
    """Three devices that sync once a minute and do what they are told, one of them offline at first."""

    def begin(self) -> None:
        self.began = clock()
        self.told_at: float | None = None

    def tick(self) -> None:
        """Bring everything to the loop's time."""
        passed = clock() - self.began
        self.at = T0 + passed
        if self.posts and self.told_at is None:
            self.told_at = passed
            self.active = (replace(BACK, created_at=T0 + passed),)
            self.rollout_list = (*self.active, replace(NEW, state=RolloutState.CANCELLED), OLD)
        self.device_list = tuple(
            self._device(key, start, passed) for key, start in (("a", 0), ("b", 20), ("c", 40))
        )

    def _device(self, key: str, start: float, passed: float) -> Device:
        wakes = 600.0 if key == "c" else 0.0
        contact = start + INTERVAL * ((passed - start) // INTERVAL)
        if contact < wakes:
            silent = device(key, BAD, "g-1", contact=T0 - 9_000, connectivity=Connectivity.OFFLINE)
            return replace(silent, interval=INTERVAL)
        told = self.told_at is not None and contact >= self.told_at
        first = max(self.told_at or 0.0, wakes)
        since = start + INTERVAL * -(-(first - start) // INTERVAL)
        installed = Installation(GOOD if told else BAD, wanted=GOOD, since=T0 + since if told else None)
        made = replace(device(key, BAD, "g-1", contact=T0 + contact), installations={M.id: installed})
        return replace(made, interval=INTERVAL)


async def test_from_the_plan_to_complete() -> None:
    service = Fleet(receipt=RollbackReceipt(rollout_id="4131", affected_devices=3))
    service.begin()
    service.tick()
    phases: list[Phase] = []

    def remember(state: ConsoleState, _: Event) -> None:
        for rollback in state.rollbacks.values():
            if not phases or phases[-1] is not rollback.phase:
                phases.append(rollback.phase)

    session = Session(service, on_change=remember, clock=clock, chance=lambda: 0.5)
    task = asyncio.create_task(session.run())
    await asyncio.sleep(1)
    shown = await session.preflight(M.name, None, None)
    assert shown.plan.to_version == GOOD
    assert shown.plan.total.devices == 3
    rollback = await session.roll_back(shown, "INC-1")
    assert rollback.phase is Phase.ROLLING_BACK
    verified: list[int] = []
    for second in range(800):
        service.tick()
        await asyncio.sleep(1)
        assert freshness(session.state, clock()).link is Link.LIVE
        watch = session.state.rollbacks[M.id].watch
        assert watch is not None
        whole = watch.whole
        assert sum(whole.stages.values()) == whole.devices == 3
        verified.append(whole.verified)
        if session.state.rollbacks[M.id].phase is Phase.DONE:
            assert second > INTERVAL, "settled is not verified: it takes another sync"
    task.cancel()
    assert phases == [Phase.PLANNED, Phase.SENDING, Phase.ROLLING_BACK, Phase.DONE, Phase.COMPLETE]
    assert verified == sorted(verified)
    assert verified[-1] == 3
    assert len(service.posts) == 1
    assert session.state.rollbacks[M.id].server_word == "rolling_back", "its own word never made it complete"


async def test_a_service_that_goes_away_in_between_ends_nothing() -> None:
    service = Fleet(receipt=RollbackReceipt(rollout_id="4131"))
    service.begin()
    service.tick()
    session = Session(service, clock=clock, chance=lambda: 0.5)
    task = asyncio.create_task(session.run())
    await session.roll_back(await session.preflight(M.id, GOOD, None), None)
    for second in range(900):
        service.tick()
        if 30 <= second < 400:
            service.device_list = service.active = service.rollout_list = ConnectionError("gone")
        elif second == 400:
            assert session.state.rollbacks[M.id].phase is Phase.ROLLING_BACK
            assert freshness(session.state, clock()).link is Link.OFFLINE
            service.rollout_list, service.active = (BACK, OLD), (BACK,)
        await asyncio.sleep(1)
    task.cancel()
    assert session.state.rollbacks[M.id].phase is Phase.COMPLETE
    assert freshness(session.state, clock()).link is Link.LIVE
    assert len(service.posts) == 1
