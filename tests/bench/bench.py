"""What every measurement has: the installed console, an environment of its own, and the peers."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TypeVar

from tests.bench.peers import Peers
from tests.bench.terminal import Terminal
from tests.cli.drill import Drill

ROOT = Path(__file__).parents[2]
APPS = Path(__file__).parent / "apps"

_NOT_OURS = ("OCTOMIL_", "TEXTUAL", "PYTHON", "XDG_", "COLUMNS", "LINES", "NO_COLOR", "COV_", "COVERAGE_")
"""Beginnings of variables that would change what is measured."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Bench:
    """What is measured, and where."""

    home: Path
    """An empty home, so that nothing of the person who runs it is read or written."""
    peers: Peers

    @property
    def python(self) -> Path:
        """The interpreter that the console is installed in."""
        return Path(sys.executable)

    @property
    def console(self) -> Path:
        """The installed command."""
        return self.python.with_name("octomil-console")

    def env(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return the environment of a program that is measured."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_OURS)}
        usual = {
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "LANG": "C.UTF-8",
            "HOME": str(self.home),
        }
        return {**kept, **usual, **(more or {})}

    def open(
        self,
        drill: Drill,
        *,
        has_screen: bool = False,
        kill_at: bytes | None = None,
        command: Sequence[str] = (),
    ) -> Terminal:
        """Start the console on a control plane."""
        env = self.env({**drill.env, "OCTOMIL_ORG_ID": "acme-edge"})
        return Terminal([self.console, *command], env, has_screen=has_screen, kill_at=kill_at)

    def open_minimal(self, *, kill_at: bytes | None = None) -> Terminal:
        """Start the least app that Textual can be."""
        return Terminal([self.python, APPS / "minimal.py"], self.env(), kill_at=kill_at)

    def run(self, command: Sequence[str | Path], more: Mapping[str, str] | None = None) -> float:
        """Run a program without a terminal to its end and return the seconds that it took.

        Raises:
            RuntimeError: It failed.
        """
        began = time.monotonic()
        done = subprocess.run(  # noqa: S603 - the program that is measured
            [str(part) for part in command],
            env=self.env(more),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
            timeout=60,
        )
        took = time.monotonic() - began
        if done.returncode:
            raise RuntimeError(
                f"{Path(command[0]).name} ended with {done.returncode}: {done.stderr[-300:]!r}"
            )
        return took


def in_turn(cases: Mapping[str, Callable[[], T]], rounds: int, *, warm_up: int = 1) -> dict[str, list[T]]:
    """Run all cases so many times in turn, so that whatever else the machine does hits all of them alike.

    Args:
        cases: What to run, by name.
        rounds: How many times each counts.
        warm_up: How many times before, that do not count.
    """
    taken: dict[str, list[T]] = {name: [] for name in cases}
    for number in range(warm_up + rounds):
        for name, run in cases.items():
            result = run()
            if number >= warm_up:
                taken[name].append(result)
    return taken


def ms(seconds: float) -> str:
    """Return seconds as milliseconds to read."""
    return f"{seconds * 1000:,.1f} ms" if seconds < 0.1 else f"{seconds * 1000:,.0f} ms"


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Return the median of ours over the median of theirs."""
    return median(ours) / median(theirs)
