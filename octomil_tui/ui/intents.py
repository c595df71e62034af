"""Every action of the console once: its key, its words, and whether it can lead to a write.

Bindings, the last line, the help page and the palette are all made from this
table, so that none of them can name a key that does something else.
"""

from __future__ import annotations

from dataclasses import dataclass

from textual.binding import Binding, BindingType


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing that a person can want."""

    id: str
    """Name of the Textual action: `action_<id>` of the screen or the app."""
    keys: str
    """Keys as Textual names them, separated by commas."""
    shown: str
    """The key as people write it."""
    word: str
    """Two or three words for the last line."""
    meaning: str
    """A clause for the help page and the palette."""
    writes: bool = False
    """Whether it is on the way to a write: gone in a read-only console's last step."""

    @property
    def binding(self) -> Binding:
        """The Textual binding; the last line is the console's own, so Textual shows none."""
        return Binding(self.keys, self.id, self.word, show=False, id=self.id)


INTENTS: tuple[Intent, ...] = (
    Intent("place('fleet')", "1", "1", "Fleet", "the fleet at a glance"),
    Intent("place('models')", "2", "2", "Models", "every model"),
    Intent("place('rollouts')", "3", "3", "Rollouts", "every rollout and rollback"),
    Intent("place('groups')", "4", "4", "Groups", "every device group"),
    Intent(
        "roll_back",
        "R",
        "R",
        "roll back",
        "roll back what the cursor is on: opens a preview, no more",
        writes=True,
    ),
    Intent("watch", "w", "w", "watch", "watch the rollback of what the cursor is on"),
    Intent("stragglers", "L", "L", "stragglers", "every device that the rollback waits for, with the reason"),
    Intent("choose_scope", "s", "s", "scope", "choose the whole fleet or one group"),
    Intent("choose_version", "v", "v", "version", "choose the version to go back to"),
    Intent("go_on", "enter", "enter", "next", "go on to the confirmation; nothing is sent yet"),
    Intent("focus_next", "tab", "tab", "next pane", "go to the next pane or field"),
    Intent("focus_previous", "shift+tab", "shift+tab", "previous pane", "go to the pane or field before"),
    Intent("refresh_now", "ctrl+r", "ctrl+r", "refresh", "read everything again now"),
    Intent("redraw", "ctrl+l", "ctrl+l", "redraw", "draw the screen again"),
    Intent("suspend", "ctrl+z", "ctrl+z", "suspend", "back to the shell; fg returns"),
    Intent("command_palette", "ctrl+p", "ctrl+p", "palette", "every command by name"),
    Intent("show_help", "question_mark,f1", "?", "help", "help for the screen you are on"),
    Intent("back", "escape", "esc", "back", "one step back"),
    Intent("leave", "q", "q", "back", "back; at the top asks before it quits"),
    Intent("interrupt", "ctrl+c", "ctrl+c", "quit", "twice: quit at once; stops no rollback"),
)

_BY_ID = {intent.id: intent for intent in INTENTS}

UNUSED = ("r", "ctrl+b", "ctrl+a", "ctrl+s", "ctrl+q", "ctrl+backslash", "ctrl+g", "ctrl+w")
"""Keys that do nothing on purpose: reflexes of terminals, multiplexers and other tools."""


def intent(key: str) -> Intent:
    """Return the intent of this id."""
    return _BY_ID[key]


def bindings(*ids: str) -> list[BindingType]:
    """Return the bindings of these intents, for a screen's `BINDINGS`."""
    return [_BY_ID[key].binding for key in ids]


APP_WIDE = (
    "place('fleet')",
    "place('models')",
    "place('rollouts')",
    "place('groups')",
    "refresh_now",
    "redraw",
    "suspend",
    "command_palette",
    "focus_next",
    "focus_previous",
    "show_help",
    "back",
    "leave",
    "interrupt",
)
"""What works on every screen."""
