"""Builders of small fleets, and hypothesis strategies of generated ones."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from octomil_tui.domain.advance import advance
from octomil_tui.domain.beginning import planned
from octomil_tui.domain.fleet import (
    Connectivity,
    Device,
    DeviceGroup,
    FleetSnapshot,
    Installation,
    Model,
    ModelVersion,
    Rollout,
    RolloutState,
)
from octomil_tui.domain.order import RollbackReceipt
from octomil_tui.domain.plan import Plan, make_plan
from octomil_tui.domain.rollback import Accepted, Observed, Rollback, Sent
from octomil_tui.domain.scope import FLEET, Scope

MODEL = Model("m-1", "phi-4-mini", device_count=124)
TARGET = "1.0.0"
BAD = "2.0.0"
VERSIONS = ("2.1.0", "2.0.0", "1.1.0", "1.0.0", "0.9.0")
T0 = datetime(2026, 6, 17, 3, 12, 41, tzinfo=UTC).timestamp()
STAGING = Scope("g-staging", "staging")
ONLINE, STALE, OFFLINE, REVOKED = (
    Connectivity.ONLINE,
    Connectivity.STALE,
    Connectivity.OFFLINE,
    Connectivity.REVOKED,
)
COMPLETED, ACTIVE, ROLLING_BACK = RolloutState.COMPLETED, RolloutState.ACTIVE, RolloutState.ROLLING_BACK


def device(
    key: str = "d1",
    version: str | None = BAD,
    *groups: str,
    connectivity: Connectivity = ONLINE,
    contact: float | None = T0,
    interval: float = 300.0,
    platform: str = "linux",
    **installation: Any,
) -> Device:
    installed = replace(Installation(version=version), **installation)
    return Device(
        id=key,
        name=f"name of {key}",
        platform=platform,
        connectivity=connectivity,
        groups=groups,
        last_contact_at=contact,
        interval=interval,
        installations={MODEL.id: installed},
    )


def now(was: Device, version: str | None, at: float, **installation: Any) -> Device:
    """Return the device as it reports `version` in a contact at `at`."""
    installed = replace(was.installations[MODEL.id], version=version, **installation)
    return replace(was, last_contact_at=at, installations={MODEL.id: installed})


def rollout(key: str, version: str, state: RolloutState = COMPLETED, **fields: Any) -> Rollout:
    return replace(Rollout(key, version, state, state.value), **fields)


def fleet(*devices: Device, **fields: Any) -> FleetSnapshot:
    names = sorted({group for each in devices for group in each.groups})
    snapshot = FleetSnapshot(
        models=(MODEL,),
        versions={MODEL.id: tuple(ModelVersion(v) for v in VERSIONS)},
        groups=tuple(DeviceGroup(key, key.removeprefix("g-")) for key in names),
        devices=devices,
        at=T0,
    )
    return replace(snapshot, **fields)


def with_rollouts(snapshot: FleetSnapshot, *rollouts: Rollout) -> FleetSnapshot:
    return replace(snapshot, rollouts={MODEL.id: rollouts})


def plan_of(*devices: Device, to: str = TARGET, scope: Scope = FLEET, **fields: Any) -> Plan:
    return make_plan(fleet(*devices, **fields), MODEL, to, scope)


def begun(plan: Plan, devices: Iterable[Device] = (), *, at: float = T0, **receipt: Any) -> Rollback:
    """Return a rollback that was sent and accepted at `at`, with id 4131 unless told otherwise."""
    rollback = advance(planned(plan, "INC-1", "key", devices), Sent(at))
    return advance(rollback, Accepted(RollbackReceipt(**{"rollout_id": "4131", **receipt}), at))


def look(rollback: Rollback, at: float, *devices: Device, rollouts: Sequence[Rollout] = ()) -> Rollback:
    return advance(rollback, Observed(devices, tuple(rollouts), at))


# Strategies.

some_versions = st.sampled_from((None, *VERSIONS, "1.0.0-rc.1", "nightly", "edge-7"))
some_groups = st.lists(st.sampled_from(("g-canary", "g-staging", "g-eu")), unique=True, max_size=3)
connectivities = st.sampled_from(tuple(Connectivity))
disks = st.sampled_from((None, (), (TARGET,), (BAD, TARGET)))


@st.composite
def fleets(draw: st.DrawFn, min_size: int = 0) -> tuple[Device, ...]:
    """Devices with and without the model, in no, one or several groups."""
    made = []
    for number in range(draw(st.integers(min_size, 8))):
        one = device(
            f"d{number}",
            draw(some_versions),
            *draw(some_groups),
            connectivity=draw(connectivities),
            platform=draw(st.sampled_from(("ios", "android", "linux"))),
            on_disk=draw(disks),
            by_device=draw(st.booleans()),
        )
        made.append(one if draw(st.integers(0, 5)) else replace(one, installations={}))
    return tuple(made)


@st.composite
def running(draw: st.DrawFn) -> tuple[Rollout, ...]:
    """No rollout, or one that runs, of the fleet or of one group."""
    if draw(st.booleans()):
        return ()
    return (
        rollout(
            "4127",
            draw(st.sampled_from(VERSIONS)),
            draw(st.sampled_from((ACTIVE, RolloutState.PAUSED, ROLLING_BACK))),
            share=draw(st.sampled_from((None, 0.0, 0.29, 0.4, 1.0))),
            group=draw(st.sampled_from((None, "g-staging", "eu"))),
        ),
    )


scopes = st.sampled_from((FLEET, STAGING, Scope("g-nobody", "nobody")))

Read = tuple[float, tuple[Device, ...]]


@st.composite
def reads(draw: st.DrawFn, devices: tuple[Device, ...]) -> list[Read]:
    """Reads of the devices over time: they vanish, come back, bounce, fall silent, in any order."""
    story, at = [], T0
    for _ in range(draw(st.integers(1, 6))):
        at += draw(st.sampled_from((1, 60, 299, 300, 301, 900)))
        seen = [_at_read(draw, was, at) for was in devices if draw(st.integers(0, 6))]
        story.append((at, tuple(draw(st.permutations(seen)))))
    return story


_REPORTS = tuple(
    itertools.product(
        (TARGET, TARGET, TARGET, "as before", None),
        (0, 30, 700),
        (None, T0 - 900, T0 + 1, "at the read"),
        (True, True, True, False),
        ((TARGET, ""), (TARGET, "downloading"), (BAD, ""), (None, "failed")),
    )
)
_CONNECTIVITIES = (ONLINE, ONLINE, ONLINE, *Connectivity)


def _at_read(draw: st.DrawFn, was: Device, at: float) -> Device:
    """Return the device as one read finds it; it may have lost the model."""
    chosen = draw(st.integers(0, len(_CONNECTIVITIES)))
    if MODEL.id not in was.installations or chosen == len(_CONNECTIVITIES):
        return replace(was, installations={})
    version, ago, since, by_device, (wanted, word) = draw(st.sampled_from(_REPORTS))
    moved = now(
        was,
        was.installations[MODEL.id].version if version == "as before" else version,
        at - ago,
        since=at if since == "at the read" else since,
        by_device=by_device,
        wanted=wanted,
        artifact_word=word,
    )
    return replace(moved, connectivity=_CONNECTIVITIES[chosen])


@st.composite
def stories(draw: st.DrawFn) -> tuple[tuple[Device, ...], list[Read]]:
    """A fleet, and what is read of it after a rollback began at `T0`."""
    devices = draw(fleets(min_size=1))
    return devices, draw(reads(devices))
