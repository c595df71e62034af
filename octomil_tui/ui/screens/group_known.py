"""What the page of one group is about at one moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from octomil_tui.domain.convergence import Watch
from octomil_tui.domain.filter_keys import About, device_keys
from octomil_tui.domain.filter_term import Keys
from octomil_tui.domain.fleet import Device
from octomil_tui.domain.overview import ModelFacts
from octomil_tui.domain.text import clean
from octomil_tui.engine.pages import DeviceList
from octomil_tui.ui.screens.view import View
from octomil_tui.ui.widgets.rows import ItemRows


@dataclass(frozen=True, eq=False, slots=True)
class GroupKnown:
    """What the page is about at one moment; made again only where something of it changed."""

    source: object
    """What the devices are of: the fleet, the group alone, or the pages that were read; by identity, or by version."""
    watch: Watch | None
    facts: ModelFacts | None
    devices: Sequence[Device]
    """Those of the group, the worst first; of a group that is not here whole, those that were read."""
    rows: ItemRows[Device]
    longest: int
    """Cells of the longest name among them."""
    size: int | None = None
    """How many the group has, where not all of them are here."""
    pages: DeviceList | None = None
    """Where they were read page by page."""


def labels_of(view: View) -> dict[str, str]:
    """Return the name of every group by its id, safe to show."""
    return {group.id: clean(group.name) for group in view.state.snapshot.groups or ()}


def keys_of(view: View, known: GroupKnown) -> Keys[Device]:
    """Return what the devices of a group can be asked."""
    return device_keys(
        About(
            models={known.facts.model.id: known.facts.model.name} if known.facts is not None else {},
            groups=labels_of(view),
            followed=known.watch,
            now=view.now,
        )
    )
