"""The limits of a minute, whoever asks: what leaves, what waits, and what is said about it."""

from __future__ import annotations

import asyncio
import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from octomil_tui.api.errors import RateLimitedError, RequestRefusedError
from octomil_tui.api.meter import Call, Ended
from octomil_tui.engine.asker import Purpose, asking, current
from octomil_tui.engine.budget import Budget
from octomil_tui.engine.gate import Gate, Wait, gate_of
from octomil_tui.engine.request_log import LENGTH, Request
from tests.engine.fakes import FakeService
from tests.engine.metered import MeteredService
from tests.engine.virtual import VIRTUAL, VirtualLoop, clock

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> object:
    return VIRTUAL


GET = Call("GET", "/v1/models")
OK = Ended("200", 200, 120)


async def ask(gate: Gate, purpose: Purpose, count: int = 1, what: str = "") -> None:
    with asking(purpose, what):
        for _ in range(count):
            (await gate.admit(GET, None)).end(OK)


def gate_with(**options: object) -> Gate:
    return Gate(clock=clock, chance=lambda: 0.5, wall=lambda: 0.0, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("purpose", "limit"),
    [
        (Purpose.POLL, 80),
        (Purpose.WATCH, 80),
        (Purpose.REFRESH, 88),
        (Purpose.OPEN, 88),
        (Purpose.PREFLIGHT, 96),
        (Purpose.COMMAND, 96),
    ],
)
async def test_how_many_may_leave_in_a_minute(purpose: Purpose, limit: int) -> None:
    gate, begun = gate_with(), clock()
    await ask(gate, purpose, limit)
    assert clock() == begun
    await ask(gate, purpose)
    assert 60 <= clock() - begun <= 61
    assert gate.account().used.total == 1


async def test_what_is_kept_for_the_person_is_there_whatever_the_console_does() -> None:
    gate, begun = gate_with(), clock()
    await ask(gate, Purpose.POLL, 80)
    await ask(gate, Purpose.PREFLIGHT, 16)
    assert clock() == begun
    used = gate.account().used
    assert (used.own, used.user, used.total) == (80, 16, 96)
    assert gate.room_in(Purpose.POLL) > 59
    assert gate.room_in(Purpose.REFRESH) > 59
    assert gate.room_in(Purpose.WRITE, 4) == 0
    assert gate.room_in(Purpose.WRITE, 5) > 59


async def test_what_the_person_uses_the_console_does_without() -> None:
    gate = gate_with()
    await ask(gate, Purpose.PREFLIGHT, 50)
    await ask(gate, Purpose.POLL, 30)
    assert gate.room_in(Purpose.POLL) > 0, "twenty stay free"
    assert gate.room_in(Purpose.WATCH, 15) == 0, "what somebody waits for goes on"
    assert gate.room_in(Purpose.WATCH, 16) > 0, "and leaves room for a preview, and for the write"
    assert gate.room_in(Purpose.PREFLIGHT) == 0


async def test_a_write_never_waits_and_is_refused_when_the_minute_is_full() -> None:
    gate, begun = gate_with(), clock()
    await ask(gate, Purpose.COMMAND, 96)
    for _ in range(4):
        (await gate.admit(Call("POST", "/v1/models/m/rollback"), 0.0)).end(OK)
    with pytest.raises(RequestRefusedError, match=r"100 requests have left in the last minute; .* in 61 s"):
        await gate.admit(Call("POST", "/v1/models/m/rollback"), 0.0)
    assert clock() == begun
    assert [one.asked_by for one in gate.log.newest[:5]] == ["write"] * 4 + ["command"]


async def test_a_slow_request_counts_until_a_minute_after_it_ended() -> None:
    gate = gate_with()
    permit = await gate.admit(GET, None)
    await asyncio.sleep(300)
    assert gate.account().used.total == 1
    permit.end(Ended("timeout"))
    await asyncio.sleep(59)
    assert gate.account().used.total == 1
    await asyncio.sleep(2)
    assert gate.account().used.total == 0


