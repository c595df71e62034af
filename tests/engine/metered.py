"""A service behind a limit of requests a minute, asked by consoles whose every request is counted."""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TypeVar

from octomil_tui.api.errors import RateLimitedError
from octomil_tui.api.meter import Call, Ended, Meter, Unmetered
from octomil_tui.domain.order import Reading, RollbackOrder, RollbackReceipt
from octomil_tui.engine.asker import Purpose, current
from octomil_tui.engine.gate import Gate
from octomil_tui.engine.session import Session
from tests.engine.fakes import FakeService, raised_or
from tests.engine.virtual import clock

T = TypeVar("T")


@dataclass
class Limiter:
    """What a service allows with one key: so many requests in any minute, all consoles together."""

    limit: int = 100
    taken: deque[float] = field(default_factory=deque)
    refused: list[float] = field(default_factory=list)
    clock: Callable[[], float] = clock

    def take(self) -> float | None:
        """Return None for a request that is allowed, else the whole seconds to wait."""
        now = self.clock()
        while self.taken and self.taken[0] <= now - 60:
            self.taken.popleft()
        if len(self.taken) < self.limit:
            self.taken.append(now)
            return None
        self.refused.append(now)
        return float(max(1, math.ceil(self.taken[0] + 60 - now)))


@dataclass
class Arrived:
    """One request, as the service saw it."""

    at: float
    name: str
    purpose: Purpose


@dataclass
class MeteredService(FakeService):
    """Counts and delays every request; a read of the devices takes one for each page."""

    limiter: Limiter | None = None
    pages: int = 1
    latency: Callable[[], float] = lambda: 0.05
    arrived: list[Arrived] = field(default_factory=list)
    refusals: int = 0
    meter: Meter = field(default_factory=Unmetered)

    def measure_with(self, meter: Meter) -> None:
        self.meter = meter

    async def _answer(self, name: str, answer: T | Exception, total: int | None = None) -> Reading[T]:
        self.calls.append(name)
        for page in range(self.pages if name == "devices" else 1):
            await self._request("GET", name, page + 1)
        raised = raised_or(answer)
        return Reading(raised, self.at, total=total)

    async def rollback(self, model: str, order: RollbackOrder, *, idempotency_key: str) -> RollbackReceipt:
        await self._request("POST", "rollback")
        return await super().rollback(model, order, idempotency_key=idempotency_key)

    async def _request(self, method: str, name: str, page: int = 0) -> None:
        permit = await self.meter.admit(Call(method, name, page), None)
        ended = Ended("cancelled")
        try:
            # Half of it on the way there, half on the way back.
            latency = self.latency()
            await asyncio.sleep(latency / 2)
            self.arrived.append(Arrived(clock(), name, current().purpose))
            wait = self.limiter.take() if self.limiter is not None else None
            await asyncio.sleep(latency / 2)
            ended = Ended("200", 200, 100) if wait is None else Ended("429", 429, 20, wait)
        finally:
            permit.end(ended)
        if wait is not None:
            self.refusals += 1
            raise RateLimitedError("rate limited (429)", status=429, retry_after=wait)

    def fullest(self, *, own: bool = False) -> int:
        """Return the most requests that arrived in any 60 seconds."""
        window: deque[float] = deque()
        most = 0
        for one in self.arrived:
            if own and not one.purpose.is_own:
                continue
            window.append(one.at)
            while window[0] <= one.at - 60:
                window.popleft()
            most = max(most, len(window))
        return most


def console_of(service: MeteredService, chance: Callable[[], float] = lambda: 0.5) -> Session:
    """Return a console in virtual time."""
    service.measure_with(Gate(clock=clock, chance=chance))
    return Session(service, clock=clock, chance=chance)


@asynccontextmanager
async def run_all(*sessions: Session) -> AsyncIterator[None]:
    """Run the consoles until the block ends."""
    tasks = [asyncio.create_task(session.run()) for session in sessions]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task
