"""The widget that all others are: rows of lines, of which only the changed ones are drawn again."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from octomil_tui.ui.format import by_the_minute
from octomil_tui.ui.frame import FramedApp
from octomil_tui.ui.spans import Line, Span, Token, faded, fit, segments
from octomil_tui.ui.theme import Ground, Look, look_of

OLD = "-old"
"""Class of a screen that shows what was true once: its panes are drawn without any mark of life."""


class Painted(NamedTuple):
    """One row of a widget: a line and what it is drawn on."""

    line: Line
    ground: Ground = Ground.SCREEN
    side: str = ""
    """Drawn left and right of the line in the colour of rules: the sides of a box."""


class LineWidget(Widget):
    """A widget that draws whole rows on Textual's Line API.

    A subclass says in `paint` how it looks now and calls `repaint` whenever
    that may have changed. Rows are values, so comparing them with those on the
    screen is cheap, and only rows that differ are sent to the terminal.
    """

    DEFAULT_CSS = "LineWidget { width: 1fr; height: auto; }"
    ALLOW_SELECT = False
    FADES: ClassVar[bool] = False
    """Whether what it shows is data, which is drawn dim on a screen that shows old data."""
    TICKS: ClassVar[bool] = False
    """Whether it changes every second, and so is drawn by itself rather than with the whole screen."""

    def __init__(
        self,
        *,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's name for it
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._painted: list[Painted] = []
        self._painted_size = Size(0, 0)
        self._painted_look: Look | None = None
        self._painted_old = False
        self._laid_out_for = -1

    @property
    def look(self) -> Look:
        """The palette and the glyphs of the running app."""
        return look_of(self.app)

    @property
    def preferred_height(self) -> int:
        """How many rows show everything, chrome included."""
        raise NotImplementedError

    def paint(self, width: int, height: int) -> list[Painted]:
        """Return at most `height` rows; longer lines are cut, missing rows stay blank."""
        raise NotImplementedError

    def repaint(self) -> None:
        """Draw the rows that are not what the screen shows."""
        if not self.is_attached or not self._is_current():
            self.refresh()
            return
        before, self._painted = self._painted, self._rows()
        changed = [y for y, (old, new) in enumerate(zip(before, self._painted, strict=True)) if old != new]
        if self.TICKS and isinstance(self.app, FramedApp):
            changed = [y for y in changed if not self.app.draw_row(self, y)]
        if changed:
            self.refresh(*(Region(0, y, self.size.width, 1) for y in changed))

    def resized_content(self) -> None:
        """Repaint, and ask for a new layout where the height follows the content."""
        if self.is_attached and self.styles.auto_dimensions and self.preferred_height != self._laid_out_for:
            self.refresh(layout=True)
        self.repaint()

    def render_line(self, y: int) -> Strip:
        if not self._is_current():
            self._painted, self._painted_size, self._painted_look = self._rows(), self.size, self.look
            self._painted_old = self._is_old
        palette = self.look.palette
        if y >= len(self._painted):
            return Strip.blank(self.size.width, palette.on(Ground.SCREEN)[Token.TEXT])
        spans, ground, side = self._painted[y]
        side_span = Span(side, Token.RULE)
        if ground is Ground.SCREEN:
            drawn = segments((side_span, *spans, side_span), palette.on(ground))
        else:
            # What the row is drawn on ends at the sides of the box.
            edge = segments((side_span,), palette.on(Ground.SCREEN))
            drawn = [*edge, *segments(spans, palette.on(ground)), *edge]
        return Strip(drawn, self.size.width)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        self._laid_out_for = self.preferred_height
        return self._laid_out_for

    @property
    def _is_old(self) -> bool:
        """Whether what it shows is data that was true once."""
        return self.FADES and self.screen.has_class(OLD)

    def _is_current(self) -> bool:
        """Whether it was painted for the size, the look and the trust that it has now."""
        return (
            self._painted_look is self.look
            and self._painted_size == self.size
            and self._painted_old == self._is_old
        )

    def _is_painted(self) -> bool:
        """Whether the screen shows what was given last: given again, it need not even be compared with the screen."""
        return self.is_attached and self._is_current()

    def _rows(self) -> list[Painted]:
        width, height = self.size
        with by_the_minute(self.look.is_calm):
            painted = self.paint(width, height)[:height]
        if self._is_old:
            painted = [one._replace(line=faded(one.line)) for one in painted]
        rows = [Painted(fit(line, width - 2 * len(side)), ground, side) for line, ground, side in painted]
        blank = Painted(fit((), width))
        return rows + [blank] * (height - len(rows))
