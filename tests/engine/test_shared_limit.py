"""Consoles in virtual time before a service that counts: nobody is refused twice, and what is watched stays fresh."""

from __future__ import annotations

import asyncio
import itertools
import random

import pytest

from octomil_tui.api.errors import RateLimitedError, UnknownOutcomeError
from octomil_tui.domain.fleet import Model
from octomil_tui.domain.rollback import Phase
from octomil_tui.engine.asker import Purpose
from octomil_tui.engine.freshness import freshness
from octomil_tui.engine.session import Session
from octomil_tui.engine.state import Cause, Focus, Planned
from octomil_tui.engine.topic import DEVICES, rollouts_of
from octomil_tui.engine.trouble import PAUSED
from tests.engine.fakes import BACK, GOOD, FakeService, M, rollout
from tests.engine.metered import Limiter, MeteredService, console_of, run_all
from tests.engine.stories import in_phase
from tests.engine.virtual import VIRTUAL, clock

pytestmark = pytest.mark.anyio

MINUTE = 60.0


@pytest.fixture
def anyio_backend() -> object:
    return VIRTUAL


def service_of(
    models: int, *, limiter: Limiter | None = None, pages: int = 1, latency: float = 0.2
) -> MeteredService:
    listed = (M, *(Model(f"m{n}", f"model {n}") for n in range(2, models + 1)))
    return MeteredService(
        limiter=limiter,
        model_list=listed,
        rollout_list=(),
        active=(),
        pages=pages,
        total=pages * 1000 - 500,
        latency=lambda: latency,
    )


def gaps(service: MeteredService, name: str, since: float) -> list[float]:
    times = [one.at for one in service.arrived if one.name == name and one.at >= since]
    return [later - earlier for earlier, later in itertools.pairwise(times)]


async def test_of_fifty_models_the_watched_one_is_never_older_than_three_seconds() -> None:
    service = service_of(50)
    session = console_of(service)
    session.focus(Focus(M.id))
    session.dispatch(Planned(in_phase(Phase.ROLLING_BACK)))
    async with run_all(session):
        await asyncio.sleep(60)
        begun = clock()
        await asyncio.sleep(600)
    for name in ("devices", f"rollouts {M.id}"):
        found = gaps(service, name, begun)
        assert len(found) > 200
        assert max(found) <= 3.0
    assert service.fullest(own=True) <= 80
    others = {one.name for one in service.arrived if one.name.startswith("rollouts")}
    assert len(others) == 50, "and none of the others is forgotten"


async def test_a_watch_that_begins_in_the_midst_of_everything_is_fresh_from_the_first_minute() -> None:
    service = service_of(50)
    session = console_of(service)
    async with run_all(session):
        await asyncio.sleep(61)
        session.focus(Focus(M.id))
        session.dispatch(Planned(in_phase(Phase.ROLLING_BACK)))
        session.refresh()
        await asyncio.sleep(5)
        begun = clock()
        await asyncio.sleep(120)
    assert max(gaps(service, "devices", begun)) <= 3.0
    assert max(gaps(service, f"rollouts {M.id}", begun)) <= 3.0
    assert service.fullest(own=True) <= 80


@pytest.mark.parametrize("models", [4, 20, 50])
async def test_a_watch_goes_on_whatever_else_a_person_looks_at(models: int) -> None:
    service = service_of(models)
    session = console_of(service)
    async with run_all(session):
        await asyncio.sleep(90)
        session.dispatch(Planned(in_phase(Phase.ROLLING_BACK)))
        begun = clock()
        for place in range(2, 12):
            session.focus(Focus(f"m{place}", f"device {place}"))
            await asyncio.sleep(2)
        for _ in range(3):
            await session.preflight(M.id, GOOD, None)
            await asyncio.sleep(2)
        session.focus(Focus(M.id))
        await asyncio.sleep(120)
    assert sum(not one.purpose.is_own for one in service.arrived) >= 20
    assert max(gaps(service, "devices", begun)) <= 3.0
    assert max(gaps(service, f"rollouts {M.id}", begun)) <= 3.0
    assert service.fullest(own=True) <= 80
    assert service.fullest() <= 95


@pytest.mark.parametrize(("models", "pages"), [(4, 1), (20, 1), (50, 10), (20, 4)])
async def test_whoever_does_what_no_minute_is_too_full(models: int, pages: int) -> None:
    rng = random.Random(models * pages)
    service = service_of(models, pages=pages)
    service.latency = lambda: rng.choice([0.02, 0.3, 2.0])
    session = console_of(service, rng.random)
    async with run_all(session), asyncio.timeout(600):
        session.dispatch(Planned(in_phase(Phase.ROLLING_BACK)))
        while clock() < 1000 + 300:
            await asyncio.sleep(rng.uniform(0.1, 6))
            match rng.randrange(4):
                case 0:
                    session.refresh()
                case 1:
                    session.focus(Focus(rng.choice([M.id, "m2", "m3"]), rng.choice([None, "a", "b"])))
                case _:
                    await session.preflight(M.id, GOOD, None)
    assert service.fullest() <= 100
    assert service.fullest(own=True) <= 80
    assert {one.purpose for one in service.arrived} >= {Purpose.WATCH, Purpose.PREFLIGHT, Purpose.REFRESH}


