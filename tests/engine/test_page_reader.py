"""Reading what is on the screen, in virtual time: the newest first, nothing in passing, nothing beyond the budget."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from octomil_tui.api.errors import ServerError
from octomil_tui.api.meter import Call, Ended
from octomil_tui.domain.device_page import DevicePage, DeviceQuery
from octomil_tui.domain.fleet import FleetSnapshot
from octomil_tui.domain.order import Reading
from octomil_tui.engine.asker import Purpose, current
from octomil_tui.engine.gate import Gate
from octomil_tui.engine.page_look import Look, PageSource
from octomil_tui.engine.page_reader import AT_ONCE, FRESH_FOR, PACE, PageReader
from octomil_tui.engine.state import ConsoleState
from tests.engine.fakes import STAGING, T0, M, device
from tests.engine.virtual import VIRTUAL, clock

pytestmark = pytest.mark.anyio

ALL = DeviceQuery()
GROUP = DeviceQuery(STAGING.id, STAGING.name)


@pytest.fixture
def anyio_backend() -> object:
    return VIRTUAL


@dataclass
class Pages:
    """A service with a long list; counts at the gate like a client."""

    total: int | None = 1_000_000
    gate: Gate | None = None
    takes: float = 0.05
    """Seconds for an answer."""
    fails: int = 0
    """Answers to come that are errors."""
    asked: list[int] = field(default_factory=list)
    queries: list[DeviceQuery] = field(default_factory=list)
    purposes: list[Purpose] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    together: int = 0
    under_way: int = 0

    async def device_page(
        self,
        query: DeviceQuery,
        model_ids: Sequence[str] = (),
        *,
        offset: int = 0,
        limit: int = 1_000,
        cursor: str | None = None,
    ) -> Reading[DevicePage]:
        assert list(model_ids) == [M.id]
        number = int(cursor) if cursor is not None else offset // limit
        permit = await self.gate.admit(Call("GET", "/v1/devices"), None) if self.gate is not None else None
        self.asked.append(number)
        self.queries.append(query)
        self.purposes.append(current().purpose)
        self.at.append(clock())
        self.under_way += 1
        self.together = max(self.together, self.under_way)
        await asyncio.sleep(self.takes)
        self.under_way -= 1
        if permit is not None:
            permit.end(Ended("200", 200, 120))
        if self.fails:
            self.fails -= 1
            raise ServerError("server error 500", status=500)
        first = number * limit
        rows = tuple(device(f"d{place}", "1.0.0", "staging") for place in range(first, first + 5))
        follows = str(number + 1) if self.total is None else None
        return Reading(DevicePage(rows, limit, self.total, follows), T0, total=self.total)


@asynccontextmanager
async def reading(source: Pages) -> AsyncIterator[PageReader]:
    """Run a reader until the block ends."""
    assert isinstance(source, PageSource)
    snapshot = FleetSnapshot(models=(M,), groups=(STAGING,))
    state = ConsoleState(snapshot=snapshot, raw_groups=(STAGING,))
    changes: list[float] = []
    reader = PageReader(
        source,
        state=lambda: state,
        on_change=lambda: changes.append(clock()),
        clock=clock,
        chance=lambda: 0.5,
        gate=source.gate,
    )
    task = asyncio.create_task(reader.run())
    yield reader
    task.cancel()
    assert changes


async def test_what_is_on_the_screen_comes_at_once_and_what_is_next_behind_it() -> None:
    source = Pages()
    async with reading(source) as reader:
        begun = clock()
        reader.store.of(ALL, total=1_000_000)
        reader.look(Look(ALL, shown=(0,), ahead=(1,)))
        await asyncio.sleep(1)
        assert (source.asked, source.at[0], source.together) == ([0, 1], begun, 1)
        assert source.purposes == [Purpose.OPEN] * 2
        reader.look(Look(ALL, shown=(999,)))
        await asyncio.sleep(1)
        assert source.asked == [0, 1, 999]
        assert reader.store.of(ALL).place("d999000") == 999_000


async def test_the_newest_wanted_comes_first_and_what_is_passed_quickly_is_not_asked_for() -> None:
    source = Pages()
    async with reading(source) as reader:
        reader.store.of(ALL, total=1_000_000)
        reader.look(Look(ALL, shown=(0,)))
        await asyncio.sleep(1)
        for page in range(100, 120):
            reader.look(Look(ALL, shown=(page,), ahead=(page + 1,)))
            await asyncio.sleep(0.03)
        await asyncio.sleep(1)
        assert source.asked == [0, 100, 119, 120]
        source.asked.clear()
        for page in range(200, 300):
            reader.look(Look(ALL, shown=(page,)))
            await asyncio.sleep(0.1)
        await asyncio.sleep(1)
        assert 4 <= len(source.asked) <= 7, "now and then one, to see how far it is"
        assert source.asked[-1] == 299


async def test_what_is_typed_is_asked_for_after_a_pause() -> None:
    source = Pages()
    async with reading(source) as reader:
        for word in ("k", "ki", "kio"):
            reader.look(Look(ALL.looking_for(("search", word)), shown=(0,), is_typed=True))
            await asyncio.sleep(0.2)
        assert source.asked == []
        await asyncio.sleep(1)
        assert source.queries == [ALL.looking_for(("search", "kio"))]
        assert reader.store.of(ALL.looking_for(("search", "kio"))).read == 5


async def test_what_is_looked_at_is_read_again_of_the_consoles_own_accord() -> None:
    source = Pages(gate=Gate(clock=clock, chance=lambda: 0.5))
    async with reading(source) as reader:
        reader.look(Look(ALL, shown=(0,)))
        await asyncio.sleep(FRESH_FOR * 3)
        assert (source.asked, set(source.purposes[1:])) == ([0, 0, 0], {Purpose.POLL})
        before = reader.oldest(reader.store.of(ALL))
        reader.again()
        await asyncio.sleep(0.2)
        assert source.purposes[-1] is Purpose.REFRESH
        after = reader.oldest(reader.store.of(ALL))
        assert before is not None
        assert after is not None
        assert after > before
        reader.rest()
        await asyncio.sleep(FRESH_FOR * 3)
        assert len(source.asked) == 4


async def test_nothing_is_read_again_where_others_need_the_budget() -> None:
    gate = Gate(clock=clock, chance=lambda: 0.5)
    source = Pages(gate=gate)
    async with reading(source) as reader:
        reader.look(Look(ALL, shown=(0,)))
        await asyncio.sleep(0.1)
        for _ in range(90):
            (await gate.admit(Call("GET", "/x"), None)).end(Ended("200", 200, 1))
        reader.look(Look(ALL, shown=(7,)))
        await asyncio.sleep(30)
        assert source.asked == [0], "the last minute is full"
        assert reader.held > 0
        await asyncio.sleep(40)
        assert source.asked == [0, 7]
        assert reader.held == 0


async def test_the_rest_is_read_when_somebody_says_so_and_leaves_room_for_others() -> None:
    source = Pages(total=40_000, gate=Gate(clock=clock, chance=lambda: 0.5))
    async with reading(source) as reader:
        reader.look(Look(GROUP, shown=(0,)))
        await asyncio.sleep(5)
        found = reader.store.of(GROUP)
        search = found.look_for("", lambda _: True)
        assert (source.asked, reader.to_read(found), reader.reads_on) == ([0], 39, False)
        reader.read_on(GROUP)
        await asyncio.sleep(4)
        assert len(source.asked) == 1 + AT_ONCE + 1
        await asyncio.sleep(PACE * 5)
        reader.stop()
        stopped_at = len(set(source.asked))
        assert 20 < stopped_at < 30
        await asyncio.sleep(10)
        assert len(set(source.asked)) == stopped_at
        reader.read_on(GROUP)
        await asyncio.sleep(60)
        assert (len(search.pages), reader.to_read(found), reader.reads_on) == (40, 0, False)
        assert found.devices()[0].groups == (STAGING.id,)


async def test_of_a_list_that_cannot_be_kept_the_rest_is_read_only_for_a_search() -> None:
    source = Pages(total=30_000)
    async with reading(source) as reader:
        reader.look(Look(GROUP, shown=(0,)))
        await asyncio.sleep(1)
        found = reader.store.of(GROUP)
        assert reader.to_read(found) == 0
        reader.read_on(GROUP)
        await asyncio.sleep(10)
        assert (source.asked, reader.reads_on) == ([0], False)
        found.look_for("7", lambda one: one.id.endswith("7"))
        assert reader.to_read(found) == 29
        reader.look(Look(GROUP, kept=(0,)))
        reader.read_on(GROUP)
        await asyncio.sleep(60)
        assert reader.reads_on is False
        assert set(source.asked) == set(range(30))
        again = [page for page in source.asked if source.asked.count(page) > 1]
        assert set(again) <= {0}, "a page that went is not asked for again by itself"
        assert len(found.pages) == 20


async def test_pages_behind_what_is_on_the_screen_are_read_again_in_turn() -> None:
    source = Pages(total=3_000)
    async with reading(source) as reader:
        reader.look(Look(GROUP, shown=(0, 1, 2)))
        await asyncio.sleep(1)
        reader.look(Look(GROUP, kept=(0, 1, 2, 7)))
        await asyncio.sleep(FRESH_FOR * 3 + 1)
        assert source.asked == [0, 1, 2, 0, 1, 2]
        reader.again()
        await asyncio.sleep(1)
        assert sorted(source.asked[6:]) == [0, 1, 2]


async def test_reading_on_ends_where_somebody_looks_at_another_list() -> None:
    source = Pages(total=40_000)
    async with reading(source) as reader:
        reader.look(Look(GROUP, shown=(0,)))
        reader.read_on(GROUP)
        await asyncio.sleep(0.3)
        reader.look(Look(ALL, shown=(0,)))
        assert not reader.reads_on


async def test_a_page_that_fails_says_why_and_is_tried_again() -> None:
    source = Pages(fails=2)
    async with reading(source) as reader:
        reader.look(Look(ALL, shown=(0,)))
        await asyncio.sleep(0.2)
        failure = reader.failure(ALL)
        assert failure is not None
        assert failure.sentence == "server error 500"
        await asyncio.sleep(60)
        assert reader.failure(ALL) is None
        assert source.asked[:3] == [0, 0, 0]


async def test_by_cursor_a_page_is_asked_for_behind_the_one_before() -> None:
    source = Pages(total=None)
    async with reading(source) as reader:
        reader.look(Look(GROUP, shown=(0,), ahead=(1,)))
        await asyncio.sleep(1)
        reader.look(Look(GROUP, shown=(5, 2)))
        await asyncio.sleep(1)
        assert source.asked == [0, 1, 2]
        narrowed = GROUP.looking_for(("status", "offline"))
        reader.look(Look(narrowed, shown=(0,)))
        await asyncio.sleep(1)
        first = reader.store.of(narrowed).device(0)
        assert first is not None
        assert first.groups == (STAGING.id,)
