"""All keys as they are: which intent has which key on which screens; for the README, `keys list` and the palette."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from textual.binding import Binding

from octomil_tui.ui import screens
from octomil_tui.ui.intent import Intent
from octomil_tui.ui.intents import APP_WIDE, INTENTS

EVERYWHERE: Final = "everywhere"
LISTS: Final = "every list"

SCREENS: Final = {
    "FleetScreen": "Fleet",
    "ModelsScreen": "Models",
    "RolloutsScreen": "Rollouts",
    "GroupsScreen": "Groups",
    "TimelineScreen": "Timeline",
    "ModelScreen": "a model",
    "CompareScreen": "Compare",
    "GroupScreen": "a group",
    "RolloutScreen": "a rollout",
    "WizardScreen": "a preview",
    "WatchScreen": "a watch",
    "StragglersScreen": "Stragglers",
    "ActionScreen": "an action",
    "PolicyScreen": "the policy",
    "RequestsScreen": "Requests",
    "ErrorsScreen": "Errors",
    "JsonScreen": "JSON",
    "HelpScreen": "help",
}
"""Each screen as people call it, by its class."""

WITHOUT_SORT: Final = frozenset({"WizardScreen"})
"""Screens whose lists have no column to sort by: the key is free for the screen there."""


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One intent with where it works."""

    intent: Intent
    screens: tuple[str, ...]
    """As people call them; `EVERYWHERE` and `LISTS` alone for those."""


@cache
def own_names(screen: str) -> frozenset[str]:
    """Return the names of the intents that a screen of this class does itself."""
    found = getattr(screens, screen).BINDINGS
    return frozenset(one.id for one in found if isinstance(one, Binding) and one.id is not None)


def names_on(screen: str) -> frozenset[str]:
    """Return the names of all intents that a key can mean on a screen of this class."""
    unsorted = ("sort", "reverse") if screen in WITHOUT_SORT else ()
    lists = (one.name for one in INTENTS if one.of_table and one.name not in unsorted)
    return own_names(screen) | {one.name for one in INTENTS if one.id in APP_WIDE} | frozenset(lists)


def places_of(name: str) -> tuple[str, ...]:
    """Return where an intent works, as people call it."""
    return tuple(said for screen, said in SCREENS.items() if name in own_names(screen))


def key_rows() -> Iterator[KeyRow]:
    """Yield every intent with where it works, in the order of the table."""
    for one in INTENTS:
        if one.id in APP_WIDE:
            where: tuple[str, ...] = (EVERYWHERE,)
        else:
            where = (LISTS,) if one.of_table else places_of(one.name)
        yield KeyRow(one, where)
