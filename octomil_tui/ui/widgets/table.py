"""The table of the product: any number of rows, of which only those on the screen are looked at."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.binding import Binding
from textual.message import Message

from octomil_tui.ui.spans import Line, Token, line
from octomil_tui.ui.theme import Ground
from octomil_tui.ui.widgets.chrome import Chrome
from octomil_tui.ui.widgets.columns import Column, Placed, header_line, place, row_line
from octomil_tui.ui.widgets.lines import Painted
from octomil_tui.ui.widgets.pane import Framed
from octomil_tui.ui.widgets.rows import ListRows, Row, RowSource

_BAR = 1
"""Cells of the bar that marks the selected row."""
_EDGE = 1
"""Blank cells after the last column."""
_MOST_DRAWN = 1_000
"""Rows that are kept put together: a few screens, however many the table has."""
_FAR = 1_000_000_000


class Table(Framed):
    """Rows under headings, with a cursor that stays on its row wherever the row goes.

    The cursor is a key, not a place: when the rows are replaced it is on the
    same device as before, and only when that is gone on its neighbour.
    """

    BINDINGS = [
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("ctrl+d", "move_pages(0.5)", "Half a page down", show=False),
        Binding("ctrl+u", "move_pages(-0.5)", "Half a page up", show=False),
        Binding("pagedown", "move_pages(1)", "Page down", show=False),
        Binding("pageup", "move_pages(-1)", "Page up", show=False),
        Binding("home,g", f"move({-_FAR})", "First row", show=False),
        Binding("end,G", f"move({_FAR})", "Last row", show=False),
        Binding("enter", "open", "Open", show=False),
        Binding("s", "sort", "Sort by the next column", show=False),
        Binding("S", "reverse", "Sort the other way", show=False),
    ]

    class RowMessage(Message):
        """What all messages about a row have."""

        def __init__(self, table: Table, key: str) -> None:
            super().__init__()
            self.table = table
            self.key = key

        @property
        def control(self) -> Table:
            """The table, so that `@on` can select by its id."""
            return self.table

    class Highlighted(RowMessage):
        """The cursor came to another row."""

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, Table.Highlighted) and message.table is self.table

    class Opened(RowMessage):
        """Enter, or a second click, on the row under the cursor."""

    class SortAsked(Message):
        """The order was changed; a source that is not a `ListRows` has to follow."""

        def __init__(self, table: Table, column: str | None, *, descending: bool) -> None:
            super().__init__()
            self.table = table
            self.column = column
            """Key of the column, None for the order as given."""
            self.descending = descending

        @property
        def control(self) -> Table:
            """The table, so that `@on` can select by its id."""
            return self.table

    def __init__(
        self,
        title: str | Line = "",
        *,
        columns: Sequence[Column] = (),
        legend: Line = (),
        empty: Line = (),
        rows: Sequence[Row] = (),
        chrome: Chrome = Chrome.AUTO,
        can_focus: bool = True,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's name for it
        classes: str | None = None,
    ) -> None:
        super().__init__(
            title, legend=legend, chrome=chrome, can_focus=can_focus, name=name, id=id, classes=classes
        )
        self._columns = tuple(columns)
        self._empty = empty
        self._given: RowSource = ListRows(rows)
        self._rows_shown: RowSource = self._given
        self._cursor = 0
        self._cursor_key = self._key_at(0)
        self._clicked_key: str | None = None
        self._sorted_by: Column | None = None
        self._descending = False
        self._placed: tuple[Placed, ...] = ()
        self._placed_for = (0, 0)
        self._drawn: dict[int, Line] = {}

    @property
    def cursor_key(self) -> str | None:
        """Key of the row under the cursor, None in an empty table."""
        return self._cursor_key

    @property
    def cursor_index(self) -> int:
        """Place of the cursor among the rows as shown."""
        return self._cursor

    @property
    def rows(self) -> RowSource:
        """The rows in the order in which they are shown."""
        return self._rows_shown

    @property
    def sorted_by(self) -> tuple[str | None, bool]:
        """Key of the column that the rows are sorted by, None as given, and whether downwards."""
        return (self._sorted_by.key if self._sorted_by else None, self._descending)

    def set_rows(self, source: RowSource | Sequence[Row]) -> None:
        """Show these rows, in the order that was chosen, with the cursor on the row it was on."""
        self._given = ListRows(source) if isinstance(source, Sequence) else source
        self._order()
        self.resized_content()

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Show other columns; rows have to have their cells."""
        self._columns = tuple(columns)
        if self._sorted_by is not None and self._sorted_by not in self._columns:
            self._sorted_by = None
            self._order()
        self._placed_for = (0, 0)
        self.repaint()

    def set_empty(self, empty: Line) -> None:
        """Say what a table without rows shows."""
        self._empty = empty
        self.resized_content()

    def move_to(self, key: str) -> bool:
        """Put the cursor on the row of `key`; return whether there is one."""
        index = self._rows_shown.index(key)
        if index is None:
            return False
        self._move(index)
        return True

    def sort_by(self, column: str | None, *, descending: bool = False) -> None:
        """Sort by the column of this key, or by None show the rows as they were given."""
        self._sorted_by = next((one for one in self._columns if one.key == column and one.sortable), None)
        self._descending = descending and self._sorted_by is not None
        self._order()
        self.repaint()
        key, downwards = self.sorted_by
        self.post_message(self.SortAsked(self, key, descending=downwards))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave the keys for sorting to the screen where no column can be sorted."""
        if action in ("sort", "reverse"):
            return any(column.sortable for column in self._columns)
        return super().check_action(action, parameters)

    def action_move(self, rows: int) -> None:
        """Move the cursor by a number of rows."""
        self._move(self._cursor + rows)

    def action_move_pages(self, pages: float) -> None:
        """Move the cursor by a number of pages, or a part of one."""
        self._move(self._cursor + int(pages * max(2, self._visible() - 1)))

    def action_open(self) -> None:
        """Open the row under the cursor."""
        if self._cursor_key is not None:
            self.post_message(self.Opened(self, self._cursor_key))

    def action_sort(self) -> None:
        """Sort by the next sortable column; after the last one, as given."""
        order = [None, *(column.key for column in self._columns if column.sortable)]
        self.sort_by(order[(order.index(self.sorted_by[0]) + 1) % len(order)])

    def action_reverse(self) -> None:
        """Sort the other way round."""
        key, descending = self.sorted_by
        if key is not None:
            self.sort_by(key, descending=not descending)

    def on_click(self, event: events.Click) -> None:
        index = self._top + event.y - self._head_rows()
        on_rows = self._head_rows() <= event.y < self._head_rows() + self._visible()
        if not on_rows or not 0 <= index < len(self._rows_shown) or not self.can_focus:
            return
        event.stop()
        key = self._rows_shown.key(index)
        again = key == self._clicked_key == self._cursor_key
        self._move(index)
        self._clicked_key = key
        if again:
            self.action_open()

    def on_resize(self) -> None:
        self._reveal()

    def _order(self) -> None:
        """Sort what was given and find the cursor's row again."""
        column, given = self._sorted_by, self._given
        if column is not None and column.sort_value is not None and isinstance(given, ListRows):
            self._rows_shown = given.sorted_by(column.sort_value, descending=self._descending)
        else:
            self._rows_shown = given
        self._drawn.clear()
        before = self._cursor
        found = self._rows_shown.index(self._cursor_key) if self._cursor_key is not None else None
        self._cursor = max(0, min(before if found is None else found, len(self._rows_shown) - 1))
        if self._top <= before < self._top + self._visible():
            if self._top:
                # The cursor's row stays where it is on the screen; the others move around it.
                self._scroll_top(self._top + self._cursor - before)
            self._reveal()
        self._highlight()

    def _move(self, index: int) -> None:
        self._cursor = max(0, min(index, len(self._rows_shown) - 1))
        self._clicked_key = None
        self._reveal()
        self._highlight()
        self.repaint()

    def _highlight(self) -> None:
        key = self._key_at(self._cursor)
        if key != self._cursor_key:
            self._cursor_key = key
            if key is not None:
                self.post_message(self.Highlighted(self, key))

    def _key_at(self, index: int) -> str | None:
        return self._rows_shown.key(index) if index < len(self._rows_shown) else None

    def _reveal(self) -> None:
        """Scroll as little as it takes to see the cursor."""
        visible = self._visible()
        if visible and not self._top <= self._cursor < self._top + visible:
            self._scroll_top(self._cursor if self._cursor < self._top else self._cursor - visible + 1)

    def _head_rows(self) -> int:
        return 2

    @property
    def _indent(self) -> int:
        # A first column of one cell holds a mark, which stands out to the left of the names.
        has_mark = bool(self._columns) and self._columns[0].width == 1
        return 2 if has_mark else super()._indent

    def _length(self) -> int:
        return len(self._rows_shown) or bool(self._empty)

    def _hint(self) -> Line:
        total = len(self._rows_shown)
        if total <= self._visible():
            return ()
        return line((f"{self._cursor + 1}/{total}", Token.MUTED))

    def _body(self, inner: int, rows: int) -> list[Painted]:
        shape = (inner, self._indent)
        if shape != self._placed_for:
            self._placed, self._placed_for = place(self._columns, inner - self._indent - _EDGE), shape
            self._drawn.clear()
        elif len(self._drawn) > _MOST_DRAWN:
            self._drawn.clear()
        glyphs = self.look.glyphs
        mark = glyphs.below if self._descending else glyphs.above
        heading = header_line(self._placed, self.sorted_by[0], mark)
        painted = [Painted(line(" " * self._indent, heading))]
        if not len(self._rows_shown):
            return [*painted, Painted(line(" " * self._indent, self._empty))]
        last = min(self._top + rows - 1, len(self._rows_shown))
        return painted + [self._row(index) for index in range(self._top, last)]

    def _row(self, index: int) -> Painted:
        drawn = self._drawn.get(index)
        if drawn is None:
            drawn = self._drawn[index] = row_line(self._placed, self._rows_shown.cells(index))
        if index != self._cursor or not self.can_focus:
            return Painted(line(" " * self._indent, drawn))
        ground = Ground.SELECTED if self.has_focus else Ground.PANEL
        bar = Token.NEEDS if self.has_focus else Token.DIM
        return Painted(line((self.look.glyphs.cursor, bar), " " * (self._indent - _BAR), drawn), ground)
