"""`fleet-100k` and `fleet-1m`: the bad version at 40 % of a fleet that nobody can look through."""

from collections.abc import Callable
from math import floor
from random import Random

from octomil_tui.sim.catalog import Catalog, Group
from octomil_tui.sim.crowd.crowd import Crowd, Terms
from octomil_tui.sim.crowd.history import Begun
from octomil_tui.sim.crowd.life import Story, draw_lives
from octomil_tui.sim.crowd.naming import Naming, Stretch
from octomil_tui.sim.crowd.share import Share
from octomil_tui.sim.crowd.strip import COLUMNS, Cell
from octomil_tui.sim.scenarios import brief
from octomil_tui.sim.scenarios.blueprint import DAY, Calendar, Setting, model
from octomil_tui.sim.scenarios.health_rows import behaviours
from octomil_tui.sim.scenarios.large_catalog import GROUPS, MODELS, PAST, PHI, RUNNING, SERVED, GroupRow

__all__ = ["build", "build_sized"]

BEGAN = 5 * DAY
"""Seconds before the start from which on the crowd is known: before the first rollout that still runs."""
Size = Callable[[GroupRow], int]


def build(calendar: Calendar, seed: int, *, column: int) -> Setting:
    """Return the scenario at its start.

    Args:
        calendar: Its dates.
        seed: Who draws which life, and in which order rollouts come to the columns.
        column: Which of the sizes in the table: 0 is 100,000 devices, 1 a million.
    """
    return build_sized(calendar, seed, lambda row: row.sizes[column])


def build_sized(calendar: Calendar, seed: int, size: Size) -> Setting:
    """Return the scenario with groups of other sizes.

    Args:
        calendar: Its dates.
        seed: Which of the possible crowds.
        size: Returns how many devices a group has, 1 at least.
    """
    created = calendar.at("2026-03-01T09:00:00Z")
    groups = [
        Group(f"grp_{row.name.replace('-', '_')}", row.name, row.text, (row.name,), created) for row in GROUPS
    ]
    catalog = Catalog("org_demo", [model(row, calendar) for row in MODELS], groups)
    crowd = _crowd(calendar, seed, catalog, size)
    rollouts = []
    for past in PAST:
        rollout = past.rollout(calendar, ())
        rollout.crowd = Share(crowd, rollout)
        rollouts.append(rollout)
    for opening in RUNNING:
        rollout = opening.past.rollout(calendar, ())
        share = rollout.crowd = Share(crowd, rollout)
        for at, percentage in opening.opened:
            share.open_to(floor(percentage / 100 * share.total + 0.5), calendar.at(at), early=False)
        rollouts.append(rollout)
    return Setting(
        catalog=catalog,
        devices=[],
        rollouts=rollouts,
        first_contacts={},
        next_rollout_id=4131,
        switch_for=45.0,
        kept=2,
        crowd=crowd,
        behaviours=behaviours(brief.HEALTH, calendar),
    )


def _crowd(calendar: Calendar, seed: int, catalog: Catalog, size: Size) -> Crowd:
    story = Story(
        calendar.start_at,
        old="0.9.0",
        good="1.0.0",
        bad="2.0.0",
        served={version: calendar.at(since) for version, since in SERVED.items()},
    )
    naming = Naming(_stretches(size))
    terms = Terms(
        naming=naming,
        cells=_cells(calendar, seed, naming),
        main=PHI,
        platforms={row.name: row.platforms for row in GROUPS},
        story=story,
        lives=draw_lives(story, seed),
        began=calendar.start_at - BEGAN,
        switch_for=45.0,
        kept=2,
        size_bytes=catalog.size_bytes,
    )
    return Crowd(terms, seed)


def _stretches(size: Size) -> tuple[Stretch, ...]:
    stretches: list[Stretch] = []
    start = 0
    for row in GROUPS:
        stretches.append(Stretch(row.name, row.prefix, start, start + size(row)))
        start += size(row)
    return tuple(stretches)


def _cells(calendar: Calendar, seed: int, naming: Naming) -> tuple[Cell, ...]:
    turn = list(range(1, COLUMNS + 1))
    Random(f"{seed}:columns").shuffle(turn)
    past: dict[str, set[int]] = {}
    for one in PAST:
        past.setdefault(one.model_id, set()).add(one.id)
    begun = {row.name: _begun(calendar, row.id, row.active, row.versions[-1].number) for row in MODELS[1:]}
    cells = []
    for row, stretch in zip(GROUPS, naming.stretches, strict=True):
        for column in range(COLUMNS):
            names = row.models[column * len(row.models) // COLUMNS]
            models = (Begun(PHI, None), *(begun[name] for name in names))
            ids = frozenset().union(*(past[one.model_id] for one in models))
            cells.append(Cell(stretch, column, 0 if row.is_first else turn[column], models, ids))
    return tuple(cells)


def _begun(calendar: Calendar, model_id: str, version: str, previous: str) -> Begun:
    return Begun(model_id, version, previous, calendar.at("2026-05-05T09:10:00Z"))
