"""The keymap file: where it is, and what it says; understood whole or refused."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from octomil_tui.api.errors import ConfigurationError
from octomil_tui.domain.text import clean
from octomil_tui.own_file import read_own

if TYPE_CHECKING:
    from octomil_tui.settings import Settings
    from octomil_tui.ui.keymap import Checked, Problem
    from octomil_tui.ui.keys_now import Keymap

KEYMAP_VARIABLE: Final = "OCTOMIL_KEYMAP"
KEYMAP_NAME: Final = "keymap.toml"

_WHERE = re.compile(r"\(at (line \d+, column \d+|end of document)\)")
_HEADER = re.compile(r"\s*\[")
_ENTRY = re.compile(r"""\s*(?:(?P<bare>[A-Za-z0-9_-]+)|"(?P<basic>[^"]*)"|'(?P<literal>[^']*)')\s*=""")


class KeymapPlace(NamedTuple):
    """Where the keymap is."""

    path: Path | None
    """None for nowhere."""
    is_named: bool = False
    """Whether somebody named it; the usual place may be empty."""


class KeymapRead(NamedTuple):
    """A file, and what came of checking it."""

    path: Path
    checked: Checked
    lines: Mapping[str, int]
    """Where each entry stands, counted from 1."""

    def said(self, problem: Problem) -> str:
        """Return a problem as a sentence with its place and its fix, safe to show."""
        line = self.lines.get(problem.name)
        place = f"{clean(str(self.path))}{f', line {line}' if line is not None else ''}"
        return f"{place}: {problem.sentence}{f': {problem.fix}' if problem.fix else ''}"


def keymap_place(settings: Settings | None = None) -> KeymapPlace:
    """Return where the keymap is: the variable, what the settings name, or beside the settings file.

    An empty variable means none, so that a console can be started without it.
    """
    if KEYMAP_VARIABLE in os.environ:
        named = os.environ[KEYMAP_VARIABLE]
        return KeymapPlace(Path(named).expanduser() if named else None, is_named=bool(named))
    told = getattr(settings, "keymap", None)
    if told is not None and told.value is not None:
        return KeymapPlace(told.value, is_named=told.origin != "default")
    from octomil_tui.cli.flags import usual_files  # noqa: PLC0415 - only where nothing names one

    config = usual_files().config
    return KeymapPlace(config.parent / KEYMAP_NAME if config is not None else None)


def read_keymap(place: KeymapPlace) -> KeymapRead | None:
    """Return what a keymap says, with everything that is wrong with it; None where there is none.

    Raises:
        ConfigurationError: It cannot be read, is not ours, or is no TOML.
    """
    if place.path is None:
        return None
    shown = clean(str(place.path))
    text = read_own(place.path, f"the keymap {shown}", is_named=place.is_named)
    if text is None:
        return None
    import tomllib  # noqa: PLC0415 - most have no such file

    from octomil_tui.ui.keymap import check_keymap  # noqa: PLC0415 - as above

    try:
        found = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        where = _WHERE.search(str(error))
        problem = f"{shown} is not TOML{f' ({where[1]})' if where else ''}"
    else:
        return KeymapRead(place.path, check_keymap(found), _lines(text))
    raise ConfigurationError(problem)


def keymap_of(settings: Settings | None = None) -> Keymap:
    """Return the keys that a person gave to actions; none where there is no file.

    Raises:
        ConfigurationError: The file cannot be used; the sentence names the first thing that is wrong.
    """
    found = read_keymap(keymap_place(settings))
    if found is None:
        return {}
    if found.checked.problems:
        more = len(found.checked.problems) - 1
        rest = f"; {more} more: octomil-console keys check" if more else ""
        first = found.said(found.checked.problems[0])
        raise ConfigurationError(f"{first}{rest} ({KEYMAP_VARIABLE}= starts without it)")
    return found.checked.keymap


def _lines(text: str) -> dict[str, int]:
    """Return the line of each entry, the first where it is there twice."""
    found: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if _HEADER.match(line):
            found.setdefault(line.strip(" \t[]"), number)
        elif entry := _ENTRY.match(line):
            found.setdefault(entry["bare"] or entry["basic"] or entry["literal"] or "", number)
    return found
