"""One rollout: what it is, how far it is, and its status history."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.containers import Horizontal
from textual.widget import Widget

from octomil_tui.domain.fleet import Rollout
from octomil_tui.domain.overview import group_facts, model_facts
from octomil_tui.domain.text import clean, version_label
from octomil_tui.engine.state import Focus
from octomil_tui.engine.topic import Topic, history_of, rollouts_of
from octomil_tui.ui.intents import bindings
from octomil_tui.ui.present import rollout as present
from octomil_tui.ui.present.model import group_lines
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.screens.base import HELP, BaseScreen, key
from octomil_tui.ui.screens.view import View
from octomil_tui.ui.spans import Line, Token, line, wrap
from octomil_tui.ui.widgets.edges import Key
from octomil_tui.ui.widgets.pane import Pane

_BAR = 24


class RolloutScreen(BaseScreen):
    """What one rollout, or rollback, has been through.

    Args:
        model_id: Its model.
        rollout_id: The rollout.
    """

    BINDINGS = bindings("watch", "actions", "roll_back")
    AUTO_FOCUS = "#history"

    def __init__(self, model_id: str, rollout_id: str) -> None:
        super().__init__()
        self._model_id, self._rollout_id = model_id, rollout_id

    def panes(self) -> Iterable[Widget]:
        yield Horizontal(
            Pane("ROLLOUT", id="facts"), Pane("GROUPS", id="groups-wide", classes="-aside"), id="upper"
        )
        yield Pane("STATUS HISTORY", id="history", can_focus=True)

    @property
    def crumbs(self) -> str:
        return f"Rollouts > {clean(self._rollout_id)}"

    @property
    def _history(self) -> Topic:
        return history_of(self._model_id, self._rollout_id)

    @property
    def focus_on(self) -> Focus:
        return Focus(model_id=self._model_id, topics=(self._history,))

    def topics(self) -> Sequence[Topic]:
        return (rollouts_of(self._model_id),)

    @property
    def model_name(self) -> str:
        """The model's name, safe to show."""
        model = self.console.known.snapshot.model(self._model_id)
        return clean(model.name if model is not None else self._model_id)

    def _rollout(self) -> Rollout | None:
        rollouts = self.console.known.snapshot.rollouts.get(self._model_id, ())
        return next((one for one in rollouts if one.id == self._rollout_id), None)

    def sentence(self, view: View) -> Sequence[Line]:
        rollout = self._rollout()
        if rollout is None:
            return [line(("?? The server no longer lists this rollout.", Token.NEEDS))]
        state = view.state
        facts = model_facts(state.snapshot, state.census.shown, view.signals)
        about = next((one for one in facts if one.model.id == self._model_id), None)
        return wrap([present.rollout_sentence(rollout, self.model_name, about)], self.size.width - 2)

    def fill(self, view: View) -> None:
        rollout = self._rollout()
        facts, history = self.query_one("#facts", Pane), self.query_one("#history", Pane)
        facts.display = rollout is not None
        if rollout is not None:
            what = "ROLLBACK" if rollout.is_rollback else "ROLLOUT"
            facts.set_title(
                f"{what} {clean(rollout.id)}",
                self.aside(view, rollouts_of(self._model_id), muted(self.model_name)),
            )
            told = present.fact_lines(rollout, view.state.snapshot, view.now, view.glyphs, wide=view.wide)
            facts.set_lines(wrap(told, facts.room, indent=present.LABEL))
            self._fill_groups(view, rollout)
        history.set_title("STATUS HISTORY", self.aside(view, self._history, muted("the newest first")))
        changes = view.state.histories.get((self._model_id, self._rollout_id))
        rows = present.history_lines(changes or (), view.now, history.room, view.glyphs)
        history.set_lines(rows or [muted("reading …" if changes is None else "this service tells none")])

    def _fill_groups(self, view: View, rollout: Rollout) -> None:
        pane = self.query_one("#groups-wide", Pane)
        pane.set_title(f"GROUPS ON {version_label(rollout.version)}")
        found = group_facts(view.state.snapshot, self._model_id, counted=view.state.census.shown)
        pane.set_lines(group_lines(found, rollout.version, view.glyphs, columns=1, bar=_BAR))

    def keys(self, view: View) -> Sequence[Key]:
        rollout = self._rollout()
        return (
            key("actions"),
            key("watch", enabled=rollout is not None and rollout.is_rollback),
            key("roll_back"),
            key("refresh_now"),
            key("back"),
            HELP,
        )

    def action_watch(self) -> None:
        """Watch it, where it is a rollback."""
        self.console.open_watch(self._model_id, self._rollout_id)

    def action_actions(self) -> None:
        """Offer what can be done to it."""
        self.console.open_actions(self._model_id, rollout_id=self._rollout_id)

    def action_roll_back(self) -> None:
        """Preview a rollback of its model."""
        self.console.open_preview(self._model_id)
