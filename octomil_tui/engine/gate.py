"""The one door of every request: counted, held back where there is no room, and told what the service said."""

from __future__ import annotations

import asyncio
import math
import random
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from octomil_tui.api.errors import RateLimitedError, RequestRefusedError
from octomil_tui.api.meter import Call, Ended, Permit
from octomil_tui.engine.allowance import Allowance
from octomil_tui.engine.asker import LIMIT, Asker, Purpose, current
from octomil_tui.engine.budget import Budget, Used
from octomil_tui.engine.clock import AwakeClock
from octomil_tui.engine.request_log import Request, RequestLog
from octomil_tui.engine.source import Metered

_TOO_MANY = 429
_WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_SHORTEST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0
"""Seconds without a request where the service says "too many" and not for how long."""
_RETURN = 4.0
"""Seconds over which consoles that were sent away together come back, each by chance."""
_GLANCE = 1.0
"""Seconds between two looks whether there is room: it may come sooner than it seemed."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Something that a person asked for and that may not leave yet."""

    what: str
    """Who waits, as in the request log."""
    until: float
    """By the gate's clock."""
    is_told_to: bool
    """Whether the service asked for it; else this console keeps below its limit."""

    @property
    def why(self) -> str:
        """Return why, a clause that is safe to show."""
        if self.is_told_to:
            return "the service asked for a pause (429)"
        return f"{LIMIT} requests a minute are allowed, and the last minute is full"


@dataclass(frozen=True, slots=True)
class Account:
    """What the gate knows at one moment, to be shown."""

    used: Used
    """What the last minute was used for."""
    allowance: float
    """Requests a minute that this console may make of its own accord now."""
    pause: float
    """Seconds for which the service asked to be left alone; 0 for none."""
    refusals: int
    """How often it said "too many requests"."""


