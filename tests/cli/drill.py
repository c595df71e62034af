"""A control plane in a child process, and the command line run against it as a person would."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import httpx

from octomil_tui.sim.options import SimOptions
from octomil_tui.sim.spawn import Running, spawn

ROOT = Path(__file__).parents[2]
START = datetime(2026, 6, 17, 3, 12, 41, tzinfo=UTC).timestamp()
DEADLINE = 20.0
"""Seconds after which something that should have happened has not."""


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    @property
    def objects(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.lines]

    @property
    def verdict(self) -> dict[str, Any]:
        return self.objects[-1]


class Drill:
    """One control plane; its clock stands unless a speed is given."""

    def __init__(self, scenario: str = "brief", *faults: str, speed: float | None = None) -> None:
        is_manual = speed is None
        options = SimOptions(
            scenario=scenario,
            speed=speed or 1.0,
            faults=faults,
            start=START if is_manual else None,
            manual_clock=is_manual,
        )
        self._options = options
        self._passed = 0.0
        self.running: Running = spawn(options)
        self._http = httpx.Client(
            base_url=self.running.base_url.removesuffix("/v1"),
            headers={"Authorization": f"Bearer {self.running.api_key}"},
            trust_env=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()
        self.running.stop()

    @property
    def env(self) -> dict[str, str]:
        return {"OCTOMIL_API_URL": self.running.base_url, "OCTOMIL_API_KEY": self.running.api_key}

    def at(self, seconds: float) -> None:
        """Move the clock to that many seconds after the start."""
        moment = datetime.fromtimestamp(START + seconds, UTC).isoformat().replace("+00:00", "Z")
        self.post("/_sim/clock", {"advance_to": moment})

    def pass_time(self, seconds: float) -> None:
        """Have so many more seconds of a standing clock pass."""
        self._passed += seconds
        self.at(self._passed)

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        answer = self._http.post(path, json=body)
        assert answer.is_success, answer.text
        return answer.json()

    def faults(self, *rules: Mapping[str, Any]) -> None:
        """Set these fault rules and no others, such as `{"fault": "latency", "seconds": 3}`."""
        answer = self._http.put("/_sim/faults", json=list(rules))
        assert answer.is_success, answer.text

    def clear_faults(self) -> None:
        self._http.delete("/_sim/faults").raise_for_status()

    @property
    def fired(self) -> dict[str, int]:
        """How many requests met each of the rules that are set, by the fault's name."""
        listed = self._http.get("/_sim/faults").json()["faults"]
        return {one["fault"]: one["fired"] for one in listed}

    def operator(self, **body: Any) -> Any:
        """Roll back (`to_version`) or out (`version`) as somebody else, and return the rollout."""
        return self.post("/_sim/operator", body)

    def device(self, name: str, state: str, **more: Any) -> Any:
        """Make a device offline, online or revoked, or have it bounce."""
        return self.post(f"/_sim/devices/{name}", {"state": state, **more})

    def forget(self) -> None:
        """Have the service forget all of its rollouts."""
        self.post("/_sim/forget", {})

    def rotate_key(self) -> str:
        """Return a new key; the service takes no other from now on, the drill goes on with its own."""
        key: str = self.post("/_sim/key", {})["api_key"]
        return key

    def hang_up(self) -> int:
        """Close the connections that the console keeps open, and return how many there were."""
        closed: int = self.post("/_sim/hang-up", {})["closed"]
        return closed

    def stop(self) -> None:
        """End the server; what the console gets is a refused connection."""
        self.running.stop()

    def start_again(self) -> None:
        """Have an ended server come back without its state, with the same port and key."""
        self.running = spawn(replace(self._options, port=self.running.port), api_key=self.running.api_key)

    @property
    def log(self) -> list[dict[str, Any]]:
        """Every request to the service so far: method, path, `after` in real seconds, the faults it met."""
        seen: list[dict[str, Any]] = self._http.get("/_sim/requests").json()
        return seen

    @property
    def writes(self) -> list[str]:
        """Paths of all requests so far that were no reads."""
        seen = self._http.get("/_sim/requests").json()
        return [entry["path"] for entry in seen if entry["method"] not in ("GET", "HEAD")]

    @property
    def requests(self) -> int:
        return len(self._http.get("/_sim/requests").json())


def environment(more: Mapping[str, str]) -> dict[str, str]:
    """Return this process's environment without any setting of the console, and with `more`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OCTOMIL_")}
    return {**kept, **more}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "octomil_tui", *arguments]


def run_process(env: Mapping[str, str], *arguments: str) -> Result:
    """Run the installed command line in a process of its own."""
    done = subprocess.run(  # noqa: S603 - this program, and arguments of the tests
        command(*arguments),
        check=False,
        cwd=ROOT,
        env=environment(env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return Result(done.returncode, done.stdout, done.stderr)


class Asked:
    """The command line on a terminal: standard input and error are one, standard output is a pipe."""

    def __init__(self, env: Mapping[str, str], arguments: Sequence[str]) -> None:
        self._master, slave = pty.openpty()
        self.process = subprocess.Popen(  # noqa: S603 - this program, and arguments of the tests
            command(*arguments),
            cwd=ROOT,
            env=environment(env),
            stdin=slave,
            stderr=slave,
            stdout=subprocess.PIPE,
            text=True,
        )
        os.close(slave)
        self.seen = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()
        os.close(self._master)

    def type(self, text: str) -> None:
        os.write(self._master, text.encode())

    def until(self, text: str) -> None:
        """Wait until the terminal has shown `text`."""
        self._read(lambda: text in self.seen)

    def end(self) -> Result:
        """Wait until the command has ended."""
        self._read(lambda: False)
        out, _ = self.process.communicate(timeout=DEADLINE)
        return Result(self.process.returncode, out, self.seen)

    def _read(self, is_enough: Callable[[], bool]) -> None:
        deadline = time.monotonic() + DEADLINE
        while not is_enough():
            ready, _, _ = select.select([self._master], [], [], max(0.0, deadline - time.monotonic()))
            assert ready, f"nothing more came after: {self.seen!r}"
            try:
                chunk = os.read(self._master, 65_536)
            except OSError:  # the other end is closed
                return
            if not chunk:
                return
            self.seen += chunk.decode()
