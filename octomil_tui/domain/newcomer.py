"""Devices that a look shows and that have no row yet: known by their count so far, or come into the scope since."""

from __future__ import annotations

from octomil_tui.domain.counts import Origin
from octomil_tui.domain.fleet import Installation
from octomil_tui.domain.radius import PlanClass, classify
from octomil_tui.domain.watch import Watch


def came_from(
    installation: Installation, to_version: str, started_at: float, leaving: str | None
) -> str | None:
    """Return the version that a device most likely ran when a rollback began, for one that is first seen later."""
    arrived_later = installation.since is not None and installation.since >= started_at
    if installation.version == to_version and arrived_later:
        return installation.previous or leaving
    return installation.version


def newcomer(
    watch: Watch,
    installation: Installation,
    group: str,
    unlisted: dict[tuple[PlanClass, str], int],
) -> tuple[Origin, bool]:
    """Return the origin of a device that has no row yet, and whether it joined.

    While devices of the scope are known by their count alone, one that turns up
    is one of them: of its class and group where such a one is missing, else of
    any. Its place is taken out of `unlisted`.
    """
    was = came_from(installation, watch.to_version, watch.started_at, watch.leaving)
    origin = Origin(classify(was, watch.to_version, watch.order), group, was)
    open_places = [of for of, count in unlisted.items() if count]
    if not open_places:
        now = classify(installation.version, watch.to_version, watch.order)
        return Origin(now, group, installation.version), True
    own = (origin.plan_class, group)
    rest = next((of for of in open_places if of[0] is origin.plan_class), open_places[0])
    unlisted[own if unlisted.get(own) else rest] -= 1
    return origin, False
