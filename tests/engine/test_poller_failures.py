"""What the loop does with reads that fail, in virtual time."""

import asyncio
import itertools

import pytest

from octomil_tui.api.errors import (
    ForbiddenError,
    NotFoundError,
    OctomilError,
    RateLimitedError,
    ServerError,
    TimedOutError,
    UnauthorizedError,
    UntrustedError,
)
from octomil_tui.domain.fleet import Model
from octomil_tui.engine.state import PollFailed
from octomil_tui.engine.topic import ACTIVE, DEVICES, GROUPS
from tests.engine.fakes import NEW, FakeService, M
from tests.engine.test_poller import Console, running
from tests.engine.virtual import VIRTUAL

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> object:
    return VIRTUAL


def waits(console: Console) -> list[float]:
    return [event.wait for _, event in console.events if isinstance(event, PollFailed)]


def gaps(console: Console) -> list[float]:
    times = [at for at, event in console.events if isinstance(event, PollFailed)]
    return [round(later - earlier, 3) for earlier, later in itertools.pairwise(times)]


@pytest.mark.parametrize("error", [ServerError("503"), TimedOutError("no answer"), OctomilError("odd")])
async def test_a_failing_topic_backs_off(error: OctomilError) -> None:
    service = FakeService(model_list=(M,), active=error)
    console = Console(service, chance=lambda: 0.999)
    async with running(console):
        await asyncio.sleep(120)
        assert [round(wait, 1) for wait in waits(console)[:8]] == [1.0, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]
        assert gaps(console) == [round(wait, 3) for wait in waits(console)][: len(gaps(console))]
        assert console.state.reads[ACTIVE].sentence == error.message
        assert console.state.reads[ACTIVE].failures == len(waits(console))
        assert service.counted["devices"] == 24, "the others go on"


async def test_the_jitter_is_drawn_for_every_wait() -> None:
    chances = iter([0.5, 0.5, 0.75, 0.25, 0.1, 0.1, 0.1, 0.1])
    console = Console(FakeService(active=ServerError("503")), chance=lambda: next(chances, 0.5))
    async with running(console):
        await asyncio.sleep(8)
    assert waits(console)[:5] == [1.0, 1.0, 1.5, 1.0, 1.0], "never sooner than a second"


@pytest.mark.parametrize(
    ("kind", "wait"),
    [(UnauthorizedError, 60.0), (ForbiddenError, 60.0), (NotFoundError, 30.0), (UntrustedError, 30.0)],
)
async def test_a_refusal_is_asked_again_slowly(kind: type[OctomilError], wait: float) -> None:
    console = Console(FakeService(model_list=(M,), group_list=kind("no")))
    async with running(console):
        await asyncio.sleep(121)
    assert set(waits(console)) == {wait}
    assert set(gaps(console)) == {wait}
    assert len(waits(console)) == 1 + 120 // wait


async def test_the_wait_that_the_service_asks_for_is_kept() -> None:
    service = FakeService(model_list=(M,), device_list=RateLimitedError("slow down", retry_after=7.0))
    console = Console(service)
    async with running(console):
        await asyncio.sleep(30)
    assert waits(console) == [7.0] * 5
    assert gaps(console) == [7.0] * 4
    assert service.counted["active"] == 5, "the others wait as well"


async def test_it_recovers_by_itself_and_starts_the_backoff_anew() -> None:
    service = FakeService(model_list=(M,), active=ServerError("503"))
    console = Console(service, chance=lambda: 0.999)
    async with running(console):
        await asyncio.sleep(100)
        service.active = (NEW,)
        await asyncio.sleep(31)
        assert console.state.active == (NEW,)
        assert console.state.reads[ACTIVE].failures == 0
        service.active = ServerError("503")
        failures = len(waits(console))
        await asyncio.sleep(10)
        assert waits(console)[failures] == 1.0


@pytest.mark.parametrize("error", [ValueError("what"), ExceptionGroup("several", [KeyError("x")])])
async def test_an_unexpected_exception_does_not_end_the_loop(error: Exception) -> None:
    service = FakeService(model_list=(M,), group_list=error)
    console = Console(service)
    async with running(console):
        await asyncio.sleep(61)
        assert waits(console) == [30.0] * 3
        sentence = console.state.reads[GROUPS].sentence
        assert sentence == f"this console could not use the answer ({type(error).__name__})"
        service.group_list = ()
        await asyncio.sleep(31)
        assert console.state.snapshot.groups == ()


async def test_a_reading_of_the_wrong_type_is_a_failure() -> None:
    service = FakeService(device_list=(M,))  # type: ignore[arg-type] # the mistake under test
    async with running(Console(service)) as console:
        await asyncio.sleep(1)
        assert console.state.reads[DEVICES].sentence.endswith("(TypeError)")
        assert console.state.snapshot.devices is None


async def test_an_outage_of_everything_is_met_with_patience() -> None:
    down = ServerError("503")
    service = FakeService(model_list=(M,))
    console = Console(service)
    async with running(console):
        await asyncio.sleep(10)
        service.active = service.device_list = service.group_list = service.rollout_list = down
        service.model_list = down
        before = len(service.calls)
        await asyncio.sleep(60)
        assert len(service.calls) - before <= 80
        assert console.state.snapshot.devices, "what was known stays"


async def test_many_models_whose_rollouts_are_refused_stay_in_the_budget() -> None:
    models = tuple(Model(f"m{n}", f"m{n}") for n in range(50))
    service = FakeService(model_list=models, rollout_list=NotFoundError("no such route"))
    console = Console(service)
    async with running(console):
        for _ in range(5):
            before = len(service.calls)
            await asyncio.sleep(60)
            assert len(service.calls) - before <= 80
    assert waits(console)[-1] > 120.0, "each waits for its turn among fifty"


async def test_a_failing_read_of_many_pages_is_not_repeated_every_second() -> None:
    service = FakeService(model_list=(M,), total=10_000)
    console = Console(service, chance=lambda: 0.0)
    async with running(console):
        await asyncio.sleep(1)
        service.device_list = ServerError("503")
        before = service.counted["devices"]
        await asyncio.sleep(60)
        assert service.counted["devices"] - before == 3
