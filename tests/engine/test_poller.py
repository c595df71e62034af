"""The loop that asks, in virtual time."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from octomil_tui.domain.fleet import Model
from octomil_tui.engine.poller import Poller
from octomil_tui.engine.reduce import reduce
from octomil_tui.engine.state import ConsoleState, Event, Focus, Focused, Refreshed
from octomil_tui.engine.topic import ACTIVE, DEVICES, MODELS
from tests.engine.fakes import FakeService, M, device
from tests.engine.virtual import VIRTUAL, clock

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> object:
    return VIRTUAL


class Console:
    """A state, and the poller that fills it."""

    def __init__(self, service: FakeService, chance: Callable[[], float] = lambda: 0.5) -> None:
        self.state = ConsoleState()
        self.events: list[tuple[float, Event]] = []
        self.looks = 0
        self.poller = Poller(service, state=self._look, dispatch=self.dispatch, clock=clock, chance=chance)

    def _look(self) -> ConsoleState:
        self.looks += 1
        return self.state

    def dispatch(self, event: Event) -> None:
        self.events.append((clock(), event))
        self.state = reduce(self.state, event)


@asynccontextmanager
async def running(console: Console) -> AsyncIterator[Console]:
    task = asyncio.create_task(console.poller.run())
    try:
        yield console
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        assert task.cancelled()


async def test_the_first_round_asks_for_everything_at_once() -> None:
    service = FakeService()
    async with running(Console(service)):
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert sorted(service.calls) == ["active", "devices", "groups", "models"]
        assert service.together == 4


async def test_never_more_than_four_at_once_and_none_twice() -> None:
    models = tuple(Model(f"m{n}", f"m{n}") for n in range(15))
    service = FakeService(model_list=models)
    async with running(Console(service)):
        await asyncio.sleep(600)
    assert service.together == 4
    assert service.twice == []
    assert service.under_way.total() == 0


async def test_it_keeps_the_periods() -> None:
    service = FakeService(model_list=(M,))
    async with running(Console(service)) as console:
        await asyncio.sleep(59)
        assert service.counted == {
            "models": 1,
            "groups": 1,
            "active": 12,
            "devices": 12,
            "incidents": 2,
            # Read again in the midst of it: one of them is under way.
            f"rollouts {M.id}": 2,
        }
        assert console.state.snapshot.devices


async def test_it_does_not_turn_while_nothing_is_due() -> None:
    service = FakeService(model_list=(M,))
    async with running(Console(service)) as console:
        await asyncio.sleep(600)
        answers = len(console.events)
        assert len(service.calls) == answers
        assert console.looks <= answers * 8


async def test_a_read_that_hangs_does_not_hold_the_others() -> None:
    service = FakeService(model_list=(M,), hold={"devices": asyncio.Event()})
    async with running(Console(service)) as console:
        await asyncio.sleep(31)
        assert service.counted["devices"] == 1
        assert service.counted["active"] == 7
        assert console.looks < 200
        service.hold["devices"].set()
        await asyncio.sleep(6)
        assert service.counted["devices"] == 2
        assert DEVICES in console.state.reads


async def test_four_reads_that_hang_are_waited_for() -> None:
    holds = {name: asyncio.Event() for name in ("models", "active", "devices", "groups")}
    service = FakeService(hold=holds)
    async with running(Console(service)) as console:
        console.dispatch(Focused(Focus(M.id)))
        console.poller.wake()
        await asyncio.sleep(30)
        assert len(service.calls) == 4
        assert console.looks < 20
        holds["models"].set()
        await asyncio.sleep(0.1)
        assert set(service.calls[4:]) == {"incidents", f"versions {M.id}", f"rollouts {M.id}", "rollouts m-2"}


async def test_every_topic_under_way_is_no_reason_to_turn() -> None:
    service = FakeService(hold={"models": asyncio.Event()})
    async with running(Console(service)) as console:
        looks = []
        for _ in range(3):
            await asyncio.sleep(1)
            looks.append(console.looks)
        assert looks[0] == looks[1] == looks[2]


async def test_wake_looks_at_what_is_due_now() -> None:
    service = FakeService(model_list=(M,))
    async with running(Console(service)) as console:
        await asyncio.sleep(1)
        console.dispatch(Focused(Focus(M.id, "a")))
        assert f"versions {M.id}" not in service.calls
        console.poller.wake()
        await asyncio.sleep(0.01)
        assert {f"versions {M.id}", "device a"} <= set(service.calls)
        assert console.state.details["a"].name == "name of a"


async def test_a_refresh_asks_for_everything_now() -> None:
    service = FakeService(model_list=(M,))
    async with running(Console(service)) as console:
        await asyncio.sleep(1)
        before = len(service.calls)
        console.dispatch(Refreshed())
        console.poller.wake()
        await asyncio.sleep(0.01)
        assert sorted(service.calls[before:]) == [
            "active",
            "devices",
            "groups",
            "incidents",
            "models",
            f"rollouts {M.id}",
        ]


async def test_devices_are_asked_for_with_every_model() -> None:
    service = FakeService(device_list=(device("a", installations={}),))
    async with running(Console(service)):
        await asyncio.sleep(0.01)
    assert service.asked_for == [(), ("m-1", "m-2")], "again, as soon as the models are known"


async def test_without_a_list_of_models_those_that_were_named_count() -> None:
    service = FakeService(model_list=())
    console = Console(service)
    console.dispatch(Focused(Focus("phi")))
    async with running(console):
        await asyncio.sleep(1)
    assert service.asked_for[0] == ("phi",)


async def test_members_are_read_where_rows_name_no_groups() -> None:
    rows = (device("a"), device("b"))
    service = FakeService(device_list=rows, members={"g-1": rows[:1], "g-2": rows[1:]})
    async with running(Console(service)) as console:
        await asyncio.sleep(1)
        assert [d.groups for d in console.state.snapshot.devices or ()] == [("g-1",), ("g-2",)]


async def test_a_cancellation_ends_the_reads_under_way() -> None:
    service = FakeService(hold={"models": asyncio.Event(), "active": asyncio.Event()})
    async with running(Console(service)) as console:
        await asyncio.sleep(1)
        assert service.under_way.total() == 2
    assert service.under_way.total() == 0
    await asyncio.sleep(60)
    assert MODELS not in console.state.reads
    assert ACTIVE not in console.state.reads
