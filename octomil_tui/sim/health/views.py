"""The health of versions as JSON objects.

A figure is always under a name that says its unit: `error_rate_percent` and
`crash_rate_percent` (of sessions, 0 to 100), `latency_p50_ms`, `latency_p95_ms`,
`latency_p99_ms`, `accuracy_percent` (0 to 100), `peak_memory_mb`. One that
nobody measures is null, never zero.

`now` is what one minute tells, and null where no device reports. `served` is
what a version did over the whole time for which it serves or served, and is
there too where it runs nowhere now. `usual` is what is usual for the model: the
`served` figures of the version before the newest rollout, or of the one that a
rollback brings back. `history` has a point a minute, the oldest first, each
`{at, reporting_devices, ...figures}`.
"""

from math import floor
from typing import Any

from octomil_tui.sim.catalog import Model, Version
from octomil_tui.sim.health.figures import NO_FIGURES, Figures
from octomil_tui.sim.health.memory import memory_of
from octomil_tui.sim.health.monitor import MINUTE, Monitor, Reading
from octomil_tui.sim.rollout import Rollout
from octomil_tui.sim.stamp import format_time
from octomil_tui.sim.views import time_or_none

__all__ = ["cohort_health", "figures_item", "minutes_up_to", "model_health", "model_line", "reading_item"]

Json = dict[str, Any]
DAY = 86_400
DIGITS = {
    "error_rate_percent": 2,
    "crash_rate_percent": 2,
    "latency_p50_ms": 1,
    "latency_p95_ms": 1,
    "latency_p99_ms": 1,
    "accuracy_percent": 1,
    "peak_memory_mb": 0,
}
"""The figures, and how many digits a service tells of each."""


def figures_item(figures: Figures) -> Json:
    """Return figures, rounded to what a service tells."""
    return {
        name: None if (value := getattr(figures, name)) is None else round(value, digits)
        for name, digits in DIGITS.items()
    }


def reading_item(reading: Reading | None) -> Json | None:
    """Return what some devices tell, or None where none does."""
    if reading is None or not reading.devices:
        return None
    return {"reporting_devices": round(reading.devices), **figures_item(reading.figures)}


def minutes_up_to(now: float, minutes: int) -> list[float]:
    """Return the last whole minutes and the present moment, the oldest first."""
    whole = floor(now / MINUTE) * MINUTE
    past = [whole - MINUTE * place for place in range(minutes) if whole - MINUTE * place < now]
    return [*reversed(past), now]


def model_line(model: Model, monitor: Monitor, now: float) -> Json:
    """Return how a model's versions do now, in short: those that report, the newest registered first."""
    readings = monitor.readings(model.id, now)
    return {
        "model_id": model.id,
        "model_name": model.name,
        "active_version": model.active_version,
        "usual": _usual(monitor, model, now),
        "versions": [
            {"version": version.version, "now": reading_item(readings[version.version])}
            for version in model.versions
            if version.version in readings
        ],
    }


def model_health(
    model: Model,
    deployed: set[str],
    monitor: Monitor,
    now: float,
    *,
    minutes: int,
    group: str | None = None,
    device_class: str | None = None,
) -> Json:
    """Return how each version of a model does and did, the newest registered first.

    Args:
        model: The model.
        deployed: Its versions that were ever rolled out; of the others nothing is known.
        monitor: What the devices tell.
        now: The scenario's time, epoch seconds.
        minutes: How far back the history goes.
        group: The only group whose devices count, but in `served` and in the parts.
        device_class: The only class that counts there.
    """
    moments = minutes_up_to(now, minutes)
    readings = {at: monitor.readings(model.id, at, group, device_class) for at in moments}
    return {
        "model_id": model.id,
        "model_name": model.name,
        "timestamp": format_time(now),
        "window_minutes": 1,
        "interval_seconds": int(MINUTE),
        "group": group,
        "device_class": device_class,
        "active_version": model.active_version,
        "usual": _usual(monitor, model, now),
        "versions": [
            _version(model, version, monitor, readings, now)
            if version.version in deployed
            else _unknown(model, version)
            for version in model.versions
        ],
    }


