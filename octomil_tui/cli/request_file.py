"""The request log as a file for scripts: one JSON object per line, for every request that was made."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from octomil_tui.api.errors import ConfigurationError
from octomil_tui.domain.text import clean
from octomil_tui.engine.request_log import Request
from octomil_tui.report.json_line import json_line

_ONLY_OURS = 0o600


class RequestFile:
    """Appends a line per request; what cannot be written is lost, said once, and stops nothing else.

    The file is opened for each line, so that it may be moved away at any time.

    Args:
        path: The file; made, and for its owner only, where there is none.
        note: Told once, in a sentence, when nothing can be written any more; None where nobody listens.

    Raises:
        ConfigurationError: Nothing can be written there.
    """

    def __init__(self, path: Path, note: Callable[[str], None] | None = None) -> None:
        self._path = path
        self._note = note
        self._is_broken = False
        if (reason := self._append(b"")) is not None:
            raise ConfigurationError(f"the request log {clean(path)} cannot be written: {reason}")

    def write(self, request: Request) -> None:
        """Append one request."""
        if self._is_broken:
            return
        line = (json_line(request_fields(request)) + "\n").encode()
        if (reason := self._append(line)) is not None:
            self._is_broken = True
            if self._note is not None:
                self._note(f"the request log is written no more: {reason}")

    def _append(self, line: bytes) -> str | None:
        """Write a line at the end of the file; return why that cannot be done."""
        try:
            # Without O_NONBLOCK a pipe that nobody reads would hold up everything.
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK | os.O_CLOEXEC
            file = os.open(self._path, flags, _ONLY_OURS)
            try:
                os.write(file, line)
            finally:
                os.close(file)
        except OSError as error:
            return error.strerror or type(error).__name__
        return None


def request_fields(request: Request) -> dict[str, object]:
    """Return a request as the object that stands for it in a file."""
    moment = datetime.fromtimestamp(request.at, UTC)
    return {
        "time": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "method": request.method,
        "path": request.path,
        "status": request.status,
        "error": request.word if request.status is None else None,
        "ms": round(request.took_ms, 1),
        "bytes": request.size,
        "page": request.page or None,
        "retry": request.is_retry,
        "asked_by": request.asked_by,
    }
