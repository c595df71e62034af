"""The small parts of a form: lines on a panel, a choice, a tick box, and the decision at its end."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.segment import Segment
from textual import events, on
from textual.binding import Binding
from textual.containers import Vertical
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widgets import Input

from octomil_tui.ui.spans import Line, Span, Token, join, line, shown, width
from octomil_tui.ui.theme import Ground
from octomil_tui.ui.widgets.lines import LineWidget, Painted


class PanelLines(LineWidget):
    """Lines on the panel's ground, in a form or beside a field."""

    def __init__(
        self,
        lines: Sequence[Line] = (),
        *,
        id: str | None = None,  # noqa: A002 - Textual's name for it
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._lines = tuple(lines)

    @property
    def preferred_height(self) -> int:
        return len(self._lines)

    def set_lines(self, lines: Sequence[Line]) -> None:
        """Show these lines."""
        self._lines = tuple(lines)
        self.resized_content()

    def paint(self, width: int, height: int) -> list[Painted]:
        return [Painted(one, Ground.PANEL) for one in self._lines] + [
            Painted((), Ground.PANEL) for _ in range(height - len(self._lines))
        ]


class Asked(Vertical):
    """All of a form but its button, so that the button stays in sight where the rest scrolls.

    It tells the form at once what is typed: an Enter is judged by when it came,
    and each widget that a message passes takes time.

    Args:
        decide: Called for each Enter in a field.
        typed: Called for each letter.
    """

    def __init__(self, decide: Callable[[], None], typed: Callable[[], None]) -> None:
        super().__init__(classes="-asked")
        self._decide, self._typed = decide, typed

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._decide()

    @on(Input.Changed)
    def _changed(self) -> None:
        self._typed()


class Field(Input):
    """A field whose text, also pasted text, is shown as safely as everything else."""

    def render_line(self, y: int) -> Strip:
        strip = super().render_line(y)
        if all(shown(text) == text for text, _, _ in strip):
            return strip
        safe = [Segment(shown(text), style) for text, style, _ in strip]
        return Strip(safe).adjust_cell_length(strip.cell_length)


def is_digit(event: events.Key) -> bool:
    """Say whether a key is one of those that lead to other places."""
    return event.key in frozenset("0123456789")


class Choice(LineWidget, can_focus=True):
    """One of several words, or none; left and right choose, and the words stay on the screen."""

    BINDINGS = [
        Binding("right", "step(1)", "Next", show=False),
        Binding("left", "step(-1)", "Previous", show=False),
        Binding("space", "step(1)", "Next", show=False),
    ]
    chosen: reactive[int] = reactive(-1)

    class Chosen(Message):
        """Another word was chosen."""

    def __init__(self, words: Sequence[str], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._words = tuple(words)

    @property
    def preferred_height(self) -> int:
        return 1

    @property
    def word(self) -> str | None:
        """The chosen word, None for none."""
        return self._words[self.chosen] if self.chosen >= 0 else None

    def watch_chosen(self) -> None:
        self.repaint()
        if self.is_attached:
            self.post_message(self.Chosen())

    def on_focus(self) -> None:
        self.repaint()

    def on_blur(self) -> None:
        self.repaint()

    def action_step(self, step: int) -> None:
        """Choose the next or the previous word; before the first and after the last is none."""
        count = len(self._words) + 1
        self.chosen = (self.chosen + 1 + step) % count - 1

    def on_key(self, event: events.Key) -> None:
        """Choose by number: elsewhere a digit leads to another place, and the form would be lost."""
        if is_digit(event):
            event.stop()
            if 0 <= int(event.key) - 1 < len(self._words):
                self.chosen = int(event.key) - 1

    def on_click(self, event: events.Click) -> None:
        left = 0
        for place, word in enumerate(self._words):
            right = left + len(word) + 4
            if left <= event.x < right:
                self.chosen = -1 if self.chosen == place else place
            left = right

    def paint(self, width: int, height: int) -> list[Painted]:
        spans = [self._word(place, word) for place, word in enumerate(self._words)]
        return [Painted(join(spans, 2), Ground.PANEL)]

    def _word(self, place: int, word: str) -> Line:
        is_chosen = place == self.chosen
        mark = self.look.glyphs.live if is_chosen else self.look.glyphs.waiting
        token = Token.STRONG if is_chosen else Token.KEY if self.has_focus else Token.MUTED
        return line((f"{mark} ", Token.FINE if is_chosen else Token.DIM), (word, token))


class Tick(LineWidget, can_focus=True):
    """A tick box with a clause behind it."""

    BINDINGS = [Binding("space", "tick", "Tick", show=False)]
    ticked: reactive[bool] = reactive(default=True)

    class Ticked(Message):
        """It was ticked, or the tick was taken away."""

    def __init__(self, words: str, *, id: str | None = None, ticked: bool = True) -> None:  # noqa: A002
        super().__init__(id=id)
        self._words = words
        self.set_reactive(Tick.ticked, ticked)

    def say(self, words: str) -> None:
        """Put another clause behind it."""
        self._words = words
        self.repaint()

    @property
    def preferred_height(self) -> int:
        return 1

    def watch_ticked(self) -> None:
        self.repaint()
        if self.is_attached:
            self.post_message(self.Ticked())

    def on_focus(self) -> None:
        self.repaint()

    def on_blur(self) -> None:
        self.repaint()

    def on_click(self) -> None:
        self.action_tick()

    def on_key(self, event: events.Key) -> None:
        """Leave a digit without meaning, which leads to another place elsewhere."""
        if is_digit(event):
            event.stop()

    def action_tick(self) -> None:
        """Tick it, or take the tick away."""
        self.ticked = not self.ticked

    def paint(self, width: int, height: int) -> list[Painted]:
        glyphs = self.look.glyphs
        box = glyphs.checked if self.ticked else glyphs.unchecked
        token = Token.STRONG if self.has_focus else Token.TEXT
        return [Painted(line((f"{box} ", Token.LIGHT), (self._words, token)), Ground.PANEL)]


class Decision(LineWidget):
    """Cancel and go, side by side; the one that Enter takes stands out."""

    class Cancelled(Message):
        """Cancel was clicked."""

    def __init__(self, *, id: str | None = None, go: str = "Roll back") -> None:  # noqa: A002
        super().__init__(id=id)
        self._go = go
        self._locked = "nothing was read yet"

    @property
    def preferred_height(self) -> int:
        return 1

    def set_locked(self, why: str) -> None:
        """Say why Enter still means Cancel; an empty text unlocks."""
        self._locked = why
        self.repaint()

    def paint(self, width: int, height: int) -> list[Painted]:
        cancel = line(("  Cancel  esc  ", Token.MUTED if not self._locked else Token.SELECTED))
        go = line((f"  {self._go}  ", Token.DIM if self._locked else Token.SELECTED))
        why = line((self._locked, Token.MUTED)) if self._locked else line(("enter", Token.KEY))
        return [Painted(join([cancel, go, why], 4), Ground.PANEL)]

    def on_click(self, event: events.Click) -> None:
        # Only Cancel can be clicked: a mouse never sends a rollback.
        if event.x < width((Span("  Cancel  esc  "),)):
            self.post_message(self.Cancelled())
