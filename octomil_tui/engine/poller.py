"""The one loop that asks the service, whatever screen or command is in front."""

from __future__ import annotations

import asyncio
import math
import random
import time
from collections.abc import Awaitable, Callable

from octomil_tui.api.errors import (
    ForbiddenError,
    NotFoundError,
    OctomilError,
    UnauthorizedError,
    UntrustedError,
)
from octomil_tui.api.retry import next_delay
from octomil_tui.domain.order import Reading
from octomil_tui.engine.cadence import due, least_wait, next_due
from octomil_tui.engine.source import FleetSource
from octomil_tui.engine.state import ConsoleState, Event, Polled, PollFailed
from octomil_tui.engine.topic import Kind, Topic

TOGETHER = 4
"""Requests under way at once."""

SHORTEST_WAIT = 1.0
"""Seconds: never ask a failing service more often than that."""

REFUSED_WAIT = 30.0
"""Seconds between tries of what the service refused: it rarely changes its mind by itself."""

_REFUSALS = (UnauthorizedError, ForbiddenError, NotFoundError, UntrustedError)


class Poller:
    """Asks for what is due, a few reads at once, each topic never twice at a time.

    Args:
        source: The client's reads.
        state: Returns what the console knows now.
        dispatch: Takes every event; called on the event loop, in the order of the answers.
        clock: This machine's monotonic clock.
        chance: Random numbers in [0, 1), to spread the tries of many consoles.
    """

    def __init__(
        self,
        source: FleetSource,
        *,
        state: Callable[[], ConsoleState],
        dispatch: Callable[[Event], None],
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._source = source
        self._state = state
        self._dispatch = dispatch
        self._clock = clock
        self._chance = chance
        self._awake = asyncio.Event()
        self._under_way: set[Topic] = set()

    def wake(self) -> None:
        """Look again at what is due, now; to be called after an event from outside."""
        self._awake.set()

    async def run(self) -> None:
        """Ask for ever; ends when it is cancelled."""
        async with asyncio.TaskGroup() as group:
            while True:
                for topic in self._next():
                    self._under_way.add(topic)
                    group.create_task(self._ask(topic))
                await self._rest()

    def _next(self) -> list[Topic]:
        free = TOGETHER - len(self._under_way)
        topics = [topic for topic in due(self._state(), self._clock()) if topic not in self._under_way]
        return topics[:free]

    async def _rest(self) -> None:
        """Sleep until an answer came, somebody called `wake`, or a topic that is not under way is due."""
        is_full = len(self._under_way) >= TOGETHER
        seconds = math.inf if is_full else next_due(self._state(), self._clock(), self._under_way)
        try:
            async with asyncio.timeout(seconds if math.isfinite(seconds) else None):
                await self._awake.wait()
        except TimeoutError:
            pass
        self._awake.clear()

    async def _ask(self, topic: Topic) -> None:
        try:
            self._dispatch(await ask(self._source, topic, self._state, self._clock))
        except OctomilError as error:
            self._fail(topic, error.message, self._wait(topic, error))
        except Exception as error:  # noqa: BLE001 - one bad answer must not end a console that somebody relies on
            sentence = f"this console could not use the answer ({type(error).__name__})"
            self._fail(topic, sentence, max(REFUSED_WAIT, least_wait(self._state(), topic)))
        finally:
            self._under_way.discard(topic)
            self.wake()

    def _fail(self, topic: Topic, sentence: str, wait: float) -> None:
        self._dispatch(PollFailed(topic, sentence, self._clock(), wait))

    def _wait(self, topic: Topic, error: OctomilError) -> float:
        state = self._state()
        least = least_wait(state, topic)
        if isinstance(error, _REFUSALS):
            return max(REFUSED_WAIT, least)
        read = state.reads.get(topic)
        attempt = 1 + (read.failures if read is not None else 0)
        delay = next_delay(attempt, retry_after=error.retry_after, chance=self._chance())
        return max(SHORTEST_WAIT, least, delay)


async def ask(
    source: FleetSource, topic: Topic, state: Callable[[], ConsoleState], clock: Callable[[], float]
) -> Polled:
    """Read one topic once and return the event that says so.

    Raises:
        OctomilError: The read failed.
    """
    model_ids = _model_ids(state())
    calls: dict[Kind, Callable[[], Awaitable[Reading[object]]]] = {
        Kind.MODELS: source.models,
        Kind.ACTIVE: source.active_rollouts,
        Kind.DEVICES: lambda: source.devices(model_ids),
        Kind.GROUPS: source.groups,
        Kind.MEMBERS: lambda: source.group_members(topic.key),
        Kind.ROLLOUTS: lambda: source.rollouts(topic.key),
        Kind.VERSIONS: lambda: source.versions(topic.key),
        Kind.DEVICE: lambda: source.device(topic.key, model_ids),
    }
    reading = await calls[topic.kind]()
    return Polled(topic, reading, clock())


def _model_ids(state: ConsoleState) -> list[str]:
    """Return the ids of the listed models; without a list, of those that somebody named."""
    if state.snapshot.models is not None:
        return [model.id for model in state.snapshot.models]
    named = (*state.rollbacks, state.focus.model_id)
    return [model_id for model_id in dict.fromkeys(named) if model_id is not None]
