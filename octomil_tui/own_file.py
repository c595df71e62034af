"""Reading a small file that says what this program does: it has to be ours, and not writable by others."""

from __future__ import annotations

import os
import shlex
import stat
from pathlib import Path
from typing import Final, NamedTuple

from octomil_tui.api.errors import ConfigurationError
from octomil_tui.domain.text import clean

FILE_LIMIT: Final = 64 * 1024
"""Bytes that such a file may have."""


class Opened(NamedTuple):
    """What was found at a path."""

    text: str | None
    """None where it cannot be read, and where nothing is there."""
    refusals: tuple[str, ...] = ()
    """Why it must not be used: sentences; empty where it may."""
    is_missing: bool = False


def read_own(path: Path, what: str, *, is_named: bool) -> str | None:
    """Return the text of a file; None where there is none and nobody named it.

    Args:
        path: Where it is; may be a symbolic link.
        what: The file in a sentence, with its place, safe to show: `the settings file config.toml`.
        is_named: Whether somebody named it; the usual place may be empty.

    Raises:
        ConfigurationError: It is named and missing, no regular file, over 64 KiB, another user's, writable
            by others, or no text.
    """
    opened = open_own(path, what)
    if opened.is_missing and not is_named:
        return None
    if opened.refusals:
        raise ConfigurationError(opened.refusals[0])
    return opened.text


def open_own(path: Path, what: str) -> Opened:
    """Return what is at `path`, and everything that keeps it from being used."""
    try:
        # O_NONBLOCK: opening a FIFO that nobody writes to must not hang.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except (FileNotFoundError, NotADirectoryError):
        return Opened(None, (f"{what} does not exist",), is_missing=True)
    except (OSError, ValueError) as error:
        cause = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else "not a path"
        return Opened(None, (f"{what} cannot be opened: {cause}",))
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return Opened(None, (f"{what} is not a regular file",))
        refusals = _not_ours(status, what, path)
        content = os.read(descriptor, FILE_LIMIT + 1)
    finally:
        os.close(descriptor)
    if len(content) > FILE_LIMIT:
        return Opened(None, (*refusals, f"{what} is larger than {FILE_LIMIT} bytes"))
    try:
        return Opened(content.decode("utf-8"), refusals)
    except UnicodeDecodeError:
        return Opened(None, (*refusals, f"{what} is not text"))


def _not_ours(status: os.stat_result, what: str, path: Path) -> tuple[str, ...]:
    """Say why a file may be somebody else's words: it says which command is run, and where the key goes."""
    refusals = []
    if status.st_uid not in (os.geteuid(), 0):
        refusals.append(f"{what} belongs to another user")
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        refusals.append(f"{what} can be written by others; run: chmod go-w {shlex.quote(clean(str(path)))}")
    return tuple(refusals)
