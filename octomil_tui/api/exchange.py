"""Reads, one after the other: deadlines, repeats, the error of each answer, and what need not be sent again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from octomil_tui.api.address import Address
from octomil_tui.api.answer import Answer, Asked
from octomil_tui.api.connection import Connections
from octomil_tui.api.error_body import status_error
from octomil_tui.api.errors import OctomilError, UnreadableError
from octomil_tui.api.fault import BODY_LIMIT, Fault, FaultError, not_the_api, read_error
from octomil_tui.api.memory import Kept, Memory, condition, question_of
from octomil_tui.api.retry import may_retry, next_delay
from octomil_tui.domain.text import clean


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


class Patience:
    """The time that one call may still take."""

    def __init__(self, limits: Limits, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._limits = limits
        self._until = clock() + limits.patience if limits.tries > 1 else None

    @property
    def left(self) -> float:
        """Seconds for the next request; 0 or less when there is none."""
        whole = self.whole
        return self._limits.deadline if whole is None else min(self._limits.deadline, whole)

    @property
    def whole(self) -> float | None:
        """Seconds for all that is still to come; None for as long as it takes."""
        return None if self._until is None else self._until - self._clock()

    def allows(self, delay: float) -> bool:
        """Say whether there is time for another request after a wait of `delay` seconds."""
        return self._until is None or self._clock() + delay < self._until


@dataclass(frozen=True, slots=True)
class Told:
    """A whole JSON answer, and what is remembered of it."""

    answer: Answer
    body: bytes
    """Of an answer that nothing changed, the body of the one before."""
    kept: Kept | None
    """None where nothing is remembered."""

    @property
    def served_at(self) -> float | None:
        """The service's clock when it answered, also where it answered that nothing changed."""
        return self.answer.served_at


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
        self.memory = Memory()

    def patience(self) -> Patience:
        """Return the time for a call that begins now."""
        return Patience(self._limits, self._clock)

    async def read(self, asked: Asked, patience: Patience) -> Told:
        """Return the JSON answer to a `GET`, repeated as often as the limits allow.

        Raises:
            OctomilError: What went wrong the last time; see `errors`.
        """
        attempt = 1
        while True:
            try:
                return await self._read_once(asked, patience)
            except OctomilError as error:
                delay = next_delay(attempt, retry_after=error.retry_after, chance=self._random())
                if attempt >= self._limits.tries or not may_retry(error) or not patience.allows(delay):
                    raise
            await self._sleep(delay)
            asked = replace(asked, is_retry=True)
            attempt += 1

    async def _read_once(self, asked: Asked, patience: Patience) -> Told:
        owner = self._connections.owner
        self.memory.belongs_to(owner)
        question = question_of(asked.path, asked.params)
        before = self.memory.recall(question)
        answer = await self._answer(replace(asked, headers=condition(before)), patience)
        if self._connections.owner is not owner:
            # The key changed while it was asked: what the other one was shown is not for this one.
            before = None
            self.memory.belongs_to(self._connections.owner)
            if answer.is_unchanged:
                answer = await self._answer(asked, patience)
        if answer.is_unchanged and before is not None:
            return Told(answer, before.body, before)
        if not answer.is_success:
            raise status_error(answer, self._host)
        if not answer.may_be_json:
            raise not_the_api(clean(answer.content_type), self._host, answer.status)
        if not answer.body.strip():
            raise UnreadableError(f"empty answer from {self._host}", status=answer.status)
        return Told(answer, answer.body, self.memory.remember(question, answer, before))

    async def _answer(self, asked: Asked, patience: Patience) -> Answer:
        """Return the answer; a request that died with a connection of before is sent once more at once."""
        is_second, deadline = False, patience.left
        until = self._clock() + deadline
        while True:
            if deadline <= 0:
                raise read_error(Fault.TIMEOUT, self._host)
            try:
                return await self._connections.get(asked, deadline, patience.whole, on_fresh=is_second)
            except FaultError as error:
                if is_second or not error.is_stale_connection:
                    raise read_error(error.fault, self._host, self._limits.body) from None
            # The service closes connections as it likes, and just then says nothing about itself.
            is_second, deadline = True, until - self._clock()
