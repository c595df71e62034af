"""The rollback route, with its replays and its faults."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import JSONResponse

from octomil_tui.sim.bodies import RollbackBody
from octomil_tui.sim.idempotency import Answer, Replays
from octomil_tui.sim.rollout_views import rollback_receipt
from octomil_tui.sim.routes.access import FiredDep, WorldDep, answer
from octomil_tui.sim.rules import IgnoreGroup, NoReceipt, RefuseRollback
from octomil_tui.sim.service import RollbackOrder

__all__ = ["router"]

router = APIRouter(prefix="/models")
ACCEPTED = 202


@router.post("/{model_ref}/rollback")
async def roll_back(  # noqa: PLR0917 - the framework passes them by name
    request: Request,
    world: WorldDep,
    fired: FiredDep,
    model_ref: str,
    body: RollbackBody,
    idempotency_key: Annotated[str | None, Header()] = None,
) -> Response:
    """Roll a model back, on the fleet or on one group."""
    replays: Replays = request.app.state.replays
    model = world.catalog.model(model_ref)
    what, asked = f"rollback {model.id}", body.model_dump()
    known = replays.find(idempotency_key, what, asked)
    if known is not None:
        return _reply(known, replayed=True)
    refusal = fired.switch(RefuseRollback)
    if refusal is not None:
        world.service.refuse_rollback(model_ref, refusal.by)
    is_group_known = fired.switch(IgnoreGroup) is None
    order = RollbackOrder(body.to_version, body.reason, body.group if is_group_known else None)
    rollback, cancelled = world.service.rollback(model_ref, order)
    receipt = rollback_receipt(rollback, model, cancelled)
    if not is_group_known:
        del receipt["group"]
    given = Answer(ACCEPTED, receipt)
    replays.keep(idempotency_key, what, asked, given)
    missing = fired.switch(NoReceipt)
    if missing is not None:
        return _without_receipt(receipt, is_bare=missing.bare)
    return _reply(given, replayed=False)


def _without_receipt(receipt: dict[str, Any], *, is_bare: bool) -> Response:
    if not is_bare:
        return Response(status_code=ACCEPTED)
    return answer({name: value for name, value in receipt.items() if name != "affected_devices"}, ACCEPTED)


def _reply(given: Answer, *, replayed: bool) -> JSONResponse:
    response = answer(given.body, given.status_code)
    if replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return response
