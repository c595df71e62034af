"""Device groups."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from octomil_tui.sim.paging import after_cursor, cut
from octomil_tui.sim.routes.access import Limit, Offset, WorldDep, answer
from octomil_tui.sim.views import device_item, group_item

__all__ = ["router"]

router = APIRouter(prefix="/device-groups")


@router.get("")
async def list_groups(world: WorldDep, limit: Limit = 100, offset: Offset = 0) -> JSONResponse:
    """List the groups."""
    found = list(world.catalog.groups.values())
    groups = [group_item(group, world.catalog.org_id, world.fleet) for group in cut(found, limit, offset)]
    return answer({"groups": groups, "total": len(found), "limit": limit, "offset": offset})


@router.get("/{group_ref}")
async def get_group(world: WorldDep, group_ref: str) -> JSONResponse:
    """Return one group."""
    return answer(group_item(world.catalog.group(group_ref), world.catalog.org_id, world.fleet))


@router.get("/{group_ref}/devices")
async def list_members(
    world: WorldDep, group_ref: str, limit: Limit = 100, cursor: str | None = None
) -> JSONResponse:
    """List the devices of a group, page by page behind a cursor."""
    name = world.catalog.group(group_ref).name
    members = [device for device in world.fleet.devices.values() if name in device.groups]
    page, following = after_cursor(members, limit, cursor)
    devices = [device_item(device, world.catalog, world.fleet.now) for device in page]
    return answer({"devices": devices, "has_more": following is not None, "next_cursor": following})
