"""Commands by name: what `:` and ctrl+p offer, made from the one table of actions and a few that are no keys."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from octomil_tui.domain.text import clean
from octomil_tui.ui.intent import Intent, Reach
from octomil_tui.ui.intents import INTENTS

_SHOWN = 40
"""Characters of what somebody typed that a sentence repeats."""


class Takes(StrEnum):
    """What stands behind a command."""

    NOTHING = ""
    MODEL = "MODEL"
    GROUP = "GROUP"
    DEVICE = "DEVICE"
    ROLLOUT = "ROLLOUT"
    ROLLBACK = "ROLLBACK"
    """A rollback by its id, or a model for its newest one."""
    TERMS = "TERMS"
    """A filter."""
    COLUMN = "COLUMN"
    TERM = "TERM"
    """A word to look for in the help."""
    PROFILE = "PROFILE"
    THEME = "THEME"


_SAID = {Takes.DEVICE: "ID", Takes.ROLLOUT: "ID", Takes.ROLLBACK: "ID|MODEL", Takes.PROFILE: "NAME"}
_SAID |= {Takes.THEME: "NAME", Takes.MODEL: "NAME", Takes.GROUP: "NAME"}


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that can be asked for by its name."""

    name: str
    meaning: str
    takes: Takes = Takes.NOTHING
    is_optional: bool = False
    """Whether it means something alone, too."""
    also: tuple[str, ...] = ()
    """Other names."""
    intent: Intent | None = None
    """What its key does, which is what it does alone."""
    reach: Reach = Reach.NOTHING

    @property
    def usage(self) -> str:
        """How it is typed: `model NAME`, `help [TERM]`."""
        if self.takes is Takes.NOTHING:
            return self.name
        said = _SAID.get(self.takes, self.takes.value)
        return f"{self.name} [{said}]" if self.is_optional else f"{self.name} {said}"

    @property
    def key(self) -> str:
        """The key that does the same, as it is now; empty where there is none."""
        return self.intent.key if self.intent is not None else ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A command that was understood, and what stood behind it."""

    command: Command
    argument: str = ""


_TAKING = {
    "rollback": (Takes.MODEL, "preview a rollback of a model, or of what the cursor is on; sends nothing"),
    "watch": (
        Takes.ROLLBACK,
        "watch a rollback by its id, the newest of a model, or of what the cursor is on",
    ),
    "filter": (Takes.TERMS, ""),
    "sort": (Takes.COLUMN, "sort by a column, or by the next one"),
    "help": (Takes.TERM, "help for the screen you are on, or what it says about a word"),
}
_ALSO = {"rollback": ("roll-back",), "help": ("h",), "requests": ("reqs",), "json": ("yaml", "raw")}
_ONLY_COMMANDS = (
    Command("model", "a model: its versions, rollouts and groups", Takes.MODEL),
    Command("group", "a group and its devices", Takes.GROUP, also=("g",)),
    Command("device", "a device, in the list of its group", Takes.DEVICE),
    Command("rollout", "a rollout, in the list of them", Takes.ROLLOUT),
    Command("report", "write the report of a rollback that this console watched", Takes.ROLLBACK),
    Command(
        "ctx",
        "another profile; alone: which there are",
        Takes.PROFILE,
        is_optional=True,
        also=("context", "profile"),
    ),
    Command("theme", "other colours; alone: which there are", Takes.THEME, is_optional=True),
    Command("quit", "leave the console; asks first, and stops nothing", also=("q", "exit")),
)


def _of_intent(one: Intent) -> Command:
    takes, meaning = _TAKING.get(one.name, (Takes.NOTHING, ""))
    return Command(
        one.name,
        meaning or one.meaning,
        takes,
        is_optional=takes is not Takes.NOTHING,
        also=(*_ALSO.get(one.name, ()), *([one.word.casefold()] if " " not in one.word else [])),
        intent=one,
        reach=one.reach,
    )


@cache
def commands() -> tuple[Command, ...]:
    """Return every command, in the order of the table of actions; those that are no keys after the places."""
    of_keys = [_of_intent(one) for one in INTENTS]
    taken = {one.name for one in of_keys}
    own = [one for one in _ONLY_COMMANDS if one.name not in taken]
    places = [one for one in of_keys if one.intent is not None and one.intent.id.startswith("place(")]
    return (*places, *own, *(one for one in of_keys if one not in places))


def command(name: str) -> Command | None:
    """Return the command of this name, or of this other name; None where there is none."""
    return next((one for one in commands() if one.name == name), None) or next(
        (one for one in commands() if name in one.also), None
    )


def read_command(text: str) -> Asked | str:
    """Return the command that was typed, or the sentence that says why it is none.

    A name, one of its other names, the words of its key in the last line, or so
    much of a name as only one of them begins with.
    """
    typed = text.strip().removeprefix(":").strip()
    word, _, argument = typed.partition(" ")
    found, argument = _by_words(typed) or (command(word.casefold()), argument)
    if found is None:
        begun = [one for one in commands() if one.name.startswith(word.casefold())]
        if len(begun) > 1:
            return f"{clean(word, _SHOWN)}: {_alternatives([one.name for one in begun])}?"
        if not begun:
            return _unknown(word)
        found = begun[0]
    return _asked(found, argument.strip())


def _by_words(typed: str) -> tuple[Command, str] | None:
    said = typed.casefold()
    by_length = sorted(
        (one for one in commands() if one.intent is not None and " " in one.intent.word),
        key=lambda one: -len(one.intent.word if one.intent is not None else ""),
    )
    for one in by_length:
        word = one.intent.word if one.intent is not None else ""
        if said == word or said.startswith(f"{word} "):
            return one, typed[len(word) :]
    return None


def _asked(found: Command, argument: str) -> Asked | str:
    if argument and found.takes is Takes.NOTHING:
        return f"{found.name} takes nothing behind it"
    if not argument and found.takes is not Takes.NOTHING and not found.is_optional:
        return f"{found.name} wants {_SAID.get(found.takes, found.takes.value)} behind it"
    return Asked(found, argument)


def _unknown(word: str) -> str:
    near = difflib.get_close_matches(word.casefold(), [one.name for one in commands()], 1, 0.5)
    tail = f"; the nearest is {near[0]}" if near else "; tab shows those there are"
    return f"{clean(word, _SHOWN)}: there is no such command{tail}"


def _alternatives(names: list[str]) -> str:
    shown, rest = names[:4], len(names) - 4
    return (
        f"{', '.join(shown)}, or {rest} more" if rest > 0 else " or ".join((", ".join(shown[:-1]), shown[-1]))
    )
