"""What takes a minute whatever is done, all in the same minute: goals 4, 5, 11, 13 and 14.

None of it is a time on the wall but the change on the screen, which has room
for what two cores do beside: each of these programs rests nearly all the time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

from tests.bench import busy, memory, steady
from tests.bench.bench import Bench
from tests.bench.goals import Figure
from tests.bench.measure import Measure, figures_of

_TOGETHER: Mapping[Measure, tuple[str, ...]] = {
    steady.idle: ("idle bytes", "idle cpu"),
    steady.watch: ("watch bytes",),
    memory.measure: ("memory", "memory growth"),
    busy.measure: ("requests", "change"),
}
"""What is measured together, with the figures that it gives."""


def measure(bench: Bench) -> Iterator[Figure]:
    """Measure everything that takes a minute."""
    with ThreadPoolExecutor(len(_TOGETHER)) as pool:
        parts = [pool.submit(figures_of, one, bench, names) for one, names in _TOGETHER.items()]
        for part in parts:
            yield from part.result()
