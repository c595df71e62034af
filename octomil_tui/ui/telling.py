"""A terminal driver that tells the terminal more than the picture: the window's title, and news for its desktop."""

from __future__ import annotations

import os

from octomil_tui.ui.listening import ListeningDriver
from octomil_tui.ui.outside import GIVE_TITLE_BACK, KEEP_TITLE, has_title, notification, title


class TellingDriver(ListeningDriver):
    """A driver that gives the title back that it found."""

    _has_title = False
    """Whether the terminal was asked to remember the title that it had."""
    _title: str | None = None
    """What was written as the title; None where nobody knows what it says."""

    @property
    def is_read(self) -> bool:
        """Whether what is written now reaches the terminal soon."""
        raise NotImplementedError

    @property
    def owed(self) -> str:
        """What gives the title back; empty where there is none to give back."""
        return GIVE_TITLE_BACK if self._has_title else ""

    def take_title(self) -> None:
        """Have the terminal remember its title, where it has one."""
        self._has_title, self._title = has_title(os.environ), None
        if self._has_title:
            self.write(KEEP_TITLE)

    def give_title_back(self) -> None:
        """Bring the title back that was there before."""
        if self._has_title:
            self._has_title = False
            self.write(GIVE_TITLE_BACK)

    def set_title(self, text: str) -> None:
        """Have the window's title say this; nothing is written where it does, and where nobody reads it waits."""
        if self._has_title and text != self._title and self.is_read:
            self._title = text
            self.write(title(text))

    def tell_desktop(self, text: str) -> None:
        """Have the desktop show this, where the terminal can; nothing waits for a terminal that nobody reads."""
        if self.is_read:
            self.write(notification(text, os.environ))
