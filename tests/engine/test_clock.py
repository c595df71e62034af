"""The service's clock, as far as its answers tell."""

from octomil_tui.engine.state import ConsoleState
from octomil_tui.engine.topic import DEVICES, MODELS
from tests.engine.fakes import T0, M, device, polled


def test_nothing_is_known_before_the_first_answer() -> None:
    assert ConsoleState().server_now(5.0) is None
    assert polled(ConsoleState(), MODELS, (M,), server_at=None).server_now(5.0) is None


def test_it_goes_on_after_an_answer() -> None:
    state = polled(ConsoleState(), MODELS, (M,), 10.0, server_at=T0)
    assert state.server_now(14.0) == T0 + 4
    assert state.server_now(9.0) == T0, "never behind the answer"


def test_an_answer_that_was_overtaken_does_not_put_it_back() -> None:
    state = polled(ConsoleState(), MODELS, (M,), 10.0, server_at=T0 + 9)
    state = polled(state, DEVICES, (device("a"),), 11.0, server_at=T0)
    assert (state.server_at, state.server_mono) == (T0 + 9, 10.0)
    assert state.snapshot.at == T0 + 9
    assert state.snapshot.devices, "its rows are the newest of their kind"


def test_an_answer_without_a_time_leaves_it() -> None:
    state = polled(polled(ConsoleState(), MODELS, (M,), 1.0), MODELS, (M,), 2.0, server_at=None)
    assert state.server_at == T0 + 1


def test_one_time_far_ahead_does_not_last() -> None:
    state = polled(ConsoleState(), MODELS, (M,), 1.0, server_at=T0 + 1e6)
    state = polled(state, MODELS, (M,), 2.0, server_at=T0 + 2)
    assert state.server_at == T0 + 2


def test_a_clock_before_1970_is_a_clock() -> None:
    state = polled(ConsoleState(), MODELS, (M,), 1.0, server_at=-5.0)
    assert state.server_now(2.0) == -4.0
