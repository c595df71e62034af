"""Reads, one after the other: deadlines, repeats, the error of each answer, and a short log of them all."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from octomil_tui.api.address import Address
from octomil_tui.api.answer import Answer
from octomil_tui.api.connection import Connections
from octomil_tui.api.error_body import status_error
from octomil_tui.api.errors import OctomilError, UnreadableError
from octomil_tui.api.fault import BODY_LIMIT, Fault, FaultError, not_the_api, read_error
from octomil_tui.api.retry import may_retry, next_delay
from octomil_tui.domain.text import clean

LOG_LENGTH = 200
"""Exchanges that are remembered."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request that was made, for a person who asks what the console does."""

    method: str
    path: str
    """Below the origin, without the query; safe to show."""
    outcome: str
    """The status, or one word for why there is none."""
    took_ms: float
    at: float
    """When it ended: this machine's clock, epoch seconds."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a read may take. Units: seconds."""

    deadline: float = 10.0
    """For one request, from connecting to the last byte."""
    tries: int = 1
    """How often a read is asked at most; more than one is for commands that end."""
    patience: float = 15.0
    """For all tries, pages and waits of one call together, where there may be several tries."""
    body: int = BODY_LIMIT
    """Bytes of one decoded answer."""


class Budget:
    """The time that one call may still take."""

    def __init__(self, limits: Limits, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._limits = limits
        self._until = clock() + limits.patience if limits.tries > 1 else None

    @property
    def left(self) -> float:
        """Seconds for the next request; 0 or less when there is none."""
        if self._until is None:
            return self._limits.deadline
        return min(self._limits.deadline, self._until - self._clock())

    def allows(self, delay: float) -> bool:
        """Say whether there is time for another request after a wait of `delay` seconds."""
        return self._until is None or self._clock() + delay < self._until


class Reader:
    """Asks the service for one thing at a time and returns JSON answers, or raises what went wrong.

    Args:
        connections: The way to the service.
        address: The service, for sentences.
        limits: How long a read may take.
        clock: Monotonic seconds.
        sleep: Waits.
        random: A number in [0, 1).
    """

    def __init__(
        self,
        connections: Connections,
        address: Address,
        limits: Limits,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        random: Callable[[], float],
    ) -> None:
        self._connections = connections
        self._host = address.netloc
        self._limits = limits
        self._clock = clock
        self._sleep = sleep
        self._random = random
        self.log: deque[Exchange] = deque(maxlen=LOG_LENGTH)

    def budget(self) -> Budget:
        """Return the time for a call that begins now."""
        return Budget(self._limits, self._clock)

    async def read(self, path: str, params: Mapping[str, str], budget: Budget) -> Answer:
        """Return the JSON answer to a `GET`, repeated as often as the limits allow.

        Raises:
            OctomilError: What went wrong the last time; see `errors`.
        """
        attempt = 1
        while True:
            try:
                return await self._read_once(path, params, budget)
            except OctomilError as error:
                delay = next_delay(attempt, retry_after=error.retry_after, chance=self._random())
                if attempt >= self._limits.tries or not may_retry(error) or not budget.allows(delay):
                    raise
            await self._sleep(delay)
            attempt += 1

    async def _read_once(self, path: str, params: Mapping[str, str], budget: Budget) -> Answer:
        begun = self._clock()
        if budget.left <= 0:
            raise read_error(Fault.TIMEOUT, self._host)
        try:
            answer = await self._connections.get(path, params, budget.left)
        except FaultError as error:
            self.note("GET", path, error.fault.value, begun)
            raise read_error(error.fault, self._host, self._limits.body) from None
        self.note("GET", path, str(answer.status), begun)
        if not answer.is_success:
            raise status_error(answer, self._host)
        if not answer.may_be_json:
            raise not_the_api(clean(answer.content_type), self._host, answer.status)
        if not answer.body.strip():
            raise UnreadableError(f"empty answer from {self._host}", status=answer.status)
        return answer

    def note(self, method: str, path: str, outcome: str | Fault, begun: float) -> None:
        """Remember one exchange that began at `begun` of the monotonic clock."""
        took_ms = (self._clock() - begun) * 1000
        self.log.append(Exchange(method, clean(path), str(outcome), took_ms, time.time()))
