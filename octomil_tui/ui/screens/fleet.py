"""The Fleet: every model and every group at a glance (A-80, A-160)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import on
from textual.containers import Horizontal
from textual.widget import Widget

from octomil_tui.domain.overview import GroupFacts, ModelFacts, group_facts, model_facts, reachability
from octomil_tui.domain.radius import NO_GROUP
from octomil_tui.domain.rollback import Rollback
from octomil_tui.domain.text import clean
from octomil_tui.engine.auto_rollback import left_alone as incident_left_alone
from octomil_tui.engine.state import Focus
from octomil_tui.engine.timeline import timeline
from octomil_tui.engine.topic import ACTIVE, DEVICES, GROUPS, MODELS, TIMELINE
from octomil_tui.ui import format as as_text
from octomil_tui.ui.intents import bindings, hint, intent
from octomil_tui.ui.present import fleet as present
from octomil_tui.ui.present.away import away_sentence, ended_at
from octomil_tui.ui.present.counted import counted_words
from octomil_tui.ui.present.fleet_groups import group_columns, group_row
from octomil_tui.ui.present.fleet_signal import crossed_lines, is_about
from octomil_tui.ui.present.policy_news import news_lines
from octomil_tui.ui.present.site import site_lines
from octomil_tui.ui.present.timeline import brief_lines
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.screens.away import AwayPane, left_alone
from octomil_tui.ui.screens.base import HELP, PLACES, BaseScreen, key
from octomil_tui.ui.screens.item import Selected, known_group, known_model
from octomil_tui.ui.screens.view import View
from octomil_tui.ui.spans import Line, Token, legend, line, wrap
from octomil_tui.ui.widgets.edges import Key
from octomil_tui.ui.widgets.pane import Pane
from octomil_tui.ui.widgets.table import Table

_WITH_EVENTS = 22
"""Lines of a terminal from which on there is room for the last events."""
_FEW_EVENTS, _MOST_EVENTS = 3, 10


_ROOMY = 20
"""Rows from which on there is room for what the policy says beside what the fleet says."""


class FleetScreen(BaseScreen):
    """What runs where, and what needs somebody."""

    BINDINGS = bindings("roll_back", "watch", "actions", "filter")
    AUTO_FOCUS = "#models"

    def panes(self) -> Iterable[Widget]:
        yield AwayPane(id="away")
        yield Horizontal(
            Table("MODELS", id="models"), Pane("RUNNING NOW", id="running", classes="-aside"), id="upper"
        )
        yield Horizontal(
            Table("DEVICE GROUPS", id="groups"),
            Pane("DEVICES REACHABLE", id="reachable", classes="-aside"),
            id="lower",
        )
        yield Pane("LAST EVENTS", id="events")

    @property
    def focus_on(self) -> Focus:
        return Focus(model_id=self.query_one("#models", Table).cursor_key, has_timeline=True)

    def sentence(self, view: View) -> Sequence[Line]:
        if away := left_alone(view.state):
            return [
                away_sentence(
                    away[0], self._model_name(view, away[0]), ended_at(away[0], view.state.snapshot)
                )
            ]
        facts = model_facts(view.state.snapshot, view.state.census.shown, view.signals)
        cells = self.size.width - 2
        # On a low screen what runs where matters more than a second sentence.
        is_roomy = self.size.height >= _ROOMY
        incident = incident_left_alone(view.state) if is_roomy else None
        if incident is not None and facts and is_about(incident, facts[0]):
            said = crossed_lines(facts[0], incident, wide=view.wide)
            incident = None
        else:
            said = [present.fleet_sentence(facts, view.state, wide=view.wide)]
        news = news_lines(view.state, incident, cells) if is_roomy else []
        if is_roomy and facts:
            said += site_lines(view.state.snapshot, facts[0].model.id)
        news += wrap(said, cells, indent=3)
        if not view.wide or not facts or facts[0].running is None or self.console.place_info.read_only:
            return news
        hint = f"   Press {intent('roll_back').key} on it to see what a rollback would do. Nothing happens before you confirm by name."
        return [*news, line((hint, Token.MUTED))]

    @staticmethod
    def _model_name(view: View, rollback: Rollback) -> str:
        model = view.state.snapshot.model(rollback.model_id)
        return clean(model.name if model is not None else rollback.model_id)

    def fill(self, view: View) -> None:
        away = self.query_one("#away", AwayPane)
        was_told = away.display and away.has_focus
        if away.tell(view.state, view.now) is None and was_told:
            self.query_one("#models", Table).focus()
        facts = model_facts(view.state.snapshot, view.state.census.shown, view.signals)
        self._fill_models(view, facts)
        subject = self._subject(facts)
        self._fill_groups(view, subject)
        running = self.query_one("#running", Pane)
        running.set_title("RUNNING NOW", self.aside(view, ACTIVE))
        running.set_lines(present.running_lines(facts, view.now))
        pane = self.query_one("#reachable", Pane)
        pane.set_title("DEVICES REACHABLE", self.aside(view, DEVICES))
        devices = view.state.snapshot.devices or ()
        silent = sum(one.silent for one in facts)
        pane.set_lines(
            present.reachable_lines(
                reachability(view.state.snapshot, view.state.census.shown),
                devices,
                silent,
                pane.room or 50,
                view.glyphs,
                counted=counted_words(view.state, view.now),
            )
        )

        self._fill_events(view)

    def _fill_events(self, view: View) -> None:
        pane = self.query_one("#events", Pane)
        pane.display = self.app.size.height >= _WITH_EVENTS
        pane.set_title(
            "LAST EVENTS", self.aside(view, TIMELINE, legend(hint("place('timeline')", "timeline")))
        )
        most = _MOST_EVENTS if view.wide else _FEW_EVENTS
        room = pane.room or self.app.size.width - 4
        pane.set_lines(brief_lines(timeline(view.state), view.now, room, most=most, wide=view.wide))

    def _fill_models(self, view: View, facts: Sequence[ModelFacts]) -> None:
        table = self.query_one("#models", Table)
        keys = legend(hint("roll_back"), hint("watch"), (view.glyphs.enter, "open"))
        table.set_title("MODELS", self.aside(view, MODELS, keys))
        table.set_columns(present.model_columns(facts, wide=view.wide))
        table.set_rows([present.model_row(one, view.now, view.glyphs, wide=view.wide) for one in facts])

    def _subject(self, facts: Sequence[ModelFacts]) -> ModelFacts | None:
        """Return the model that the groups are counted for: the one under the cursor."""
        chosen = self.query_one("#models", Table).cursor_key
        return next((one for one in facts if one.model.id == chosen), facts[0] if facts else None)

    def _fill_groups(self, view: View, subject: ModelFacts | None) -> None:
        table = self.query_one("#groups", Table)
        snapshot = view.state.snapshot
        total = snapshot.device_total if snapshot.device_total is not None else len(snapshot.devices or ())
        words = counted_words(view.state, view.now) if not view.wide else ""
        counted = line((words or as_text.count(total, "device"), Token.MUTED))
        table.set_title("DEVICE GROUPS", self.aside(view, GROUPS, counted))
        about = subject.model.name if subject is not None else None
        rows = self._groups(view, subject)
        table.set_columns(group_columns(about, rows, wide=view.wide))
        table.set_empty(self.aside(view, GROUPS, muted("This server lists no device groups.")))
        table.set_rows([group_row(one, subject, view.glyphs, wide=view.wide) for one in rows])

    @staticmethod
    def _groups(view: View, subject: ModelFacts | None) -> Sequence[GroupFacts]:
        running = subject.running if subject is not None else None
        blamed = running.version if running is not None and not running.is_rollback else None
        return group_facts(
            view.state.snapshot,
            subject.model.id if subject is not None else None,
            blamed,
            view.state.census.shown,
        )

    def keys(self, view: View) -> Sequence[Key]:
        on_groups = self.query_one("#groups", Table).has_focus
        roll_back = key("roll_back", "roll back group" if on_groups else None)
        # Its longer word has to have room, whatever else goes.
        first = (roll_back, *PLACES) if on_groups else (*PLACES, roll_back)
        return (
            *first,
            key("filter"),
            key("command_line"),
            key("actions"),
            key("focus_next"),
            key("command_palette"),
            HELP,
        )

    @on(AwayPane.Opened)
    def _open_away(self, event: AwayPane.Opened) -> None:
        self.console.open_watch(event.model_id)
        self.console.dismiss(event.model_id)

    def go_back(self) -> bool:
        """Dismiss what happened while this console was closed; False where nothing is told of it."""
        away = left_alone(self.console.known)
        if away:
            self.console.dismiss(away[0].model_id)
        return bool(away)

    @on(Table.Highlighted, "#models")
    def _model_highlighted(self) -> None:
        self.console.look_at(self.focus_on)
        self.show()

    @on(Table.Opened, "#models")
    def _open_model(self, event: Table.Opened) -> None:
        self.console.open_model(event.key)

    @on(Table.Opened, "#groups")
    def _open_group(self, event: Table.Opened) -> None:
        if event.key != NO_GROUP:
            self.console.open_group(event.key, self.focus_on.model_id)

    def action_roll_back(self) -> None:
        """Preview a rollback of the model, or of the group, that the cursor is on."""
        model_id = self.query_one("#models", Table).cursor_key
        groups = self.query_one("#groups", Table)
        if model_id is None:
            return
        group_id = groups.cursor_key if groups.has_focus and groups.cursor_key != NO_GROUP else None
        self.console.open_preview(model_id, group_id=group_id)

    @property
    def selected(self) -> Selected:
        snapshot, groups = self.console.known.snapshot, self.query_one("#groups", Table)
        if not groups.has_focus:
            return known_model(snapshot, self.query_one("#models", Table).cursor_key)
        return known_group(snapshot, groups.cursor_key)

    async def action_filter(self) -> None:
        """Narrow the models, or the groups, on their own page: here nothing that needs somebody is ever hidden."""
        from octomil_tui.ui.screens.filtered import FilteredScreen  # noqa: PLC0415 - not before the first picture

        on_groups = self.query_one("#groups", Table).has_focus
        await self.app.run_action("place('groups')" if on_groups else "place('models')")
        if isinstance(self.app.screen, FilteredScreen):
            self.app.screen.action_filter()

    def action_watch(self) -> None:
        """Watch the newest rollback of the model that the cursor is on."""
        model_id = self.query_one("#models", Table).cursor_key
        if model_id is not None:
            self.console.open_watch(model_id)

    def action_actions(self) -> None:
        """Offer what can be done to the running rollout of the model that the cursor is on."""
        model_id = self.query_one("#models", Table).cursor_key
        if model_id is not None:
            self.console.open_actions(model_id)
