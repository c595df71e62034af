"""What happened, as one list from the service's records and this machine's (5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from textual import on
from textual.widget import Widget

from octomil_tui.domain.filter_timeline import TIMELINE_KEYS, timeline_subject
from octomil_tui.domain.timeline import Act, TimelineEvent
from octomil_tui.engine.state import Focus
from octomil_tui.engine.timeline import timeline
from octomil_tui.engine.topic import ACTIVE, TIMELINE
from octomil_tui.ui import format as as_text
from octomil_tui.ui.intents import bindings, hint
from octomil_tui.ui.present import timeline as present
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.screens.base import HELP, PLACES, key
from octomil_tui.ui.screens.item import Selected
from octomil_tui.ui.screens.lists import ListScreen
from octomil_tui.ui.screens.taking import TAKEN
from octomil_tui.ui.screens.view import View
from octomil_tui.ui.spans import Line, legend, line, wrap
from octomil_tui.ui.widgets.edges import Key
from octomil_tui.ui.widgets.pane import Pane
from octomil_tui.ui.widgets.rows import ListRows
from octomil_tui.ui.widgets.table import Table


class TimelineScreen(ListScreen):
    """Every event that is known, the newest first, and the one under the cursor whole."""

    TITLE_OF_TABLE = "TIMELINE"
    NAMES, NOUN = "what", "event"
    HINT = "a word, or kind:rollback by:ops ver:v2* seen:<2d"
    # A service without records costs the pane, never the screen: what runs tells whether it is there.
    TOPICS = (ACTIVE, TIMELINE)
    BINDINGS = [*bindings("memo"), *TAKEN]

    _drawn: tuple[Sequence[TimelineEvent], float | None, bool] | None = None
    """What the rows were made of."""
    _rows: ListRows = ListRows(())
    _by_key: dict[str, TimelineEvent] = {}

    def panes(self) -> Iterable[Widget]:
        yield from super().panes()
        yield Pane("EVENT", id="event")

    @property
    def crumbs(self) -> str:
        return "Timeline"

    @property
    def focus_on(self) -> Focus:
        return Focus(has_timeline=True)

    def sentence(self, view: View) -> Sequence[Line]:
        events, log = timeline(view.state), view.state.service_log
        memos = sum(1 for event in events if event.act is Act.MEMO)
        told = f"   {as_text.count(len(events), 'event')}, {as_text.count(memos, 'memo')} among them."
        if log is not None and log.audit is None:
            told += "  This service shows no audit log: its rollouts and incidents tell the rest."
        elif log is not None and log.left_out:
            told += f"  {log.left_out:,} older records of the audit log were not read."
        return [line(told)]

    def fill(self, view: View) -> None:
        keys = legend(hint("memo"), (view.glyphs.enter, "open its model"), hint("sort"))
        self.table.set_title("TIMELINE", self.aside(view, TIMELINE, keys))
        self.table.set_columns(present.timeline_columns(wide=view.wide))
        self.table.set_empty(self.aside(view, TIMELINE, muted("nothing is known of the past yet")))
        events = timeline(view.state)
        self._put_together(events, view)
        listed = list(self._by_key.values())
        self.put(
            view,
            self._rows,
            lambda place: timeline_subject(listed[place], view.now),
            lambda: TIMELINE_KEYS,
        )
        pane = self.query_one("#event", Pane)
        pane.set_lines(wrap(present.event_lines(self.chosen, view.now), pane.room or 70))

    def _put_together(self, events: Sequence[TimelineEvent], view: View) -> None:
        asked = (events, view.now, view.wide)
        if self._drawn == asked:
            return
        seen: Counter[str] = Counter()
        by_key: dict[str, TimelineEvent] = {}
        for event in events:
            name = present.event_key(event)
            seen[name] += 1
            by_key[name if seen[name] == 1 else f"{name} {seen[name]}"] = event
        self._drawn, self._by_key = asked, by_key
        rows = [present.timeline_row(one, name, view.now, wide=view.wide) for name, one in by_key.items()]
        self._rows = ListRows(rows)

    @property
    def chosen(self) -> TimelineEvent | None:
        """The event under the cursor."""
        found = self.table.cursor_key
        return self._by_key.get(found) if found is not None else None

    def own_keys(self, view: View) -> Sequence[Key]:
        return (*PLACES, key("memo"), *self.list_keys(), key("sort"), key("refresh_now"), HELP)

    @on(Table.Highlighted)
    def _highlighted(self) -> None:
        self.show()

    @on(Table.Opened)
    def _open(self) -> None:
        model_id = self._model_id(self.chosen)
        if model_id is not None:
            self.console.open_model(model_id)

    def _model_id(self, event: TimelineEvent | None) -> str | None:
        """Return the model that an event is about, where the service lists it."""
        if event is None:
            return None
        known = self.console.known.snapshot
        found = known.model(event.model_id or "") or known.model(event.model or "")
        return found.id if found is not None else None

    @property
    def selected(self) -> Selected:
        return ("an event", self.chosen) if self.chosen is not None else None

    def action_memo(self) -> None:
        """Write a memo; where the cursor is on an event of a model, about that one."""
        self.console.open_memo(self._model_id(self.chosen))
