"""What polls do to the rollbacks that are watched."""

from dataclasses import replace

import pytest

from octomil_tui.domain.convergence import Stage
from octomil_tui.domain.fleet import RolloutState
from octomil_tui.domain.rollback import Phase
from octomil_tui.engine.state import ConsoleState
from octomil_tui.engine.topic import ACTIVE, DEVICES, rollouts_of
from tests.engine.fakes import BACK, BAD, GOOD, OLD, OTHER, T0, device, polled, rollout
from tests.engine.fakes import M as MODEL
from tests.engine.stories import FLEET_OF_TWO, begun, in_phase, lost, rollback_of, with_rollback

THERE = (device("a", GOOD, "g-1", contact=T0 + 10), device("b", GOOD, "g-2"))


def test_devices_are_looked_at_as_they_come() -> None:
    state = polled(with_rollback(begun()), DEVICES, FLEET_OF_TWO, 1.0)
    state = polled(state, DEVICES, THERE, 11.0)
    watch = state.rollbacks[MODEL.id].watch
    assert watch is not None
    assert watch.at == T0 + 11
    assert {key: track.stage for key, track in watch.tracks.items()} == {
        "a": Stage.VERIFIED,
        "b": Stage.SETTLED,
    }


def test_the_service_s_own_record_is_looked_at_too() -> None:
    state = polled(with_rollback(begun()), DEVICES, FLEET_OF_TWO)
    done = replace(BACK, state=RolloutState.COMPLETED, word="completed")
    state = polled(state, rollouts_of(MODEL.id), (done, OLD), 2.0)
    assert state.rollbacks[MODEL.id].server_word == "completed"


def test_rollouts_of_another_model_are_of_no_concern() -> None:
    state = polled(with_rollback(begun()), DEVICES, FLEET_OF_TWO)
    before = state.rollbacks[MODEL.id]
    assert polled(state, rollouts_of(OTHER.id), (BACK,)).rollbacks[MODEL.id] is before
    assert polled(state, ACTIVE, (BACK,)).rollbacks[MODEL.id] is before


def test_without_devices_nothing_is_observed() -> None:
    rollback = begun()
    state = polled(with_rollback(rollback), rollouts_of(MODEL.id), (BACK,))
    assert state.rollbacks[MODEL.id] is rollback


@pytest.mark.parametrize("phase", [Phase.PLANNED, Phase.SENDING, Phase.REJECTED, Phase.SUPERSEDED])
def test_a_rollback_that_is_not_watched_stays(phase: Phase) -> None:
    state = polled(with_rollback(in_phase(phase)), DEVICES, THERE, 500.0)
    assert state.rollbacks[MODEL.id].phase is phase


def test_two_rollbacks_are_looked_at_at_once() -> None:
    state = with_rollback(in_phase(Phase.ROLLING_BACK, OTHER.id), with_rollback(begun()))
    state = polled(state, DEVICES, THERE, 11.0)
    looked = [r.watch.at for r in state.rollbacks.values() if r.watch is not None]
    assert looked == [T0 + 11, T0 + 11]


def test_a_service_without_a_clock_does_not_stall_the_watch() -> None:
    state = polled(with_rollback(begun()), DEVICES, THERE, server_at=None)
    watch = state.rollbacks[MODEL.id].watch
    assert watch is not None
    assert watch.at == T0 + 10, "the newest contact is the best clock that is left"
    silent = tuple(replace(d, last_contact_at=None) for d in THERE)
    state = polled(with_rollback(begun()), DEVICES, silent, server_at=None)
    watch = state.rollbacks[MODEL.id].watch
    assert watch is not None
    assert watch.at == T0


@pytest.mark.parametrize("settled", [False, True])
def test_a_poll_of_the_records_settles_a_lost_answer(*, settled: bool) -> None:
    state = with_rollback(lost(settled=settled))
    state = polled(state, DEVICES, THERE, 1.0)
    assert state.rollbacks[MODEL.id].phase is (Phase.NOT_FOUND if settled else Phase.UNCONFIRMED)
    state = polled(state, rollouts_of(MODEL.id), (OLD,), 1.0)
    assert state.rollbacks[MODEL.id].phase is (Phase.NOT_FOUND if settled else Phase.UNCONFIRMED)
    state = polled(state, rollouts_of(MODEL.id), (BACK, OLD), 2.0)
    rollback = state.rollbacks[MODEL.id]
    assert (rollback.phase, rollback.rollout_id) == (Phase.ROLLING_BACK, "4131")
    assert rollback.watch is not None
    assert rollback.watch.started_at == T0 + 1


def test_an_old_record_without_a_time_is_no_answer() -> None:
    state = with_rollback(lost())
    timeless = rollout("4001", GOOD)
    state = polled(state, rollouts_of(MODEL.id), (timeless,))
    assert state.rollbacks[MODEL.id].phase is Phase.UNCONFIRMED
    running = rollout("4131", GOOD, RolloutState.ROLLING_BACK)
    state = polled(state, rollouts_of(MODEL.id), (running, timeless))
    assert state.rollbacks[MODEL.id].rollout_id == "4131"


def test_a_planned_rollback_is_not_settled_by_records() -> None:
    state = polled(with_rollback(rollback_of()), rollouts_of(MODEL.id), (BACK,))
    assert state.rollbacks[MODEL.id].phase is Phase.PLANNED


def test_a_device_that_leaves_again_is_counted() -> None:
    state = with_rollback(begun())
    settled = (device("a", GOOD, "g-1", contact=T0 + 400), THERE[1])
    for mono, devices in ((11.0, THERE), (400.0, settled)):
        state = polled(state, DEVICES, devices, mono)
    assert state.rollbacks[MODEL.id].phase is Phase.COMPLETE
    state = polled(state, DEVICES, (device("a", BAD, "g-1", contact=T0 + 500), THERE[1]), 500.0)
    assert state.rollbacks[MODEL.id].phase is Phase.REGRESSED
    assert ConsoleState().rollbacks == {}


def test_a_read_of_the_records_does_not_look_at_old_devices_again() -> None:
    state = polled(with_rollback(begun()), DEVICES, FLEET_OF_TWO, 1.0)
    before = state.rollbacks[MODEL.id].watch
    state = polled(state, rollouts_of(MODEL.id), (BACK, OLD), 9_000.0)
    after = state.rollbacks[MODEL.id]
    assert after.watch is before, "old devices would seem to stand still"
    assert after.phase is Phase.ROLLING_BACK


def test_devices_of_which_only_a_part_was_read_are_not_taken_for_gone() -> None:
    state = polled(with_rollback(begun()), DEVICES, FLEET_OF_TWO, 1.0)
    state = polled(state, DEVICES, THERE[:1], 11.0, total=5)
    watch = state.rollbacks[MODEL.id].watch
    assert watch is not None
    assert watch.stage_of("b") is Stage.SETTLED
    state = polled(state, DEVICES, THERE[:1], 12.0)
    watch = state.rollbacks[MODEL.id].watch
    assert watch is not None
    assert watch.stage_of("b") is Stage.GONE
