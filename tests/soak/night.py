"""A rollback through a night of faults: the installed console in a terminal, a control plane that misbehaves at random."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any

from tests.cli.drill import Drill
from tests.e2e.hands import confirm, console, press_until
from tests.terminal.pty import Terminal

SPEED = 1.0
"""Scenario seconds per second: the rollback is under way for all of the ten minutes."""
MODEL, TARGET = "phi-4-mini", "v1.0.0"
CHANGE = (4.0, 20.0)
"""Seconds between two changes of the faults, at least and at most."""
PATIENCE = 600.0
"""Seconds after the faults in which the rollback comes to its end."""

FAULTS: tuple[Mapping[str, Any], ...] = (
    {"fault": "latency", "seconds": 1.5},
    {"fault": "silent"},
    {"fault": "reset"},
    {"fault": "drop_after"},
    {"fault": "drop_before"},
    {"fault": "truncate"},
    {"fault": "drip"},
    {"fault": "status", "code": 500},
    {"fault": "status", "code": 502, "html": True},
    {"fault": "status", "code": 503, "retry_after": "7"},
    {"fault": "status", "code": 429, "retry_after": "5"},
    {"fault": "html"},
    {"fault": "garbage"},
    {"fault": "empty"},
    {"fault": "too_large", "megabytes": 32},
    {"fault": "redirect", "location": "http://127.0.0.1:9/v1/models"},
    {"fault": "forbid"},
    {"fault": "reject_key"},
    {"fault": "skew", "seconds": 3600.0},
)
"""What may happen to a read; a write is met by none of them, since there must be only one."""


def chosen(chance: random.Random) -> list[Mapping[str, Any]]:
    """Return one to three faults, each for some of the reads; now and then none."""
    if chance.random() < 0.15:
        return []
    return [
        {**fault, "method": "GET", "chance": round(chance.uniform(0.2, 1.0), 2)}
        for fault in chance.sample(FAULTS, chance.randint(1, 3))
    ]


def run(*, minutes: float, seed: int) -> bool:
    """Send a rollback, break the service for so many minutes, mend it, and say whether all came right."""
    chance = random.Random(seed)
    met: Counter[str] = Counter()
    with Drill("brief", speed=SPEED) as drill, console(drill, size=(120, 40)) as terminal:
        terminal.wait_for("50/124", deadline=60)
        terminal.press("R")
        terminal.wait_for("50 CHANGE", deadline=60)
        press_until(terminal, "enter", "name not typed")
        confirm(terminal, MODEL)
        until = time.monotonic() + minutes * 60
        changes = 0
        while time.monotonic() < until:
            drill.faults(*chosen(chance))
            changes += 1
            _watch(terminal, min(chance.uniform(*CHANGE), until - time.monotonic()))
            met.update(drill.fired)
        drill.clear_faults()
        print(f"faults are over; the screen:\n{terminal.text}")  # noqa: T201 - a script's words
        terminal.wait_for(f"IS BACK ON {TARGET}", deadline=PATIENCE)
        terminal.wait_for("LIVE", deadline=60)
        writes, threads, seconds = drill.writes, terminal.threads(), terminal.cpu()
        asked = drill.requests
        print(f"the end:\n{terminal.text}")  # noqa: T201
        terminal.press("ctrl+c", "ctrl+c")
        status = terminal.wait_exit(deadline=30)
    print(  # noqa: T201
        f"== night: seed {seed}, {minutes:g} minutes, {changes} changes of faults, {sum(met.values())} of {asked} requests "
        f"met one ({', '.join(f'{name} {count}' for name, count in met.most_common())}); "
        f"writes {writes}; {threads} threads; {seconds:.1f} s of processor; exit {status}"
    )
    is_good = writes == ["/v1/models/mdl_phi4mini/rollback"] and status == 130
    print("ok" if is_good else "WRONG")  # noqa: T201
    return is_good


def _watch(terminal: Terminal, seconds: float) -> None:
    """Read what the console draws for a while; it has to be alive all the time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        terminal.drain(0.2)
        assert terminal.process.poll() is None, f"the console ended:\n{terminal.text}"
