"""Pages of lists of devices that are too large to be kept whole: a bounded number of them, and what was found in them.

Nothing here asks anything; `engine.page_reader` does.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from octomil_tui.domain.device_page import DevicePage, DeviceQuery
from octomil_tui.domain.fleet import Device

PAGE_SIZE = 1_000
"""Devices of a page, as far as the service sends so many."""

PAGES_KEPT = 20
"""Pages in memory at most, of all lists together."""

FOUND_KEPT = 20_000
"""Devices that a search through a list keeps at most."""

_LISTS_KEPT = 8


@dataclass(frozen=True, eq=False, slots=True)
class HeldPage:
    """One page that was read."""

    devices: tuple[Device, ...]
    unreadable: int
    read_mono: float
    """When it was asked for, by the monotonic clock: what it shows is as old as that."""


class Search:
    """What was found in the pages of one list that were read so far; pages that are let go leave it here.

    Args:
        name: What is looked for; another name is another search.
        holds: Says of a device whether it is one of them.
    """

    def __init__(self, name: object, holds: Callable[[Device], bool]) -> None:
        self.name = name
        self.version = 0
        """Another one after every page."""
        self._holds = holds
        self._found: dict[int, tuple[Device, ...]] = {}
        self._rows: dict[int, int] = {}
        self._list: dict[str, Device] | None = None

    def take(self, number: int, devices: Iterable[Device]) -> None:
        """Look through one page, or through it anew."""
        rows = tuple(devices)
        self._rows[number] = len(rows)
        self._found[number] = tuple(filter(self._holds, rows))
        self._list = None
        self.version += 1

    @property
    def covered(self) -> int:
        """Devices that were looked at."""
        return sum(self._rows.values())

    @property
    def pages(self) -> frozenset[int]:
        """Pages that were looked through."""
        return frozenset(self._rows)

    @property
    def found(self) -> tuple[Device, ...]:
        """The devices that were found, in the order of the list."""
        return tuple(self._by_id.values())

    def device(self, device_id: str) -> Device | None:
        """Return one of them, None where it was not found."""
        return self._by_id.get(device_id)

    @property
    def _by_id(self) -> dict[str, Device]:
        if self._list is None:
            each = (device for number in sorted(self._found) for device in self._found[number])
            # A device that moved from page to page while they were read is there once.
            self._list = {device.id: device for device in each}
        return self._list

    @property
    def count(self) -> int:
        """How many were found; one that moved from page to page meanwhile may count twice."""
        return sum(map(len, self._found.values()))

    @property
    def is_full(self) -> bool:
        """Whether more is found than can be kept."""
        return self.count >= FOUND_KEPT


@dataclass(eq=False, slots=True)
class DeviceList:
    """One list of devices at the service, of which some pages are here."""

    query: DeviceQuery
    size: int = PAGE_SIZE
    total: int | None = None
    """Devices of the list; None where nobody knows."""
    pages: dict[int, HeldPage] = field(default_factory=dict)
    cursors: dict[int, str] = field(default_factory=dict)
    """What a page is asked for with, by page, where the service goes by cursors."""
    goes_by_cursor: bool = False
    is_cut: bool = False
    """Whether the service gives its first page alone, whatever it is asked for."""
    version: int = 0
    """Another one after every change."""
    search: Search | None = None
    _places: dict[str, int] = field(default_factory=dict)
    _end: int = 0
    _first: tuple[str, ...] = ()

    def __len__(self) -> int:
        # Where nobody knows the end there is one row more to go to, which asks for what is behind it.
        return self.total if self.total is not None else self._end + 1

    @property
    def read(self) -> int:
        """Devices that are in memory."""
        return sum(len(page.devices) for page in self.pages.values())

    @property
    def unreadable(self) -> int:
        """Rows of these pages that nobody could read."""
        return sum(page.unreadable for page in self.pages.values())

    @property
    def count_of_pages(self) -> int:
        """How many pages there are, as far as anybody knows."""
        return -(-len(self) // self.size)

    @property
    def is_whole(self) -> bool:
        """Whether all of it is in memory."""
        return self.total is not None and len(self.pages) >= self.count_of_pages and bool(self.pages)

    def devices(self) -> tuple[Device, ...]:
        """Return what is in memory, in the order of the list, each device once."""
        each = (device for number in sorted(self.pages) for device in self.pages[number].devices)
        return tuple({device.id: device for device in each}.values())

    def device(self, index: int) -> Device | None:
        """Return the device at a place of the list, None where it is not in memory."""
        page = self.pages.get(index // self.size)
        place = index % self.size
        return page.devices[place] if page is not None and place < len(page.devices) else None

    def place(self, device_id: str) -> int | None:
        """Return where a device is, None where it is not in memory."""
        return self._places.get(device_id)

    def can_ask(self, number: int) -> bool:
        """Say whether a page can be asked for now: by cursor only one behind a page that was read."""
        if number < 0 or number * self.size >= len(self):
            return False
        return number == 0 or not self.goes_by_cursor or number in self.cursors

    def look_for(self, name: object, holds: Callable[[Device], bool]) -> Search:
        """Return the search of that name, begun anew in what is in memory where there was another one."""
        if self.search is None or self.search.name != name:
            self.search = Search(name, holds)
            for number, page in self.pages.items():
                self.search.take(number, page.devices)
        return self.search

    def put(self, number: int, page: DevicePage, unreadable: int, mono: float) -> None:
        """Take a page that was read, with what it tells of the list."""
        if number == 0:
            self._learn(page)
        elif self._first and _beginning(page) == self._first:
            # The first page again: the service does not heed where a page is to begin.
            self.goes_by_cursor, self.is_cut = True, not self.cursors
            self.total = len(page.devices) if self.is_cut else None
            self.version += 1
            return
        if page.next_cursor is not None:
            self.cursors[number + 1] = page.next_cursor
        self.drop(number)
        self.pages[number] = HeldPage(page.devices, unreadable, mono)
        begin = number * self.size
        self._places.update({device.id: begin + place for place, device in enumerate(page.devices)})
        self._end = max(self._end, begin + page.count)
        self._measure(number, page)
        if self.search is not None:
            self.search.take(number, page.devices)

    def _learn(self, page: DevicePage) -> None:
        """Take note of how the service pages: it may send fewer rows than it was asked for, or go by cursors."""
        self._first = _beginning(page)
        self.goes_by_cursor = page.total is None and page.next_cursor is not None
        goes_on = page.next_cursor is not None or page.has_more or page.count < (page.total or 0)
        if goes_on and 0 < page.count != self.size:
            for number in tuple(self.pages):
                self.drop(number)
            self.size, self._end, self.search = page.count, 0, None

    def _measure(self, number: int, page: DevicePage) -> None:
        """Take note of how long the list is; what was read tells more than a total that counts something else."""
        begin, self.version = number * self.size, self.version + 1
        if page.count < self.size and not page.has_more and page.next_cursor is None:
            self.total = begin + page.count if page.count or number == 0 else min(len(self), begin)
        else:
            self.total = page.total if not self.goes_by_cursor else None
            if self.total is not None:
                self.total = max(self.total, begin + page.count)

    def drop(self, number: int) -> None:
        """Let a page go; what a search found in it stays found."""
        page = self.pages.pop(number, None)
        if page is None:
            return
        self.version += 1
        begin = number * self.size
        for place, device in enumerate(page.devices):
            # A device that moved to another page, which is in memory too, stays there.
            if self._places.get(device.id) == begin + place:
                del self._places[device.id]


def _beginning(page: DevicePage) -> tuple[str, ...]:
    """Return what tells a page from another one, also where a device moved between the two."""
    return tuple(device.id for device in page.devices[:5])


class PageStore:
    """The lists of which pages are in memory, and which pages go when there are too many.

    Args:
        kept: Pages in memory at most.
    """

    def __init__(self, kept: int = PAGES_KEPT) -> None:
        self.kept = kept
        self._lists: OrderedDict[DeviceQuery, DeviceList] = OrderedDict()
        self._order: OrderedDict[tuple[DeviceQuery, int], None] = OrderedDict()

    def of(self, query: DeviceQuery, *, total: int | None = None) -> DeviceList:
        """Return the list of a query; `total` is how many devices it has as far as was known before it was read."""
        found = self._lists.get(query)
        if found is None:
            found = self._lists[query] = DeviceList(query)
            while len(self._lists) > _LISTS_KEPT:
                gone, _ = self._lists.popitem(last=False)
                for page in [one for one in self._order if one[0] == gone]:
                    del self._order[page]
        self._lists.move_to_end(query)
        if found.total is None and not found.pages:
            found.total = total
        return found

    def touch(self, query: DeviceQuery, numbers: Iterable[int]) -> None:
        """Take note that these pages are looked at: they go last."""
        for number in numbers:
            if (query, number) in self._order:
                self._order.move_to_end((query, number))

    def put(
        self,
        query: DeviceQuery,
        number: int,
        page: DevicePage,
        *,
        unreadable: int = 0,
        mono: float,
        looked_at: Iterable[int] = (),
    ) -> DeviceList:
        """Take a page that was read, and let go those that nobody looked at for longest."""
        found = self.of(query)
        found.put(number, page, unreadable, mono)
        self._order[query, number] = None
        self._order.move_to_end((query, number))
        self.touch(query, looked_at)
        for one in [one for one in self._order if one[1] not in self._lists[one[0]].pages]:
            del self._order[one]
        while len(self._order) > self.kept:
            (gone, place), _ = self._order.popitem(last=False)
            self._lists[gone].drop(place)
        return found
