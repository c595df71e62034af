"""Ten minutes against a service that answers at once: never more than 80 requests in any minute."""

from __future__ import annotations

import itertools
import math
from collections import deque
from collections.abc import Sequence

import pytest

from octomil_tui.domain.fleet import DeviceGroup, Model
from octomil_tui.domain.order import Reading
from octomil_tui.domain.rollback import Phase
from octomil_tui.engine.cadence import due, next_due
from octomil_tui.engine.state import ConsoleState, Focus, Focused, Polled, PollFailed, Refreshed, reduce
from octomil_tui.engine.topic import Kind, Topic
from tests.engine.fakes import BACK, NEW, T0, VERSIONS, after, device
from tests.engine.fakes import M as MODEL
from tests.engine.stories import in_phase, with_rollback

MINUTES = 10
ROUNDING = 1e-3
"""Seconds: sums of floats are not exact."""


def _model_list(count: int) -> tuple[Model, ...]:
    return (MODEL, *(Model(f"m{n}", f"model {n}") for n in range(2, count + 1)))


class Simulation:
    """Asks what the cadence says is due and answers it at once, in fake time."""

    def __init__(
        self, models: int, devices: int, groups: Sequence[DeviceGroup] = (), *, stale: int = 0
    ) -> None:
        self.models = _model_list(models)
        self.devices = devices
        self.groups = tuple(groups)
        self.outdated = {model.id for model in self.models[:stale]}
        self.state = ConsoleState()
        self.mono = 0.0
        self.asked: list[tuple[float, Topic, int]] = []

    def _answer(self, topic: Topic) -> tuple[object, int | None]:
        rows: dict[Kind, object] = {
            Kind.MODELS: self.models,
            Kind.VERSIONS: VERSIONS,
            Kind.ROLLOUTS: (NEW,) if topic.key in self.outdated else (),
            Kind.GROUPS: self.groups,
            # Without groups in the rows, members are read; with them, they are not.
            Kind.DEVICES: (device("a") if self.groups else device("a", "1", "g-1"),),
            Kind.DEVICE: device(topic.key),
        }
        return rows.get(topic.kind, ()), self.devices if topic.kind is Kind.DEVICES else None

    def _cost(self, topic: Topic) -> int:
        rows = self.devices if topic.kind is Kind.DEVICES else 0
        if topic.kind is Kind.MEMBERS:
            rows = next(group.device_count or 0 for group in self.groups if group.id == topic.key)
        return max(1, math.ceil(min(rows, 10_000) / 1000))

    def run(self, minutes: float = MINUTES) -> None:
        end = self.mono + minutes * 60
        while self.mono < end:
            for topic in due(self.state, self.mono)[:4]:
                value, total = self._answer(topic)
                self.asked.append((self.mono, topic, self._cost(topic)))
                reading = Polled(topic, reading_of(value, self.mono, total), self.mono)
                self.state = reduce(self.state, reading)
            self.mono += max(next_due(self.state, self.mono), 1e-6)

    @property
    def busiest(self) -> int:
        """The most requests in any 60 seconds, pages counted."""
        window: deque[tuple[float, int]] = deque()
        spent = most = 0
        for at, _, cost in self.asked:
            window.append((at, cost))
            spent += cost
            while window[0][0] <= at - 60 + ROUNDING:
                spent -= window.popleft()[1]
            most = max(most, spent)
        return most

    def times(self, kind: Kind) -> dict[str, list[float]]:
        found: dict[str, list[float]] = {}
        for at, topic, _ in self.asked:
            if topic.kind is kind:
                found.setdefault(topic.key, []).append(at)
        return found


def reading_of(value: object, mono: float, total: int | None) -> Reading[object]:
    return Reading(value, T0 + mono, total=total)


def _watch(state: ConsoleState) -> ConsoleState:
    return with_rollback(in_phase(Phase.ROLLING_BACK), state)


def _focus(state: ConsoleState) -> ConsoleState:
    return after(Focused(Focus(MODEL.id, "a")), state=state)


SIZES = [124, 10_000, 100_000]
COUNTS = [1, 4, 20, 50]


@pytest.mark.parametrize("devices", [*SIZES, 3_500, 8_500])
@pytest.mark.parametrize("models", COUNTS)
def test_idle(models: int, devices: int) -> None:
    world = Simulation(models, devices)
    world.state = _focus(world.state)
    world.run()
    assert world.busiest <= 80
    read = world.times(Kind.ROLLOUTS)
    assert len(read) == models, "every model's rollouts were read"


@pytest.mark.parametrize("devices", [*SIZES, 3_500, 8_500])
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
    world.run()
    assert world.busiest <= 80
    watched = world.times(Kind.DEVICES)[""]
    gaps = [later - earlier for earlier, later in itertools.pairwise(watched) if earlier > began]
    assert max(gaps) <= (2.01 if devices == 124 else 20.01), "what is watched never waits for the rest"


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
    world.run(MINUTES * 2)
    assert world.busiest <= 80
    assert len(world.times(Kind.MEMBERS)) == 61


def test_lists_that_never_agree_with_the_running_rollouts() -> None:
    world = Simulation(50, 10_000, stale=50)
    world.state = _watch(_focus(world.state))
    world.run()
    assert world.busiest <= 80


def test_few_models_are_all_read_in_the_first_second() -> None:
    world = Simulation(10, 124)
    world.run(1 / 60)
    assert len(world.times(Kind.ROLLOUTS)) == 10


def test_fifty_models_are_all_read_within_four_minutes() -> None:
    world = Simulation(50, 124)
    world.run(4)
    assert len(world.times(Kind.ROLLOUTS)) == 50


def test_a_refresh_of_many_models_is_spread_too() -> None:
    world = Simulation(50, 124)
    world.run(5)
    world.state = after(Refreshed(), state=world.state)
    world.asked.clear()
    world.run(5)
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
