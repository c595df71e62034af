"""Help: this screen first, then everywhere, then what the words mean; what is typed is looked for (G-80, G-160)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from textual import events, on
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.widget import Widget
from textual.widgets import Input

from octomil_tui.ui.intents import MOVES, binding_as, bindings, intent, named
from octomil_tui.ui.keys_now import keys_now
from octomil_tui.ui.present import help as present
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.screens.base import BaseScreen, key
from octomil_tui.ui.screens.view import View
from octomil_tui.ui.spans import Line, Token, line, wrap
from octomil_tui.ui.widgets.edges import Key
from octomil_tui.ui.widgets.form import Field
from octomil_tui.ui.widgets.pane import Pane

_LONGEST = 60
_KEPT = ("leave", "help", "command", "filter", "fleet", "models", "rollouts", "groups", "timeline")
"""Names of the intents whose keys mean here what they mean elsewhere; any other letter begins a search."""
_THREE = "-three"
"""Class of a page with a column for each of its three parts."""


class HelpScreen(BaseScreen):
    """Keys and words; scrolls where there is more than fits.

    Args:
        name_of_screen: Where help was asked for, safe to show.
        own: Ids of what that screen can do.
        term: What to look for.
        told: Keys that are no intents, with what they do: those of a dialog.
        about: What is asked or shown there, in sentences.
    """

    AUTO_FOCUS = "#help-keys"
    BINDINGS = [
        *bindings("filter"),
        binding_as("down", "scroll_help(1)"),
        binding_as("up", "scroll_help(-1)"),
        binding_as("half-down", "scroll_help(10)"),
        binding_as("half-up", "scroll_help(-10)"),
        binding_as("first-row", "scroll_help(-10000)"),
        binding_as("last-row", "scroll_help(10000)"),
        Binding("down", "scroll_help(1)", show=False),
        Binding("up", "scroll_help(-1)", show=False),
        Binding("pagedown", "scroll_help(15)", show=False),
        Binding("pageup", "scroll_help(-15)", show=False),
    ]

    def __init__(
        self,
        name_of_screen: str,
        own: Sequence[str],
        *,
        term: str = "",
        told: Sequence[tuple[str, str]] = (),
        about: Sequence[str] = (),
    ) -> None:
        super().__init__()
        self._asked_on, self._own = name_of_screen, tuple(own)
        self._told, self._about = tuple(told), tuple(about)
        self._term = term

    def panes(self) -> Iterable[Widget]:
        search = Field(self._term, id="help-search", max_length=_LONGEST, select_on_focus=False)
        search.cursor_blink = False
        search.display = bool(self._term)
        yield search
        yield Horizontal(
            VerticalScroll(
                Pane(f"ON THIS SCREEN: {self._asked_on}", id="help-here"),
                Pane("IF IT DOES NOT MOVE", id="help-still"),
                Pane("IF THE API IS GONE", id="help-gone"),
                Pane("SAFETY", id="help-safety-wide"),
                Pane("EVERYWHERE", id="help-everywhere"),
                Pane("NOT USED ON PURPOSE", id="help-unused"),
                id="help-keys",
            ),
            VerticalScroll(
                Pane("EVERYWHERE", id="help-everywhere-wide"),
                Pane("NOT USED ON PURPOSE", id="help-unused-wide"),
                id="help-all",
            ),
            VerticalScroll(
                Pane("WHAT THE WORDS MEAN", id="help-words"),
                Pane("COLOUR IS NEVER ALONE", id="help-signs"),
                Pane("SAFETY", id="help-safety"),
                Pane("IF IT DOES NOT MOVE", id="help-still-narrow"),
                Pane("IF THE API IS GONE", id="help-gone-narrow"),
                Pane("EXIT CODES", id="help-ends"),
                id="help-meaning",
            ),
            id="help",
        )

    @property
    def crumbs(self) -> str:
        return f"HELP: {self._asked_on}"

    @property
    def _search(self) -> Field:
        return self.query_one("#help-search", Field)

    def sentence(self, view: View) -> Sequence[Line]:
        said = [self._found_sentence()] if self._term.strip() else [line(f"   {one}") for one in self._about]
        if not said:
            said = [muted("   Keys of the screen you came from, keys of every screen, and the words.")]
        info = self.console.place_info
        told = [*said, muted(f"   This console speaks to {info.way}.")] if info.via else said
        return wrap(told, self.size.width - 2)

    def _found_sentence(self) -> Line:
        count = sum(len(lines) for lines in self._found.values())
        if not count:
            return line(("?? ", Token.NOTICE), f'Nothing here says "{self._term.strip()}".')
        return line("   ", (f"{count}", Token.STRONG), f" line{'' if count == 1 else 's'} with it.")

    def _sentence(self, view: View) -> Sequence[Line]:
        # Help is true also while nothing was read yet.
        return self.sentence(view)

    _found: dict[str, Sequence[Line]] = {}
    """What each part that is shown says of what is looked for."""

    def fill(self, view: View) -> None:
        self.set_class(view.wide, _THREE)
        parts = self._parts(view)
        self._found = {}
        for pane_id, lines in parts.items():
            pane = self.query_one(f"#{pane_id}", Pane)
            found = present.found_lines(lines(), self._term) if self._is_shown(pane_id, view) else []
            pane.display = bool(found)
            # What means more than a line holds goes on below it.
            pane.set_lines(present.hanging(found, self._room(view)))
            if found:
                self._found[pane_id] = found

    def _room(self, view: View) -> int:
        """Return how many cells a line has: from the width of the screen, so that the first layout is the right one."""
        cells = self.app.size.width
        return (cells - 2) // 3 - 5 if view.wide else cells // 2 - 4

    @staticmethod
    def _is_shown(pane_id: str, view: View) -> bool:
        if pane_id in _ONLY_WIDE:
            return view.wide
        return not view.wide or pane_id not in _ONLY_NARROW

    def _parts(self, view: View) -> dict[str, Callable[[], Sequence[Line]]]:
        wide = view.wide

        def here() -> Sequence[Line]:
            lines = present.screen_lines(self._own, wide=wide) + present.dialog_lines(self._told)
            return lines or [muted("only the keys that work everywhere")]

        return {
            "help-here": here,
            "help-still": present.not_moving_lines,
            "help-gone": present.gone_lines,
            "help-everywhere": lambda: present.everywhere_lines(wide=wide),
            "help-unused": lambda: present.unused_lines(wide=wide),
            "help-everywhere-wide": lambda: present.everywhere_lines(wide=wide),
            "help-unused-wide": lambda: present.unused_lines(wide=wide),
            "help-words": lambda: present.word_lines(wide=wide),
            "help-signs": lambda: present.sign_lines(view.glyphs),
            "help-safety": present.safety_lines,
            "help-safety-wide": present.safety_lines,
            "help-still-narrow": present.not_moving_lines,
            "help-gone-narrow": present.gone_lines,
            "help-ends": lambda: present.end_lines(wide=wide),
        }

    def look_for(self, term: str) -> None:
        """Show only what has this in it."""
        self._search.value = term
        self._search.display = bool(term)
        self._term = term
        self.show()

    def action_filter(self) -> None:
        """Type what to look for."""
        self._search.display = True
        self._search.focus()

    def on_key(self, event: events.Key) -> None:
        """Begin to search with any letter that means nothing here."""
        letter = event.character
        if self._search.has_focus or letter is None or not event.is_printable or letter == " ":
            return
        if event.key in self._keys_that_mean_something():
            return
        event.stop()
        event.prevent_default()
        self.action_filter()
        self._search.insert_text_at_cursor(letter)

    @staticmethod
    def _keys_that_mean_something() -> frozenset[str]:
        given = keys_now().keymap
        kept = [named(name) for name in _KEPT] + [intent(one) for one in MOVES]
        return frozenset(k for one in kept for k in (*given.get(one.name, ()), *one.keys.split(",")))

    @on(Input.Changed, "#help-search")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._term = event.value
        self.show()

    @on(Input.Submitted, "#help-search")
    def _kept(self, event: Input.Submitted) -> None:
        event.stop()
        self.query_one("#help-keys").focus()

    def go_back(self) -> bool:
        """Stop searching; False where nothing is looked for, and the page is closed."""
        was_searching = self._search.display
        if was_searching:
            self.look_for("")
            self.query_one("#help-keys").focus()
        return was_searching

    def action_scroll_help(self, lines: int) -> None:
        """Scroll the column that has the focus, and all of them while something is looked for."""
        for column in self.query(VerticalScroll):
            if column.has_focus or self._search.has_focus:
                column.scroll_relative(y=lines, animate=False)

    def keys(self, view: View) -> Sequence[Key]:
        if self._search.has_focus:
            return (Key("enter", "keep"), key("back", "all of it"))
        return (
            key("filter", "or type: search"),
            key("focus_next", "other column"),
            Key(f"{named('down').key} {named('up').key}", "scroll"),
            key("command_line"),
            key("back", "close"),
        )


_ONLY_WIDE = frozenset(
    {"help-safety-wide", "help-still", "help-gone", "help-everywhere-wide", "help-unused-wide"}
)
_ONLY_NARROW = frozenset(
    {"help-safety", "help-everywhere", "help-unused", "help-still-narrow", "help-gone-narrow"}
)
