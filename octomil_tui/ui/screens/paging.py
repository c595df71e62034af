"""A list of devices that may be too many to be kept whole: then they come page by page."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.events import ScreenSuspend, Unmount

from octomil_tui.domain.device_page import DeviceQuery
from octomil_tui.domain.filter import parse_typed
from octomil_tui.domain.filter_term import Keys
from octomil_tui.domain.fleet import Device, DeviceGroup
from octomil_tui.engine.page_rules import is_in_pages
from octomil_tui.engine.pages import DeviceList
from octomil_tui.engine.topic import DEVICES, Topic
from octomil_tui.ui.intents import bindings
from octomil_tui.ui.present.coverage import Coverage, filter_words, read_on_words, taken_words
from octomil_tui.ui.screens.base import key
from octomil_tui.ui.screens.paged import Drawing, PagedDevices, Wish
from octomil_tui.ui.screens.taking import TAKEN, TakingScreen
from octomil_tui.ui.screens.view import View
from octomil_tui.ui.spans import Line
from octomil_tui.ui.widgets.edges import Key

PAGED = [*TAKEN, *bindings("read_on")]


class PagingScreen(TakingScreen):
    """A list of the devices of one group, whole or in pages.

    A subclass asks `pages_of` whether the group is read in pages, and then
    shows it by `put_pages` in place of `put`.
    """

    BINDINGS = PAGED

    paged: PagedDevices | None = None
    """The pages of the group; None where it was never read in pages."""
    coverage: Coverage | None = None
    """What of the group is behind what is shown; None where all of it is."""
    _decided: tuple[object, object, bool] | None = None
    """Devices and group for which it was decided whether pages are read, and the decision."""

    def pages_of(self, view: View, group: DeviceGroup | None, drawing: Drawing) -> DeviceList | None:
        """Return the pages of a group of a fleet too large to be kept whole; None where its devices are known anyway."""
        reader = self.console.pages
        if self.paged is None:
            if reader is None or group is None or not self._is_in_pages(view, group):
                return None
            self.paged = PagedDevices(reader, DeviceQuery(group.id, group.name), drawing)
        if self.paged.is_refused:
            # What was read of the fleet is more than nothing.
            return None
        return self.paged.base(group.device_count if group is not None else None)

    def _is_in_pages(self, view: View, group: DeviceGroup) -> bool:
        """Decide once for each read: thousands of devices are looked through for it."""
        devices, known = view.state.snapshot.devices, self._decided
        if known is None or known[0] is not devices or known[1] != group:
            known = self._decided = (devices, group, is_in_pages(view.state, group))
        return known[2]

    def put_pages(self, view: View, paged: PagedDevices, keys: Keys[Device], size: int) -> None:
        """Show the pages that the service gives, or what of those that were read passes the filter."""
        table = self.listed
        paged.keep(tuple(table.marks))
        self._filter, wrong = parse_typed(table.filter_text, keys)
        is_sorted = table.sorted_by[0] is not None
        rows, told = paged.show(Wish(self._filter, keys, is_sorted=is_sorted, mono=self.console.mono), size)
        self.coverage = told
        of = size if self._filter else None
        self.put_some(rows, filter_words(told) if self._filter else (), wrong, of=of)

    def device(self, device_id: str) -> Device | None:
        """Return a device of the list, as it was read last."""
        return self.paged.device(device_id) if self.paged is not None else None

    def cells_of_device(self, device: Device) -> Sequence[Line]:
        """Return a line per column of a device."""
        raise NotImplementedError

    def cells_of(self, row_key: str) -> Sequence[Line] | None:
        device = self.device(row_key)
        return self.cells_of_device(device) if device is not None else None

    def listed_keys(self) -> Sequence[str]:
        if self.coverage is not None and self.paged is not None:
            return tuple(device.id for device in self.paged.read())
        return super().listed_keys()

    def taken_words(self, count: int) -> str:
        return super().taken_words(count) if self.coverage is None else taken_words(count, self.coverage)

    def reading_keys(self) -> tuple[Key, ...]:
        """Return the key that reads the rest, with what that costs, where there is a rest."""
        told = self.coverage
        if told is None or not (told.requests or told.reads_on) or told.is_full:
            return ()
        return (key("read_on", read_on_words(told)),)

    def action_read_on(self) -> None:
        """Read what was not read yet of the list, or stop reading it."""
        if self.paged is not None and self.reading_keys():
            self.paged.turn_reading()
            self.show()

    def read_again(self) -> None:
        if self.paged is not None:
            self.paged.again()

    def _concerned(self) -> Sequence[Topic]:
        # What was read of the fleet is not what the list shows.
        concerned = super()._concerned()
        return (
            concerned
            if self.paged is None or self.paged.is_refused
            else tuple(one for one in concerned if one != DEVICES)
        )

    @on(ScreenSuspend)
    @on(Unmount)
    def _left(self) -> None:
        if self.paged is not None:
            self.paged.rest()
