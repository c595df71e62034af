"""Reading a small file that says what this program does: it has to be ours, and not writable by others."""

from __future__ import annotations

import os
import shlex
import stat
from pathlib import Path
from typing import Final

from octomil_tui.api.errors import ConfigurationError

FILE_LIMIT: Final = 64 * 1024
"""Bytes that such a file may have."""


def read_own(path: Path, what: str, *, is_named: bool) -> str | None:
    """Return the text of a file; None where there is none and nobody named it.

    Args:
        path: Where it is; may be a symbolic link.
        what: The file in a sentence, with its place, safe to show: `the keymap /etc/keymap.toml`.
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
        raise ConfigurationError(f"{what} does not exist") from None
    except (OSError, ValueError) as error:
        cause = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else "not a path"
        raise ConfigurationError(f"{what} cannot be opened: {cause}") from None
    try:
        _require_ours(os.fstat(descriptor), what, path)
        content = os.read(descriptor, FILE_LIMIT + 1)
    finally:
        os.close(descriptor)
    if len(content) > FILE_LIMIT:
        raise ConfigurationError(f"{what} is larger than {FILE_LIMIT} bytes")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise ConfigurationError(f"{what} is not text") from None


def _require_ours(status: os.stat_result, what: str, path: Path) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise ConfigurationError(f"{what} is not a regular file")
    if status.st_uid not in (os.geteuid(), 0):
        raise ConfigurationError(f"{what} belongs to another user")
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise ConfigurationError(f"{what} can be written by others; run: chmod go-w {shlex.quote(str(path))}")
