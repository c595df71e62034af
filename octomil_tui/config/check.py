"""Everything that is wrong in a settings file, at once; nothing of it is run, and no key is shown."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from octomil_tui.config.finding import Checked, Finding
from octomil_tui.config.key import PROFILES
from octomil_tui.config.locator import line_of, locate
from octomil_tui.config.machine import look_around
from octomil_tui.config.problem import Problem
from octomil_tui.config.reader import understand
from octomil_tui.config.syntax import explain
from octomil_tui.domain.text import clean
from octomil_tui.own_file import Opened, open_own

PATH_LIMIT = 300
"""Characters of the file's path that are shown."""

_EXPOSED = "; take it out, and have a new key made where others could read this file"


def check_config(path: Path, *, is_named: bool) -> Checked:
    """Return what is in a settings file, with everything that is wrong in it.

    Looks for the files and commands that it names, and runs none of them.

    Args:
        path: Where it is; may be a symbolic link.
        is_named: Whether somebody named it; the usual place may be empty.
    """
    place = clean(str(path), PATH_LIMIT)
    opened = open_own(path, f"the settings file {place}")
    if opened.is_missing and not is_named:
        return Checked(place, is_missing=True)
    whole = [Finding("", _without(place, one)) for one in opened.refusals]
    if opened.text is None:
        return Checked(place, whole)
    try:
        found = tomllib.loads(opened.text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        problem = explain(error)
        line = problem.line or len(opened.text.rstrip().splitlines()) or 1
        wrong = Finding("", f"this is not TOML: {problem.cause}", line, problem.column)
        return Checked(place, [*whole, wrong])
    return _checked(path, place, opened, found, whole)


def _checked(
    path: Path, place: str, opened: Opened, found: Mapping[str, Any], whole: list[Finding]
) -> Checked:
    lines = locate(opened.text or "")
    config, problems = understand(found, path)
    told = [_finding(one, lines) for one in problems]
    told += [
        replace(_finding(one, lines), is_note=is_note, is_of_machine=True)
        for one, is_note in look_around(found, config)
    ]
    told.sort(key=lambda one: one.line or 0)
    return Checked(place, [*whole, *told], config, lines)


def _finding(problem: Problem, lines: Mapping[tuple[str, ...], int]) -> Finding:
    return Finding(
        problem.name,
        problem.what + (_EXPOSED if problem.is_secret else ""),
        line_of(lines, problem.keys),
        profile=problem.keys[1] if problem.keys[0] == PROFILES and len(problem.keys) > 1 else None,
    )


def _without(place: str, sentence: str) -> str:
    """Return what is said of the file, which stands before it already."""
    return sentence.removeprefix(f"the settings file {place} ")
