"""The only function that changes what the console knows."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import assert_never

from octomil_tui.domain import rollback as events
from octomil_tui.domain.advance import advance
from octomil_tui.domain.census import Page
from octomil_tui.domain.eta import size_of
from octomil_tui.domain.record import own_record
from octomil_tui.domain.rollback import Phase, Rollback
from octomil_tui.engine.count import counted, is_of_fleet
from octomil_tui.engine.state import (
    Cause,
    ConsoleState,
    Event,
    Focused,
    Moved,
    Planned,
    Polled,
    PollFailed,
    Read,
    Recalled,
    Refreshed,
    Throttled,
    Woke,
)
from octomil_tui.engine.store import store
from octomil_tui.engine.topic import DEVICES, MODELS, Kind, Topic

_OVERTAKEN = 60.0
"""Seconds by which an answer may be behind a newer one; more than that, and the service's clock was set back."""


JUST_READ = 15.0
"""Seconds in which what changes slowly is not read again because somebody asks for everything."""

_SLOW = frozenset(
    {
        Kind.TIMELINE,
        Kind.POLICY,
        Kind.INCIDENTS,
        Kind.CHECKS,
        Kind.HISTORY,
        Kind.OVERVIEW,
        Kind.HEALTH,
        Kind.EFFECT,
    }
)

QUIET_AFTER_WAKING = 10.0
"""Seconds after this machine woke up in which the first failure of each read is not said."""


def reduce(state: ConsoleState, event: Event) -> ConsoleState:
    """Return the state after `event`. Pure; an error never clears what was known."""
    match event:
        case Polled():
            return _polled(state, event)
        case PollFailed():
            return _failed(state, event)
        case Focused(focus=focus):
            return replace(state, focus=focus)
        case Planned(rollback=rollback):
            return replace(state, rollbacks={**state.rollbacks, rollback.model_id: rollback})
        case Moved() | Refreshed():
            return _moved(state, event) if isinstance(event, Moved) else _due(state, event.mono)
        case Throttled() | Woke() | Recalled():
            return _told_by_itself(state, event)
        case _:
            assert_never(event)


def is_just_read(topic: Topic, read: Read, mono: float) -> bool:
    """Say whether a topic that changes slowly was read so lately that nobody can mean it who presses refresh.

    One refresh of them all would cost a sixth of what a minute allows.
    """
    if topic.kind not in _SLOW or read.failures or read.ok_mono is None:
        return False
    return mono - read.ok_mono < JUST_READ


def _told_by_itself(state: ConsoleState, event: Throttled | Woke | Recalled) -> ConsoleState:
    """Take note of what this machine, or the service without being asked, says of all reads."""
    if isinstance(event, Recalled):
        return replace(state, own_events=event.events)
    if isinstance(event, Woke):
        return replace(_due(state), woke_mono=event.mono)
    held = event.held_mono if event.held_mono is not None else state.held_mono
    return replace(state, allowance=event.allowance, held_mono=held)


def _polled(state: ConsoleState, event: Polled) -> ConsoleState:
    reading = event.reading
    if _is_late(state.reads.get(event.topic), event):
        return state
    read = Read(
        ok_mono=event.mono,
        tried_mono=event.mono,
        unreadable=reading.unreadable,
        rows=len(reading.value) if isinstance(reading.value, tuple) else None,
        began_mono=event.began,
        ok_began_mono=event.began,
    )
    is_newer = reading.server_at is not None and not _is_overtaken(reading.server_at, state.server_at)
    state = replace(
        state,
        reads={**state.reads, event.topic: read},
        server_at=reading.server_at if is_newer else state.server_at,
        server_mono=event.mono if is_newer else state.server_mono,
    )
    if isinstance(reading.value, Page):
        return _counted(state, reading.value)
    state = store(state, event.topic, reading)
    return _observed(state, event.topic)


def _counted(state: ConsoleState, page: Page) -> ConsoleState:
    """Count one more page of a large fleet, and let the rollbacks of all of it look at that page."""
    state, page, since = counted(state, page)
    moved = {
        model_id: advance(rollback, _page_seen(state, rollback, page, since))
        for model_id, rollback in state.rollbacks.items()
        if is_of_fleet(rollback)
    }
    return replace(state, rollbacks={**state.rollbacks, **moved}) if moved else state


def _page_seen(state: ConsoleState, rollback: Rollback, page: Page, since: float | None) -> events.Observed:
    started = rollback.watch.started_at if rollback.watch is not None else math.inf
    return events.Observed(
        page.devices,
        state.snapshot.rollouts.get(rollback.model_id, ()),
        _server_time(state, rollback),
        are_rollouts_new=False,
        is_whole=False,
        size=_size(state, rollback),
        missed_since=since if since is not None and since >= started else None,
    )


def _size(state: ConsoleState, rollback: Rollback) -> int | None:
    return size_of(state.snapshot.versions.get(rollback.model_id, ()), rollback.order.to_version)


def _is_late(read: Read | None, event: Polled | PollFailed) -> bool:
    """Say whether a request that was begun later was answered before: what it brought back is newer."""
    newest = read.ok_began_mono if read is not None else None
    return newest is not None and event.began is not None and event.began < newest


