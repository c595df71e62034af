"""What the routes share: the world they serve, and how they answer."""

from typing import Annotated, Any

from fastapi import Depends, Query, Request
from fastapi.responses import JSONResponse

from octomil_tui.sim.door import FAULTS_OF_REQUEST
from octomil_tui.sim.faults import NOTHING, Fired
from octomil_tui.sim.world import World

__all__ = ["FiredDep", "Limit", "Offset", "WorldDep", "answer"]

Limit = Annotated[int, Query(ge=1, le=1000)]
Offset = Annotated[int, Query(ge=0)]


async def _world(request: Request) -> World:
    world: World = request.app.state.world
    return world


async def _fired(request: Request) -> Fired:
    fired: Fired = request.scope.get(FAULTS_OF_REQUEST, NOTHING)
    return fired


WorldDep = Annotated[World, Depends(_world)]
FiredDep = Annotated[Fired, Depends(_fired)]
"""What a request meets; the door has looked it up."""


def answer(body: Any, status_code: int = 200) -> JSONResponse:
    """Return a JSON answer. The views are plain JSON already, so nothing re-encodes them."""
    return JSONResponse(body, status_code=status_code)
