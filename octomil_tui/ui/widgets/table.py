"""The table of the product: any number of rows, of which only those on the screen are looked at."""

from __future__ import annotations

from collections.abc import Sequence

from textual.message import Message

from octomil_tui.ui.intents import bindings
from octomil_tui.ui.spans import Line, Token, line, plain
from octomil_tui.ui.theme import Ground
from octomil_tui.ui.widgets.chrome import Chrome
from octomil_tui.ui.widgets.columns import Column, Placed, header_line, place, row_line
from octomil_tui.ui.widgets.filter_line import FilterLine
from octomil_tui.ui.widgets.lines import Painted
from octomil_tui.ui.widgets.marks import Marks
from octomil_tui.ui.widgets.pages import PagedRows
from octomil_tui.ui.widgets.rows import ListRows, Row, RowSource, WholeRows

_EDGE = 1
"""Blank cells after the last column."""
_MOST_DRAWN = 1_000
"""Rows that are kept put together: a few screens, however many the table has."""
_MARK = "*"
_NOT_READ = line(("…", Token.DIM))


class Table(FilterLine):
    """Rows under headings that can be sorted, marked and narrowed."""

    BINDINGS = bindings("sort", "reverse")

    class SortAsked(Message):
        """The order was changed."""

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

    class Refused(Message):
        """What was asked cannot be done with rows that are not all in memory."""

        def __init__(self, sentence: str) -> None:
            super().__init__()
            self.sentence = sentence

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
            title,
            legend=legend,
            rows=rows,
            chrome=chrome,
            can_focus=can_focus,
            name=name,
            id=id,
            classes=classes,
        )
        self._columns = tuple(columns)
        self._empty = empty
        self._given = self._rows_shown
        self._given_of: int | None = None
        self._sorted_by: Column | None = None
        self._descending = False
        self._placed: tuple[Placed, ...] = ()
        self._placed_for = (0, 0)
        self._drawn: dict[int, tuple[Sequence[Line], Line]] = {}
        """Cells and the row put together of them, by place."""
        self._known: set[int] = set()
        """Places whose cells did not change since they were put together."""
        self._marks = Marks()

    @property
    def columns(self) -> tuple[Column, ...]:
        """All columns, also those that there is no room for."""
        return self._columns

    @property
    def marks(self) -> Marks:
        """The rows that were marked, by key; change them with `set_marks`."""
        return self._marks

    @property
    def sorted_by(self) -> tuple[str | None, bool]:
        """Key of the column that the rows are sorted by, None as given, and whether downwards."""
        return (self._sorted_by.key if self._sorted_by else None, self._descending)

    def set_rows(self, source: RowSource | Sequence[Row], *, of: int | None = None) -> None:
        """Show these rows, in the order that was chosen, with the cursor on the row it was on.

        Args:
            source: The rows; the same source as before costs only what is on the screen.
            of: How many there are without the filter; None where none narrows them.
        """
        given = ListRows(source) if isinstance(source, Sequence) else source
        if (
            given == self._given
            and of == self._given_of
            and isinstance(given, ListRows)
            and self._is_painted()
        ):
            return
        again, self._given, self._given_of = given is self._given, given, of
        if not again:
            self._order()
        else:
            self._show(self._rows_shown)
        self.resized_content()

    def look_again(self) -> None:
        """Draw what came into the source meanwhile: a page that was read, or how many rows there are."""
        self._show(self._rows_shown)
        self.resized_content()

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Show other columns; rows have to have their cells."""
        if tuple(columns) == self._columns:
            return
        self._columns = tuple(columns)
        if self._sorted_by is not None and self._sorted_by not in self._columns:
            self._sorted_by = None
            self._order()
        self._placed_for = (0, 0)
        self.repaint()

    def set_empty(self, empty: Line) -> None:
        """Say what a table without rows shows."""
        if empty == self._empty and self._is_painted():
            return
        self._empty = empty
        self.resized_content()

    def set_marks(self, marks: Marks) -> None:
        """Mark these rows and no others."""
        if marks != self._marks:
            self._marks = marks
            self.repaint()

    def sort_by(self, column: str | None, *, descending: bool = False) -> None:
        """Sort by the column of this key, or by None show the rows as they were given.

        Rows of which only some pages are in memory stay as they are: whoever
        gave them hears of it (`SortAsked`), and can give those in their place that are there.
        """
        chosen = next((one for one in self._columns if one.key == column and one.sortable), None)
        if chosen is not None and not isinstance(self._given, WholeRows | PagedRows):
            self.post_message(self.Refused("not sorted: the rows are not all in memory"))
            return
        self._sorted_by = chosen
        self._descending = descending and chosen is not None
        self._order()
        self.repaint()
        key, downwards = self.sorted_by
        self.post_message(self.SortAsked(self, key, descending=downwards))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave the keys for sorting to the screen where no column can be sorted."""
        if action in ("sort", "reverse"):
            return any(column.sortable for column in self._columns)
        return super().check_action(action, parameters)

    def action_sort(self) -> None:
        """Sort by the next sortable column; after the last one, as given."""
        order = [None, *(column.key for column in self._columns if column.sortable)]
        self.sort_by(order[(order.index(self.sorted_by[0]) + 1) % len(order)])

    def action_reverse(self) -> None:
        """Sort the other way round."""
        key, descending = self.sorted_by
        if key is not None:
            self.sort_by(key, descending=not descending)

    def text_of(self, index: int) -> list[str] | None:
        """Return the text of each column of a row, whole; None while it was not read."""
        cells = self._rows_shown.cells(index)
        return None if cells is None else [plain(cell) for cell in cells]

    def _order(self) -> None:
        """Sort what was given and find the cursor's row again."""
        column, given = self._sorted_by, self._given
        if column is not None and column.sort_value is not None and isinstance(given, WholeRows):
            self._show(given.sorted_by(column.sort_value, descending=self._descending))
        else:
            self._show(given)

    def _head_rows(self) -> int:
        return super()._head_rows() + 1

    @property
    def _indent(self) -> int:
        # A first column of one cell holds a mark, which stands out to the left of the names.
        has_mark = bool(self._columns) and self._columns[0].width == 1
        return 2 if has_mark else super()._indent

    def _length(self) -> int:
        return len(self._rows_shown) or bool(self._empty)

    def _hint(self) -> Line:
        shown, of = len(self._rows_shown), self._given_of
        marked = f"{len(self._marks):,} marked" if self._marks else ""
        place = f"{self._cursor + 1:,}/{self._total()}" if shown > self._visible() else ""
        if of is not None:
            place = f"{place or f'{shown:,}'} of {of:,}"
        said = ", ".join(one for one in (marked, place) if one)
        return line((said, Token.KEY if marked else Token.MUTED)) if said else ()

    def _total(self) -> str:
        rows = self._rows_shown
        unknown = isinstance(rows, PagedRows) and rows.total is None
        return "?" if unknown else f"{len(rows):,}"

    def _body(self, inner: int, rows: int) -> list[Painted]:
        shape = (inner, self._indent)
        if shape != self._placed_for:
            self._placed, self._placed_for = place(self._columns, inner - self._indent - _EDGE), shape
            self._drawn.clear()
        elif len(self._drawn) > _MOST_DRAWN:
            self._drawn.clear()
        glyphs = self.look.glyphs
        arrow = glyphs.below if self._descending else glyphs.above
        heading = header_line(self._placed, self.sorted_by[0], arrow)
        painted = [Painted(self._filter_row(inner))] if self.has_filter_line else []
        painted.append(Painted(line(" " * self._indent, heading)))
        if not len(self._rows_shown):
            return [*painted, Painted(line(" " * self._indent, self._empty))]
        last = min(self._top + rows - len(painted), len(self._rows_shown))
        self._want(self._top, max(self._top, last - 1))
        return painted + [self._row(index) for index in range(self._top, last)]

    def _want(self, first: int, last: int) -> None:
        """Tell a source that reads its rows what is on the screen."""
        if isinstance(self._rows_shown, PagedRows):
            self._rows_shown.want(first, last)

    def _row(self, index: int) -> Painted:
        spans = self._put_together(index)
        key = self._rows_shown.key(index)
        mark = (_MARK, Token.KEY) if key is not None and key in self._marks else " "
        blank = " " * (self._indent - 2)
        if index != self._cursor or not self.can_focus:
            return Painted(line(" ", mark, blank, spans))
        is_active = self.has_focus or self.is_typing
        bar = (self.look.glyphs.cursor, Token.NEEDS if is_active else Token.DIM)
        return Painted(line(bar, mark, blank, spans), Ground.SELECTED if is_active else Ground.PANEL)

    def _put_together(self, index: int) -> Line:
        """Return the columns of a row side by side; what did not change is neither asked for nor put together again."""
        drawn = self._drawn.get(index)
        if drawn is not None and index in self._known:
            return drawn[1]
        cells = self._rows_shown.cells(index)
        if cells is None:
            return _NOT_READ
        if drawn is None or drawn[0] != cells:
            drawn = self._drawn[index] = (cells, row_line(self._placed, cells))
        self._known.add(index)
        return drawn[1]

    def _show(self, rows: RowSource) -> None:
        self._known.clear()
        super()._show(rows)
