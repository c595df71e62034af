"""The palette (ctrl+p): every command in columns, with its key and what it does, or why it does not here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Input

from octomil_tui.ui.command import Takes
from octomil_tui.ui.screens.command_line import Deed
from octomil_tui.ui.screens.dialog import HELP_KEYS, Dialog
from octomil_tui.ui.spans import Line, Token, legend, line
from octomil_tui.ui.suggestion import Offer, ranked
from octomil_tui.ui.theme import look_of
from octomil_tui.ui.widgets.chrome import Chrome
from octomil_tui.ui.widgets.columns import Column
from octomil_tui.ui.widgets.form import Field
from octomil_tui.ui.widgets.rows import Row
from octomil_tui.ui.widgets.table import Table

_COLUMNS = (
    Column("command", "COMMAND", 20),
    Column("key", "KEY", 10),
    Column("does", "DOES"),
)
_LONGEST = 100


class CommandTable(Table):
    """The commands; its cursor stands out though what is typed goes into the field."""

    @property
    def is_typing(self) -> bool:
        return True


class Palette(Dialog[str | Deed], inherit_bindings=False):
    """Returns what was chosen, or of a command that wants something behind it the line to go on with.

    Args:
        offered: Every command as it stands on the screen.
        understand: Returns what a command asks for, or the sentence that says why nothing.
    """

    NAMED = "the palette"
    ABOUT = ("Every command. A few letters find it; what is dim does not work here now, and says why.",)
    KEYS = (("enter", "run it"), ("up down", "another one"), ("esc", "run nothing"))
    BINDINGS = [
        HELP_KEYS,
        Binding("escape", "give_up", "Leave", show=False),
        Binding("down,ctrl+n", "step(1)", "Down", show=False),
        Binding("up", "step(-1)", "Up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
    ]
    AUTO_FOCUS: ClassVar[str] = "#palette-field"

    def __init__(self, offered: Sequence[Offer], understand: Callable[[str], Deed | str]) -> None:
        super().__init__()
        self._offered, self._understand = tuple(offered), understand

    def compose(self) -> ComposeResult:
        with Vertical(id="palette"):
            field = Field(
                id="palette-field", max_length=_LONGEST, placeholder="what do you want? type a few letters"
            )
            field.cursor_blink = False
            yield field
            yield CommandTable("COMMANDS", columns=_COLUMNS, chrome=Chrome.BOX, id="palette-table")

    def on_mount(self) -> None:
        self._table.set_empty(line(("nothing is called that", Token.MUTED)))
        self._title("")
        self._show("")

    def on_key(self, event: events.Key) -> None:
        """Keep letters that came before the field had the focus."""
        field = self.query_one(Field)
        if event.is_printable and event.character is not None and not field.has_focus:
            event.stop()
            field.insert_text_at_cursor(event.character)

    @property
    def _table(self) -> CommandTable:
        return self.query_one(CommandTable)

    def _title(self, said: str) -> None:
        keys = legend((look_of(self.app).glyphs.enter, "run"), ("esc", "leave"))
        self._table.set_title("COMMANDS", line((said, Token.NEEDS)) if said else keys)

    def _show(self, typed: str) -> None:
        self._table.set_rows([_row(one) for one in ranked(typed, self._offered)])
        self._table.jump(0)

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self._title("")
        self._show(event.value)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._run(self._table.cursor_key)

    @on(Table.Opened)
    def _opened(self, event: Table.Opened) -> None:
        self._run(event.key)

    def _run(self, name: str | None) -> None:
        one = next((one for one in self._offered if one.command.name == name), None)
        if one is None:
            return
        if one.why_not:
            self._title(one.why_not)
            return
        if one.command.takes is not Takes.NOTHING and not one.command.is_optional:
            self.dismiss(f"{one.command.name} ")
            return
        deed = self._understand(one.command.name)
        if isinstance(deed, str):
            self._title(deed)
        else:
            self.dismiss(deed)

    def action_step(self, rows: int) -> None:
        """Go to another command."""
        self._table.action_move(rows)

    def action_page(self, pages: int) -> None:
        """Go a page on."""
        self._table.action_move_pages(pages)

    def action_give_up(self) -> None:
        """Run nothing."""
        self.dismiss(None)


def _row(one: Offer) -> Row:
    works = not one.why_not and not one.note
    said = one.why_not or one.note or one.command.meaning

    def text(words: str, token: Token) -> Line:
        return line((words, token if works else Token.DIM))

    return Row(
        one.command.name,
        (text(one.command.usage, Token.STRONG), text(one.command.key, Token.KEY), text(said, Token.MUTED)),
    )
