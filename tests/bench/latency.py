"""Goal 12: from the key that confirms a rollback to its POST at the server, beside the vendor's command line."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from statistics import median

import httpx

from tests.bench.bench import APPS, Bench, ms
from tests.bench.goals import Figure
from tests.bench.peers import VENDOR_LATENCY
from tests.bench.terminal import NothingCameError, Terminal
from tests.cli.drill import Drill

ROUNDS = 5
VENDOR_ROUNDS = 7

MODEL = "phi-4-mini"
TARGET = "1.0.0"
LEFT_ALONE = 0.5
"""Seconds after the key in which the server is asked nothing by the benchmark: it would wait for that answer itself."""
QUIET = 0.7
"""Seconds without a key before the one that confirms: dialogs do not believe an Enter that comes sooner."""
PATIENCE = 20.0


def measure(bench: Bench) -> Iterator[Figure]:
    """Roll back, by hand and by the vendor's command."""
    ours = [_console(bench) for _ in range(ROUNDS)]
    theirs, told = _vendor(bench)
    made_of = f"{ms(median(ours))} (slowest {ms(max(ours))}) / {ms(theirs)} {told}, {ROUNDS} rounds"
    yield Figure("latency", median(ours) / theirs, made_of)


def _console(bench: Bench) -> float:
    with Drill("night", speed=1.0) as drill:
        with bench.open(drill, has_screen=True) as terminal:
            terminal.wait_for("50/124")
            pressed = roll_back(terminal, MODEL)
            time.sleep(LEFT_ALONE)
            post = _post_of(drill, "/models/mdl_phi4mini/rollback", since=0)
        return post + _began(drill) - pressed


def roll_back(terminal: Terminal, model: str) -> float:
    """Preview, fill in and confirm a rollback; return when the key that confirms it went, by the monotonic clock."""
    terminal.press("R")
    terminal.wait_for("CHANGE")
    press_until(terminal, "enter", "Why?")
    time.sleep(QUIET)
    terminal.type("errors")
    for _ in range(2):
        terminal.press("tab")
        terminal.wait_quiet(0.15)
    terminal.type(model)
    terminal.wait_for("ROLL BACK")
    time.sleep(QUIET)
    return terminal.press("enter")


def press_until(terminal: Terminal, key: str, text: str) -> None:
    """Press a key until the screen says so: one that comes too early after a dialog opened does not count."""
    until = time.monotonic() + PATIENCE
    while text not in terminal.text:
        terminal.press(key)
        try:
            terminal.wait_for(text, deadline=2.0)
        except NothingCameError:
            if time.monotonic() > until:
                raise


def _post_of(drill: Drill, path: str, since: int) -> float:
    """Return when the first POST to `path` after so many requests arrived, on the server's own count of seconds."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        for entry in drill.log[since:]:
            if entry["method"] == "POST" and entry["path"].endswith(path):
                arrived: float = entry["after"]
                return arrived
        time.sleep(0.05)
    raise NothingCameError(f"no POST to {path}")


def _began(drill: Drill) -> float:
    """Return when the server's count of seconds began, by the monotonic clock; good to a millisecond."""
    least, began = 1.0, 0.0
    headers = {"Authorization": f"Bearer {drill.running.api_key}"}
    with httpx.Client(base_url=drill.running.base_url, headers=headers, trust_env=False) as client:
        for _ in range(10):
            before = time.monotonic()
            client.get("/models/mdl_phi4mini").raise_for_status()
            after = time.monotonic()
            if after - before < least:
                # It arrived somewhere in between; the shorter that was, the better it is known.
                least, began = after - before, (before + after) / 2 - drill.log[-1]["after"]
    return began


def _vendor(bench: Bench) -> tuple[float, str]:
    if bench.peers.vendor is None:
        return VENDOR_LATENCY, "of the vendor's CLI as measured elsewhere"
    taken = []
    with Drill("night", speed=1.0) as drill:
        offset = _began(drill)
        env = bench.env(
            {
                "OCTOMIL_API_BASE": drill.running.base_url,
                "OCTOMIL_API_KEY": drill.running.api_key,
                "OCTOMIL_ORG_ID": drill.running.org_id,
            }
        )
        for number in range(1 + VENDOR_ROUNDS):
            seen, began = drill.requests, time.monotonic()
            done = subprocess.run(  # noqa: S603 - the vendor's command line
                [bench.peers.vendor, APPS / "vendor.py", "rollback", MODEL, "--to-version", TARGET],
                env=env,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
                timeout=60,
            )
            if done.returncode:
                raise NothingCameError(
                    f"the vendor's CLI ended with {done.returncode}: {done.stderr[-300:]!r}"
                )
            if number:
                taken.append(_post_of(drill, "/rollouts", since=seen) + offset - began)
    return median(taken), f"of the vendor's CLI, {VENDOR_ROUNDS} rounds"
