"""Device groups."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from octomil_tui.sim.paging import cursor_for, cut, offset_of
from octomil_tui.sim.query import Query
from octomil_tui.sim.routes.access import Limit, Offset, WorldDep, answer
from octomil_tui.sim.views import device_item, group_item

__all__ = ["router"]

router = APIRouter(prefix="/device-groups")


@router.get("")
async def list_groups(world: WorldDep, limit: Limit = 100, offset: Offset = 0) -> JSONResponse:
    """List the groups."""
    found = list(world.catalog.groups.values())
    org_id, population = world.catalog.org_id, world.population
    groups = [group_item(group, org_id, population) for group in cut(found, limit, offset)]
    return answer({"groups": groups, "total": len(found), "limit": limit, "offset": offset})


@router.get("/{group_ref}")
async def get_group(world: WorldDep, group_ref: str) -> JSONResponse:
    """Return one group."""
    return answer(group_item(world.catalog.group(group_ref), world.catalog.org_id, world.population))


@router.get("/{group_ref}/devices")
async def list_members(
    world: WorldDep,
    group_ref: str,
    limit: Limit = 100,
    offset: Offset = 0,
    cursor: str | None = None,
) -> JSONResponse:
    """List the devices of a group, page by page, behind a cursor or from an offset on."""
    name = world.catalog.group(group_ref).name
    start = offset if cursor is None else offset_of(cursor)
    found = world.population.list(Query(group=name), limit, start)
    devices = [device_item(device, world.catalog, world.population.now) for device in found.devices]
    following = start + limit if start + limit < found.total else None
    return answer(
        {
            "devices": devices,
            "total": found.total,
            "limit": limit,
            "offset": start,
            "has_more": following is not None,
            "next_cursor": None if following is None else cursor_for(following),
        }
    )
