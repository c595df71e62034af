"""The audit log: who did what to what, the service itself included.

What became of rollouts is in their own histories and read from there; all else
is written down here as it happens.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from octomil_tui.sim.catalog import Catalog, Model
from octomil_tui.sim.incident import Incident, Incidents
from octomil_tui.sim.ledger import SERVICE, Ledger
from octomil_tui.sim.rollout import Kind, Rollout, Status
from octomil_tui.sim.rollout_views import trigger_item

__all__ = ["Record", "Records"]

CROSSED = "policy.threshold_crossed"
ACTIONS = {
    Status.PENDING: "rollout.created",
    Status.ROLLING_BACK: "model.rollback",
    Status.PAUSED: "rollout.paused",
    Status.COMPLETED: "rollout.completed",
    Status.CANCELLED: "rollout.cancelled",
}


@dataclass(frozen=True, slots=True)
class Record:
    """One line of the audit log. `at` is in epoch seconds."""

    id: str
    at: float
    by: str
    action: str
    resource_type: str
    resource_id: str
    resource_name: str | None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    rollout_id: int | None = None

    @property
    def is_by_service(self) -> bool:
        """Whether nobody did it."""
        return self.by == SERVICE


class Records:
    """The audit log.

    Args:
        catalog: The models.
        ledger: The rollouts.
        incidents: What the service noticed.
    """

    def __init__(self, catalog: Catalog, ledger: Ledger, incidents: Incidents) -> None:
        self._catalog = catalog
        self._ledger = ledger
        self._incidents = incidents
        self._noted: list[Record] = []

    def note(
        self, at: float, by: str, action: str, resource: tuple[str, str, str | None], **metadata: Any
    ) -> None:
        """Write something down that is about no rollout.

        Args:
            at: When, epoch seconds.
            by: Who did it.
            action: The service's word for it, such as `settings.updated`.
            resource: To what: its type, its id and its name.
            metadata: What else there is to know.
        """
        self._noted.append(Record(f"evt_{len(self._noted) + 1}", at, by, action, *resource, metadata))

    def keep(self, rollout: Rollout, at: float, by: str) -> None:
        """Keep what became of a rollout that is about to be taken off the list."""
        model = self._catalog.models[rollout.model_id]
        self._noted += of_rollout(rollout, model)
        self.note(
            at, by, "rollout.deleted", ("rollout", str(rollout.id), model.name), version=rollout.version
        )

    def forget(self) -> None:
        """Have nothing written down, as after a restart without a memory."""
        self._noted.clear()

    def all(self) -> list[Record]:
        """Return the whole log, the newest first."""
        found = list(self._noted)
        for rollout in self._ledger.rollouts.values():
            found += of_rollout(rollout, self._catalog.models[rollout.model_id])
        for model in self._catalog.models.values():
            found += _registered(model)
        for incident in self._incidents.all:
            found += _noticed(incident)
        return sorted(found, key=_order, reverse=True)


def _order(record: Record) -> tuple[float, bool, str]:
    """Return what records are sorted by; of one instant, the reason comes before what was done for it."""
    return record.at, record.action != CROSSED, record.id


def of_rollout(rollout: Rollout, model: Model) -> Iterator[Record]:
    """Yield what became of one rollout, the oldest first."""
    former: tuple[Status, float] | None = None
    for place, change in enumerate(rollout.history):
        now = (change.status, change.percentage)
        if change.status is Status.ACTIVE:
            if former is None or former[0] is Status.PENDING:
                action = "model.deployed"
            else:
                action = "rollout.resumed" if former[0] is Status.PAUSED else "rollout.advanced"
        else:
            action = ACTIONS[change.status]
        is_rollback = rollout.kind is Kind.ROLLBACK
        metadata: dict[str, Any] = {
            "rollout_id": rollout.id,
            "version": rollout.version,
            "previous_version": rollout.from_version,
            "rollout_percentage": change.percentage,
            "previous_percentage": None if former is None else former[1],
            "group": rollout.group,
            "reason": change.reason,
        }
        if rollout.trigger is not None and change.status is Status.ROLLING_BACK:
            metadata["trigger"] = trigger_item(rollout.trigger)
        former = now
        # A rollback is made and begun in one; that it was made says nothing more.
        if is_rollback and change.status is Status.PENDING:
            continue
        action = "rollback.completed" if is_rollback and change.status is Status.COMPLETED else action
        yield Record(
            f"evt_{rollout.id}_{place:03}",
            change.at,
            change.by,
            action,
            "model",
            model.id,
            model.name,
            metadata,
            rollout.id,
        )


def _noticed(incident: Incident) -> Iterator[Record]:
    """Yield what the service itself did about an incident; what people do is written down as they do it."""
    words = {"open": CROSSED, "resolved": "incident.resolved"}
    for place, note in enumerate(incident.notes):
        if note.by == SERVICE and note.status in words:
            yield Record(
                f"evt_{incident.id}_{place:03}",
                note.at,
                note.by,
                words[note.status],
                "model",
                incident.model_id,
                incident.model_name,
                {
                    "incident_id": incident.id,
                    "rule": incident.rule,
                    "metric": incident.metric,
                    "value": round(incident.value, 2),
                    "limit": incident.limit,
                    "baseline": incident.baseline,
                    "window_minutes": incident.window_minutes,
                    "version": incident.version,
                    "rollout_id": incident.rollout_id,
                    "auto_rollback_enabled": incident.is_auto_rollback,
                    "rollback_id": incident.rollback_id,
                },
                incident.rollout_id,
            )


def _registered(model: Model) -> Iterator[Record]:
    for version in model.versions:
        yield Record(
            f"evt_{version.id}",
            version.created_at,
            version.published_by,
            "model.version.created",
            "model",
            model.id,
            model.name,
            {"version": version.version},
        )
