"""Opening the settings file: only one that nobody else can have written."""

from __future__ import annotations

import os
import shlex
import stat
from pathlib import Path

from octomil_tui.api.errors import ConfigurationError

FILE_LIMIT = 64 * 1024
"""Bytes that a settings file may have."""


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
    try:
        # O_NONBLOCK: opening a FIFO that nobody writes to must not hang.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except (FileNotFoundError, NotADirectoryError):
        if not is_named:
            return None
        raise ConfigurationError(f"the settings file {shown} does not exist") from None
    except (OSError, ValueError) as error:
        cause = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else "not a path"
        raise ConfigurationError(f"the settings file {shown} cannot be opened: {cause}") from None
    try:
        _require_ours(os.fstat(descriptor), shown)
        content = os.read(descriptor, FILE_LIMIT + 1)
    finally:
        os.close(descriptor)
    if len(content) > FILE_LIMIT:
        raise ConfigurationError(f"the settings file {shown} is larger than {FILE_LIMIT} bytes")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise ConfigurationError(f"the settings file {shown} is not text") from None


def _require_ours(status: os.stat_result, shown: str) -> None:
    """Refuse a file that somebody else wrote: it says which command is run, and where the key goes."""
    if not stat.S_ISREG(status.st_mode):
        raise ConfigurationError(f"the settings file {shown} is not a regular file")
    if status.st_uid not in (os.geteuid(), 0):
        raise ConfigurationError(f"the settings file {shown} belongs to another user")
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise ConfigurationError(
            f"the settings file {shown} can be written by others; run: chmod go-w {shlex.quote(shown)}"
        )
