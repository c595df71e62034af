"""The fleet in time: an event queue that plays what each device does.

Nothing here runs on its own. `advance(to)` plays everything that is due, in the
order of its time, so that an answer does not depend on when requests came in.
"""

import heapq
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from itertools import count
from math import floor, inf
from typing import Protocol

from octomil_tui.sim.device import OFFLINE_AFTER, SYNC_INTERVAL, Device, Install, Phase

__all__ = ["BUSY_REPORT_INTERVAL", "DOWNLOAD_REPORT_INTERVAL", "JUST_AFTER", "Fleet", "Observer"]

DOWNLOAD_REPORT_INTERVAL = 5
"""Seconds between two reports of a device that downloads."""
BUSY_REPORT_INTERVAL = 20
"""Seconds between two reports of a device that waits for idle or switches."""
JUST_AFTER = 0.001
"""An age of exactly `OFFLINE_AFTER` is still stale; this much later it is not."""


class Observer(Protocol):
    """Whoever follows what the devices report."""

    def contacted(self, device: Device, at: float) -> None:
        """Take note that the device made contact; its state is what it reported."""
        ...

    def fell_silent(self, device: Device, at: float) -> None:
        """Take note that the device counts as offline from now on."""
        ...


class Fleet:
    """All devices, and everything they will do.

    Args:
        devices: The devices, in the order in which they are listed.
        size_bytes: Returns the size of a model's version.
        switch_for: Seconds from the decision to switch to the report of the new version.
        kept: How many versions a device keeps on disk.
        now: The time to begin at, epoch seconds.
    """

    def __init__(
        self,
        devices: Iterable[Device],
        *,
        size_bytes: Callable[[str, str], int],
        switch_for: float,
        kept: int,
        now: float,
    ) -> None:
        self.devices: dict[str, Device] = {}
        self.now = now
        self.rewritten = 0  # counts how often the past was changed
        self._size_bytes = size_bytes
        self._switch_for = switch_for
        self._kept = kept
        self._due: list[tuple[float, int, Callable[[float], None]]] = []
        self._sequence = count()
        self._observers: list[Observer] = []
        for device in devices:
            self.add(device)

    def add(self, device: Device) -> None:
        """Take a device into the fleet."""
        self.devices[device.id] = device
        if device.reachable(self.now):
            self.schedule(device.last_contact + OFFLINE_AFTER + JUST_AFTER, partial(self._listen, device))

    def observe(self, observer: Observer) -> None:
        """Tell `observer` about every contact from now on."""
        self._observers.append(observer)

    def schedule(self, at: float, action: Callable[[float], None]) -> None:
        """Have `action(at)` called when the fleet's time reaches `at`."""
        heapq.heappush(self._due, (at, next(self._sequence), action))

    def schedule_contact(self, device: Device, at: float) -> None:
        """Have the device make its next contact at `at`; an earlier appointment is void."""
        device.timer += 1
        self.schedule(at, partial(self._ring, device, device.timer))

    def advance(self, to: float) -> None:
        """Play everything that is due up to and including `to`, epoch seconds."""
        while self._due and self._due[0][0] <= to:
            at, _, action = heapq.heappop(self._due)
            self.now = max(self.now, at)
            action(at)
        self.now = max(self.now, to)

    def having(self, model_id: str) -> list[Device]:
        """Return the devices that have a model, in the fleet's order."""
        return [device for device in self.devices.values() if model_id in device.installs]

    def contact(self, device: Device, at: float, *, asks: bool) -> None:
        """Play one contact of a device.

        Args:
            device: Who makes contact.
            at: When, epoch seconds.
            asks: Whether it also asks what it should run. The report of a
                finished switch does not; the next sync does.
        """
        offline = not device.reachable(at)
        device.hear(at)
        if offline and not device.revoked:
            self.schedule(at + OFFLINE_AFTER + JUST_AFTER, partial(self._listen, device))
        for install in device.installs.values():
            if device.simulated:
                install.reported_at = at
                if asks:
                    self._reconcile(device, install, at)
            if install.phase is Phase.DOWNLOADING:
                share = (at - install.download_began) / install.download_for
                install.percent = floor(min(share, 1.0) * 1000 + 1e-6) / 10
        for observer in self._observers:
            observer.contacted(device, at)
        if device.simulated and not device.revoked:
            self._set_timer(device, at)

    def cut_off(self, device: Device) -> None:
        """Take a device off the network from now on."""
        self._stop(device)

    def silence(self, device: Device) -> None:
        """Take a device off the network, as one that was last heard too long ago to be online."""
        self._stop(device)
        self.rewritten += 1
        device.last_contact = min(device.last_contact, self.now - OFFLINE_AFTER - JUST_AFTER)
        self._tell_silent(device, self.now)

    def revoke(self, device: Device) -> None:
        """Take a device's right to ask; nobody waits for it any more."""
        self._stop(device)
        device.revoked = True
        self._tell_silent(device, self.now)

    def wake(self, device: Device) -> None:
        """Have a device make contact now, whatever became of it; what it was doing begins anew."""
        device.revoked = device.one_contact = False
        for install in device.work():
            install.enter(Phase.ACTIVE, self.now)
        self.contact(device, self.now, asks=True)

    def bounce(self, device: Device, install: Install) -> bool:
        """Have a device's crash guard go back to the version before, and return whether it could."""
        if install.busy or install.active is None or install.previous not in install.on_disk:
            return False
        self._bounce(device, install, install.active, self.now)
        return True

    def take_over(
        self,
        device: Device,
        next_contact: float,
        ends: Mapping[str, float],
        guards: Iterable[tuple[float, str, str]],
    ) -> None:
        """Go on with a device that somebody else has played so far.

        Args:
            device: The device as it is now; it is in no fleet.
            next_contact: When it will make contact by itself; infinity where it will not.
            ends: When each of its models that is on its way ends what it does, by model id.
            guards: When its crash guard goes back from which version of which model.
        """
        self.add(device)
        if next_contact < inf:
            self.schedule_contact(device, next_contact)
        for at, model_id, version in guards:
            self.schedule(at, partial(self._bounce, device, device.installs[model_id], version))
        then = {
            Phase.DOWNLOADING: self._downloaded,
            Phase.STAGED: self._idle,
            Phase.SWITCHING: self._switched,
        }
        for model_id, end in ends.items():
            install = device.installs[model_id]
            self._end_at(device, install, end, then[install.phase])

    def _stop(self, device: Device) -> None:
        """Void what the device would do next."""
        device.timer += 1
        for install in device.work():
            install.order += 1

    def _set_timer(self, device: Device, at: float) -> None:
        if device.one_contact:
            self._stop(device)
            return
        phases = {install.phase for install in device.installs.values()}
        if Phase.DOWNLOADING in phases:
            interval = DOWNLOAD_REPORT_INTERVAL
        elif phases - {Phase.ACTIVE}:
            interval = BUSY_REPORT_INTERVAL
        else:
            interval = SYNC_INTERVAL
        self.schedule_contact(device, at + interval)

    def _ring(self, device: Device, timer: int, at: float) -> None:
        if device.timer == timer:
            self.contact(device, at, asks=True)

    def _listen(self, device: Device, at: float) -> None:
        silent_from = device.last_contact + OFFLINE_AFTER + JUST_AFTER
        if silent_from > at:
            self.schedule(silent_from, partial(self._listen, device))
            return
        self._tell_silent(device, at)

    def _tell_silent(self, device: Device, at: float) -> None:
        for observer in self._observers:
            observer.fell_silent(device, at)

    def _reconcile(self, device: Device, install: Install, at: float) -> None:
        """Begin, go on with or give up a move, so that it leads to the version wanted."""
        if install.busy and install.moving_to == install.desired:
            return
        if install.active == install.desired:
            if install.busy:
                install.enter(Phase.ACTIVE, at)
            return
        install.moving_to = install.desired
        if install.desired in install.on_disk:
            self._stage(device, install, at)
            return
        size = self._size_bytes(install.model_id, install.desired)
        install.download_began = at
        install.download_for = max(1, floor(size / device.rate))
        self._enter(device, install, Phase.DOWNLOADING, at, lasts=install.download_for, then=self._downloaded)

    def _enter(
        self,
        device: Device,
        install: Install,
        phase: Phase,
        at: float,
        *,
        lasts: float,
        then: Callable[[Device, Install, float], None],
    ) -> None:
        install.enter(phase, at)
        self._end_at(device, install, at + lasts, then)

    def _end_at(
        self, device: Device, install: Install, at: float, then: Callable[[Device, Install, float], None]
    ) -> None:
        """Have what an install does end at `at`, unless it is given up before."""
        order = install.order

        def end(ended_at: float) -> None:
            if install.order == order:
                then(device, install, ended_at)

        self.schedule(at, end)

    def _downloaded(self, device: Device, install: Install, at: float) -> None:
        if install.moving_to is not None:
            install.keep(install.moving_to, device.kept or self._kept)
        self._stage(device, install, at)
        self.contact(device, at, asks=True)

    def _stage(self, device: Device, install: Install, at: float) -> None:
        if install.idle_wait:
            self._enter(device, install, Phase.STAGED, at, lasts=install.idle_wait, then=self._idle)
        else:
            self._switch(device, install, at)

    def _idle(self, device: Device, install: Install, at: float) -> None:
        self._switch(device, install, at)
        self.contact(device, at, asks=True)

    def _switch(self, device: Device, install: Install, at: float) -> None:
        self._enter(device, install, Phase.SWITCHING, at, lasts=self._switch_for, then=self._switched)

    def _switched(self, device: Device, install: Install, at: float) -> None:
        version = install.moving_to
        if version is not None:
            self._run(device, install, version, at)
            device.one_contact |= install.silent_after == version
            if install.crash_guard_for is not None and install.crash_guard_on in {None, version}:
                self.schedule(at + install.crash_guard_for, partial(self._bounce, device, install, version))
                install.crash_guard_for = None
        self.contact(device, at, asks=False)

    def _bounce(self, device: Device, install: Install, version: str, at: float) -> None:
        if install.busy or install.active != version or install.previous is None:
            return
        self._run(device, install, install.previous, at)
        self.contact(device, at, asks=False)

    def _run(self, device: Device, install: Install, version: str, at: float) -> None:
        install.enter(Phase.ACTIVE, at)
        install.run(version, at)
        install.keep(version, device.kept or self._kept)
