"""Ten minutes against a service that answers at once, in fake time."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence

from octomil_tui.domain.census import Page
from octomil_tui.domain.fleet import DeviceGroup, Model
from octomil_tui.domain.order import Reading
from octomil_tui.engine.asker import Purpose
from octomil_tui.engine.budget import Budget
from octomil_tui.engine.cadence import cost, due, is_in_front, next_due
from octomil_tui.engine.count import planned_census
from octomil_tui.engine.poller import KEPT_IN_FRONT
from octomil_tui.engine.reduce import reduce
from octomil_tui.engine.state import ConsoleState, Polled
from octomil_tui.engine.topic import Kind, Topic
from tests.engine.fakes import NEW, T0, VERSIONS, device
from tests.engine.fakes import M as MODEL

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
        self.held = 0.0
        """Seconds for which something was due and had no room."""
        self._budget = Budget()

    def _answer(self, topic: Topic) -> tuple[object, int | None]:
        stretch = planned_census(self.state).next if topic.kind is Kind.COUNT else None
        if stretch is not None:
            left = self.devices - stretch.offset
            return Page(
                stretch, (device(f"d{stretch.offset}", "1", "g-1"),), min(1000, left), left > 1000
            ), None
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
            blocked: dict[Topic, float] = {}
            for topic in due(self.state, self.mono):
                if (wait := self._wait(topic)) > 0:
                    blocked[topic] = wait
                    continue
                value, total = self._answer(topic)
                self.asked.append((self.mono, topic, self._cost(topic)))
                for _ in range(self._cost(topic)):
                    self._budget.end(self._budget.begin(Purpose.POLL), self.mono)
                reading = Polled(topic, reading_of(value, self.mono, total), self.mono)
                self.state = reduce(self.state, reading)
                break
            idle = min([next_due(self.state, self.mono, blocked), *blocked.values()])
            self.held += sum(wait for topic, wait in blocked.items() if wait == idle)
            self.mono += max(idle, 1e-6)

    def _wait(self, topic: Topic) -> float:
        kept = 0 if is_in_front(self.state, topic) else KEPT_IN_FRONT
        return self._budget.wait(self.mono, Purpose.POLL, cost(self.state, topic) + kept)

    @property
    def busiest(self) -> int:
        """The most requests in any 60 seconds, pages counted."""
        window: deque[tuple[float, int]] = deque()
        spent = most = 0
        for at, _, count in self.asked:
            window.append((at, count))
            spent += count
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