@pytest.mark.parametrize("seed", [1, 2])
async def test_a_dashboard_and_three_consoles_share_one_key(seed: int) -> None:
    rng = random.Random(seed)
    limiter = Limiter()
    services = [service_of(20, limiter=limiter) for _ in range(4)]
    sessions = [console_of(service, random.Random(rng.random()).random) for service in services]
    for session in sessions[:2]:
        session.focus(Focus(M.id))
        session.dispatch(Planned(in_phase(Phase.ROLLING_BACK)))
    async with run_all(*sessions):
        await asyncio.sleep(5 * MINUTE)
        settled = len(limiter.refused)
        assert 1 <= settled <= 12, "they did not fit, and nobody insisted"
        before = [len(service.arrived) for service in services]
        await asyncio.sleep(20 * MINUTE)
        assert len(limiter.refused) == settled, "not once more in twenty minutes"
        rates = [(len(s.arrived) - n) / 20 for s, n in zip(services, before, strict=True)]
        assert all(8 <= rate <= 25 for rate in rates)
        # Also those who try for more after a long quiet are refused a few times at most.
        await asyncio.sleep(12 * MINUTE)
        assert len(limiter.refused) - settled <= 10
    assert max(service.refusals for service in services) <= 8


async def test_nobody_asks_anything_before_the_pause_is_over() -> None:
    limiter = Limiter(limit=16)
    service = service_of(20, limiter=limiter)
    session = console_of(service, random.Random(5).random)
    async with run_all(session):
        await asyncio.sleep(10)
        assert len(limiter.refused) >= 1
        waits = session.gate.pause if session.gate is not None else 0.0
        assert waits > 50
        refused_at = limiter.refused[-1]
        task = asyncio.create_task(session.preflight(M.id, GOOD, None))
        session.refresh()
        count = len(service.arrived)
        await asyncio.sleep(waits - 1)
        assert len(service.arrived) == count, "no poll, no refresh, no preflight"
        assert not task.done()
        found = freshness(session.state, clock())
        assert found.cause is Cause.LIMITED
        assert found.retry_in == pytest.approx(1, abs=0.5)
        assert (await task).plan.to_version == GOOD
    assert min(one.at for one in service.arrived[count:]) >= refused_at + waits - 0.5


async def test_a_pause_that_a_preflight_was_asked_for_holds_the_polls_and_is_said() -> None:
    service = service_of(4)
    session = console_of(service)
    async with run_all(session):
        await asyncio.sleep(3)
        service.limiter = Limiter(limit=0)
        service.limiter.taken.append(clock() - 40)
        with pytest.raises(RateLimitedError):
            await session.preflight(M.id, GOOD, None)
        service.limiter = None
        count = len(service.arrived)
        await asyncio.sleep(15)
        assert len(service.arrived) == count
        found = freshness(session.state, clock())
        assert (found.sentence, found.cause) == (PAUSED, Cause.LIMITED)
        await asyncio.sleep(30)
        assert len(service.arrived) > count
        assert freshness(session.state, clock()).sentence == ""
        assert session.state.allowance < 80


async def test_the_look_for_a_lost_answer_waits_for_the_pause_too() -> None:
    service = service_of(4)
    session = console_of(service)
    shown = await session.preflight(M.id, GOOD, None)
    service.receipt = UnknownOutcomeError("no answer")
    service.rollout_list = (rollout("4131", GOOD, BACK.state, kind="rollback", created_at=BACK.created_at),)

    async def refuse_once(method: str, name: str, page: int = 0) -> None:
        plain = MeteredService._request
        if name.startswith("rollouts") and service.posts:
            service._request = plain.__get__(service)  # type: ignore[method-assign]
            service.limiter = Limiter(limit=0)
            service.limiter.taken.append(clock() - 30)
            try:
                await plain(service, method, name, page)
            finally:
                service.limiter = None
            return
        await plain(service, method, name, page)

    service._request = refuse_once  # type: ignore[method-assign]
    rollback = await session.roll_back(shown, None, is_fresh=True)
    assert rollback.phase is Phase.ROLLING_BACK
    looks = [one.at for one in service.arrived if one.purpose is Purpose.SETTLE]
    assert len(looks) == 2
    assert looks[1] - looks[0] >= 29
    assert [one.purpose for one in service.arrived if one.name == "rollback"] == [Purpose.WRITE]


async def test_a_read_of_many_pages_waits_for_room_for_all_of_them() -> None:
    service = service_of(50, pages=10)
    session = console_of(service)
    session.dispatch(Planned(in_phase(Phase.ROLLING_BACK)))
    async with run_all(session):
        await asyncio.sleep(600)
    reads: list[list[float]] = []
    for one in service.arrived:
        if one.name == "devices":
            if not reads or len(reads[-1]) == 10:
                reads.append([])
            reads[-1].append(one.at)
    whole = [read for read in reads if len(read) == 10]
    assert len(whole) >= 20
    assert all(read[-1] - read[0] <= 9 * 0.2 + 1.5 for read in whole[1:]), "none of them stops half way"
    assert service.fullest(own=True) <= 80


async def test_a_service_that_tells_of_no_requests_is_asked_as_before() -> None:
    service = FakeService()
    session = Session(service, clock=clock)
    async with run_all(session):
        await asyncio.sleep(10)
    assert session.gate is None
    assert DEVICES in session.state.reads
    assert rollouts_of(M.id) in session.state.reads
