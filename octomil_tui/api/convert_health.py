"""From shapes to domain values: what the service measures.

A unit is what the key states. A key that states one counts before a bare one of
the same figure; of a bare one the unit stays unstated. Only `success_rate` has
a unit without naming it, since the service documents it as 0 to 100.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from octomil_tui.api import wire_health as wire
from octomil_tui.api.convert import text
from octomil_tui.api.decode import repaired
from octomil_tui.api.moment import epoch_seconds
from octomil_tui.domain.signal import (
    NO_FIGURES,
    Figures,
    Measure,
    Metric,
    ModelHealth,
    Part,
    Point,
    RolloutHealth,
    Served,
    Unit,
    VersionHealth,
)

_ALL_PERCENT = 100.0
_MEGA = 1_000_000.0


def figures(row: wire.Figures | None) -> Figures:
    """Return what a row measures; absent where it says nothing of a figure."""
    if row is None:
        return NO_FIGURES
    failed = row.error_rate_percent
    if failed is None and row.success_rate is not None:
        failed = _ALL_PERCENT - row.success_rate
    memory = row.peak_memory_mb
    if memory is None and row.peak_memory_bytes is not None:
        memory = row.peak_memory_bytes / _MEGA
    named = (
        (Metric.ERRORS, failed, row.error_rate, Unit.PERCENT),
        (Metric.CRASHES, row.crash_rate_percent, row.crash_rate, Unit.PERCENT),
        (Metric.P50, row.latency_p50_ms, row.latency_p50, Unit.MS),
        (Metric.P95, row.latency_p95_ms, row.latency_p95, Unit.MS),
        (Metric.P99, row.latency_p99_ms, row.latency_p99, Unit.MS),
        (Metric.QUALITY, row.accuracy_percent, row.accuracy, Unit.PERCENT),
        (Metric.MEMORY, memory, row.peak_memory, Unit.MB),
    )
    found: dict[Metric, Measure] = {}
    for metric, stated, bare, unit in named:
        if stated is not None:
            found[metric] = Measure(stated, unit)
        elif bare is not None:
            found[metric] = Measure(bare, Unit.UNSTATED)
    return MappingProxyType(found) if found else NO_FIGURES


def model_health(data: object, model_id: str | None = None) -> ModelHealth | None:
    """Return how the versions of a model do; None where it is no object, or one without an id.

    Args:
        data: The JSON value.
        model_id: The model that was asked for; else the object names it.
    """
    row = repaired(wire.ModelHealth, data)
    identity = model_id if model_id is not None else text(row.model_id) if row is not None else None
    if row is None or identity is None:
        return None
    return ModelHealth(
        model_id=identity,
        at=epoch_seconds(row.timestamp),
        usual=figures(row.usual),
        usual_version=text(row.usual.version) if row.usual is not None else None,
        versions=_versions(data),
        whole=figures(row),
    )


def overview(data: object) -> Mapping[str, ModelHealth]:
    """Return how the models do, by id, in short; all have the time of the answer."""
    rows = data.get("models") if isinstance(data, dict) else None
    at = data.get("timestamp") if isinstance(data, dict) else None
    found = {}
    for row in rows if isinstance(rows, list) else ():
        timed = {"timestamp": at, **row} if isinstance(row, dict) else row
        health = model_health(timed)
        if health is not None:
            found[health.model_id] = health
    return found


def rollout_health(data: object, rollout_id: str) -> RolloutHealth | None:
    """Return how the devices of a rollout do; None where it is no object."""
    row = repaired(wire.RolloutHealth, data)
    if row is None:
        return None
    return RolloutHealth(
        rollout_id=rollout_id,
        at=epoch_seconds(row.timestamp),
        version=text(row.version),
        figures=figures(row),
        devices=row.reporting_devices,
        usual=figures(row.usual),
        usual_version=text(row.usual.version) if row.usual is not None else None,
        versions=_versions(data),
        history=_points(row.history),
    )


def inference_metrics(data: object, model_id: str) -> ModelHealth | None:
    """Return what is measured of all versions of a model together; None where nothing is."""
    row = repaired(wire.InferenceMetrics, data)
    if row is None or row.inference is None:
        return None
    one, times = row.inference, row.inference.total_duration_ms or wire.Latencies({})
    whole = figures(
        wire.Figures(
            {
                "success_rate": one.success_rate,
                "latency_p50_ms": times.p50,
                "latency_p95_ms": times.p95,
                "latency_p99_ms": times.p99,
            }
        )
    )
    return ModelHealth(model_id, at=epoch_seconds(row.timestamp), whole=whole)


def _versions(data: object) -> tuple[VersionHealth, ...]:
    """Return the versions of an answer; a row that cannot be read costs itself alone."""
    rows = data.get("versions") if isinstance(data, dict) else None
    read = [repaired(wire.VersionFigures, row) for row in rows] if isinstance(rows, list) else []
    return tuple(_version(row) for row in read if row is not None)


def _version(row: wire.VersionFigures) -> VersionHealth:
    present = row.now if "now" in vars(row) else row
    return VersionHealth(
        version=str(row.version),
        now=figures(present),
        devices=present.reporting_devices if present is not None else 0,
        served=_served(row.served),
        history=_points(row.history),
        by_group=_parts(row.by_group),
        by_class=_parts(row.by_device_class),
    )


def _served(row: wire.ServedFigures | None) -> Served | None:
    if row is None:
        return None
    return Served(
        figures(row),
        from_at=epoch_seconds(row.from_at),
        to_at=epoch_seconds(row.to_at),
        days=row.days,
        devices=row.devices,
    )


def _points(rows: Iterable[wire.PointFigures] | None) -> tuple[Point, ...]:
    """Return a history, the oldest first, whatever order it came in."""
    found = [
        Point(at, figures(row), row.reporting_devices)
        for row in rows or ()
        if (at := epoch_seconds(row.at)) is not None
    ]
    return tuple(sorted(found, key=lambda point: point.at))


def _parts(rows: Iterable[wire.PartFigures] | None) -> tuple[Part, ...]:
    return tuple(
        Part(row.name, figures(row), row.reporting_devices, row.total_memory_mb, row.available_memory_mb)
        for row in rows or ()
    )
