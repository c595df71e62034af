"""What a list shows of devices that are too many to be kept whole: the service's pages, or what was read of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from octomil_tui.domain.device_page import DeviceQuery
from octomil_tui.domain.filter import format_filter
from octomil_tui.domain.filter_keys import server_query
from octomil_tui.domain.filter_term import Filter, Keys
from octomil_tui.domain.fleet import Device
from octomil_tui.engine.page_look import Look
from octomil_tui.engine.page_reader import AT_ONCE, PACE, PageReader
from octomil_tui.engine.pages import DeviceList, Search
from octomil_tui.ui.present.coverage import Coverage
from octomil_tui.ui.spans import Line
from octomil_tui.ui.widgets.pages import PagedRows
from octomil_tui.ui.widgets.rows import ItemRows, Orderable

_FIRST = (0,)


@dataclass(frozen=True, slots=True)
class Drawing:
    """How devices become rows."""

    cells: Callable[[Device], Sequence[Line]]
    sort: Callable[[Device, int], Orderable | None]
    order: Callable[[Sequence[Device]], Sequence[Device]]
    """The order of a list that is all in memory."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to see of the list."""

    filter: Filter
    keys: Keys[Device]
    is_sorted: bool
    mono: float


class PagedDevices:
    """The devices of one group of which some pages are in memory.

    What of a filter the service can look for goes to the service, and is
    believed where the rows that it answers with agree. Anything else, and
    every order, is of the rows that were read, and `Coverage` says so.

    Args:
        reader: Reads the pages.
        base: The list without a filter.
        drawing: How its devices become rows.
    """

    def __init__(self, reader: PageReader, base: DeviceQuery, drawing: Drawing) -> None:
        self._reader, self._base, self._drawing = reader, base, drawing
        self._unheeded: set[str] = set()
        """Parameters that the service does not heed."""
        self._is_refused = False
        self._marked: dict[str, Device] = {}
        self._platforms: tuple[int, frozenset[str]] = (-1, frozenset())
        self._agreed: tuple[DeviceQuery, int] | None = None
        """The list whose rows were seen to be what the service was asked for."""
        self._made: tuple[object, PagedRows[Device] | ItemRows[Device]] | None = None
        self._list: DeviceList | None = None
        self._found: Search | None = None

    def base(self, size: int | None) -> DeviceList:
        """Return the list without a filter; `size` is how many devices it has, as far as the groups tell."""
        return self._reader.store.of(self._base, total=size)

    @property
    def is_refused(self) -> bool:
        """Whether the service has no such list, or not for this key; it is not asked for again by this page."""
        failure = self._reader.failure(self._base)
        if failure is not None and failure.is_final and not self._reader.store.of(self._base).pages:
            self._is_refused = True
        return self._is_refused

    def show(self, wish: Wish, size: int | None) -> tuple[PagedRows[Device] | ItemRows[Device], Coverage]:
        """Return the rows for what somebody wants to see, and what they are of; asks for what is missing."""
        base = self.base(size)
        query = self._query(base, wish)
        devices = self._reader.store.of(query)
        if devices is not base and not devices.pages:
            # Until the service answers: what is known of the rows that were read.
            self._reader.look(Look(query, _FIRST, is_typed=True))
            return self._among(base, wish, is_asking=True)
        rest = self._rest(base, wish)
        search = self._search(devices, wish) if wish.filter else None
        is_loose = search is not None and search.count < search.covered
        if devices.is_whole or wish.is_sorted or rest or is_loose:
            kept = tuple(sorted(devices.pages))
            self._reader.look(Look(query, () if kept else _FIRST, kept=kept))
            is_all = devices is not base and devices.is_whole and not rest and not is_loose
            return self._among(devices, wish, is_all=is_all)
        self._list, self._found = devices, None
        if search is None:
            devices.search = None
        told = self._coverage(devices, wish, devices.read, None)
        return self._paged(devices), told

    def _query(self, base: DeviceList, wish: Wish) -> DeviceQuery:
        """Return what the service is asked for, without what it was seen not to heed."""
        while True:
            asked = server_query(wish.filter, self._known_platforms(base))
            words = {n: w for n, w in asked.parameters.items() if n not in self._unheeded}
            query = self._base.looking_for(*sorted(words.items())) if words else self._base
            devices = self._reader.store.of(query)
            if not words or self._agreed == (query, devices.version):
                return query
            rows = devices.devices()
            wrong = {n for n in words if self._is_unheeded(asked.served[n], n, rows, wish.keys)}
            if self._base.group_id is not None and any(self._base.group_id not in d.groups for d in rows):
                # It searched another group, or all: then it can be asked for nothing beside the group.
                wrong = {"search", "status", "platform"}
            if not wrong:
                self._agreed = (query, devices.version)
                return query
            self._unheeded |= wrong

    @staticmethod
    def _is_unheeded(served: Filter, name: str, rows: Sequence[Device], keys: Keys[Device]) -> bool:
        if name == "search":
            return False
        holds = served.test(keys)
        return sum(map(holds, rows)) * 2 < len(rows)

    def _rest(self, base: DeviceList, wish: Wish) -> bool:
        """Say whether anything of the filter stays here; a search is the service's as long as its rows pass it."""
        asked = server_query(wish.filter, self._known_platforms(base))
        given = {t for n, one in asked.served.items() if n not in self._unheeded for t in one.terms}
        return any(term not in given for term in wish.filter.terms)

    def _known_platforms(self, base: DeviceList) -> frozenset[str]:
        if self._platforms[0] != base.version:
            self._platforms = (base.version, frozenset(d.platform for d in base.devices()))
        return self._platforms[1]

    @staticmethod
    def _search(devices: DeviceList, wish: Wish) -> Search:
        name = format_filter(wish.filter)
        return devices.look_for(name, wish.filter.test(wish.keys) if wish.filter else _everything)

    def _among(
        self, devices: DeviceList, wish: Wish, *, is_asking: bool = False, is_all: bool = False
    ) -> tuple[ItemRows[Device], Coverage]:
        """Return the rows that were read and pass, with what they are among."""
        search = self._search(devices, wish)
        self._list, self._found = devices, search
        made = (search, search.version, devices.is_whole)
        if self._made is None or self._made[0] != made or not isinstance(self._made[1], ItemRows):
            found: Sequence[Device] = search.found
            in_order = self._drawing.order(found) if devices.is_whole else found
            rows = ItemRows(in_order, _id_of, self._drawing.cells, self._drawing.sort)
            self._made = (made, rows)
        assert isinstance(self._made[1], ItemRows)  # noqa: S101 - made above
        count = None if is_all else len(self._made[1])
        told = self._coverage(devices, wish, search.covered, count, is_asking=is_asking)
        return self._made[1], told

    def _paged(self, devices: DeviceList) -> PagedRows[Device]:
        if self._made is None or self._made[0] is not devices or not isinstance(self._made[1], PagedRows):

            def look(shown: tuple[int, ...], ahead: tuple[int, ...]) -> None:
                self._reader.look(Look(devices.query, shown, ahead))

            self._made = (devices, PagedRows(devices, _id_of, self._drawing.cells, look))
        assert isinstance(self._made[1], PagedRows)  # noqa: S101 - made above
        return self._made[1]

    def _coverage(
        self, devices: DeviceList, wish: Wish, read: int, found: int | None, *, is_asking: bool = False
    ) -> Coverage:
        reader, failure = self._reader, self._reader.failure(devices.query)
        requests = reader.to_read(devices)
        base = reader.store.of(self._base)
        return Coverage(
            read=read,
            total=devices.total,
            size=base.total if devices is not base else None,
            found=found,
            is_sorted=wish.is_sorted,
            is_asking=is_asking,
            age=self.age(devices, wish.mono),
            requests=requests,
            seconds=max(0, requests - AT_ONCE) * PACE,
            reads_on=reader.reads_on,
            is_full=devices.search is not None and devices.search.is_full,
            is_cut=devices.is_cut,
            unreadable=devices.unreadable,
            held=reader.held,
            trouble=failure.sentence if failure is not None else "",
        )

    def look_at_all(self, devices: DeviceList | None) -> None:
        """Keep all pages of a list that was read whole as new as the budget allows; of none, nothing is read."""
        self._list, self._found = devices, None
        if devices is None:
            self._reader.rest()
            return
        self._reader.look(Look(devices.query, kept=tuple(sorted(devices.pages))))

    def age(self, devices: DeviceList, mono: float) -> float | None:
        """Return the seconds since the oldest page of a list that is on the screen was asked for."""
        asked = self._reader.oldest(devices)
        return mono - asked if asked is not None else None

    def turn_reading(self) -> None:
        """Read the rest of what is shown, or stop that."""
        if self._reader.reads_on:
            self._reader.stop()
        elif self._list is not None:
            self._reader.read_on(self._list.query)

    def again(self) -> None:
        """Read what is on the screen again."""
        self._reader.again()

    def rest(self) -> None:
        """Ask for nothing more: nobody looks."""
        self._reader.rest()

    def read(self) -> tuple[Device, ...]:
        """Return what was read of what is shown."""
        if self._found is not None:
            return self._found.found
        return self._list.devices() if self._list is not None else ()

    def device(self, device_id: str) -> Device | None:
        """Return a device that is in memory, or was marked."""
        lists = () if self._list is None else (self._list, self._reader.store.of(self._base))
        for one in lists:
            place = one.place(device_id)
            if place is not None:
                return one.device(place)
        found = self._found.device(device_id) if self._found is not None else None
        return found if found is not None else self._marked.get(device_id)

    def keep(self, device_ids: Sequence[str]) -> None:
        """Keep these devices, as they are now, also when their pages go."""
        self._marked = {one: device for one in device_ids if (device := self.device(one)) is not None}


def _everything(_device: Device) -> bool:
    return True


def _id_of(device: Device) -> str:
    return device.id
