"""A number of requests a minute, divided among what is worth asking. Pure.

Looking at one thing twice as often is worth most where it matters most, and
less each time: of all ways to spend the same requests, the sum of all ages,
each times its weight, is smallest where periods are proportional to the
square root of cost over weight. Within that, no topic is asked more often than
its shortest period, and what is promised comes first. Promises that take more
than there is are all stretched by the same factor.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping

from octomil_tui.engine.demand import Demand
from octomil_tui.engine.topic import Topic

MINUTE = 60.0

_PROMISED = 0.9
"""The part of the rate that promises may take: something is always left for the others."""

_ROUNDS = 48
"""Halvings of the factor that is looked for: as many as a float has digits."""


def apportion(demands: Mapping[Topic, Demand], rate: float) -> dict[Topic, float]:
    """Return the seconds between two reads of each topic, so that all of them together take at most `rate`.

    Args:
        demands: What each topic costs and is worth.
        rate: Requests a minute, above 0.
    """
    # Many topics are alike, such as the rollouts of idle models: one row for all of them.
    rows = Counter(demands.values())
    promised = sum(MINUTE * one.cost * count / one.longest for one, count in rows.items())
    stretch = max(1.0, promised / (rate * _PROMISED))
    factor = _factor(rows, rate, stretch)
    found = {demand: _period(demand, factor, stretch) for demand in rows}
    return {topic: found[demand] for topic, demand in demands.items()}


def _period(demand: Demand, factor: float, stretch: float) -> float:
    """Return the seconds between two reads at this factor of the square-root law."""
    by_law = factor * math.sqrt(demand.cost / demand.weight)
    return max(demand.shortest, min(demand.longest * stretch, by_law))


def _factor(rows: Mapping[Demand, int], rate: float, stretch: float) -> float:
    if _spent(rows, 0.0, stretch) <= rate:
        return 0.0
    low, high = 0.0, 1.0
    while _spent(rows, high, stretch) > rate:
        low, high = high, high * 2
    for _ in range(_ROUNDS):
        middle = (low + high) / 2
        if _spent(rows, middle, stretch) > rate:
            low = middle
        else:
            high = middle
    return high


def _spent(rows: Mapping[Demand, int], factor: float, stretch: float) -> float:
    """Return the requests a minute that all topics take at this factor."""
    return sum(MINUTE * one.cost * count / _period(one, factor, stretch) for one, count in rows.items())
