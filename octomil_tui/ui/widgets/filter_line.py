"""The line of a table in which a filter is typed: ` / ver:v2* state:!online`, under the title."""

from __future__ import annotations

from textual import on
from textual.message import Message
from textual.widgets import Input

from octomil_tui.ui.spans import Line, Token, fit, line, width
from octomil_tui.ui.widgets.cursor import CursorRows
from octomil_tui.ui.widgets.form import Field

_LONGEST = 200
"""Characters that can be typed."""
_LEFT = 3
"""Cells before the field: the margin, the slash, a space."""
_LEAST = 24
"""Cells that the field has at least; what is said beside it gets the rest."""
_GAP = 2


class FilterField(Field):
    """The field itself; its table draws what stands beside it."""

    DEFAULT_CSS = """
    FilterField, FilterField:focus { height: 1; border: none; padding: 0; background: $background; }
    """


class FilterLine(CursorRows):
    """Rows that can be narrowed; what a text means is for the screen to say."""

    class FilterTyped(Message, namespace="table"):
        """Another text stands in the filter line."""

        def __init__(self, table: FilterLine, text: str) -> None:
            super().__init__()
            self.table = table
            self.text = text

        @property
        def control(self) -> FilterLine:
            """The table, so that `@on` can select by its id."""
            return self.table

    _field: FilterField | None = None
    _said: Line = ()

    @property
    def filter_text(self) -> str:
        """What stands in the filter line; empty where there is none."""
        return self._field.value if self._field is not None else ""

    @property
    def has_filter_line(self) -> bool:
        """Whether the line is there, with a filter or to type one."""
        return self._field is not None and self._field.display

    @property
    def is_typing(self) -> bool:
        """Whether what is typed goes into the line."""
        return self._field is not None and self._field.has_focus

    def open_filter(self, placeholder: str = "") -> None:
        """Let a filter be typed, or the one that is there be changed."""
        if self._field is None:
            self._field = FilterField(max_length=_LONGEST, select_on_focus=False)
            self._field.cursor_blink = False
            self._place_field()
            self.mount(self._field)
        self._field.placeholder = placeholder
        self._field.can_focus = True
        self._field.display = True
        self._field.focus()
        self._line_changed()

    def type_filter(self, text: str) -> None:
        """Put a text into the line, in place of what is there."""
        if self._field is not None:
            self._field.value = text[:_LONGEST]

    def close_filter(self) -> None:
        """Take the line away, with what stands in it."""
        if self._field is None or not self._field.display:
            return
        if self._field.has_focus:
            self.focus()
        self._field.display = self._field.can_focus = False
        self._said = ()
        self._field.value = ""
        self._line_changed()

    def keep_filter(self) -> None:
        """Leave the line as it is and go back to the rows; an empty one is taken away."""
        if self._field is None or not self._field.value.strip():
            self.close_filter()
            return
        self.focus()
        self._field.can_focus = False

    def say(self, said: Line) -> None:
        """Say something beside the filter: what is wrong with it, or nothing."""
        if said != self._said:
            self._said = said
            self._place_field()
            self.repaint()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.FilterTyped(self, event.value))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.keep_filter()

    def on_resize(self) -> None:
        # Textual calls the handlers of the classes below by itself.
        self._place_field()

    def _line_changed(self) -> None:
        self._reveal()
        self.resized_content()

    def _head_rows(self) -> int:
        return super()._head_rows() + self.has_filter_line

    def _field_cells(self) -> int:
        room = max(1, self.size.width - 2 * self.boxed - _LEFT - 1)
        said = width(self._said)
        return max(min(_LEAST, room), room - said - _GAP) if said else room

    def _place_field(self) -> None:
        """Put the field where its line is: under the title, behind the slash."""
        if self._field is None:
            return
        styles = self._field.styles
        styles.width = self._field_cells()
        styles.margin = (1, 0, 0, _LEFT + self.boxed)

    def _filter_row(self, inner: int) -> Line:
        """Return the line without what is typed, which the field draws over it."""
        head = line(" ", ("/", Token.KEY))
        if not self._said:
            return head
        before = _LEFT + self._field_cells() + _GAP
        return line(fit(head, before), fit(self._said, max(0, inner - before - 1)))
