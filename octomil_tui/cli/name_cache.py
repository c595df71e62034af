"""Names that were read a moment ago, so that not every press of TAB asks the service.

One small file for each question, 0600 in a directory of 0700, with names and
nothing else. What the name of a file is made of cannot be had back from it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import platformdirs

from octomil_tui.engine.private import names_in, opened_directory, read_file, write_file

FRESH = 60.0
"""Seconds for which a name is believed."""

SIZE_LIMIT = 1 << 20
"""Bytes of a file that is read, and written."""

_SUFFIX = ".json"
_MOST_FILES = 200


class Named(NamedTuple):
    """One thing that can be named on the command line."""

    name: str
    """Raw, as the service has it."""
    id: str = ""
    note: str = ""
    """A word about it, safe to show."""


class NameCache:
    """What the service answered lately.

    Args:
        place: What the answers are of: address, organisation, and whose key asked.
        directory: Where the files are; the user's cache directory without it.
    """

    def __init__(self, place: Sequence[str], directory: Path | None = None) -> None:
        self._place = "\0".join(place)
        self._directory = directory if directory is not None else usual_directory()

    def get(self, question: str, now: float) -> tuple[Named, ...] | None:
        """Return the names that answer the question, or None where nobody asked it lately.

        Args:
            question: Such as `versions mdl_1`.
            now: Epoch seconds.
        """
        try:
            with opened_directory(self._directory, make=False) as directory:
                content = json.loads(read_file(directory, self._file(question), SIZE_LIMIT))
            return _names(content, now)
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def put(self, question: str, names: Sequence[Named], now: float) -> None:
        """Keep the names for a minute; where nothing can be written, nothing is kept."""
        content = json.dumps({"at": now, "names": [list(one) for one in names]}).encode()
        if len(content) > SIZE_LIMIT:
            return
        with suppress(OSError), opened_directory(self._directory, make=True) as directory:
            _make_room(directory)
            write_file(directory, self._file(question), content, is_new=True)

    def _file(self, question: str) -> str:
        return hashlib.sha256(f"{self._place}\0{question}".encode()).hexdigest()[:32] + _SUFFIX


def usual_directory() -> Path:
    """Return where the files are, on Linux `~/.cache/octomil-console/names`."""
    return platformdirs.user_cache_path("octomil-console") / "names"


def _names(content: Mapping[str, object], now: float) -> tuple[Named, ...] | None:
    at, names = content["at"], content["names"]
    if not isinstance(at, int | float) or not isinstance(names, list) or not 0 <= now - at < FRESH:
        return None
    return tuple(Named(*(str(part) for part in one)) for one in names)


def _make_room(directory: int) -> None:
    """Begin again where many questions were asked: what is lost is worth a minute."""
    files = [name for name in names_in(directory) if name.endswith(_SUFFIX)]
    if len(files) >= _MOST_FILES:
        for name in files:
            os.unlink(name, dir_fd=directory)
