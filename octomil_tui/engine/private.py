"""Private directories and files: what the journal and the audit log rest on.

A directory must be this user's, no symbolic link, and closed to writers of
others; files are 0600 whatever the umask says, and are never reached through
a symbolic link. Everything below a directory is named relative to its open
descriptor, so that what was checked is what is used.

Functions raise `OSError`, whose `strerror` is a clause for people; `telling`
turns it into a `RecordError` with one sentence.
"""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import shlex
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from octomil_tui.domain.text import MESSAGE_LIMIT, clean

LEFTOVER: Final = ".tmp"
"""How the names of files end that were never finished."""

WRITABLE: Final = os.O_RDWR | os.O_APPEND | os.O_CREAT
"""Open to add to it, and to read its last byte; made where it is missing."""

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# O_NONBLOCK: opening a FIFO that nobody reads or writes must not hang.
_ALWAYS = os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
_PATH_LIMIT = 1_000
_WRITERS = stat.S_IWGRP | stat.S_IWOTH
_PRIVATE = stat.S_IRUSR | stat.S_IWUSR
_NO_LOCKS = frozenset({errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EBADF})
_NO_SUCH_SYNC = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP})
_PAUSE = 0.002
_REPLACEMENTS = 1_000
"""How often a file may be replaced while its lock is waited for; far more than ever happens."""


