"""`brief`: the rollback page's own example. 124 devices, all online, none in the way."""

from dataclasses import replace
from itertools import pairwise
from random import Random

from octomil_tui.sim.catalog import Catalog
from octomil_tui.sim.device import SYNC_INTERVAL, Install, Served
from octomil_tui.sim.rollout import Kind, Status
from octomil_tui.sim.scenarios.blueprint import (
    Calendar,
    ModelRow,
    Past,
    Setting,
    VersionRow,
    groups,
    make_device,
    model,
)
from octomil_tui.sim.scenarios.health_rows import BAD, GOOD, PILOT, VersionHealth, behaviours
from octomil_tui.sim.scenarios.night_devices import ROWS, Row

__all__ = ["build"]

PHI = "mdl_phi4mini"
MODEL = ModelRow(
    PHI,
    "phi-4-mini",
    "chat",
    "Answers customers at the kiosk",
    "1.0.0",
    (
        VersionRow("2.1.0", "preview", 2.4, "2026-06-16T16:20:00Z", "dev", "Candidate, never deployed"),
        VersionRow("2.0.0", "active", 2.4, "2026-06-16T14:05:00Z", "dev", "New instruction tuning"),
        VersionRow("1.0.0", "active", 2.2, "2026-06-02T10:30:00Z", "dev", "First full release"),
        VersionRow("0.9.0", "deprecated", 2.0, "2026-03-01T17:10:00Z", "infra", "Pilot"),
    ),
)
ACTIVE, DONE = Status.ACTIVE, Status.COMPLETED
PAST = (
    Past(
        3702,
        PHI,
        "0.9.0",
        None,
        Kind.INSTANT,
        "infra",
        (("2026-03-02T01:00:00Z", ACTIVE, 100.0, "infra"), ("2026-03-02T01:20:00Z", DONE, 100.0, "auto")),
    ),
    Past(
        3911,
        PHI,
        "1.0.0",
        "0.9.0",
        Kind.PROGRESSIVE,
        "dev",
        (("2026-06-03T01:30:00Z", ACTIVE, 50.0, "dev"), ("2026-06-03T07:30:00Z", DONE, 100.0, "auto")),
        increment_step=50.0,
    ),
    Past(
        4127,
        PHI,
        "2.0.0",
        "1.0.0",
        Kind.PROGRESSIVE,
        "ops",
        (("02:31:05", ACTIVE, 20.0, "ops"), ("02:54:40", ACTIVE, 40.0, "ops")),
        increment_step=20.0,
    ),
)
HEALTH = (
    VersionHealth(PHI, "2.0.0", BAD, ("02:31:05", None, 50), start=GOOD, turns=(("03:00:00", 240.0, BAD),)),
    VersionHealth(PHI, "1.0.0", GOOD, ("2026-06-03T01:30:00Z", None, 124)),
    VersionHealth(PHI, "0.9.0", PILOT, ("2026-03-02T01:00:00Z", "2026-06-03T07:30:00Z", 124)),
)
SERVED = {"0.9.0": "2026-03-02T01:05:00Z", "1.0.0": "2026-06-03T02:15:00Z", "2.0.0": "02:58:00"}


def build(calendar: Calendar, seed: int) -> Setting:
    """Return the scenario at its start; the seed says who syncs when."""
    phases = [1 + SYNC_INTERVAL * place // len(ROWS) for place in range(len(ROWS))]
    Random(seed).shuffle(phases)
    devices = []
    first_contacts = {}
    for row, phase in zip(ROWS, phases, strict=True):
        device = make_device(_plain(row), calendar, seed, [_install(row, calendar)])
        device = replace(device, last_contact=calendar.start_at + phase - SYNC_INTERVAL)
        device.installs[PHI].reported_at = device.last_contact
        devices.append(device)
        first_contacts[device.id] = calendar.start_at + phase
    led = sorted(devices, key=lambda device: device.installs[PHI].active != "2.0.0")
    return Setting(
        catalog=Catalog("org_demo", [model(MODEL, calendar)], groups(calendar)),
        devices=devices,
        rollouts=[past.rollout(calendar, led) for past in PAST],
        first_contacts=first_contacts,
        next_rollout_id=4131,
        # "Devices switch on their next sync": nothing is downloaded, and a switch is short.
        switch_for=2.0,
        kept=3,
        behaviours=behaviours(HEALTH, calendar),
    )


def _plain(row: Row) -> Row:
    return row._replace(last="03:12:41", revoked=False, one_contact=False, rate=None)


def _install(row: Row, calendar: Calendar) -> Install:
    serves = ["2.0.0", "1.0.0", "0.9.0"] if row.version == "2.0.0" else ["1.0.0", "0.9.0"]
    history = [Served(version, calendar.at(SERVED[version])) for version in reversed(serves)]
    for earlier, later in pairwise(history):
        earlier.until = later.since
    return Install(
        PHI,
        active=serves[0],
        desired=serves[0],
        active_since=history[-1].since,
        previous=serves[1],
        on_disk=serves,
        status_since=history[-1].since,
        history=history,
    )
