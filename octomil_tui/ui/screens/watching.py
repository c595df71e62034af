"""What the watch of a rollback shows while devices move, and what it shows once it is done (D-80, D-80d, D-160)."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from octomil_tui.domain.convergence import Watch
from octomil_tui.domain.own_events import log_events
from octomil_tui.domain.rollback import Rollback
from octomil_tui.domain.signal_effect import effect
from octomil_tui.domain.timeline import about, merged
from octomil_tui.engine.timeline import timeline
from octomil_tui.ui.intents import hint
from octomil_tui.ui.present import end as ends
from octomil_tui.ui.present import signal, whereabouts
from octomil_tui.ui.present import watch as present
from octomil_tui.ui.present.timeline import brief_lines
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.screens.stragglers import Late
from octomil_tui.ui.screens.view import View
from octomil_tui.ui.spans import Token, legend, line, wrap
from octomil_tui.ui.widgets.pane import Pane
from octomil_tui.ui.widgets.table import Table

_WITH_TIMELINE = 24
"""Lines of a terminal from which on there is room for the timeline."""
_MOST_EVENTS = 7
_FIGURES, _WIDE_FIGURES = 2, 5
"""Figures that there is room for."""


class Watching(Vertical):
    """The groups, the stragglers, and on a wide screen where the devices are and when they are expected."""

    def __init__(self) -> None:
        super().__init__(id="watching")
        self._late = Late()

    def compose(self) -> ComposeResult:
        yield Horizontal(
            Pane("BY GROUP", id="by-group"),
            Pane("WHERE THEY ARE", id="where", classes="-aside"),
            id="upper",
        )
        yield Horizontal(
            Vertical(Table("STRAGGLERS", id="stragglers"), Pane("SIGNAL", id="signal"), id="late"),
            Pane("WHEN", id="facts", classes="-aside"),
            id="lower",
        )
        yield Pane("TIMELINE", id="told")

    def fill(self, view: View, rollback: Rollback, watch: Watch) -> None:
        """Show how far the devices are."""
        labels = {group.id: group.name for group in view.state.snapshot.groups or ()}
        self._fill_groups(view, rollback, watch, labels)
        self._fill_stragglers(view, watch, labels)
        self._fill_told(view, rollback)
        if view.wide:
            self._fill_aside(view, rollback, watch)
        self._fill_signal(view, rollback, watch)

    def _fill_signal(self, view: View, rollback: Rollback, watch: Watch) -> None:
        pane, health = self.query_one("#signal", Pane), view.signals.of_rollout(rollback.rollout_id)
        # A service that measures nothing costs the pane, not the screen.
        pane.display = health is not None and not self.screen.has_class("-thin")
        if health is None:
            return
        found = effect(health, watch.started_at)
        is_live = view.fresh.is_live
        # Whether it is getting better is for figures of now to say.
        said = signal.effect_line(found) if is_live else muted("as last known")
        pane.set_title("SIGNAL  is it getting better?" if view.wide else "SIGNAL", said)
        rows = signal.effect_lines(
            health,
            found,
            watch.started_at,
            cells=(pane.room or self.screen.size.width - 4) if is_live else 0,
            glyphs=view.glyphs,
            most=_WIDE_FIGURES if view.wide else _FIGURES,
        )
        apart = signal.apart_line(health, found.metric) if view.wide else ()
        pane.set_lines([*rows, apart] if apart else rows)

    def _fill_groups(self, view: View, rollback: Rollback, watch: Watch, labels: dict[str, str]) -> None:
        snapshot = view.state.snapshot
        groups = self.query_one("#by-group", Pane)
        groups.set_title("BY GROUP", muted("fewest verified first"))
        rows = present.group_lines(watch, labels, groups.room or self.screen.size.width - 4, view.glyphs)
        if view.wide:
            aside = present.aside_lines(rollback, watch, snapshot)
            groups.set_lines([*rows, (), *aside] if aside else rows)
        else:
            told = present.aside_line(rollback, watch, snapshot)
            groups.set_lines([*rows, told] if told else rows)

    def _fill_stragglers(self, view: View, watch: Watch, labels: dict[str, str]) -> None:
        found = self._late.of(watch, view.state.devices_of(watch))
        table = self.query_one("#stragglers", Table)
        table.set_title(
            present.straggler_title(found),
            line(
                present.straggler_legend(found, watch, wide=view.wide),
                "  ",
                *legend(hint("stragglers", "all")),
            ),
        )
        table.set_columns(present.straggler_columns(wide=view.wide, cells=self.app.size.width))
        table.set_empty(line(("none: nobody is late", Token.MUTED)))
        is_live = view.fresh.is_live
        table.set_rows(present.straggler_rows(found, labels, view.now, wide=view.wide, is_live=is_live))

    def _fill_told(self, view: View, rollback: Rollback) -> None:
        pane = self.query_one("#told", Pane)
        pane.display = self.app.size.height >= _WITH_TIMELINE
        pane.set_title("TIMELINE", legend(hint("place('timeline')", "all"), hint("memo")))
        events = about(timeline(view.state), rollback.model_id, self._model_name(view, rollback))
        if view.wide:
            events = merged((*events, *log_events(rollback)))
        room = pane.room or self.app.size.width - 4
        most = _MOST_EVENTS if view.wide else 1
        pane.set_lines(brief_lines(events, view.now, room, most=most, wide=view.wide, with_model=False))

    @staticmethod
    def _model_name(view: View, rollback: Rollback) -> str:
        model = view.state.snapshot.model(rollback.model_id)
        return model.name if model is not None else rollback.model_id

    def _fill_aside(self, view: View, rollback: Rollback, watch: Watch) -> None:
        snapshot, is_live = view.state.snapshot, view.fresh.is_live
        where = self.query_one("#where", Pane)
        where.set_title(f"WHERE THE {watch.change.devices:,} ARE")
        devices = view.state.devices_of(watch)
        where.set_lines(whereabouts.stage_lines(watch, devices, view.now, where.room or 50, view.glyphs))
        when = self.query_one("#facts", Pane)
        when.set_title("WHEN", muted("an estimate, not a promise"))
        facts = whereabouts.when_lines(rollback, watch, snapshot, view.now, is_live=is_live)
        when.set_lines(wrap(facts, when.room, indent=whereabouts.LABEL))


class Ended(Vertical):
    """What is left, what to tell, and what goes on being looked for."""

    def __init__(self) -> None:
        super().__init__(id="ended")

    def compose(self) -> ComposeResult:
        yield Pane("LEFT FOR DAYLIGHT", id="left")
        yield Pane("HAND OVER", id="hand-over")
        yield Pane("WAY BACK", id="way-back")
        yield Pane("STILL ON GUARD", id="guard")

    def fill(
        self, view: View, rollback: Rollback, watch: Watch, model_name: str, *, report: str = ""
    ) -> None:
        """Show how it ended.

        Args:
            view: What is known.
            rollback: Done or complete.
            watch: Its devices.
            model_name: Safe to show.
            report: Where its report is, or why there is none, safe to show; empty until one is there.
        """
        snapshot = view.state.snapshot
        labels = {group.id: group.name for group in snapshot.groups or ()}
        devices = view.state.devices_of(watch)
        left = self.query_one("#left", Pane)
        left.set_title("LEFT FOR DAYLIGHT", legend(hint("stragglers", "shows them")))
        after = ends.aftermath_of(view.state, view.signals, rollback, watch)
        left.set_lines(
            wrap(
                ends.left_lines(rollback, watch, devices, labels, timeline(view.state), aftermath=after),
                left.room,
                indent=3,
            )
        )
        text = ends.hand_over(rollback, watch, devices, labels, model_name, aftermath=after)
        hand_over, way_back = self.query_one("#hand-over", Pane), self.query_one("#way-back", Pane)
        hand_over.set_title(
            "HAND OVER", line(*legend(hint("copy_status", "copy")), ("  for the channel", Token.MUTED))
        )
        told = [line(*legend(hint("report", "report")), "  ", report)] if report else []
        hand_over.set_lines(wrap([*told, line(" ".join(text))], hand_over.room))
        way_back.set_title("WAY BACK", muted("only if this was a mistake"))
        way_back.set_lines(ends.way_back(rollback, model_name, with_release=after.is_held is True))
        guard = self.query_one("#guard", Pane)
        guard.set_lines(wrap(ends.guard_lines(rollback), guard.room))
