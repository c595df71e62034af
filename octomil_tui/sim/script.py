"""What happens in a scenario beside the fleet: other people, sites without a network, a service that is away."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from math import inf

from octomil_tui.sim.device import Device
from octomil_tui.sim.errors import RefusedError
from octomil_tui.sim.faults import Faults
from octomil_tui.sim.fleet import Fleet
from octomil_tui.sim.ledger import Ledger
from octomil_tui.sim.orders import RollbackOrder, RolloutOrder
from octomil_tui.sim.rollout import Kind, Rollout
from octomil_tui.sim.rules import AnyRule
from octomil_tui.sim.service import Service

__all__ = ["ApiLoss", "DeviceLoss", "Scene", "Script", "SomebodyElse"]


@dataclass(frozen=True, slots=True)
class SomebodyElse:
    """Somebody else rolls a model back or out, by the service's own rules."""

    model_id: str
    order: RollbackOrder | RolloutOrder


@dataclass(frozen=True, slots=True)
class DeviceLoss:
    """Devices fall silent: a site without a network, or a class of devices that something ends."""

    group: str | None = None
    """The only group that it is for."""
    device_class: str | None = None
    """The only class of devices that it is for."""
    running: tuple[str, str] | None = None
    """The id of a model and the version that takes devices down; those that have left it by then are spared."""
    one_every: float = 0.0
    """Seconds from one device to the next."""
    lasts: float = inf
    """Seconds after which they are back, all at once."""

    def is_for(self, device: Device, at: float) -> bool:
        """Return whether a device falls silent at a moment."""
        if self.running is not None:
            install = device.installs.get(self.running[0])
            if install is None or install.active != self.running[1]:
                return False
        is_one = self.group is None or self.group in device.groups
        is_one &= self.device_class in {None, device.hardware}
        return is_one and device.simulated and device.reachable(at)


@dataclass(frozen=True, slots=True)
class ApiLoss:
    """The service does what it does, but nobody gets through to it for a while."""

    rule: AnyRule
    """What becomes of every request."""
    lasts: float
    """Seconds of the scenario, whatever real time that takes."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Something that happens once."""

    what: SomebodyElse | DeviceLoss | ApiLoss
    after: float
    """Seconds from the scenario's start, or from the first rollback that somebody makes in it."""
    is_after_rollback: bool = False


class Script:
    """Plays the scenes of a scenario.

    Args:
        scenes: What happens.
        fleet: Tells when.
        ledger: Tells of rollbacks.
        service: Does what people ask for.
        faults: What requests meet.
    """

    def __init__(
        self, scenes: Iterable[Scene], *, fleet: Fleet, ledger: Ledger, service: Service, faults: Faults
    ) -> None:
        self._fleet = fleet
        self._service = service
        self._faults = faults
        self._waiting: list[Scene] = []
        for scene in scenes:
            if scene.is_after_rollback:
                self._waiting.append(scene)
            else:
                fleet.schedule(fleet.now + scene.after, self._playing(scene))
        if self._waiting:
            ledger.tell_begun(self._began)

    def _began(self, rollout: Rollout, at: float) -> None:
        """Take note of a rollout that has begun; one that goes to all at once is a rollback too."""
        if rollout.kind is Kind.PROGRESSIVE:
            return
        for scene in self._waiting:
            self._fleet.schedule(at + scene.after, self._playing(scene))
        self._waiting.clear()

    def _playing(self, scene: Scene) -> Callable[[float], None]:
        what = scene.what
        if isinstance(what, SomebodyElse):
            return partial(self._act, what)
        if isinstance(what, DeviceLoss):
            return partial(self._cut, what)
        return partial(self._leave, what)

    def _act(self, what: SomebodyElse, _at: float) -> None:
        try:
            if isinstance(what.order, RollbackOrder):
                self._service.rollback(what.model_id, what.order)
            else:
                self._service.create(what.model_id, what.order)
        except RefusedError:
            # Somebody was quicker; people are told so, and leave it at that.
            return

    def _cut(self, what: DeviceLoss, at: float) -> None:
        found = [device for device in self._fleet.devices.values() if what.is_for(device, at)]
        cut: list[Device] = []

        def cut_off(device: Device, moment: float) -> None:
            if what.is_for(device, moment):
                self._fleet.cut_off(device)
                cut.append(device)

        for place, device in enumerate(found):
            self._fleet.schedule(at + place * what.one_every, partial(cut_off, device))
        if what.lasts < inf:
            self._fleet.schedule(at + what.lasts, lambda _at: self._mend(cut))

    def _mend(self, devices: Iterable[Device]) -> None:
        for device in devices:
            if not device.revoked:
                self._fleet.wake(device)

    def _leave(self, what: ApiLoss, at: float) -> None:
        standing = self._faults.add([what.rule])[0]
        self._fleet.schedule(at + what.lasts, lambda _at: self._come_back(standing.id))

    def _come_back(self, number: int) -> None:
        self._faults.remove(number)
