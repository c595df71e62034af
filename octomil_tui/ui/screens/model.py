"""One model: which version is safe to go back to, and what was rolled out when (B-80, B-160)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import on
from textual.containers import Horizontal
from textual.widget import Widget

from octomil_tui.domain.overview import ModelFacts, group_facts, model_facts
from octomil_tui.domain.text import clean, version_label
from octomil_tui.domain.timeline import about
from octomil_tui.domain.verdict import candidates, proposed_target
from octomil_tui.engine.state import Focus
from octomil_tui.engine.timeline import timeline
from octomil_tui.engine.topic import Topic, health_of, rollouts_of, versions_of
from octomil_tui.ui.intents import bindings, hint
from octomil_tui.ui.present import compare, signal_pane
from octomil_tui.ui.present import model as present
from octomil_tui.ui.present.model_signal import shown_metrics, signal_version
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.screens.base import HELP, BaseScreen, key
from octomil_tui.ui.screens.item import Selected, Stepping, known_model
from octomil_tui.ui.screens.view import View
from octomil_tui.ui.spans import Line, Token, legend, line, wrap
from octomil_tui.ui.widgets.chrome import WIDE
from octomil_tui.ui.widgets.edges import Key
from octomil_tui.ui.widgets.pane import Pane
from octomil_tui.ui.widgets.table import Table

_TALL = 28
"""Rows of a narrow screen from which there is room for several figures."""
_LOW_SIGNAL, _TALL_SIGNAL, _WIDE_SIGNAL = 1, 4, 13
_CHROME, _LEAST_TABLES = 2, 11
"""Rows of the place and the keys, and those below which the tables say too little."""
_NARROW_BAR = 10
_WIDE_BAR = 24


class ModelScreen(Stepping, BaseScreen):
    """The versions of one model with a verdict each, its rollouts, and where its groups are."""

    BINDINGS = bindings("roll_back", "watch", "compare", "actions", "previous_item", "next_item")
    AUTO_FOCUS = "#versions"

    def __init__(self, model_id: str) -> None:
        super().__init__()
        self._model_id = model_id
        self._chose = False

    def panes(self) -> Iterable[Widget]:
        yield Horizontal(
            Table("VERSIONS", id="versions"),
            Pane("COMPARE", id="before-wide", classes="-aside"),
            id="upper",
        )
        yield Horizontal(
            Table("ROLLOUTS", id="rollouts"), Pane("GROUPS", id="groups-wide", classes="-aside"), id="lower"
        )
        yield Pane("SIGNAL", id="signal")
        yield Pane("GROUPS", id="groups-narrow", classes="-stacked")
        yield Pane("BEFORE YOU ROLL BACK", id="before-narrow", classes="-stacked")

    @property
    def crumbs(self) -> str:
        model = self.console.known.snapshot.model(self._model_id)
        return f"Fleet > {clean(model.name if model is not None else self._model_id)}"

    @property
    def focus_on(self) -> Focus:
        # Only where there is room for what happened under the lines of history.
        return Focus(model_id=self._model_id, has_timeline=self.app.size.width >= WIDE)

    def _facts(self, view: View) -> ModelFacts | None:
        return next(
            (
                f
                for f in model_facts(view.state.snapshot, view.state.census.shown, view.signals)
                if f.model.id == self._model_id
            ),
            None,
        )

    def sentence(self, view: View) -> Sequence[Line]:
        facts = self._facts(view)
        if facts is None:
            return [line(("?? The server no longer lists this model.", Token.NEEDS))]
        said = present.model_sentence(facts, proposed_target(view.state.snapshot, self._model_id))
        return wrap([said], self.size.width - 2)

    def fill(self, view: View) -> None:
        facts, snapshot = self._facts(view), view.state.snapshot
        if facts is None:
            return
        proposed = proposed_target(snapshot, self._model_id)
        self._fill_versions(view, facts, proposed)
        self._fill_signal(view, facts)
        rollouts = self.query_one("#rollouts", Table)
        keys = legend(hint("watch", "watch a rollback"), (view.glyphs.enter, "history"))
        rollouts.set_title("ROLLOUTS", self.aside(view, rollouts_of(self._model_id), keys))
        rollouts.set_columns(present.rollout_columns(wide=view.wide))
        rollouts.set_empty(
            self._unread(view, rollouts_of(self._model_id), "no rollout of this model is known")
        )
        found = snapshot.rollouts.get(self._model_id, ())
        rollouts.set_rows([present.rollout_row(r, view.now, view.glyphs, wide=view.wide) for r in found])
        self._fill_groups(view, facts)
        before = present.before_lines(snapshot, self._model_id, proposed)
        narrow, beside = self.query_one("#before-narrow", Pane), self.query_one("#before-wide", Pane)
        narrow.set_lines(wrap(before, narrow.room, indent=0))
        pair = self._pair(view, facts)
        if pair is None:
            beside.set_title("BEFORE YOU ROLL BACK")
            beside.set_lines(wrap(before, beside.room, indent=0))
        else:
            beside.set_title(compare.title(pair, view.glyphs), legend(hint("compare", "more, other pair")))
            told = wrap(before, beside.room, indent=0)
            beside.set_lines([*compare.figure_lines(pair, view.glyphs, briefly=True), (), *told])
        self._make_room(view)

    def _make_room(self, view: View) -> None:
        """Leave out what a low, narrow screen has no room for: Textual lets panes that want too much push others off it."""
        said = len(self._sentence(view)) + len(self._trouble(view))
        signal = self.query_one("#signal", Pane)
        room = self.size.height - _CHROME - said - _LEAST_TABLES
        room -= signal.preferred_height if signal.display else 0
        for name in ("#groups-narrow", "#before-narrow"):
            pane = self.query_one(name, Pane)
            is_left_out = not view.wide and pane.preferred_height > room
            pane.set_class(is_left_out, "-crowded")
            room -= 0 if is_left_out else pane.preferred_height

    def _pair(self, view: View, facts: ModelFacts) -> compare.Pair | None:
        """Return the versions that are held against each other: the one that is bad and the one to go back to."""
        snapshot = view.state.snapshot
        left, right = signal_version(facts, facts.running), proposed_target(snapshot, self._model_id)
        health = view.signals.of(self._model_id)
        if left is None or right is None or left == right or health is None:
            return None
        return compare.Pair(left, right, health, candidates(snapshot, self._model_id))

    def _fill_signal(self, view: View, facts: ModelFacts) -> None:
        pane, health = self.query_one("#signal", Pane), view.signals.of(self._model_id)
        # A service that measures nothing costs the pane, not the screen.
        pane.display = health is not None and not self.is_cramped
        if health is None:
            return
        version = signal_version(facts, facts.running)
        one = health.version(version)
        source = signal_pane.source_line(one, facts.findings) if one is not None else ()
        title = f"SIGNAL {version_label(version)}" + ("  the last hour" if view.wide else "")
        pane.set_title(title, self.aside(view, health_of(self._model_id), source))
        most = _WIDE_SIGNAL if view.wide else _TALL_SIGNAL if self.size.height >= _TALL else _LOW_SIGNAL
        happened = about(timeline(view.state), self._model_id, facts.model.name) if view.wide else ()
        pane.set_lines(
            signal_pane.version_lines(
                health,
                version,
                view.now,
                cells=(pane.room or self.size.width - 4) if view.fresh.is_live else 0,
                glyphs=view.glyphs,
                most=most,
                events=happened,
            )
        )

    def _fill_versions(self, view: View, facts: ModelFacts, proposed: str | None) -> None:
        table = self.query_one("#versions", Table)
        keys = legend(hint("roll_back", "roll back to the highlighted one"))
        table.set_title("VERSIONS", self.aside(view, versions_of(self._model_id), keys))
        health = view.signals.of(self._model_id)
        shown = shown_metrics(health, facts, wide=view.wide)
        table.set_columns(present.version_columns(shown, wide=view.wide))
        table.set_empty(
            self._unread(view, versions_of(self._model_id), "no version of this model is registered")
        )
        found = candidates(view.state.snapshot, self._model_id)
        table.set_rows([present.version_row(c, view.now, health, shown, wide=view.wide) for c in found])
        if found and not self._chose and proposed is not None:
            # The cursor begins on the version to go back to; afterwards it stays where it was put.
            self._chose = table.move_to(proposed)

    @staticmethod
    def _unread(view: View, topic: Topic, none: str) -> Line:
        """Return why a list is empty: it is, it was not read yet, or it could not be read."""
        read = view.state.reads.get(topic)
        if read is None or (read.ok_mono is None and not read.failures):
            return muted("reading …")
        return line((read.sentence, Token.NOTICE)) if read.ok_mono is None else muted(none)

    def _fill_groups(self, view: View, facts: ModelFacts) -> None:
        running = facts.running
        blamed = running.version if running is not None and not running.is_rollback else None
        groups = group_facts(view.state.snapshot, self._model_id, blamed, view.state.census.shown)
        title = f"GROUPS ON {present.subject_label(facts)}"
        wide, narrow = self.query_one("#groups-wide", Pane), self.query_one("#groups-narrow", Pane)
        for pane, columns, bar in ((wide, 1, _WIDE_BAR), (narrow, 2, _NARROW_BAR)):
            pane.set_title(title)
            pane.set_lines(present.group_lines(groups, facts.subject, view.glyphs, columns=columns, bar=bar))

    def keys(self, view: View) -> Sequence[Key]:
        on_rollouts = self.query_one("#rollouts", Table).has_focus
        return (
            key("roll_back", enabled=not on_rollouts),
            key("compare"),
            key("watch", "watch"),
            key("actions"),
            key("focus_next"),
            key("sort", enabled=not on_rollouts),
            key("refresh_now"),
            key("back"),
            HELP,
        )

    @on(Table.Opened, "#versions")
    def _opened_version(self) -> None:
        self.action_roll_back()

    @on(Table.Opened, "#rollouts")
    def _opened_rollout(self, event: Table.Opened) -> None:
        self.console.open_rollout(self._model_id, event.key)

    def action_roll_back(self) -> None:
        """Preview the way to the version that the cursor is on."""
        self.console.open_preview(self._model_id, to_version=self.query_one("#versions", Table).cursor_key)

    def action_compare(self) -> None:
        """Hold the version under the cursor against the one to go back to, or that one against what is running."""
        view = self.view()
        facts = self._facts(view)
        chosen = self.query_one("#versions", Table).cursor_key
        right = proposed_target(view.state.snapshot, self._model_id)
        left = chosen if chosen != right or facts is None else signal_version(facts, facts.running)
        if left is not None and right is not None and left != right:
            self.console.open_compare(self._model_id, left, right)

    @property
    def selected(self) -> Selected:
        return known_model(self.console.known.snapshot, self._model_id)

    def item_and_all(self) -> tuple[str, Sequence[str]]:
        view = self.view()
        facts = model_facts(view.state.snapshot, view.state.census.shown, view.signals)
        return self._model_id, [one.model.id for one in facts]

    def open_item(self, key: str) -> None:
        self.app.switch_screen(ModelScreen(key))

    def action_watch(self) -> None:
        """Watch the rollback that the cursor is on, else the newest one of the model."""
        table = self.query_one("#rollouts", Table)
        self.console.open_watch(self._model_id, table.cursor_key if table.has_focus else None)

    def action_actions(self) -> None:
        """Offer what can be done to the rollout, or to the version, that the cursor is on, and to what runs."""
        table, versions = self.query_one("#rollouts", Table), self.query_one("#versions", Table)
        if table.has_focus:
            self.console.open_actions(self._model_id, rollout_id=table.cursor_key)
        else:
            self.console.open_actions(self._model_id, version=versions.cursor_key)
