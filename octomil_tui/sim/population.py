"""All devices there are: those that are played one by one, and those of a crowd.

Whoever asks gets `Device` values from both. What changes one device of a crowd
alone takes it out of the crowd and into the fleet, where it goes on as it was.
"""

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field, replace

from octomil_tui.sim.catalog import Group
from octomil_tui.sim.crowd.crowd import Crowd
from octomil_tui.sim.crowd.finder import Finder
from octomil_tui.sim.crowd.share import Share
from octomil_tui.sim.device import Device
from octomil_tui.sim.fleet import Fleet
from octomil_tui.sim.query import Query
from octomil_tui.sim.rollout import Rollout

__all__ = ["Listing", "Population"]


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of devices, and how many there are in all."""

    devices: list[Device]
    total: int


@dataclass(slots=True)
class Population:
    """A fleet, and a crowd beside it, if the scenario has one."""

    fleet: Fleet
    crowd: Crowd | None = None
    _finder: Finder | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        if self.crowd is not None:
            self.crowd.clock = lambda: self.fleet.now
            self._finder = Finder(self.crowd)

    @property
    def now(self) -> float:
        """The scenario's time, epoch seconds."""
        return self.fleet.now

    def list(self, query: Query, limit: int, offset: int) -> Listing:
        """Return some of the devices that fit: those of the crowd, then those of the fleet."""
        now = self.now
        known = [device for device in self.fleet.devices.values() if query.fits(device, now)]
        if self._finder is None:
            return Listing(known[offset : offset + limit], len(known))
        found = self._finder.find(query)
        places = found.page(limit, offset)
        devices = [] if self.crowd is None else list(self.crowd.pages(places))
        behind = max(0, offset - found.total)
        devices += known[behind : behind + limit - len(devices)]
        return Listing(devices, found.total + len(known))

    def count(self, model_id: str) -> int:
        """Return how many devices have a model."""
        known = len(self.fleet.having(model_id))
        return known if self.crowd is None else known + self.crowd.count(model_id)

    def members(self, group: Group) -> int:
        """Return how many devices are in a group."""
        known = sum(group.name in device.groups for device in self.fleet.devices.values())
        return known if self.crowd is None else known + self.crowd.count(group=group.name)

    def find(self, reference: str) -> Device | None:
        """Return the device with this id or identifier; one of the crowd as it is now, not to be changed."""
        device = self.fleet.devices.get(reference)
        if device is None:
            device = next((d for d in self.fleet.devices.values() if d.identifier == reference), None)
        if device is None and self.crowd is not None:
            place = self.crowd.naming.find(reference)
            device = None if place is None else next(self.crowd.pages([place]), None)
        return device

    def single_out(self, device: Device, rollouts: Iterable[Rollout]) -> Device:
        """Return a device that may be changed: one of the crowd leaves it for the fleet, and is listed last.

        Args:
            device: The device.
            rollouts: All rollouts, which follow it from the crowd.
        """
        if device.id in self.fleet.devices or self.crowd is None:
            return device
        place = self.crowd.naming.find(device.id)
        strip = None if place is None else self.crowd.partition.at(place)
        if place is None or strip is None:
            return device
        device = deepcopy(self.crowd.device(place, strip))
        course = self.crowd.course(strip, place)
        ends, guards = dict(course.ends()), list(course.guards())
        for rollout in rollouts:
            if not isinstance(rollout.crowd, Share) or strip.begun(rollout.model_id) is None:
                continue
            if rollout.group is None or rollout.group in device.groups:
                rollout.order.append(device)
            if rollout.id in strip.opened:
                rollout.tracked[device.id] = replace(rollout.crowd.tracked(strip, place), device=device)
        self.crowd.partition.remove(place)
        self.fleet.take_over(device, course.next_contact, ends, guards)
        return device

    def is_any(self, model_id: str, group: Group) -> bool:
        """Return whether anybody in the crowd is in a group and has a model."""
        return self.crowd is not None and self.crowd.count(model_id, group.name) > 0

    def join(self, rollout: Rollout) -> None:
        """Have a new rollout come to those of the crowd that are in its scope."""
        if self.crowd is not None and self.crowd.count(rollout.model_id, rollout.group):
            rollout.crowd = Share(self.crowd, rollout)

    def begun_with(self, model_id: str) -> set[str]:
        """Return the versions of a model that devices of the crowd ran from the beginning."""
        return set() if self.crowd is None else self.crowd.versions(model_id)
