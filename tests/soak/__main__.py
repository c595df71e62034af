"""`make soak`, or `python -m tests.soak [what …] [--refreshes N] [--minutes N] [--seconds N] [--seed N]`."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from tests.soak import budget, idle, night, wall
from tests.soak.refreshes import RUNS, refresh

NIGHT, BUDGET, IDLE, WALL = "night", "budget", "idle", "wall"
EVERYTHING = (*RUNS, NIGHT, WALL, BUDGET, IDLE)


def main(arguments: list[str]) -> int:
    """Run what was asked for and return 1 where something leaks, loses its way, or costs too much."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument(
        "what", nargs="*", metavar="WHAT", help=f"of {', '.join(EVERYTHING)}; all of them by default"
    )
    parser.add_argument(
        "--refreshes", type=int, default=20_000, help="of each headless run (default: %(default)s)"
    )
    parser.add_argument(
        "--minutes",
        type=float,
        default=10.0,
        help="of the night of faults, of the wall, and of the look at the budget (default: %(default)s)",
    )
    parser.add_argument("--seconds", type=float, default=60.0, help="of each idle run (default: %(default)s)")
    parser.add_argument(
        "--seed", type=int, default=1, help="which of the possible runs (default: %(default)s)"
    )
    chosen = parser.parse_args(arguments)
    unknown = set(chosen.what) - set(EVERYTHING)
    if unknown:
        parser.error(f"no such run: {', '.join(sorted(unknown))}")
    results = {what: _run(what, chosen) for what in chosen.what or EVERYTHING}
    print("SOAK: " + ", ".join(f"{what} {'ok' if good else 'FAILED'}" for what, good in results.items()))  # noqa: T201
    return 0 if all(results.values()) else 1


def _run(what: str, chosen: argparse.Namespace) -> bool:
    if what == NIGHT:
        return night.run(minutes=chosen.minutes, seed=chosen.seed)
    if what == WALL:
        return wall.run(minutes=chosen.minutes, seed=chosen.seed)
    if what == BUDGET:
        return budget.run(minutes=chosen.minutes)
    if what == IDLE:
        return idle.run(seconds=chosen.seconds)
    enter, interval = RUNS[what]
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as directory:
        verdict = asyncio.run(
            refresh(
                enter,
                Path(directory),
                count=chosen.refreshes,
                seed=chosen.seed,
                interval=interval,
                name=f"{what}, {chosen.refreshes:,} refreshes, seed {chosen.seed}",
            )
        )
    print("\n".join(verdict.lines()), f"({time.monotonic() - began:.0f} s)")  # noqa: T201 - a script's words
    return verdict.is_good


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
