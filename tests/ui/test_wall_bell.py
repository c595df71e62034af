"""What the dashboard rings for: each thing once, and nothing that was so when it began to listen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from octomil_tui.domain.fleet import Rollout
from octomil_tui.domain.incident import Breach, Incident, Trigger
from octomil_tui.domain.rollback import Phase, Rollback
from octomil_tui.engine.freshness import Freshness, Link
from octomil_tui.engine.state import ConsoleState, Event, Moved, Planned, Refreshed
from octomil_tui.ui.wall_bell import WallBell
from tests.domain import fleets

BREACH = Breach("error_rate", "error_rate_percent", 6.1, 5.0, None, 5)
LIVE, STALE = Freshness(Link.LIVE, 2.0), Freshness(Link.STALE, 60.0)
TICK = Refreshed()


def crossed(name: str, **fields: Any) -> Incident:
    return Incident(name, BREACH, status="open", model_id="m-1", is_auto_rollback=False, **fields)


def by_itself(name: str) -> Rollout:
    made = fleets.rollout(name, "1.0.0", fleets.ROLLING_BACK, kind="rollback", created_at=fleets.T0)
    return replace(made, model_id="m-1", trigger=Trigger(BREACH))


def rollback(phase: Phase, name: str = "4131") -> Rollback:
    devices = [fleets.device("d0", "2.0.0", "g-a", wanted="1.0.0")]
    begun = fleets.begun(fleets.plan_of(*devices), rollout_id=name)
    return replace(fleets.look(begun, fleets.T0 + 1, *devices), phase=phase)


def rings(bell: WallBell, *steps: tuple[ConsoleState, Event]) -> list[int]:
    return [bell.hear(state, event) for state, event in steps]


def test_a_limit_that_is_crossed_rings_once_and_those_of_before_do_not() -> None:
    first = ConsoleState(incidents=(crossed("i1"),))
    second = ConsoleState(incidents=(crossed("i2"), crossed("i1")))
    over = ConsoleState(incidents=(replace(crossed("i2"), status="resolved"), crossed("i1")))
    told = rings(
        WallBell(), (ConsoleState(), TICK), (first, TICK), (second, TICK), (second, TICK), (over, TICK)
    )
    assert told == [0, 0, 1, 0, 0]
    answered = crossed("i3", rollback_id="9")
    assert rings(WallBell(), (first, TICK), (ConsoleState(incidents=(answered,)), TICK)) == [0, 0]


def test_a_rollback_by_the_server_itself_rings_once_also_when_it_is_followed() -> None:
    none, begun = ConsoleState(active=()), ConsoleState(active=(by_itself("9"),))
    watched = replace(begun, rollbacks={"m-1": rollback(Phase.ROLLING_BACK, "9")})
    bell = WallBell()
    planned = Planned(watched.rollbacks["m-1"])
    moved = Moved("m-1", fleets_event())
    told = rings(
        bell, (none, TICK), (begun, TICK), (begun, TICK), (watched, planned), (watched, moved), (begun, TICK)
    )
    assert told == [0, 1, 0, 0, 0, 0]
    assert rings(WallBell(), (begun, TICK), (begun, TICK)) == [0, 0], "it ran before anybody listened"
    another = ConsoleState(active=(by_itself("10"),))
    assert bell.hear(another, TICK) == 1


def fleets_event() -> Any:
    """Return an event of a rollback; what it is does not matter to a bell."""
    return object()


def test_an_end_and_a_trouble_ring_once_each_and_what_is_taken_up_does_not() -> None:
    def state(phase: Phase) -> ConsoleState:
        return ConsoleState(rollbacks={"m-1": rollback(phase)})

    bell, moved = WallBell(), Moved("m-1", fleets_event())
    running = state(Phase.ROLLING_BACK)
    told = rings(
        bell,
        (running, Planned(running.rollbacks["m-1"])),
        (running, moved),
        (state(Phase.STALLED), moved),
        (state(Phase.STALLED), moved),
        (state(Phase.ROLLING_BACK), moved),
        (state(Phase.DONE), moved),
        (state(Phase.COMPLETE), moved),
        (state(Phase.REGRESSED), moved),
    )
    assert told == [0, 0, 1, 0, 0, 1, 0, 1]
    done = state(Phase.DONE)
    assert rings(WallBell(), (done, Planned(done.rollbacks["m-1"])), (done, moved)) == [0, 0]


def test_data_that_goes_stale_rings_once_for_each_outage_and_never_after_a_sleep_alone() -> None:
    bell, state = WallBell(), ConsoleState()
    assert bell.look(state, Freshness(Link.CONNECTING), 1.0) == 0
    assert bell.look(state, Freshness(Link.OFFLINE), 2.0) == 0, "whoever started it sees that"
    told = [bell.look(state, fresh, 10.0) for fresh in (LIVE, STALE, STALE, STALE, LIVE, STALE, LIVE)]
    assert told == [0, 1, 0, 0, 0, 1, 0]
    woke = ConsoleState(woke_mono=100.0)
    assert [bell.look(woke, STALE, mono) for mono in (100.0, 109.0)] == [0, 0]
    assert bell.look(woke, STALE, 111.0) == 1, "the service did not come back with the machine"
