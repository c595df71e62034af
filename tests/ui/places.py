"""Ways to every screen of the console, for tests that look at each of them."""

from __future__ import annotations

from textual.widgets import Input

from octomil_tui.ui.widgets.table import Table
from tests.ui.consoles import Hands
from tests.ui.sims import PHI_ID
from tests.ui.watching import roll_back

WAYS: dict[str, tuple[str, ...]] = {
    "FleetScreen": ("1",),
    "ModelsScreen": ("2",),
    "RolloutsScreen": ("3",),
    "GroupsScreen": ("4",),
    "ModelScreen": ("1", "enter"),
    "CompareScreen": ("1", "enter", "d"),
    "RolloutScreen": ("3", "enter"),
    "GroupScreen": ("4", "enter"),
    "WizardScreen": ("1", "R"),
    "HelpScreen": ("1", "question_mark"),
}
"""Keys that lead to a screen from anywhere but a form and a dialog."""

NAMES = {
    "?": "question_mark",
    "/": "slash",
    "esc": "escape",
    "j k": "j",
    ":": "colon",
    "!": "exclamation_mark",
}
NAMES |= {"@": "at", "[": "left_square_bracket", "]": "right_square_bracket"}
"""Keys as the last line writes them, where Textual names them otherwise."""


async def go(hands: Hands, screen: str) -> None:
    """Come to a screen, as it is when it has just been opened."""
    for _ in range(10):
        while hands.app.screen.is_modal or isinstance(hands.app.screen.focused, Input):
            await hands.press("escape")
            await hands.settle()
        await hands.quick("1")
        await hands.settle()
        if hands.screen == "FleetScreen":
            break
        # A form that was just coming up took the key for a letter.
    await hands.on("FleetScreen")
    models = hands.app.screen.query_one("#models", Table)
    models.move_to(PHI_ID)
    hands.app.screen.set_focus(models)
    *first, last = WAYS[screen][WAYS[screen][0] == "1" :] or ("1",)
    await hands.quick(*first)
    if screen == "CompareScreen":
        # Before the versions are known there are no two.
        await hands.see("Deploy history says")
    await hands.quick(last)
    await hands.on(screen)
    if screen == "WizardScreen":
        await hands.see("SCOPE:")
    await hands.settle()


async def watch(hands: Hands) -> None:
    """Come to the watch of a rollback that is under way."""
    await roll_back(hands)
    await hands.later(60)


def state(hands: Hands) -> tuple[object, ...]:
    """Return what a person can notice of the console."""
    return hands.screen, hands.app.screen.focused, hands.picture, tuple(hands.said)
