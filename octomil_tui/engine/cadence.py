"""What to ask next: which topics are wanted, how often, and which are due. Pure.

The periods keep a console under 80 of the 100 requests a minute that the
service allows, each page of devices counted as one. Part of that is fixed:
what is looked at. The rest is shared by what nobody looks at: more models or
more groups are asked for less often, and the first reads of many are spread.
While nothing is watched, the share leaves room for a rollback to be watched at
any moment.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from octomil_tui.domain.rollback import Phase
from octomil_tui.engine.hold import held_until
from octomil_tui.engine.state import ConsoleState, Read
from octomil_tui.engine.topic import ACTIVE, DEVICES, GROUPS, MODELS, Kind, Topic, rollouts_of, versions_of

WATCHED_PERIOD = 2.0
"""Seconds between two reads of the devices while a rollback is watched."""

WATCHED_ROLLOUTS_PERIOD = 4.0
"""Seconds between two reads of the watched model's rollouts; several share it."""

LIVE_PERIOD = 5.0
"""Seconds between two reads of the running rollouts, and of the devices when nothing is watched."""

OUTDATED_PERIOD = 6.0
"""Seconds between two reads of rollouts that changed, as the running ones tell; several share it."""

SLOW_PERIOD = 60.0
"""Seconds between two reads of what rarely changes."""

DETAIL_PERIOD = 30.0
"""Seconds between two reads of the one device under the cursor."""

PAGE = 1000
"""Devices on one page of the service."""

PAGES_READ = 10
"""Pages of devices after which the client stops."""

BUDGET = 80
"""Requests in any minute; the other 20 that the service allows are for what the operator asks for."""

_MINUTE = 60.0
_SECONDS_A_PAGE = 2.0
_SPARE = 6
"""Requests a minute that are left for what comes to be looked at."""

_AT_ONCE, _PACE = 3, 15.0
"""Of what the focus walks over, so many are asked for in so many seconds."""

_NEVER = Read()
_FIRST = frozenset({Kind.MODELS, Kind.ACTIVE, Kind.DEVICES, Kind.GROUPS})
"""What every screen begins with."""

_FINISHED = frozenset({Phase.DONE, Phase.COMPLETE})


@dataclass(frozen=True, slots=True)
class _Wants:
    """What a state asks for, and how the budget is divided."""

    looked_at: dict[Topic, float]
    """Topics with a period of their own."""
    outdated: frozenset[Topic]
    """Of those: rollouts that are read again since they changed."""
    shared: dict[Topic, int]
    """Topics that share what is left, with the requests that each costs."""
    room: int
    """Requests a minute that are left for them."""

    @property
    def turn(self) -> float:
        """Seconds in which each of the shared topics can be asked once."""
        return _MINUTE * sum(self.shared.values()) / self.room

    @property
    def periods(self) -> dict[Topic, float]:
        return dict.fromkeys(self.shared, max(SLOW_PERIOD, self.turn)) | self.looked_at


def wanted(state: ConsoleState) -> dict[Topic, float]:
    """Return every topic that is worth asking for now, with its period in seconds."""
    return _wants(state).periods


def _wants(state: ConsoleState) -> _Wants:
    periods = {
        MODELS: SLOW_PERIOD,
        ACTIVE: LIVE_PERIOD,
        DEVICES: _device_period(state, is_watching=_is_watching(state)),
        GROUPS: SLOW_PERIOD,
    }
    focus = state.focus
    if focus.model_id is not None:
        periods |= {versions_of(focus.model_id): SLOW_PERIOD, rollouts_of(focus.model_id): SLOW_PERIOD}
    if focus.device_id is not None:
        periods[Topic(Kind.DEVICE, focus.device_id)] = DETAIL_PERIOD
    outdated = _outdated(state)
    periods |= dict.fromkeys(outdated, OUTDATED_PERIOD * len(outdated))
    followed = [rollouts_of(model_id) for model_id in _followed(state)]
    periods |= dict.fromkeys(followed, WATCHED_ROLLOUTS_PERIOD * len(followed))
    topics = [
        *(rollouts_of(model.id) for model in state.snapshot.models or ()),
        *(rollouts_of(model_id) for model_id in state.rollbacks),
        *(versions_of(model_id) for model_id in state.rollbacks),
    ]
    shared = {topic: 1 for topic in topics if topic not in periods} | dict(_memberships(state))
    room = _room(state, periods, is_following=bool(followed))
    return _Wants(periods, frozenset(outdated).difference(followed), shared, room)


def _followed(state: ConsoleState) -> list[str]:
    """Return the models whose rollback has not ended, also those whose answer was lost."""
    return [
        model_id
        for model_id, rollback in state.rollbacks.items()
        if rollback.phase is Phase.UNCONFIRMED
        or (rollback.phase.is_watched and rollback.phase not in _FINISHED)
    ]


def _is_watching(state: ConsoleState) -> bool:
    return any(r.phase.is_watched and r.phase not in _FINISHED for r in state.rollbacks.values())


