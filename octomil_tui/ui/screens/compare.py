"""Two versions of a model side by side: which is better, in what, and where the difference comes from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.containers import Vertical
from textual.widget import Widget

from octomil_tui.domain.text import clean
from octomil_tui.domain.verdict import candidates
from octomil_tui.engine.state import Focus
from octomil_tui.engine.topic import health_of
from octomil_tui.ui import format as as_text
from octomil_tui.ui.intents import bindings
from octomil_tui.ui.present import compare as present
from octomil_tui.ui.present.compare import Pair
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.screens.base import HELP, BaseScreen, key
from octomil_tui.ui.screens.view import View
from octomil_tui.ui.spans import Line, wrap
from octomil_tui.ui.widgets.edges import Key
from octomil_tui.ui.widgets.pane import Pane

_ROOMY = 30
"""Rows from which on there is room for everything that is told of two versions."""


class CompareScreen(BaseScreen):
    """The figures of two versions; the right one is the one to go to.

    Args:
        model_id: The model.
        left: The version to leave.
        right: The version to go to.
    """

    BINDINGS = bindings("compare", "roll_back")
    AUTO_FOCUS = ""

    def __init__(self, model_id: str, left: str, right: str) -> None:
        super().__init__()
        self._model_id, self._left, self._right = model_id, left, right

    def panes(self) -> Iterable[Widget]:
        yield Pane("COMPARE", id="figures")
        yield Vertical(
            Pane("BY CLASS OF DEVICES", id="classes", can_focus=True),
            Pane("BY GROUP", id="groups", can_focus=True),
            id="parts",
        )

    @property
    def crumbs(self) -> str:
        model = self.console.known.snapshot.model(self._model_id)
        return f"Fleet > {clean(model.name if model is not None else self._model_id)} > Compare"

    @property
    def focus_on(self) -> Focus:
        return Focus(model_id=self._model_id)

    def pair(self, view: View) -> Pair:
        """Return the versions and what is known of them."""
        found = candidates(view.state.snapshot, self._model_id)
        return Pair(self._left, self._right, view.signals.of(self._model_id), found)

    def sentence(self, view: View) -> Sequence[Line]:
        return wrap([present.sentence(self.pair(view))], self.size.width - 2)

    def fill(self, view: View) -> None:
        pair = self.pair(view)
        figures, classes = self.query_one("#figures", Pane), self.query_one("#classes", Pane)
        figures.set_title(
            present.title(pair, view.glyphs),
            self.aside(
                view,
                health_of(self._model_id),
                muted(f"at {as_text.short_clock(pair.at)}" if pair.at is not None else ""),
            ),
        )
        cells = figures.room if view.wide else 0
        rows = present.figure_lines(
            pair, view.glyphs, cells=cells, is_live=view.fresh.is_live, is_low=self.size.height < _ROOMY
        )
        figures.set_lines(rows)
        metric = present.part_metric(pair).value
        classes.set_title("BY CLASS OF DEVICES", muted(metric))
        classes.set_lines(present.class_lines(pair))
        groups = self.query_one("#groups", Pane)
        groups.set_title("BY GROUP", muted(metric))
        groups.set_lines(present.group_lines(pair))

    def keys(self, view: View) -> Sequence[Key]:
        return (
            key("compare", "other version"),
            key("roll_back", "roll back to the right one"),
            key("focus_next"),
            key("refresh_now"),
            key("back"),
            HELP,
        )

    def action_compare(self) -> None:
        """Hold the next of the other versions against the left one."""
        others = [
            one.version
            for one in self.console.known.snapshot.versions.get(self._model_id, ())
            if one.version != self._left
        ]
        if others:
            place = others.index(self._right) if self._right in others else -1
            self._right = others[(place + 1) % len(others)]
            self.show()

    def action_roll_back(self) -> None:
        """Preview the way to the right version."""
        self.console.open_preview(self._model_id, to_version=self._right)
