"""A console in hand: keys in, the screen as text out, and two clocks that stand until they are moved."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from textual import events
from textual.pilot import Pilot

from octomil_tui.domain.convergence import Watch
from octomil_tui.domain.rollback import Phase, Rollback
from octomil_tui.engine.source import Service
from octomil_tui.engine.state import ConsoleState
from octomil_tui.engine.topic import ACTIVE, DEVICES, rollouts_of
from octomil_tui.ui.app import ConsoleApp
from octomil_tui.ui.place import PlaceInfo
from octomil_tui.ui.widgets.edges import KeyBar
from tests.ui.pictures import key_of, pictures

DEADLINE = 6.0
"""Seconds after which something that should have happened has not."""
QUICK_TRIES = 20
"""Looks at a state before each further one waits for the process to be idle."""

PLACE = PlaceInfo(mark="PROD", org="acme-edge", host="api.test")
READ_ONLY = replace(PLACE, read_only=True)

Open = Callable[[], AbstractAsyncContextManager[Service]]


class Clock:
    """This machine's monotonic clock, standing still."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@asynccontextmanager
async def given(service: Service) -> AsyncIterator[Service]:
    """Open a service that is there already."""
    yield service


class Hands:
    """What a person does with the console and sees of it."""

    def __init__(
        self, app: ConsoleApp, pilot: Pilot[int], clock: Clock, move: Callable[[float], None]
    ) -> None:
        self.app, self.pilot, self.clock = app, pilot, clock
        self.bells = 0
        self._move = move

    @property
    def known(self) -> ConsoleState:
        return self.app.known

    @property
    def picture(self) -> str:
        return "\n".join(pictures(self.app.screen))

    @property
    def rows(self) -> list[str]:
        return pictures(self.app.screen)

    @property
    def keys(self) -> str:
        """The last line."""
        return self.rows[-1]

    @property
    def cursor(self) -> str:
        """The row that the cursor is on, of the dialog where there is one."""
        found = [row.partition("▌")[2] for row in self.rows if "▌" in row]
        return next((row for row in found if "│" in row), found[0])

    @property
    def said(self) -> list[str]:
        """Toasts so far."""
        return [one.message for one in self.app._notifications]

    @property
    def screen(self) -> str:
        return type(self.app.screen).__name__

    def rollback(self, model_id: str) -> Rollback:
        return self.known.rollbacks[model_id]

    def watch(self, model_id: str) -> Watch:
        watch = self.rollback(model_id).watch
        assert watch is not None
        return watch

    async def until(self, holds: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + DEADLINE
        tries = 0
        while not holds():
            assert time.monotonic() < end, f"no {what}; the screen:\n{self.picture}\n{self.said}"
            assert self.app.is_running, f"no {what}: the app ended"
            tries += 1
            await (self.settle() if tries < QUICK_TRIES else self.pilot.pause())

    async def settle(self) -> None:
        """Let everything that was asked of the widgets so far happen."""
        for _ in range(2):
            await self.pilot._wait_for_screen()
            self.app.screen._on_timer_update()

    async def see(self, *texts: str) -> None:
        for text in texts:
            await self.until(lambda text=text: text in self.picture, repr(text))  # type: ignore[misc]

    async def gone(self, text: str) -> None:
        await self.until(lambda: text not in self.picture, f"screen without {text!r}")

    async def on(self, screen: str) -> None:
        await self.until(lambda: self.screen == screen and self.app.screen.is_active, screen)

    async def press(self, *keys: str) -> None:
        """Press keys one after the other, as slowly as people do."""
        for key in keys:
            await self.quick(key)

    async def quick(self, *keys: str) -> None:
        """Press keys without looking at what each of them does."""
        self.clock.now += 0.1
        for key in keys:
            letter = {"space": " "}.get(key, key if len(key) == 1 else None)
            self.app.post_message(events.Key(key, letter))
        await self.settle()

    async def type(self, text: str) -> None:
        """Type letters; the time after them is over before anything else is pressed."""
        await self.burst(text)
        self.clock.now += 1

    async def burst(self, text: str) -> None:
        """Have keys come faster than fingers are."""
        for letter in text:
            self.app.post_message(events.Key(key_of(letter), letter))
        await self.settle()

    async def paste(self, text: str) -> None:
        await self.settle()
        widget = self.app.screen.focused or self.app.screen
        widget.post_message(events.Paste(text))
        await self.settle()

    def wait(self, seconds: float) -> None:
        """Let time pass with nobody asking anything."""
        self.clock.now += seconds
        self._move(seconds)
        self.app._tick()

    async def later(self, seconds: float = 0.0) -> None:
        """Let time pass, then let everything be read again."""
        self.clock.now += seconds
        self._move(seconds)
        await self.read()

    async def read(self) -> None:
        self.clock.now += 0.001
        now = self.clock.now
        session = self.app._session
        assert session is not None
        session.refresh()

        def tried() -> bool:
            topics = [ACTIVE, DEVICES, *map(rollouts_of, self.known.rollbacks)]
            return all((self.known.reads[topic].tried_mono or 0.0) >= now for topic in topics)

        await self.until(tried, "answers")
        await self.settle()

    async def loaded(self) -> None:
        """Wait for the first picture of the fleet."""
        wanted = [ACTIVE, DEVICES]

        def read() -> bool:
            reads, models = self.known.reads, self.known.snapshot.models
            if models is None or any(topic not in reads for topic in wanted):
                return False
            return all(model.id in self.known.snapshot.rollouts for model in models)

        await self.until(read, "first reads")
        await self.settle()

    async def confirm(self, word: str = "phi-4-mini", reason: str = "INC-2231") -> None:
        """Fill in the form that is in front; Enter is left to the test."""
        self.clock.now += 1
        await self.type(reason)
        await self.press("tab", "tab")
        await self.type(word)

    async def phase(self, model_id: str, *phases: Phase) -> None:
        def there() -> bool:
            found = self.known.rollbacks.get(model_id)
            return found is not None and found.phase in phases

        await self.until(there, f"phase {phases}")
        await self.settle()

    @property
    def shown_keys(self) -> list[str]:
        """Keys that the last line offers now, whether or not there is room for them."""
        bar = self.app.screen.query_one(KeyBar)
        return [key for key, _, enabled, _ in bar._keys if enabled]


@asynccontextmanager
async def console(
    open_service: Open,
    tmp_path: Path,
    *,
    size: tuple[int, int] = (80, 24),
    place: PlaceInfo = PLACE,
    move: Callable[[float], None] = lambda _: None,
    load: bool = True,
    **options: Any,
) -> AsyncIterator[Hands]:
    """Run a console on a service until the block ends."""

    async def opened() -> AbstractAsyncContextManager[Service]:
        return open_service()

    clock = Clock()
    app = ConsoleApp(opened, place, clock=clock, crash_directory=tmp_path, **options)
    async with app.run_test(size=size, notifications=True) as pilot:
        hands = Hands(app, pilot, clock, move)

        def ring() -> None:
            hands.bells += 1

        app.bell = ring  # type: ignore[method-assign]
        if load:
            await hands.loaded()
        yield hands
