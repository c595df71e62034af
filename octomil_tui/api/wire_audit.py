"""The shapes in which the service tells of the past: audit log, incidents, status history. Read like `wire`."""

from __future__ import annotations

from typing import Annotated

from octomil_tui.api.shape import Names, Shape
from octomil_tui.api.wire import GroupKey, Moment, Percent, RawId, SafeText, Who


class Resource(Shape):
    """What something was done to."""

    type: SafeText | None = None
    id: RawId | None = None
    name: RawId | None = None


class Trigger(Shape):
    """Why the service rolled back by itself, or what an incident is about."""

    metric: Annotated[SafeText | None, Names("metric", "metric_name", "rule")] = None
    value: float | None = None
    limit: Annotated[float | None, Names("limit", "threshold_value", "threshold")] = None
    window_minutes: int | None = None
    auto_rollback_enabled: bool | None = None


class Particulars(Trigger):
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
    trigger: Trigger | None = None


class AuditRecord(Shape):
    """A record of `GET /logs/audit`."""

    id: Annotated[RawId, Names("id", "event_id")]
    timestamp: Annotated[Moment | None, Names("timestamp", "at", "created_at")] = None
    actor: Who | None = None
    action: Annotated[SafeText | None, Names("action", "event_type")] = None
    resource: Resource | None = None
    metadata: Particulars | None = None


class Incident(Trigger):
    """A row of `GET /monitoring/incidents`."""

    id: Annotated[RawId, Names("id", "incident_id")]
    title: SafeText | None = None
    status: SafeText | None = None
    model_id: RawId | None = None
    model_name: RawId | None = None
    version: RawId | None = None
    rollout_id: Annotated[RawId | None, Names("rollout_id", "deployment_id")] = None
    created_at: Moment | None = None
    resolved_at: Moment | None = None


class StatusChange(Shape):
    """A line of a rollout's status history; its keys are inferred."""

    at: Annotated[Moment | None, Names("at", "timestamp", "changed_at")] = None
    status: Annotated[SafeText | None, Names("status", "to_status", "state")] = None
    percentage: Annotated[Percent | None, Names("percentage", "rollout_percentage", "current_percentage")] = (
        None
    )
    by: Annotated[Who | None, Names("by", "changed_by", "created_by")] = None
    reason: SafeText | None = None
    version: RawId | None = None
    trigger: Trigger | None = None


class Measured(Shape):
    """Figures of some devices at one moment; a figure's unit is what its key says."""

    at: Annotated[Moment | None, Names("at", "timestamp")] = None
    reporting_devices: int | None = None
    error_rate_percent: float | None = None
    error_rate: float | None = None
    crash_rate_percent: float | None = None
    crash_rate: float | None = None
    latency_p50_ms: float | None = None
    latency_p95_ms: float | None = None
    accuracy_percent: float | None = None
    accuracy: float | None = None
    peak_memory_mb: float | None = None


class RolloutFigures(Measured):
    """`GET /monitoring/deployments/{id}`: the devices that a rollout changes, whatever each of them runs."""

    usual: Measured | None = None
    history: list[Measured] | None = None
