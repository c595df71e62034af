"""LIVE, STALE, OFFLINE and CONNECTING."""

import pytest

from octomil_tui.domain.rollback import Phase
from octomil_tui.engine.freshness import Freshness, Link, freshness
from octomil_tui.engine.state import Cause, ConsoleState, PollFailed, Read, Refreshed
from octomil_tui.engine.topic import ACTIVE, DEVICES, GROUPS, MODELS, rollouts_of
from tests.engine.fakes import M, after, device, polled
from tests.engine.stories import in_phase, with_rollback

ROWS = (device("a", "1", "g-1"),)


def read_at(active: float, devices: float) -> ConsoleState:
    return polled(polled(ConsoleState(), ACTIVE, (), active), DEVICES, ROWS, devices)


def failing(state: ConsoleState, at: float, wait: float = 8.0) -> ConsoleState:
    return after(PollFailed(DEVICES, "no answer from host", at, wait), state=state)


def test_before_the_first_answer() -> None:
    assert freshness(ConsoleState(), 5.0) == Freshness(Link.CONNECTING)
    half = polled(ConsoleState(), ACTIVE, (), 1.0)
    assert freshness(half, 2.0).link is Link.CONNECTING
    assert not freshness(half, 2.0).is_live


def test_failing_before_the_first_success_is_offline() -> None:
    state = failing(polled(ConsoleState(), ACTIVE, (), 1.0), 2.0)
    assert freshness(state, 4.0) == Freshness(Link.OFFLINE, None, "no answer from host", 6.0, Cause.LINK)


def test_a_failure_of_one_input_while_another_has_not_answered() -> None:
    state = failing(read_at(1.0, 1.0), 2.0)
    assert freshness(state, 3.0, (MODELS, DEVICES)).link is Link.CONNECTING


@pytest.mark.parametrize(("mono", "link"), [(100.0, Link.LIVE), (111.0, Link.LIVE), (111.1, Link.STALE)])
def test_two_periods_and_a_grace(mono: float, link: Link) -> None:
    found = freshness(read_at(100.0, 100.0), mono)
    assert (found.link, found.age) == (link, mono - 100.0)
    assert found.is_live == (link is Link.LIVE)


@pytest.mark.parametrize(("mono", "link"), [(106.0, Link.LIVE), (106.1, Link.STALE)])
def test_the_period_of_a_watch_is_shorter(mono: float, link: Link) -> None:
    state = with_rollback(in_phase(Phase.ROLLING_BACK), read_at(104.0, 100.0))
    assert freshness(state, mono).link is link


def test_the_worst_input_wins() -> None:
    found = freshness(read_at(100.0, 112.0), 112.0)
    assert (found.link, found.age) == (Link.STALE, 12.0)
    assert freshness(read_at(100.0, 112.0), 112.0, (DEVICES,)).link is Link.LIVE


def test_of_two_that_are_too_old_the_older_one_counts() -> None:
    assert freshness(read_at(100.0, 90.0), 120.0).age == 30.0


def test_every_input_has_its_own_period() -> None:
    state = polled(read_at(100.0, 100.0), GROUPS, (), 50.0)
    found = freshness(state, 101.0, (ACTIVE, GROUPS))
    assert (found.link, found.age) == (Link.LIVE, 51.0)
    stale = freshness(state, 112.0, (ACTIVE, GROUPS))
    assert (stale.link, stale.age) == (Link.STALE, 12.0), "the age of the input that is too old"


def test_a_failure_does_not_hurry_it() -> None:
    found = freshness(failing(read_at(100.0, 100.0), 104.0), 106.0)
    assert found == Freshness(Link.LIVE, 6.0, "no answer from host", 6.0, Cause.LINK)


@pytest.mark.parametrize(("mono", "link"), [(400.0, Link.STALE), (400.1, Link.OFFLINE)])
def test_five_minutes_of_failure_are_offline(mono: float, link: Link) -> None:
    state = failing(read_at(100.0, 100.0), 399.0)
    state = polled(state, ACTIVE, (), 399.0)
    found = freshness(state, mono)
    assert (found.link, found.age) == (link, mono - 100.0)


def test_silence_without_a_failure_is_stale_however_long() -> None:
    assert freshness(read_at(100.0, 100.0), 9_999.0).link is Link.STALE


def test_the_sentence_is_of_the_newest_failure_and_counts_down() -> None:
    state = failing(read_at(100.0, 100.0), 104.0)
    state = after(PollFailed(ACTIVE, "too many requests", 105.0, 17.0), state=state)
    assert freshness(state, 106.0).sentence == "too many requests"
    assert freshness(state, 106.0).retry_in == 16.0
    assert freshness(state, 130.0).retry_in == 0.0
    assert freshness(after(Refreshed(), state=state), 106.0).retry_in == 0.0


def test_a_success_clears_the_sentence() -> None:
    state = polled(failing(read_at(100.0, 100.0), 104.0), DEVICES, ROWS, 106.0)
    assert freshness(state, 106.0) == Freshness(Link.LIVE, 6.0)


def test_what_is_not_asked_for_any_more_is_not_live() -> None:
    state = polled(ConsoleState(), rollouts_of(M.id), (), 100.0)
    assert freshness(state, 100.5, (rollouts_of(M.id),)).link is Link.LIVE
    assert freshness(state, 102.0, (rollouts_of(M.id),)).link is Link.STALE
    assert state.reads[rollouts_of(M.id)] == Read(100.0, 100.0, rows=0)
