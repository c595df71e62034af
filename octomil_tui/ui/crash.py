"""What is left of a crash: one sentence for the person, a file for whoever mends it, no secret in either."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import platformdirs

from octomil_tui.api.redact import hide
from octomil_tui.domain.text import clean

CRASHED: Final = 70
"""Exit status of a crash, `EX_SOFTWARE`."""

Redact = Callable[[str], str]

_LINE_LIMIT = 2_000
_PATH_LIMIT = 1_000


def hide_keys(text: str) -> str:
    """Return `text` without the keys of this process, and without what looks like one."""
    return hide(text)


def crash_directory() -> Path:
    """Return where crash files are written."""
    return platformdirs.user_state_path("octomil-console") / "crashes"


def record(error: BaseException, redact: Redact = hide_keys, directory: Path | None = None) -> str:
    """Write the traceback of `error` to a file of its own and return the sentence to end with.

    The traceback has no local variables, since one of them may be the API key.
    Where it cannot be written the sentence says why; this never raises.
    """
    cause = _only_cause(error)
    what = clean(redact(f"{type(cause).__name__}: {_message(cause)}"))
    try:
        path = _write(_report(error, redact), directory or crash_directory())
    except OSError as refused:
        where = f"The traceback could not be written: {refused.strerror or type(refused).__name__}."
    else:
        where = f"Traceback: {path}"
    return clean(f"octomil-console crashed, {what.rstrip('. ')}. {where}", _PATH_LIMIT)


def _only_cause(error: BaseException) -> BaseException:
    """Return what went wrong, out of the groups that tasks wrap it in; the file has them all."""
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - an exception that cannot be shown must not hide the crash
        return "(no message)"


def _report(error: BaseException, redact: Redact) -> str:
    described = traceback.TracebackException.from_exception(error, capture_locals=False)
    text = redact("".join(described.format()))
    # People read this with `cat`: nothing that a terminal obeys may be in it.
    return "".join(f"{clean(line, _LINE_LIMIT)}\n" for line in text.splitlines())


def _write(report: str, directory: Path) -> Path:
    # Loaded with the journal long before; a crash at the start loads it now.
    from octomil_tui.engine.private import open_file, opened_directory  # noqa: PLC0415

    name = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{os.getpid()}.txt"
    with opened_directory(directory, make=True) as opened:
        descriptor = open_file(opened, name, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(report)
    return directory / name
