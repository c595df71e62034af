"""Never more than 80 requests in any minute, pages of devices counted, whatever is looked at."""

from __future__ import annotations

import itertools

import pytest

from octomil_tui.domain.fleet import DeviceGroup
from octomil_tui.domain.rollback import Phase
from octomil_tui.engine.cadence import due
from octomil_tui.engine.reduce import reduce
from octomil_tui.engine.state import ConsoleState, Focus, Focused, Polled, PollFailed, Refreshed
from octomil_tui.engine.topic import Kind, Topic
from tests.engine.fakes import BACK, after
from tests.engine.fakes import M as MODEL
from tests.engine.simulation import Simulation, reading_of
from tests.engine.stories import in_phase, with_rollback


def _watch(state: ConsoleState) -> ConsoleState:
    return with_rollback(in_phase(Phase.ROLLING_BACK), state)


def _focus(state: ConsoleState) -> ConsoleState:
    return after(Focused(Focus(MODEL.id, "a")), state=state)


SIZES = [124, 10_000, 100_000]
COUNTS = [1, 4, 20, 50]


@pytest.mark.parametrize("devices", SIZES)
@pytest.mark.parametrize("models", COUNTS)
def test_idle(models: int, devices: int) -> None:
    world = Simulation(models, devices)
    world.state = _focus(world.state)
    world.run()
    assert world.busiest <= 80
    read = world.times(Kind.ROLLOUTS)
    assert len(read) == models, "every model's rollouts were read"


@pytest.mark.parametrize("devices", SIZES)
@pytest.mark.parametrize("models", COUNTS)
def test_watching_from_the_first_moment(models: int, devices: int) -> None:
    world = Simulation(models, devices)
    world.state = _watch(_focus(world.state))
    world.run()
    assert world.busiest <= 80
    assert len(world.times(Kind.ROLLOUTS)) == models


@pytest.mark.parametrize("began", [5, 20, 47, 61])
@pytest.mark.parametrize(("models", "devices"), [(4, 124), (50, 124), (50, 100_000), (20, 10_000)])
def test_a_watch_that_begins_later(models: int, devices: int, began: float) -> None:
    world = Simulation(models, devices)
    world.run(began / 60)
    world.state = _watch(_focus(world.state))
    world.run(3)
    assert world.busiest <= 80
    watched = world.times(Kind.COUNT if devices == 100_000 else Kind.DEVICES)[""]
    gaps = [later - earlier for earlier, later in itertools.pairwise(watched) if earlier > began]
    longest = {124: 2.51, 10_000: 25.0, 100_000: 4.0}
    assert max(gaps) <= longest[devices], "what is watched hardly waits for the rest"


def test_several_watched_rollbacks() -> None:
    world = Simulation(20, 10_000)
    for model in world.models[:5]:
        world.state = with_rollback(in_phase(Phase.ROLLING_BACK, model.id), _focus(world.state))
    world.run()
    assert world.busiest <= 80


@pytest.mark.parametrize("devices", [124, 10_000])
def test_rows_without_groups_and_many_groups(devices: int) -> None:
    groups = [DeviceGroup(f"g-{n}", f"group {n}", device_count=devices // 40) for n in range(60)]
    world = Simulation(20, devices, [DeviceGroup("all", "all", device_count=devices), *groups])
    world.state = _focus(world.state)
    world.run()
    assert world.busiest <= 80
    assert len(world.times(Kind.MEMBERS)) == 61


@pytest.mark.parametrize("pages", range(2, 10))
def test_every_number_of_pages(pages: int) -> None:
    """Reads of several pages do not divide a minute evenly."""
    world = Simulation(4, pages * 1000 - 500)
    world.state = _watch(_focus(world.state))
    world.run(3)
    assert world.busiest <= 80


def test_lists_that_never_agree_with_the_running_rollouts() -> None:
    world = Simulation(50, 10_000, stale=50)
    world.state = _watch(_focus(world.state))
    world.run(4)
    assert world.busiest <= 80


def test_few_models_are_all_read_in_the_first_second() -> None:
    world = Simulation(10, 124)
    world.run(1 / 60)
    assert len(world.times(Kind.ROLLOUTS)) == 10


def test_fifty_models_are_all_read_within_five_minutes() -> None:
    world = Simulation(50, 124)
    world.run(5)
    assert len(world.times(Kind.ROLLOUTS)) == 50


def test_a_refresh_of_many_models_is_spread_too() -> None:
    world = Simulation(50, 124)
    world.run(2)
    world.state = after(Refreshed(), state=world.state)
    world.asked.clear()
    world.run(2)
    assert world.busiest <= 80


def test_fifty_models_without_rollouts_stay_within_it() -> None:
    """Each refused topic waits for its share, so a service that refuses them all is not hammered."""
    world = Simulation(50, 124)
    world.run(1)
    state = world.state
    for model in world.models:
        state = reduce(state, PollFailed(Topic(Kind.ROLLOUTS, model.id), "no such route", 60.0, 176.0))
    tries = [at for at in range(61, 121) for topic in due(state, at) if topic.kind is Kind.ROLLOUTS]
    assert tries == []


def test_a_new_rollback_is_seen_in_the_list_within_two_reads() -> None:
    world = Simulation(4, 124)
    world.run(2)
    began = world.mono
    world.state = after(
        Polled(Topic(Kind.ACTIVE), reading_of((BACK,), world.mono, None), world.mono), state=world.state
    )
    assert Topic(Kind.ROLLOUTS, MODEL.id) in due(world.state, began + 5)
