"""The organization's settings, and the policy among them."""

from typing import Any

from fastapi import APIRouter, Body
from fastapi.responses import JSONResponse

from octomil_tui.sim.routes.access import FiredDep, WorldDep, answer
from octomil_tui.sim.rules import PlainSettings

__all__ = ["router"]

router = APIRouter(prefix="/settings")


@router.get("")
@router.get("/{org_id}")
async def get_settings(world: WorldDep, fired: FiredDep) -> JSONResponse:
    """Return what is stored."""
    is_plain = fired.switch(PlainSettings) is not None
    return answer({"org_id": world.catalog.org_id, **world.policy.stored(is_plain=is_plain)})


@router.patch("")
@router.put("/{org_id}")
async def put_settings(
    world: WorldDep,
    fired: FiredDep,
    changes: dict[str, Any] = Body(),  # noqa: B008 - how the framework names a body
) -> JSONResponse:
    """Change the settings that are named, leaving the rest, and return what is stored."""
    is_plain = fired.switch(PlainSettings) is not None
    different = world.policy.change(changes, is_plain=is_plain)
    if different:
        world.note("settings.updated", ("organization", world.catalog.org_id, None), **different)
    return answer({"org_id": world.catalog.org_id, **world.policy.stored(is_plain=is_plain)})
