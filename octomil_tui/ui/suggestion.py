"""What the command line proposes while something is typed: commands first, then what can stand behind one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from textual.fuzzy import Matcher

from octomil_tui.ui.candidate import Candidate, beginning
from octomil_tui.ui.command import Command, Takes, command

MOST = 50
"""Suggestions that are made at most; more than a screen shows, so that `tab` finds the next ones."""


class Offer(NamedTuple):
    """A command, and how it stands here and now."""

    command: Command
    why_not: str = ""
    """Why it does not work here now, a clause; empty where it does."""
    note: str = ""
    """What to know of it though it works; a clause."""


class Suggestion(NamedTuple):
    """One thing that the line could say."""

    text: str
    """The whole line with it, safe to show."""
    what: str
    """What is shown for it."""
    key: str = ""
    note: str = ""
    works: bool = True


def suggestions(
    text: str, offered: Sequence[Offer], behind: Callable[[Takes], Sequence[Candidate]]
) -> list[Suggestion]:
    """Return what could be meant by what stands in the line.

    Args:
        text: The line without its colon.
        offered: Every command as it stands on the screen.
        behind: What can stand behind a command that takes this.
    """
    word, space, argument = text.lstrip().partition(" ")
    found = command(word.casefold()) if space else None
    if found is not None:
        near = beginning(behind(found.takes), argument.strip())[:MOST]
        return [Suggestion(f"{found.name} {one.text}", one.text, "", one.note) for one in near]
    return [_suggested(one) for one in ranked(text, offered)][:MOST]


def ranked(text: str, offered: Sequence[Offer]) -> list[Offer]:
    """Return the commands that fit what was typed: those that begin so, then those that only resemble it."""
    typed = text.strip().casefold()
    if not typed:
        return list(offered)
    begun = [one for one in offered if one.command.name.startswith(typed) or typed in one.command.also]
    if len(typed) == 1:
        # Almost everything resembles one letter.
        return begun
    matcher = Matcher(typed)
    rest = [(_score(matcher, typed, one.command), one) for one in offered if one not in begun]
    near = sorted((pair for pair in rest if pair[0] > 0), key=lambda pair: -pair[0])
    return [*begun, *(one for _, one in near)]


def _score(matcher: Matcher, typed: str, found: Command) -> float:
    word = found.intent.word if found.intent is not None else ""
    # In a sentence letters that only stand in the same order mean nothing: there the text itself has to be.
    return max(matcher.match(found.name), matcher.match(word), float(typed in found.meaning.casefold()) / 100)


def _suggested(one: Offer) -> Suggestion:
    found = one.command
    tail = " " if found.takes is not Takes.NOTHING and not found.is_optional else ""
    note = one.why_not or one.note or found.meaning
    return Suggestion(found.name + tail, found.usage, found.key, note, not one.why_not and not one.note)


def completed(text: str, found: Sequence[Suggestion]) -> str:
    """Return the line as far as all suggestions that begin with it agree; the line itself where that adds nothing."""
    begun = [one.text for one in found if one.text.casefold().startswith(text.lstrip().casefold())]
    common = min(begun, default="")
    while not all(one.startswith(common) for one in begun):
        common = common[:-1]
    return common if len(common) > len(text.lstrip()) else text
