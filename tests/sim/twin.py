"""The same few hundred devices twice: as a crowd, in closed form, and in the fleet, event by event."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from functools import partial
from math import inf
from typing import Any

from octomil_tui.sim.clock import ManualClock
from octomil_tui.sim.crowd.crowd import Crowd
from octomil_tui.sim.device import SYNC_INTERVAL, Device
from octomil_tui.sim.fleet import Fleet
from octomil_tui.sim.population import Population
from octomil_tui.sim.query import Query
from octomil_tui.sim.rollout import Rollout, Tracked
from octomil_tui.sim.rollout_views import affected_devices, rollout_item, status_history
from octomil_tui.sim.scenarios.blueprint import Calendar, Setting
from octomil_tui.sim.scenarios.large import build_sized
from octomil_tui.sim.scenarios.large_catalog import GROUPS, PAST, RUNNING, GroupRow
from octomil_tui.sim.stamp import parse_time
from octomil_tui.sim.views import device_detail, group_item, model_item
from octomil_tui.sim.world import World

STARTS = parse_time("2026-06-17T03:12:41Z")
SMALL = {row.name: max(5, row.sizes[0] // 1700) for row in GROUPS}
"""About 75 devices."""


def few(row: GroupRow) -> int:
    return SMALL[row.name]


def world_of(setting: Setting, population: Population, clock: ManualClock) -> World:
    return World.over(setting, population, clock=clock)


def closed_form(seed: int, clock: ManualClock) -> World:
    """Return the crowd."""
    return beside_an_empty_fleet(build_sized(Calendar(clock.now()), seed, few), clock)


def beside_an_empty_fleet(setting: Setting, clock: ManualClock) -> World:
    """Return a world that is a crowd alone."""
    fleet = Fleet(
        [],
        size_bytes=setting.catalog.size_bytes,
        switch_for=setting.switch_for,
        kept=setting.kept,
        now=clock.now(),
    )
    return world_of(setting, Population(fleet, setting.crowd), clock)


def step_by_step(seed: int, clock: ManualClock) -> World:
    """Return the same devices as a fleet that is played from the crowd's beginning on."""
    setting = build_sized(Calendar(clock.now()), seed, few)
    crowd = setting.crowd
    assert crowd is not None
    calendar = Calendar(clock.now())
    # Nothing happens before the first order; no need to play five days of idle contacts.
    first = min(calendar.at(at) for opening in RUNNING for at, _ in opening.opened)
    begins = first - (first - crowd.terms.began) % SYNC_INTERVAL - SYNC_INTERVAL
    fleet = Fleet(
        [],
        size_bytes=setting.catalog.size_bytes,
        switch_for=setting.switch_for,
        kept=setting.kept,
        now=begins,
    )
    for strip in crowd.partition.strips:
        for place in strip.places:
            _settle_in(fleet, crowd, place, begins)
    rollouts = [_past(rollout, fleet) for rollout in setting.rollouts[: len(PAST)]]
    running = setting.rollouts[len(PAST) :]
    world = world_of(replace(setting, rollouts=rollouts, crowd=None), Population(fleet), clock)
    for rollout, opening in zip(running, RUNNING, strict=True):
        rollout.crowd = None
        rollout.order = fleet.having(rollout.model_id)
        status, step = rollout.status, rollout.next_step_at
        for at, percentage in opening.opened:
            fleet.advance(calendar.at(at))
            rollout.percentage = percentage
            if rollout.id not in world.ledger.rollouts:
                world.ledger.rollouts[rollout.id] = rollout
                world.ledger._followed.append(rollout)
                world.catalog.models[rollout.model_id].deployed.add(rollout.version)
            rollout.open(calendar.at(at))
        rollout.status = status
        if step is not None:
            fleet.schedule(step, partial(world.ledger._step, rollout))
    fleet.advance(clock.now())
    return world


def _past(rollout: Rollout, fleet: Fleet) -> Rollout:
    rollout.crowd = None
    rollout.order = fleet.having(rollout.model_id)
    for device in rollout.order:
        rollout.tracked[device.id] = Tracked(device, rollout.from_version, settled_at=rollout.completed_at)
    return rollout


def _settle_in(fleet: Fleet, crowd: Crowd, place: int, begins: float) -> None:
    """Put a device into the fleet as it was when the crowd began."""
    strip = crowd.partition.at(place)
    assert strip is not None
    life = crowd.lives[crowd.life(place)]
    pattern = crowd.device(place, strip)
    device = Device(
        **{name: getattr(pattern, name) for name in Device.__dataclass_fields__}
        | {"installs": {}, "one_contact": False}
    )
    device.last_contact = begins + life.phase - SYNC_INTERVAL if life.last_heard is None else life.last_heard
    for begun in strip.cell.models:
        install = device.installs[begun.model_id] = deepcopy(crowd._install(begun, life))
        install.reported_at = device.last_contact
    fleet.add(device)
    if life.last_heard is None:
        fleet.schedule_contact(device, begins + life.phase)
        if life.away_from < inf:
            fleet.schedule(life.away_from, lambda _: fleet._stop(device))
    if life.away_until < inf:

        def come_back(at: float) -> None:
            for install in device.work():
                install.enter(type(install.phase).ACTIVE, at)
            fleet.contact(device, at, asks=True)

        fleet.schedule(life.away_until, come_back)


def picture(world: World) -> dict[str, Any]:
    """Return everything that the service says, in no order."""
    now, population, catalog = world.population.now, world.population, world.catalog
    found: dict[str, Any] = {
        "devices": {
            device.id: deepcopy(device_detail(device, catalog, now))
            for device in population.list(Query(), 1000, 0).devices
        },
        "models": [model_item(m, "org", population) for m in catalog.models.values()],
        "active": {m.name: m.active_version for m in catalog.models.values()},
        "groups": [group_item(g, "org", population) for g in catalog.groups.values()],
    }
    for query in QUERIES:
        listing = population.list(query, 1000, 0)
        found[repr(query)] = (listing.total, sorted(device.id for device in listing.devices))
    for model in catalog.models.values():
        found[f"reporting {model.id}"] = [reporting(world, model.id, now - ago) for ago in (0, 61, 700, 2400)]
        for rollout in world.ledger.of(model):
            found[f"rollout {rollout.id}"] = rollout_item(rollout, model)
            if rollout.id < RUNNING[0].past.id:
                continue
            affected = affected_devices(rollout, now, limit=1000, offset=0)
            affected["devices"] = sorted(affected["devices"], key=lambda row: str(row["id"]))
            found[f"affected {rollout.id}"] = affected
            found[f"history {rollout.id}"] = status_history(rollout)
    return found


def reporting(world: World, model_id: str, at: float) -> dict[tuple[str, str], int]:
    """Return how many devices reported each version at a moment, by group; of classes a crowd knows shares."""
    counts: dict[tuple[str, str], float] = {}
    for (version, group, _), devices in world.monitor.reporting(model_id, at).items():
        counts[version, group] = counts.get((version, group), 0) + devices
    return {key: round(devices) for key, devices in counts.items() if round(devices)}


QUERIES = (
    *(Query(status=word) for word in ("online", "stale", "offline", "revoked", "active", "nonsense")),
    Query(status="online", platform="linux", group="eu-kiosks"),
    Query(search="kiosk-eu-0"),
    Query(search="1", model_id="mdl_sentiment_v1"),
    Query(platform="ios"),
    Query(platform="beos"),
)
