"""The simulator's own routes, outside of the service's: for drills and tests."""

from collections import deque
from dataclasses import asdict

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from octomil_tui.sim.bodies import ClockBody
from octomil_tui.sim.clock import ManualClock
from octomil_tui.sim.connection import close_idle
from octomil_tui.sim.door import DRILL_PREFIX, Seen
from octomil_tui.sim.errors import RefusedError
from octomil_tui.sim.routes.access import WorldDep, answer
from octomil_tui.sim.stamp import format_time, parse_time

__all__ = ["router"]

router = APIRouter(prefix=DRILL_PREFIX)


@router.get("/requests")
async def list_requests(request: Request) -> JSONResponse:
    """Return every request that reached the service, the oldest first."""
    seen: deque[Seen] = request.app.state.seen
    return answer([{**asdict(entry), "at": format_time(entry.at)} for entry in seen])


@router.post("/hang-up")
async def hang_up() -> JSONResponse:
    """Close the connections that clients keep open, as a service does that has been idle for long."""
    return answer({"closed": close_idle()})


@router.post("/clock")
async def move_clock(request: Request, world: WorldDep, body: ClockBody) -> JSONResponse:
    """Move the manual clock forwards, and play what is due by then."""
    if not isinstance(world.clock, ManualClock):
        raise RefusedError(404, "not_found", f"There is nothing at {request.url.path}.")
    try:
        world.clock.advance_to(parse_time(body.advance_to))
    except ValueError as error:
        raise RefusedError(422, "validation_error", f"advance_to: {error}") from error
    return answer({"now": format_time(world.advance())})
