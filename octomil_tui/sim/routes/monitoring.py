"""Monitoring: the health of models, of rollouts and of devices, alert rules and incidents.

A rollout is a deployment here, by the rollout's id. The objects are described
in `health.views` and `incident_views`.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from octomil_tui.sim.bodies import AlertBody, AlertChangesBody, IncidentBody
from octomil_tui.sim.catalog import Model
from octomil_tui.sim.errors import RefusedError
from octomil_tui.sim.health.memory import memory_of
from octomil_tui.sim.health.views import cohort_health, figures_item, model_health, model_line
from octomil_tui.sim.incident import ENDED
from octomil_tui.sim.incident_views import (
    activity_item,
    alert_item,
    check_item,
    incident_item,
    incident_stats,
)
from octomil_tui.sim.rollout import Rollout
from octomil_tui.sim.rollout_views import trigger_item
from octomil_tui.sim.routes.access import Limit, WorldDep, answer
from octomil_tui.sim.stamp import format_time
from octomil_tui.sim.world import World

__all__ = ["router"]

router = APIRouter(prefix="/monitoring")
Minutes = Annotated[int, Query(ge=1, le=240)]
Days = Annotated[int, Query(ge=1, le=365)]


@router.get("/overview")
async def overview(world: WorldDep) -> JSONResponse:
    """Return how the versions of all models do now, and what is open."""
    now, population = world.fleet.now, world.population
    open_incidents = [one for one in world.incidents.listed() if one.status not in ENDED]
    return answer(
        {
            "org_id": world.catalog.org_id,
            "timestamp": format_time(now),
            "window_minutes": 1,
            "auto_rollback_enabled": world.policy.is_auto_rollback,
            "models": [
                {
                    **model_line(model, world.monitor, now),
                    "device_count": population.count(model.id),
                    **_watched(world, model, now),
                }
                for model in world.catalog.models.values()
            ],
            "open_incidents": [incident_item(one) for one in open_incidents],
        }
    )


@router.get("/models/{model_ref}")
async def get_model_health(
    world: WorldDep,
    model_ref: str,
    minutes: Minutes = 60,
    group: str | None = None,
    device_class: str | None = None,
) -> JSONResponse:
    """Return how each version of a model does, with its last minutes; on one group or class, if one is named."""
    model = world.catalog.model(model_ref)
    return answer(
        model_health(
            model,
            world.ledger.deployed(model),
            world.monitor,
            world.fleet.now,
            minutes=minutes,
            group=None if group is None else world.catalog.group(group).name,
            device_class=device_class,
        )
    )


@router.get("/deployments/{rollout_ref}")
async def get_rollout_health(world: WorldDep, rollout_ref: str) -> JSONResponse:
    """Return how the devices do that a rollout changes, and how it stands by the policy."""
    rollout = _find(world, rollout_ref)
    model, now = world.catalog.models[rollout.model_id], world.fleet.now
    return answer(
        {
            **cohort_health(rollout, model, world.monitor, now),
            "auto_rollback_enabled": world.policy.is_auto_rollback,
            "rules": [check_item(check) for check in world.guard.checks(rollout, now)],
            "trigger": None if rollout.trigger is None else trigger_item(rollout.trigger),
        }
    )


@router.get("/deployments/{rollout_ref}/events")
async def list_rollout_events(
    world: WorldDep, rollout_ref: str, event_type: str | None = None, limit: Limit = 100
) -> JSONResponse:
    """List what became of a rollout as a bare array, the newest first."""
    rollout = _find(world, rollout_ref)
    events = [activity_item(r) for r in world.records.all() if r.rollout_id == rollout.id]
    return answer([event for event in events if event_type in {None, event["event_type"]}][:limit])


@router.get("/devices/{device_ref}")
async def get_device_health(world: WorldDep, device_ref: str) -> JSONResponse:
    """Return how the models on one device do, as it last told."""
    device, now = world.enrolment.device(device_ref), world.fleet.now
    memory = memory_of(device.hardware)
    at = min(now, device.last_contact)
    group = device.groups[0] if device.groups else ""
    return answer(
        {
            "device_id": device.id,
            "device_identifier": device.identifier,
            "device_class": device.hardware,
            "connectivity_status": device.connectivity(now).value,
            "timestamp": format_time(now),
            "last_reported_at": format_time(at),
            "total_memory_mb": None if memory is None else memory.total_mb,
            "available_memory_mb": None if memory is None else memory.available_mb,
            "models": [
                {
                    "model_id": install.model_id,
                    "version": install.active,
                    **figures_item(
                        world.monitor.cell(install.model_id, (install.active, group, device.hardware), at)
                    ),
                }
                for install in device.installs.values()
                if install.active is not None and world.monitor.knows(install.model_id, install.active)
            ],
        }
    )


@router.get("/alerts")
async def list_alerts(world: WorldDep, enabled: bool | None = None) -> JSONResponse:  # noqa: FBT001 - a query parameter
    """List the alert rules as a bare array."""
    found = [rule for rule in world.alerts.all.values() if enabled in {None, rule.enabled}]
    return answer([alert_item(rule) for rule in found])


@router.post("/alerts")
async def add_alert(world: WorldDep, body: AlertBody) -> JSONResponse:
    """Make an alert rule."""
    rule = world.alerts.add(world.fleet.now, body.given())
    world.note("alert.created", ("alert", rule.id, rule.name))
    return answer(alert_item(rule), 201)


@router.patch("/alerts/{rule_id}")
async def change_alert(world: WorldDep, rule_id: str, body: AlertChangesBody) -> JSONResponse:
    """Change what is named of an alert rule."""
    rule = world.alerts.change(rule_id, body.model_dump(exclude_none=True))
    world.note("alert.updated", ("alert", rule.id, rule.name), **body.model_dump(exclude_none=True))
    return answer(alert_item(rule))


@router.delete("/alerts/{rule_id}")
async def remove_alert(world: WorldDep, rule_id: str) -> Response:
    """Take an alert rule away."""
    world.alerts.remove(rule_id)
    world.note("alert.deleted", ("alert", rule_id, None))
    return Response(status_code=204)


@router.get("/incidents")
async def list_incidents(world: WorldDep, status: str | None = None, limit: Limit = 100) -> JSONResponse:
    """List the incidents as a bare array, the newest first."""
    return answer([incident_item(one) for one in world.incidents.listed(status)[:limit]])


@router.get("/incidents/stats")
async def get_incident_stats(world: WorldDep, days: Days = 30) -> JSONResponse:
    """Return counts over the incidents of the last days."""
    return answer(incident_stats(world.incidents.all, world.catalog.org_id, world.fleet.now, days))


@router.put("/incidents/{incident_id}")
async def change_incident(
    world: WorldDep, incident_id: str, body: IncidentBody, user_id: str | None = None
) -> JSONResponse:
    """Take note of what somebody does about an incident."""
    by = user_id or world.user
    incident = world.incidents.update(incident_id, world.fleet.now, by, body.status, body.notes)
    resource = ("incident", incident.id, incident.title)
    world.note("incident.updated", resource, by=by, status=incident.status, notes=body.notes)
    return answer(incident_item(incident))


def _watched(world: World, model: Model, now: float) -> dict[str, Any]:
    """Return the rollout of a model that the policy is held against, if there is one, and how it stands."""
    rollout = world.ledger.newest(model, now)
    if rollout is None:
        return {"watched_rollout_id": None, "rules": []}
    checks = world.guard.checks(rollout, now)
    return {"watched_rollout_id": rollout.id, "rules": [check_item(check) for check in checks]}


def _find(world: World, rollout_ref: str) -> Rollout:
    found = next((r for r in world.ledger.rollouts.values() if str(r.id) == rollout_ref), None)
    if found is None:
        raise RefusedError(404, "deployment_not_found", f"There is no deployment {rollout_ref}.")
    return found