async def test_a_minute_that_is_full_of_what_is_still_on_its_way_is_looked_at_again() -> None:
    gate, begun = gate_with(), clock()
    with asking(Purpose.POLL):
        permits = [await gate.admit(GET, None) for _ in range(80)]
        waiting = asyncio.create_task(ask(gate, Purpose.POLL))
        await asyncio.sleep(30)
        for permit in permits:
            permit.end(OK)
        await waiting
    assert 90 <= clock() - begun <= 93


async def test_a_wait_that_is_longer_than_the_patience_is_an_error_at_once() -> None:
    gate, begun = gate_with(), clock()
    await ask(gate, Purpose.COMMAND, 96)
    with pytest.raises(RateLimitedError, match="the last minute is full; again in 61 s") as caught:
        await gate.admit(GET, 20.0)
    assert caught.value.retry_after == pytest.approx(60, abs=1)
    assert clock() == begun


async def test_the_pause_that_the_service_asked_for_holds_everything_and_is_said() -> None:
    said: list[tuple[str, str, float]] = []

    def told(wait: Wait, seconds: float) -> None:
        said.append((wait.what, wait.why, seconds))

    gate, begun = gate_with(on_wait=told), clock()
    with asking(Purpose.POLL, "devices"):
        (await gate.admit(GET, None)).end(Ended("429", 429, 9, 17.0))
    assert gate.pause == 17.0
    tasks = [
        asyncio.create_task(ask(gate, one, what="x"))
        for one in (Purpose.POLL, Purpose.SETTLE, Purpose.PREFLIGHT)
    ]
    await asyncio.sleep(7)
    assert {(wait.what, round(left)) for wait, left in gate.waits} == {("settle x", 10), ("preflight x", 10)}
    assert said == [
        ("settle x", "the service asked for a pause (429)", 17.0),
        ("preflight x", "the service asked for a pause (429)", 17.0),
    ]
    await asyncio.gather(*tasks[1:])
    assert clock() - begun == pytest.approx(17.0)
    assert gate.waits == ()
    await tasks[0]
    assert 17.0 < clock() - begun <= 17.0 + 4.25, "of its own accord a little later, by chance"
    assert gate.account().refusals == 1


async def test_a_cancelled_wait_is_no_wait() -> None:
    gate = gate_with()
    (await gate.admit(GET, None)).end(Ended("429", 429, 9, 60.0))
    task = asyncio.create_task(ask(gate, Purpose.PREFLIGHT))
    await asyncio.sleep(1)
    assert len(gate.waits) == 1
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert list(gate.waits) == []
    assert gate.account().used.total == 1


async def test_a_refusal_that_names_no_time_pauses_for_longer_each_time() -> None:
    gate, pauses = gate_with(), []
    for _ in range(7):
        permit = await gate.admit(GET, None)
        permit.end(Ended("429", 429))
        pauses.append(gate.pause)
    assert pauses[:4] == [1.0, 1.5, 3.0, 6.0]
    assert max(pauses) <= 30
    (await gate.admit(GET, None)).end(OK)
    (await gate.admit(GET, None)).end(Ended("429", 429))
    assert gate.pause == 1.0, "after an answer it begins anew"


async def test_the_log_tells_what_was_asked_and_nothing_more() -> None:
    told: list[Request] = []
    gate = gate_with(on_request=told.append)
    with asking(Purpose.POLL, "devices"):
        permit = await gate.admit(Call("GET", "/v1/devices", 3, is_retry=True), None)
        await asyncio.sleep(0.25)
        permit.end(Ended("304", 304))
    with asking(Purpose.PREFLIGHT):
        (await gate.admit(GET, None)).end(Ended("timeout"))
    assert told == [*reversed(gate.log.newest)]
    first, second = told
    assert (first.method, first.path, first.word, first.status) == ("GET", "/v1/devices", "304", 304)
    assert (first.page, first.is_retry, first.asked_by, first.size) == (3, True, "poll devices", 0)
    assert first.took_ms == pytest.approx(250)
    assert (second.number, second.word, second.status, second.asked_by) == (2, "timeout", None, "preflight")
    await ask(gate, Purpose.COMMAND, 90)
    for _ in range(6):
        await asyncio.sleep(61)
        await ask(gate, Purpose.COMMAND, 90)
    assert (len(gate.log.newest), gate.log.count) == (LENGTH, 632)
    assert gate.log.newest[0].number == 632


