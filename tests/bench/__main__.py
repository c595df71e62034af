"""`make bench`, or `python -m tests.bench [--only N[,N]] [--keep]`: the goals, and whether they are met."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from tests.bench import decode, headless, latency, machine, minute, peers, report, start, table
from tests.bench.bench import ROOT, Bench
from tests.bench.goals import COUNT, PARTS, Figure
from tests.bench.measure import Measure, figures_of, tell

PAGE = ROOT / "docs" / "PERFORMANCE.md"

FAMILIES: dict[str, tuple[Measure, frozenset[int]]] = {
    "start": (start.measure, frozenset({1, 2, 3})),
    "headless": (headless.measure, frozenset({15})),
    "decode": (decode.measure, frozenset({10})),
    "table": (table.measure, frozenset({6, 7, 8, 9})),
    "latency": (latency.measure, frozenset({12})),
    "a minute": (minute.measure, frozenset({4, 5, 11, 13, 14})),
}
"""What is measured together, and which goals it is for; in this order."""


def main(arguments: list[str]) -> int:
    """Measure, print the table, and return 1 where a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "--only", type=_goals, metavar="N[,N]", help="these goals, and what is measured with them"
    )
    parser.add_argument("--keep", action="store_true", help="write the result to docs/PERFORMANCE.md")
    chosen = parser.parse_args(arguments)
    if chosen.keep and chosen.only:
        parser.error("only a whole result is kept")
    load, began = os.getloadavg()[0], time.monotonic()
    figures: list[Figure] = []
    there = peers.found()
    with tempfile.TemporaryDirectory() as home:
        bench = Bench(Path(home), there)
        for name, (measure, goals) in FAMILIES.items():
            if chosen.only is None or goals & chosen.only:
                tell(f"{time.monotonic() - began:4.0f} s  {name}: goals {', '.join(map(str, sorted(goals)))}")
                figures += figures_of(measure, bench, [one for one in PARTS if PARTS[one].goal in goals])
    figures = report.complete(figures, [figure.name for figure in figures])
    took = time.monotonic() - began
    _print("\n".join([*report.table(figures), "", f"{report.summary(figures)}. It took {took:.0f} s."]))
    if chosen.keep:
        result = report.markdown(figures, machine.facts(there, load), "make bench KEEP=1", took)
        report.keep(PAGE, result)
    return report.exit_status(figures)


def _goals(text: str) -> frozenset[int]:
    goals = frozenset(int(number) for number in text.split(","))
    if not goals <= set(range(1, COUNT + 1)):
        raise ValueError(text)
    return goals


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
