"""One group of a fleet that is too large to be read whole: its rows are read by themselves while it is watched."""

from __future__ import annotations

from dataclasses import replace

import pytest

from octomil_tui.domain import rollback as events
from octomil_tui.domain.beginning import planned
from octomil_tui.domain.convergence import Stage
from octomil_tui.domain.fleet import Device, FleetSnapshot
from octomil_tui.domain.order import RollbackReceipt
from octomil_tui.domain.plan import make_plan
from octomil_tui.domain.rollback import Phase
from octomil_tui.domain.scope import Scope
from octomil_tui.engine.cadence import least_wait, wanted
from octomil_tui.engine.demand import demands
from octomil_tui.engine.state import ConsoleState, Moved, Planned
from octomil_tui.engine.topic import DEVICES, GROUPS, Kind, Topic
from tests.engine.fakes import BAD, GOOD, STAGING, T0, VERSIONS, M, after, device, polled, rollout

SCOPE = Topic(Kind.SCOPE, STAGING.id)
LARGE = replace(STAGING, device_count=20_000)
OUTSIDE = (device("o1", BAD), device("o2", GOOD))
INSIDE = (device("a", BAD, "g-1"), device("b", BAD, "g-1"), device("c", GOOD, "g-1"))


def reported(*devices: Device, at: float) -> tuple[Device, ...]:
    """Return the devices as they are once each reports the target, and has said so for long enough."""
    return tuple(
        replace(
            one,
            last_contact_at=at,
            installations={M.id: replace(one.installations[M.id], version=GOOD, since=T0 + 10)},
        )
        for one in devices
    )


def watching(total: int | None = 100_000) -> ConsoleState:
    """Return the state in which a rollback of the group was accepted."""
    snapshot = FleetSnapshot(
        models=(M,),
        versions={M.id: VERSIONS},
        rollouts={M.id: (rollout("4001", GOOD),)},
        groups=(replace(STAGING, device_count=3, members=frozenset("abc")),),
        devices=INSIDE,
    )
    plan = make_plan(snapshot, M, GOOD, Scope(STAGING.id, STAGING.name))
    state = polled(ConsoleState(), GROUPS, (LARGE,))
    state = polled(state, DEVICES, OUTSIDE, total=total)
    begun = after(Planned(planned(plan, "why", "key", INSIDE)), state=state)
    sent = after(Moved(M.id, events.Sent(T0 + 1)), state=begun)
    accepted = events.Accepted(RollbackReceipt(rollout_id="4131", affected_devices=3), T0 + 2)
    return after(Moved(M.id, accepted), state=sent)


def test_a_group_that_is_watched_is_read_by_itself_and_the_fleet_seldom() -> None:
    state = watching()
    assert demands(state)[SCOPE].cost == 20
    assert wanted(state)[SCOPE] < wanted(state)[DEVICES]
    assert least_wait(state, SCOPE) == 40.0


def test_a_fleet_that_is_read_whole_needs_no_more() -> None:
    assert SCOPE not in wanted(watching(total=len(OUTSIDE)))


def test_the_rows_of_the_group_move_its_watch_to_its_end() -> None:
    state = polled(watching(), SCOPE, INSIDE, 20.0)
    watch = state.rollbacks[M.id].watch
    assert watch is not None
    assert state.devices_of(watch) == state.scopes[STAGING.id]
    assert state.snapshot.devices == OUTSIDE
    assert (watch.change.verified, watch.change.devices) == (0, 2)
    state = polled(state, SCOPE, reported(*INSIDE, at=T0 + 700), 700.0)
    watch = state.rollbacks[M.id].watch
    assert watch is not None
    assert watch.whole.count(Stage.SETTLED) == 3
    assert state.rollbacks[M.id].phase in (Phase.DONE, Phase.COMPLETE)
    assert demands(state)[SCOPE].shortest == 60.0


@pytest.mark.parametrize("total", [None, 100_000])
def test_devices_of_others_say_nothing_of_the_group(total: int | None) -> None:
    state = polled(watching(total), DEVICES, reported(*OUTSIDE, at=T0 + 900), 900.0, total=100_000)
    assert state.rollbacks[M.id].phase is Phase.ROLLING_BACK
    watch = state.rollbacks[M.id].watch
    assert watch is not None
    assert state.devices_of(watch) == state.snapshot.devices


def test_rows_of_a_group_that_nobody_watches_any_more_go() -> None:
    state = polled(watching(), Topic(Kind.SCOPE, "g-9"), (device("x"),))
    assert set(polled(state, SCOPE, INSIDE).scopes) == {STAGING.id}
