"""The state machine of one rollback: what is known after each event, without a clock and without I/O.

What is not known is said: a lost answer is `UNCONFIRMED` until the server's own
records settle it, and a server that did more than it was asked is `WIDER`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import assert_never

from octomil_tui.domain.convergence import begin_watch, observe
from octomil_tui.domain.fleet import Device
from octomil_tui.domain.judge import is_wider, judge
from octomil_tui.domain.order import RollbackReceipt
from octomil_tui.domain.record import server_record
from octomil_tui.domain.rollback import (
    Accepted,
    Dismissed,
    Event,
    Found,
    LogLine,
    LookedAgain,
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
from octomil_tui.domain.signs import read_signs

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
            # Of an intent that is sent again, the first try counts: its traces are looked for as well.
            first = rollback.sent_at if rollback.sent_at is not None else at
            return replace(rollback, phase=Phase.SENDING, sent_at=first) if fits_phase else rollback
        case Accepted() | Lost() | NotSent() | Rejected():
            return _answered(rollback, event) if rollback.phase is Phase.SENDING else rollback
        case Found() | NotFound() | LookedAgain():
            return _settled(rollback, event) if rollback.phase in _LOOKED_FOR else rollback
        case Dismissed():
            return replace(rollback, left_at=None)
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
        case Rejected(sentence=sentence, status=status, code=code):
            return replace(
                rollback,
                phase=Phase.REJECTED,
                sentence=sentence,
                refused_with=status,
                refusal_code=code,
            )
        case _:
            assert_never(event)


def _settled(rollback: Rollback, event: Found | NotFound | LookedAgain) -> Rollback:
    if not isinstance(event, Found):
        is_over = isinstance(event, NotFound)
        return replace(rollback, phase=Phase.NOT_FOUND if is_over else Phase.UNCONFIRMED)
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
        receipt=receipt,
    )
    return replace(begun, phase=Phase.WIDER) if is_wider(begun) else begun


def _look(rollback: Rollback, event: Observed) -> Rollback:
    if rollback.watch is None:
        return rollback
    record = server_record(rollback, event.rollouts)
    watch, strays = rollback.watch, rollback.strays
    if event.are_devices_new:
        devices = tuple(event.devices)
        watch = observe(
            watch,
            devices,
            event.at,
            is_whole=event.is_whole,
            size=event.size,
            missed_since=event.missed_since,
        )
        found = _strays(rollback, devices)
        strays = found if event.is_whole else tuple(dict.fromkeys((*strays, *found)))
    seen = replace(
        rollback,
        watch=watch,
        strays=strays,
        rollout_id=record.id if record is not None else rollback.rollout_id,
        server_state=record.state if record is not None else rollback.server_state,
        server_word=record.word if record is not None else rollback.server_word,
    )
    return judge(replace(seen, signs=read_signs(seen, record, event)), watch, event)


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
