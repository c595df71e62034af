"""A session that watches a fleet over real sockets, and what a screen would say of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from octomil_tui.api.client import AsyncOctomilClient
from octomil_tui.api.exchange import Limits
from octomil_tui.api.key import parse_key
from octomil_tui.engine.freshness import Freshness, freshness
from octomil_tui.engine.session import Session
from octomil_tui.engine.source import Service
from octomil_tui.engine.state import ConsoleState, Event, Focus, PollFailed
from octomil_tui.engine.topic import DEVICES
from octomil_tui.ui.news import LinkNews
from tests.faults.server import MODEL, FleetServer

KEY = parse_key("edg_sim_a_key_of_the_fault_tests", "the test")
PATIENCE = 30.0
"""Seconds after which something that should have happened has not."""


class Watching:
    """A running session, every event, and every toast."""

    def __init__(self, service: Service, clock: Callable[[], float] | None = None) -> None:
        self.clock = clock or asyncio.get_running_loop().time
        self.events: list[Event] = []
        self.toasts: list[str] = []
        self._news = LinkNews()
        self._changed = asyncio.Event()
        self.session = Session(service, on_change=self._on_change, clock=self.clock, chance=lambda: 0.5)

    def _on_change(self, state: ConsoleState, event: Event) -> None:
        self.events.append(event)
        if said := self._news.hear(state):
            self.toasts.append(said)
        self._changed.set()

    @property
    def state(self) -> ConsoleState:
        return self.session.state

    @property
    def fresh(self) -> Freshness:
        return freshness(self.state, self.clock())

    @property
    def failures(self) -> list[PollFailed]:
        return [event for event in self.events if isinstance(event, PollFailed)]

    @property
    def names(self) -> list[str]:
        return [device.name for device in self.state.snapshot.devices or ()]

    async def until(self, holds: Callable[[], bool], what: str) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                while not holds():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise AssertionError(f"no {what}: {self.fresh}, {self.toasts}") from None

    async def loaded(self) -> None:
        await self.until(
            lambda: self.fresh.is_live and MODEL in self.state.snapshot.rollouts, "first picture"
        )

    async def again(self) -> None:
        """Wait until the devices were read once more."""
        before = self.state.reads[DEVICES].ok_mono
        await self.until(lambda: self.state.reads[DEVICES].ok_mono != before, "devices read again")


def client_for(
    server: FleetServer, *, deadline: float = 10.0, ca_file: str | None = None
) -> AsyncOctomilClient:
    return AsyncOctomilClient(
        server.url, KEY, limits=Limits(deadline=deadline), write_deadline=deadline, ca_file=ca_file
    )


@asynccontextmanager
async def watching(
    server: FleetServer, *, deadline: float = 10.0, ca_file: str | None = None, load: bool = True
) -> AsyncIterator[Watching]:
    """Watch a server until the block ends; the loop must still be running then."""
    async with client_for(server, deadline=deadline, ca_file=ca_file) as client, running(client) as found:
        if load:
            await found.loaded()
        yield found


@asynccontextmanager
async def running(service: Service) -> AsyncIterator[Watching]:
    """Watch a service until the block ends; the loop must still be running then."""
    found = Watching(service)
    found.session.focus(Focus(MODEL))
    task = asyncio.create_task(found.session.run())
    try:
        yield found
        assert not task.done(), "the loop ended by itself"
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
