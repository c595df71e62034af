"""Reading a list of devices from its beginning, page by page, and keeping only what passes."""

from __future__ import annotations

import asyncio
import math
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from octomil_tui.api.errors import OctomilError
from octomil_tui.api.retry import may_retry
from octomil_tui.domain.device_page import DevicePage, DeviceQuery
from octomil_tui.domain.fleet import Device, DeviceGroup
from octomil_tui.domain.order import Reading
from octomil_tui.engine.asker import OWN_LIMIT, Purpose, asking
from octomil_tui.engine.failure import wait_after
from octomil_tui.engine.page_look import PageSource
from octomil_tui.engine.page_rules import placed
from octomil_tui.engine.pages import DeviceList

FOUND_MOST = 100_000
"""Devices that a walk keeps at most."""

_TRIES = 4


@dataclass(frozen=True, eq=False, slots=True)
class Walk:
    """What a walk brought back."""

    found: tuple[Device, ...]
    """What passes, each device once."""
    read: int
    """Devices that were looked at."""
    total: int | None
    """Devices of the list, by the service's count."""
    is_whole: bool
    """Whether it came to the end of the list."""
    left: int | None = None
    """Requests that reading the rest would take; None where nobody knows."""
    unreadable: int = 0
    server_at: float | None = None
    is_heeded: bool = True
    """Whether the service looked for what it was asked for; where not, nothing of this counts."""


def least_seconds(requests: int) -> float:
    """Return how long that many requests take at least, within what a console may ask of its own accord."""
    return 60.0 * math.floor(max(0, requests - 1) / OWN_LIMIT)


async def walk(
    source: PageSource,
    query: DeviceQuery,
    holds: Callable[[Device], bool],
    *,
    model_ids: Sequence[str],
    groups: Sequence[DeviceGroup],
    is_heeded: Callable[[Sequence[Device]], bool],
    most: int | None,
    on_begin: Callable[[int], None],
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    chance: Callable[[], float] = random.random,
) -> Walk:
    """Return the devices of a list that pass, read from its beginning to its end, or as far as it may go.

    Its requests leave within what a console may ask of its own accord, so
    that whoever shares the key keeps the room that is theirs.

    Args:
        source: The client.
        query: The list.
        holds: Says of a device whether it is kept.
        model_ids: The models that are watched.
        groups: As read, to resolve what rows call their groups.
        is_heeded: Says of the rows of a page whether they are what was asked for.
        most: Rows after which it stops; None for no end but the list's.
        on_begin: Told after the first page how many more requests it will make.
        sleep: Waits between two tries.
        chance: Random numbers in [0, 1), to spread tries.

    Raises:
        OctomilError: A page could not be read; a list with a hole is never returned as if it were whole.
    """
    devices, found = DeviceList(query), {}
    number = read = unreadable = 0
    while True:
        reading = await _page(source, devices, number, model_ids, sleep=sleep, chance=chance)
        page = reading.value
        rows = placed(query, page.devices, groups)
        if not is_heeded(rows):
            return Walk((), 0, None, is_whole=False, is_heeded=False)
        devices.put(number, page, reading.unreadable, 0.0)
        is_again = number not in devices.pages
        devices.drop(number)
        if not is_again:
            found.update({one.id: one for one in rows if holds(one)})
            read, unreadable = read + len(page.devices), unreadable + reading.unreadable
        number += 1
        has_next = devices.can_ask(number) and not is_again and not devices.is_cut
        if number == 1 and has_next:
            pages = (
                devices.count_of_pages if most is None else min(devices.count_of_pages, most // devices.size)
            )
            on_begin(pages - 1)
        if not has_next or len(found) >= FOUND_MOST or (most is not None and read >= most):
            left = devices.count_of_pages - number if devices.total is not None else None
            return Walk(
                tuple(found.values()),
                read,
                devices.total,
                not has_next and not devices.is_cut,
                left if has_next else 0,
                unreadable,
                reading.server_at,
            )


async def _page(
    source: PageSource,
    devices: DeviceList,
    number: int,
    model_ids: Sequence[str],
    *,
    sleep: Callable[[float], Awaitable[object]],
    chance: Callable[[], float],
) -> Reading[DevicePage]:
    """Return one page, asked for a few times where the service does not answer."""
    attempt = 0
    while True:
        try:
            with asking(Purpose.POLL, "a page"):
                return await source.device_page(
                    devices.query,
                    model_ids,
                    offset=number * devices.size,
                    limit=devices.size,
                    cursor=devices.cursors.get(number) if devices.goes_by_cursor else None,
                )
        except OctomilError as error:
            attempt += 1
            if attempt >= _TRIES or not may_retry(error):
                raise
            await sleep(wait_after(error, attempt, period=0.0, chance=chance()))
