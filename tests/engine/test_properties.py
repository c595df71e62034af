"""Any sequence of events, in any order."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from octomil_tui.domain.fleet import Connectivity, Device, Installation, RolloutState
from octomil_tui.domain.order import Reading, RollbackReceipt
from octomil_tui.domain.rollback import (
    Accepted,
    Found,
    Lost,
    Noted,
    NotFound,
    NotSent,
    Observed,
    Phase,
    Rejected,
    Sent,
)
from octomil_tui.engine.cadence import due, next_due, wanted
from octomil_tui.engine.freshness import Link, freshness
from octomil_tui.engine.reduce import reduce
from octomil_tui.engine.state import (
    ConsoleState,
    Event,
    Focus,
    Focused,
    Moved,
    Planned,
    Polled,
    PollFailed,
    Refreshed,
)
from octomil_tui.engine.topic import ACTIVE, DEVICES, GROUPS, MODELS, Kind, Topic, rollouts_of, versions_of
from tests.engine.fakes import BACK, CANARY, NEW, OLD, OTHER, STAGING, T0, VERSIONS, M
from tests.engine.stories import begun, rollback_of

KEYS = ("a", "b", "c", "d")
versions = st.sampled_from((None, "0.9.0", "1.0.0", "2.0.0", "nightly"))
clocks = st.none() | st.floats(T0 - 100, T0 + 5_000)
monos = st.floats(0, 5_000)


@st.composite
def devices(draw: st.DrawFn) -> tuple[Device, ...]:
    made = []
    for key in draw(st.lists(st.sampled_from(KEYS), unique=True)):
        installed = Installation(draw(versions), by_device=draw(st.booleans()), since=draw(clocks))
        groups = tuple(draw(st.lists(st.sampled_from(("g-1", "canary", "gone")), max_size=2)))
        installations = draw(st.sampled_from(({M.id: installed}, {}, {OTHER.id: installed})))
        contact = draw(clocks)
        connectivity = draw(st.sampled_from(Connectivity))
        made.append(Device(key, key, "linux", connectivity, groups, contact, 60.0, installations))
    return tuple(made)


@st.composite
def rollouts(draw: st.DrawFn) -> tuple[Any, ...]:
    chosen = draw(st.lists(st.sampled_from((BACK, NEW, OLD)), unique=True))
    return tuple(
        replace(r, state=draw(st.sampled_from(RolloutState)), created_at=draw(clocks)) for r in chosen
    )


VALUES: dict[Topic, st.SearchStrategy[Any]] = {
    MODELS: st.sampled_from(((M,), (M, OTHER), ())),
    ACTIVE: rollouts(),
    DEVICES: devices(),
    GROUPS: st.sampled_from(((STAGING, CANARY), (STAGING,), ())),
    rollouts_of(M.id): rollouts(),
    rollouts_of(OTHER.id): rollouts(),
    versions_of(M.id): st.just(VERSIONS),
    Topic(Kind.MEMBERS, "g-1"): devices(),
    Topic(Kind.DEVICE, "a"): devices().filter(bool).map(lambda made: made[0]),
}


@st.composite
def polls(draw: st.DrawFn) -> Polled:
    topic = draw(st.sampled_from(sorted(VALUES)))
    total = draw(st.none() | st.integers(0, 200_000))
    return Polled(topic, Reading(draw(VALUES[topic]), draw(clocks), total=total), draw(monos))


moves = st.one_of(
    st.builds(Sent, st.just(T0)),
    st.builds(Accepted, st.builds(RollbackReceipt, rollout_id=st.sampled_from((None, "4131"))), st.just(T0)),
    st.builds(Lost, st.just("no answer")),
    st.builds(NotSent, st.just("no")),
    st.builds(Rejected, st.just("no")),
    st.builds(Found, st.just(BACK), st.just(T0)),
    st.builds(NotFound),
    st.builds(Noted, st.just(T0), st.just("noted")),
    st.builds(Observed, devices(), rollouts(), st.floats(T0, T0 + 900)),
)
events: st.SearchStrategy[Event] = st.one_of(
    polls(),
    polls(),
    st.builds(PollFailed, st.sampled_from(sorted(VALUES)), st.just("no"), monos, st.floats(1, 120)),
    st.builds(Focused, st.builds(Focus, st.sampled_from((None, M.id, "?")), st.sampled_from((None, "a")))),
    st.sampled_from((Planned(rollback_of()), Planned(begun()))),
    st.builds(Moved, st.sampled_from((M.id, "nobody")), moves),
    st.just(Refreshed()),
)


def check(before: ConsoleState, event: Event, state: ConsoleState) -> None:
    """Assert what holds after every event."""
    snapshot = state.snapshot
    if isinstance(event, PollFailed):
        assert snapshot is before.snapshot
    if before.server_at is not None:
        assert state.server_at is not None
        assert state.server_at >= before.server_at or state.server_at < before.server_at - 60
    for name in ("models", "devices", "groups"):
        assert getattr(before.snapshot, name) is None or getattr(snapshot, name) is not None
    assert set(snapshot.rollouts) >= set(before.snapshot.rollouts)
    listed = {group.id for group in snapshot.groups or ()}
    for group in snapshot.groups or ():
        if group.members is not None and snapshot.devices is not None:
            inside = {d.id for d in snapshot.devices if group.id in d.groups}
            assert inside == group.members & {d.id for d in snapshot.devices}
    for device in snapshot.devices or ():
        assert len(set(device.groups)) == len(device.groups)
        assert not listed or "canary" not in device.groups or CANARY.id not in listed


def check_rollbacks(state: ConsoleState) -> None:
    for rollback in state.rollbacks.values():
        assert rollback.phase in Phase
        if rollback.watch is None:
            continue
        whole = rollback.watch.whole
        assert sum(whole.stages.values()) == whole.devices == len(rollback.watch.tracks)
        assert 0 <= whole.verified <= whole.devices
        assert whole.reachable_settled <= whole.reachable <= whole.devices


@given(st.lists(events, max_size=25), monos)
def test_reduce_is_total_and_the_sums_are_right(story: list[Event], mono: float) -> None:
    state = ConsoleState()
    for event in story:
        before, state = state, reduce(state, event)
        check(before, event, state)
        check_rollbacks(state)
    periods = wanted(state)
    assert min(periods.values()) >= 1.0
    late = due(state, mono)
    assert len(late) == len(set(late))
    assert set(late) <= set(periods)
    assert (next_due(state, mono) == 0) == bool(late)
    assert math.isfinite(next_due(state, mono))
    found = freshness(state, mono)
    assert found.link in Link
    assert found.retry_in is None or found.retry_in >= 0
