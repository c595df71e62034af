"""A titled block of lines, and the base of everything else that has a title."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.binding import Binding

from octomil_tui.ui.intents import binding_as
from octomil_tui.ui.spans import Line, Token, fit, line
from octomil_tui.ui.widgets.chrome import WIDE, Chrome, foot_line, head_line
from octomil_tui.ui.widgets.lines import LineWidget, Painted

_WHEEL = 3
"""Lines that one notch of the wheel moves."""


class Framed(LineWidget):
    """A block of rows with a title and a legend, under a rule or in a thin box.

    A subclass gives the rows between (`_body`), how many there are in all
    (`_length`), and what the hint in the chrome says (`_hint`).
    """

    FADES = True

    def __init__(
        self,
        title: str | Line = "",
        *,
        legend: Line = (),
        chrome: Chrome = Chrome.AUTO,
        can_focus: bool = False,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's name for it
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self.can_focus = can_focus
        self._title = _as_title(title)
        self._legend = legend
        self._chrome = chrome
        self._top = 0

    @property
    def boxed(self) -> bool:
        """Whether the pane has a box around it now."""
        if self._chrome is Chrome.AUTO:
            return self.app.size.width >= WIDE
        return self._chrome is Chrome.BOX

    @property
    def room(self) -> int:
        """How many cells a line of the content has; before its first layout, as many as the screen lets it have.

        0 where nobody can know that yet: the screen has no size, or the pane stands beside others.
        """
        width = self.size.width
        if not width and not self.has_class("-aside"):
            width = self.screen.size.width
        return max(0, width - 2 * self.boxed - self._indent - 1)

    @property
    def preferred_height(self) -> int:
        return self._length() + self._head_rows() + self.boxed

    def set_title(self, title: str | Line, legend: Line = ()) -> None:
        """Name the pane; `legend` stands at the right end of its rule, see `spans.legend`."""
        named = (_as_title(title), legend)
        if named == (self._title, self._legend) and self._is_painted():
            return
        self._title, self._legend = named
        self.repaint()

    def set_chrome(self, chrome: Chrome) -> None:
        """Choose between rule and box, or leave it to the width of the screen."""
        self._chrome = chrome
        self.resized_content()

    def paint(self, width: int, height: int) -> list[Painted]:
        boxed, glyphs = self.boxed, self.look.glyphs
        rows = max(0, height - 1 - boxed)
        inner = max(0, width - 2 * boxed)
        self._scroll_top(self._top)
        hint = self._hint()
        head = head_line(width, self._title, self._legend, () if boxed else hint, glyphs, boxed=boxed)
        body = self._body(inner, rows)
        if not boxed:
            return [Painted(head), *body]
        body += [Painted(())] * (rows - len(body))
        framed = [Painted(spans, ground, glyphs.side) for spans, ground, _ in body]
        return [Painted(head), *framed, Painted(foot_line(width, hint, glyphs))]

    def watch_has_focus(self, _has_focus: bool) -> None:  # noqa: FBT001 - Textual's signature
        # Not `on_blur`: that is told while the widget still has the focus.
        super().watch_has_focus(_has_focus)
        self.repaint()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._wheel(event, _WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._wheel(event, -_WHEEL)

    def _wheel(self, event: events.MouseEvent, step: int) -> None:
        if self._scroll_top(self._top + step):
            # Otherwise the screen behind would scroll as well.
            event.stop()
            self.repaint()

    def _scroll_top(self, top: int) -> bool:
        """Show the content from row `top`; return whether that moved anything."""
        before = self._top
        self._top = max(0, min(top, self._length() - self._visible()))
        return self._top != before

    def _visible(self) -> int:
        """How many rows of the content fit."""
        return max(0, self.size.height - self._head_rows() - self.boxed)

    def _head_rows(self) -> int:
        """How many rows stand above the content and do not scroll."""
        return 1

    @property
    def _indent(self) -> int:
        # Under the title's first letter in a box, one cell right of it under a rule.
        return 2 if self.boxed else 3

    def _length(self) -> int:
        """Return how many rows the content has."""
        raise NotImplementedError

    def _body(self, inner: int, rows: int) -> list[Painted]:
        """Return at most `rows` rows, of `inner` cells, from the one that is on top."""
        raise NotImplementedError

    def _hint(self) -> Line:
        """Return what the chrome says about content that is not seen."""
        raise NotImplementedError


class Pane(Framed):
    """A titled block of lines.

    Taller content scrolls by the wheel, and by keys when the pane was made with
    `can_focus=True`; the chrome then says how many lines are below.
    """

    BINDINGS = [
        Binding("down", "scroll_by(1)", "Down", show=False),
        Binding("up", "scroll_by(-1)", "Up", show=False),
        Binding("pagedown", "scroll_pages(1)", "Page down", show=False),
        Binding("pageup", "scroll_pages(-1)", "Page up", show=False),
        Binding("home", "scroll_pages(-1000000)", "Top", show=False),
        Binding("end", "scroll_pages(1000000)", "Bottom", show=False),
        binding_as("down", "scroll_by(1)"),
        binding_as("up", "scroll_by(-1)"),
        binding_as("half-down", "scroll_pages(0.5)"),
        binding_as("half-up", "scroll_pages(-0.5)"),
        binding_as("first-row", "scroll_pages(-1000000)"),
        binding_as("last-row", "scroll_pages(1000000)"),
    ]

    def __init__(
        self,
        title: str | Line = "",
        *,
        legend: Line = (),
        lines: Sequence[Line] = (),
        chrome: Chrome = Chrome.AUTO,
        can_focus: bool = False,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's name for it
        classes: str | None = None,
    ) -> None:
        super().__init__(
            title, legend=legend, chrome=chrome, can_focus=can_focus, name=name, id=id, classes=classes
        )
        self._lines = tuple(lines)

    def set_lines(self, lines: Sequence[Line]) -> None:
        """Show these lines; only those that differ are drawn again."""
        shown = tuple(lines)
        if shown == self._lines and self._is_painted():
            return
        self._lines = shown
        self.resized_content()

    def action_scroll_by(self, lines: int) -> None:
        """Scroll by a number of lines."""
        if self._scroll_top(self._top + lines):
            self.repaint()

    def action_scroll_pages(self, pages: float) -> None:
        """Scroll by a number of pages, or a part of one."""
        self.action_scroll_by(int(pages * max(1, self._visible())))

    def _length(self) -> int:
        return len(self._lines)

    def _body(self, inner: int, rows: int) -> list[Painted]:
        margin = " " * self._indent
        room = inner - self._indent - 1
        return [Painted(line(margin, fit(one, room))) for one in self._lines[self._top : self._top + rows]]

    def _hint(self) -> Line:
        glyphs = self.look.glyphs
        below = self._length() - self._visible() - self._top
        token = Token.KEY if self.has_focus else Token.MUTED
        if below > 0:
            return line((f"{glyphs.below} {below} more", token))
        if self._top > 0:
            return line((f"{glyphs.above} {self._top} above", token))
        return ()


def _as_title(title: str | Line) -> Line:
    if not title:
        return ()
    return line((title, Token.STRONG)) if isinstance(title, str) else title
