"""Which topics are wanted, how often, and in which order."""

import math
from dataclasses import replace

import pytest

from octomil_tui.domain.fleet import Model, RolloutState
from octomil_tui.domain.rollback import Phase
from octomil_tui.engine.cadence import cost, due, due_at, is_watched, least_wait, next_due, wanted
from octomil_tui.engine.hold import held_until
from octomil_tui.engine.state import ConsoleState, Focus, Focused, PollFailed, Read, Refreshed, Throttled
from octomil_tui.engine.topic import (
    ACTIVE,
    DEVICES,
    GROUPS,
    INCIDENTS,
    MODELS,
    Kind,
    Topic,
    rollouts_of,
    versions_of,
)
from tests.engine.fakes import BACK, CANARY, NEW, OLD, OTHER, STAGING, M, after, device, polled
from tests.engine.stories import in_phase, lost, with_rollback

BASE = {MODELS: 60.0, ACTIVE: 5.0, DEVICES: 5.0, GROUPS: 60.0, INCIDENTS: 30.0}
MEMBERS = Topic(Kind.MEMBERS, "g-1")


def models(count: int) -> tuple[Model, ...]:
    return tuple(Model(f"m{n}", f"model {n}") for n in range(count))


def test_the_first_round() -> None:
    assert wanted(ConsoleState()) == BASE
    assert due(ConsoleState(), 0.0) == [MODELS, ACTIVE, DEVICES, GROUPS, INCIDENTS]
    assert next_due(ConsoleState(), 0.0) == 0.0


def test_every_model_s_rollouts_are_read() -> None:
    state = polled(ConsoleState(), MODELS, (M, OTHER))
    assert set(wanted(state)) == {*BASE, rollouts_of(M.id), rollouts_of(OTHER.id)}
    assert wanted(state)[rollouts_of(M.id)] >= 60.0


def test_focus_adds_what_is_looked_at_and_puts_it_first() -> None:
    state = after(Focused(Focus("m1", "a")), state=polled(ConsoleState(), MODELS, models(3)))
    added = {versions_of("m1"): 60.0, rollouts_of("m1"): 60.0, Topic(Kind.DEVICE, "a"): 30.0}
    assert wanted(state).items() >= added.items()
    order = due(state, 0.0)
    assert set(order[:3]) == {ACTIVE, DEVICES, GROUPS}
    assert set(order[3:7]) == {*added, INCIDENTS}
    assert order[7:] == [rollouts_of("m0"), rollouts_of("m2")]


def test_watching_asks_more_often() -> None:
    state = with_rollback(in_phase(Phase.ROLLING_BACK), polled(ConsoleState(), MODELS, (M, OTHER)))
    periods = wanted(state)
    assert periods[DEVICES] == 2.5
    assert periods[rollouts_of(M.id)] == 2.5
    assert periods[rollouts_of(OTHER.id)] == 60.0
    assert periods[versions_of(M.id)] == 60.0


def test_what_runs_is_part_of_a_watch_so_that_no_screen_grows_stale_beside_it() -> None:
    watched = with_rollback(in_phase(Phase.ROLLING_BACK))
    assert is_watched(watched, ACTIVE)
    assert not is_watched(ConsoleState(), ACTIVE)


def test_several_watched_rollbacks_share_a_period() -> None:
    state = with_rollback(in_phase(Phase.REGRESSED, OTHER.id), with_rollback(in_phase(Phase.ROLLING_BACK)))
    assert wanted(state)[rollouts_of(M.id)] == wanted(state)[rollouts_of(OTHER.id)] == 5.0


@pytest.mark.parametrize("phase", [Phase.DONE, Phase.COMPLETE])
def test_a_finished_rollback_keeps_its_devices_in_sight(phase: Phase) -> None:
    periods = wanted(with_rollback(in_phase(phase)))
    assert periods[DEVICES] == 5.0, "on guard, and not for ever as often as while it ran"
    assert periods[rollouts_of(M.id)] == 60.0


@pytest.mark.parametrize("phase", [Phase.PLANNED, Phase.REJECTED, Phase.NOT_SENT, Phase.FAILED])
def test_a_rollback_that_does_not_run_is_not_hurried(phase: Phase) -> None:
    assert wanted(with_rollback(in_phase(phase)))[DEVICES] == 5.0


def test_a_lost_answer_is_looked_for() -> None:
    periods = wanted(with_rollback(lost()))
    assert periods[rollouts_of(M.id)] == 2.5
    assert periods[DEVICES] == 5.0


