"""The embedded control plane with a scenario of the benchmark's own.

    python -m tests.bench.apps.service models NUMBER
    python -m tests.bench.apps.service devices NUMBER
    python -m tests.bench.apps.service still 124

With so many models, the devices are those of `brief`: all online, two in five on
a bad version. Every model beside the main one is on a quarter of them, and one in
four of those has a rollout that runs. With so many devices, it is the scenario of
the million, smaller. The still one is `brief` without a device that ever syncs again.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from octomil_tui.sim import scenarios
from octomil_tui.sim.catalog import Catalog
from octomil_tui.sim.device import Install, Served
from octomil_tui.sim.options import SimOptions
from octomil_tui.sim.rollout import Kind, Status
from octomil_tui.sim.scenarios import brief, large
from octomil_tui.sim.scenarios.blueprint import (
    Calendar,
    ModelRow,
    Past,
    Setting,
    VersionRow,
    groups,
    model,
)
from octomil_tui.sim.server import run_server

NAME = "brief"
"""The scenario whose place it takes."""
MILLION = 1_000_000
OLD, NEW = "1.0.0", "1.1.0"
_FIRST_ROLLOUT = 5000


def build(calendar: Calendar, seed: int, *, models: int) -> Setting:
    """Return the devices of `brief` with so many models."""
    setting = brief.build(calendar, seed)
    others = range(1, models)
    for place, device in enumerate(setting.devices):
        for number in others:
            if (place + number) % 4 == 0:
                install = _install(number, calendar)
                install.reported_at = device.last_contact
                device.installs[install.model_id] = install
    rollouts = [
        _past(number).rollout(calendar, [one for one in setting.devices if _id(number) in one.installs])
        for number in others
    ]
    rows = [model(_row(number), calendar) for number in others]
    known = setting.catalog
    return replace(
        setting,
        catalog=Catalog(known.org_id, [*known.models.values(), *rows], groups(calendar)),
        rollouts=[*setting.rollouts, *rollouts],
        next_rollout_id=_FIRST_ROLLOUT + models,
    )


def _id(number: int) -> str:
    return f"mdl_other{number:02}"


def _row(number: int) -> ModelRow:
    versions = tuple(
        VersionRow(version, "active", 1.2, created, "dev", "One of many")
        for version, created in ((NEW, "2026-06-10T10:00:00Z"), (OLD, "2026-05-02T10:00:00Z"))
    )
    return ModelRow(_id(number), f"other-{number:02}", "chat", "One of many", OLD, versions)


def _past(number: int) -> Past:
    began = ("02:31:05", Status.ACTIVE, 25.0, "dev")
    is_running = number % 4 == 0
    ended = () if is_running else (("02:54:40", Status.COMPLETED, 100.0, "auto"),)
    version, before = (NEW, OLD) if is_running else (OLD, None)
    return Past(
        _FIRST_ROLLOUT + number, _id(number), version, before, Kind.PROGRESSIVE, "dev", (began, *ended)
    )


def _install(number: int, calendar: Calendar) -> Install:
    since = calendar.at("2026-05-05T09:10:00Z")
    return Install(
        _id(number),
        active=OLD,
        desired=OLD,
        active_since=since,
        on_disk=[OLD],
        status_since=since,
        history=[Served(OLD, since)],
    )


def _sized(calendar: Calendar, seed: int, *, devices: int) -> Setting:
    return large.build_sized(calendar, seed, lambda row: max(1, round(row.sizes[1] * devices / MILLION)))


def _still(calendar: Calendar, seed: int) -> Setting:
    return replace(brief.build(calendar, seed), first_contacts={})


def main(what: str, number: int) -> int:
    """Serve until nobody holds the other end of standard input."""
    builders: dict[str, Callable[[Calendar, int], Setting]] = {
        "models": partial(build, models=number),
        "devices": partial(_sized, devices=number),
        "still": _still,
    }
    scenarios.BUILDERS = {NAME: builders[what]}
    return run_server(SimOptions(scenario=NAME))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
