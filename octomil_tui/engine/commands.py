"""The one write: a rollback is read again, sent once, and a lost answer is settled by reading."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable

from octomil_tui.api.errors import (
    ConfigurationError,
    NotSentError,
    OctomilError,
    RejectedError,
    RequestRefusedError,
)
from octomil_tui.domain.fleet import Rollout
from octomil_tui.domain.order import Way
from octomil_tui.domain.record import own_record
from octomil_tui.domain.rollback import (
    Accepted,
    Event,
    Found,
    Lost,
    Noted,
    NotFound,
    NotSent,
    Rejected,
    Rollback,
    Sent,
)
from octomil_tui.domain.text import clean, version_label
from octomil_tui.engine.asker import Purpose, asking
from octomil_tui.engine.source import FleetSource, Service

LOOK_FOR = 60.0
"""Seconds for which a lost answer is looked for."""

FIRST_LOOK = 1.0
LONGEST_LOOK = 8.0
"""Seconds between two looks: 1, 2, 4, 8, 8 …"""

_LOOKS_THAT_AGREE = 2
_PERCENT = 100


def new_key() -> str:
    """Return an idempotency key: one per intent, sent with it however often it is sent."""
    return str(uuid.uuid4())


async def send(
    service: Service,
    rollback: Rollback,
    dispatch: Callable[[Event], None],
    *,
    server_now: Callable[[], float],
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Send the rollback once and say what became of it, as events.

    A request whose answer was lost is looked for in the server's records for
    up to a minute; it is never sent again from here. Any error that does not
    say that nothing was sent or begun counts as a lost answer, and so does a
    cancellation while the request is on its way.

    Args:
        service: The client.
        rollback: Planned and confirmed; its plan and its key are set.
        dispatch: Takes every event, in order.
        server_now: The service's clock as far as it is known, epoch seconds.
        sleep: Waits between two looks.
    """
    order, key = rollback.order, rollback.key or new_key()
    sent_at = server_now()
    dispatch(Sent(sent_at))
    scope = f" group {clean(order.group)}" if order.group is not None else ""
    what = "rollback" if order.way is Way.ROLLBACK else "rollout 100%"
    times = "sent once" if rollback.tries == 1 else f"the same key, sent for the {_nth(rollback.tries)} time"
    dispatch(Noted(sent_at, f"POST {what} {version_label(order.to_version)}{scope}, key {key[:4]}, {times}"))
    try:
        with asking(Purpose.WRITE):
            receipt = await service.rollback(rollback.model_id, order, idempotency_key=key)
    except (NotSentError, ConfigurationError, RequestRefusedError) as error:
        dispatch(NotSent(error.message))
    except RejectedError as error:
        dispatch(Rejected(error.message, error.status, error.code))
    except asyncio.CancelledError:
        dispatch(Lost("this console stopped before the answer came: it may or may not have begun"))
        raise
    except Exception as error:  # noqa: BLE001 - the request left: whatever went wrong, it may have begun
        sentence = _sentence(error)
        dispatch(Noted(server_now(), sentence))
        dispatch(Lost(sentence))
        await settle(service, rollback, dispatch, sent_at=sent_at, server_now=server_now, sleep=sleep)
    else:
        at = receipt.server_at if receipt.server_at is not None else server_now()
        count = (
            f", {receipt.affected_devices} devices affected" if receipt.affected_devices is not None else ""
        )
        number = f" rollback {clean(receipt.rollout_id)}" if receipt.rollout_id is not None else ""
        again = ", known to the server already" if receipt.replayed else ""
        dispatch(Noted(at, f"accepted:{number} {receipt.word}{count}{again}".replace(":  ", ": ")))
        dispatch(Accepted(receipt, at))


async def settle(
    source: FleetSource,
    rollback: Rollback,
    dispatch: Callable[[Event], None],
    *,
    sent_at: float,
    server_now: Callable[[], float],
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Find out from the server's records whether a rollback began whose answer was lost.

    Ends with `Found`, or after `LOOK_FOR` seconds of waiting with `NotFound`
    if the last two looks could read the records. Where they could not, nothing
    is claimed, and the rollback stays unconfirmed.
    """
    waited, pause, in_a_row = 0.0, FIRST_LOOK, 0
    while waited < LOOK_FOR:
        await sleep(pause)
        waited += pause
        pause = min(pause * 2, LONGEST_LOOK, LOOK_FOR - waited)
        rollouts = await _look(source, rollback, dispatch, server_now)
        in_a_row = in_a_row + 1 if rollouts is not None else 0
        found = own_record(rollback, rollouts or (), sent_at)
        if rollouts is not None:
            dispatch(Noted(server_now(), f"GET rollouts: {_told(found, rollouts)}"))
        if found is not None:
            dispatch(Found(found, server_now()))
            return
    if in_a_row >= _LOOKS_THAT_AGREE:
        dispatch(NotFound())


def _nth(number: int) -> str:
    return {2: "2nd", 3: "3rd"}.get(number, f"{number}th")


async def _look(
    source: FleetSource,
    rollback: Rollback,
    dispatch: Callable[[Event], None],
    server_now: Callable[[], float],
) -> tuple[Rollout, ...] | None:
    """Return the model's rollouts, or None where they could not be read."""
    try:
        with asking(Purpose.SETTLE):
            return (await source.rollouts(rollback.model_id)).value
    except Exception as error:  # noqa: BLE001 - one bad answer must not end the search
        dispatch(Noted(server_now(), f"GET rollouts: {_sentence(error)}"))
        return None


def _sentence(error: Exception) -> str:
    if isinstance(error, OctomilError):
        return error.message
    return f"this console could not use the answer ({type(error).__name__})"


def _told(found: Rollout | None, rollouts: tuple[Rollout, ...]) -> str:
    if found is not None:
        return f"{clean(found.id)} goes to {version_label(found.version)}, {found.word}"
    running = next((r for r in rollouts if r.state.is_running), None)
    if running is None:
        return "nothing new"
    share = f" at {int(running.share * _PERCENT)}%" if running.share is not None else ""
    return f"{clean(running.id)} {running.word}{share}, nothing new"
