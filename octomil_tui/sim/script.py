"""What happens in a scenario beside the fleet: other people, sites without a network, a service that is away."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from octomil_tui.sim.errors import RefusedError
from octomil_tui.sim.faults import Faults
from octomil_tui.sim.fleet import Fleet
from octomil_tui.sim.ledger import Ledger
from octomil_tui.sim.orders import RollbackOrder, RolloutOrder
from octomil_tui.sim.rollout import Kind, Rollout
from octomil_tui.sim.rules import AnyRule
from octomil_tui.sim.service import Service

__all__ = ["ApiLoss", "Scene", "Script", "SiteLoss", "SomebodyElse"]


@dataclass(frozen=True, slots=True)
class SomebodyElse:
    """Somebody else rolls a model back or out, by the service's own rules."""

    model_id: str
    order: RollbackOrder | RolloutOrder


@dataclass(frozen=True, slots=True)
class SiteLoss:
    """The devices of a group are without a network for a while."""

    group: str
    lasts: float
    """Seconds."""


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

    what: SomebodyElse | SiteLoss | ApiLoss
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
        if isinstance(what, SiteLoss):
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

    def _cut(self, what: SiteLoss, at: float) -> None:
        cut = [
            device
            for device in self._fleet.devices.values()
            if what.group in device.groups and device.simulated and device.reachable(at)
        ]
        for device in cut:
            self._fleet.cut_off(device)

        def mend(_at: float) -> None:
            for device in cut:
                if not device.revoked:
                    self._fleet.wake(device)

        self._fleet.schedule(at + what.lasts, mend)

    def _leave(self, what: ApiLoss, at: float) -> None:
        standing = self._faults.add([what.rule])[0]
        self._fleet.schedule(at + what.lasts, lambda _at: self._come_back(standing.id))

    def _come_back(self, number: int) -> None:
        self._faults.remove(number)