class Gate:
    """Counts every request of one key, and lets each through when there is room for it.

    It is a meter (`api.meter.Meter`) for any number of clients, one after the
    other or at once, as long as they use the same key.

    Args:
        clock: Seconds of this machine that go on while it sleeps.
        sleep: Waits.
        chance: Random numbers in [0, 1).
        wall: Epoch seconds of this machine, for the log.
        on_request: Told of every request that has ended.
        on_wait: Told when something that a person asked for begins to wait, with the seconds.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float] | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
        wall: Callable[[], float] = time.time,
        on_request: Callable[[Request], None] | None = None,
        on_wait: Callable[[Wait, float], None] | None = None,
    ) -> None:
        self._clock = clock or AwakeClock()
        self._sleep = sleep
        self._chance = chance
        self._wall = wall
        self._on_request = on_request
        self._on_wait = on_wait
        self._budget = Budget()
        self._allowance = Allowance()
        self._held_until = -math.inf
        self._back_at = -math.inf
        """When it asks again of its own accord after a pause; the person need not wait for that."""
        self._in_a_row = 0
        self._refusals = 0
        self._waits: dict[int, Wait] = {}
        self.log = RequestLog()
        self.on_throttled: Callable[[], None] | None = None
        """Told when the service asked for fewer requests."""

    @property
    def allowance(self) -> float:
        """Requests a minute that this console may make of its own accord now."""
        return self._allowance.at(self._clock())

    @property
    def pause(self) -> float:
        """Seconds for which the service asked to be left alone; 0 for none."""
        return max(0.0, self._held_until - self._clock())

    @property
    def waits(self) -> tuple[tuple[Wait, float], ...]:
        """What a person asked for and has to wait for, each with the seconds that are left."""
        now = self._clock()
        return tuple((wait, max(0.0, wait.until - now)) for wait in self._waits.values())

    def account(self) -> Account:
        """Return what is known now."""
        used = self._budget.used(self._clock())
        return Account(used, self.allowance, self.pause, self._refusals)

    def room_in(self, purpose: Purpose, count: int = 1) -> float:
        """Return for how many seconds there is no room for `count` more requests; 0 where there is."""
        now = self._clock()
        held = max(self._held_until, self._back_at if purpose.is_own else -math.inf)
        room = self._budget.wait(now, purpose, count, max(1.0, math.floor(self.allowance)))
        # A write is not kept waiting behind what was read before it: it goes, or is refused here.
        return room if purpose is Purpose.WRITE else max(room, held - now, 0.0)

    async def admit(self, call: Call, patience: float | None) -> Permit:
        """Wait until the request may leave; see `api.meter.Meter`.

        Raises:
            RateLimitedError: It would have to wait for longer than `patience`.
            RequestRefusedError: It is a write, and a hundred requests have left in this minute.
        """
        asker = Asker(Purpose.WRITE) if call.method in _WRITES else current()
        if call.method in _WRITES and (seconds := self.room_in(Purpose.WRITE)) > 0:
            raise RequestRefusedError(
                f"{LIMIT} requests have left in the last minute; there is room again in {math.ceil(seconds)} s"
            )
        if (seconds := self.room_in(asker.purpose)) > 0:
            wait = Wait(asker.label, self._clock() + seconds, is_told_to=self.pause > 0)
            if patience is not None and seconds > patience:
                raise RateLimitedError(f"{wait.why}; again in {math.ceil(seconds)} s", retry_after=seconds)
            with self._waiting(asker, wait):
                while (seconds := self.room_in(asker.purpose)) > 0:
                    await self._sleep(min(seconds, _GLANCE))
        asker.sent += 1
        return _Leave(self, call, asker, self._budget.begin(asker.purpose), self._clock(), self._wall())

    @contextmanager
    def _waiting(self, asker: Asker, wait: Wait) -> Iterator[None]:
        """Say that somebody waits; what nobody asked for waits in silence."""
        if asker.purpose.is_own:
            yield
            return
        self._waits[id(wait)] = wait
        if self._on_wait is not None:
            self._on_wait(wait, wait.until - self._clock())
        try:
            yield
        finally:
            del self._waits[id(wait)]

    def ended(self, leave: _Leave, ended: Ended) -> None:
        """Count a request as ended, and listen to what the service said of the number of them."""
        now = self._clock()
        self._budget.end(leave.number, now)
        if ended.status == _TOO_MANY:
            self._refuse(now, leave, ended.retry_after)
        elif ended.status is not None:
            self._in_a_row = 0
        request = Request(
            number=self.log.count + 1,
            at=leave.at,
            method=leave.call.method,
            path=leave.call.path,
            word=ended.word,
            status=ended.status,
            took_ms=(now - leave.left) * 1000,
            size=ended.size,
            page=leave.call.page,
            is_retry=leave.call.is_retry,
            purpose=leave.asker.purpose,
            what=leave.asker.what,
        )
        self.log.add(request)
        if self._on_request is not None:
            self._on_request(request)

    def _refuse(self, now: float, leave: _Leave, retry_after: float | None) -> None:
        self._refusals += 1
        chance = self._chance()
        if retry_after is None:
            longest = min(_SHORTEST_PAUSE * 2.0 ** min(self._in_a_row, 16), _LONGEST_PAUSE)
            retry_after = max(_SHORTEST_PAUSE, longest * (0.5 + chance / 2))
        self._in_a_row += 1
        self._held_until = max(self._held_until, now + retry_after)
        self._back_at = max(self._back_at, self._held_until + chance * min(_RETURN, retry_after / 4))
        self._allowance.refused(now, sent_at=leave.left, chance=self._chance())
        if self.on_throttled is not None:
            self.on_throttled()


def gate_of(service: object, *, clock: Callable[[], float], chance: Callable[[], float]) -> Gate | None:
    """Return what counts the requests of a client: what it came with, or a new one; None for one that tells of none."""
    if not isinstance(service, Metered):
        return None
    known = service.meter
    if isinstance(known, Gate):
        return known
    gate = Gate(clock=clock, chance=chance)
    service.measure_with(gate)
    return gate


@dataclass(frozen=True, slots=True, eq=False)
class _Leave:
    """One request that left."""

    gate: Gate
    call: Call
    asker: Asker
    number: int
    left: float
    at: float

    def end(self, ended: Ended) -> None:
        """Say what became of it."""
        self.gate.ended(self, ended)
