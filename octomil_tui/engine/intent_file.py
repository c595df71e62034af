"""The files of the journal's directory: how they are named, found and read.

An entry is `20260617T031331Z-9c1e.json`: when it was confirmed (UTC), and the
beginning of its id.
"""

from __future__ import annotations

import errno
import hashlib
import re
from datetime import UTC, datetime
from pathlib import Path

from octomil_tui.engine.fields import UnreadableError
from octomil_tui.engine.intent import FILE_LIMIT, Entry, Intent, decode
from octomil_tui.engine.private import names_in, read_file

_ENTRY = re.compile(r"\d{8}T\d{6}Z-(?P<tag>[0-9a-z]{4,64})\.json")
_TAG_LENGTHS = (4, 8, 16, 32, 64)
_TAG_OF_ID = 32


def entry_names(directory: int) -> list[str]:
    """Return the names of the entries, the oldest first."""
    return sorted(name for name in names_in(directory) if _ENTRY.fullmatch(name))


def read_entry(directory: int, path: Path) -> Entry | None:
    """Return an entry, or None where its file is not one, is too large, or cannot be read.

    Args:
        directory: The descriptor of the journal's directory.
        path: The whole path of the file, of which only the name is used to open it.
    """
    try:
        return decode(read_file(directory, path.name, FILE_LIMIT), path)
    except (OSError, UnreadableError):
        return None


def find_entry(directory: int, place: Path, intent_id: str) -> Entry | None:
    """Return the readable entry of an intent.

    Args:
        directory: The descriptor of the journal's directory.
        place: Its path.
        intent_id: The whole id.
    """
    tag = _tag(intent_id)
    for name in entry_names(directory):
        found = _ENTRY.fullmatch(name)
        if found is None or not tag.startswith(found["tag"]):
            continue
        entry = read_entry(directory, place / name)
        if entry is not None and entry.intent.id == intent_id:
            return entry
    return None


def free_name(directory: int, intent: Intent) -> str:
    """Return a name that no entry has, as short as it can be: people read it on a screen.

    Raises:
        OSError: The moment is none, or files that cannot be read have all names.
    """
    try:
        stamp = f"{datetime.fromtimestamp(intent.at, UTC):%Y%m%dT%H%M%SZ}"
    except (ValueError, OverflowError, OSError):
        raise OSError(errno.EINVAL, "at is not a moment") from None
    taken = set(names_in(directory))
    tag = _tag(intent.id)
    names = (f"{stamp}-{tag[:length]}.json" for length in _TAG_LENGTHS)
    free = next((name for name in names if name not in taken), None)
    if free is None:
        raise OSError(errno.EEXIST, "its file is there and cannot be read")
    return free


def _tag(intent_id: str) -> str:
    """Return 64 characters for a file name: the id's own as far as they are safe, then a digest of it."""
    safe = re.sub(r"[^0-9a-z]", "", intent_id.lower())[:_TAG_OF_ID]
    digest = hashlib.sha256(intent_id.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{safe}{digest}"[: _TAG_LENGTHS[-1]]
