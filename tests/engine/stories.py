"""Rollbacks at every point of their life, and states that hold them."""

from __future__ import annotations

from dataclasses import replace

from octomil_tui.domain.advance import advance
from octomil_tui.domain.beginning import planned
from octomil_tui.domain.fleet import Device, FleetSnapshot, Rollout
from octomil_tui.domain.order import RollbackReceipt
from octomil_tui.domain.plan import Plan, make_plan
from octomil_tui.domain.rollback import Accepted, Lost, NotFound, Phase, Rollback, Sent
from octomil_tui.domain.scope import FLEET, Scope
from octomil_tui.engine.state import ConsoleState, Planned
from tests.engine.fakes import GOOD, NEW, OLD, STAGING, T0, VERSIONS, M, after, device

FLEET_OF_TWO = (device("a", "2.0.0", "g-1"), device("b", GOOD, "g-2"))
ONLY_STAGING = Scope(STAGING.id, STAGING.name)


def plan_of(
    devices: tuple[Device, ...] | None = FLEET_OF_TWO,
    scope: Scope = FLEET,
    rollouts: tuple[Rollout, ...] = (NEW, OLD),
) -> Plan:
    snapshot = FleetSnapshot(
        models=(M,),
        versions={M.id: VERSIONS},
        rollouts={M.id: rollouts},
        groups=(STAGING,),
        devices=devices,
        at=T0,
    )
    return make_plan(snapshot, M, GOOD, scope)


def rollback_of(devices: tuple[Device, ...] = FLEET_OF_TWO, scope: Scope = FLEET) -> Rollback:
    """A confirmed rollback, nothing sent."""
    return planned(plan_of(devices, scope), "INC-1", "key-1", devices)


def begun(devices: tuple[Device, ...] = FLEET_OF_TWO, *, at: float = T0) -> Rollback:
    """A rollback that the service took as number 4131."""
    sent = advance(rollback_of(devices), Sent(at))
    return advance(sent, Accepted(RollbackReceipt(rollout_id="4131", affected_devices=2), at))


def lost(*, settled: bool = False) -> Rollback:
    """A rollback whose answer was lost; with `settled`, one that the records do not show."""
    rollback = advance(advance(rollback_of(), Sent(T0)), Lost("no answer"))
    return advance(rollback, NotFound()) if settled else rollback


def with_rollback(rollback: Rollback, state: ConsoleState | None = None) -> ConsoleState:
    return after(Planned(rollback), state=state)


def in_phase(phase: Phase, model_id: str = M.id) -> Rollback:
    return replace(begun(), phase=phase, model_id=model_id)
