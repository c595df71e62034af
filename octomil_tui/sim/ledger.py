"""Every rollout there is, who follows whom, and what their devices' reports do to them."""

from collections.abc import Callable, Iterable
from functools import partial
from math import inf

from octomil_tui.sim.catalog import Catalog, Model
from octomil_tui.sim.device import Device
from octomil_tui.sim.errors import RefusedError
from octomil_tui.sim.population import Population
from octomil_tui.sim.rollout import WHOLE, Kind, Rollout, Status

__all__ = ["SERVICE", "Ledger"]

RECENT = 86_400.0
"""Seconds for which a rollout is still news after it has ended."""
SERVICE = "auto"
"""Who the service names for what it does by itself."""


def _superseded(former: Rollout, latter: Rollout) -> bool:
    """Return whether a finished rollout's devices are now another one's to follow."""
    return former.model_id == latter.model_id and not former.running and latter.meets(former)


class Ledger:
    """The rollouts of all models. At most one leads the fleet; the last one started wins.

    Args:
        catalog: The models they belong to.
        population: The devices they move; the ledger follows their contacts.
        rollouts: What has been before.
        next_id: The id of the next rollout to be made.
    """

    def __init__(
        self, catalog: Catalog, population: Population, rollouts: Iterable[Rollout], next_id: int
    ) -> None:
        self._catalog = catalog
        self._population = population
        self._fleet = fleet = population.fleet
        self._next_id = self._first_id = next_id
        self._begun: list[Callable[[Rollout, float], None]] = []
        self.rollouts = {rollout.id: rollout for rollout in rollouts}
        self._followed = [rollout for rollout in self.rollouts.values() if rollout.running]
        for rollout in self.rollouts.values():
            if rollout.started_at is not None:
                catalog.models[rollout.model_id].deployed.add(rollout.version)
            if rollout.status is Status.ACTIVE and rollout.next_step_at is not None:
                fleet.schedule(rollout.next_step_at, partial(self._step, rollout))
        fleet.observe(self)

    def tell_begun(self, hear: Callable[[Rollout, float], None]) -> None:
        """Tell `hear` about every rollout that begins from now on, and when."""
        self._begun.append(hear)

    def issue_id(self) -> int:
        """Return the id of a new rollout."""
        issued = self._next_id
        self._next_id += 1
        return issued

    def of(self, model: Model) -> list[Rollout]:
        """Return a model's rollouts, the newest first."""
        mine = [rollout for rollout in self.rollouts.values() if rollout.model_id == model.id]
        return sorted(mine, key=lambda rollout: (rollout.created_at, rollout.id), reverse=True)

    def running(self, model: Model) -> list[Rollout]:
        """Return a model's rollouts that have begun and not ended, the newest first."""
        return [rollout for rollout in self.of(model) if rollout.running]

    def newest(self, model: Model, at: float) -> Rollout | None:
        """Return the rollout that brought a model's newest version, while that is news.

        It is none that goes back, and none that was cancelled or has ended a day ago.
        """
        begun = [rollout for rollout in self.of(model) if rollout.started_at is not None]
        last = max(begun, key=lambda rollout: (rollout.started_at or 0.0, rollout.id), default=None)
        if last is None or last.status is Status.CANCELLED or self.goes_back(last):
            return None
        is_over = last.completed_at is not None and at - last.completed_at >= RECENT
        return None if is_over else last

    def goes_back(self, rollout: Rollout) -> bool:
        """Return whether a rollout brings an older version back, by whatever route somebody asked for that.

        One to all devices at once does, where its version was deployed before the one it leads away from.
        """
        if rollout.kind is not Kind.INSTANT:
            return rollout.kind is Kind.ROLLBACK
        mine, other = (self._first(rollout.model_id, v) for v in (rollout.version, rollout.from_version))
        return mine < other < inf

    def _first(self, model_id: str, version: str | None) -> float:
        """Return when a version was first rolled out; infinity where it never was."""
        mine = (r for r in self.rollouts.values() if r.model_id == model_id and r.version == version)
        return min((r.started_at for r in mine if r.started_at is not None), default=inf)

    def get(self, model: Model, reference: str) -> Rollout:
        """Return one rollout of a model.

        Raises:
            RefusedError: 404, there is no such rollout of this model.
        """
        rollout = next((r for r in self.rollouts.values() if str(r.id) == reference), None)
        if rollout is None or rollout.model_id != model.id:
            raise RefusedError(404, "rollout_not_found", f"{model.name} has no rollout {reference}.")
        return rollout

    def deployed(self, model: Model) -> set[str]:
        """Return the versions that a rollout of the model was started for or a device runs."""
        running = (device.installs[model.id].active for device in self._population.fleet.having(model.id))
        found = {version for version in running if version is not None}
        return model.deployed | found | self._population.begun_with(model.id)

    def wanted_by_default(self, model: Model, groups: Iterable[str]) -> str:
        """Return the version that a device new to the model is to run."""
        started = [rollout for rollout in self.of(model) if rollout.started_at is not None]
        for rollout in sorted(started, key=lambda rollout: rollout.started_at or 0.0, reverse=True):
            led = rollout.kind is not Kind.PROGRESSIVE and (
                rollout.running or rollout.status is Status.COMPLETED
            )
            won = rollout.status is Status.COMPLETED and rollout.percentage >= WHOLE
            if (led or won) and rollout.group in {None, *groups}:
                return rollout.version
        return model.active_version

    def add(self, rollout: Rollout) -> None:
        """Keep a new rollout."""
        self.rollouts[rollout.id] = rollout

    def begin(self, rollout: Rollout, at: float, *, by: str, displaces: Iterable[Rollout]) -> None:
        """Start a rollout in place of others, and re-target its devices.

        Devices of a displaced rollout that the new one does not come to go on
        with what they run.
        """
        model = self._catalog.models[rollout.model_id]
        displaced = list(displaces)
        for other in displaced:
            self.cancel(other, at, by=by, reason=f"displaced by {rollout.id}", displaced_by=rollout.id)
        # A rollback of another group to the same version runs on, and keeps its devices.
        surviving = [r for r in self.running(model) if r.id != rollout.id]
        rollout.started_at = at
        rollout.open(at)
        for other in displaced:
            other.release([rollout, *surviving], model.active_version, at)
        rollout.become(
            Status.ROLLING_BACK if rollout.kind is Kind.ROLLBACK else Status.ACTIVE,
            at,
            by=by,
            reason=rollout.reason,
        )
        model.deployed.add(rollout.version)
        model.updated_at = at
        if rollout.kind is not Kind.PROGRESSIVE and rollout.group is None:
            model.active_version = rollout.version
        for other in self._followed:
            if _superseded(other, rollout):
                other.leave(at)
        self._followed = [other for other in self._followed if not _superseded(other, rollout)]
        self._followed.append(rollout)
        self.carry_on(rollout, at)
        for hear in self._begun:
            hear(rollout, at)

    def cancel(
        self, rollout: Rollout, at: float, *, by: str, reason: str | None, displaced_by: int | None = None
    ) -> None:
        """End a rollout before its time."""
        rollout.cancelled_at, rollout.cancelled_by = at, displaced_by
        rollout.next_step_at = None
        rollout.become(Status.CANCELLED, at, by=by, reason=reason)
        rollout.leave(at)
        self._followed = [other for other in self._followed if other is not rollout]

    def forget(self, rollout: Rollout) -> None:
        """Take a rollout off the list."""
        del self.rollouts[rollout.id]
        rollout.forget(self._fleet.now)
        self._followed = [other for other in self._followed if other is not rollout]
        self._review(self._fleet.now)

    def forget_all(self) -> None:
        """Have no rollout, as a service that came back without its state; devices go on with what they run."""
        for rollout in self.rollouts.values():
            rollout.next_step_at = None
            if rollout.running:
                rollout.release((), self._catalog.models[rollout.model_id].active_version, self._fleet.now)
            rollout.forget(self._fleet.now)
        self.rollouts.clear()
        self._followed.clear()
        self._next_id = self._first_id

    def open_further(
        self,
        rollout: Rollout,
        percentage: float,
        at: float,
        *,
        by: str,
        reason: str | None,
        early: bool = False,
    ) -> None:
        """Bring a started rollout to another percentage, up or down.

        Args:
            rollout: The rollout.
            percentage: 0 to 100.
            at: When, epoch seconds.
            by: Who does it.
            reason: Why, if anybody said.
            early: Whether it comes before the contacts that devices make in the same instant.
        """
        model = self._catalog.models[rollout.model_id]
        rollout.percentage = percentage
        rollout.narrow(model.active_version, at, early=early)
        rollout.open(at, early=early)
        rollout.log(at, by=by, reason=reason)
        self.carry_on(rollout, at)

    def carry_on(self, rollout: Rollout, at: float) -> None:
        """Schedule the next step that the rollout takes by itself, or end it if it is done."""
        steps = rollout.status is Status.ACTIVE and rollout.percentage < rollout.target_percentage
        rollout.next_step_at = at + rollout.step_interval if steps and rollout.step_interval else None
        if rollout.next_step_at is not None:
            self._fleet.schedule(rollout.next_step_at, partial(self._step, rollout))
        self._settle(rollout, at)
        self._review(at)

    def contacted(self, device: Device, at: float) -> None:
        """Take a device's report into account in every rollout that follows it."""
        for rollout in self._followed[:]:
            entry = rollout.tracked.get(device.id)
            if entry is not None:
                entry.note(rollout.install(device), rollout.version, at)
                self._settle(rollout, at)

    def fell_silent(self, device: Device, at: float) -> None:
        """Stop waiting for a device that is offline from now on."""
        for rollout in self._followed[:]:
            if device.id in rollout.tracked:
                self._settle(rollout, at)

    def _step(self, rollout: Rollout, at: float) -> None:
        if rollout.status is Status.ACTIVE and rollout.next_step_at == at:
            percentage = min(rollout.percentage + rollout.increment_step, rollout.target_percentage)
            reason = "step interval passed"
            self.open_further(rollout, percentage, at, by=SERVICE, reason=reason, early=True)

    def _settle(self, rollout: Rollout, at: float) -> None:
        if rollout.crowd is not None and rollout.looks_again_at != at:
            # What a crowd comes to takes a moment to find out; whoever asked for it is answered first.
            self._look_again(rollout, at)
            return
        done = rollout.done_from(at)
        if done is None or done == inf:
            return
        if done > at:
            self._look_again(rollout, done)
            return
        rollout.completed_at = at
        rollout.next_step_at = None
        if rollout.kind is Kind.ROLLBACK:
            rollout.completed_percentage = rollout.share_percent()
        rollout.become(Status.COMPLETED, at, by=SERVICE)
        if rollout.group is None and rollout.percentage >= WHOLE:
            self._catalog.models[rollout.model_id].active_version = rollout.version

    def _review(self, at: float) -> None:
        """Find out anew when the rollouts of a crowd are done: what is ordered of one model delays another."""
        for rollout in self._followed:
            if rollout.crowd is not None and rollout.running:
                self._look_again(rollout, at)

    def _look_again(self, rollout: Rollout, at: float) -> None:
        """Have a rollout that a crowd is part of ended at `at`, if it is done then."""
        rollout.looks_again_at = at

        def look(looked_at: float) -> None:
            is_followed = any(rollout is other for other in self._followed)
            if rollout.looks_again_at == looked_at and is_followed:
                self._settle(rollout, looked_at)

        self._fleet.schedule(at, look)
