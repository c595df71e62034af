"""A keymap, checked against the table of actions: what may have which key, and what would get in whose way."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from octomil_tui.domain.text import clean
from octomil_tui.ui.intent import Change, Intent
from octomil_tui.ui.intents import BY_NAME, UNUSED
from octomil_tui.ui.key_name import NOT_TOLD, is_bare, key_name, people_write
from octomil_tui.ui.key_table import SCREENS, names_on
from octomil_tui.ui.keys_now import Keymap

_REFUSED: Final = {
    "ctrl+s": "stops the output of a terminal, and ctrl+q starts it again",
    "ctrl+q": "starts the output of a terminal again, and ctrl+s stops it",
    "ctrl+backslash": "ends whatever runs in a terminal",
}
_NOTED: Final = {
    "ctrl+b": "tmux takes it first",
    "ctrl+a": "screen takes it first",
    "ctrl+g": "it means cancel in editors, and a reflex may hit it",
    "ctrl+w": "it deletes a word in a shell, and a reflex may hit it",
    "r": "it means refresh elsewhere, and a reflex may hit it",
}
_WAYS_OUT: Final = ("leave", "back", "interrupt", "help")
_NAME_LIMIT: Final = 40


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a keymap; its texts are safe to show."""

    name: str
    """The entry it is about; empty for the file."""
    sentence: str
    fix: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of checking a keymap."""

    keymap: Keymap
    """What can be used, by the name of the intent; all of it where there is no problem."""
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()
    """What is allowed, and worth knowing."""


def check_keymap(found: Mapping[str, Any]) -> Checked:
    """Return what a file says, and everything that is wrong with it.

    Args:
        found: What TOML made of the file.
    """
    problems = [
        Problem(name, f"{_short(name)} is not known in a keymap", "there is one table in it, [keys]")
        for name in found
        if name != "keys"
    ]
    table = found.get("keys", {})
    if not isinstance(table, dict):
        return Checked({}, (Problem("keys", "keys is no table", 'write [keys], and below it: watch = "W"'),))
    keymap: dict[str, tuple[str, ...]] = {}
    notes: list[Problem] = []
    for name, value in table.items():
        wrong = list(_wrong(name, value))
        problems += wrong
        if not wrong:
            keymap[name] = tuple(key_name(one) or "" for one in _listed(value))
            notes += _noted(name, keymap[name])
    problems += _collisions(keymap)
    return Checked(keymap, tuple(problems), tuple(notes))


def keys_of(one: Intent, keymap: Keymap) -> tuple[str, ...]:
    """Return the keys of an intent under a keymap, as Textual names them: a way out keeps its own."""
    own, given = tuple(one.keys.split(",")), keymap.get(one.name, ())
    if not given:
        return own
    return tuple(dict.fromkeys((*own, *given))) if one.change is Change.MORE else given


def for_textual(keymap: Keymap) -> dict[str, str]:
    """Return the keys by the id of their binding, as Textual takes them."""
    return {name: ",".join(keys_of(BY_NAME[name], keymap)) for name in keymap}


def _short(name: str) -> str:
    return clean(name, _NAME_LIMIT)


def _listed(value: object) -> list[str]:
    return [value] if isinstance(value, str) else list(value) if isinstance(value, list) else []


def _wrong(name: str, value: object) -> Iterator[Problem]:
    one = BY_NAME.get(name)
    if one is None:
        near = difflib.get_close_matches(name, BY_NAME, 1, 0.5)
        fix = f"the nearest is {near[0]}" if near else "octomil-console keys list names them all"
        yield Problem(name, f"{_short(name)} is no action", fix)
        return
    if one.change is Change.NONE:
        yield Problem(name, f"{name} cannot have another key than {one.shown}", "leave it out")
        return
    keys = _listed(value)
    if not keys or not all(isinstance(key, str) and key for key in keys):
        yield Problem(name, f"{name} wants a key, or a list of keys", f'such as {name} = "{one.shown}"')
        return
    for key in keys:
        yield from _wrong_key(one, key)


def _wrong_key(one: Intent, key: str) -> Iterator[Problem]:
    found, shown = key_name(key), _short(key)
    if found is None:
        yield Problem(one.name, f"{shown} is no key", 'write it as "W", "ctrl+x", "f5", "space" or "?"')
    elif found in NOT_TOLD:
        same = NOT_TOLD[found]
        yield Problem(one.name, f"a terminal sends the same for {shown} and {same}", "choose another key")
    elif found in _REFUSED:
        yield Problem(one.name, f"{shown} {_REFUSED[found]}", "choose another key")
    elif one.leads_to_write and is_bare(found) and found not in one.keys.split(","):
        capital = (
            f'a capital, such as "{key.upper()}"' if key.isalpha() and key.upper() != key else "a capital"
        )
        yield Problem(
            one.name,
            f"{one.name} leads to a write, and {shown} is hit by a slip of a finger",
            f"{capital}, or ctrl with a letter",
        )


def _noted(name: str, keys: tuple[str, ...]) -> Iterator[Problem]:
    for key in keys:
        said = _NOTED.get(key, "it is slow, or lost, over ssh" if key.startswith("alt+") else "")
        if said:
            yield Problem(name, f"{people_write(key)} works, but {said}", "")


def _collisions(keymap: Keymap) -> Iterator[Problem]:
    """Yield each key that would mean two things on some screen, once."""
    told: set[tuple[str, frozenset[str]]] = set()
    for screen, said in SCREENS.items():
        by_key: dict[str, list[str]] = {}
        for name in sorted(names_on(screen)):
            for key in (*keys_of(BY_NAME[name], keymap), *BY_NAME[name].fixed.split()):
                by_key.setdefault(key, []).append(name)
        for key, names in by_key.items():
            given = [name for name in names if name in keymap]
            if len(names) < 2 or not given or (key, frozenset(names)) in told:  # noqa: PLR2004 - two collide
                continue
            told.add((key, frozenset(names)))
            yield _collision(key, names, given, said)


def _collision(key: str, names: list[str], given: list[str], where: str) -> Problem:
    shown, both = people_write(key), " and ".join(names)
    lost = next((name for name in names if name in _WAYS_OUT), None)
    if lost is not None:
        return Problem(given[0], f"{shown} is the way out ({lost}), and has to stay it", "choose another key")
    other = next((name for name in names if name != given[0]), names[0])
    fix = f"choose another key, or give {other} another one too"
    return Problem(given[0], f"{shown} would mean {both} at once on {where}", fix)


assert set(_REFUSED) | set(_NOTED) == set(UNUSED)  # noqa: S101 - each of them is decided on
