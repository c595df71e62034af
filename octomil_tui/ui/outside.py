"""What the terminal is told beside the picture: its title, and what its desktop is to show. Nothing here knows Textual.

The text of either is this console's own, with names in it that were made safe.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from octomil_tui.domain.text import clean

_END: Final = "\x1b\\"
"""The string terminator, and not the bell that also ends such a text: a terminal that misreads it would ring."""

KEEP_TITLE: Final = "\x1b[22;2t"
"""Has the terminal remember its title."""

GIVE_TITLE_BACK: Final = f"\x1b]2;{_END}\x1b[23;2t"
"""Brings the title back; one that remembers none gets an empty one, and not what was true an hour ago."""

LIMIT: Final = 100
"""Characters of a title or a notification."""

_WITHOUT: Final = ("linux", "dumb", "cons", "vt", "ansi", "unknown")
"""How `TERM` begins where there is no window that has a title; some of these would print it."""


def has_title(environment: Mapping[str, str]) -> bool:
    """Say whether the terminal has a title that can be set."""
    name = environment.get("TERM", "")
    return bool(name) and not name.startswith(_WITHOUT)


def title(text: str) -> str:
    """Return what sets the title, of the window alone (OSC 2); inside tmux it is the pane's, which tmux shows."""
    return f"\x1b]2;{clean(text, LIMIT)}{_END}"


def notification(text: str, environment: Mapping[str, str]) -> str:
    """Return what has the desktop show a notification (OSC 9), through tmux or screen where one is in between.

    tmux lets it through where `allow-passthrough` is on.
    """
    said = clean(text, LIMIT)
    # `9;4;…` is a progress bar to some terminals, so the text never begins with a digit.
    said = f" {said}" if said[:1].isdigit() else said
    name = environment.get("TERM", "")
    if environment.get("TMUX") or name.startswith("tmux"):
        inner = f"\x1b]9;{said}{_END}".replace("\x1b", "\x1b\x1b")
        return f"\x1bPtmux;{inner}{_END}"
    if environment.get("STY") or name.startswith("screen"):
        # The terminator would end what is let through as well.
        return f"\x1bP\x1b]9;{said}\x07{_END}"
    return f"\x1b]9;{said}{_END}"
