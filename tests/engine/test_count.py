"""A fleet too large to be read whole is counted page by page, and a rollback of all of it is watched by the same pages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from octomil_tui.domain.convergence import Stage
from octomil_tui.domain.fleet import Device, DeviceGroup
from octomil_tui.domain.rollback import Phase
from octomil_tui.engine.count import is_counted, planned_census
from octomil_tui.engine.poller import ask
from octomil_tui.engine.reduce import reduce
from octomil_tui.engine.session import Session
from octomil_tui.engine.state import ConsoleState
from octomil_tui.engine.topic import ACTIVE, COUNT, DEVICES, GROUPS, MODELS, Topic
from tests.engine.fakes import BACK, BAD, GOOD, T0, FakeService, M, device, rollout
from tests.engine.metered import run_all
from tests.engine.virtual import VIRTUAL, clock

pytestmark = pytest.mark.anyio

SIZE = 12_000
SMALL, LARGE = 3_000, 9_000
GROUPS_OF = (
    DeviceGroup("g-1", "staging", device_count=SMALL),
    DeviceGroup("g-2", "canary", device_count=LARGE),
)


@pytest.fixture
def anyio_backend() -> object:
    return VIRTUAL


def fleet_of(version: str = BAD) -> tuple[Device, ...]:
    return tuple(device(f"d{n:05}", version, "g-1" if n < SMALL else "g-2") for n in range(SIZE))


def service_of(devices: tuple[Device, ...], groups: tuple[DeviceGroup, ...] = GROUPS_OF) -> FakeService:
    return FakeService(
        model_list=(replace(M, device_count=SIZE),),
        group_list=groups,
        device_list=devices[:10_000],
        total=len(devices),
        paged=devices,
        rollout_list=(),
        active=(),
    )


async def read(service: FakeService, state: ConsoleState, *topics: Topic) -> ConsoleState:
    for topic in topics:
        state = reduce(state, await ask(service, topic, lambda state=state: state, clock))  # type: ignore[misc]
    return state


async def known(service: FakeService, *more: Topic) -> ConsoleState:
    return await read(service, ConsoleState(), MODELS, GROUPS, ACTIVE, DEVICES, *more)


async def test_a_large_fleet_is_counted_group_by_group_each_device_once() -> None:
    service = service_of(fleet_of())
    state = await known(service)
    assert is_counted(state)
    service.calls.clear()
    state = await read(service, state, *[COUNT] * 12)
    assert service.calls == [
        *(f"page g-1 {at}" for at in range(0, SMALL, 1000)),
        *(f"page g-2 {at}" for at in range(0, LARGE, 1000)),
    ]
    whole = state.census.last
    assert whole is not None
    assert whole.counted == SIZE
    assert whole.by_version(M.id) == {BAD: SIZE}
    assert (whole.devices("g-1"), whole.devices("g-2")) == (SMALL, LARGE)


async def test_the_groups_in_which_something_is_under_way_come_first() -> None:
    service = service_of(fleet_of())
    service.active = (rollout("77", GOOD, group="g-2"),)
    stretch = planned_census(await known(service)).next
    assert stretch is not None
    assert stretch.group_id == "g-2"


async def test_a_fleet_that_was_read_whole_is_not_counted() -> None:
    few = service_of(fleet_of()[:500])
    assert not is_counted(await known(few))
    assert not is_counted(ConsoleState())


async def test_groups_that_cannot_be_listed_are_counted_from_the_list_of_all() -> None:
    service = service_of(fleet_of())
    service.lists_members = False
    state = await read(service, await known(service), *[COUNT] * 13)
    assert state.census.is_by_list
    whole = state.census.last
    assert whole is not None
    assert (whole.counted, whole.devices("g-1")) == (SIZE, SMALL)


async def test_a_service_that_heeds_no_offset_is_not_asked_for_ever() -> None:
    service = service_of(fleet_of(), groups=())
    service.heeds_offset = False
    state = await read(service, await known(service), *[COUNT] * 12)
    assert state.census.last is not None


@asynccontextmanager
async def console(service: FakeService) -> AsyncIterator[Session]:
    session = Session(service, clock=clock)
    async with run_all(session):
        yield session


async def rolled_back(session: Session) -> None:
    shown = await session.preflight(M.id, GOOD, None)
    assert shown.plan.uncounted == SIZE - 10_000
    await session.roll_back(shown, "why", is_fresh=True)


async def test_a_rollback_of_a_whole_large_fleet_is_watched_to_its_end() -> None:
    service = service_of(fleet_of())
    async with console(service) as session:
        await asyncio.sleep(5)
        await rolled_back(session)
        service.rollout_list = (BACK,)
        service.active = (BACK,)
        await asyncio.sleep(60)
        watch = session.state.rollbacks[M.id].watch
        assert watch is not None
        assert watch.coverage.looked_at == watch.coverage.devices == SIZE
        assert not watch.is_done
        at = T0 + 5
        back = tuple(
            replace(
                one,
                last_contact_at=at + 400,
                installations={
                    M.id: replace(
                        one.installations[M.id], version=GOOD, wanted=GOOD, since=at, by_device=True
                    )
                },
            )
            for one in fleet_of()
        )
        service.paged, service.device_list, service.at = back, back[:10_000], at + 500
        await asyncio.sleep(240)
        rollback = session.state.rollbacks[M.id]
        assert rollback.phase in (Phase.DONE, Phase.COMPLETE)
        assert rollback.watch is not None
        assert rollback.watch.whole.count(Stage.SETTLED) == SIZE


async def test_devices_that_two_counts_did_not_show_are_gone_and_hold_nothing_back() -> None:
    service = service_of(fleet_of())
    async with console(service) as session:
        await asyncio.sleep(5)
        await rolled_back(session)
        service.rollout_list = (BACK,)
        await asyncio.sleep(60)
        lost = {f"d{n:05}" for n in range(100)}
        service.paged = tuple(one for one in fleet_of() if one.id not in lost)
        for _ in range(12):
            # The service's clock goes on, by which the age of a look is told.
            service.at = (service.at or T0) + 30
            await asyncio.sleep(30)
        watch = session.state.rollbacks[M.id].watch
        assert watch is not None
        assert watch.whole.count(Stage.GONE) == len(lost)
        assert watch.whole.devices == SIZE
