"""Thousands of refreshes of the real app, headless, on a clock that is moved and a service that answers from memory."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from textual.widgets._toast import Toast

from tests.soak.measure import Sample, Verdict, counting, sample
from tests.soak.replay import Replay
from tests.ui.consoles import Hands
from tests.ui.sims import on_sim
from tests.ui.walls import dashboard
from tests.ui.watching import roll_back

ERRORS = 0.1
SAMPLES = 60
FRAMES = 12
"""Different moments that are answered from memory."""
STEP = 20.0
"""Scenario seconds between two of them."""
PER_FRAME = 25
"""Refreshes before the next one."""
TOASTS = 3
"""Refreshes that a toast stays for."""

Enter = Callable[[Replay, Path], AbstractAsyncContextManager[Hands]]


@asynccontextmanager
async def on_the_fleet(service: Replay, directory: Path) -> AsyncIterator[Hands]:
    """The console on its first screen; nothing is watched."""
    async with on_sim(service, directory) as hands:
        for place in "2341":
            await hands.press(place)
        yield hands


@asynccontextmanager
async def on_the_watch(service: Replay, directory: Path) -> AsyncIterator[Hands]:
    """The console in the middle of a rollback that it has sent."""
    async with on_sim(service, directory) as hands:
        await roll_back(hands)
        yield hands


@asynccontextmanager
async def on_the_wall(service: Replay, directory: Path) -> AsyncIterator[Hands]:
    """The dashboard."""
    running: Any = dashboard
    async with running(service, directory, size=(160, 48)) as wall:
        yield wall


RUNS: dict[str, tuple[Enter, float]] = {
    "fleet": (on_the_fleet, 5.0),
    "watch": (on_the_watch, 2.0),
    "dashboard": (on_the_wall, 5.0),
}
"""What is measured, and the seconds between two refreshes of it in life."""


async def refresh(
    enter: Enter,
    directory: Path,
    *,
    count: int,
    seed: int,
    interval: float,
    name: str,
    samples: int = SAMPLES,
) -> Verdict:
    """Refresh `count` times and return what that left behind, by so many samples."""
    service = Replay("night", seed=seed, errors=ERRORS)
    taken: list[Sample] = []
    async with enter(service, directory) as hands:
        for _ in range(FRAMES):
            service.next_frame()
            await hands.later(STEP)
        service.take_over()
        walk = partial(_look_around, hands, random.Random(seed)) if enter is on_the_fleet else None
        for done in range(1, count + 1):
            if done % PER_FRAME == 0:
                service.next_frame()
                if walk is not None:
                    await walk()
            await hands.later(interval)
            hands.app._tick()
            if done % TOASTS == 0:
                _end_toasts(hands)
            if done % max(1, count // samples) == 0:
                _end_toasts(hands)
                await hands.settle()
                taken.append(sample(hands.app, done))
        assert hands.app.is_running
        assert service.failed > 0
    return Verdict(name, counting(taken), interval)


def _end_toasts(hands: Hands) -> None:
    """Have every toast end as it does after its time; they go by the real clock, which is far behind here."""
    for stack in hands.app._screen_stacks.values():
        for screen in stack:
            for toast in screen.query(Toast):
                toast._expire()


async def _look_around(hands: Hands, chance: random.Random) -> None:
    """Go to another place, as people do."""
    await hands.quick(chance.choice("1234"))
