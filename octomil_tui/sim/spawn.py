"""A server in a child process that ends when this one does."""

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from types import TracebackType
from typing import IO, Self

from octomil_tui.sim.key import KEY_VARIABLE
from octomil_tui.sim.options import SimOptions, to_arguments

__all__ = ["Running", "SpawnError", "spawn"]

READY_WITHIN = 20.0
STOP_WITHIN = 5.0
TAIL = 2000
REAL_KEY = "OCTOMIL_API_KEY"
"""The variable of the console that no server has any use for."""


class SpawnError(RuntimeError):
    """The child did not become ready; the message has its last words."""


class Running:
    """A server in a child process; use it as a context manager, or call `stop`.

    Args:
        process: The child, whose standard input is a pipe that this one holds.
        log: Where its standard error goes.
        ready: The line it printed when ready.
    """

    def __init__(self, process: subprocess.Popen[str], log: IO[bytes], ready: dict[str, str]) -> None:
        self._process = process
        self._log = log
        self.base_url = ready["base_url"]
        self.api_key = ready["api_key"]
        self.org_id = ready["org_id"]

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self.base_url.rpartition(":")[2].partition("/")[0])

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._process.pid

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> int:
        """End the child and return its exit status; ending it twice is harmless."""
        return _end(self._process, self._log)


def spawn(options: SimOptions, *, api_key: str | None = None) -> Running:
    """Start a server in a child process and return when it answers.

    Args:
        options: How to run it; without a key file, since the key is to be known here.
        api_key: The key that it is to have, such as that of a server before it; a new one without.

    Raises:
        SpawnError: It ended, or was not ready within 20 s.
    """
    log = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the child
    process = subprocess.Popen(  # noqa: S603 - this interpreter, and options that were parsed
        [sys.executable, "-m", "octomil_tui.sim", *to_arguments(options)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
        env=_environment(api_key),
        # Ctrl-C is for this process; the child ends when this one lets go of its standard input.
        start_new_session=True,
    )
    line = _first_line(process)
    try:
        return Running(process, log, json.loads(line))
    except (ValueError, KeyError) as error:
        log.seek(0)
        words = log.read()[-TAIL:].decode(errors="replace").strip()
        _end(process, log)
        raise SpawnError(words or "the control plane did not become ready") from error


def _environment(api_key: str | None) -> dict[str, str]:
    """Return the child's environment: it gets its own key, never one of a real service."""
    kept = {name: value for name, value in os.environ.items() if name not in {KEY_VARIABLE, REAL_KEY}}
    return kept if api_key is None else {**kept, KEY_VARIABLE: api_key}


def _first_line(process: subprocess.Popen[str]) -> str:
    """Return the child's first line, or an empty text where none comes in time."""
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    stdout = process.stdout
    if stdout is None:
        return ""
    # A thread, since a pipe cannot be waited for with a deadline on every platform.
    threading.Thread(target=lambda: lines.put(stdout.readline()), daemon=True).start()
    try:
        return lines.get(timeout=READY_WITHIN)
    except queue.Empty:
        return ""


def _end(process: subprocess.Popen[str], log: IO[bytes]) -> int:
    if process.stdin is not None:
        process.stdin.close()
    try:
        status = process.wait(STOP_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        status = process.wait()
    if process.stdout is not None:
        process.stdout.close()
    log.close()
    return status
