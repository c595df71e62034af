"""The console's taste while it runs: another theme, and where a calm one says what others let pop up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from octomil_tui.domain.text import MESSAGE_LIMIT, clean
from octomil_tui.ui.live import LiveApp
from octomil_tui.ui.theme import THEMES

if TYPE_CHECKING:
    from textual.notifications import SeverityLevel

_KEPT: Final = 60.0
"""Seconds for which a calm console keeps a message."""


class TasteDesk(LiveApp):
    """Chooses themes, and says things in the way that the look asks for."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._said: tuple[str, float] | None = None

    @property
    def said(self) -> Sequence[str]:
        """What a calm console says under line 2, and another one in a message that pops up; safe to show."""
        if self._said is None or self._clock() - self._said[1] > _KEPT:
            return ()
        return (self._said[0],)

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Show a message: in a corner for a while, or on a calm screen under line 2, where nothing pops up."""
        del markup
        if self.look.is_calm:
            self._said = (clean(message, MESSAGE_LIMIT), self._clock())
            self._draw_soon()
            return
        # Whatever a caller forgets: nothing that this console says is markup.
        super().notify(message, title=title, severity=severity, timeout=timeout, markup=False)

    def _draw_soon(self) -> None:
        """Draw what is known, once, after whatever happens now."""
        raise NotImplementedError

    def themes_known(self) -> Sequence[str]:
        """Return the names of all themes."""
        return tuple(THEMES)

    def choose_theme(self, name: str) -> None:
        """Draw everything in a theme from now on, and say which; an unknown name is answered with those there are."""
        if name not in THEMES:
            self.notify(f"there is no theme {clean(name, 40)}; there are {', '.join(THEMES)}", markup=False)
            return
        self._wear(self.look.in_theme(name))
        # Whoever steps through them wants to see the screen and not what was said of the last one.
        self.clear_notifications()
        self.notify(f"theme: {name}", markup=False)

    def action_next_theme(self) -> None:
        """Draw everything in the next theme."""
        self.choose_theme(self.look.next_theme)