def _version(
    model: Model, version: Version, monitor: Monitor, readings: dict[float, dict[str, Reading]], now: float
) -> Json:
    number = version.version
    reading = readings[now].get(number)
    return {
        "version": number,
        "lifecycle_status": model.lifecycle(version),
        "now": reading_item(reading),
        "served": _served(monitor, model, number, now),
        "history": [
            {"at": format_time(at), **item}
            for at, found in readings.items()
            if (item := reading_item(found.get(number))) is not None
        ],
        "by_group": [
            {"group": name, **item}
            for name, one in monitor.by_group(model.id, number, now).items()
            if (item := reading_item(one)) is not None
        ],
        "by_device_class": [
            {"device_class": name, **item, **_memory(name)}
            for name, one in monitor.by_class(model.id, number, now).items()
            if (item := reading_item(one)) is not None
        ],
    }


def _unknown(model: Model, version: Version) -> Json:
    """Return a version that never ran anywhere."""
    return {
        "version": version.version,
        "lifecycle_status": model.lifecycle(version),
        "now": None,
        "served": None,
        "history": [],
        "by_group": [],
        "by_device_class": [],
    }


def _usual(monitor: Monitor, model: Model, now: float) -> Json:
    version = monitor.usual_version(model, now)
    return {"version": version, **figures_item(monitor.usual(model.id, version))}


def _served(monitor: Monitor, model: Model, number: str, now: float) -> Json:
    service = monitor.service(model, number, now)
    figures = figures_item(monitor.usual(model.id, number))
    if service is None:
        return {"from": None, "to": None, "days": None, "devices": None, **figures}
    until = now if service.until is None else service.until
    return {
        "from": format_time(service.since),
        "to": time_or_none(service.until),
        "days": round((until - service.since) / DAY, 1),
        "devices": service.devices,
        **figures,
    }


def _memory(device_class: str) -> Json:
    known = memory_of(device_class)
    return {
        "total_memory_mb": None if known is None else known.total_mb,
        "available_memory_mb": None if known is None else known.available_mb,
    }


def cohort_health(rollout: Rollout, model: Model, monitor: Monitor, now: float) -> Json:
    """Return how the devices do that a rollout changes: as a whole, and by the version that each runs.

    The figures at the top are those of now. `history` begins ten minutes before
    the rollout, with a point every twenty seconds, 60 at most.
    """
    moments = _moments(rollout, now)
    readings = [(at, monitor.cohort(rollout, at)) for at in moments]
    last = readings[-1][1]
    held_against, usual = monitor.baseline(rollout)
    return {
        "deployment_id": str(rollout.id),
        "rollout_id": rollout.id,
        "model_id": model.id,
        "model_name": model.name,
        "version": rollout.version,
        "from_version": rollout.from_version,
        "kind": rollout.kind.value,
        "status": rollout.status.value,
        "group": rollout.group,
        "started_at": time_or_none(rollout.started_at),
        "timestamp": format_time(now),
        "window_minutes": 1,
        **(reading_item(last[""]) or {"reporting_devices": 0, **figures_item(NO_FIGURES)}),
        "usual": {"version": held_against, **figures_item(usual)},
        "versions": [
            {"version": version, **item}
            for version, reading in last.items()
            if version and (item := reading_item(reading)) is not None
        ],
        "history": [
            {"at": format_time(at), **item}
            for at, found in readings
            if (item := reading_item(found[""])) is not None
        ],
    }


BEFORE, STEP, MOST_POINTS = 600.0, 20.0, 60


def _moments(rollout: Rollout, now: float) -> list[float]:
    """Return when a rollout's history has its points: every so many seconds from before its start."""
    if rollout.started_at is None:
        return [now]
    first = rollout.started_at - BEFORE
    step = STEP * max(1, -(-(now - first) // (STEP * (MOST_POINTS - 1))))
    moments = [first + step * place for place in range(int((now - first) // step) + 1)]
    return moments if moments[-1] == now else [*moments, now]
