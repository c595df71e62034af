"""A list as a file of its own: new, private, and named after what is in it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from octomil_tui.domain.text import clean

_LONGEST = 80
_TRIES = 100
_OTHER = re.compile(r"[^A-Za-z0-9._-]+")
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def file_stem(subject: str, at: float) -> str:
    """Return `octomil-phi-4-mini-eu-kiosks-20260617T031241Z`: letters, digits, dots and dashes only."""
    words = _OTHER.sub("-", clean(subject))[:_LONGEST].strip(".-") or "list"
    try:
        moment = f"-{datetime.fromtimestamp(at, UTC):%Y%m%dT%H%M%SZ}"
    except (OverflowError, ValueError, OSError):  # a service may name a year that no calendar has
        moment = ""
    return f"octomil-{words}{moment}"


def write_new(directory: Callable[[], Path], stem: str, lines: Sequence[str]) -> Path:
    """Write a file that was not there before, readable by this user only, and return where it is.

    Args:
        directory: Says where it goes; asked here, since a directory can go too.
        stem: Its name without `.csv`; a number is added where it is taken.
        lines: What is in it.

    Raises:
        OSError: It cannot be written; nothing of it is left.
    """
    content = "".join(f"{line}\r\n" for line in lines).encode()
    path, descriptor = _made(directory(), stem)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
    except OSError:
        with suppress(OSError):
            path.unlink()
        raise
    return path


def _made(directory: Path, stem: str) -> tuple[Path, int]:
    for number in range(1, _TRIES):
        path = directory / (f"{stem}.csv" if number == 1 else f"{stem}-{number}.csv")
        try:
            return path, os.open(path, _NEW, 0o600)
        except FileExistsError:
            continue
    raise FileExistsError(None, "there are too many files of that name")
