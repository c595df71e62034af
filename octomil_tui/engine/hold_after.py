"""Holding the version that a rollback leaves, once the service has taken the rollback: the second half of one confirmation."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from octomil_tui.api.errors import OctomilError
from octomil_tui.domain.action import ActionKind
from octomil_tui.domain.action_outcome import Outcome, Result
from octomil_tui.domain.fleet import FleetSnapshot, Model
from octomil_tui.domain.rollback import Phase, Rollback
from octomil_tui.domain.text import version_label
from octomil_tui.engine.acting import LOOKS, Errand, PremiseMovedError, perform, prepare
from octomil_tui.engine.change_record import ChangeRecords
from octomil_tui.engine.preflight import UnknownNameError
from octomil_tui.engine.private import RecordError
from octomil_tui.engine.source import ActionService


async def hold_left(
    service: ActionService,
    rollback: Rollback,
    model: Model,
    *,
    key: str,
    records: ChangeRecords | None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Outcome:
    """Hold the version that a rollback leaves, if the rollback began as it was asked for.

    Where it is not known whether it began, or where it went wider than asked,
    nothing more is sent: what to do then is for a person to say.

    Args:
        service: The client.
        rollback: After the service's answer.
        model: Its model.
        key: The idempotency key of the hold, which is an intent of its own.
        records: Where it is written down first; None for nowhere.
        sleep: Waits between two looks for a lost answer.
    """
    label = version_label(rollback.from_version)
    if rollback.phase is not Phase.ROLLING_BACK:
        return Outcome(Result.NOT_SENT, f"{label} was not held, since the rollback did not simply begin")
    errand = Errand(ActionKind.HOLD, model.id, version=rollback.from_version)
    try:
        shown = await prepare(service, errand, FleetSnapshot(models=(model,)))
        for pause in LOOKS:
            if not shown.refusal:
                break
            # The rollout that the rollback displaces may be listed as running for a moment.
            await sleep(pause)
            shown = await prepare(service, errand, FleetSnapshot(models=(model,)))
        if shown.refusal:
            return Outcome(Result.NOT_SENT, f"{label} was not held: {shown.refusal}")
        # It was confirmed with the rollback, whose own record could be written or was waived.
        return await perform(
            service,
            shown,
            rollback.order.reason,
            key=key,
            records=records,
            is_fresh=True,
            must_record=False,
            sleep=sleep,
        )
    except (UnknownNameError, PremiseMovedError, RecordError) as error:
        return Outcome(Result.NOT_SENT, f"{label} was not held: {error}")
    except OctomilError as error:
        return Outcome(Result.NOT_SENT, f"{label} was not held: {error.message}")
