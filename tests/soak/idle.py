"""What the console costs while nobody touches it: seconds of processor in a real terminal."""

from __future__ import annotations

import time

from tests.cli.drill import Drill
from tests.e2e.hands import confirm, console, press_until
from tests.terminal.pty import Terminal

ALLOWED = 0.05
"""The share of one core that it may take."""
SETTLING = 5.0
"""Seconds after the first picture that do not count."""


def run(*, seconds: float) -> bool:
    """Measure the fleet, and a rollback that is watched and read every two seconds; say whether both are cheap."""
    is_good = True
    for name, is_watched in (("fleet", False), ("watch, read every 2 s", True)):
        with Drill("brief", speed=1.0) as drill, console(drill) as terminal:
            terminal.wait_for("50/124", deadline=60)
            if is_watched:
                terminal.press("R")
                terminal.wait_for("50 CHANGE", deadline=60)
                press_until(terminal, "enter", "name not typed")
                confirm(terminal, "phi-4-mini")
            _read(terminal, SETTLING)
            asked, began, used = drill.requests, time.monotonic(), terminal.cpu()
            _read(terminal, seconds)
            took, used = time.monotonic() - began, terminal.cpu() - used
            share = used / took
            print(  # noqa: T201 - a script's words
                f"== idle, {name}: {used:.2f} s of processor in {took:.0f} s, {share:.1%} of a core "
                f"(allowed {ALLOWED:.0%}), {drill.requests - asked} requests, {terminal.threads()} threads"
            )
            is_good = is_good and share < ALLOWED
    print("ok" if is_good else "TOO MUCH")  # noqa: T201
    return is_good


def _read(terminal: Terminal, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        terminal.drain(0.5)
