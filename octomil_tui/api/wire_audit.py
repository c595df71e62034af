"""The shapes of the service's audit log; read as in `wire`."""

from __future__ import annotations

from typing import Annotated

from octomil_tui.api.shape import Names, Shape
from octomil_tui.api.wire import GroupKey, Moment, Percent, RawId, SafeText, Who
from octomil_tui.api.wire_policy import Breach


class Resource(Shape):
    """What something was done to."""

    type: SafeText | None = None
    id: RawId | None = None
    name: RawId | None = None


class Particulars(Breach):
    """What stands beside a record of the audit log; every key is the service's own."""

    rollout_id: RawId | None = None
    incident_id: RawId | None = None
    version: RawId | None = None
    previous_version: RawId | None = None
    rollout_percentage: Percent | None = None
    previous_percentage: Percent | None = None
    group: GroupKey | None = None
    reason: SafeText | None = None
    notes: SafeText | None = None
    auto_rollback_enabled: bool | None = None
    trigger: Breach | None = None
    """Why the service rolled back by itself."""


class AuditRecord(Shape):
    """A record of `GET /logs/audit`."""

    id: Annotated[RawId, Names("id", "event_id")]
    timestamp: Annotated[Moment | None, Names("timestamp", "at", "created_at")] = None
    actor: Who | None = None
    action: Annotated[SafeText | None, Names("action", "event_type")] = None
    resource: Resource | None = None
    metadata: Particulars | None = None