def _device_period(state: ConsoleState, *, is_watching: bool) -> float:
    base = WATCHED_PERIOD if is_watching else LIVE_PERIOD
    return max(base, _pages(state) * _SECONDS_A_PAGE)


def _pages(state: ConsoleState) -> int:
    """Return how many requests one read of the devices takes."""
    known = max(state.snapshot.device_total or 0, len(state.raw_devices or ()))
    return _pages_of(known)


def _pages_of(devices: int) -> int:
    return min(PAGES_READ, max(1, math.ceil(devices / PAGE)))


def _outdated(state: ConsoleState) -> list[Topic]:
    """Return the rollouts of which the running ones tell something that the model's own list does not have yet."""
    if state.active is None:
        return []
    running: dict[str | None, set[str]] = defaultdict(set)
    for rollout in state.active:
        if rollout.state.is_running:
            running[rollout.model_id].add(rollout.id)
    known = state.snapshot.rollouts
    return [
        rollouts_of(model.id)
        for model in state.snapshot.models or ()
        if model.id in known
        and running.get(model.id, set()) != {r.id for r in known[model.id] if r.state.is_running}
    ]


def _memberships(state: ConsoleState) -> Iterable[tuple[Topic, int]]:
    """Members are asked for only where the devices' own rows do not name their groups."""
    if state.raw_devices is None or state.raw_groups is None or any(d.groups for d in state.raw_devices):
        return ()
    return ((Topic(Kind.MEMBERS, group.id), _pages_of(group.device_count or 0)) for group in state.raw_groups)


def _room(state: ConsoleState, looked_at: dict[Topic, float], *, is_following: bool) -> int:
    """Return how many requests a minute are left for what nobody looks at, while a rollback is watched."""
    busy = looked_at | {DEVICES: _device_period(state, is_watching=True)}
    fixed = sum(
        math.ceil(_MINUTE / period) * (_pages(state) if topic == DEVICES else 1)
        for topic, period in busy.items()
    )
    reserve = 0 if is_following else math.ceil(_MINUTE / WATCHED_ROLLOUTS_PERIOD)
    return max(1, BUDGET - _SPARE - fixed - reserve)


def least_wait(state: ConsoleState, topic: Topic) -> float:
    """Return the seconds that must lie between two tries of a topic, also while it fails."""
    if topic == DEVICES:
        return _pages(state) * _SECONDS_A_PAGE if _pages(state) > 1 else 0.0
    wants = _wants(state)
    return wants.turn if topic in wants.shared else 0.0


def due(state: ConsoleState, mono: float) -> list[Topic]:
    """Return the topics to ask for now: what is looked at first, then the longest overdue."""
    wants = _wants(state)
    times = _times(state, wants, mono)
    late = [topic for topic, at in times.items() if at <= mono]
    # The sort is stable: of models that were never read, the service's order decides.
    return sorted(late, key=lambda topic: (topic in wants.shared, times[topic], topic.kind not in _FIRST))


def next_due(state: ConsoleState, mono: float, under_way: Collection[Topic] = ()) -> float:
    """Return for how many seconds nothing has to be asked, the topics under way left aside."""
    times = _times(state, _wants(state), mono)
    return max(
        0.0, min((at for topic, at in times.items() if topic not in under_way), default=math.inf) - mono
    )


def _times(state: ConsoleState, wants: _Wants, mono: float) -> dict[Topic, float]:
    """Return when each wanted topic is to be asked, by the monotonic clock."""
    times = {t: due_at(state.reads.get(t, _NEVER), period) for t, period in wants.periods.items()}
    pending = sorted((t for t in wants.shared if times[t] <= mono), key=lambda t: times[t])
    spread = dict(_spread(state, wants, pending, mono))
    paced = {t: at for t in wants.looked_at if times[t] <= mono and (at := _paced(state, t, mono)) > mono}
    times |= spread | paced
    held = held_until(state)
    return {topic: max(at, held) for topic, at in times.items()} if held > mono else times


def _spread(
    state: ConsoleState, wants: _Wants, pending: Iterable[Topic], mono: float
) -> Iterable[tuple[Topic, float]]:
    """Yield the topics for which this minute has no room left, with the time at which there is."""
    costs = wants.shared | dict.fromkeys(wants.outdated, 1)
    tries = sorted((_last_try(state, topic), cost) for topic, cost in costs.items())
    recent = [(at, cost) for at, cost in tries if at > mono - _MINUTE]
    spent = sum(cost for _, cost in recent)
    freed = iter(recent)
    free_at = -math.inf
    for topic in pending:
        spent += min(wants.shared[topic], wants.room)
        while spent > wants.room:
            at, cost = next(freed, (mono, wants.room))
            free_at, spent = at + _MINUTE, spent - cost
        if free_at > mono:
            yield topic, free_at


def _paced(state: ConsoleState, topic: Topic, mono: float) -> float:
    """Return from when a focused topic may be asked: a cursor that runs down a list must not ask for every row."""
    if topic.kind not in (Kind.DEVICE, Kind.VERSIONS):
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
