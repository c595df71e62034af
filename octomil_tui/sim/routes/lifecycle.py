"""Versions that are held back, and let go again: the service's deprecate and publish."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from octomil_tui.sim.bodies import ReasonBody
from octomil_tui.sim.catalog import Hold
from octomil_tui.sim.routes.access import WorldDep, answer
from octomil_tui.sim.views import version_item

__all__ = ["router"]

router = APIRouter(prefix="/models/model-versions/{version_id}")


@router.post("/deprecate")
async def deprecate(world: WorldDep, version_id: str, body: ReasonBody | None = None) -> JSONResponse:
    """Hold a version: nothing rolls it out, or back to it, until it is published again."""
    reason = None if body is None else body.reason
    model, version = world.holds.hold(version_id, Hold(world.fleet.now, world.user, reason))
    resource = ("model", model.id, model.name)
    world.note("model.version.deprecated", resource, version=version.version, reason=reason)
    return answer(version_item(model, version))


@router.post("/publish")
async def publish(world: WorldDep, version_id: str, body: ReasonBody | None = None) -> JSONResponse:
    """Let a version go that is held."""
    model, version = world.holds.release(version_id)
    resource = ("model", model.id, model.name)
    reason = None if body is None else body.reason
    world.note("model.version.published", resource, version=version.version, reason=reason)
    return answer(version_item(model, version))
