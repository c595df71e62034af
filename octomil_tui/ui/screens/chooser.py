"""A short list to choose one thing from, over the screen that asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical

from octomil_tui.domain.fleet import DeviceGroup
from octomil_tui.domain.text import clean
from octomil_tui.domain.verdict import Candidate, Level
from octomil_tui.ui.present.plan import candidate_line
from octomil_tui.ui.screens.dialog import HELP_KEYS, Dialog
from octomil_tui.ui.spans import Line, Token, legend, line
from octomil_tui.ui.theme import look_of
from octomil_tui.ui.widgets.chrome import Chrome
from octomil_tui.ui.widgets.columns import Column
from octomil_tui.ui.widgets.rows import Row
from octomil_tui.ui.widgets.table import Table

FLEET_KEY = ""
"""Key of the whole fleet among the scopes."""


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose."""

    key: str
    label: Line
    enabled: bool = True


class Chooser(Dialog[str | None], inherit_bindings=False):
    """Returns the key of what was chosen, None when nothing was."""

    NAMED = "a choice"
    ABOUT = ("One of these, or esc for none of them. What is dim cannot be chosen now.",)
    KEYS = (("enter", "choose it"), ("esc", "leave as it is"), ("j k", "move"))
    BINDINGS = [HELP_KEYS, Binding("escape,q", "cancel", "Cancel", show=False)]
    AUTO_FOCUS = "Table"

    def __init__(self, title: str, options: Sequence[Option], chosen: str | None) -> None:
        super().__init__()
        self._title = title
        self._options = tuple(options)
        self._chosen = chosen

    def compose(self) -> ComposeResult:
        with Vertical(id="chooser"):
            yield Table(
                self._title,
                columns=[Column("label", "")],
                rows=[Row(option.key, [option.label]) for option in self._options],
                chrome=Chrome.BOX,
            )

    def on_mount(self) -> None:
        table = self.query_one(Table)
        table.set_title(
            self._title, legend((look_of(self.app).glyphs.enter, "choose"), ("esc", "leave as it is"))
        )
        if self._chosen is not None:
            table.move_to(self._chosen)

    @on(Table.Opened)
    def _opened(self, event: Table.Opened) -> None:
        option = next(one for one in self._options if one.key == event.key)
        if option.enabled:
            self.dismiss(event.key)

    def action_cancel(self) -> None:
        """Leave everything as it is."""
        self.dismiss(None)


def scopes(groups: Iterable[DeviceGroup]) -> list[Option]:
    """Return the fleet and every group to choose from."""
    only = [Option(group.id, line("only ", (clean(group.name), Token.STRONG))) for group in groups]
    return [Option(FLEET_KEY, line("the whole fleet")), *only]


def versions(found: Iterable[Candidate]) -> list[Option]:
    """Return the versions to choose from, each with its verdict; a refused one cannot be chosen."""
    return [
        Option(one.version.version, candidate_line(one), enabled=one.verdict.level is not Level.REFUSE)
        for one in found
    ]
