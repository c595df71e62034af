"""What the routes share: the world they serve, and how they answer."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Header, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from octomil_tui.sim.door import FAULTS_OF_REQUEST
from octomil_tui.sim.faults import NOTHING, Fired
from octomil_tui.sim.idempotency import Answer, Replays
from octomil_tui.sim.world import World

__all__ = ["FiredDep", "Limit", "Offset", "Once", "OnceDep", "WorldDep", "answer"]

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


class Once:
    """Carries a request out, or gives the answer again that it had under its `Idempotency-Key`.

    Args:
        request: The request.
        idempotency_key: Its key, if it has one.
    """

    def __init__(self, request: Request, idempotency_key: Annotated[str | None, Header()] = None) -> None:
        self._replays: Replays = request.app.state.replays
        self._path = request.url.path
        self._key = idempotency_key

    def answer(
        self,
        act: Callable[[], dict[str, Any]],
        body: BaseModel | None = None,
        *,
        what: str | None = None,
        status_code: int = 200,
    ) -> JSONResponse:
        """Return the answer.

        Args:
            act: Carries it out, and returns the answer's body.
            body: The request's.
            what: What is asked for, where the path is not all there is to say.
            status_code: The answer's.
        """
        what, asked = what or self._path, None if body is None else body.model_dump()
        known = self._replays.find(self._key, what, asked)
        if known is not None:
            response = answer(known.body, known.status_code)
            response.headers["Idempotent-Replayed"] = "true"
            return response
        given = Answer(status_code, act())
        self._replays.keep(self._key, what, asked, given)
        return answer(given.body, given.status_code)


OnceDep = Annotated[Once, Depends()]
