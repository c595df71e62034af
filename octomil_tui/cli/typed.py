"""What a command line that is not finished says so far, by the grammar of the whole one."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence


def typed_so_far(parser: argparse.ArgumentParser, words: Sequence[str]) -> Mapping[str, str]:
    """Return the values that were given, by the names of the arguments; the last of several counts.

    Nothing is checked, nothing is missing and nothing is refused: a person is
    still typing.

    Args:
        parser: The grammar.
        words: The command line, without the program and without the word at the cursor.
    """
    found: dict[str, str] = {}
    waiting: argparse.Action | None = None
    positionals = _positionals(parser)
    for word in words:
        name, _, value = word.partition("=")
        if waiting is not None:
            found[waiting.dest] = word
            waiting = None
        elif name in parser._option_string_actions:  # noqa: SLF001 - argparse has no other way to look at itself
            action = parser._option_string_actions[name]  # noqa: SLF001
            if value:
                found[action.dest] = value
            elif action.nargs is None:
                waiting = action
        elif positionals:
            action = positionals.pop(0)
            if isinstance(action.choices, Mapping):
                below = action.choices.get(word)
                if below is None:
                    return found
                parser, positionals = below, _positionals(below)
            else:
                found[action.dest] = word
    return found


def _positionals(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    return [action for action in parser._actions if not action.option_strings]  # noqa: SLF001
