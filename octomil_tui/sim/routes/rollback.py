"""The rollback route, with its replays and its faults."""

from typing import Annotated

from fastapi import APIRouter, Header, Request
from fastapi.responses import JSONResponse

from octomil_tui.sim.bodies import RollbackBody
from octomil_tui.sim.connection import drop_connection
from octomil_tui.sim.errors import RefusedError
from octomil_tui.sim.idempotency import Answer, Replays
from octomil_tui.sim.rollout_views import rollback_receipt
from octomil_tui.sim.routes.access import WorldDep, answer
from octomil_tui.sim.service import RollbackOrder

__all__ = ["router"]

router = APIRouter(prefix="/models")
ACCEPTED = 202


@router.post("/{model_ref}/rollback")
async def roll_back(
    request: Request,
    world: WorldDep,
    model_ref: str,
    body: RollbackBody,
    idempotency_key: Annotated[str | None, Header()] = None,
) -> JSONResponse:
    """Roll a model back, on the fleet or on one group."""
    if world.faults.no_rollback_route:
        raise RefusedError(404, "not_found", f"There is nothing at {request.url.path}.")
    replays: Replays = request.app.state.replays
    model = world.catalog.model(model_ref)
    what, asked = f"rollback {model.id}", body.model_dump()
    known = replays.find(idempotency_key, what, asked)
    if known is not None:
        return _reply(known, replayed=True)
    order = RollbackOrder(body.to_version, body.reason, body.group)
    rollback, cancelled = world.service.rollback(model_ref, order)
    receipt = rollback_receipt(rollback, model, cancelled)
    if world.faults.ignore_group:
        del receipt["group"]
    given = Answer(ACCEPTED, receipt)
    replays.keep(idempotency_key, what, asked, given)
    if world.faults.lost_answer and not request.app.state.answer_lost:
        request.app.state.answer_lost = True
        await drop_connection(request)
    return _reply(given, replayed=False)


def _reply(given: Answer, *, replayed: bool) -> JSONResponse:
    response = answer(given.body, given.status_code)
    if replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return response
