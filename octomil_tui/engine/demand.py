"""What a state wants to be asked, and what each of it costs and is worth: one row per kind of interest. Pure."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from octomil_tui.domain.rollback import Phase, Rollback
from octomil_tui.engine.count import is_counted, is_of_fleet
from octomil_tui.engine.state import ConsoleState
from octomil_tui.engine.timeline import histories_of
from octomil_tui.engine.topic import (
    ACTIVE,
    COUNT,
    DEVICES,
    GROUPS,
    INCIDENTS,
    MODELS,
    OVERVIEW,
    TIMELINE,
    Kind,
    Topic,
    effect_of,
    health_of,
    rollouts_of,
    versions_of,
)

PAGE = 1000
"""Devices on one page of the service."""

PAGES_READ = 10
"""Pages of devices after which the client stops."""

MEMBER_PAGES = 20
"""Pages of one group's devices after which it does."""

SECONDS_A_PAGE = 2.0
"""Seconds between two reads of the devices for each page that one takes, at least after a failure."""


@dataclass(frozen=True, slots=True)
class Demand:
    """What it costs to keep one topic fresh, and what that is worth."""

    weight: float
    """How much a second of its age matters, beside those of the others."""
    shortest: float
    """Seconds between two reads, never less."""
    longest: float = math.inf
    """Seconds between two reads that are promised, before anything else; longer where the budget cannot pay for it."""
    cost: int = 1
    """Requests that one read takes."""
    is_front: bool = True
    """Whether somebody looks at it, or watches it; the others share what is left, and their first reads are spread."""
    is_watched: bool = False
    """Whether somebody waits for it: it may go on where the rest stands back for a person's own requests."""


WATCHED_DEVICES = Demand(weight=400.0, shortest=2.5, longest=2.5, is_watched=True)
"""The devices while a rollback is watched."""

WATCHED_ROLLOUTS = Demand(weight=400.0, shortest=2.5, longest=2.5, is_watched=True)
"""The rollouts of a model whose rollback is watched, or looked for; several share it."""

LIVE = Demand(weight=100.0, shortest=5.0, longest=10.0)
"""The running rollouts of all models, in one request, and the devices while nothing is watched."""

COUNTED = Demand(weight=20.0, shortest=2.5)
"""The next page of a fleet that is counted page by page."""

WATCHED_COUNT = Demand(weight=4000.0, shortest=1.0, longest=2.0, is_watched=True)
"""The same while a rollback of all of it is watched."""

PART = Demand(weight=100.0, shortest=30.0, longest=60.0)
"""The first devices of a fleet that is counted page by page."""

OUTDATED = Demand(weight=100.0, shortest=6.0, longest=12.0)
"""Rollouts that changed, as the running ones tell; several share it."""

DETAIL = Demand(weight=1.0, shortest=30.0)
"""The one device under the cursor."""

NOTICED = Demand(weight=2.0, shortest=30.0, longest=60.0)
"""What the service noticed by itself: a limit that was crossed is a sentence on the first screen."""

LOOKED_AT = Demand(weight=4.0, shortest=10.0, longest=60.0)
"""What only the screen in front reads; several share it."""

SLOW = Demand(weight=1.0, shortest=60.0, longest=120.0)
"""What rarely changes, and is looked at."""

PAST = Demand(weight=1.0, shortest=30.0, longest=120.0)
"""What the service tells of the past, while it is looked at."""

RUNNING = Demand(weight=0.4, shortest=30.0, is_front=False)
"""The rollouts of a model that has one under way, and that nobody looks at."""

IDLE = Demand(weight=0.1, shortest=60.0, is_front=False)
"""What rarely changes, and nobody looks at."""

FIGURES = Demand(weight=4.0, shortest=20.0, longest=30.0)
"""How all models do, in one request, and how the versions of one do that is looked at: a minute is their grain."""

BESIDE_A_WATCH = Demand(weight=1.0, shortest=30.0, longest=90.0)
"""The same while a rollback is watched, of which the devices and its own figures come first."""

EFFECT = Demand(weight=40.0, shortest=5.0, longest=10.0)
"""Whether a rollback that is watched helps; several share it."""

_FINISHED = frozenset({Phase.DONE, Phase.COMPLETE})


def demands(state: ConsoleState) -> dict[Topic, Demand]:
    """Return every topic that is worth asking for now, with what it costs and is worth."""
    found = _in_the_back(state)
    found |= {
        MODELS: SLOW,
        # Beside a watch it tells of a second operator, and nearly every screen is as old as it is.
        ACTIVE: replace(LIVE, is_watched=is_watching(state)),
        **device_demands(state),
        GROUPS: SLOW,
        INCIDENTS: NOTICED,
        **_scopes(state),
    }
    focus = state.focus
    if focus.model_id is not None:
        found |= {versions_of(focus.model_id): SLOW, rollouts_of(focus.model_id): SLOW}
    if focus.device_id is not None:
        found[Topic(Kind.DEVICE, focus.device_id)] = DETAIL
    found |= _shared([topic for topic in focus.topics if topic not in found], LOOKED_AT)
    if focus.has_timeline:
        found[TIMELINE] = replace(PAST, cost=2 + len(histories_of(state)))
    found |= _shared(outdated(state), OUTDATED) | _figures(state)
    return found | _shared([rollouts_of(model_id) for model_id in followed(state)], record_demand(state))


