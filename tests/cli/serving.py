"""`serve` in a process of its own, asked over real sockets, and the processes that it starts."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import urlsplit

from tests.cli.drill import ROOT, command, environment

DEADLINE = 40.0
"""Seconds after which something that should have happened has not; the machine may be busy."""


class Serving:
    """A server that runs until the block ends.

    Args:
        env: The settings, as variables.
        errors: Where its error stream goes.
    """

    def __init__(
        self, env: Mapping[str, str], errors: IO[bytes], *arguments: str, name: str = "serve"
    ) -> None:
        self.process = subprocess.Popen(  # noqa: S603 - this program, and arguments of the tests
            command(name, "--port", "0", "--json", *arguments),
            cwd=ROOT,
            env=environment(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "it ended before it served"
        self.line = json.loads(line)
        self.url: str = self.line["url"]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(DEADLINE)
        assert self.process.stdout is not None
        self.process.stdout.close()

    @property
    def host(self) -> str:
        """As browsers write it down: with the port."""
        return urlsplit(self.url).netloc

    @property
    def socket_url(self) -> str:
        return f"ws://{self.host}/ws?width=80&height=24"

    @property
    def children(self) -> list[int]:
        """Process ids of the dashboards that it runs."""
        pids = (int(one.name) for one in Path("/proc").iterdir() if one.name.isdigit())
        return [pid for pid in pids if self._is_child(pid)]

    def _is_child(self, pid: int) -> bool:
        try:
            state, parent = _stat(pid)
        except OSError:
            return False
        return int(parent) == self.process.pid and state != "Z"

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send it a signal and return its exit status."""
        self.process.send_signal(number)
        return self.process.wait(DEADLINE)


def is_gone(pid: int) -> bool:
    """Say whether a process has ended; one that nobody took note of yet counts as ended."""
    try:
        return _stat(pid)[0] == "Z"
    except OSError:
        return True


def wait(state: Callable[[], bool], what: str) -> None:
    """Wait until `state` holds, for a process that tells nobody."""
    until = time.monotonic() + DEADLINE
    while not state():
        assert time.monotonic() < until, f"no {what} within {DEADLINE} s"
        os.sched_yield()


def _stat(pid: int) -> tuple[str, str]:
    state, parent, *_ = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return state, parent


def shown(pid: int) -> bytes:
    """Return what everybody who may look at a process sees of it: its command line and its environment."""
    return b"".join(Path(f"/proc/{pid}/{place}").read_bytes() for place in ("cmdline", "environ"))
