"""One measurement, and what is said where it fails."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterator
from typing import TypeAlias

from tests.bench.bench import Bench
from tests.bench.goals import Figure
from tests.bench.report import UNKNOWN, complete

Measure: TypeAlias = Callable[[Bench], Iterator[Figure]]
"""Yields figures, each as soon as it is known."""

_LONGEST = 100


def figures_of(measure: Measure, bench: Bench, names: Collection[str]) -> list[Figure]:
    """Return the figures of these names; one measurement that fails must not take others with it."""
    found: list[Figure] = []
    reason = UNKNOWN
    try:
        for figure in measure(bench):
            found.append(figure)  # noqa: PERF402 - what came before a failure counts
    except Exception as error:  # noqa: BLE001 - whatever it is, the table says it
        said = f"{type(error).__name__}: {error}"
        tell(said)
        reason = said.splitlines()[0][:_LONGEST]
    return complete(found, names, reason)


def tell(text: str) -> None:
    """Tell the person who waits what is going on; it is no part of the result."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