class RecordError(Exception):
    """A record could not be written.

    Attributes:
        sentence: What and why, one safe line: `the journal cannot be written: No space left on device`.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@contextmanager
def telling(what: str, verb: str = "written") -> Iterator[None]:
    """Turn an error of the file system into a `RecordError` that names `what`."""
    try:
        yield
    except OSError as error:
        cause = error.strerror or type(error).__name__
        limit = MESSAGE_LIMIT + _PATH_LIMIT
        raise RecordError(clean(f"{what} cannot be {verb}: {cause}", limit)) from None


@contextmanager
def opened_directory(path: Path, *, make: bool) -> Iterator[int]:
    """Open a directory that only this user can write to.

    Args:
        path: Where it is. Only its last component must not be a symbolic link.
        make: Make what is missing of it, each part 0700.

    Yields:
        Its descriptor, for the `directory` arguments of the other functions.

    Raises:
        OSError: It is missing and not to be made, no directory, a symbolic
            link, another user's, or writable by others; the clause of the last
            has the `chmod` to run.
    """
    _require_name(str(path))
    path = path.absolute()
    if make:
        _make(path)
    try:
        descriptor = os.open(path, _DIRECTORY)
    except OSError:
        if path.is_symlink():
            raise OSError(errno.ELOOP, f"{_shown(path)} is a symbolic link") from None
        raise
    try:
        _require_private(os.fstat(descriptor), path)
        yield descriptor
    finally:
        os.close(descriptor)


def _make(path: Path) -> None:
    if path.is_symlink() or path.is_dir():
        return
    if not path.parent.exists():
        _make(path.parent)
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        # Another process was faster, or it is no directory; opening it tells.
        return
    with opened_directory(path, make=False) as made:
        # The umask may have taken bits away.
        os.fchmod(made, 0o700)
    parent = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        sync_directory(parent)
    finally:
        os.close(parent)


def _require_private(status: os.stat_result, path: Path) -> None:
    if status.st_uid != os.geteuid():
        raise OSError(errno.EPERM, f"the directory {_shown(path)} belongs to another user")
    if status.st_mode & _WRITERS:
        command = f"chmod 700 {shlex.quote(_shown(path))}"
        raise OSError(
            errno.EPERM, f"the directory {_shown(path)} can be changed by other users; run: {command}"
        )


def _require_name(text: str) -> None:
    # Python raises a ValueError for it, of which nobody thinks.
    if "\0" in text:
        raise OSError(errno.EINVAL, "its place is not a path")


def _shown(path: Path) -> str:
    return clean(str(path), _PATH_LIMIT)


def names_in(directory: int) -> list[str]:
    """Return the names in an open directory."""
    return os.listdir(directory)


def open_file(directory: int, name: str, access: int) -> int:
    """Open one regular file of this user; one that others may use is closed to them first.

    Args:
        directory: The descriptor of its directory.
        name: Its name there.
        access: `os.O_RDONLY` or `WRITABLE`, or other flags for `os.open`.

    Raises:
        OSError: It is missing and not to be made, a symbolic link, not a
            regular file, or another user's.
    """
    _require_name(name)
    try:
        descriptor = os.open(name, access | _ALWAYS, _PRIVATE, dir_fd=directory)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise OSError(errno.ELOOP, f"{clean(name)} is a symbolic link") from None
        raise
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, f"{clean(name)} is not a regular file")  # noqa: TRY301 - closed below
        if status.st_uid != os.geteuid():
            raise OSError(errno.EPERM, f"{clean(name)} belongs to another user")  # noqa: TRY301 - closed below
        if access & os.O_RDWR and stat.S_IMODE(status.st_mode) != _PRIVATE:
            os.fchmod(descriptor, _PRIVATE)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def read_file(directory: int, name: str, limit: int) -> bytes:
    """Return what a file of this user holds.

    Raises:
        OSError: As for `open_file`, or it is larger than `limit` bytes.
    """
    descriptor = open_file(directory, name, os.O_RDONLY)
    with os.fdopen(descriptor, "rb") as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise OSError(errno.EFBIG, f"{clean(name)} is larger than {limit} bytes")
    return content


def write_file(directory: int, name: str, content: bytes, *, is_new: bool = False) -> None:
    """Replace a file whole: after a crash at any moment it holds the old content or the new one.

    Both the content and the name are on the disk when this returns.

    Args:
        directory: The descriptor of its directory.
        name: Its name there.
        content: What it is to hold.
        is_new: There is nothing to lose by that name. The disk then takes content and name together,
            which halves the time; after a crash before this returns, the file may be there and be cut short.
    """
    temporary = f".{name}.{secrets.token_hex(4)}{LEFTOVER}"
    descriptor = open_file(directory, temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL)
    try:
        try:
            write_all(descriptor, content)
            if is_new:
                os.replace(temporary, name, src_dir_fd=directory, dst_dir_fd=directory)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if not is_new:
            os.replace(temporary, name, src_dir_fd=directory, dst_dir_fd=directory)
    except BaseException:
        for left in (temporary, name) if is_new else (temporary,):
            with suppress(OSError):
                os.unlink(left, dir_fd=directory)
        raise
    sync_directory(directory)


def write_all(descriptor: int, content: bytes) -> None:
    """Write all of it; a disk takes it in one call, unless it is nearly full.

    Raises:
        OSError: Why the rest could not be written; a part of it may have been.
    """
    left = memoryview(content)
    while left:
        left = left[os.write(descriptor, left) :]


def sync_directory(directory: int) -> None:
    """Put the names in a directory on the disk, where the file system knows how."""
    try:
        os.fsync(directory)
    except OSError as error:
        if error.errno not in _NO_SUCH_SYNC:
            raise


def open_locked(directory: int, name: str, patience: float = 0.0, access: int = WRITABLE) -> int | None:
    """Open a file that nobody else holds, and hold it until it is closed or this process ends.

    The file that is returned has the name: one that was moved or removed
    while its lock was waited for is let go, and the new one is tried.

    Args:
        directory: The descriptor of its directory.
        name: Its name there.
        patience: Seconds to wait for another holder.
        access: As for `open_file`.

    Returns:
        Its descriptor, or None while another one holds it.

    Raises:
        OSError: As for `open_file`, or the file system has no locks.
    """
    deadline = time.monotonic() + patience
    for _ in range(_REPLACEMENTS):
        descriptor = open_file(directory, name, access)
        is_kept = False
        try:
            if not _take(descriptor, deadline):
                return None
            is_kept = _has_name(descriptor, directory, name)
        finally:
            if not is_kept:
                os.close(descriptor)
        if is_kept:
            return descriptor
    return None


def _take(descriptor: int, deadline: float) -> bool:
    # Not a lock that blocks: a process that was stopped while it held one would stop this one too.
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            if time.monotonic() >= deadline:
                return False
            time.sleep(_PAUSE)
        except OSError as error:
            if error.errno in _NO_LOCKS:
                raise OSError(error.errno, "its file system cannot lock files") from None
            raise
        else:
            return True


def _has_name(descriptor: int, directory: int, name: str) -> bool:
    try:
        named = os.stat(name, dir_fd=directory, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return os.path.samestat(named, os.fstat(descriptor))
