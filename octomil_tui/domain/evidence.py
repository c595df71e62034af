"""Everything that a report of one rollback rests on, put together when it is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from octomil_tui.domain.affected import AffectedDevices
from octomil_tui.domain.fleet import Device
from octomil_tui.domain.rollback import Rollback
from octomil_tui.domain.signal import RolloutHealth
from octomil_tui.domain.timeline import TimelineEvent


@dataclass(frozen=True, eq=False, slots=True)
class Evidence:
    """What is known of a rollback that ended, or that a report is made of before."""

    rollback: Rollback
    model: str
    """The raw name of the model."""
    devices: Sequence[Device] = ()
    """The devices that were read of its scope."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Raw names of the groups, by id."""
    events: tuple[TimelineEvent, ...] = ()
    """The timeline of the model, newest first."""
    affected: AffectedDevices | None = None
    """What the service says of each device; None where it does not."""
    health: RolloutHealth | None = None
    """How the devices do that it changes, from before it on; None where the service does not tell."""
    is_held: bool | None = None
    """Whether no rollout can bring the version that was left; None where the registry does not say."""
    service: str = ""
    """Origin and base path of the service."""
    org: str | None = None
    plan: str | None = None
    """The digest of the plan that was confirmed, as far as this machine knows."""
    by: str | None = None
    """Who began it, as the service says, safe to show."""
    made_at: float | None = None
    """The service's clock when this was put together."""
    notes: tuple[str, ...] = ()
    """What could not be read, one sentence each without its full stop."""

    @property
    def began_at(self) -> float | None:
        """When devices began to be told, by the service's clock; None where nothing was sent."""
        watch = self.rollback.watch
        return watch.started_at if watch is not None else self.rollback.sent_at
