"""The service as an ASGI application: routes, error answers, and the door before them."""

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from octomil_tui.sim.door import PREFIXES, FrontDoor
from octomil_tui.sim.entity import Entities
from octomil_tui.sim.errors import RefusedError
from octomil_tui.sim.idempotency import Replays
from octomil_tui.sim.key import Keys
from octomil_tui.sim.routes import (
    devices,
    drill,
    fault,
    groups,
    lifecycle,
    metrics,
    models,
    monitoring,
    organization,
    records,
    rollback,
    rollouts,
    settings,
)
from octomil_tui.sim.world import World

__all__ = ["PREFIXES", "build_app"]

NOT_FOUND = 404
WATCHING = (settings, monitoring, records)


def build_app(world: World, api_key: str) -> FrontDoor:
    """Return the application that serves `world` to holders of `api_key`."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    api = APIRouter()
    # Rollouts first: `/models/{id}/rollouts/active` is not a rollout named "active".
    for module in (rollouts, rollback, lifecycle, metrics, models, devices, groups, organization, *WATCHING):
        api.include_router(module.router)
    for prefix in PREFIXES:
        app.include_router(api, prefix=prefix)
    for drills in (drill, fault):
        app.include_router(drills.router)
    app.add_exception_handler(RefusedError, _refused)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Exception, _broken)
    keys = Keys(api_key)
    door = FrontDoor(Entities(app), world, keys)
    app.state.world = world
    app.state.replays = Replays()
    app.state.keys = keys
    app.state.seen = door.seen
    return door


def _error(status_code: int, code: str, message: str) -> JSONResponse:
    body = {"error": code, "message": message, "status_code": status_code}
    return JSONResponse(body, status_code=status_code)


async def _refused(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RefusedError):
        raise error
    return JSONResponse(error.body(), status_code=error.status_code)


async def _http_error(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code == NOT_FOUND:
        return _error(NOT_FOUND, "not_found", f"There is nothing at {request.url.path}.")
    response = _error(error.status_code, error.detail.lower().replace(" ", "_"), f"{error.detail}.")
    response.headers.update(error.headers or {})
    return response


async def _invalid(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    problems = (
        f"{'.'.join(str(part) for part in problem['loc'][1:]) or 'body'}: {problem['msg']}"
        for problem in error.errors()
    )
    return _error(422, "validation_error", "; ".join(problems))


async def _broken(_request: Request, error: Exception) -> JSONResponse:
    message = f"The simulator failed to answer: {type(error).__name__}; its log has more."
    return _error(500, "internal_error", message)
