"""What to ask next: which topics are wanted, how often, and which are due. Pure.

The periods keep a console under 80 of the 100 requests a minute that the
service allows, or under its own smaller share where the service has refused
some; each page of devices is counted as one. What is looked at and what is
watched is in front. The rest shares what is left: more models or more groups
are asked for less often, and the first reads of many are spread. While nothing
is watched, the share leaves room for a rollback to be watched at any moment.
`engine.gate` counts what really leaves; this plans so that it rarely has to hold anything back.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from octomil_tui.engine.apportion import MINUTE, apportion
from octomil_tui.engine.demand import (
    SECONDS_A_PAGE,
    Demand,
    demands,
    device_demands,
    followed,
    is_watching,
    outdated,
    record_demand,
)
from octomil_tui.engine.hold import held_until
from octomil_tui.engine.state import ConsoleState, Focus, Read
from octomil_tui.engine.topic import TIMELINE, Kind, Topic, health_of, rollouts_of, versions_of

USED_OF_ALLOWANCE = 0.88
"""The part of what is allowed that is planned: reads do not divide a minute evenly, and what somebody opens comes in addition."""

FIRST_READS = 12.0
"""Requests of one minute that what nobody looks at may take at once, while nothing is watched: first looks, above all."""

_AT_ONCE, _PACE = 3, 15.0
"""Of what the focus walks over, so many are asked for in so many seconds."""

_NEVER = Read()
_FIRST = frozenset({Kind.MODELS, Kind.ACTIVE, Kind.DEVICES, Kind.GROUPS})
"""What every screen begins with."""

_NOBODY = "\0"
"""Stands for the model of a rollback that may come to be watched."""


@dataclass(frozen=True, eq=False, slots=True)
class Plan:
    """What a state asks for, and how the budget is divided."""

    demands: Mapping[Topic, Demand]
    periods: Mapping[Topic, float]
    """Seconds between two reads of each topic."""
    room: float
    """Requests a minute that are left for what nobody looks at."""
    spread_with: frozenset[Topic]
    """Topics in front whose reads come in addition, and take from that room."""

    @property
    def shared(self) -> Mapping[Topic, int]:
        """The topics that share the room, with the requests that one read of each takes."""
        return {topic: demand.cost for topic, demand in self.demands.items() if not demand.is_front}

    @property
    def turn(self) -> float:
        """Seconds in which each of the shared topics can be asked once."""
        return MINUTE * sum(self.shared.values()) / self.room


@lru_cache(maxsize=2)
def plan(state: ConsoleState) -> Plan:
    """Return what a state asks for, and how often each can be asked."""
    found = demands(state)
    follows = [rollouts_of(model_id) for model_id in followed(state)]
    supposed = dict(found)
    if not is_watching(state):
        supposed |= device_demands(state, as_if_watched=True)
    if not follows:
        supposed[rollouts_of(_NOBODY)] = record_demand(state)
    rate = state.allowance * USED_OF_ALLOWANCE
    periods = apportion(supposed, rate)
    room = rate - _in_front(supposed, periods)
    if not is_watching(state):
        for topic, demand in device_demands(state).items():
            periods[topic] = max(periods[topic], demand.shortest)
    kept = {topic: seconds for topic, seconds in periods.items() if topic in found}
    if not follows:
        room = max(room, min(FIRST_READS, rate - _in_front(found, kept)))
    changed = frozenset(outdated(state)).difference(follows)
    return Plan(found, kept, max(1.0, room), changed)


def _in_front(demands: Mapping[Topic, Demand], periods: Mapping[Topic, float]) -> float:
    """Return the requests a minute of what is looked at."""
    return sum(MINUTE * demand.cost / periods[topic] for topic, demand in demands.items() if demand.is_front)


def wanted(state: ConsoleState) -> Mapping[Topic, float]:
    """Return every topic that is worth asking for now, with its period in seconds."""
    return plan(state).periods


def cost(state: ConsoleState, topic: Topic) -> int:
    """Return how many requests one read of a topic takes."""
    demand = plan(state).demands.get(topic)
    return demand.cost if demand is not None else 1


def is_in_front(state: ConsoleState, topic: Topic) -> bool:
    """Say whether somebody looks at a topic, or watches it."""
    demand = plan(state).demands.get(topic)
    return demand is not None and demand.is_front


def is_watched(state: ConsoleState, topic: Topic) -> bool:
    """Say whether somebody waits for a topic to change."""
    demand = plan(state).demands.get(topic)
    return demand is not None and demand.is_watched


def topics_of(focus: Focus) -> tuple[Topic, ...]:
    """Return what is read because somebody looks there."""
    model, device = focus.model_id, focus.device_id
    of_model = (versions_of(model), rollouts_of(model)) if model is not None else ()
    of_device = (Topic(Kind.DEVICE, device),) if device is not None else ()
    figures = (health_of(model),) if model is not None and focus.with_figures else ()
    past = (TIMELINE,) if focus.has_timeline else ()
    return (*of_model, *figures, *past, *of_device, *focus.topics)


def least_wait(state: ConsoleState, topic: Topic) -> float:
    """Return the seconds that must lie between two tries of a topic, also while it fails."""
    found = plan(state)
    if topic.kind in (Kind.DEVICES, Kind.SCOPE):
        several = cost(state, topic)
        return several * SECONDS_A_PAGE if several > 1 else 0.0
    return found.turn if topic in found.shared else 0.0


def due(state: ConsoleState, mono: float) -> list[Topic]:
    """Return the topics to ask for now: what is looked at first, then the longest overdue."""
    found = plan(state)
    times = _times(state, found, mono)
    late = [topic for topic, at in times.items() if at <= mono]
    # The sort is stable: of models that were never read, the service's order decides.
    return sorted(late, key=lambda topic: (topic in found.shared, times[topic], topic.kind not in _FIRST))


def next_due(state: ConsoleState, mono: float, under_way: Collection[Topic] = ()) -> float:
    """Return for how many seconds nothing has to be asked, the topics under way left aside."""
    times = _times(state, plan(state), mono)
    return max(
        0.0, min((at for topic, at in times.items() if topic not in under_way), default=math.inf) - mono
    )


def _times(state: ConsoleState, found: Plan, mono: float) -> dict[Topic, float]:
    """Return when each wanted topic is to be asked, by the monotonic clock."""
    shared = found.shared
    times = {t: due_at(state.reads.get(t, _NEVER), period) for t, period in found.periods.items()}
    pending = sorted((t for t in shared if times[t] <= mono), key=lambda t: times[t])
    spread = dict(_spread(state, found, pending, mono))
    paced = {
        t: at for t in times if t not in shared and times[t] <= mono and (at := _paced(state, t, mono)) > mono
    }
    times |= spread | paced
    held = held_until(state)
    return {topic: max(at, held) for topic, at in times.items()} if held > mono else times


def _spread(
    state: ConsoleState, found: Plan, pending: Iterable[Topic], mono: float
) -> Iterable[tuple[Topic, float]]:
    """Yield the topics for which this minute has no room left, with the time at which there is."""
    shared, room = found.shared, found.room
    costs = {**shared, **dict.fromkeys(found.spread_with, 1)}
    tries = sorted((_last_try(state, topic), cost) for topic, cost in costs.items())
    recent = [(at, cost) for at, cost in tries if at > mono - MINUTE]
    spent: float = sum(cost for _, cost in recent)
    freed = iter(recent)
    free_at = -math.inf
    for topic in pending:
        spent += min(shared[topic], room)
        while spent > room:
            at, cost = next(freed, (mono, room))
            free_at, spent = at + MINUTE, spent - cost
        if free_at > mono:
            yield topic, free_at


def _paced(state: ConsoleState, topic: Topic, mono: float) -> float:
    """Return from when a focused topic may be asked: a cursor that runs down a list must not ask for every row."""
    if topic.kind not in (Kind.DEVICE, Kind.VERSIONS, Kind.HEALTH):
        return -math.inf
    others = (_last_try(state, t) for t in state.reads if t.kind is topic.kind and t != topic)
    recent = sorted(at for at in others if at > mono - _PACE)
    return recent[-_AT_ONCE] + _PACE if len(recent) >= _AT_ONCE else -math.inf


def _last_try(state: ConsoleState, topic: Topic) -> float:
    """Return when a topic was last asked; a refresh forgets the try, and not the success."""
    read = state.reads.get(topic, _NEVER)
    return max((at for at in (read.tried_mono, read.ok_mono) if at is not None), default=-math.inf)


def due_at(read: Read, period: float) -> float:
    """Return the monotonic time at which the topic is next due; the beginning of time when it never was."""
    if read.tried_mono is None:
        return -math.inf
    return read.tried_mono + (read.wait if read.failures and read.wait is not None else period)
