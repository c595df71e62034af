"""An app that writes to the terminal only the cells that differ from what it shows.

Textual writes whole regions again whatever changed in them: over a slow line
that is the difference between two kilobytes a second and a hundred bytes.
Here each picture that Textual makes is compared with the cells that were
written before (`ui/cells.py`). Whatever is not as expected is left to Textual,
and what the terminal shows is taken for unknown until it was drawn again.

Leans on names that Textual does not promise; `PRIVATE` and `ATTRIBUTES` list
them, and `tests/terminal/test_private_names.py` fails when one of them changes.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

from rich.color import ColorSystem
from textual.app import App
from textual.geometry import Offset, Region
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from octomil_tui.ui.cells import Row, SurpriseError
from octomil_tui.ui.pens import PLAIN, Pen
from octomil_tui.ui.strokes import Output

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.driver import Driver

try:
    from textual._compositor import ChopsUpdate, Compositor, LayoutUpdate
    from textual._styles_cache import StylesCache
except ImportError:  # another Textual, which has to paint all by itself
    if not TYPE_CHECKING:
        ChopsUpdate = Compositor = LayoutUpdate = StylesCache = None

ReturnType = TypeVar("ReturnType")
Update: TypeAlias = LayoutUpdate | ChopsUpdate
Placed: TypeAlias = tuple[int, int, Strip]
"""A column, a row, and what begins there."""

PRIVATE: Final = {
    App: ("_display", "_begin_update", "_end_update", "post_display_hook"),
    LayoutUpdate: ("__init__", "render_segments"),
    ChopsUpdate: ("__init__", "render_segments"),
    Strip: ("render", "render_style", "render_ansi"),
    Compositor: ("cuts", "get_widget_at"),
    StylesCache: ("set_dirty",),
    Widget: ("render_lines",),
}
"""Methods that are overridden, called, or done here in another way."""

ATTRIBUTES: Final = {
    App: ("_batch_count", "_running", "_closed", "_driver", "cursor_position", "_previous_cursor_position"),
    LayoutUpdate: ("strips", "region"),
    ChopsUpdate: ("chops", "spans", "chop_ends"),
    Widget: ("_styles_cache",),
    Screen: ("_compositor",),
}
"""Attributes that are read; of a console it is `_color_system`."""

WHOLE: Final = "OCTOMIL_PAINT_WHOLE"
"""Environment variable that leaves all painting to Textual, for a terminal that shows something else than it should."""

_CLEARING: Final = ("xterm", "linux", "rxvt", "alacritty", "foot", "konsole", "putty", "vte", "wezterm")
"""How `TERM` begins where a terminal clears with the ground of the pen; one inside `screen` or `tmux` may not."""

_AT_ONCE: Final = 256
"""Characters that reach the terminal in one piece, so that no half of the picture is seen between them."""


class Frame:
    """What the terminal shows.

    Args:
        clears: Whether the terminal clears with the ground of the pen, so that blanks need not be written.
    """

    def __init__(self, *, clears: bool = False) -> None:
        self._clears = clears
        self._rows: list[Row] = []
        self._size = (0, 0)
        self._at = (-1, -1)
        self._pen: Pen | None = None

    @property
    def is_known(self) -> bool:
        """Whether a picture was written, and nothing has happened to it since."""
        return self._size != (0, 0)

    def forget(self) -> None:
        """Take what the terminal shows for unknown: everything that is drawn from now on is written."""
        self._size, self._at, self._pen = (0, 0), (-1, -1), None

    def put_away(self) -> str:
        """Return what puts the pen away, for whoever writes next."""
        self._pen, self._at = PLAIN, (-1, -1)
        return "\x1b[m"

    def step(self, update: Update, colours: ColorSystem, cursor: tuple[int, int] | None) -> str:
        """Return what takes the terminal from what it shows to this picture; empty where nothing changes.

        Args:
            update: What Textual would write.
            colours: What the terminal has.
            cursor: The column and row on which the cursor is left; None where it does not matter.

        Raises:
            SurpriseError: The picture is not made of rows of text alone.
        """
        size, strips = _whole(update) if isinstance(update, LayoutUpdate) else _parts(update)
        if size != self._size:
            self._size = size
            self._rows = [Row(size[0]) for _ in range(size[1])]
        return self._written(strips, colours, cursor)

    def place(self, placed: Placed, colours: ColorSystem, cursor: tuple[int, int] | None) -> str:
        """Return what shows one more piece on the terminal; empty where nothing changes.

        Raises:
            SurpriseError: The piece is not text alone, or nobody knows what the terminal shows.
        """
        return self._written((placed,), colours, cursor)

    def _written(self, placed: Iterable[Placed], colours: ColorSystem, cursor: tuple[int, int] | None) -> str:
        output = Output(clears=self._clears, pen=self._pen, at=self._at)
        for x, y, strip in placed:
            if not 0 <= y < len(self._rows):
                raise SurpriseError
            row = self._rows[y]
            output.runs(y, row.put(x, strip, colours), row)
        if output.is_empty and (cursor is None or cursor == self._at):
            return ""
        written = output.end(cursor)
        self._pen, self._at = output.pen, output.at
        return written


def _whole(update: LayoutUpdate) -> tuple[tuple[int, int], Iterable[Placed]]:
    """Return the size of a whole picture, and its pieces with their columns and rows."""
    region = update.region
    if region.x or region.y:
        raise SurpriseError
    return (region.width, region.height), _rows(update)


def _rows(update: LayoutUpdate) -> Iterable[Placed]:
    for y, strips in enumerate(update.strips):
        x = 0
        for strip in strips:
            yield x, y, strip
            x += strip.cell_length


def _parts(update: ChopsUpdate) -> tuple[tuple[int, int], Iterable[Placed]]:
    """Return the size of the picture that parts are of, and these parts with their columns and rows."""
    return (update.chop_ends[0][-1], len(update.chops)), _chops(update)


def _chops(update: ChopsUpdate) -> Iterable[Placed]:
    for y, first, last in update.spans:
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=True):
            # As Textual does it: from where the piece begins, not from where the change does.
            if strip is not None and x <= last and end > first:
                yield x, y, strip if first <= x < last and end <= last else strip.crop(0, min(end, last) - x)


class FramedApp(App[ReturnType]):
    """An app that writes only what changed."""

    def __init__(self, **named: Any) -> None:
        super().__init__(**named)
        self._frame = Frame(clears=os.environ.get("TERM", "").startswith(_CLEARING))
        self._paints_whole = os.environ.get(WHOLE, "0") not in ("", "0")

    def forget(self) -> None:
        """Write everything that is drawn from now on, since the terminal may show something else than was written."""
        self._frame.forget()

    def bell(self) -> None:
        # With the pen put away before it, it is told from one in a text.
        if self._driver is not None and not self.is_headless:
            self._driver.write(self._frame.put_away() + "\x07")

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        try:
            written = self._write_changes(renderable)
        except Exception:  # noqa: BLE001 - whatever it is, Textual knows how to paint it
            written = False
        if written:
            self.post_display_hook()
            return
        if renderable is not None and not self._batch_count:
            if self._driver is not None and not self.is_headless:
                self._driver.write(self._frame.put_away())
            self.forget()
        super()._display(screen, renderable)

    def _write_changes(self, renderable: RenderableType | None) -> bool:
        """Write what changed; return False, with nothing written, where Textual has to paint."""
        driver = self._driver
        if (
            renderable is None
            or not isinstance(renderable, (LayoutUpdate, ChopsUpdate))
            or self._batch_count
            or driver is None
            or not self._is_ours(driver)
        ):
            return False
        self._write(driver, self._frame.step(renderable, self._colours, self._wanted_cursor))
        return True

    def draw_row(self, widget: Widget, y: int) -> bool:
        """Draw one row of a widget that changed; return False where Textual has to.

        For one line of a screen Textual renders every widget on it, and lays the picture together anew.

        Args:
            widget: On the screen.
            y: Which of its rows.
        """
        driver, screen = self._driver, widget.screen
        if (
            driver is None
            or not self._is_ours(driver)
            or not self._frame.is_known
            or screen is not self.screen
        ):
            return False
        try:
            placed = self._placed_row(screen._compositor, widget, y)  # noqa: SLF001 - see ATTRIBUTES
            changes = self._frame.place(placed, self._colours, self._wanted_cursor)
        except Exception:  # noqa: BLE001 - whatever it is, Textual knows how to paint it
            self.forget()
            return False
        self._write(driver, changes)
        return True

    @staticmethod
    def _placed_row(compositor: Compositor, widget: Widget, y: int) -> Placed:
        """Return a row of a widget with its place on the screen.

        Raises:
            SurpriseError: Something else is drawn over it.
        """
        top, region = compositor.get_widget_at(widget.region.x, widget.region.y + y)
        if top is not widget or any(region.x < cut < region.right for cut in compositor.cuts[region.y + y]):
            raise SurpriseError
        row = Region(0, y, region.width, 1)
        widget._styles_cache.set_dirty(row)  # noqa: SLF001 - see PRIVATE
        return region.x, region.y + y, widget.render_lines(row)[0]

    def _is_ours(self, driver: Driver) -> bool:
        """Whether there is a terminal that is written to cell by cell; what is in a browser, Textual paints."""
        is_elsewhere = self.is_headless or driver.is_inline or driver.is_web
        return not (self._paints_whole or not self._running or self._closed or is_elsewhere)

    @property
    def _wanted_cursor(self) -> Offset | None:
        """Where the cursor has to be: it is not seen, but what helps with typing opens beside it."""
        cursor = self.screen.outer_size.clamp_offset(self.cursor_position)
        is_typing = hasattr(self.screen.focused, "cursor_screen_offset")
        return cursor if is_typing or cursor != self._previous_cursor_position else None

    @property
    def _colours(self) -> ColorSystem:
        return self.console._color_system or ColorSystem.TRUECOLOR  # noqa: SLF001 - see ATTRIBUTES

    def _write(self, driver: Driver, changes: str) -> None:
        self._previous_cursor_position = self.screen.outer_size.clamp_offset(self.cursor_position)
        if len(changes) > _AT_ONCE:
            self._begin_update()
        if changes:
            driver.write(changes)
        if len(changes) > _AT_ONCE:
            self._end_update()
        driver.flush()
