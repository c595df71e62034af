"""The keys that a person gave to intents in place of the usual ones, for everything that is drawn.

Who draws a key asks here, at that moment, so that the last line, the titles of
panes, help and the palette cannot name one that does something else. It is a
context of the running app and no global: two apps in one process do not see
each other's keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field

from octomil_tui.ui.key_name import people_write

Keymap = Mapping[str, tuple[str, ...]]
"""Keys as Textual names them, at least one, by the name of the intent."""

NO_KEYMAP: Keymap = {}


@dataclass(slots=True)
class KeysNow:
    """What was given; exchanged where another profile has another keymap."""

    keymap: Keymap = field(default_factory=dict)

    def shown(self, name: str) -> str:
        """Return the first key that was given to an intent, as people write it; empty where none was."""
        given = self.keymap.get(name, ())
        return people_write(given[0]) if given else ""


_NOW: ContextVar[KeysNow] = ContextVar("keys_now", default=KeysNow())  # noqa: B039 - without an app nothing is given


def keys_now() -> KeysNow:
    """Return what was given to the intents of the app that runs."""
    return _NOW.get()


def use_keys(keys: KeysNow) -> None:
    """Have everything that this app draws from here on name these keys."""
    _NOW.set(keys)
