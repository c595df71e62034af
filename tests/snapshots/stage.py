"""A console on the night's fleet whose clock stands still, so that every picture comes out the same.

The real client speaks to the embedded control plane without a socket; time
moves only when a scene says so, in steps small enough that a watch sees what
happens in between.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import httpx
from textual.pilot import Pilot

from octomil_tui.api.client import AsyncOctomilClient
from octomil_tui.api.key import parse_key
from octomil_tui.engine.cadence import is_in_front, wanted
from octomil_tui.engine.reduce import is_just_read
from octomil_tui.engine.source import Service
from octomil_tui.engine.state import ConsoleState, Read
from octomil_tui.engine.topic import Topic
from octomil_tui.sim.app import build_app
from octomil_tui.sim.clock import ManualClock
from octomil_tui.sim.faults import Faults
from octomil_tui.sim.stamp import parse_time
from octomil_tui.sim.world import World
from octomil_tui.ui.app import ConsoleApp
from octomil_tui.ui.place import PlaceInfo
from octomil_tui.ui.theme import Look

KEY = "edg_sim_of_the_pictures"
START = "03:12:41"
STEP = 40.0
"""Scenario seconds between two looks while time passes: nothing on the wire changes back within it."""

_DAY = "2026-06-17T"
_STILL = 30
"""Looks without a new answer after which no more are under way."""

_LOOKS = 2_000
"""Looks at the state before a scene gives up; each waits until the app is idle."""


class NoAnswer(httpx.AsyncBaseTransport):
    """Carries requests out, and loses the answer to every POST."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        if request.method == "POST":
            await response.aread()
            raise httpx.ReadError("lost", request=request)
        return response


class Stage:
    """One console, one world, one clock."""

    def __init__(
        self,
        *,
        faults: tuple[str, ...] = (),
        loses_answers: bool = False,
        read_only: bool = False,
        scenario: str = "night",
    ) -> None:
        self.clock = ManualClock(at(START))
        world = World.begin(scenario, clock=self.clock, seed=0, faults=Faults.named(faults))
        self.world = world
        transport: httpx.AsyncBaseTransport = httpx.ASGITransport(app=build_app(world, KEY))
        self._transport = NoAnswer(transport) if loses_answers else transport
        self._read_only = read_only
        self._pressing = 0.0
        """Seconds that the person at the keys took: keys that come at once are taken for a paste."""
        self.place = PlaceInfo(mark="PROD", org="acme-edge", host="api.octomil.com", read_only=read_only)
        self.app = self._build()

    def _build(self) -> ConsoleApp:
        return ConsoleApp(
            self._open,
            self.place,
            clock=self._mono,
            make_key=lambda: "9c1e0000-0000-4000-8000-000000000000",
            crash_directory=Path("/nonexistent"),
        )

    def _mono(self) -> float:
        return self.clock.now() - at(START) + self._pressing

    async def _open(self) -> AbstractAsyncContextManager[Service]:
        return AsyncOctomilClient(
            "http://127.0.0.1:8765/v1",
            parse_key(KEY, "pictures"),
            org_id="org_demo",
            read_only=self._read_only,
            transport=self._transport,
            clock=self.clock.now,
        )

    async def until(self, pilot: Pilot[int], holds: Callable[[ConsoleState], bool]) -> None:
        """Let the app work until the state is as wanted."""
        for _ in range(_LOOKS):
            await pilot.pause()
            if holds(self.app.known):
                return
        raise AssertionError("the console never came to the state that the scene waits for")

    async def first_data(self, pilot: Pilot[int]) -> None:
        """Wait until everything that the Fleet shows was read, and what this minute has room for besides."""
        await self.until(
            pilot,
            lambda state: (
                state.snapshot.devices is not None
                and state.snapshot.groups is not None
                and bool(state.snapshot.models)
                and all(topic in state.reads for topic in wanted(state) if is_in_front(state, topic))
            ),
        )
        known: list[int] = []

        def stands_still(state: ConsoleState) -> bool:
            known.append(len(state.reads))
            return len(known) > _STILL and len(set(known[-_STILL:])) == 1

        await self.until(pilot, stands_still)

    def hold(self) -> None:
        """Let nothing go on by itself from here on, such as the search for a rollback whose answer was lost."""
        self.app.workers.cancel_all()

    async def wear(self, pilot: Pilot[int], look: Look) -> None:
        """Draw everything in another look from now on."""
        self.app._wear(look)
        await pilot.pause()
        self.app._draw()
        await pilot.pause()

    async def press(self, pilot: Pilot[int], *keys: str) -> None:
        """Press keys, one after the other, and let the screen settle."""
        for key in keys:
            self._pressing += 0.1
            await pilot.press(key)
        await pilot.pause()

    async def type(self, pilot: Pilot[int], text: str) -> None:
        """Type text into the field that has the focus."""
        await pilot.press(*(_NAMES.get(character, character) for character in text))
        await pilot.pause()

    async def pass_to(self, pilot: Pilot[int], time_of_day: str) -> None:
        """Let time pass in steps, with a fresh read after each."""
        end = at(time_of_day)
        while self.clock.now() < end:
            self.clock.advance_to(min(self.clock.now() + STEP, end))
            await self.read_again(pilot)

    def _ask_again(self) -> None:
        self.app.read_now()

    async def read_again(self, pilot: Pilot[int]) -> None:
        """Read everything once more and wait for all of the answers."""
        self._ask_again()
        now = self.clock.now() - at(START)

        def was_read(topic: Topic, read: Read) -> bool:
            is_new = read.ok_mono is not None and read.ok_mono >= now
            # What changes slowly and was just read is left alone, and what nobody looks at.
            return is_new or is_just_read(topic, read, now)

        await self.until(
            pilot,
            lambda state: all(
                was_read(topic, read) for topic, read in state.reads.items() if is_in_front(state, topic)
            ),
        )
        await pilot.pause()


Step = Callable[[Stage, Pilot[int]], Awaitable[None]]

_NAMES = {
    " ": "space",
    ".": "full_stop",
    ",": "comma",
    "-": "minus",
    "%": "percent_sign",
    "_": "underscore",
}


def at(time_of_day: str) -> float:
    """Return a moment of the night, epoch seconds."""
    return parse_time(f"{_DAY}{time_of_day}Z")