def test_rollouts_are_read_at_once_when_the_running_ones_tell_of_a_change() -> None:
    state = polled(polled(ConsoleState(), MODELS, (M, OTHER)), rollouts_of(M.id), (NEW, OLD))
    assert wanted(state)[rollouts_of(M.id)] >= 60.0, "nothing is known of the running ones"
    assert wanted(polled(state, ACTIVE, (NEW,)))[rollouts_of(M.id)] >= 30.0
    for active in ((), (BACK,), (NEW, BACK)):
        assert 6.0 <= wanted(polled(state, ACTIVE, active))[rollouts_of(M.id)] < 7.0
    assert wanted(polled(state, ACTIVE, ()))[rollouts_of(OTHER.id)] >= 60.0, "its list was never read"


def test_what_is_watched_comes_before_what_runs_and_that_before_what_is_idle() -> None:
    third = Model("m-3", "third")
    state = polled(polled(ConsoleState(), MODELS, (M, OTHER, third, *models(20))), DEVICES, (device("a"),))
    state = polled(state, ACTIVE, (replace(NEW, model_id=OTHER.id),))
    periods = wanted(with_rollback(in_phase(Phase.ROLLING_BACK), state))
    watched, running, idle = (periods[rollouts_of(model.id)] for model in (M, OTHER, third))
    assert watched < running < idle
    assert running == pytest.approx(idle / 2), "by the root of the weights"


def test_many_outdated_rollouts_share_a_period() -> None:
    state = polled(ConsoleState(), MODELS, models(10))
    for model in models(10):
        state = polled(state, rollouts_of(model.id), (replace(NEW, model_id=model.id),))
    state = polled(state, ACTIVE, ())
    assert {wanted(state)[rollouts_of(m.id)] for m in models(10)} == {60.0}


def test_a_rollout_that_ended_is_not_running() -> None:
    state = polled(polled(ConsoleState(), MODELS, (M,)), rollouts_of(M.id), (OLD,))
    ended = replace(BACK, state=RolloutState.COMPLETED)
    assert wanted(polled(state, ACTIVE, (ended,)))[rollouts_of(M.id)] >= 60.0


def test_members_are_read_only_where_rows_name_no_groups() -> None:
    state = polled(ConsoleState(), GROUPS, (STAGING, CANARY))
    assert MEMBERS not in wanted(state)
    bare = polled(state, DEVICES, (device("a"), device("b")))
    assert wanted(bare)[MEMBERS] >= 60.0
    named = polled(state, DEVICES, (device("a"), device("b", "1", "g-1")))
    assert MEMBERS not in wanted(named)
    assert MEMBERS not in wanted(polled(ConsoleState(), DEVICES, (device("a"),)))


