"""A rollback may come at any moment, to any version: the fleet does what can be done."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from octomil_tui.sim.clock import ManualClock
from octomil_tui.sim.device import OFFLINE_AFTER
from octomil_tui.sim.errors import RefusedError
from octomil_tui.sim.faults import Faults
from octomil_tui.sim.rollout import Status
from octomil_tui.sim.service import RollbackOrder
from octomil_tui.sim.stamp import parse_time
from octomil_tui.sim.world import World

STARTS = parse_time("2026-06-17T03:12:41Z")
PHI = "mdl_phi4mini"
HOURS = 3 * 3600

moments = st.floats(0, 3600, allow_nan=False)
targets = st.sampled_from(["0.9.0", "1.0.0", "1.1.0", "2.0.0"])
scopes = st.sampled_from([None, "canary", "staging", "eu-kiosks", "us-kiosks", "lab"])


def world_at(moment: float, scenario: str = "night") -> tuple[World, ManualClock]:
    clock = ManualClock(STARTS)
    world = World.begin(scenario, clock=clock)
    clock.advance_to(STARTS + moment)
    world.advance()
    return world, clock


@settings(max_examples=40, deadline=None)
@given(moments, targets, scopes)
def test_it_ends_and_moves_its_scope_and_nothing_else(moment: float, target: str, group: str | None) -> None:
    world, clock = world_at(moment)
    devices = list(world.fleet.devices.values())
    before = {device.id: device.installs[PHI].active for device in devices}
    rollback, _ = world.service.rollback("phi-4-mini", RollbackOrder(target, group=group))
    scope = {device.id for device in devices if group in {None, device.groups[0]}}
    assert rollback.tracked.keys() == scope
    clock.advance_to(STARTS + moment + HOURS)
    now = world.advance()
    assert rollback.status is Status.COMPLETED
    for device in devices:
        install = device.installs[PHI]
        # Out of the scope a crash guard or a switch under way may still move a device once, and it comes back.
        if device.id not in scope:
            assert install.active == before[device.id], device.identifier
        elif device.connectivity(now).value == "online":
            assert install.active == target, device.identifier
        assert install.desired == (target if device.id in scope else install.active)
        assert len(install.on_disk) <= 2
        assert install.busy is False or device.one_contact


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1500), targets, scopes), min_size=2, max_size=4))
def test_the_last_word_counts(orders: list[tuple[float, str, str | None]]) -> None:
    world, clock = world_at(0)
    refusals: set[str] = set()
    for wait, target, group in [*orders, (1, "1.0.0", None), (OFFLINE_AFTER, "0.9.0", None)]:
        clock.advance_to(clock.now() + wait)
        world.advance()
        try:
            world.service.rollback("phi-4-mini", RollbackOrder(target, group=group))
        except RefusedError as error:
            refusals.add(error.code)
    assert refusals <= {"rollback_in_progress"}
    clock.advance_to(clock.now() + HOURS)
    now = world.advance()
    online = [d for d in world.fleet.devices.values() if d.connectivity(now).value == "online"]
    assert len(online) >= 115
    assert {device.installs[PHI].active for device in online} == {"0.9.0"}


@pytest.mark.parametrize("scenario", ["night", "brief"])
def test_left_alone_for_a_day(scenario: str) -> None:
    world, _ = world_at(24 * 3600, scenario)
    assert sum(len(world.fleet.having(model)) for model in world.catalog.models) >= 124


def test_an_unknown_fault_is_an_error() -> None:
    with pytest.raises(ValueError, match="no such fault: fire"):
        Faults.named(["fire"])
