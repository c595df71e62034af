"""Faults by request: rules that are set, a second operator, and what becomes of a device."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import ValidationError

from octomil_tui.sim.bodies import DeviceBody, OperatorBody
from octomil_tui.sim.door import DRILL_PREFIX
from octomil_tui.sim.errors import RefusedError
from octomil_tui.sim.faults import Standing
from octomil_tui.sim.idempotency import Replays
from octomil_tui.sim.key import Keys
from octomil_tui.sim.rollout_views import rollout_item
from octomil_tui.sim.routes.access import WorldDep, answer
from octomil_tui.sim.rules import RULES, AnyRule
from octomil_tui.sim.service import RollbackOrder, RolloutOrder
from octomil_tui.sim.views import device_item
from octomil_tui.sim.world import World

__all__ = ["router"]

router = APIRouter(prefix=DRILL_PREFIX)


@router.get("/faults")
async def list_faults(world: WorldDep) -> JSONResponse:
    """List the rules that are set, those that are over too."""
    return answer({"faults": [_item(world, one) for one in world.faults.standing]})


@router.post("/faults")
async def add_faults(world: WorldDep, body: Annotated[Any, Body()]) -> JSONResponse:
    """Set more rules: one object, or a list of them. All of them are set, or none."""
    added = world.faults.add(_read(body))
    return answer({"faults": [_item(world, one) for one in added]}, 201)


@router.put("/faults")
async def replace_faults(world: WorldDep, body: Annotated[Any, Body()]) -> JSONResponse:
    """Set these rules and no others."""
    rules = _read(body)
    world.faults.clear()
    added = world.faults.add(rules)
    return answer({"faults": [_item(world, one) for one in added]})


@router.delete("/faults")
async def clear_faults(world: WorldDep) -> JSONResponse:
    """Take all rules away."""
    world.faults.clear()
    return answer({"faults": []})


@router.delete("/faults/{number}")
async def remove_fault(world: WorldDep, number: int) -> JSONResponse:
    """Take one rule away."""
    if not world.faults.remove(number):
        raise RefusedError(404, "not_found", f"There is no rule {number}.")
    return answer({"faults": [_item(world, one) for one in world.faults.standing]})


@router.post("/key")
async def rotate_key(request: Request) -> JSONResponse:
    """Make a new key; the service takes no other from now on."""
    keys: Keys = request.app.state.keys
    return answer({"api_key": keys.rotate()})


@router.post("/forget")
async def forget(request: Request, world: WorldDep) -> JSONResponse:
    """Forget every rollout and every idempotency key, as a restart without a memory does."""
    world.ledger.forget_all()
    world.records.forget()
    world.guard.forget()
    replays: Replays = request.app.state.replays
    replays.forget()
    return answer({"rollouts": len(world.ledger.rollouts)})


@router.post("/operator")
async def act_as_operator(world: WorldDep, body: OperatorBody) -> JSONResponse:
    """Roll back or out as somebody else, by the service's own rules."""
    if body.to_version is not None:
        order = RollbackOrder(body.to_version, body.reason, body.group, body.by)
        rollout, _ = world.service.rollback(body.model, order)
    else:
        rollout = world.service.create(
            body.model,
            RolloutOrder(
                body.version or "",
                body.percentage,
                start_immediately=True,
                group=body.group,
                reason=body.reason,
                by=body.by,
            ),
        )
    return answer(rollout_item(rollout, world.catalog.models[rollout.model_id]), 201)


@router.post("/devices/{device_ref}")
async def change_device(world: WorldDep, device_ref: str, body: DeviceBody) -> JSONResponse:
    """Take a device off the network or back on it, revoke it, or have its crash guard go back."""
    device = world.enrolment.single(device_ref)
    fleet = world.fleet
    match body.state:
        case "offline":
            fleet.silence(device)
        case "online":
            fleet.wake(device)
        case "revoked":
            fleet.revoke(device)
            world.note("device.revoked", ("device", device.id, device.identifier))
        case "bounce":
            wanted = None if body.model is None else world.catalog.model(body.model).id
            installs = [i for i in device.installs.values() if wanted in {None, i.model_id}]
            if not sum([fleet.bounce(device, install) for install in installs]):
                message = f"{device.identifier} has no version to go back to, or is on its way to another."
                raise RefusedError(409, "nothing_to_bounce", message)
    return answer(device_item(device, world.catalog, fleet.now))


def _read(body: Any) -> list[AnyRule]:
    try:
        return RULES.validate_python(body if isinstance(body, list) else [body])
    except ValidationError as error:
        # The number of the rule says something only where there are several.
        skipped = 0 if isinstance(body, list) else 1
        problems = [{**problem, "loc": ("body", *problem["loc"][skipped:])} for problem in error.errors()]
        raise RequestValidationError(problems) from None


def _item(world: World, one: Standing) -> dict[str, Any]:
    rule = one.rule.model_dump(exclude_defaults=True)
    return {"id": one.id, **rule, "fired": one.fired, "is_on": one.is_on(world.faults.clock())}