@pytest.mark.parametrize(
    ("total", "idle", "watching"),
    [
        (None, 5, 2.5),
        (0, 5, 2.5),
        (124, 5, 2.5),
        (1000, 5, 2.5),
        (1001, 5, 4),
        (10_000, 20, 20),
        (10**6, 20, 20),
    ],
)
def test_more_pages_of_devices_are_read_less_often(total: int | None, idle: int, watching: float) -> None:
    state = polled(ConsoleState(), DEVICES, (device("a"),), total=total)
    pages = cost(state, DEVICES)
    assert pages == min(10, max(1, -(-(total or 1) // 1000)))
    found = wanted(with_rollback(in_phase(Phase.ROLLING_BACK), state))[DEVICES]
    assert found <= watching
    assert found >= pages * 60 / 45
    assert 5 <= wanted(state)[DEVICES] <= idle


def test_pages_are_counted_where_the_service_gives_no_total() -> None:
    rows = tuple(device(f"d{n}") for n in range(2001))
    assert cost(polled(ConsoleState(), DEVICES, rows), DEVICES) == 3


def test_a_console_that_was_refused_asks_less_of_everything() -> None:
    state = with_rollback(in_phase(Phase.ROLLING_BACK), polled(ConsoleState(), MODELS, models(20)))
    assert wanted(state)[DEVICES] <= 2.5
    small = after(Throttled(24.0), state=state)
    assert small.held_mono is None
    spent = sum(60 * cost(small, topic) / period for topic, period in wanted(small).items())
    assert spent <= 24 * 0.88 + 1e-6
    assert 5 < wanted(small)[DEVICES] < 10
    assert wanted(small)[ACTIVE] > wanted(state)[ACTIVE]


def test_a_pause_that_the_service_asked_for_holds_every_topic() -> None:
    state = after(Throttled(24.0, 117.0), state=polled(ConsoleState(), MODELS, (M,), 100.0))
    assert due(state, 116.9) == []
    assert next_due(state, 110.0) == 7.0
    assert ACTIVE in due(state, 117.0)
    assert due(after(Refreshed(), state=state), 116.9) == [], "also where somebody asks for everything now"
    assert held_until(after(Throttled(30.0), state=state)) == 117.0


def test_more_models_are_asked_for_less_often() -> None:
    periods = [wanted(polled(ConsoleState(), MODELS, models(n)))[rollouts_of("m0")] for n in (1, 10, 20, 50)]
    assert periods == sorted(periods)
    assert periods[0] == 60.0
    assert periods[3] > 120.0


def test_the_longest_overdue_goes_first() -> None:
    state = polled(polled(polled(ConsoleState(), ACTIVE, (), 10.0), DEVICES, (), 8.0), GROUPS, (), 3.0)
    state = polled(polled(state, MODELS, (), 13.5), INCIDENTS, (), 13.5)
    assert due(state, 12.0) == []
    assert next_due(state, 12.0) == 1.0
    assert due(state, 16.0) == [DEVICES, ACTIVE]
    assert next_due(state, 16.0) == 0.0
    assert next_due(state, 16.0, {ACTIVE, DEVICES, INCIDENTS}) == 47.0, "until the groups are due"
    assert next_due(state, 16.0, set(wanted(state))) == math.inf


def test_a_failure_waits_for_its_own_time() -> None:
    assert due_at(Read(), 5.0) == -math.inf
    assert due_at(Read(1.0, 1.0), 5.0) == 6.0
    assert due_at(Read(1.0, 2.0, 1, "no", 30.0), 5.0) == 32.0
    assert due_at(Read(1.0, 2.0, 1, "no", None), 5.0) == 7.0
    state = after(PollFailed(ACTIVE, "no", 4.0, 30.0), state=ConsoleState())
    assert ACTIVE not in due(state, 33.9)
    assert ACTIVE in due(state, 34.0)


def test_a_refresh_makes_everything_due() -> None:
    state = polled(ConsoleState(), MODELS, (M,), 1.0)
    state = polled(state, rollouts_of(M.id), (), 1.0)
    state = after(PollFailed(GROUPS, "no", 1.0, 30.0), Refreshed(), state=state)
    assert set(due(state, 1.5)) == {*BASE, rollouts_of(M.id)}


def test_what_fails_and_is_not_looked_at_waits_for_its_share() -> None:
    state = polled(ConsoleState(), MODELS, models(50))
    assert least_wait(state, rollouts_of("m7")) > 120.0
    assert least_wait(state, ACTIVE) == 0.0
    assert least_wait(state, DEVICES) == 0.0
    assert least_wait(polled(state, DEVICES, (), total=5000), DEVICES) == 10.0
    assert least_wait(after(Focused(Focus("m7")), state=state), rollouts_of("m7")) == 0.0


def test_a_group_of_more_pages_than_its_share_is_read_all_the_same() -> None:
    large = replace(STAGING, device_count=10_000)
    state = polled(polled(ConsoleState(), GROUPS, (large, CANARY)), DEVICES, (device("a"),), total=8_500)
    busy = with_rollback(in_phase(Phase.ROLLING_BACK), after(Focused(Focus(M.id, "a")), state=state))
    assert MEMBERS in due(busy, 100.0)
    assert Topic(Kind.MEMBERS, "g-2") not in due(busy, 100.0)
    again = polled(busy, MEMBERS, (), 100.0)
    assert Topic(Kind.MEMBERS, "g-2") not in due(again, 159.0)
    assert Topic(Kind.MEMBERS, "g-2") in due(again, 160.0)


def test_a_cursor_that_runs_over_rows_does_not_ask_for_every_one() -> None:
    state, asked = ConsoleState(), []
    for tenth in range(600):
        mono = tenth / 10
        state = after(Focused(Focus(f"m{tenth // 5}", f"d{tenth // 5}")), state=state)
        for topic in due(state, mono):
            if topic.kind in (Kind.DEVICE, Kind.VERSIONS):
                asked.append(topic.kind)
                value = device(topic.key) if topic.kind is Kind.DEVICE else ()
                state = polled(state, topic, value, mono)
    assert asked[:2] == [Kind.VERSIONS, Kind.DEVICE], "the first ones at once"
    assert len(asked) == 2 * 3 * 4
    assert next_due(state, 59.9, {*BASE, rollouts_of("m119")}) <= 15.0
