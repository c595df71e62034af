"""Every action of the console once: its name, its key and its words.

Bindings, the last line, the help page, the palette and the command line are
all made from this table, so that none of them can name a key that does
something else.
"""

from __future__ import annotations

from textual.binding import Binding, BindingType

from octomil_tui.ui.intent import Intent
from octomil_tui.ui.intents_everywhere import EVERYWHERE
from octomil_tui.ui.intents_here import HERE

INTENTS: tuple[Intent, ...] = (*EVERYWHERE[:5], *HERE, *EVERYWHERE[5:])

_BY_ID = {intent.id: intent for intent in INTENTS}
BY_NAME = {intent.name: intent for intent in INTENTS}

MOVES = tuple(one.id for one in HERE if one.fixed)
"""What moves in a list."""

UNUSED = ("r", "ctrl+b", "ctrl+a", "ctrl+s", "ctrl+q", "ctrl+backslash", "ctrl+g", "ctrl+w")
"""Keys that do nothing on purpose: reflexes of terminals, multiplexers and other tools."""


def intent(key: str) -> Intent:
    """Return the intent of this id."""
    return _BY_ID[key]


def named(name: str) -> Intent:
    """Return the intent of this name."""
    return BY_NAME[name]


def hint(key: str, word: str | None = None) -> tuple[str, str]:
    """Return the key of an intent as it is now, and a word for it, for a legend."""
    found = _BY_ID[key]
    return found.key, word if word is not None else found.word


def bindings(*ids: str) -> list[BindingType]:
    """Return the bindings of these intents, for a screen's `BINDINGS`."""
    return [_BY_ID[key].binding for key in ids]


def binding_as(name: str, action: str) -> Binding:
    """Return the binding of the intent of this name where another action does it: a pane scrolls, a table moves."""
    one = BY_NAME[name]
    return Binding(one.keys, action, one.word, show=False, id=one.name)


APP_WIDE = tuple(one.id for one in EVERYWHERE)
"""What works on every screen."""
