"""The line that each key of a settings file stands on.

The TOML reader of the standard library names no lines. Libraries that keep
positions do it to write files back, which this console never does, and would
bring a second grammar that might disagree with the first. So the one reader is
asked again, statement by statement: the shortest run of lines that it
understands is one statement, since what is cut off in the middle of a value is
never valid.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, Final

_WORK: Final = 4 * 1024 * 1024
"""Characters that are read again before the rest is left without lines; no file that a person wrote comes near."""


def locate(text: str) -> Mapping[tuple[str, ...], int]:
    """Return the line, from 1, of every table and key.

    Args:
        text: A file that is valid TOML.
    """
    lines: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    for number, statement, found in _statements(text):
        if statement.lstrip().startswith("["):
            table = _deepest(found)
            # Only where it begins: the tables above it may be said elsewhere.
            lines.setdefault(table, number)
        else:
            for path in _paths(found):
                lines.setdefault((*table, *path), number)
    return lines


def line_of(lines: Mapping[tuple[str, ...], int], keys: tuple[str, ...]) -> int | None:
    """Return the line of a key, or of the innermost table around it that has one."""
    return next((lines[keys[:end]] for end in range(len(keys), 0, -1) if keys[:end] in lines), None)


def _statements(text: str) -> Iterator[tuple[int, str, Mapping[str, Any]]]:
    lines = text.replace("\r\n", "\n").split("\n")
    begin, work = 0, 0
    for end in range(1, len(lines) + 1):
        statement = "\n".join(lines[begin:end])
        work += len(statement)
        if work > _WORK:
            return
        try:
            found = tomllib.loads(statement)
        except tomllib.TOMLDecodeError:
            continue  # a value that goes on in the next line
        if found:
            yield begin + 1, statement, found
        begin = end


def _deepest(found: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the path of a table's header, in which nothing stands beside anything."""
    path: list[str] = []
    while isinstance(found, dict) and found:
        name, found = next(iter(found.items()))
        path.append(name)
    return tuple(path)


def _paths(found: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for name, value in found.items():
        yield (name,)
        if isinstance(value, dict):
            yield from ((name, *rest) for rest in _paths(value))
