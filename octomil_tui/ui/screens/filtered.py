"""A screen with a list that can be narrowed by `/`, and whose rows can be marked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from textual import on

from octomil_tui.domain.filter import parse_typed
from octomil_tui.domain.filter_term import Filter, Keys
from octomil_tui.domain.text import MESSAGE_LIMIT, clean
from octomil_tui.ui.intents import bindings
from octomil_tui.ui.screens.base import BaseScreen, key
from octomil_tui.ui.screens.view import View
from octomil_tui.ui.spans import Line, Token, line
from octomil_tui.ui.widgets.edges import Key
from octomil_tui.ui.widgets.rows import ListRows, RowSource, WholeRows
from octomil_tui.ui.widgets.table import Table

LISTED = bindings("filter", "mark", "next_mark", "previous_mark")
_TYPING = (Key("enter", "keep the filter"), Key("esc", "clear it"))


class FilteredScreen(BaseScreen):
    """A screen that is mostly one list.

    A subclass hands its rows to `put` instead of to the table, and names its
    own keys in `own_keys`.
    """

    LIST: ClassVar[str] = "#list"
    """Selector of the table."""
    HINT: ClassVar[str] = "a name, or ver:v2* state:!online"
    """What stands in the empty filter line."""
    NOUN: ClassVar[str] = "row"
    """What a row is."""
    BINDINGS = LISTED

    _every: RowSource = ListRows(())
    """The rows without the filter."""
    _filter: Filter = Filter()
    """What was understood last of the filter line."""
    _picked: tuple[WholeRows, Filter, float | None, WholeRows] | None = None
    """Rows, filter and moment of the last narrowing, and what was left."""

    @property
    def listed(self) -> Table:
        """The table of the list."""
        return self.query_one(self.LIST, Table)

    def put(
        self, view: View, rows: WholeRows, item_at: Callable[[int], Any], keys: Callable[[], Keys[Any]]
    ) -> None:
        """Show those of the rows that pass the filter.

        Args:
            view: What the screen draws from.
            rows: All rows.
            item_at: What the filter looks at for the row at a place.
            keys: What the list can be asked.
        """
        table, self._every = self.listed, rows
        if table.marks:
            table.set_marks(table.marks.among(lambda one: rows.index(one) is not None))
        text = table.filter_text
        if not text.strip():
            self._filter, self._picked = Filter(), None
            table.say(())
            table.set_rows(rows)
            return
        asked = keys()
        self._filter, wrong = parse_typed(text, asked)
        table.say(line((wrong, Token.NOTICE)) if wrong else ())
        if not self._filter:
            table.set_rows(rows)
            return
        left = self._narrowed(view, rows, item_at, asked)
        if not len(left) and len(rows):
            table.set_empty(line((f"no {self.NOUN} passes the filter", Token.MUTED)))
        table.set_rows(left, of=len(rows))

    def _narrowed(
        self, view: View, rows: WholeRows, item_at: Callable[[int], Any], keys: Keys[Any]
    ) -> WholeRows:
        known = self._picked
        if known is not None and known[0] is rows and known[1] == self._filter and known[2] == view.now:
            return known[3]
        holds = self._filter.test(keys)
        found = rows.picked([place for place in range(len(rows)) if holds(item_at(place))])
        self._picked = (rows, self._filter, view.now, found)
        return found

    def put_some(self, rows: RowSource, said: Line, wrong: str, *, of: int | None) -> None:
        """Show rows that are narrowed already, of a list that is too large to be kept whole.

        Args:
            rows: The rows.
            said: What stands beside the filter.
            wrong: What is wrong with the filter; stands there instead.
            of: How many there are without the filter; None where none narrows them.
        """
        table, self._every = self.listed, rows
        if table.has_filter_line:
            table.say(line((wrong, Token.NOTICE)) if wrong else said)
        table.set_rows(rows, of=of)

    def own_keys(self, view: View) -> Sequence[Key]:
        """Return the keys of the screen, the most important first, `? help` last."""
        raise NotImplementedError

    def keys(self, view: View) -> Sequence[Key]:
        if self.listed.is_typing:
            return _TYPING
        return self.own_keys(view)

    def list_keys(self) -> tuple[Key, ...]:
        """Return the keys of the list that work now."""
        table = self.listed
        on_row = table.cursor_key is not None
        return (key("filter"), key("mark", enabled=on_row))

    def go_back(self) -> bool:
        """Take one thing back: what is being typed, the marks, the filter; False where there is none."""
        table = self.listed
        if table.is_typing or (table.has_filter_line and not table.marks):
            table.close_filter()
        elif table.marks:
            table.set_marks(type(table.marks)())
        else:
            return super().go_back()
        self.show()
        return True

    def action_filter(self) -> None:
        """Type a filter, or change the one that is there."""
        self.listed.open_filter(self.HINT)

    def filter_by(self, terms: str) -> None:
        """Narrow the list as if this had been typed, and kept."""
        table = self.listed
        table.open_filter(self.HINT)
        table.type_filter(terms)
        table.keep_filter()
        self.show()

    def action_mark(self) -> None:
        """Mark the row under the cursor, or take its mark away."""
        table = self.listed
        if table.cursor_key is not None:
            table.set_marks(table.marks.turned(table.cursor_key))
            self.show()

    def action_next_mark(self) -> None:
        """Go to the next marked row that is shown; after the last one to the first."""
        self._step(1)

    def action_previous_mark(self) -> None:
        """Go to the marked row before that is shown; before the first one to the last."""
        self._step(-1)

    def _step(self, step: int) -> None:
        place = self.next_mark(step)
        if place is not None:
            self.listed.jump(place)

    def next_mark(self, step: int) -> int | None:
        """Return the place of the marked row that is shown next, None where there is no other."""
        table = self.listed
        if not table.marks:
            return None
        places = [place for one in table.marks if (place := table.rows.index(one)) is not None]
        found = table.marks.after(table.cursor_index, places, step)
        return None if found == table.cursor_index else found

    @on(Table.FilterTyped)
    def _filter_typed(self) -> None:
        self.show()

    @on(Table.SortAsked)
    def _sort_asked(self) -> None:
        # Of a list that is read in pages, other rows stand in their place then.
        self.show()

    @on(Table.Refused)
    def _refused(self, event: Table.Refused) -> None:
        self.tell(event.sentence)

    def tell(self, sentence: str) -> None:
        """Say in a toast what became of a key."""
        self.notify(clean(sentence, MESSAGE_LIMIT), markup=False)