def _is_overtaken(server_at: float, known: float | None) -> bool:
    """Say whether a newer answer was here before: the service's clock does not go back for that.

    One wrong time far ahead must not last for ever, so a clock that was really
    set back is believed.
    """
    return known is not None and known - _OVERTAKEN <= server_at < known


def _observed(state: ConsoleState, topic: Topic) -> ConsoleState:
    """Let every watched rollback look at devices, or at its model's rollouts, that were just read."""
    if topic.kind not in (Kind.DEVICES, Kind.ROLLOUTS, Kind.SCOPE):
        return state
    moved = {
        model_id: _look(state, rollback, topic)
        for model_id, rollback in state.rollbacks.items()
        if _is_about(topic, rollback)
    }
    return replace(state, rollbacks={**state.rollbacks, **moved}) if moved else state


def _is_about(topic: Topic, rollback: Rollback) -> bool:
    if topic.kind is Kind.SCOPE:
        return rollback.watch is not None and rollback.watch.group_id == topic.key
    return topic.key in ("", rollback.model_id)


def _look(state: ConsoleState, rollback: Rollback, topic: Topic) -> Rollback:
    snapshot = state.snapshot
    rollouts = snapshot.rollouts.get(rollback.model_id, ())
    at = _server_time(state, rollback)
    if rollback.phase in (Phase.UNCONFIRMED, Phase.NOT_FOUND) and topic.kind is Kind.ROLLOUTS:
        # Whoever reads the records first settles it; late is better than never.
        found = own_record(rollback, rollouts, rollback.sent_at)
        return advance(rollback, events.Found(found, at)) if found is not None else rollback
    if not rollback.phase.is_watched or snapshot.devices is None:
        return rollback
    is_alone = topic.kind is Kind.SCOPE
    seen = events.Observed(
        state.scopes[topic.key] if is_alone else snapshot.devices,
        rollouts,
        at,
        are_rollouts_new=topic.kind is Kind.ROLLOUTS,
        # The first look counts whatever brought it: a watch may begin between two reads of the devices.
        are_devices_new=topic.kind in (Kind.DEVICES, Kind.SCOPE)
        or rollback.watch is None
        or rollback.watch.at is None,
        is_whole=not is_alone and _is_whole(state),
        size=_size(state, rollback),
    )
    return advance(rollback, seen)


def _is_whole(state: ConsoleState) -> bool:
    """Say whether the devices that were read are all that the service has; rows that nobody could read were there."""
    read = state.reads.get(DEVICES)
    return state.snapshot.uncounted <= (read.unreadable if read is not None else 0)


def _server_time(state: ConsoleState, rollback: Rollback) -> float:
    """Return the service's clock; where it sends none, the newest time of its that is known."""
    if state.server_at is not None:
        return state.server_at
    contacts = [d.last_contact_at for d in state.raw_devices or () if d.last_contact_at is not None]
    return max((rollback.sent_at or 0.0, *contacts))


def _failed(state: ConsoleState, event: PollFailed) -> ConsoleState:
    before = state.reads.get(event.topic, Read())
    if _is_late(before, event):
        return state
    is_same = before.cause is event.cause
    read = replace(
        before,
        tried_mono=event.mono,
        failures=before.failures + 1,
        sentence=event.sentence,
        wait=event.wait,
        began_mono=event.began,
        cause=event.cause,
        in_a_row=before.in_a_row + 1 if is_same else 1,
        since_mono=before.since_mono if is_same else event.began,
        is_silent=_is_of_the_sleep(state, before, event),
    )
    return _ask_whether_it_is_there(replace(state, reads={**state.reads, event.topic: read}), event, read)


def _is_of_the_sleep(state: ConsoleState, before: Read, event: PollFailed) -> bool:
    """Say whether this is the first try since this machine woke up: networks take a moment to come back."""
    woke = state.woke_mono
    is_first = before.tried_mono is None or (woke is not None and before.tried_mono < woke)
    return is_first and woke is not None and event.mono - woke <= QUIET_AFTER_WAKING


def _ask_whether_it_is_there(state: ConsoleState, event: PollFailed, read: Read) -> ConsoleState:
    """Have the models listed again when one that somebody looks at is said not to be there."""
    key = event.topic.key
    is_of_model = event.topic.kind in (Kind.ROLLOUTS, Kind.VERSIONS)
    is_first = event.cause is Cause.MISSING and read.in_a_row == 1
    listing = state.reads.get(MODELS)
    if not (is_of_model and is_first and listing is not None and listing.failures == 0):
        return state
    if key not in state.rollbacks and key != state.focus.model_id:
        return state
    return replace(state, reads={**state.reads, MODELS: replace(listing, tried_mono=None)})


def _moved(state: ConsoleState, event: Moved) -> ConsoleState:
    rollback = state.rollbacks.get(event.model_id)
    if rollback is None:
        return state
    return replace(state, rollbacks={**state.rollbacks, event.model_id: advance(rollback, event.event)})


def _due(state: ConsoleState, mono: float | None = None) -> ConsoleState:
    """Forget when each topic was tried, so that it is asked again now; what was read stays."""
    reads = {
        topic: read
        if mono is not None and is_just_read(topic, read, mono)
        else replace(read, tried_mono=None, wait=None, failures=min(read.failures, 1))
        for topic, read in state.reads.items()
    }
    return replace(state, reads=reads)
