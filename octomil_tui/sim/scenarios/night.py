"""`night`: 124 devices, a bad version at 40 %, and everything that can go slow."""

from itertools import pairwise

from octomil_tui.sim.catalog import Catalog
from octomil_tui.sim.device import Install, Served
from octomil_tui.sim.scenarios.blueprint import Calendar, Setting, groups, make_device, model
from octomil_tui.sim.scenarios.health_rows import behaviours
from octomil_tui.sim.scenarios.night_catalog import GEMMA, MODELS, PAST, PHI, SENTIMENT, WHISPER
from octomil_tui.sim.scenarios.night_devices import ROWS, Row
from octomil_tui.sim.scenarios.night_health import ROWS as HEALTH
from octomil_tui.sim.scenarios.night_health import crossed

__all__ = ["build"]

STEP_ONE = (
    *(f"can-{name}" for name in ("ios-01", "ios-02", "and-03", "and-04", "and-05", "and-06")),
    *(f"stg-ios-{number:02}" for number in range(1, 7)),
    *(f"stg-and-{number:02}" for number in range(7, 13)),
    *(f"kiosk-eu-{number}" for number in ("0117", "0122", "0125", "0139", "0101", "0102", "0103")),
)
"""The 25 devices of the first 20 % of rollout 4127."""
SECOND_STEP = "02:54:40"
TRIED_1_1_0 = frozenset(STEP_ONE[:12])
"""The 12 devices that ran 1.1.0 for a day."""
REACH_OF_60 = {"us-kiosks": 21, "lab": 3}
WHISPER_IN_EU = 31


def build(calendar: Calendar, seed: int) -> Setting:
    """Return the scenario at its start."""
    second = [row.identifier for row in ROWS if row.version == "2.0.0" and row.identifier not in STEP_ONE]
    since = _reported_since(calendar, second)
    devices = [make_device(row, calendar, seed, _installs(row, calendar, since)) for row in ROWS]
    by_name = {device.identifier: device for device in devices}
    led = _order_of_4127(second)
    orders = {
        3702: devices,
        3911: [d for d in devices if d.installs[PHI].active != "0.9.0"],
        3988: [by_name[name] for name in led if by_name[name].installs[PHI].active != "0.9.0"],
        3990: [d for d in devices if d.installs[PHI].active != "0.9.0"],
        4127: [by_name[name] for name in led],
        4102: sorted(devices, key=lambda device: device.installs[SENTIMENT].active != "5.0.2"),
    }
    rollouts = [
        past.rollout(calendar, orders.get(past.id, [d for d in devices if past.model_id in d.installs]))
        for past in PAST
    ]
    return Setting(
        catalog=Catalog("org_demo", [model(row, calendar) for row in MODELS], groups(calendar)),
        devices=devices,
        rollouts=rollouts,
        first_contacts={
            by_name[row.identifier].id: calendar.at(row.first) for row in ROWS if row.first is not None
        },
        next_rollout_id=4131,
        switch_for=45.0,
        kept=2,
        behaviours=behaviours(HEALTH, calendar),
        incidents=(crossed(calendar),),
    )


def _reported_since(calendar: Calendar, second: list[str]) -> dict[str, float]:
    """Return when each device of rollout 4127 first reported 2.0.0."""
    since: dict[str, float] = {}
    for began, names in (("02:31:05", STEP_ONE), (SECOND_STEP, second)):
        for place, name in enumerate(names):
            since[name] = calendar.at(began) + 150 + 6 * place
    return since | {row.identifier: calendar.at(row.since) for row in ROWS if row.since is not None}


def _order_of_4127(second: list[str]) -> list[str]:
    """Return the devices in the order in which rollout 4127 comes to them."""
    order = [*STEP_ONE, *second]
    left = dict(REACH_OF_60)
    for row in ROWS:
        heard = row.first is not None and not row.one_contact
        if row.version == "1.0.0" and heard and left.get(row.group, 0):
            left[row.group] -= 1
            order.append(row.identifier)
    return order + [row.identifier for row in ROWS if row.identifier not in set(order)]


def _installs(row: Row, calendar: Calendar, since: dict[str, float]) -> list[Install]:
    installs = [_phi(row, calendar, since.get(row.identifier))]
    newer = row.group in {"canary", "staging"} or row.identifier in {f"lab-{n:02}" for n in range(1, 14)}
    if newer:
        installs.append(_settled(SENTIMENT, "5.0.2", "5.0.1", calendar.at("2026-06-14T10:12:00Z"), calendar))
    else:
        installs.append(_settled(SENTIMENT, "5.0.1", "5.0.0", calendar.at("2026-05-05T09:10:00Z"), calendar))
    if row.group != "canary":
        installs.append(_settled(GEMMA, "1.4.2", "1.4.1", calendar.at("2026-06-07T13:20:00Z"), calendar))
    in_eu = row.group == "eu-kiosks" and _place_in_eu(row) < WHISPER_IN_EU
    if in_eu or row.group == "us-kiosks" or (row.group == "lab" and row.identifier != "lab-18"):
        installs.append(_settled(WHISPER, "3.1.0", "3.0.2", calendar.at("2026-05-16T08:30:00Z"), calendar))
    for install in installs:
        install.reported_at = calendar.at(row.last)
    return installs


def _place_in_eu(row: Row) -> int:
    return [other.identifier for other in ROWS if other.group == "eu-kiosks"].index(row.identifier)


def _phi(row: Row, calendar: Calendar, since: float | None) -> Install:
    pilot, full = calendar.at("2026-03-02T01:05:00Z"), calendar.at("2026-06-03T02:15:00Z")
    served = [Served("0.9.0", pilot)]
    if row.version != "0.9.0":
        served.append(Served("1.0.0", full))
    if row.identifier in TRIED_1_1_0:
        served.append(Served("1.1.0", calendar.at("2026-06-12T09:20:00Z")))
        served.append(Served("1.0.0", calendar.at("2026-06-13T09:44:00Z")))
    if since is not None:
        served.append(Served("2.0.0", since))
    for earlier, later in pairwise(served):
        earlier.until = later.since
    return Install(
        PHI,
        active=row.version,
        desired=row.version,
        active_since=served[-1].since,
        previous=row.previous,
        on_disk=[version for version in (row.version, row.previous) if version is not None],
        idle_wait=row.idle_wait,
        crash_guard_for=row.crash_guard_for,
        status_since=served[-1].since,
        history=served,
    )


def _settled(model_id: str, active: str, previous: str, since: float, calendar: Calendar) -> Install:
    return Install(
        model_id,
        active=active,
        desired=active,
        active_since=since,
        previous=previous,
        on_disk=[active, previous],
        status_since=since,
        history=[Served(previous, calendar.at("2026-03-02T01:05:00Z"), since), Served(active, since)],
    )