def _figures(state: ConsoleState) -> dict[Topic, Demand]:
    """Return the figures that are worth reading: of all models in short, of what is looked at, running or watched."""
    if not state.focus.with_figures:
        return {}
    # The short form of all models has no classes of devices: what is under way is read in full.
    found = {
        health_of(rollout.model_id): RUNNING
        for rollout in state.active or ()
        if rollout.model_id is not None and rollout.state.is_running
    }
    figures = BESIDE_A_WATCH if is_watching(state) else FIGURES
    found[OVERVIEW] = figures
    if state.focus.model_id is not None:
        found[health_of(state.focus.model_id)] = figures
    watched = [
        effect_of(r.rollout_id) for r in state.rollbacks.values() if r.phase.is_watched and r.rollout_id
    ]
    return found | _shared(watched, EFFECT)


def record_demand(state: ConsoleState) -> Demand:
    """Return what the service's own record of a watched rollback is worth: of a large fleet less than one page more."""
    return replace(WATCHED_ROLLOUTS, shortest=5.0, longest=5.0) if is_counted(state) else WATCHED_ROLLOUTS


def _in_the_back(state: ConsoleState) -> dict[Topic, Demand]:
    rolled_out = {rollout.model_id for rollout in state.active or () if rollout.state.is_running}
    found = {
        rollouts_of(model.id): RUNNING if model.id in rolled_out else IDLE
        for model in state.snapshot.models or ()
    }
    for model_id in state.rollbacks:
        found.setdefault(rollouts_of(model_id), IDLE)
        found[versions_of(model_id)] = IDLE
    return found | dict(_memberships(state))


def _scopes(state: ConsoleState) -> dict[Topic, Demand]:
    """Return the groups to read by themselves: those that are watched, of a fleet too large to be read whole."""
    if not state.snapshot.uncounted:
        return {}
    sizes = {group.id: group.device_count or 0 for group in state.raw_groups or ()}
    found = {}
    for rollback in state.rollbacks.values():
        watch = rollback.watch
        if watch is not None and watch.group_id is not None and rollback.phase.is_watched:
            cost = _pages_of(sizes.get(watch.group_id, 0), MEMBER_PAGES)
            base = SLOW if rollback.phase in _FINISHED else WATCHED_DEVICES
            longest = max(base.longest, cost * SECONDS_A_PAGE)
            found[Topic(Kind.SCOPE, watch.group_id)] = replace(base, cost=cost, longest=longest)
    return found


def _shared(topics: list[Topic], demand: Demand) -> dict[Topic, Demand]:
    """Return topics that take turns, so that many of them cost no more than one."""
    several = max(1, len(topics))
    one = replace(demand, shortest=demand.shortest * several, longest=demand.longest * several)
    return dict.fromkeys(topics, one)


def device_demands(state: ConsoleState, *, as_if_watched: bool = False) -> dict[Topic, Demand]:
    """Return what the devices cost and are worth now, or were if a rollback of all of them were watched."""
    several = pages(state)
    if is_counted(state):
        is_whole = as_if_watched or any(is_of_fleet(rollback) for rollback in running(state))
        # The fleet's first devices say little of the others, which somebody waits for.
        part = SLOW if is_whole or is_watching(state) else PART
        return {DEVICES: replace(part, cost=several), COUNT: WATCHED_COUNT if is_whole else COUNTED}
    base = WATCHED_DEVICES if as_if_watched or is_watching(state) else LIVE
    longest = max(base.longest, several * SECONDS_A_PAGE)
    return {DEVICES: replace(base, cost=several, longest=longest)}


def followed(state: ConsoleState) -> list[str]:
    """Return the models whose rollback has not ended, also those whose answer was lost."""
    return [
        model_id
        for model_id, rollback in state.rollbacks.items()
        if rollback.phase is Phase.UNCONFIRMED
        or (rollback.phase.is_watched and rollback.phase not in _FINISHED)
    ]


def is_watching(state: ConsoleState) -> bool:
    """Say whether a rollback is watched that has not ended."""
    return bool(running(state))


def running(state: ConsoleState) -> list[Rollback]:
    """Return the rollbacks that are watched and have not ended."""
    return [r for r in state.rollbacks.values() if r.phase.is_watched and r.phase not in _FINISHED]


def pages(state: ConsoleState) -> int:
    """Return how many requests one read of the devices takes."""
    return _pages_of(max(state.snapshot.device_total or 0, len(state.raw_devices or ())))


def _pages_of(devices: int, most: int = PAGES_READ) -> int:
    return min(most, max(1, math.ceil(devices / PAGE)))


def outdated(state: ConsoleState) -> list[Topic]:
    """Return the rollouts of which the running ones tell something that the model's own list does not have yet."""
    if state.active is None:
        return []
    active: dict[str | None, set[str]] = defaultdict(set)
    for rollout in state.active:
        if rollout.state.is_running:
            active[rollout.model_id].add(rollout.id)
    known = state.snapshot.rollouts
    return [
        rollouts_of(model.id)
        for model in state.snapshot.models or ()
        if model.id in known
        and active.get(model.id, set()) != {r.id for r in known[model.id] if r.state.is_running}
    ]


def _memberships(state: ConsoleState) -> Iterable[tuple[Topic, Demand]]:
    """Members are asked for only where the devices' own rows do not name their groups."""
    if state.raw_devices is None or state.raw_groups is None or any(d.groups for d in state.raw_devices):
        return ()
    return (
        (Topic(Kind.MEMBERS, group.id), replace(IDLE, cost=_pages_of(group.device_count or 0, MEMBER_PAGES)))
        for group in state.raw_groups
    )
