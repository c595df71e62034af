"""When figures are asked for, where they are kept, and for how long they may be said."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from octomil_tui.domain.signal import ModelHealth, RolloutHealth, VersionHealth
from octomil_tui.engine.cadence import plan, topics_of, wanted
from octomil_tui.engine.measured import KEPT, SAID_FOR, current, measured
from octomil_tui.engine.poller import ask
from octomil_tui.engine.state import Cause, ConsoleState, Focus, Focused, PollFailed
from octomil_tui.engine.topic import ACTIVE, OVERVIEW, Kind, Topic, effect_of, health_of
from tests.engine.fakes import NEW, OTHER, FakeClock, FakeService, M, after, polled
from tests.engine.stories import begun, with_rollback

LOOKED_AT = after(Focused(Focus(M.id, with_figures=True)))
HEALTH = ModelHealth(M.id, at=1.0, versions=(VersionHealth("2.0.0"),))


def figures(state: ConsoleState) -> set[Topic]:
    return {topic for topic in wanted(state) if topic.kind in (Kind.OVERVIEW, Kind.HEALTH, Kind.EFFECT)}


def test_a_command_does_not_pay_for_figures() -> None:
    assert figures(after(Focused(Focus(M.id)))) == set()
    assert health_of(M.id) not in topics_of(Focus(M.id))


def test_a_screen_reads_what_is_looked_at_and_what_is_under_way() -> None:
    assert figures(LOOKED_AT) == {OVERVIEW, health_of(M.id)}
    assert health_of(M.id) in topics_of(Focus(M.id, with_figures=True))
    elsewhere = after(Focused(Focus(OTHER.id, with_figures=True)))
    running = polled(elsewhere, ACTIVE, (NEW, replace(NEW, id="1", model_id=None)))
    assert figures(running) == {OVERVIEW, health_of(OTHER.id), health_of(M.id)}
    assert not plan(running).demands[health_of(M.id)].is_front


def test_a_watched_rollback_is_measured_and_keeps_its_own_periods() -> None:
    state = with_rollback(begun())
    bare = plan(state).periods
    state = after(Focused(Focus(M.id, with_figures=True)), state=state)
    assert effect_of("4131") in figures(state)
    periods = plan(state).periods
    watched_kinds = [topic for topic in bare if topic.kind is Kind.DEVICES]
    assert watched_kinds
    assert all(periods[topic] <= bare[topic] * 1.05 for topic in watched_kinds), "figures give way to a watch"
    assert periods[effect_of("4131")] <= 15.0


def test_figures_are_kept_and_the_oldest_of_too_many_go() -> None:
    state = polled(LOOKED_AT, OVERVIEW, {M.id: HEALTH})
    state = polled(state, health_of(M.id), HEALTH)
    state = polled(state, effect_of("4131"), RolloutHealth("4131"))
    assert state.signals.of(M.id) is HEALTH
    assert state.signals.of_rollout("4131") is not None
    signals = state.signals
    for number in range(KEPT):
        signals = measured(signals, health_of(str(number)), replace(HEALTH, model_id=str(number)))
    assert len(signals.models) == KEPT
    assert M.id not in signals.models
    with pytest.raises(TypeError):
        measured(signals, OVERVIEW, ())


def test_an_old_figure_is_not_said_to_be_that_of_now() -> None:
    state = polled(LOOKED_AT, OVERVIEW, {M.id: HEALTH}, mono=10.0)
    state = polled(state, health_of(M.id), HEALTH, mono=10.0)
    assert current(state, 10.0 + SAID_FOR).of(M.id) is HEALTH
    assert current(state, 11.0 + SAID_FOR).of(M.id) is None
    assert current(ConsoleState(), 0.0).of(M.id) is None


def test_a_service_without_figures_is_asked_again_slowly() -> None:
    failed = after(PollFailed(OVERVIEW, "no such route", 5.0, 30.0, Cause.MISSING, 4.0), state=LOOKED_AT)
    assert failed.signals is LOOKED_AT.signals
    assert failed.reads[OVERVIEW].wait == 30.0


def test_each_kind_is_its_own_read() -> None:
    service = FakeService(
        overview={M.id: HEALTH}, figures={M.id: HEALTH}, effects={"4131": RolloutHealth("4131")}
    )

    async def read() -> None:
        for topic in (OVERVIEW, health_of(M.id), effect_of("4131")):
            event = await ask(service, topic, lambda: LOOKED_AT, FakeClock())
            assert event.topic == topic

    asyncio.run(read())
    assert service.calls == ["overview", f"health {M.id}", "effect 4131"]
