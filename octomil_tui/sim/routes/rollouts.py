"""Rollouts, as the vendor's SDK asks for them."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from octomil_tui.sim.bodies import AdvanceBody, PercentageBody, ReasonBody, RolloutBody
from octomil_tui.sim.rollout import Rollout
from octomil_tui.sim.rollout_views import affected_devices, reach_preview, rollout_item, status_history
from octomil_tui.sim.routes.access import Limit, Offset, OnceDep, WorldDep, answer
from octomil_tui.sim.service import RolloutOrder
from octomil_tui.sim.world import World

__all__ = ["router"]

router = APIRouter()
BASE = "/models/{model_ref}/rollouts"
ONE = BASE + "/{rollout_ref}"
CREATED = 201
NO_CONTENT = 204


@router.get("/rollouts/active")
async def list_all_active(world: WorldDep) -> JSONResponse:
    """List what runs or is paused, over all models."""
    running = [
        _item(world, r) for model in world.catalog.models.values() for r in world.ledger.running(model)
    ]
    return answer({"rollouts": running})


@router.get(BASE)
async def list_rollouts(world: WorldDep, model_ref: str, status_filter: str | None = None) -> JSONResponse:
    """List a model's rollouts as a bare array, the newest first."""
    found = world.ledger.of(world.catalog.model(model_ref))
    return answer(
        [_item(world, rollout) for rollout in found if status_filter in {None, rollout.status.value}]
    )


@router.post(BASE)
async def create_rollout(world: WorldDep, once: OnceDep, model_ref: str, body: RolloutBody) -> JSONResponse:
    """Make a rollout, and start it if asked to."""
    order = RolloutOrder(**body.model_dump())
    what = f"rollout {world.catalog.model(model_ref).id}"
    return once.answer(
        lambda: _item(world, world.service.create(model_ref, order)), body, what=what, status_code=CREATED
    )


@router.get(BASE + "/active")
async def list_active(world: WorldDep, model_ref: str) -> JSONResponse:
    """List a model's rollouts that run or are paused, as a bare array."""
    running = world.ledger.running(world.catalog.model(model_ref))
    return answer([_item(world, rollout) for rollout in running])


@router.get(ONE)
async def get_rollout(world: WorldDep, model_ref: str, rollout_ref: str) -> JSONResponse:
    """Return one rollout."""
    return answer(_item(world, _find(world, model_ref, rollout_ref)))


@router.delete(ONE)
async def delete_rollout(
    world: WorldDep,
    model_ref: str,
    rollout_ref: str,
    force: bool = False,  # noqa: FBT001, FBT002 - a query parameter
) -> Response:
    """Take a rollout off the list."""
    rollout = _find(world, model_ref, rollout_ref)
    world.service.delete(model_ref, rollout_ref, force=force)
    world.records.keep(rollout, world.fleet.now, world.user)
    return Response(status_code=NO_CONTENT)


@router.post(ONE + "/start")
async def start(world: WorldDep, once: OnceDep, model_ref: str, rollout_ref: str) -> JSONResponse:
    """Start a pending rollout."""
    return once.answer(lambda: _item(world, world.service.start(model_ref, rollout_ref)))


@router.post(ONE + "/pause")
async def pause(
    world: WorldDep, once: OnceDep, model_ref: str, rollout_ref: str, body: ReasonBody | None = None
) -> JSONResponse:
    """Pause an active rollout."""
    return once.answer(lambda: _item(world, world.service.pause(model_ref, rollout_ref, _reason(body))), body)


@router.post(ONE + "/resume")
async def resume(
    world: WorldDep, once: OnceDep, model_ref: str, rollout_ref: str, body: ReasonBody | None = None
) -> JSONResponse:
    """Let a paused rollout go on."""
    return once.answer(
        lambda: _item(world, world.service.resume(model_ref, rollout_ref, _reason(body))), body
    )


@router.post(ONE + "/advance")
async def advance(
    world: WorldDep, once: OnceDep, model_ref: str, rollout_ref: str, body: AdvanceBody | None = None
) -> JSONResponse:
    """Take a rollout's next step now."""
    increment, reason = (None, None) if body is None else (body.custom_increment, body.reason)
    return once.answer(
        lambda: _item(world, world.service.advance(model_ref, rollout_ref, increment, reason)), body
    )


@router.post(ONE + "/cancel")
async def cancel(
    world: WorldDep, once: OnceDep, model_ref: str, rollout_ref: str, body: ReasonBody | None = None
) -> JSONResponse:
    """End a rollout where it is, and keep it on the list; the vendor's service has no such route."""
    return once.answer(
        lambda: _item(world, world.service.cancel(model_ref, rollout_ref, _reason(body))), body
    )


@router.post(ONE + "/update-percentage")
async def update_percentage(
    world: WorldDep, once: OnceDep, model_ref: str, rollout_ref: str, body: PercentageBody
) -> JSONResponse:
    """Set a rollout's percentage."""
    return once.answer(
        lambda: _item(
            world, world.service.update_percentage(model_ref, rollout_ref, body.percentage, body.reason)
        ),
        body,
    )


@router.get(ONE + "/status-history")
async def get_status_history(world: WorldDep, model_ref: str, rollout_ref: str) -> JSONResponse:
    """Return what a rollout has been through, as a bare array."""
    return answer(status_history(_find(world, model_ref, rollout_ref)))


@router.get(ONE + "/affected-devices")
async def get_affected_devices(
    world: WorldDep, model_ref: str, rollout_ref: str, limit: Limit = 1000, offset: Offset = 0
) -> JSONResponse:
    """Return the devices that a rollout has come to."""
    rollout = _find(world, model_ref, rollout_ref)
    return answer(affected_devices(rollout, world.fleet.now, limit=limit, offset=offset))


@router.get(ONE + "/reach")
async def get_reach(
    world: WorldDep, model_ref: str, rollout_ref: str, percentage: Annotated[float, Query(ge=0, le=100)]
) -> JSONResponse:
    """Return whom another percentage would add or take; the vendor's service has no such route."""
    return answer(reach_preview(_find(world, model_ref, rollout_ref), percentage))


def _reason(body: ReasonBody | None) -> str | None:
    return None if body is None else body.reason


def _find(world: World, model_ref: str, rollout_ref: str) -> Rollout:
    return world.ledger.get(world.catalog.model(model_ref), rollout_ref)


def _item(world: World, rollout: Rollout) -> dict[str, object]:
    return rollout_item(rollout, world.catalog.models[rollout.model_id])
