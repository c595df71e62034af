"""How a table of a scenario says how versions do, and how the bad version of every scenario does."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from octomil_tui.sim.health.behaviour import Behaviour, Service, Turn
from octomil_tui.sim.health.figures import Figures
from octomil_tui.sim.scenarios.blueprint import Calendar

__all__ = ["BAD", "GOOD", "PILOT", "VersionHealth", "behaviours", "like", "turned"]


class VersionHealth(NamedTuple):
    """One row: how one version does, and when it served."""

    model_id: str
    version: str
    usual: Figures
    served: tuple[str, str | None, int] | None = None
    """From when, to when, on how many devices at most."""
    start: Figures | None = None
    """What it does at first, where that is not what is usual."""
    turns: tuple[tuple[str, float, Figures], ...] = ()
    """When it turns, over how many seconds, and to what."""
    eases_to: Figures | None = None


GOOD = Figures(0.7, 0.1, 71.0, 180.0, 262.0, 91.4, 2700.0)
"""Version 1.0.0 of phi-4-mini."""
BAD = Figures(6.1, 0.4, 96.0, 412.0, 930.0, 90.8, 3100.0)
"""Version 2.0.0 of phi-4-mini, once it has turned."""
PILOT = Figures(0.9, 0.12, 78.0, 201.0, 300.0, 88.0, 2500.0)
"""Version 0.9.0 of phi-4-mini."""


def like(figures: Figures, **others: float | None) -> Figures:
    """Return figures of which some are others."""
    return replace(figures, **others)


def turned(
    at: float, over: float, group: str | None = None, device_class: str | None = None, **to: float
) -> Turn:
    """Return a turn of some figures, the others staying."""
    return Turn(at, over, Figures(**to), group, device_class)


def behaviours(rows: Iterable[VersionHealth], calendar: Calendar) -> Mapping[tuple[str, str], Behaviour]:
    """Return the behaviours of a table, by model id and version."""
    return {(row.model_id, row.version): _behaviour(row, calendar) for row in rows}


def _behaviour(row: VersionHealth, calendar: Calendar) -> Behaviour:
    service = None
    if row.served is not None:
        since, until, devices = row.served
        service = Service(calendar.at(since), None if until is None else calendar.at(until), devices)
    return Behaviour(
        row.usual,
        row.start,
        tuple(Turn(calendar.at(at), over, to) for at, over, to in row.turns),
        row.eases_to,
        service,
        calm_at=calendar.start_at,
    )
