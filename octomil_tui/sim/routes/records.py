"""The audit log, and the same as a stream of activity."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from octomil_tui.sim.errors import RefusedError
from octomil_tui.sim.incident_views import activity_item, audit_item
from octomil_tui.sim.paging import cut
from octomil_tui.sim.routes.access import Limit, Offset, WorldDep, answer
from octomil_tui.sim.stamp import parse_time

__all__ = ["router"]

router = APIRouter()
Hundred = Annotated[int, Query(ge=1, le=100)]


@router.get("/logs/audit")
async def list_audit(
    world: WorldDep, action: str | None = None, limit: Limit = 100, offset: Offset = 0
) -> JSONResponse:
    """List the audit log, the newest first; `action` is one word or the beginning of one, such as `model.`."""
    found = [record for record in world.records.all() if record.action.startswith(action or "")]
    events = [audit_item(record, world.catalog.org_id) for record in cut(found, limit, offset)]
    return answer({"events": events, "total": len(found), "limit": limit, "offset": offset})


@router.get("/activity")
async def list_activity(world: WorldDep, limit: Hundred = 50, before: str | None = None) -> JSONResponse:
    """List what happened before a time, the newest first, as a bare array."""
    found = world.records.all()
    if before is not None:
        try:
            until = parse_time(before)
        except ValueError as error:
            raise RefusedError(422, "validation_error", f"before: {error}") from error
        found = [record for record in found if record.at < until]
    return answer([activity_item(record) for record in found[:limit]])
