"""What is measured of the inferences of one model."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from octomil_tui.sim.health.figures import Figures, mean
from octomil_tui.sim.health.monitor import Monitor
from octomil_tui.sim.health.views import figures_item
from octomil_tui.sim.query import Query as Wanted
from octomil_tui.sim.routes.access import WorldDep, answer
from octomil_tui.sim.stamp import format_time

__all__ = ["router"]

router = APIRouter(prefix="/models/{model_ref}")
Hours = Annotated[int, Query(ge=1, le=720)]
SESSIONS_PER_HOUR = 30
"""Sessions of one device."""
SAMPLES = 24
"""Moments of the window that are looked at."""
LATENCIES = {"p50": "latency_p50_ms", "p95": "latency_p95_ms", "p99": "latency_p99_ms"}
PLATFORMS = ("ios", "android", "linux")


@router.get("/inference-metrics")
async def inference_metrics(world: WorldDep, model_ref: str, hours: Hours = 24) -> JSONResponse:
    """Return counts and latencies over the last hours, and how the model's devices can be reached.

    `success_rate` is percent, 0 to 100, and null where there were no sessions.
    What the service does not measure is null.
    """
    model, now = world.catalog.model(model_ref), world.fleet.now
    figures, devices = _over(world.monitor, model.id, now, hours)
    sessions = round(devices * SESSIONS_PER_HOUR * hours)
    failed = round(sessions * (figures.error_rate_percent or 0.0) / 100)
    count = world.population.list
    return answer(
        {
            "model_id": model.id,
            "model_name": model.name,
            "window_hours": hours,
            "timestamp": format_time(now),
            "inference": {
                "total_sessions": sessions,
                "completed": sessions - failed,
                "failed": failed,
                "success_rate": round(100 * (sessions - failed) / sessions, 2) if sessions else None,
                "unique_devices": round(sum(world.monitor.reporting(model.id, now).values())),
                "ttfc_ms": None,
                "chunk_latency_ms": None,
                "throughput_tokens_sec": None,
                "total_duration_ms": _latencies(figures) if sessions else None,
            },
            "fleet": {
                "total_devices": world.population.count(model.id),
                **{
                    word: count(Wanted(model_id=model.id, status=word), 1, 0).total
                    for word in ("online", "stale", "offline")
                },
                "platform_breakdown": {
                    name: count(Wanted(model_id=model.id, platform=name), 1, 0).total for name in PLATFORMS
                },
            },
        }
    )


@router.get("/performance")
async def performance(world: WorldDep, model_ref: str) -> JSONResponse:
    """Return the latencies of the last hour, over all devices and by version. Milliseconds."""
    model, now = world.catalog.model(model_ref), world.fleet.now
    figures, devices = _over(world.monitor, model.id, now, 1)
    return answer(
        {
            "model_id": model.id,
            "model_name": model.name,
            "window_hours": 1,
            "timestamp": format_time(now),
            **_named(figures, devices),
            "versions": [
                {"version": version, **_named(reading.figures, reading.devices)}
                for version, reading in world.monitor.readings(model.id, now).items()
            ],
        }
    )


def _over(monitor: Monitor, model_id: str, now: float, hours: int) -> tuple[Figures, float]:
    """Return the figures over the last hours, and how many devices reported on the mean."""
    step = hours * 3600 / SAMPLES
    found = [monitor.readings(model_id, now - step * place).values() for place in range(SAMPLES)]
    devices = sum(reading.devices for readings in found for reading in readings) / SAMPLES
    return mean((one.figures, one.devices) for readings in found for one in readings), devices


def _latencies(figures: Figures) -> dict[str, Any]:
    item = figures_item(figures)
    return {name: item[figure] for name, figure in LATENCIES.items()}


def _named(figures: Figures, devices: float) -> dict[str, Any]:
    item = figures_item(figures)
    return {"reporting_devices": round(devices), **{name: item[name] for name in LATENCIES.values()}}
