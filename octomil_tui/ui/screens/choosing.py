"""The numbered choices about a rollback that did not go as asked; none of them sends anything by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from textual.binding import Binding

from octomil_tui.domain.choice import Act, Choice, choices, rival_of
from octomil_tui.domain.rollback import Rollback
from octomil_tui.ui.present.unclear import choice_lines
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.screens.base import BaseScreen
from octomil_tui.ui.spans import wrap
from octomil_tui.ui.widgets.edges import Key
from octomil_tui.ui.widgets.pane import Pane

_WORDS: Final = {
    Act.WATCH_WHOLE: "accept",
    Act.COPY: "copy",
    Act.LOOK_AGAIN: "keep looking",
    Act.SEND_AGAIN: "send again",
    Act.GIVE_UP: "give up",
    Act.WATCH_RIVAL: "watch that one",
    Act.AS_ROLLOUT: "as a rollout",
    Act.START_OVER: "start over",
}
_MOST: Final = 3
"""Choices that there are at most."""

NUMBERS: Final = tuple(
    Binding(str(number), f"choose({number})", show=False) for number in range(1, _MOST + 1)
)
"""The keys of the choices, for the screen that offers them."""


class ChoosingScreen(BaseScreen):
    """A screen about one rollback that offers choices in a pane.

    Args:
        model_id: The model whose newest rollback it is about.
    """

    def __init__(self, model_id: str) -> None:
        super().__init__()
        self._model_id = model_id

    @property
    def rollback(self) -> Rollback | None:
        """The rollback that is shown."""
        return self.console.known.rollbacks.get(self._model_id)

    @property
    def choices(self) -> Sequence[Choice]:
        """What can be chosen now, by its number from 1."""
        rollback = self.rollback
        if rollback is None or self.console.place_info.read_only:
            return ()
        return choices(rollback, rival_of(rollback, self.console.known.snapshot))

    def choice_pane(self) -> Pane:
        """Return the pane for `panes`."""
        return Pane("YOUR CHOICE", id="choice")

    def fill_choices(self) -> None:
        """Show what can be chosen, where there is something."""
        found = self.choices
        pane = self.query_one("#choice", Pane)
        pane.display = bool(found)
        pane.set_title("YOUR CHOICE", muted("nothing is chosen for you"))
        pane.set_lines(wrap(choice_lines(found), pane.room))

    def choice_keys(self) -> Sequence[Key]:
        """Return the numbers that choose something now."""
        return [Key(str(number), _WORDS[one.act]) for number, one in enumerate(self.choices, 1)]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        # A number that is no choice now is the key of a place, as everywhere else.
        if action == "choose" and not (
            parameters and isinstance(parameters[0], int) and parameters[0] <= len(self.choices)
        ):
            return False
        return super().check_action(action, parameters)

    def action_choose(self, number: int) -> None:
        """Do what the choice of that number says; none of them sends anything by itself."""
        found = self.choices
        if 1 <= number <= len(found):
            self.console.choose(self._model_id, found[number - 1].act)
