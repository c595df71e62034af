"""The lists: every model, every rollout, every group, each on a page of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import on
from textual.widget import Widget

from octomil_tui.domain.filter_subject import (
    GROUP_KEYS,
    MODEL_KEYS,
    ROLLOUT_KEYS,
    group_subject,
    model_subject,
    rollout_subject,
)
from octomil_tui.domain.fleet import Connectivity, Rollout
from octomil_tui.domain.overview import ModelFacts, group_facts, model_facts, reachability
from octomil_tui.domain.radius import NO_GROUP
from octomil_tui.domain.text import clean
from octomil_tui.engine.state import Focus
from octomil_tui.engine.topic import ACTIVE, GROUPS, MODELS
from octomil_tui.ui import format as as_text
from octomil_tui.ui.intents import bindings, hint
from octomil_tui.ui.present import fleet as present
from octomil_tui.ui.present.counted import counted_words
from octomil_tui.ui.present.fleet_groups import group_columns, group_row
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.screens.base import HELP, PLACES, key
from octomil_tui.ui.screens.item import Selected, known_group, known_model
from octomil_tui.ui.screens.taking import TAKEN, TakingScreen
from octomil_tui.ui.screens.view import View
from octomil_tui.ui.spans import Line, legend, line
from octomil_tui.ui.widgets.edges import Key
from octomil_tui.ui.widgets.rows import ListRows
from octomil_tui.ui.widgets.table import Table


class ListScreen(TakingScreen):
    """A page with one table of everything of a kind."""

    TITLE_OF_TABLE = ""
    AUTO_FOCUS = "#list"

    def panes(self) -> Iterable[Widget]:
        yield Table(self.TITLE_OF_TABLE, id="list")

    @property
    def table(self) -> Table:
        """The one table."""
        return self.query_one("#list", Table)


class ModelsScreen(ListScreen):
    """Every model, those that need somebody first."""

    TITLE_OF_TABLE = "MODELS"
    NAMES, NOUN = "model", "model"
    HINT = "a model, or ver:v2* state:paused"
    BINDINGS = [*bindings("roll_back", "watch"), *TAKEN]

    @property
    def crumbs(self) -> str:
        return "Models"

    @property
    def focus_on(self) -> Focus:
        return Focus(model_id=self.table.cursor_key)

    def sentence(self, view: View) -> Sequence[Line]:
        facts = model_facts(view.state.snapshot, view.state.census.shown, view.signals)
        moving = sum(1 for one in facts if one.running is not None)
        split = sum(1 for one in facts if one.elsewhere)
        return [
            line(
                f"   {as_text.count(len(facts), 'model')}: {moving} with a rollout under way, {split} split between versions."
            )
        ]

    def fill(self, view: View) -> None:
        keys = legend(hint("roll_back"), hint("watch"), hint("sort"))
        self.table.set_title("MODELS", self.aside(view, MODELS, keys))
        facts = model_facts(view.state.snapshot, view.state.census.shown, view.signals)
        self.table.set_columns(present.model_columns(facts, wide=view.wide))
        self.table.set_empty(self.aside(view, MODELS, muted("this organisation has no models yet")))
        rows = [present.model_row(one, view.now, view.glyphs, wide=view.wide) for one in facts]
        self.put(view, ListRows(rows), lambda place: model_subject(facts[place]), lambda: MODEL_KEYS)

    def own_keys(self, view: View) -> Sequence[Key]:
        return (*PLACES, key("roll_back"), *self.list_keys(), key("watch"), key("sort"), HELP)

    @property
    def selected(self) -> Selected:
        return known_model(self.console.known.snapshot, self.table.cursor_key)

    @on(Table.Opened)
    def _open(self, event: Table.Opened) -> None:
        self.console.open_model(event.key)

    @on(Table.Highlighted)
    def _highlighted(self) -> None:
        self.console.look_at(self.focus_on)

    def action_roll_back(self) -> None:
        """Preview a rollback of the model that the cursor is on."""
        if self.table.cursor_key is not None:
            self.console.open_preview(self.table.cursor_key)

    def action_watch(self) -> None:
        """Watch the newest rollback of the model that the cursor is on."""
        if self.table.cursor_key is not None:
            self.console.open_watch(self.table.cursor_key)


class RolloutsScreen(ListScreen):
    """Every rollout that is known, those under way first."""

    TITLE_OF_TABLE = "ROLLOUTS"
    NAMES, NOUN = "id", "rollout"
    HINT = "a model, or ver:v2* state:paused kind:rollback"
    BINDINGS = [*bindings("watch", "actions"), *TAKEN]

    @property
    def crumbs(self) -> str:
        return "Rollouts"

    @staticmethod
    def _rollouts(view: View) -> list[tuple[str, Rollout]]:
        found = [(key, r) for key, rollouts in view.state.snapshot.rollouts.items() for r in rollouts]
        found.sort(key=lambda pair: (not pair[1].state.is_running, -(pair[1].began_at or 0.0)))
        return found

    def sentence(self, view: View) -> Sequence[Line]:
        running = [r for _, r in self._rollouts(view) if r.state.is_running]
        back = sum(1 for r in running if r.is_rollback)
        return [line(f"   {as_text.count(len(running), 'rollout')} under way, {back} of them rolling back.")]

    def fill(self, view: View) -> None:
        names = {model.id: model.name for model in view.state.snapshot.models or ()}
        self.table.set_title(
            "ROLLOUTS",
            self.aside(
                view,
                ACTIVE,
                legend(hint("watch", "watch a rollback"), (view.glyphs.enter, "history"), hint("sort")),
            ),
        )
        self.table.set_columns(present.rollout_columns(wide=view.wide))
        self.table.set_empty(muted("no rollout is known"))
        listed = [(names.get(model_id, model_id), model_id, r) for model_id, r in self._rollouts(view)]
        rows = [
            present.rollout_row(r, model_id, name, view.now, view.glyphs, wide=view.wide)
            for name, model_id, r in listed
        ]
        groups = {group.id: group.name for group in view.state.snapshot.groups or ()}
        self.put(
            view,
            ListRows(rows),
            lambda place: rollout_subject(listed[place][2], listed[place][0], groups),
            lambda: ROLLOUT_KEYS,
        )

    def own_keys(self, view: View) -> Sequence[Key]:
        return (
            *PLACES,
            key("watch"),
            key("actions"),
            *self.list_keys(),
            key("sort"),
            key("refresh_now"),
            HELP,
        )

    def _under_cursor(self) -> tuple[str, str] | None:
        chosen = self.table.cursor_key
        for model_id, rollout in self._rollouts(self.view()):
            if chosen == present.rollout_key(model_id, rollout):
                return model_id, rollout.id
        return None

    @on(Table.Opened)
    def _open(self) -> None:
        found = self._under_cursor()
        if found is not None:
            self.console.open_rollout(*found)

    def show_rollout(self, model_id: str, rollout_id: str) -> None:
        """Put the cursor on a rollout; a filter that hides it goes."""
        for row, rollout in self._rollouts(self.view()):
            if (row, rollout.id) == (model_id, rollout_id):
                self.table.close_filter()
                self.show()
                self.table.move_to(present.rollout_key(row, rollout))

    @property
    def selected(self) -> Selected:
        found = self._under_cursor()
        snapshot = self.console.known.snapshot
        rollouts = snapshot.rollouts.get(found[0], ()) if found is not None else ()
        one = next((r for r in rollouts if found is not None and r.id == found[1]), None)
        return (f"rollout {clean(one.id)}", one) if one is not None else None

    def action_watch(self) -> None:
        """Watch the rollback that the cursor is on."""
        found = self._under_cursor()
        if found is not None:
            self.console.open_watch(*found)

    def action_actions(self) -> None:
        """Offer what can be done to the rollout that the cursor is on."""
        found = self._under_cursor()
        if found is not None:
            self.console.open_actions(found[0], rollout_id=found[1])


class GroupsScreen(ListScreen):
    """Every device group."""

    TITLE_OF_TABLE = "DEVICE GROUPS"
    NAMES, NOUN = "group", "group"
    HINT = "a group, or ver:v2* state:offline"
    BINDINGS = [*bindings("roll_back"), *TAKEN]

    @property
    def crumbs(self) -> str:
        return "Groups"

    @staticmethod
    def _subject(view: View) -> ModelFacts | None:
        facts = model_facts(view.state.snapshot, view.state.census.shown, view.signals)
        return facts[0] if facts else None

    def sentence(self, view: View) -> Sequence[Line]:
        by_state = reachability(view.state.snapshot, view.state.census.shown)
        total = sum(by_state.values())
        words = ", ".join(f"{by_state[state]:,} {state}" for state in Connectivity if by_state.get(state))
        counted = counted_words(view.state, view.now)
        of = f"{counted}" if counted else as_text.count(total, "device")
        return [line(f"   {of[:1].upper()}{of[1:]}: {words}." if total else "   No devices were read yet.")]

    def fill(self, view: View) -> None:
        subject = self._subject(view)
        running = subject.running if subject is not None else None
        blamed = running.version if running is not None and not running.is_rollback else None
        about = subject.model if subject is not None else None
        self.table.set_title(
            "DEVICE GROUPS",
            self.aside(
                view,
                GROUPS,
                legend(
                    hint("roll_back", "roll back this group"), (view.glyphs.enter, "devices"), hint("sort")
                ),
            ),
        )
        facts = group_facts(
            view.state.snapshot, about.id if about is not None else None, blamed, view.state.census.shown
        )
        self.table.set_columns(
            group_columns(about.name if about is not None else None, facts, wide=view.wide)
        )
        self.table.set_empty(self.aside(view, GROUPS, muted("this server lists no device groups")))
        rows = [group_row(one, subject, view.glyphs, wide=view.wide) for one in facts]
        self.put(view, ListRows(rows), lambda place: group_subject(facts[place]), lambda: GROUP_KEYS)

    def own_keys(self, view: View) -> Sequence[Key]:
        return (key("roll_back", "roll back group"), *PLACES, *self.list_keys(), key("sort"), HELP)

    @property
    def selected(self) -> Selected:
        return known_group(self.console.known.snapshot, self.table.cursor_key)

    @on(Table.Opened)
    def _open(self, event: Table.Opened) -> None:
        if event.key != NO_GROUP:
            self.console.open_group(event.key, None)

    def action_roll_back(self) -> None:
        """Preview a rollback of the group that the cursor is on."""
        group_id = self.table.cursor_key
        if group_id is not None and group_id != NO_GROUP:
            self.console.roll_back_group(group_id)
