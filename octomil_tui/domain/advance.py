"""The state machine of one rollback: what is known after each event, without a clock and without I/O.

What is not known is said: a lost answer is `UNCONFIRMED` until the server's own
records settle it, and a server that did more than it was asked is `WIDER`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import assert_never

from octomil_tui.domain.convergence import Stage, Watch, begin_watch, observe
from octomil_tui.domain.fleet import Device, Rollout, RolloutState
from octomil_tui.domain.order import RollbackReceipt
from octomil_tui.domain.rollback import (
    Accepted,
    Event,
    Found,
    LogLine,
    Lost,
    Noted,
    NotFound,
    NotSent,
    Observed,
    Phase,
    Rejected,
    Rollback,
    Sent,
)
from octomil_tui.domain.scope import FLEET

_LOOKED_FOR = (Phase.UNCONFIRMED, Phase.NOT_FOUND)
"""Phases in which the server's records may still show it: one can keep looking after `NOT_FOUND`."""


def advance(rollback: Rollback, event: Event) -> Rollback:
    """Return the rollback after `event`; an event that does not fit its phase changes nothing.

    Event times are the service's clock, so a wrong local clock can neither
    stall nor finish anything. A finished rollback stays on guard: a device
    that leaves the target again makes it `REGRESSED`.
    """
    match event:
        case Noted(at=at, text=text):
            return replace(rollback, log=(*rollback.log, LogLine(at, text)))
        case Sent(at=at):
            fits_phase = rollback.phase is Phase.PLANNED
            return replace(rollback, phase=Phase.SENDING, sent_at=at) if fits_phase else rollback
        case Accepted() | Lost() | NotSent() | Rejected():
            return _answered(rollback, event) if rollback.phase is Phase.SENDING else rollback
        case Found() | NotFound():
            return _settled(rollback, event) if rollback.phase in _LOOKED_FOR else rollback
        case Observed():
            return _look(rollback, event) if rollback.phase.is_watched else rollback
        case _:
            assert_never(event)


def _answered(rollback: Rollback, event: Accepted | Lost | NotSent | Rejected) -> Rollback:
    match event:
        case Accepted(receipt=receipt, at=at):
            return _begun(rollback, receipt, at)
        case Lost(sentence=sentence):
            return replace(rollback, phase=Phase.UNCONFIRMED, sentence=sentence)
        case NotSent(sentence=sentence):
            return replace(rollback, phase=Phase.NOT_SENT, sentence=sentence)
        case Rejected(sentence=sentence, status=status):
            return replace(rollback, phase=Phase.REJECTED, sentence=sentence, refused_with=status)
        case _:
            assert_never(event)


def _settled(rollback: Rollback, event: Found | NotFound) -> Rollback:
    if isinstance(event, NotFound):
        return replace(rollback, phase=Phase.NOT_FOUND)
    rollout = event.rollout
    receipt = RollbackReceipt(rollout.state, rollout.word, rollout.id, rollout.affected)
    return _begun(rollback, receipt, rollout.began_at if rollout.began_at is not None else event.at)


def _begun(rollback: Rollback, receipt: RollbackReceipt, at: float) -> Rollback:
    """Start the watch at the moment the service took it: whoever contacts it later was told."""
    plan = rollback.plan
    begun = replace(
        rollback,
        phase=Phase.ROLLING_BACK,
        watch=begin_watch(plan, at) if plan is not None else rollback.watch,
        rollout_id=receipt.rollout_id,
        affected=receipt.affected_devices,
        from_version=receipt.from_version or rollback.from_version,
        server_state=receipt.state,
        server_word=receipt.word,
    )
    return replace(begun, phase=Phase.WIDER) if _is_wider(begun) else begun


def _is_wider(rollback: Rollback) -> bool:
    """Say whether the reply, or the devices, show more than the one group that was asked for."""
    if rollback.plan is None or rollback.plan.scope.is_fleet:
        return False
    # Where nobody could say how many devices the group has, no count can be too high.
    members = rollback.plan.total.devices
    too_many = rollback.affected is not None and 0 < members < rollback.affected
    return too_many or bool(rollback.strays)


