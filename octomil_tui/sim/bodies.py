"""The request bodies that the service understands. Unknown keys are ignored, but in what drills ask for."""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

__all__ = [
    "AdvanceBody",
    "AlertBody",
    "AlertChangesBody",
    "ClockBody",
    "DeployBody",
    "DeviceBody",
    "HeartbeatBody",
    "IncidentBody",
    "OperatorBody",
    "PercentageBody",
    "ReasonBody",
    "RegisterBody",
    "RollbackBody",
    "RolloutBody",
    "StateBody",
]

Percent = Annotated[float, Field(ge=0, le=100)]
Step = Annotated[float, Field(ge=0.01, le=100)]
Minutes = Annotated[float, Field(ge=1, le=60 * 24 * 365)]
Amount = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]
WindowMinutes = Annotated[int, Field(ge=1, le=60)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Text = Annotated[str, Field(max_length=10_000)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)


class _Drill(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class RollbackBody(_Body):
    """Roll a model back, on the fleet or on one group."""

    to_version: Name
    reason: Text | None = None
    group: Name | None = None


class RolloutBody(_Body):
    """Make a rollout."""

    version: Name
    rollout_percentage: Percent = 10.0
    target_percentage: Percent = 100.0
    increment_step: Step = 10.0
    start_immediately: bool = False
    step_interval_minutes: Minutes | None = None
    group: Name | None = None
    reason: Text | None = None


class AdvanceBody(_Body):
    """Take the next step, or one of another size."""

    custom_increment: Step | None = None
    reason: Text | None = None


class PercentageBody(_Body):
    """Set a rollout's percentage."""

    percentage: Percent
    reason: Text | None = None


class DeployBody(_Body):
    """Deploy a version at once, to the fleet or to one group."""

    model_config = ConfigDict(extra="ignore", strict=True, protected_namespaces=())

    model_id: Name | None = None
    model_name: Name | None = None
    version: Name | None = None
    model_version: Name | None = None
    group: Name | None = None
    devices: list[str] | None = None
    rollout_percentage: Percent = 100.0


class ReasonBody(_Body):
    """Why something is done."""

    reason: Text | None = None


class AlertBody(_Body):
    """Make an alert rule. `threshold` and `window_minutes` are older names."""

    name: Name
    metric_name: Name
    alert_type: Name = "threshold"
    severity: Name = "warning"
    threshold_value: Amount | None = None
    threshold: Amount | None = None
    threshold_duration_minutes: WindowMinutes | None = None
    window_minutes: WindowMinutes | None = None
    enabled: bool = True

    @model_validator(mode="after")
    def _named(self) -> Self:
        if self.threshold_value is None and self.threshold is None:
            raise ValueError("threshold_value: Field required")
        return self

    def given(self) -> dict[str, Any]:
        """Return the rule's fields by their newer names."""
        threshold = self.threshold if self.threshold_value is None else self.threshold_value
        minutes = self.threshold_duration_minutes or self.window_minutes or 5
        named = self.model_dump(include={"name", "metric_name", "alert_type", "severity", "enabled"})
        return {**named, "threshold_value": threshold, "threshold_duration_minutes": minutes}


class AlertChangesBody(_Body):
    """Change an alert rule."""

    name: Name | None = None
    severity: Name | None = None
    threshold_value: Amount | None = None
    threshold_duration_minutes: WindowMinutes | None = None
    enabled: bool | None = None


class IncidentBody(_Body):
    """What somebody does about an incident."""

    status: Name | None = None
    notes: Text | None = None


class RegisterBody(_Body):
    """A device says who it is."""

    device_identifier: Name | None = None
    device_id: Name | None = None
    platform: Name = "unknown"
    model: str | None = None
    sdk_version: str | None = None
    group: Name | None = None
    groups: list[Name] | None = None
    models: list[Name | dict[str, Any]] | None = None


class HeartbeatBody(_Body):
    """A device says that it lives, and perhaps what it runs."""

    model_config = ConfigDict(extra="ignore", strict=True, protected_namespaces=())

    model_id: Name | None = None
    model_status: str | None = None
    active_model_version: str | None = None


class StateBody(_Body):
    """A device says what is on it: the bodies of sync and of observed-state."""

    activeVersions: list[dict[str, Any]] | None = None  # noqa: N815 - the wire's name
    modelInventory: list[dict[str, Any]] | None = None  # noqa: N815 - the wire's name
    models: list[dict[str, Any]] | None = None
    knownStateVersion: str | None = None  # noqa: N815 - the wire's name


class ClockBody(_Body):
    """Move the manual clock."""

    advance_to: str


class OperatorBody(_Drill):
    """Somebody else rolls a model back (`to_version`), or out (`version`)."""

    model: Name
    to_version: Name | None = None
    version: Name | None = None
    percentage: Percent = 10.0
    group: Name | None = None
    by: Name = "ana"
    reason: Text | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.to_version is None) == (self.version is None):
            raise ValueError("name to_version for a rollback, or version for a rollout")
        return self


class DeviceBody(_Drill):
    """What becomes of a device."""

    state: Literal["offline", "online", "revoked", "bounce"]
    model: Name | None = None
    """Which model the crash guard takes back; all that it can, without one."""
