"""What the service noticed: limits that were crossed, and what people said about it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from octomil_tui.sim.errors import RefusedError

__all__ = ["ENDED", "Incident", "Incidents", "Note"]

STATUSES = ("open", "acknowledged", "investigating", "resolved", "closed")
ENDED = frozenset({"resolved", "closed"})


@dataclass(frozen=True, slots=True)
class Note:
    """A change of an incident, or what somebody wrote about it."""

    at: float
    by: str
    status: str
    text: str | None = None


@dataclass(slots=True)
class Incident:
    """A limit that the devices on a version crossed. Times are epoch seconds."""

    id: str
    rule: str
    """The policy's rule, such as `error_rate`, or the id of an alert rule."""
    metric: str
    """The figure's name, which has its unit."""
    value: float
    limit: float
    baseline: float | None
    """What is usual, where the rule looks at it."""
    window_minutes: int
    devices: int
    """How many devices reported."""
    model_id: str
    model_name: str
    version: str
    rollout_id: int | None
    title: str
    created_at: float
    severity: str = "critical"
    status: str = "open"
    is_auto_rollback: bool = False
    """Whether auto-rollback was on when it was opened."""
    rollback_id: int | None = None
    """The rollback that the service made because of it."""
    updated_at: float = 0.0
    resolved_at: float | None = None
    notes: list[Note] = field(default_factory=list)

    def become(self, status: str, at: float, by: str, text: str | None = None) -> None:
        """Go into a status, or stay in it with a note."""
        self.status, self.updated_at = status, at
        self.resolved_at = (self.resolved_at or at) if status in ENDED else None
        self.notes.append(Note(at, by, status, text))


class Incidents:
    """All incidents.

    Args:
        past: Those of before.
    """

    def __init__(self, past: Iterable[Incident] = ()) -> None:
        self.all = list(past)

    def issue_id(self) -> str:
        """Return the id of a new incident."""
        return f"inc_{len(self.all) + 1}"

    def add(self, incident: Incident) -> Incident:
        """Keep a new incident."""
        incident.become("open", incident.created_at, "auto")
        self.all.append(incident)
        return incident

    def find(self, rollout_id: int, rule: str) -> Incident | None:
        """Return the incident of a rollout that crossed a rule's limit."""
        return next((one for one in self.all if (one.rollout_id, one.rule) == (rollout_id, rule)), None)

    def get(self, incident_id: str) -> Incident:
        """Return one incident.

        Raises:
            RefusedError: 404, there is none of that id.
        """
        found = next((one for one in self.all if one.id == incident_id), None)
        if found is None:
            raise RefusedError(404, "incident_not_found", f"There is no incident {incident_id}.")
        return found

    def listed(self, status: str | None = None) -> list[Incident]:
        """Return the incidents, or those in a status, the newest first."""
        found = [one for one in self.all if status in {None, one.status}]
        return sorted(found, key=lambda one: one.created_at, reverse=True)

    def update(self, incident_id: str, at: float, by: str, status: str | None, text: str | None) -> Incident:
        """Write down what somebody does about an incident.

        Raises:
            RefusedError: 404 for an unknown incident, 422 for a status that is none.
        """
        incident = self.get(incident_id)
        if status is not None and status not in STATUSES:
            raise RefusedError(422, "validation_error", f"status: has to be one of {', '.join(STATUSES)}.")
        incident.become(status or incident.status, at, by, text)
        return incident
