"""Goal 11: what the console holds, with a thousand devices and with a million."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack

from tests.bench.bench import Bench
from tests.bench.fleet import Fleet
from tests.bench.goals import MIB, Figure

SETTLING = 40.0
"""Seconds after which the screen has what it reads."""
SIZES = (1_000, 10_000, 1_000_000)


def measure(bench: Bench) -> Iterator[Figure]:
    """Open the console on fleets of three sizes, beside the least app, and look at them when they have settled."""
    with ExitStack() as stack:
        minimal = stack.enter_context(bench.open_minimal())
        consoles = {}
        for size in SIZES:
            drill = stack.enter_context(Fleet("devices", size))
            consoles[size] = stack.enter_context(bench.open(drill, has_screen=True))
        time.sleep(SETTLING)
        least = minimal.memory()
        held = {size: console.memory() for size, console in consoles.items()}
    few, some, many = (held[size] for size in SIZES)
    yield Figure(
        "memory",
        few.rss / least.rss,
        f"{few.rss / MIB:.1f} MiB / {least.rss / MIB:.1f} MiB resident; {few.pss / least.pss:.2f} of what is its own",
    )
    yield Figure(
        "memory growth", many.rss - some.rss, f"{many.rss / MIB:.1f} MiB - {some.rss / MIB:.1f} MiB resident"
    )
