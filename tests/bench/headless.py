"""Goal 15: what a script pays for a command."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from statistics import median

from tests.bench.bench import Bench, in_turn, ms, ratio
from tests.bench.goals import Figure
from tests.cli.drill import Drill

ROUNDS = 21
STATUS_ROUNDS = 9


def measure(bench: Bench) -> Iterator[Figure]:
    """Run `--version` and `rollout status` beside what they cannot be faster than."""
    run = bench.run
    versions = in_turn(
        {
            "ours": partial(run, [bench.console, "--version"]),
            "bare": partial(run, [bench.python, "-c", "pass"]),
        },
        ROUNDS,
        warm_up=2,
    )
    yield _figure("version", versions, ROUNDS)
    with Drill("brief", speed=1.0) as drill:
        status: list[str | Path] = [bench.console, "rollout", "status", "phi-4-mini", "--json"]
        statuses = in_turn(
            {
                "ours": partial(run, status, drill.env),
                "bare": partial(run, [bench.python, "-c", "import httpx"]),
            },
            STATUS_ROUNDS,
        )
    yield _figure("status", statuses, STATUS_ROUNDS)


def _figure(name: str, taken: dict[str, list[float]], rounds: int) -> Figure:
    ours, bare = taken["ours"], taken["bare"]
    return Figure(name, ratio(ours, bare), f"{ms(median(ours))} / {ms(median(bare))}, {rounds} rounds")
