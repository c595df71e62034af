"""Who may act on an intent: one process at a time.

Beside the entry `20260617T031331Z-9c1e.json`, a claim locks the file
`20260617T031331Z-9c1e.lock`. The entry itself is replaced at every change, and
a lock on it would stay with the file that was replaced.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType

from octomil_tui.engine.private import names_in, open_locked

_LOCK = re.compile(r"(?P<stem>\d{8}T\d{6}Z-[0-9a-z]{4,64})\.lock")
_READ_ONLY = (errno.EROFS, errno.EACCES)


class Claim:
    """The right to act on one intent; no other process has it before `close`, or the end of this one."""

    def __init__(self, descriptor: int, on_close: Callable[[], object]) -> None:
        self._descriptor: int | None = descriptor
        self._on_close = on_close

    def close(self) -> None:
        """Let it go; a second call does nothing."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            self._on_close()
            os.close(descriptor)

    def __enter__(self) -> Claim:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()


def take_claim(directory: int, name: str, on_close: Callable[[], object]) -> Claim | None:
    """Return the claim of an entry, or None while another holder has it.

    Args:
        directory: The descriptor of the journal's directory.
        name: The entry's file name.
        on_close: Called when the claim is let go.

    Raises:
        OSError: It cannot be locked.
    """
    lock = _lock_name(name)
    try:
        descriptor = open_locked(directory, lock)
    except OSError as error:
        if error.errno not in _READ_ONLY:
            raise
        # On a disk that can only be read, an entry that is there can still be resumed.
        descriptor = open_locked(directory, lock, access=os.O_RDONLY)
    return None if descriptor is None else Claim(descriptor, on_close)


def orphans(directory: int) -> list[str]:
    """Return the names that entries would have of which only the lock is there."""
    names = set(names_in(directory))
    stems = (found["stem"] for name in names if (found := _LOCK.fullmatch(name)))
    return [name for stem in stems if (name := f"{stem}.json") not in names]


def delete_unclaimed(directory: int, name: str) -> None:
    """Delete an entry, if there is one, and its lock, unless a process holds it."""
    lock = _lock_name(name)
    held = open_locked(directory, lock)
    if held is None:
        return
    try:
        for file in (name, lock):
            with suppress(FileNotFoundError):
                os.unlink(file, dir_fd=directory)
    finally:
        os.close(held)


def _lock_name(name: str) -> str:
    return f"{name.removesuffix('.json')}.lock"
