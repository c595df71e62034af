"""A control plane with a fleet of the benchmark's own, in a child process."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile

import httpx

from octomil_tui.sim.spawn import Running
from tests.bench.bench import ROOT
from tests.cli.drill import Drill


class Fleet(Drill):
    """A fleet with so many of something, in real time; see `apps.service`.

    Args:
        what: `models`, `devices`, or `still` for one in which nothing happens.
        number: How many of them there are.
    """

    def __init__(self, what: str, number: int) -> None:
        log = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the child
        process = subprocess.Popen(  # noqa: S603 - our own server
            [sys.executable, "-m", "tests.bench.apps.service", what, str(number)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
        )
        line = process.stdout.readline() if process.stdout is not None else ""
        self.running = Running(process, log, json.loads(line))
        self._http = httpx.Client(
            base_url=self.running.base_url.removesuffix("/v1"),
            headers={"Authorization": f"Bearer {self.running.api_key}"},
            trust_env=False,
        )
