"""Every action of the console once: its key and its words.

Bindings, the last line, the help page and the palette are all made from this
table, so that none of them can name a key that does something else.
"""

from __future__ import annotations

from dataclasses import dataclass

from textual.binding import Binding, BindingType


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing that a person can want; none of them sends anything by itself."""

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
    brief: str
    """The same in at most 27 characters, for the help page on a narrow screen."""

    @property
    def only_key(self) -> bool:
        """Whether it makes sense as a key only, and is left out of the palette."""
        return self.id in _ONLY_KEYS

    @property
    def binding(self) -> Binding:
        """The Textual binding; the last line is the console's own, so Textual shows none."""
        # Leaving works above dialogs and in fields too, where ctrl+c would otherwise copy.
        first = self.id == "interrupt"
        return Binding(self.keys, self.id, self.word, show=False, id=self.id, priority=first)


_ONLY_KEYS = frozenset({"command_palette", "focus_next", "focus_previous", "go_on", "back", "interrupt"})

INTENTS: tuple[Intent, ...] = (
    Intent("place('fleet')", "1", "1", "Fleet", "the fleet at a glance", "the fleet"),
    Intent("place('models')", "2", "2", "Models", "every model", "every model"),
    Intent("place('rollouts')", "3", "3", "Rollouts", "every rollout and rollback", "every rollout"),
    Intent("place('groups')", "4", "4", "Groups", "every device group", "every group"),
    Intent("place('timeline')", "5", "5", "Timeline", "what happened, the newest first", "what happened"),
    Intent(
        "roll_back",
        "R",
        "R",
        "roll back",
        "preview a rollback of what the cursor is on; sends nothing",
        "opens a preview, no more",
    ),
    Intent("watch", "w", "w", "watch", "watch the rollback of what the cursor is on", "watch the rollback"),
    Intent(
        "actions",
        "a",
        "a",
        "actions",
        "pause, resume, advance, set, cancel; hold or release a version; each with its own preview",
        "pause, cancel, hold, …",
    ),
    Intent(
        "compare",
        "d",
        "d",
        "compare two",
        "hold a version against the one to go back to: errors, delays, quality, memory",
        "two versions side by side",
    ),
    Intent(
        "stragglers",
        "L",
        "L",
        "stragglers",
        "every device that the rollback waits for, and why",
        "whom it waits for, and why",
    ),
    Intent(
        "filter",
        "slash",
        "/",
        "filter",
        "narrow the list: a name, or ver:v2* state:!online group:eu* seen:>1h",
        "ver:v2* state:!online text",
    ),
    Intent("mark", "space", "space", "mark", "mark the row, or take its mark away", "mark, or unmark"),
    Intent("next_mark", "n", "n", "next mark", "go to the next marked row", "to the next marked row"),
    Intent(
        "previous_mark", "N", "N", "mark before", "go to the marked row before", "to the marked row before"
    ),
    Intent(
        "copy",
        "c",
        "c",
        "copy names",
        "copy the names of the marked rows, or of this one, to your terminal's clipboard",
        "copy names to the clipboard",
    ),
    Intent(
        "copy_row",
        "y",
        "y",
        "copy row",
        "copy the marked rows, or this one, with tabs between the columns",
        "copy rows to the clipboard",
    ),
    Intent(
        "export",
        "e",
        "e",
        "csv",
        "write the marked rows, or all that the filter lets through, to a new CSV file here",
        "write a CSV file here",
    ),
    Intent(
        "read_on",
        "A",
        "A",
        "read the rest",
        "read all that was not read yet of a list that is too large; again stops",
        "the rest of a large list",
    ),
    Intent(
        "memo",
        "m",
        "m",
        "memo",
        "write a memo into the timeline; it is kept on this machine",
        "a memo into the timeline",
    ),
    Intent(
        "report",
        "e",
        "e",
        "report",
        "say where the report of the rollback is; write it where it is not written yet",
        "where its report is",
    ),
    Intent(
        "turn_bell",
        "b",
        "b",
        "bell",
        "ring for done and trouble, for trouble only, or not at all",
        "what the terminal rings for",
    ),
    Intent(
        "copy_status",
        "c",
        "c",
        "copy status",
        "copy the text for the channel to your terminal's clipboard",
        "copy the text to hand over",
    ),
    Intent(
        "choose_scope", "s", "s", "scope", "choose the whole fleet or one group", "the fleet or one group"
    ),
    Intent("choose_version", "v", "v", "version", "choose the version to go back to", "where to go back to"),
    Intent(
        "go_on",
        "enter",
        "enter",
        "next",
        "go on to the confirmation; nothing is sent yet",
        "on to the confirmation",
    ),
    Intent("focus_next", "tab", "tab", "next pane", "go to the next pane or field", "next pane, next field"),
    Intent(
        "focus_previous",
        "shift+tab",
        "shift+tab",
        "previous pane",
        "go to the pane or field before",
        "the one before",
    ),
    Intent("refresh_now", "ctrl+r", "ctrl+r", "refresh", "read everything again now", "read again now"),
    Intent("redraw", "ctrl+l", "ctrl+l", "redraw", "draw the screen again", "draw again"),
    Intent(
        "next_theme",
        "ctrl+t",
        "ctrl+t",
        "theme",
        "the next theme: default, contrast, light, mono, ansi",
        "the next theme",
    ),
    Intent(
        "suspend", "ctrl+z", "ctrl+z", "suspend", "back to the shell; fg returns", "to the shell; fg returns"
    ),
    Intent(
        "requests",
        "at",
        "@",
        "requests",
        "every request that this console made, and what its budget is spent on",
        "requests, and their budget",
    ),
    Intent(
        "policy",
        "P",
        "P",
        "policy",
        "the policy: auto-rollback, each rule's value against its limit, and what crossed one",
        "auto-rollback and its rules",
    ),
    Intent("command_palette", "ctrl+p", "ctrl+p", "palette", "every command by name", "commands by name"),
    Intent("show_help", "question_mark,f1", "?", "help", "help for the screen you are on", "this page"),
    Intent("back", "escape", "esc", "back", "one step back", "one step back"),
    Intent(
        "leave",
        "q",
        "q",
        "leave",
        "one step back; at the top asks before it quits",
        "back; at the top: quit?",
    ),
    Intent(
        "interrupt",
        "ctrl+c",
        "ctrl+c",
        "quit",
        "twice: quit at once; stops no rollback",
        "twice: quit; stops nothing",
    ),
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
    "place('timeline')",
    "refresh_now",
    "redraw",
    "next_theme",
    "suspend",
    "requests",
    "policy",
    "command_palette",
    "focus_next",
    "focus_previous",
    "show_help",
    "back",
    "leave",
    "interrupt",
)
"""What works on every screen."""
