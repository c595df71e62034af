"""Everything that is known of one thing, as JSON (i)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from textual.widget import Widget

from octomil_tui.domain.text import clean
from octomil_tui.engine.state import Focus
from octomil_tui.report.raw import raw_fields
from octomil_tui.ui.clipboard import fitted
from octomil_tui.ui.intents import bindings, named
from octomil_tui.ui.present.words import muted
from octomil_tui.ui.screens.base import HELP, BaseScreen, key
from octomil_tui.ui.screens.view import View
from octomil_tui.ui.spans import Line, Token, line
from octomil_tui.ui.widgets.edges import Key
from octomil_tui.ui.widgets.pane import Pane

_LONGEST = 20_000
"""Characters of one line that are shown; none of a service's is longer."""


class JsonScreen(BaseScreen):
    """The values of one thing as this console has them, in the order in which the code names them.

    Args:
        title: What it is, safe to show.
        value: A value of the domain.
    """

    BINDINGS = bindings("copy")
    AUTO_FOCUS = "#json"

    def __init__(self, title: str, value: object) -> None:
        super().__init__()
        self._title = title
        text = json.dumps(raw_fields(value), indent=2, ensure_ascii=False)
        # Not `splitlines`: a line separator in a name begins no line here.
        self._lines = [clean(one, _LONGEST) for one in text.split("\n")]

    def panes(self) -> Iterable[Widget]:
        yield Pane("AS THIS CONSOLE HAS IT", id="json", can_focus=True)

    @property
    def crumbs(self) -> str:
        return f"{self._title} > JSON"

    @property
    def focus_on(self) -> Focus:
        # What is read is that of the screen it was opened on.
        return self.console.known.focus

    def sentence(self, view: View) -> Sequence[Line]:
        return [muted("   What was read of it last, when this page was opened; times are epoch seconds.")]

    def fill(self, view: View) -> None:
        self.query_one("#json", Pane).set_lines([_coloured(one) for one in self._lines])

    def keys(self, view: View) -> Sequence[Key]:
        return (
            key("copy", "copy it"),
            Key(f"{named('down').key} {named('up').key}", "scroll"),
            key("back"),
            HELP,
        )

    def action_copy(self) -> None:
        """Copy all of it to the clipboard of the terminal."""
        lines = self._lines
        text, count = fitted(lines)
        self.app.copy_to_clipboard(text)
        part = "" if count == len(lines) else f", the first {count:,} of {len(lines):,} lines"
        self.notify(f"sent to your terminal: the JSON of {self._title}{part}", markup=False)


def _coloured(text: str) -> Line:
    bare = text.lstrip()
    indent = " " * (len(text) - len(bare))
    name, colon, value = bare.partition('": ')
    if not colon:
        return line(indent, bare)
    return line(indent, (f'{name}"', Token.MUTED), (": ", Token.DIM), value)
