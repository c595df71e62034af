"""The audit log: one JSON line for each thing that this console did.

It is a convenience on this machine, not proof: whoever may write to the file
may change it. It never holds a key, and never a body of a request.
"""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import pairwise
from pathlib import Path
from typing import Final

from octomil_tui.engine.audit_record import AuditRecord, decode_record, encode_record
from octomil_tui.engine.fields import UnreadableError
from octomil_tui.engine.private import (
    RecordError,
    open_file,
    open_locked,
    opened_directory,
    sync_directory,
    telling,
    write_all,
)
from octomil_tui.engine.whoami import Whoami, whoami

__all__ = ["AuditLog", "AuditRecord", "RecordError", "Whoami", "read", "whoami"]

ROTATE_AT: Final = 5_000_000
"""Bytes of a log; with the next record it would be larger, and is put aside as `audit.jsonl.1`."""

KEPT: Final = 5
"""Logs that are kept beside the one that is written."""

PATIENCE: Final = 2.0
"""Seconds to wait for another process that writes to the log."""

READ_LIMIT: Final = 2 * ROTATE_AT
"""Bytes that are read back of one log, its newest ones."""

_WHAT = "the audit log"
_ROTATIONS = 100
_PROBE = b" " * 4_096
"""What is written and taken back to see whether a record would fit; a reader takes it for an empty line."""


class AuditLog:
    """One file to which records are added; safe from any thread, and beside other processes.

    Args:
        path: The file; made, with its directory, when the first record is written.
        clock: This machine's clock, epoch seconds.
        patience: Seconds to wait for another process that writes.
        rotate_at: Bytes of a log that is put aside.
    """

    def __init__(
        self,
        path: Path,
        *,
        clock: Callable[[], float] = time.time,
        patience: float = PATIENCE,
        rotate_at: int = ROTATE_AT,
    ) -> None:
        self.path = path
        self._clock = clock
        self._patience = patience
        self._rotate_at = rotate_at

    def append(self, record: AuditRecord) -> None:
        """Add a record; it is on the disk when this returns, or the log is as it was.

        Raises:
            RecordError: It cannot be written.
        """
        line = self._line(record)
        with self._locked(len(line)) as (file, size):
            # A writer that was killed, or a disk that was full, may have left half a line.
            has_tail = size > 0 and os.pread(file, 1, size - 1) != b"\n"
            _add(file, size, b"\n" + line if has_tail else line)

    def trouble(self) -> str:
        """Return why no record can be written now, one sentence; empty if a probe reached the disk."""
        try:
            with self._locked(len(_PROBE)) as (file, size):
                _add(file, size, _PROBE)
                os.ftruncate(file, size)
        except RecordError as error:
            return error.sentence
        return ""

    def _line(self, record: AuditRecord) -> bytes:
        try:
            return encode_record(record, self._clock())
        except (ValueError, OverflowError, OSError):
            raise RecordError(f"{_WHAT} cannot be written: the moment of the record is none") from None

    @contextmanager
    def _locked(self, more: int) -> Iterator[tuple[int, int]]:
        """Hold the log, with room for `more` bytes; yields it and its size."""
        with telling(_WHAT), ExitStack() as opened:
            directory = opened.enter_context(opened_directory(self.path.parent, make=True))
            for _ in range(_ROTATIONS):
                file = open_locked(directory, self.path.name, self._patience)
                if file is None:
                    raise OSError(errno.EAGAIN, "another process holds it")
                held = opened.enter_context(ExitStack())
                held.callback(os.close, file)
                size = os.fstat(file).st_size
                if size == 0:
                    # A log that was just made; after a rotation this puts the new names on the disk, too.
                    sync_directory(directory)
                is_full = size > 0 and size + more > self._rotate_at
                if not is_full or not _rotate(directory, self.path.name):
                    yield file, size
                    return
                held.close()
            raise OSError(errno.EAGAIN, "it is full again and again")


def _add(file: int, size: int, content: bytes) -> None:
    """Add to a log of `size` bytes that is held; on any failure it is cut to what it was."""
    try:
        write_all(file, content)
        os.fsync(file)
    except BaseException:
        with suppress(OSError):
            os.ftruncate(file, size)
        raise


def _rotate(directory: int, name: str) -> bool:
    """Put the log aside that is held; False where that fails, since a record counts more than a size."""
    names = [name, *(f"{name}.{number}" for number in range(1, KEPT + 1))]
    try:
        for source, target in reversed(list(pairwise(names))):
            with suppress(FileNotFoundError):
                os.replace(source, target, src_dir_fd=directory, dst_dir_fd=directory)
    except OSError:
        return False
    return True


def read(path: Path) -> tuple[tuple[AuditRecord, ...], int]:
    """Return the records of a log, the oldest first, and how many lines are none.

    A log that is not there has no records. Of one that is larger than
    `READ_LIMIT` the newest bytes are read.

    Raises:
        RecordError: It is there and cannot be read, or is not this user's.
    """
    with telling(_WHAT, "read"):
        try:
            content = _newest(path)
        except FileNotFoundError:
            return (), 0
    records: list[AuditRecord] = []
    skipped = 0
    # Not splitlines(): that would split at characters that a text may hold.
    for line in content.split(b"\n"):
        if not line.strip():
            continue
        try:
            records.append(decode_record(line))
        except UnreadableError:
            skipped += 1
    return tuple(records), skipped


def _newest(path: Path) -> bytes:
    with (
        opened_directory(path.parent, make=False) as directory,
        os.fdopen(open_file(directory, path.name, os.O_RDONLY), "rb") as file,
    ):
        start = max(0, os.fstat(file.fileno()).st_size - READ_LIMIT)
        file.seek(start)
        content = file.read(READ_LIMIT)
    return content.partition(b"\n")[2] if start else content
