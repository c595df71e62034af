"""Goals 6 to 9: the product's table beside Textual's own, with the same devices in the same terminal."""

from __future__ import annotations

import os
import select
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from types import TracebackType
from typing import NamedTuple, Self

from tests.bench.bench import ROOT, Bench, ms, ratio
from tests.bench.goals import Figure
from tests.bench.terminal import DEADLINE, NothingCameError, Terminal

ROUNDS = 2
"""Times that both tables are started and loaded."""
STEPS = 7
"""Changes and keys of each kind, each time."""
SIZE_STEPS = 15
ROWS = 10_000
SIZES = (1_000, 10_000, 100_000)

QUIET = 0.12
"""Seconds without a byte after which what a key did is over."""


class Cost(NamedTuple):
    """What one key cost."""

    cpu: float
    """Seconds of processor."""
    written: int
    """Bytes to the terminal."""


class Rig:
    """One table in a terminal."""

    def __init__(self, bench: Bench, kind: str, rows: int) -> None:
        self._done, told = os.pipe()
        command: list[str | Path] = [bench.python, "-m", "tests.bench.apps.tables", kind, str(rows)]
        env = bench.env({"BENCH_DONE": str(told)})
        self._terminal = Terminal(command, env, cwd=ROOT, keep=(told,))
        os.close(told)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._terminal.__exit__(kind, error, where)
        os.close(self._done)

    def wait_ready(self) -> None:
        """Wait until the empty table is drawn and nothing goes on."""
        self._terminal.wait_written(b"DEVICE")
        self._terminal.wait_quiet(5 * QUIET)

    def cost(self, key: str) -> Cost:
        """Press a key, wait until what it does is over, and return what that cost."""
        cpu, written = self._terminal.cpu(), self._terminal.written
        self._terminal.press(key)
        if key.startswith("f") and not self._is_told():
            raise NothingCameError(f"the table did not do what {key} asks for")
        # Whatever the key is, something on the screen changes with it.
        self._terminal.wait(lambda: self._terminal.written > written, f"change by {key}")
        self._terminal.wait_quiet(QUIET)
        return Cost(self._terminal.cpu() - cpu, self._terminal.written - written)

    def _is_told(self) -> bool:
        """Wait until the app says that it did what a key asks for, and return whether it did."""
        return bool(select.select([self._done], [], [], DEADLINE)[0] and os.read(self._done, 1))


def measure(bench: Bench) -> Iterator[Figure]:
    """Load, change, and move about in both tables in turn; change ours at several sizes."""
    costs: dict[str, list[Cost]] = defaultdict(list)
    for _ in range(ROUNDS):
        _both(bench, costs)
    yield _figure("table load", costs, "f5", "cpu")
    yield _figure("table update cpu", costs, "f6", "cpu")
    yield _figure("table update bytes", costs, "f6", "written")
    yield _figure("table page", costs, "pagedown", "cpu")
    yield _figure("table cursor", costs, "down", "cpu")
    by_size = _sizes(bench)
    yield _size_figure("table 10k", by_size, 10_000)
    yield _size_figure("table 100k", by_size, 100_000)


def _both(bench: Bench, costs: dict[str, list[Cost]]) -> None:
    with ExitStack() as stack:
        rigs = {kind: stack.enter_context(Rig(bench, kind, ROWS)) for kind in ("ours", "stock")}
        for rig in rigs.values():
            rig.wait_ready()
        for key, times in (("f5", 1), ("f6", STEPS), ("down", STEPS), ("pagedown", STEPS)):
            for number in range(times):
                for kind, rig in rigs.items():
                    cost = rig.cost(key)
                    # The first of several fills caches.
                    if number or times == 1:
                        costs[f"{kind} {key}"].append(cost)


def _sizes(bench: Bench) -> dict[int, list[float]]:
    taken: dict[int, list[float]] = {size: [] for size in SIZES}
    with ExitStack() as stack:
        rigs = {size: stack.enter_context(Rig(bench, "ours", size)) for size in SIZES}
        for rig in rigs.values():
            rig.wait_ready()
            rig.cost("f5")
        for number in range(SIZE_STEPS):
            for size, rig in rigs.items():
                cost = rig.cost("f6").cpu
                if number:
                    taken[size].append(cost)
    return taken


def _figure(name: str, costs: Mapping[str, list[Cost]], key: str, of: str) -> Figure:
    ours: list[float] = [getattr(one, of) for one in costs[f"ours {key}"]]
    stock: list[float] = [getattr(one, of) for one in costs[f"stock {key}"]]
    if of == "cpu":
        made_of = f"{ms(median(ours))} / {ms(median(stock))}"
    else:
        made_of = f"{median(ours):,.0f} B / {median(stock):,.0f} B"
    return Figure(name, ratio(ours, stock), f"{made_of}, {len(ours)} times")


def _size_figure(name: str, by_size: Mapping[int, list[float]], size: int) -> Figure:
    many, few = by_size[size], by_size[SIZES[0]]
    return Figure(name, ratio(many, few), f"{ms(median(many))} / {ms(median(few))}, {len(many)} times")
