"""The JSON shapes of what the service measures; the service publishes none of them, so all of it is optional.

A field is read under a name that states its unit, or apart from that under one
that does not; see `convert_health`.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from octomil_tui.api.shape import Names, Shape
from octomil_tui.api.wire import Count, Moment, RawId, SafeText

NotNegative = Annotated[float, Field(ge=0)]
Hundred = Annotated[float, Field(ge=0, le=100)]
"""0 to 100."""


class Figures(Shape):
    """What is measured of some devices."""

    error_rate_percent: Annotated[
        Hundred | None, Names("error_rate_percent", "error_rate_pct", "error_percent")
    ] = None
    success_rate: Hundred | None = None
    """Documented as 0 to 100."""
    error_rate: NotNegative | None = None
    crash_rate_percent: Annotated[
        Hundred | None, Names("crash_rate_percent", "crash_rate_pct", "crash_percent")
    ] = None
    crash_rate: NotNegative | None = None
    latency_p50_ms: Annotated[NotNegative | None, Names("latency_p50_ms", "p50_latency_ms", "p50_ms")] = None
    latency_p50: Annotated[NotNegative | None, Names("latency_p50", "p50")] = None
    latency_p95_ms: Annotated[NotNegative | None, Names("latency_p95_ms", "p95_latency_ms", "p95_ms")] = None
    latency_p95: Annotated[NotNegative | None, Names("latency_p95", "p95")] = None
    latency_p99_ms: Annotated[NotNegative | None, Names("latency_p99_ms", "p99_latency_ms", "p99_ms")] = None
    latency_p99: Annotated[NotNegative | None, Names("latency_p99", "p99")] = None
    accuracy_percent: Annotated[
        Hundred | None, Names("accuracy_percent", "accuracy_pct", "quality_percent")
    ] = None
    accuracy: Annotated[NotNegative | None, Names("accuracy", "quality_score", "eval_score")] = None
    peak_memory_mb: Annotated[NotNegative | None, Names("peak_memory_mb", "memory_peak_mb", "memory_mb")] = (
        None
    )
    peak_memory_bytes: Annotated[
        NotNegative | None, Names("peak_memory_bytes", "memory_peak_bytes", "memory_bytes")
    ] = None
    peak_memory: Annotated[NotNegative | None, Names("peak_memory", "memory_peak", "memory")] = None
    reporting_devices: Count | None = None


class UsualFigures(Figures):
    """What is usual, and whose figures that are."""

    version: RawId | None = None


class PointFigures(Figures):
    """One moment of a history."""

    at: Annotated[Moment, Names("at", "timestamp", "time")]


class ServedFigures(Figures):
    """What a version did over the time for which it serves or served."""

    from_at: Annotated[Moment | None, Names("from", "from_at")] = None
    to_at: Annotated[Moment | None, Names("to", "to_at")] = None
    days: NotNegative | None = None
    devices: Count | None = None


class PartFigures(Figures):
    """One group, or one class of devices."""

    name: Annotated[SafeText, Names("group", "device_class", "name")]
    total_memory_mb: NotNegative | None = None
    available_memory_mb: NotNegative | None = None


class VersionFigures(Figures):
    """One version: its figures beside its name, or under `now`, where null says that no device reports."""

    version: RawId
    now: Figures | None = None
    served: ServedFigures | None = None
    history: list[PointFigures] | None = None
    by_group: list[PartFigures] | None = None
    by_device_class: list[PartFigures] | None = None


class ModelHealth(Figures):
    """`GET /monitoring/models/{model}`, or a model of `GET /monitoring/overview`, without its versions."""

    model_id: Annotated[RawId | None, Names("model_id", "id")] = None
    timestamp: Moment | None = None
    usual: Annotated[UsualFigures | None, Names("usual", "baseline")] = None


class RolloutHealth(ModelHealth):
    """`GET /monitoring/deployments/{rollout}`, without its versions."""

    version: RawId | None = None
    history: list[PointFigures] | None = None


class Latencies(Shape):
    """Percentiles in milliseconds, as the name of what holds them says."""

    p50: NotNegative | None = None
    p95: NotNegative | None = None
    p99: NotNegative | None = None


class Inference(Shape):
    """What `GET /models/{model}/inference-metrics` counts."""

    success_rate: Hundred | None = None
    total_duration_ms: Latencies | None = None


class InferenceMetrics(Shape):
    """`GET /models/{model}/inference-metrics`: all versions together."""

    inference: Inference | None = None
    timestamp: Moment | None = None
