"""How a rollback comes to be known: confirmed here, sent again, or begun by somebody else."""

from __future__ import annotations

from collections.abc import Iterable

from octomil_tui.domain.convergence import Watch
from octomil_tui.domain.fleet import Device, Rollout
from octomil_tui.domain.order import RollbackOrder, Way
from octomil_tui.domain.plan import Plan
from octomil_tui.domain.rollback import Phase, Rollback, Signs


def planned(
    plan: Plan,
    reason: str | None,
    key: str,
    devices: Iterable[Device],
    *,
    way: Way = Way.ROLLBACK,
    before: Rollback | None = None,
) -> Rollback:
    """Return a rollback that was confirmed and not sent yet.

    Args:
        plan: What the operator saw.
        reason: Why, in the operator's words.
        key: The idempotency key, one per intent.
        devices: Every device, to notice those outside the scope that move too.
        way: By which of the service's routes.
        before: The same intent, sent before without an answer.
    """
    inside = {d.id for d in plan.devices}
    # A device that runs the target already cannot be moved to it: it may only be told to stay.
    outside = {
        d.id: d.installations[plan.model.id].wanted
        for d in devices
        if d.id not in inside
        # A member that was not read is inside all the same.
        and plan.scope.group_id not in d.groups
        and plan.model.id in d.installations
        and d.installations[plan.model.id].version != plan.to_version
    }
    scope = plan.scope
    # A group without a name is named by its id: without either it would be the whole fleet.
    group = scope.group_name if scope.group_name is not None else scope.group_id
    return Rollback(
        model_id=plan.model.id,
        order=RollbackOrder(plan.to_version, reason, group, way),
        key=key,
        plan=plan,
        from_version=plan.from_version,
        # What the first try left behind is a trace of this intent too.
        sent_at=before.sent_at if before is not None else None,
        tries=before.tries + 1 if before is not None else 1,
        log=before.log if before is not None else (),
        active_before=plan.active_rollout.id if plan.active_rollout is not None else None,
        scope_size=plan.total.devices,
        group_id=scope.group_id,
        wanted_outside={} if scope.is_fleet else outside,
    )


def adopted(rollout: Rollout, model_id: str, watch: Watch) -> Rollback:
    """Return a rollback that somebody else began, or that began while nobody watched."""
    return Rollback(
        model_id=model_id,
        order=RollbackOrder(rollout.version, rollout.reason, rollout.group),
        phase=Phase.ROLLING_BACK,
        watch=watch,
        rollout_id=rollout.id,
        from_version=rollout.from_version,
        affected=rollout.affected,
        sent_at=rollout.began_at,
        server_state=rollout.state,
        server_word=rollout.word,
        signs=Signs(was_listed=True),
    )


def may_be_sent_again(rollback: Rollback, plan: Plan, way: Way = Way.ROLLBACK) -> bool:
    """Say whether a new plan is the intent of a rollback whose answer was lost, so that its key goes with it."""
    is_open = rollback.phase in (Phase.UNCONFIRMED, Phase.NOT_FOUND, Phase.NOT_SENT)
    scope = plan.scope
    group = scope.group_name if scope.group_name is not None else scope.group_id
    order = rollback.order
    is_same = (order.to_version, order.group, order.way) == (plan.to_version, group, way)
    return is_open and is_same and rollback.key is not None


_NAMELESS = (None, "", "not_found", "method_not_allowed")
"""Words of a refusal that name nothing that was not found; the path itself may be meant."""


def has_no_route(rollback: Rollback) -> bool:
    """Say whether the refusal looks as if the service had no rollback of models at all."""
    if rollback.phase is not Phase.REJECTED or rollback.order.way is not Way.ROLLBACK:
        return False
    return rollback.refused_with == 405 or (  # noqa: PLR2004 - method not allowed
        rollback.refused_with == 404 and rollback.refusal_code in _NAMELESS  # noqa: PLR2004 - not found
    )
