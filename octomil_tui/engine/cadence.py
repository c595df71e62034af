"""What to ask next: which topics are wanted, how often, and which are due. Pure.

The periods keep a console under 80 of the 100 requests a minute that the
service allows. Part of that is fixed (what is looked at), the rest is shared:
more models or more pages of devices are asked for less often.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from octomil_tui.engine.state import ConsoleState, Read
from octomil_tui.engine.topic import ACTIVE, DEVICES, GROUPS, MODELS, Kind, Topic, rollouts_of, versions_of

WATCHED_PERIOD = 2.0
"""Seconds between two reads of the devices while a rollback is watched."""

WATCHED_ROLLOUTS_PERIOD = 4.0
"""Seconds between two reads of the watched model's rollouts."""

LIVE_PERIOD = 5.0
"""Seconds between two reads of the running rollouts, and of the devices when nothing is watched."""

SLOW_PERIOD = 60.0
"""Seconds between two reads of what rarely changes."""

DETAIL_PERIOD = 30.0
"""Seconds between two reads of the one device under the cursor."""

PAGE = 1000
"""Devices on one page of the service."""

_SECONDS_A_PAGE = 1.5
_SECONDS_A_MODEL = 6.0
_NEVER = Read()


def wanted(state: ConsoleState) -> dict[Topic, float]:
    """Return every topic that is worth asking for now, with its period in seconds."""
    snapshot = state.snapshot
    watched = {key for key, rollback in state.rollbacks.items() if rollback.phase.is_watched}
    periods = {
        MODELS: SLOW_PERIOD,
        ACTIVE: LIVE_PERIOD,
        DEVICES: _device_period(state, is_watching=bool(watched)),
        GROUPS: SLOW_PERIOD,
    }
    models = snapshot.models or ()
    slow = max(SLOW_PERIOD, _SECONDS_A_MODEL * len(models))
    for model in models:
        outdated = _is_outdated(state, model.id)
        periods[rollouts_of(model.id)] = LIVE_PERIOD if outdated else slow
    for key in watched:
        periods[rollouts_of(key)] = WATCHED_ROLLOUTS_PERIOD
    focus = state.focus
    for model_id in {focus.model_id, *state.rollbacks}:
        if model_id is not None:
            periods[versions_of(model_id)] = SLOW_PERIOD
    if focus.device_id is not None:
        periods[Topic(Kind.DEVICE, focus.device_id)] = DETAIL_PERIOD
    return periods | dict.fromkeys(_memberships(state), SLOW_PERIOD)


def _device_period(state: ConsoleState, *, is_watching: bool) -> float:
    pages = math.ceil((state.snapshot.device_total or 0) / PAGE)
    base = WATCHED_PERIOD if is_watching else LIVE_PERIOD
    return max(base, pages * _SECONDS_A_PAGE)


def _is_outdated(state: ConsoleState, model_id: str) -> bool:
    """Say whether the running rollouts tell of something that the model's own list does not have yet."""
    known = state.snapshot.rollouts.get(model_id)
    if known is None or state.active is None:
        return False
    running = {r.id for r in state.active if r.model_id == model_id and r.state.is_running}
    return running != {r.id for r in known if r.state.is_running}


def _memberships(state: ConsoleState) -> Iterable[Topic]:
    """Members are asked for only where the devices' own rows do not name their groups."""
    if state.raw_devices is None or state.raw_groups is None or any(d.groups for d in state.raw_devices):
        return ()
    return (Topic(Kind.MEMBERS, group.id) for group in state.raw_groups)


def due(state: ConsoleState, mono: float) -> list[Topic]:
    """Return the topics to ask for now, the longest overdue first."""
    late = {
        topic: overdue
        for topic, period in wanted(state).items()
        if (overdue := mono - due_at(state.reads.get(topic, _NEVER), period)) >= 0
    }
    return sorted(late, key=lambda topic: (-late[topic], topic))


def next_due(state: ConsoleState, mono: float) -> float:
    """Return for how many seconds nothing has to be asked."""
    times = (due_at(state.reads.get(topic, _NEVER), period) for topic, period in wanted(state).items())
    return max(0.0, min(times) - mono)


def due_at(read: Read, period: float) -> float:
    """Return the monotonic time at which the topic is next due; the beginning of time when it never was."""
    if read.tried_mono is None:
        return -math.inf
    return read.tried_mono + (read.wait if read.failures and read.wait is not None else period)