def _look(rollback: Rollback, event: Observed) -> Rollback:
    if rollback.watch is None:
        return rollback
    devices = tuple(event.devices)
    record = server_record(rollback, event.rollouts)
    watch = observe(rollback.watch, devices, event.at)
    seen = replace(
        rollback,
        watch=watch,
        strays=_strays(rollback, devices),
        rollout_id=record.id if record is not None else rollback.rollout_id,
        server_state=record.state if record is not None else rollback.server_state,
        server_word=record.word if record is not None else rollback.server_word,
    )
    return _judge(seen, watch, event)


def server_record(rollback: Rollback, rollouts: tuple[Rollout, ...]) -> Rollout | None:
    """Return the service's own record of the rollback, by its id; without an id, the newest that fits."""
    if rollback.rollout_id is not None:
        return next((r for r in rollouts if r.id == rollback.rollout_id), None)
    after = rollback.sent_at
    return next((r for r in rollouts if fits(rollback, r, after)), None)


def fits(rollback: Rollback, rollout: Rollout, after: float | None, slack: float = 5.0) -> bool:
    """Say whether a rollout can be this rollback: its target, its scope, and not made before it was sent.

    A record without a group fits the order of one group too: the service does
    not tell groups, or it took the order for the whole fleet.

    `slack` (seconds) allows for clocks that are read in whole seconds.
    """
    if rollout.version != rollback.order.to_version or rollout.state is RolloutState.PENDING:
        return False
    made_at = _made_at(rollout)
    return _covers(rollback, rollout) and (after is None or made_at is None or made_at >= after - slack)


def _covers(rollback: Rollback, rollout: Rollout) -> bool:
    """Say whether the rollout decides for every device of the rollback's scope."""
    scope = rollback.plan.scope if rollback.plan is not None else FLEET
    return rollout.group in (None, rollback.order.group, scope.group_id)


def _made_at(rollout: Rollout) -> float | None:
    return rollout.created_at if rollout.created_at is not None else rollout.started_at


def _strays(rollback: Rollback, devices: Iterable[Device]) -> tuple[str, ...]:
    target = rollback.order.to_version
    moved = []
    for device in devices:
        installation = device.installations.get(rollback.model_id)
        if installation is None or device.id not in rollback.wanted_outside:
            continue
        before = rollback.wanted_outside[device.id]
        if installation.wanted == target and before is not None and before != target:
            moved.append(device.id)
    return tuple(moved)


def _judge(rollback: Rollback, watch: Watch, event: Observed) -> Rollback:
    phase = _phase(rollback, watch, event)
    ended = phase in (Phase.DONE, Phase.COMPLETE)
    at = rollback.ended_at if rollback.ended_at is not None or not ended else event.at
    return replace(
        rollback,
        phase=phase,
        ended_at=at,
        by_server_word=ended and not watch.says_versions,
    )


def _phase(rollback: Rollback, watch: Watch, event: Observed) -> Phase:
    """Return the first phase whose sign is there; the worst signs are looked for first."""
    by_word = rollback.server_state is RolloutState.COMPLETED and not watch.says_versions
    signs = (
        (Phase.WIDER, rollback.phase is Phase.WIDER or _is_wider(rollback)),
        (Phase.COMPLETE, watch.is_complete or by_word),
        (Phase.DONE, watch.is_done),
        (Phase.REGRESSED, rollback.ended_at is not None and watch.whole.count(Stage.BOUNCED) > 0),
        (Phase.SUPERSEDED, _was_superseded(rollback, event.rollouts)),
        (Phase.FAILED, rollback.server_state is RolloutState.FAILED),
        # A device that came back and has not synced yet does not undo what was done.
        (Phase.DONE, rollback.phase in (Phase.DONE, Phase.COMPLETE)),
        (Phase.REGRESSED, rollback.phase is Phase.REGRESSED),
    )
    return next((phase for phase, is_there in signs if is_there), Phase.ROLLING_BACK)


def _was_superseded(rollback: Rollback, rollouts: tuple[Rollout, ...]) -> bool:
    if rollback.server_state is RolloutState.CANCELLED:
        return True
    newest = next((r for r in rollouts if r.state.is_running), None)
    return (
        newest is not None
        and rollback.rollout_id is not None
        and newest.id != rollback.rollout_id
        and newest.version != rollback.order.to_version
        and _covers(rollback, newest)
        and (_made_at(newest) or 0.0) > (rollback.sent_at or 0.0)
    )
