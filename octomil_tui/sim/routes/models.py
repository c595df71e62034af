"""Models and their versions."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from octomil_tui.sim.paging import cut
from octomil_tui.sim.routes.access import Limit, Offset, WorldDep, answer
from octomil_tui.sim.views import model_detail, model_item, version_item

__all__ = ["router"]

router = APIRouter(prefix="/models")


@router.get("")
async def list_models(
    world: WorldDep, limit: Limit = 100, offset: Offset = 0, search: str = ""
) -> JSONResponse:
    """List the models, those whose name contains `search`."""
    found = [model for model in world.catalog.models.values() if search.lower() in model.name.lower()]
    models = [model_item(m, world.catalog.org_id, world.population) for m in cut(found, limit, offset)]
    return answer({"models": models, "total": len(found), "limit": limit, "offset": offset})


@router.get("/{model_ref}")
async def get_model(world: WorldDep, model_ref: str) -> JSONResponse:
    """Return one model, its active version and all versions."""
    return answer(model_detail(world.catalog.model(model_ref), world.catalog.org_id, world.population))


@router.get("/{model_ref}/versions")
async def list_versions(
    world: WorldDep, model_ref: str, status: str | None = None, limit: Limit = 100, offset: Offset = 0
) -> JSONResponse:
    """List a model's versions, the newest first."""
    model = world.catalog.model(model_ref)
    found = [version for version in model.versions if status in {None, model.lifecycle(version)}]
    versions = [version_item(model, version) for version in cut(found, limit, offset)]
    return answer({"versions": versions, "total": len(found), "limit": limit, "offset": offset})


@router.get("/{model_ref}/versions/latest")
async def get_latest_version(world: WorldDep, model_ref: str) -> JSONResponse:
    """Return the newest registered version, which need not be one that runs anywhere."""
    model = world.catalog.model(model_ref)
    return answer(version_item(model, model.versions[0]))


@router.get("/{model_ref}/versions/{number}")
async def get_version(world: WorldDep, model_ref: str, number: str) -> JSONResponse:
    """Return one version."""
    model = world.catalog.model(model_ref)
    return answer(version_item(model, model.version(number)))
