"""The JSON shapes of settings, incidents, and the rules of the policy as they stand; read as in `wire`."""

from __future__ import annotations

from typing import Annotated

from octomil_tui.api.shape import Names, Shape
from octomil_tui.api.wire import Moment, Percent, RawId, SafeText, Who


class Settings(Shape):
    """`GET /settings`, and what a change of it is answered with. The names of the limits state their units."""

    org_id: RawId | None = None
    auto_rollback_enabled: bool | None = None
    error_threshold_percent: float | None = None
    crash_threshold_percent: float | None = None
    latency_p95_max_ms: float | None = None


class Breach(Shape):
    """A figure beside its limit; `metric` states the unit of both."""

    rule: SafeText | None = None
    metric: Annotated[SafeText | None, Names("metric", "metric_name")] = None
    value: float | None = None
    limit: Annotated[float | None, Names("limit", "threshold_value", "threshold")] = None
    baseline: float | None = None
    window_minutes: Annotated[float | None, Names("window_minutes", "threshold_duration_minutes")] = None
    devices: Annotated[int | None, Names("reporting_devices", "devices")] = None


class Trigger(Breach):
    """Why the service rolled back by itself."""

    at: Moment | None = None
    rollout_id: RawId | None = None
    incident_id: RawId | None = None


class Incident(Breach):
    """A row of `GET /monitoring/incidents`."""

    id: Annotated[RawId, Names("id", "incident_id")]
    title: SafeText | None = None
    status: SafeText | None = None
    severity: SafeText | None = None
    model_id: RawId | None = None
    model_name: RawId | None = None
    version: RawId | None = None
    rollout_id: Annotated[RawId | None, Names("rollout_id", "deployment_id")] = None
    rollback_id: RawId | None = None
    auto_rollback_enabled: bool | None = None
    created_at: Moment | None = None
    resolved_at: Moment | None = None


class Check(Breach):
    """One rule in `GET /monitoring/deployments/{rollout}`."""

    state: SafeText | None = None


class RolloutHealth(Shape):
    """What of `GET /monitoring/deployments/{rollout}` is about the policy."""

    rules: list[Check] | None = None


class StatusChange(Shape):
    """A row of a rollout's status history; its keys are not documented."""

    status: Annotated[SafeText, Names("status", "to_status", "state")]
    at: Annotated[Moment | None, Names("at", "timestamp", "changed_at")] = None
    percentage: Annotated[Percent | None, Names("percentage", "rollout_percentage", "current_percentage")] = (
        None
    )
    by: Annotated[Who | None, Names("by", "actor", "changed_by")] = None
    reason: SafeText | None = None
    version: RawId | None = None
    trigger: dict[str, object] | None = None
