"""Setting the policy: read, sent once, and read back, so that what was not kept is known."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from octomil_tui.api.errors import (
    ConfigurationError,
    NotSentError,
    OctomilError,
    RejectedError,
    RequestRefusedError,
)
from octomil_tui.domain.action_outcome import Outcome, Result
from octomil_tui.domain.policy import Policy, PolicyChange, differences, not_kept
from octomil_tui.engine.acting import LOOKS, PremiseMovedError
from octomil_tui.engine.asker import Purpose, asking
from octomil_tui.engine.change_record import ChangeLine, ChangeRecords, note
from octomil_tui.engine.source import ActionService, FleetSource


@dataclass(frozen=True, slots=True)
class PolicySet:
    """How a change of the policy ended."""

    outcome: Outcome
    after: Policy | None
    """What the service has stored now; None where that is not known."""
    not_kept: tuple[str, ...] = ()
    """What was asked for and is not stored, a clause each; safe to show."""


def change_words(before: Policy, change: PolicyChange) -> str:
    """Return what a change would do, as a clause: `auto-rollback off -> on, error rate 5% -> 7%`."""
    rows = [row for row in differences(before, change.applied(before)) if row.is_change]
    return ", ".join(f"{row.what} {row.before} -> {row.after}" for row in rows) or "nothing is different"


async def set_policy(
    service: ActionService,
    shown: Policy,
    change: PolicyChange,
    *,
    key: str,
    records: ChangeRecords | None,
    is_fresh: bool = False,
    must_record: bool = True,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> PolicySet:
    """Change the settings that are named, once, and read back what is stored.

    Args:
        service: The client.
        shown: The policy that somebody saw.
        change: What is to be set.
        key: The idempotency key of this intent.
        records: Where it is written down first; None for nowhere.
        is_fresh: It was read within the last seconds, and nobody was asked in between.
        must_record: Whether it must not be sent where it cannot be written down.
        sleep: Waits between two looks for an answer that was lost.

    Raises:
        PremiseMovedError: The policy is another one now; nothing was sent.
        RecordError: It could not be written down before; nothing was sent.
        OctomilError: It could not be read again; nothing was sent.
    """
    if not is_fresh:
        now = (await service.policy()).value
        if now != shown:
            moved = [row for row in differences(shown, now) if row.is_change]
            said = ", ".join(f"{row.what} is {row.after}" for row in moved)
            raise PremiseMovedError(f"the policy was changed meanwhile: {said or 'it is another one'}")
    words = change_words(shown, change)

    def line(step: str, said: str, status: int | None = None) -> ChangeLine:
        return ChangeLine(
            action="policy.set", step=step, intent_id=key, scope="organisation", status=status, words=said
        )

    if records is not None and must_record:
        await asyncio.to_thread(records.write, line("intent", words))
    else:
        note(records, line("intent", words))
    try:
        found = await _sent(service, change, key, words, sleep)
    except BaseException:
        note(records, line("unknown", "interrupted while its answer was awaited"))
        raise
    await asyncio.to_thread(
        note, records, line(found.outcome.result.value, found.outcome.sentence, found.outcome.status)
    )
    return found


async def _sent(
    service: ActionService,
    change: PolicyChange,
    key: str,
    words: str,
    sleep: Callable[[float], Awaitable[None]],
) -> PolicySet:
    try:
        answered = await service.set_policy(change, idempotency_key=key)
    except (NotSentError, ConfigurationError, RequestRefusedError) as error:
        return PolicySet(Outcome(Result.NOT_SENT, error.message), None)
    except RejectedError as error:
        return PolicySet(Outcome(Result.REJECTED, error.message, error.status, error.request_id), None)
    except OctomilError as error:
        return await _looked_for(service, change, error, words, sleep)
    after = await _stored(service)
    is_shown = after is not None
    after = after if after is not None else answered
    if after is None:
        return PolicySet(Outcome(Result.DONE, f"{words}; what is stored now could not be read back"), None)
    left = not_kept(change, after)
    return PolicySet(Outcome(Result.DONE, words, is_shown=is_shown), after, left)


async def _looked_for(
    service: FleetSource,
    change: PolicyChange,
    error: OctomilError,
    words: str,
    sleep: Callable[[float], Awaitable[None]],
) -> PolicySet:
    after = None
    with asking(Purpose.SETTLE, "policy"):
        for pause in LOOKS:
            await sleep(pause)
            after = await _stored(service)
            if after is not None and change.is_kept(after):
                said = f"{words}; its answer was lost, and reading it back shows it"
                return PolicySet(Outcome(Result.DONE, said, error.status, is_shown=True), after)
    said = f"{error.message}; reading it back does not show it so far"
    return PolicySet(Outcome(Result.UNKNOWN, said, error.status, error.request_id), after)


async def _stored(service: FleetSource) -> Policy | None:
    try:
        return (await service.policy()).value
    except OctomilError:
        return None