async def test_a_client_is_counted_where_it_tells_and_keeps_what_it_came_with() -> None:
    service = MeteredService()
    gate = gate_of(service, clock=clock, chance=lambda: 0.5)
    assert gate is not None
    assert service.meter is gate
    assert gate_of(service, clock=clock, chance=lambda: 0.5) is gate
    assert gate_of(FakeService(), clock=clock, chance=lambda: 0.5) is None


def test_who_asks_is_known_also_in_tasks_that_were_begun_by_it() -> None:
    async def inner() -> Purpose:
        return current().purpose

    async def outer() -> list[Purpose]:
        with asking(Purpose.PREFLIGHT):
            task = asyncio.create_task(inner())
        return [await task, await inner()]

    assert asyncio.run(outer()) == [Purpose.PREFLIGHT, Purpose.COMMAND]


@st.composite
def errands(draw: st.DrawFn) -> list[tuple[Purpose, int, float, float]]:
    """Who asks for how many requests, one after the other, when it begins, and how long each takes."""
    reads = [one for one in Purpose if one is not Purpose.WRITE]
    one = st.tuples(
        st.sampled_from(reads),
        st.integers(1, 30),
        st.floats(0, 180),
        st.sampled_from([0.0, 0.05, 0.4, 3.0, 20.0]),
    )
    return draw(st.lists(one, min_size=1, max_size=14))


@given(errands(), st.integers(0, 2**32 - 1), st.sampled_from([0.0, 0.02, 0.2]))
@settings(max_examples=60)
def test_no_minute_of_the_service_ever_holds_more(
    wanted: list[tuple[Purpose, int, float, float]], seed: int, refusing: float
) -> None:
    """Requests arrive at any moment between leaving and their end; the service counts when they arrive."""
    rng = random.Random(seed)
    arrived: list[tuple[float, bool]] = []

    async def errand(gate: Gate, purpose: Purpose, count: int, begin: float, takes: float) -> None:
        await asyncio.sleep(begin)
        with asking(purpose):
            for _ in range(count):
                permit = await gate.admit(GET, None)
                way = rng.uniform(0, takes)
                await asyncio.sleep(way)
                arrived.append((clock(), purpose.is_own))
                await asyncio.sleep(takes - way)
                is_refused = rng.random() < refusing
                permit.end(Ended("429", 429, 0, rng.choice([None, 1.0, 30.0])) if is_refused else OK)

    async def run() -> None:
        gate = Gate(clock=clock, chance=rng.random)
        async with asyncio.TaskGroup() as group:
            for one in wanted:
                group.create_task(errand(gate, *one))

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(run())
    assert len(arrived) == sum(count for _, count, _, _ in wanted)
    assert fullest([at for at, _ in arrived]) <= 96
    assert fullest([at for at, is_own in arrived if is_own]) <= 80


def fullest(times: list[float]) -> int:
    """Return the most in any 60 seconds, both ends included."""
    times = sorted(times)
    begins = itertools.count()
    most, begin = 0, next(begins)
    for index, at in enumerate(times):
        while times[begin] < at - 60:
            begin = next(begins)
        most = max(most, index - begin + 1)
    return most


def test_a_clock_that_is_set_back_forgets_nothing_too_early() -> None:
    budget = Budget()
    first, second = budget.begin(Purpose.POLL), budget.begin(Purpose.POLL)
    budget.end(first, 100.0)
    budget.end(second, 90.0)
    assert budget.used(155.0).total == 2
    assert budget.used(161.0).total == 0
    assert budget.wait(161.0, Purpose.POLL, 1_000) == 0.0, (
        "more than ever fits waits for an empty minute only"
    )
