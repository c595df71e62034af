"""Versions that are held back, and let go again: the service's deprecate and publish."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from octomil_tui.sim.bodies import ReasonBody
from octomil_tui.sim.catalog import Hold
from octomil_tui.sim.routes.access import OnceDep, WorldDep
from octomil_tui.sim.views import version_item

__all__ = ["router"]

router = APIRouter(prefix="/models/model-versions/{version_id}")


@router.post("/deprecate")
async def deprecate(
    world: WorldDep, once: OnceDep, version_id: str, body: ReasonBody | None = None
) -> JSONResponse:
    """Hold a version: nothing rolls it out, or back to it, until it is published again."""
    reason = None if body is None else body.reason

    def hold() -> dict[str, Any]:
        model, version = world.holds.hold(version_id, Hold(world.fleet.now, world.user, reason))
        resource = ("model", model.id, model.name)
        world.note("model.version.deprecated", resource, version=version.version, reason=reason)
        return version_item(model, version)

    return once.answer(hold, body)


@router.post("/publish")
async def publish(
    world: WorldDep, once: OnceDep, version_id: str, body: ReasonBody | None = None
) -> JSONResponse:
    """Let a version go that is held."""
    reason = None if body is None else body.reason

    def release() -> dict[str, Any]:
        model, version = world.holds.release(version_id)
        resource = ("model", model.id, model.name)
        world.note("model.version.published", resource, version=version.version, reason=reason)
        return version_item(model, version)

    return once.answer(release, body)
