"""What the engine asks of a client; `api.client.AsyncOctomilClient` fits it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    # The gate is there before the first request, and these are not needed for it.
    from octomil_tui.api.key_source import Reread
    from octomil_tui.api.meter import Meter
    from octomil_tui.domain.action import Action
    from octomil_tui.domain.affected import AffectedDevices
    from octomil_tui.domain.device_page import DevicePage, DeviceQuery
    from octomil_tui.domain.fleet import Device, DeviceGroup, Model, ModelVersion, Rollout
    from octomil_tui.domain.history import StatusChange
    from octomil_tui.domain.incident import Check, Incident
    from octomil_tui.domain.order import ChangeReceipt, Reading, RollbackOrder, RollbackReceipt
    from octomil_tui.domain.policy import Policy, PolicyChange
    from octomil_tui.domain.signal import ModelHealth, RolloutHealth
    from octomil_tui.domain.timeline import ServiceLog


class FleetSource(Protocol):
    """The reads. Each raises `api.errors.OctomilError` with a sentence fit to be shown."""

    async def models(self) -> Reading[tuple[Model, ...]]:
        """Return every model."""

    async def versions(self, model_id: str) -> Reading[tuple[ModelVersion, ...]]:
        """Return the model's versions, newest first."""

    async def rollouts(self, model_id: str) -> Reading[tuple[Rollout, ...]]:
        """Return the model's rollouts, newest first."""

    async def active_rollouts(self) -> Reading[tuple[Rollout, ...]]:
        """Return the running rollouts of all models."""

    async def groups(self) -> Reading[tuple[DeviceGroup, ...]]:
        """Return every device group, without its members."""

    async def group_members(self, group_id: str) -> Reading[tuple[Device, ...]]:
        """Return the devices of one group."""

    async def devices(self, model_ids: Sequence[str]) -> Reading[tuple[Device, ...]]:
        """Return every device with what it runs of these models."""

    async def device_page(
        self,
        query: DeviceQuery,
        model_ids: Sequence[str] = (),
        *,
        offset: int = 0,
        limit: int = 1000,
        cursor: str | None = None,
    ) -> Reading[DevicePage]:
        """Return one page of a list of devices."""

    async def device(self, device_id: str, model_ids: Sequence[str]) -> Reading[Device]:
        """Return one device, with its history where the service keeps one."""

    async def affected_devices(self, model_id: str, rollout_id: str) -> Reading[AffectedDevices]:
        """Return what one rollout moves."""

    async def policy(self) -> Reading[Policy]:
        """Return what the organisation has set."""

    async def incidents(self) -> Reading[tuple[Incident, ...]]:
        """Return the newest limits that were crossed."""

    async def checks(self, rollout_id: str) -> Reading[tuple[Check, ...]]:
        """Return the policy's rules, held against one rollout now."""

    async def status_history(self, model_id: str, rollout_id: str) -> Reading[tuple[StatusChange, ...]]:
        """Return what a rollout has been through, newest first."""

    async def timeline(
        self, rollouts: Sequence[tuple[str, str]] = (), *, most: int = 100
    ) -> Reading[ServiceLog]:
        """Return what the service tells of the past, with the history of these rollouts."""

    async def health_overview(self) -> Reading[Mapping[str, ModelHealth]]:
        """Return how the versions of every model do now, in short, by model id."""

    async def health(self, model_id: str) -> Reading[ModelHealth]:
        """Return how each version of a model does, with its last hour."""

    async def rollout_health(self, rollout_id: str) -> Reading[RolloutHealth]:
        """Return how the devices do that a rollout changes, from before it on."""


class ChangeSender(Protocol):
    """The writes beside the rollback; each raises `api.errors.RollbackError`, or an error before it was sent."""

    async def act(
        self,
        model: str,
        action: Action,
        *,
        reason: str | None = None,
        idempotency_key: str,
        by_deleting: bool = False,
    ) -> ChangeReceipt:
        """Do one thing to a rollout or a version, once."""

    async def set_policy(self, change: PolicyChange, *, idempotency_key: str) -> Policy | None:
        """Change settings, once, and return what the answer says is stored."""


class RollbackSender(Protocol):
    """The one write."""

    async def rollback(self, model: str, order: RollbackOrder, *, idempotency_key: str) -> RollbackReceipt:
        """Send one rollback, once."""


@runtime_checkable
class Rekeying(Protocol):
    """A client that can read its key again; one that cannot is none."""

    @property
    def is_key_refused(self) -> bool:
        """Whether the service's last word on the key was 401."""

    async def reread_key(self) -> Reread:
        """Read the key's source again, and use what is there from the next request on; may take seconds.

        Raises:
            KeyRefusedError: There is no key now, or none that can be used; the old one stays.
        """


@runtime_checkable
class Metered(Protocol):
    """A client whose every request is counted by whoever is named."""

    @property
    def meter(self) -> Meter:
        """Who counts them now."""

    def measure_with(self, meter: Meter) -> None:
        """Have every request counted by `meter` from now on."""


class ActionService(FleetSource, ChangeSender, Protocol):
    """Reads, and the writes beside the rollback."""


class Service(FleetSource, RollbackSender, ChangeSender, Protocol):
    """Reads and writes."""
