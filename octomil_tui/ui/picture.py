"""When the screen in front is drawn: once for whatever comes in one go, and when time alone makes a difference."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from octomil_tui.ui import screens
from octomil_tui.ui.freezer import Freezer
from octomil_tui.ui.taste_desk import TasteDesk

if TYPE_CHECKING:
    from octomil_tui.ui.screens.base import BaseScreen

_FONTS = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)
_AGES_AFTER: Final = 5.0
"""Seconds after which everything on the screen is drawn anew though only time went on."""
_MINUTE: Final = 60.0
"""The same of a calm screen."""


class PictureDesk(TasteDesk, Freezer):
    """Has the screen in front mirror what is known; its arguments are those of `LiveApp`."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._will_draw = False
        self._drawn_mono = self._drawn_minute = 0.0

    @property
    def mono(self) -> float:
        """Seconds of this machine by which ages are counted."""
        return self._clock()

    def _draw_soon(self) -> None:
        if not self._will_draw:
            self._will_draw = True
            self.call_later(self._draw)

    def _draw(self) -> None:
        self._will_draw = False
        self._drawn_mono, self._drawn_minute = self.mono, self._minute
        if (screen := self._in_front) is not None:
            with self.batch_update():
                screen.show()

    def _tick(self) -> None:
        if self._frozen is not None:
            # Not even the clock: what is on the screen was true when it was frozen.
            return
        if self.look.is_calm:
            # Everything that only time changes does so at once, when the clock in line 1 does.
            if self._minute != self._drawn_minute:
                self._draw()
            elif (screen := self._in_front) is not None:
                screen.tick()
        elif self.mono - self._drawn_mono >= _AGES_AFTER:
            self._draw()
        elif (screen := self._in_front) is not None:
            screen.tick()

    @property
    def _minute(self) -> float:
        """The minute that the clock in line 1 shows."""
        now = self.known.server_now(self.mono)
        return (self.mono if now is None else now) // _MINUTE

    @property
    def _in_front(self) -> BaseScreen | None:
        """The screen that mirrors the state; None under a dialog, and once the console is being left."""
        stack = self.screen_stack if self.is_running else ()
        # The command line leaves what is behind it to be seen, and that goes on.
        seen = [one for one in stack[-2:] if not isinstance(one, screens.CommandLine)]
        screen = seen[-1] if seen else None
        return screen if isinstance(screen, screens.BaseScreen) else None

    def export_screenshot(self, *, title: str | None = None, simplify: bool = False) -> str:
        """Return the screen as SVG that fetches nothing from elsewhere when somebody looks at it."""
        return _FONTS.sub("", super().export_screenshot(title=title, simplify=simplify))
