"""What an intent is: one thing that a person can want, with its name, its keys and its words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from textual.binding import Binding

from octomil_tui.ui.keys_now import keys_now


class Reach(StrEnum):
    """How near an intent comes to a write; none of them sends anything by itself."""

    NOTHING = "nothing"
    """It reads, shows, or keeps something on this machine."""
    MENU = "menu"
    """It lists what could be changed; each of that has a preview and a confirmation of its own."""
    PREVIEW = "preview"
    """It opens the preview of a write, which is confirmed there or not at all."""


class Change(StrEnum):
    """What a keymap may do with the keys of an intent."""

    FREE = "free"
    """Give it others."""
    MORE = "more"
    """Give it more: it is a way out, and its own keys stay."""
    NONE = "none"
    """Nothing: it is Enter, or Tab, which mean the same everywhere."""


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing that a person can want; none of them sends anything by itself."""

    id: str
    """Name of the Textual action: `action_<id>` of the screen, of the app, or of the table."""
    name: str
    """What it is called in `keymap.toml`, after `:` and in documents; never changes."""
    keys: str
    """Keys as Textual names them, separated by commas."""
    shown: str
    """The key as people write it."""
    word: str
    """Two or three words for the last line."""
    meaning: str
    """A clause for the help page and the palette."""
    brief: str
    """The same in at most 27 characters, for the help page on a narrow screen."""
    reach: Reach = Reach.NOTHING
    change: Change = Change.FREE
    of_table: bool = False
    """Whether it is the table, or the pane, under the cursor that does it."""
    fixed: str = ""
    """Keys that do it too and stay whatever a keymap says: arrows, home, end."""

    @property
    def binding(self) -> Binding:
        """The Textual binding; the last line is the console's own, so Textual shows none."""
        # Leaving works above dialogs and in fields too, where ctrl+c would otherwise copy.
        # What is typed behind a colon must never reach the screen as keys, however fast it comes.
        first = self.id in ("interrupt", "command_line")
        return Binding(self.keys, self.id, self.word, show=False, id=self.name, priority=first)

    @property
    def key(self) -> str:
        """The key as people write it, as it is now: where a keymap gave others, the first of those."""
        given = keys_now().shown(self.name)
        return given if given and self.change is not Change.MORE else self.shown

    @property
    def leads_to_write(self) -> bool:
        """Whether a write can follow from it, after a preview and a confirmation."""
        return self.reach is not Reach.NOTHING
