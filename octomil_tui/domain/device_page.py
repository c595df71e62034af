"""One page of a list of devices that is too large to be read whole."""

from __future__ import annotations

from dataclasses import dataclass

from octomil_tui.domain.fleet import Device


@dataclass(frozen=True, slots=True)
class DeviceQuery:
    """Which devices a list is of; without anything, all."""

    group_id: str | None = None
    group_name: str | None = None
    """The raw name of that group; how it is named in a search for devices."""
    parameters: tuple[tuple[str, str], ...] = ()
    """What the service is to look for: `status`, `platform`, `search`, as in `domain.filter_keys.server_query`."""

    def looking_for(self, *parameters: tuple[str, str]) -> DeviceQuery:
        """Return the same list, narrowed by what the service is to look for."""
        return DeviceQuery(self.group_id, self.group_name, parameters)


@dataclass(frozen=True, slots=True)
class DevicePage:
    """Some devices of a list, in the service's order."""

    devices: tuple[Device, ...]
    count: int
    """Rows that the service sent, readable or not."""
    total: int | None = None
    """How many devices the list has, where the service says so."""
    next_cursor: str | None = None
    """What the page behind this one is asked for with, where the service goes by cursors."""
    has_more: bool | None = None
    """Whether the service says that there is a page behind this one; None where it says nothing."""
