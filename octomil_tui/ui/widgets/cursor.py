"""Rows with a cursor that stays on its row wherever the row goes, however many there are."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.binding import Binding
from textual.message import Message

from octomil_tui.ui.intents import MOVES, bindings
from octomil_tui.ui.spans import Line
from octomil_tui.ui.widgets.chrome import Chrome
from octomil_tui.ui.widgets.pane import Framed
from octomil_tui.ui.widgets.rows import ListRows, Row, RowSource

_FAR = 1_000_000_000


class CursorRows(Framed):
    """A block of rows of which one is under the cursor.

    The cursor is a key, not a place: when the rows are replaced it is on the
    same device as before, and only when that is gone on its neighbour. On a
    row that was not read yet it has a place alone, and takes the key that
    comes there.
    """

    BINDINGS = [
        Binding("down", "move(1)", "Down", show=False),
        Binding("up", "move(-1)", "Up", show=False),
        Binding("pagedown", "move_pages(1)", "Page down", show=False),
        Binding("pageup", "move_pages(-1)", "Page up", show=False),
        Binding("home", f"move({-_FAR})", "First row", show=False),
        Binding("end", f"move({_FAR})", "Last row", show=False),
        *bindings(*MOVES, "open"),
    ]

    class RowMessage(Message):
        """What all messages about a row have."""

        def __init__(self, table: CursorRows, key: str) -> None:
            super().__init__()
            self.table = table
            self.key = key

        @property
        def control(self) -> CursorRows:
            """The table, so that `@on` can select by its id."""
            return self.table

    class Highlighted(RowMessage, namespace="table"):
        """The cursor came to another row."""

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, CursorRows.Highlighted) and message.table is self.table

    class Opened(RowMessage, namespace="table"):
        """Enter, or a second click, on the row under the cursor."""

    def __init__(
        self,
        title: str | Line,
        *,
        legend: Line,
        rows: Sequence[Row],
        chrome: Chrome,
        can_focus: bool,
        name: str | None,
        id: str | None,  # noqa: A002 - Textual's name for it
        classes: str | None,
    ) -> None:
        super().__init__(
            title, legend=legend, chrome=chrome, can_focus=can_focus, name=name, id=id, classes=classes
        )
        self._rows_shown: RowSource = ListRows(rows)
        self._cursor = 0
        self._cursor_key = self._key_of_row(0)
        self._clicked_key: str | None = None

    @property
    def cursor_key(self) -> str | None:
        """Key of the row under the cursor; None in an empty table, and on a row that was not read yet."""
        return self._cursor_key

    @property
    def cursor_index(self) -> int:
        """Place of the cursor among the rows as shown."""
        return self._cursor

    @property
    def rows(self) -> RowSource:
        """The rows in the order in which they are shown."""
        return self._rows_shown

    def move_to(self, key: str) -> bool:
        """Put the cursor on the row of `key`; return whether there is one."""
        index = self._rows_shown.index(key)
        if index is None:
            return False
        self._move(index)
        return True

    def jump(self, index: int) -> None:
        """Put the cursor on the row at a place, counted from 0; beyond the end on the last one."""
        self._move(index)

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

    def on_click(self, event: events.Click) -> None:
        index = self._top + event.y - self._head_rows()
        on_rows = self._head_rows() <= event.y < self._head_rows() + self._visible()
        if not on_rows or not 0 <= index < len(self._rows_shown) or not self.can_focus:
            return
        event.stop()
        key = self._rows_shown.key(index)
        again = key is not None and key == self._clicked_key == self._cursor_key
        self._move(index)
        self._clicked_key = key
        if again:
            self.action_open()

    def on_resize(self) -> None:
        self._reveal()

    def _show(self, rows: RowSource) -> None:
        """Show these rows, with the cursor on the row it was on."""
        self._rows_shown = rows
        before = self._cursor
        found = self._found(before)
        self._cursor = max(0, min(before if found is None else found, len(rows) - 1))
        if self._top <= before < self._top + self._visible():
            if self._top:
                # The cursor's row stays where it is on the screen; the others move around it.
                self._scroll_top(self._top + self._cursor - before)
            self._reveal()
        self._highlight()

    def _found(self, before: int) -> int | None:
        """Return where the cursor's row is now; most often it is where it was, and nothing is searched."""
        key = self._cursor_key
        if key is None or self._key_of_row(before) == key:
            return before
        return self._rows_shown.index(key)

    def _move(self, index: int) -> None:
        self._cursor = max(0, min(index, len(self._rows_shown) - 1))
        self._clicked_key = None
        self._reveal()
        self._highlight()
        self.repaint()

    def _highlight(self) -> None:
        key = self._key_of_row(self._cursor)
        if key != self._cursor_key:
            self._cursor_key = key
            if key is not None:
                self.post_message(self.Highlighted(self, key))

    def _key_of_row(self, index: int) -> str | None:
        return self._rows_shown.key(index) if index < len(self._rows_shown) else None

    def _reveal(self) -> None:
        """Scroll as little as it takes to see the cursor."""
        visible = self._visible()
        if visible and not self._top <= self._cursor < self._top + visible:
            self._scroll_top(self._cursor if self._cursor < self._top else self._cursor - visible + 1)
