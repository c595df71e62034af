"""The watch of one rollback, from the moment it was sent to the word DONE (D-80, D-80d, D-80u, D-160)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.widget import Widget

from octomil_tui.domain.rollback import Phase, Rollback
from octomil_tui.domain.text import clean, version_label
from octomil_tui.engine.auto_rollback import trigger_of
from octomil_tui.engine.count import devices_topic
from octomil_tui.engine.state import Focus
from octomil_tui.engine.topic import Topic, rollouts_of
from octomil_tui.ui.bell import Ring
from octomil_tui.ui.intents import bindings
from octomil_tui.ui.place import DEMO
from octomil_tui.ui.present import end as ends
from octomil_tui.ui.present import signal
from octomil_tui.ui.present import unclear as unclears
from octomil_tui.ui.present import watch as present
from octomil_tui.ui.present.policy_news import trigger_lines
from octomil_tui.ui.present.site import site_lines
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.screens.base import HELP, key
from octomil_tui.ui.screens.choosing import NUMBERS, ChoosingScreen
from octomil_tui.ui.screens.item import Selected
from octomil_tui.ui.screens.unwatched import Unclear, Wider
from octomil_tui.ui.screens.view import View
from octomil_tui.ui.screens.watching import Ended, Watching
from octomil_tui.ui.spans import Line, Token, line, wrap
from octomil_tui.ui.theme import look_of
from octomil_tui.ui.widgets.chrome import WIDE
from octomil_tui.ui.widgets.edges import Key, Sentence

_UNCLEAR = (Phase.PLANNED, Phase.SENDING, Phase.UNCONFIRMED, Phase.NOT_FOUND, Phase.NOT_SENT, Phase.REJECTED)
_ENDED = (Phase.DONE, Phase.COMPLETE)
_RESTARTABLE = (Phase.UNCONFIRMED, Phase.NOT_FOUND, Phase.NOT_SENT, Phase.REJECTED)
"""From these a fresh plan may be made; while one is still being settled, sending another is refused."""
_RINGS = {Ring.ALL: "on", Ring.TROUBLE: "for trouble", Ring.OFF: "off"}
"""How line 1 says what the terminal rings for."""


class WatchScreen(ChoosingScreen):
    """The devices of one rollback; what it shows follows what is known of it."""

    BINDINGS = [
        *bindings("stragglers", "roll_back", "memo", "turn_bell", "report", "copy_status", "actions"),
        *NUMBERS,
    ]
    AUTO_FOCUS = "#stragglers"

    def panes(self) -> Iterable[Widget]:
        yield Watching()
        yield Wider()
        yield Ended()
        yield Unclear()
        yield self.choice_pane()
        yield Sentence(id="leaving")

    @property
    def model_name(self) -> str:
        """The model's name, safe to show."""
        model = self.console.known.snapshot.model(self._model_id)
        return clean(model.name if model is not None else self._model_id)

    @property
    def crumbs(self) -> str:
        rollback = self.rollback
        if rollback is None or rollback.phase in _UNCLEAR:
            unclear = rollback is not None and rollback.phase in (Phase.UNCONFIRMED, Phase.NOT_FOUND)
            return f"ROLL BACK {self.model_name}{'  UNCLEAR' if unclear else ''}"
        if rollback.phase in _ENDED:
            return f"{self.model_name} IS BACK ON {version_label(rollback.order.to_version)}"
        bell = f"   bell {_RINGS[self.console.ring_of(self._model_id)]}" if self.size.width >= WIDE else ""
        if rollback.order.group is not None:
            return f"ROLLING BACK {self.model_name} {clean(rollback.order.group)}{bell}"
        arrow = look_of(self.app).glyphs.arrow
        return f"ROLLING BACK {self.model_name} {arrow} {version_label(rollback.order.to_version)}{bell}"

    @property
    def focus_on(self) -> Focus:
        return Focus(model_id=self._model_id, has_timeline=True)

    def topics(self) -> Sequence[Topic]:
        watch = self.rollback.watch if self.rollback is not None else None
        group_id = watch.group_id if watch is not None else None
        return (devices_topic(self.console.known, group_id), rollouts_of(self._model_id))

    def sentence(self, view: View) -> Sequence[Line]:
        rollback = self.rollback
        if rollback is None:
            return [muted("   Reading the rollback …")]
        watch = rollback.watch
        if rollback.phase in _UNCLEAR or watch is None:
            return [unclears.unclear_headline(rollback)]
        cells = self.size.width - 2
        bar = present.bar_line(rollback, watch, view.now, cells, view.glyphs)
        why = trigger_lines(trigger_of(view.state, rollback), cells)
        if rollback.phase in _ENDED:
            helps = signal.done_lines(view.signals, rollback, watch)
            return [ends.done_line(rollback, watch), bar, *helps, *why]
        headline = wrap([present.headline(rollback, watch, cells, view.glyphs)], cells)
        if rollback.phase is Phase.WIDER:
            return headline
        odd = present.mismatch_line(rollback)
        # What is expected next follows from what is true now.
        when = present.when_line(watch) if view.fresh.is_live else muted("   estimate withdrawn")
        noticed = [
            *present.notice_lines(rollback, watch, view.now),
            *site_lines(view.state.snapshot, self._model_id),
        ]
        notices = wrap(noticed, cells)
        told = () if self.has_class("-thin") else (when, *why)
        return [*headline, *(wrap([odd], cells) if odd else ()), bar, *told, *notices]

    def fill(self, view: View) -> None:
        rollback = self.rollback
        phase = rollback.phase if rollback is not None else Phase.PLANNED
        watch = rollback.watch if rollback is not None else None
        is_unclear = phase in _UNCLEAR or watch is None
        self.query_one("#unclear").display = is_unclear
        self.query_one("#ended").display = not is_unclear and phase in _ENDED
        is_wider = not is_unclear and phase is Phase.WIDER
        self.query_one("#wider").display = is_wider
        self.query_one("#watching").display = not is_unclear and not is_wider and phase not in _ENDED
        self._fill_leaving(rollback)
        self.fill_choices()
        if rollback is None:
            return
        if watch is None or is_unclear:
            record = self.console.record_place(self._model_id)
            self.query_one(Unclear).fill(rollback, view.state.snapshot, record)
        elif phase in _ENDED:
            report = self.console.report_place(self._model_id)
            self.query_one(Ended).fill(view, rollback, watch, self.model_name, report=report)
        elif is_wider:
            self.query_one(Wider).fill(rollback, view.state.snapshot)
        else:
            self.query_one(Watching).fill(view, rollback, watch)

    def _fill_leaving(self, rollback: Rollback | None) -> None:
        pane = self.query_one("#leaving", Sentence)
        number = rollback.rollout_id if rollback is not None else None
        pane.display = (
            number is not None
            and rollback is not None
            and rollback.phase not in _ENDED
            and not self.is_cramped
        )
        if number is not None:
            command = line((f"octomil-console watch {clean(number)}", Token.LIGHT))
            if self.console.place_info.mark == DEMO:
                pane.set_lines(
                    [line(("  Leaving the console ends the demo, and its fleet with it.", Token.MUTED))]
                )
                return
            pane.set_lines([line(("  Leaving stops nothing. Come back with:  ", Token.MUTED), command)])

    def keys(self, view: View) -> Sequence[Key]:
        rollback = self.rollback
        hidden = (*_UNCLEAR, Phase.WIDER)
        watched = rollback is not None and rollback.watch is not None and rollback.phase not in hidden
        over = rollback is not None and rollback.phase in _RESTARTABLE
        ended = rollback is not None and rollback.phase in _ENDED
        return (
            *self.choice_keys(),
            key("stragglers", enabled=watched),
            key("report", enabled=watched and ended),
            key("copy_status", enabled=ended),
            key("memo", enabled=watched),
            key("turn_bell", enabled=watched),
            key("back", "leave, stops nothing"),
            key("roll_back", "start over", enabled=over),
            key("actions", enabled=watched),
            key("report", "report so far", enabled=watched and not ended),
            key("refresh_now"),
            key("focus_next", enabled=len(self.focus_chain) > 1),
            HELP,
        )

    @property
    def about(self) -> Sequence[str]:
        phase = self.rollback.phase if self.rollback is not None else Phase.PLANNED
        if phase is Phase.WIDER:
            return (
                "The service did more than was asked. Nothing is repaired by itself:",
                "the numbers are your choices, and none of them sends anything without a preview.",
            )
        if phase in _UNCLEAR:
            return (
                "It is not known yet whether the rollback began: the service is asked, nothing is sent again.",
                "The numbers are your choices, and none of them sends anything without a preview.",
            )
        if phase in _ENDED:
            return ("Done, and still on guard: a device that leaves the target again rings.",)
        return ("The devices themselves say how far it is. Leaving stops nothing.",)

    @property
    def selected(self) -> Selected:
        rollback = self.rollback
        return (f"the rollback of {self.model_name}", rollback) if rollback is not None else None

    def action_stragglers(self) -> None:
        """List everything that the rollback waits for."""
        rollback = self.rollback
        if rollback is not None and rollback.watch is not None:
            self.console.open_stragglers(self._model_id)

    def action_memo(self) -> None:
        """Write a memo about the model."""
        self.console.open_memo(self._model_id)

    def action_turn_bell(self) -> None:
        """Ring for something else: done and trouble, trouble alone, nothing."""
        rollback = self.rollback
        if rollback is not None and rollback.watch is not None:
            self.console.turn_bell(self._model_id)
            self.show()

    def action_report(self) -> None:
        """Say where the report is, or write it."""
        rollback = self.rollback
        if rollback is not None and rollback.watch is not None:
            self.console.report(self._model_id)

    def action_actions(self) -> None:
        """Offer what can be done to the rollback, and to the version that it leaves."""
        rollback = self.rollback
        if rollback is not None and rollback.watch is not None:
            self.console.open_actions(self._model_id, rollout_id=rollback.rollout_id)

    def action_copy_status(self) -> None:
        """Copy the text for the channel, once there is one."""
        rollback, view = self.rollback, self.view()
        if rollback is None or rollback.watch is None or rollback.phase not in _ENDED:
            return
        labels = {group.id: group.name for group in view.state.snapshot.groups or ()}
        devices = view.state.devices_of(rollback.watch)
        after = ends.aftermath_of(view.state, view.signals, rollback, rollback.watch)
        text = ends.hand_over(rollback, rollback.watch, devices, labels, self.model_name, aftermath=after)
        self.app.copy_to_clipboard("\n".join(text))
        self.notify(f"sent to your terminal: {len(text)} lines for the channel", markup=False)

    def action_roll_back(self) -> None:
        """Start over with a fresh plan, where nothing began."""
        rollback = self.rollback
        if rollback is None or rollback.phase not in _RESTARTABLE:
            return
        order = rollback.order
        group = rollback.group_id if rollback.group_id is not None else order.group
        self.console.open_preview(self._model_id, to_version=order.to_version, group_id=group, way=order.way)
