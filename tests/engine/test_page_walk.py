"""Reading a list from its beginning: as far as it may go, within the budget, and never with a hole."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from octomil_tui.api.errors import ForbiddenError, OctomilError, ServerError
from octomil_tui.domain.device_page import DevicePage, DeviceQuery
from octomil_tui.domain.fleet import Device
from octomil_tui.domain.order import Reading
from octomil_tui.engine import page_walk
from octomil_tui.engine.asker import Purpose, current
from octomil_tui.engine.page_walk import Walk, least_seconds, walk
from tests.engine.fakes import STAGING, T0, M, device

pytestmark = pytest.mark.anyio

GROUP = DeviceQuery(STAGING.id, STAGING.name)


class Pages:
    """A list whose pages have ten devices, and errors to come before some answers."""

    def __init__(
        self, count: int, *, total: int | None, stuck: bool = False, by_cursor: bool = False
    ) -> None:
        self._count, self._total, self._stuck, self._by_cursor = count, total, stuck, by_cursor
        self.errors: list[OctomilError] = []
        self.asked: list[tuple[int, str | None]] = []

    async def device_page(
        self,
        query: DeviceQuery,
        model_ids: Sequence[str] = (),
        *,
        offset: int = 0,
        limit: int = 1_000,
        cursor: str | None = None,
    ) -> Reading[DevicePage]:
        assert (current().purpose, list(model_ids), query) == (Purpose.POLL, [M.id], GROUP)
        self.asked.append((offset, cursor))
        if self.errors:
            raise self.errors.pop(0)
        first = 0 if self._stuck else int(cursor) if cursor is not None else offset
        rows = tuple(device(f"d{n}", "1.0.0") for n in range(first, min(first + min(limit, 10), self._count)))
        follows = str(first + 10) if self._by_cursor and first + 10 < self._count else None
        return Reading(DevicePage(rows, len(rows), self._total, follows), T0, 1 if first == 0 else 0)


def ends_with_7(one: Device) -> bool:
    assert one.groups == (STAGING.id,)
    return one.id.endswith("7")


async def walked(source: Pages, most: int | None = None, **options: object) -> tuple[Walk, list[object]]:
    said: list[object] = []

    async def sleep(seconds: float) -> None:
        said.append(f"sleeps {seconds > 0}")

    settings = {"is_heeded": lambda _: True, "chance": lambda: 0.5, **options}
    found = await walk(
        source,
        GROUP,
        ends_with_7,
        model_ids=[M.id],
        groups=(STAGING,),
        most=most,
        on_begin=said.append,
        sleep=sleep,
        **settings,  # type: ignore[arg-type] # options of the test
    )
    return found, said


async def test_to_the_end_of_the_list() -> None:
    source = Pages(45, total=45)
    found, said = await walked(source)
    assert [one.id for one in found.found] == ["d7", "d17", "d27", "d37"]
    assert (found.read, found.total, found.is_whole, found.left) == (45, 45, True, 0)
    assert (found.unreadable, found.server_at, said) == (1, T0, [4])
    assert [offset for offset, _ in source.asked] == [0, 10, 20, 30, 40]


async def test_no_further_than_it_may() -> None:
    found, said = await walked(Pages(4_500, total=4_500), most=30)
    assert (found.read, found.is_whole, found.left, said) == (30, False, 447, [2])


async def test_by_cursor_to_its_end() -> None:
    source = Pages(25, total=None, by_cursor=True)
    found, _ = await walked(source)
    assert (found.read, found.is_whole, found.total) == (25, True, 25)
    assert [cursor for _, cursor in source.asked] == [None, "10", "20"]
    found, _ = await walked(Pages(25, total=None, by_cursor=True), most=10)
    assert (found.is_whole, found.total, found.left) == (False, None, None)


async def test_a_service_that_gives_its_first_page_alone_is_not_taken_for_whole() -> None:
    found, _ = await walked(Pages(45, total=45, stuck=True))
    assert (found.read, found.is_whole) == (10, False)


async def test_what_the_service_did_not_heed_counts_for_nothing() -> None:
    found, _ = await walked(Pages(45, total=45), is_heeded=lambda rows: len(rows) > 10)
    assert (found.is_heeded, found.found, found.read) == (False, (), 0)


async def test_it_stops_where_more_is_found_than_can_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_walk, "FOUND_MOST", 2)
    found, _ = await walked(Pages(4_500, total=4_500))
    assert (len(found.found), found.is_whole) == (2, False)


async def test_a_page_is_asked_for_again_and_a_list_with_a_hole_is_no_list() -> None:
    source = Pages(25, total=25)
    source.errors = [ServerError("server error 503", status=503)] * 3
    found, said = await walked(source)
    assert (found.read, said[:3]) == (25, ["sleeps True"] * 3)
    source.errors = [ServerError("server error 503", status=503)] * 4
    with pytest.raises(ServerError):
        await walked(source)
    source.errors = [ForbiddenError("no", status=403)]
    with pytest.raises(ForbiddenError):
        await walked(source)


def test_how_long_it_takes_at_least() -> None:
    assert [least_seconds(n) for n in (0, 80, 81, 161, 1_000)] == [0, 0, 60, 120, 720]
