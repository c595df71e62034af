"""A file that only this user can read, made anew and taken away again."""

import os
import stat
from pathlib import Path
from types import TracebackType
from typing import Self

__all__ = ["PrivateFile", "PrivateFileError", "private_directory", "read_private"]

LIMIT = 4096
"""Bytes that such a file may have."""
OTHERS = 0o077


class PrivateFileError(OSError):
    """A file or directory cannot be used; the message is one sentence."""


class PrivateFile:
    """A new file with mode 0600; use it as a context manager, which takes it away.

    Args:
        path: Where; nothing may be there, not even a link.
        text: What is in it.

    Raises:
        PrivateFileError: It cannot be made.
    """

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            descriptor = os.open(path, flags, 0o600)
        except FileExistsError:
            raise PrivateFileError(f"{path} is there already; name a file that is not") from None
        except (OSError, ValueError) as error:
            raise PrivateFileError(f"cannot make {path}: {_cause(error)}") from None
        # The umask may have taken rights from the owner too.
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(text)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.path.unlink(missing_ok=True)


def private_directory(path: Path) -> Path:
    """Return a directory that only this user can enter, made if it is not there.

    Raises:
        PrivateFileError: It cannot be made, or is somebody else's.
    """
    try:
        # `parents=True` would make those with the rights of the umask.
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.mkdir(mode=0o700, exist_ok=True)
        status = path.lstat()
    except OSError as error:
        raise PrivateFileError(f"cannot make {path}: {_cause(error)}") from None
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():
        raise PrivateFileError(f"{path} is not a directory of this user")
    if status.st_mode & OTHERS:
        raise PrivateFileError(f"{path} can be entered by others; run: chmod 700 {path}")
    return path


def read_private(path: Path) -> str:
    """Return the text of a file that only this user can read.

    Raises:
        PrivateFileError: It is missing, no regular file, somebody else's,
            readable by others, too long, or no text.
    """
    # O_NONBLOCK: opening a FIFO that nobody writes to must not hang.
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
    try:
        descriptor = os.open(path, flags)
    except (OSError, ValueError) as error:
        raise PrivateFileError(f"cannot read {path}: {_cause(error)}") from None
    try:
        status = os.fstat(descriptor)
        is_ours = stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid()
        if not is_ours or status.st_mode & OTHERS:
            raise PrivateFileError(f"{path} is not a file that only this user can read")
        content = os.read(descriptor, LIMIT + 1)
    finally:
        os.close(descriptor)
    try:
        if len(content) <= LIMIT:
            return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    raise PrivateFileError(f"{path} is not such a file")


def _cause(error: OSError | ValueError) -> str:
    return os.strerror(error.errno) if isinstance(error, OSError) and error.errno else "not a path"
