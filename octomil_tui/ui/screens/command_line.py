"""The command line (:): one line at the bottom, with what could be meant above it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import ClassVar, TypeAlias

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widgets import Input

from octomil_tui.ui.screens.dialog import HELP_KEYS, Dialog
from octomil_tui.ui.spans import Line, Token, fit, line
from octomil_tui.ui.suggestion import Suggestion, completed
from octomil_tui.ui.theme import Ground
from octomil_tui.ui.widgets.chrome import head_line
from octomil_tui.ui.widgets.edges import Key, KeyBar
from octomil_tui.ui.widgets.form import Field, PanelLines
from octomil_tui.ui.widgets.lines import LineWidget, Painted

Deed: TypeAlias = Callable[[], Awaitable[None] | None]
"""What a command does, once the line is gone."""

_ROWS = 7
"""Suggestions that are shown at once."""
_WHAT, _KEY = 22, 10
_LONGEST = 300
_KEYS = (Key("enter", "run"), Key("tab", "complete"), Key("up down", "typed before"), Key("esc", "leave"))


class Suggested(LineWidget):
    """What could be meant: the command, its key, what it does or why it does not."""

    def __init__(self) -> None:
        super().__init__(id="suggested")
        self._found: Sequence[Suggestion] = ()
        self._chosen = -1

    @property
    def preferred_height(self) -> int:
        return min(len(self._found), _ROWS) + 1

    def tell(self, found: Sequence[Suggestion], chosen: int) -> None:
        """Show these, with the one at this place, if any, standing out."""
        self._found, self._chosen = found, chosen
        self.resized_content()

    def paint(self, width: int, height: int) -> list[Painted]:
        top = max(0, self._chosen - _ROWS + 1)
        # Names that stand behind a command take as much room as the longest of them.
        longest = max((len(one.what) + 2 for one in self._found), default=0)
        what = max(_WHAT, min(longest, width // 2)) if not any(one.key for one in self._found) else _WHAT
        below = len(self._found) - top - _ROWS
        more = line((f"{self.look.glyphs.below} {below} more", Token.MUTED)) if below > 0 else ()
        head = head_line(width, line(("COMMAND", Token.STRONG)), more, (), self.look.glyphs, boxed=False)
        shown = self._found[top : top + _ROWS]
        rows = [self._row(one, what, is_chosen=at == self._chosen) for at, one in enumerate(shown, top)]
        return [Painted(head), *rows]

    def _row(self, one: Suggestion, what: int, *, is_chosen: bool) -> Painted:
        bar = (self.look.glyphs.cursor if is_chosen else " ", Token.NEEDS)
        name = fit(line((one.what, Token.STRONG if one.works else Token.DIM)), what)
        key = (
            fit(line((one.key, Token.KEY if one.works else Token.DIM)), _KEY)
            if one.key or what == _WHAT
            else ()
        )
        told = line((one.note, Token.MUTED if one.works else Token.DIM))
        return Painted(line(bar, " ", name, key, told), Ground.SELECTED if is_chosen else Ground.PANEL)


class CommandLine(Dialog[Deed], inherit_bindings=False):
    """Returns what was asked for; None where nothing was.

    Args:
        suggest: Returns what could be meant by a line.
        understand: Returns what a line asks for, or the sentence that says why it asks for nothing.
        history: What was typed before, the oldest first; what is run is added to it.
        begin: What stands in the line at first.
    """

    NAMED = "the command line"
    ABOUT = (
        "A command by its name, or as much of it as only one begins with; what it is about stands behind it.",
    )
    KEYS = (
        ("enter", "run it"),
        ("tab", "complete, then go through what there is"),
        ("up down", "what was typed before"),
        ("esc", "run nothing"),
    )
    BINDINGS = [
        HELP_KEYS,
        Binding("escape", "give_up", "Leave", show=False),
        Binding("tab", "complete(1)", "Complete", show=False, priority=True),
        Binding("shift+tab", "complete(-1)", "Complete", show=False, priority=True),
        Binding("up", "recall(-1)", "Typed before", show=False),
        Binding("down", "recall(1)", "Typed after", show=False),
    ]
    AUTO_FOCUS: ClassVar[str] = "#command"

    def __init__(
        self,
        suggest: Callable[[str], Sequence[Suggestion]],
        understand: Callable[[str], Deed | str],
        history: list[str],
        *,
        begin: str = "",
    ) -> None:
        super().__init__()
        self._begin = begin
        self._suggest, self._understand, self._history = suggest, understand, history
        self._at = len(history)
        """Place in the history; its length for the line that is being typed."""
        self._typed = ""
        """What was typed, while something of the history, or a suggestion, stands in the line."""
        self._found: Sequence[Suggestion] = ()
        self._chosen = -1
        self._set: str | None = None
        """What was put into the line last, which nobody typed."""

    def compose(self) -> ComposeResult:
        with Vertical(id="command-line"):
            yield Suggested()
            yield PanelLines(id="command-said")
            with Horizontal(id="command-row"):
                yield PanelLines([line(" ", (":", Token.KEY))], id="command-colon")
                field = Field(self._begin, id="command", max_length=_LONGEST, select_on_focus=False)
                field.cursor_blink = False
                yield field
            yield KeyBar(_KEYS, id="command-keys")

    def on_mount(self) -> None:
        self._look()

    def on_key(self, event: events.Key) -> None:
        """Keep letters that came before the field had the focus: a command is typed in one go."""
        field = self.query_one("#command", Field)
        if event.is_printable and event.character is not None and not field.has_focus:
            event.stop()
            field.insert_text_at_cursor(event.character)

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        if event.value == self._set:
            return
        self._set, self._at, self._typed = None, len(self._history), event.value
        self._say("")
        self._look()

    def _look(self) -> None:
        self._found, self._chosen = self._suggest(self._line), -1
        self._tell()

    def _tell(self) -> None:
        self.query_one(Suggested).tell(self._found, self._chosen)

    @property
    def _line(self) -> str:
        return self.query_one("#command", Field).value

    def _put(self, text: str) -> None:
        field = self.query_one("#command", Field)
        self._set = text
        field.value = text
        field.cursor_position = len(text)

    def _say(self, sentence: str) -> None:
        said: list[Line] = [line(" ", (sentence, Token.NEEDS))] if sentence else []
        self.query_one("#command-said", PanelLines).set_lines(said)

    def action_complete(self, step: int) -> None:
        """Complete the line as far as nobody could mean anything else, then go through the suggestions."""
        further = completed(self._line, self._found)
        if self._chosen < 0 and further != self._line:
            self._put(further)
            self._found = self._suggest(further)
        elif self._found:
            self._chosen = (self._chosen + step) % len(self._found) if self._chosen >= 0 or step > 0 else -1
            self._put(self._found[self._chosen].text)
        self._say("")
        self._tell()

    def action_recall(self, step: int) -> None:
        """Go through what was typed before; below the newest stands what was being typed."""
        place = max(0, min(self._at + step, len(self._history)))
        if place == self._at:
            return
        self._at = place
        self._put(self._history[place] if place < len(self._history) else self._typed)
        self._say("")
        self._look()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        text = event.value.strip()
        if not text.removeprefix(":").strip():
            self.dismiss(None)
            return
        deed = self._understand(text)
        if isinstance(deed, str):
            # The line stays, to be mended.
            self._say(deed)
            return
        if not self._history or self._history[-1] != text:
            self._history.append(text)
        self.dismiss(deed)

    def action_give_up(self) -> None:
        """Run nothing."""
        self.dismiss(None)
