"""Which commands work on the screen in front, and why the others do not: nothing is hidden, it says so."""

from __future__ import annotations

from collections.abc import Sequence

from textual.binding import Binding
from textual.widget import Widget

from octomil_tui.ui.command import Command, Takes, commands
from octomil_tui.ui.intent import Intent
from octomil_tui.ui.intents import APP_WIDE, intent
from octomil_tui.ui.key_table import places_of
from octomil_tui.ui.screens.base import BaseScreen
from octomil_tui.ui.suggestion import Offer
from octomil_tui.ui.widgets.cursor import CursorRows
from octomil_tui.ui.widgets.pane import Pane
from octomil_tui.ui.widgets.table import Table

READ_ONLY = "read-only: shows it, and sends nothing"


def offers(screen: BaseScreen) -> Sequence[Offer]:
    """Return every command as it stands on this screen: first what the screen does itself, last what does not work."""
    found, own = [offer(one, screen) for one in commands()], own_ids(screen)

    def place(one: Offer) -> int:
        is_own = one.command.intent is not None and one.command.intent.id in own
        return 2 if one.why_not else 0 if is_own else 1

    return sorted(found, key=place)


def offer(one: Command, screen: BaseScreen) -> Offer:
    """Return how a command stands on this screen."""
    console = screen.console
    if one.reach.value != "nothing" and console.frozen_mono is not None:
        return Offer(one, f"the picture is frozen: {intent('freeze').key} goes on")
    note = READ_ONLY if console.place_info.read_only and one.reach.value != "nothing" else ""
    if one.intent is None or (one.takes in (Takes.MODEL, Takes.ROLLBACK, Takes.TERMS) and one.is_optional):
        # It says what it is about itself.
        return Offer(one, "", note)
    return Offer(one, why_not(one.intent, screen), note)


def why_not(one: Intent, screen: BaseScreen) -> str:
    """Return why an intent does nothing on this screen now; empty where it does."""
    if one.id in own_ids(screen):
        shown = {key.name: key.enabled for key in screen.keys(screen.view()) if key.name}
        # The last line has room for one of the two ways from mark to mark.
        name = "next-mark" if one.name == "previous-mark" else one.name
        return "" if shown.get(name, True) else "not now: there is nothing to do it on"
    if one.id in APP_WIDE:
        return ""
    if one.of_table and owner_of(one, screen) is not None:
        return ""
    where = places_of(one.name)
    return f"not here: on {', '.join(where)}" if where else "not here"


def owner_of(one: Intent, screen: BaseScreen) -> Widget | None:
    """Return the list or the pane that does what an intent of a table means; None where there is none."""
    widget = screen.focused
    if one.name in ("sort", "reverse"):
        return widget if isinstance(widget, Table) and widget.check_action("sort", ()) else None
    return widget if isinstance(widget, CursorRows | Pane) else None


def own_ids(screen: BaseScreen) -> frozenset[str]:
    """Return the ids of what the screen itself can do."""
    return frozenset(binding.action for binding in screen.BINDINGS if isinstance(binding, Binding))
