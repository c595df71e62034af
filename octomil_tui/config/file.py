"""Opening the settings file: only one that nobody else can have written."""

from __future__ import annotations

import os
import shlex
import stat
from pathlib import Path
from typing import NamedTuple

from octomil_tui.api.errors import ConfigurationError

FILE_LIMIT = 64 * 1024
"""Bytes that a settings file may have."""


class Opened(NamedTuple):
    """What was found at a path."""

    text: str | None
    """None where it cannot be read, and where nothing is there."""
    refusals: tuple[str, ...] = ()
    """Why it must not be used: sentences; empty where it may."""
    is_missing: bool = False


def read_file(path: Path, shown: str, *, is_named: bool) -> str | None:
    """Return the text of the settings file; None where there is none and nobody named it.

    Args:
        path: Where it is; may be a symbolic link.
        shown: The path, safe to show.
        is_named: Whether somebody named it; the usual place may be empty.

    Raises:
        ConfigurationError: It is named and missing, no regular file, over 64 KiB, another user's, writable
            by others, or no text.
    """
    opened = open_file(path, shown)
    if opened.is_missing and not is_named:
        return None
    if opened.refusals:
        raise ConfigurationError(opened.refusals[0])
    return opened.text


def open_file(path: Path, shown: str) -> Opened:
    """Return what is at `path`, and everything that keeps it from being used."""
    try:
        # O_NONBLOCK: opening a FIFO that nobody writes to must not hang.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except (FileNotFoundError, NotADirectoryError):
        return Opened(None, (f"the settings file {shown} does not exist",), is_missing=True)
    except (OSError, ValueError) as error:
        cause = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else "not a path"
        return Opened(None, (f"the settings file {shown} cannot be opened: {cause}",))
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return Opened(None, (f"the settings file {shown} is not a regular file",))
        refusals = _not_ours(status, shown)
        content = os.read(descriptor, FILE_LIMIT + 1)
    finally:
        os.close(descriptor)
    if len(content) > FILE_LIMIT:
        return Opened(None, (*refusals, f"the settings file {shown} is larger than {FILE_LIMIT} bytes"))
    try:
        return Opened(content.decode("utf-8"), refusals)
    except UnicodeDecodeError:
        return Opened(None, (*refusals, f"the settings file {shown} is not text"))


def _not_ours(status: os.stat_result, shown: str) -> tuple[str, ...]:
    """Say why a file may be somebody else's words: it says which command is run, and where the key goes."""
    refusals = []
    if status.st_uid not in (os.geteuid(), 0):
        refusals.append(f"the settings file {shown} belongs to another user")
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        refusals.append(
            f"the settings file {shown} can be written by others; run: chmod go-w {shlex.quote(shown)}"
        )
    return tuple(refusals)
