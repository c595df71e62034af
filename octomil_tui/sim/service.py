"""The rules of the service: rolling back, and the life of a rollout."""

from typing import NoReturn

from octomil_tui.sim.catalog import Catalog, Group, Model
from octomil_tui.sim.device import Device
from octomil_tui.sim.errors import RefusedError
from octomil_tui.sim.hold import refuse_held
from octomil_tui.sim.ledger import Ledger
from octomil_tui.sim.orders import RollbackOrder, RolloutOrder
from octomil_tui.sim.population import Population
from octomil_tui.sim.rollout import WHOLE, Kind, Rollout, Status
from octomil_tui.sim.rollout_views import frozen, in_the_way

__all__ = ["RollbackOrder", "RolloutOrder", "Service"]

FREEZE_BEGAN = 3600
"""Seconds since which nobody may roll back where something else than a rollout is in the way."""
UNFINISHED = frozenset({Status.PENDING, Status.ACTIVE, Status.PAUSED})


class Service:
    """What the service does with a request. Times are the fleet's.

    Args:
        catalog: Models, versions and groups.
        population: The devices.
        ledger: The rollouts.
        user: Whom the service names for what is done with the run's key.
    """

    def __init__(self, catalog: Catalog, population: Population, ledger: Ledger, user: str) -> None:
        self._catalog = catalog
        self._population = population
        self._fleet = population.fleet
        self._ledger = ledger
        self._user = user

    def rollback(self, model_ref: str, order: RollbackOrder) -> tuple[Rollout, Rollout | None]:
        """Send every device of the scope back, cancelling what leads elsewhere.

        Returns:
            The rollback, and the rollout it cancelled, if there was one.

        Raises:
            RefusedError: 404 for an unknown model, version or group, 422 for a
                version never deployed or a group without the model, 409 while a
                rollback to the same version covers the scope.
        """
        model = self._catalog.model(model_ref)
        model.version(order.to_version)
        refuse_held(model, order.to_version)
        if order.to_version not in self._ledger.deployed(model):
            message = f"{model.name} {order.to_version} was never deployed."
            raise RefusedError(422, "version_not_deployed", message)
        group = None if order.group is None else self._catalog.group(order.group)
        scope = self._scope(model, group)
        running = self._ledger.running(model)
        self._refuse_repetition(model, order, group, running)
        displaced = [
            r for r in running if r.status is not Status.ROLLING_BACK or r.version != order.to_version
        ]
        rollback = self._make(
            model,
            Kind.ROLLBACK,
            order.to_version,
            from_version=displaced[0].version if displaced else model.active_version,
            scope=scope,
            group=group,
            reason=order.reason,
            by=order.by or self._user,
        )
        rollback.trigger = order.trigger
        self._ledger.add(rollback)
        self._ledger.begin(rollback, self._fleet.now, by=rollback.created_by, displaces=displaced)
        return rollback, displaced[0] if displaced else None

    def refuse_rollback(self, model_ref: str, by: str) -> NoReturn:
        """Refuse to roll a model back, and name what is in the way.

        Args:
            model_ref: The model's id or name.
            by: Who is in the way where no rollout runs.

        Raises:
            RefusedError: 404 for an unknown model, else 409.
        """
        model = self._catalog.model(model_ref)
        running = self._ledger.running(model)
        since = self._fleet.now - FREEZE_BEGAN
        operation = in_the_way(running[0]) if running else frozen(by, since)
        message = (
            f"Rollbacks of {model.name} are locked by a change freeze: "
            f"{operation['kind']} {operation['id']} of {operation['created_by']}, since {operation['started_at']}."
        )
        raise RefusedError(409, "rollback_refused", message, operation)

    def create(self, model_ref: str, order: RolloutOrder) -> Rollout:
        """Make a rollout, and start it if asked to.

        Raises:
            RefusedError: 404 for an unknown model, version or group, 422 for a
                group without the model.
        """
        model = self._catalog.model(model_ref)
        model.version(order.version)
        refuse_held(model, order.version)
        group = None if order.group is None else self._catalog.group(order.group)
        at_once = order.rollout_percentage >= WHOLE and order.start_immediately
        running = self._ledger.running(model)
        rollout = self._make(
            model,
            Kind.INSTANT if at_once else Kind.PROGRESSIVE,
            order.version,
            from_version=running[0].version if at_once and running else model.active_version,
            scope=self._scope(model, group),
            group=group,
            reason=order.reason,
            by=order.by or self._user,
        )
        rollout.percentage = order.rollout_percentage
        rollout.target_percentage = max(order.target_percentage, order.rollout_percentage)
        rollout.increment_step = order.increment_step
        if order.step_interval_minutes is not None:
            rollout.step_interval = order.step_interval_minutes * 60
        # Devices that run the version already, or are on their way, come first.
        rollout.order.sort(key=lambda device: device.installs[model.id].desired != order.version)
        self._ledger.add(rollout)
        if order.start_immediately:
            self._ledger.begin(rollout, self._fleet.now, by=rollout.created_by, displaces=running)
        return rollout

    def start(self, model_ref: str, rollout_ref: str) -> Rollout:
        """Start a pending rollout; one that is under way makes room for it.

        Raises:
            RefusedError: 404 where there is none, 409 where it is not pending.
        """
        model, rollout = self._find(model_ref, rollout_ref)
        self._expect(rollout, "started", Status.PENDING)
        refuse_held(model, rollout.version)
        displaced = self._ledger.running(model)
        self._ledger.begin(rollout, self._fleet.now, by=self._user, displaces=displaced)
        return rollout

    def pause(self, model_ref: str, rollout_ref: str, reason: str | None = None) -> Rollout:
        """Stop a rollout from going further; devices keep what they were told.

        Raises:
            RefusedError: 404 where there is none, 409 where it is not active.
        """
        _, rollout = self._find(model_ref, rollout_ref)
        self._expect(rollout, "paused", Status.ACTIVE)
        rollout.next_step_at = None
        rollout.become(Status.PAUSED, self._fleet.now, by=self._user, reason=reason)
        return rollout

    def resume(self, model_ref: str, rollout_ref: str, reason: str | None = None) -> Rollout:
        """Let a paused rollout go on; its step interval begins anew.

        Raises:
            RefusedError: 404 where there is none, 409 where it is not paused.
        """
        model, rollout = self._find(model_ref, rollout_ref)
        self._expect(rollout, "resumed", Status.PAUSED)
        refuse_held(model, rollout.version)
        rollout.become(Status.ACTIVE, self._fleet.now, by=self._user, reason=reason)
        self._ledger.carry_on(rollout, self._fleet.now)
        return rollout

    def advance(
        self, model_ref: str, rollout_ref: str, increment: float | None, reason: str | None = None
    ) -> Rollout:
        """Take the next step now, or one of `increment` percent.

        Raises:
            RefusedError: 404 where there is none, 409 where it is not active.
        """
        _, rollout = self._find(model_ref, rollout_ref)
        self._expect(rollout, "advanced", Status.ACTIVE)
        step = rollout.increment_step if increment is None else increment
        percentage = min(rollout.percentage + step, rollout.target_percentage)
        self._ledger.open_further(rollout, percentage, self._fleet.now, by=self._user, reason=reason)
        return rollout

    def update_percentage(
        self, model_ref: str, rollout_ref: str, percentage: float, reason: str | None
    ) -> Rollout:
        """Set a rollout's percentage; devices that fall out of it get back what they ran.

        Raises:
            RefusedError: 404 where there is none, 409 where it has ended or rolls back.
        """
        _, rollout = self._find(model_ref, rollout_ref)
        self._expect(rollout, "changed", *UNFINISHED)
        rollout.target_percentage = max(rollout.target_percentage, percentage)
        if rollout.status is Status.PENDING:
            rollout.percentage = percentage
            rollout.log(self._fleet.now, by=self._user, reason=reason)
        else:
            now = self._fleet.now
            self._ledger.open_further(rollout, percentage, now, by=self._user, reason=reason)
        return rollout

    def cancel(self, model_ref: str, rollout_ref: str, reason: str | None = None) -> Rollout:
        """End a rollout before its time; its devices stay with what they run.

        Raises:
            RefusedError: 404 where there is none, 409 where it has ended.
        """
        model, rollout = self._find(model_ref, rollout_ref)
        self._expect(rollout, "cancelled", *UNFINISHED, Status.ROLLING_BACK)
        self._cancel(model, rollout, reason)
        return rollout

    def delete(self, model_ref: str, rollout_ref: str, *, force: bool) -> None:
        """Take a rollout off the list; a running one is cancelled, which needs `force`.

        Raises:
            RefusedError: 404 where there is none, 409 where it runs and nothing forces it.
        """
        model, rollout = self._find(model_ref, rollout_ref)
        if rollout.running:
            if not force:
                message = f"Rollout {rollout.id} is {rollout.status}; force=true cancels and deletes it."
                raise RefusedError(409, "rollout_running", message)
            self._cancel(model, rollout, "deleted")
        self._ledger.forget(rollout)

    def _cancel(self, model: Model, rollout: Rollout, reason: str | None) -> None:
        self._ledger.cancel(rollout, self._fleet.now, by=self._user, reason=reason)
        rollout.release(self._ledger.running(model), model.active_version, self._fleet.now)

    def _make(
        self,
        model: Model,
        kind: Kind,
        version: str,
        *,
        from_version: str,
        scope: list[Device],
        group: Group | None,
        reason: str | None,
        by: str,
    ) -> Rollout:
        now = self._fleet.now
        rollout = Rollout(
            id=self._ledger.issue_id(),
            model_id=model.id,
            version=version,
            from_version=from_version,
            kind=kind,
            status=Status.PENDING,
            percentage=WHOLE,
            increment_step=100.0,
            created_by=by,
            created_at=now,
            order=scope,
            group=None if group is None else group.name,
            reason=reason,
        )
        rollout.log(now, by=by, reason=reason)
        self._population.join(rollout)
        return rollout

    def _scope(self, model: Model, group: Group | None) -> list[Device]:
        """Return the devices of a scope that are kept one by one."""
        devices = self._fleet.having(model.id)
        if group is None:
            return devices
        members = [device for device in devices if group.name in device.groups]
        if not members and not self._population.is_any(model.id, group):
            message = f"No device of {group.name} has {model.name}."
            raise RefusedError(422, "empty_scope", message)
        return members

    def _refuse_repetition(
        self, model: Model, order: RollbackOrder, group: Group | None, running: list[Rollout]
    ) -> None:
        for rollout in running:
            same = rollout.status is Status.ROLLING_BACK and rollout.version == order.to_version
            if same and rollout.group in {None, None if group is None else group.name}:
                message = f"Rollback {rollout.id} of {model.name} to {rollout.version} is still running."
                raise RefusedError(409, "rollback_in_progress", message, in_the_way(rollout))

    def _find(self, model_ref: str, rollout_ref: str) -> tuple[Model, Rollout]:
        model = self._catalog.model(model_ref)
        return model, self._ledger.get(model, rollout_ref)

    def _expect(self, rollout: Rollout, what: str, *statuses: Status) -> None:
        if rollout.status not in statuses:
            message = f"Rollout {rollout.id} is {rollout.status} and cannot be {what}."
            raise RefusedError(409, "rollout_state_invalid", message)
