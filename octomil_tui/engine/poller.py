"""The one loop that asks the service, whatever screen or command is in front."""

from __future__ import annotations

import asyncio
import math
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial

from octomil_tui.domain.order import Reading
from octomil_tui.engine.cadence import due, least_wait, next_due, wanted
from octomil_tui.engine.clock import Beat, missed
from octomil_tui.engine.failure import cause_of, sentence_of, wait_after
from octomil_tui.engine.source import FleetSource
from octomil_tui.engine.state import ConsoleState, Event, Polled, PollFailed, Woke
from octomil_tui.engine.topic import Kind, Topic

TOGETHER = 4
"""Requests under way at once."""

BEAT = 1.0
"""Seconds between two looks at the clocks, to notice that this machine slept."""


class Poller:
    """Asks for what is due, a few reads at once, each topic never twice at a time.

    Args:
        source: The client's reads.
        state: Returns what the console knows now.
        dispatch: Takes every event; called on the event loop, in the order of the answers.
        clock: Seconds of this machine by which ages are counted; see `engine.clock`.
        chance: Random numbers in [0, 1), to spread the tries of many consoles.
        wall: Epoch seconds of this machine, only to notice that it slept.
    """

    def __init__(
        self,
        source: FleetSource,
        *,
        state: Callable[[], ConsoleState],
        dispatch: Callable[[Event], None],
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._source = source
        self._state = state
        self._dispatch = dispatch
        self._clock = clock
        self._chance = chance
        self._wall = wall
        self._awake = asyncio.Event()
        self._under_way: dict[Topic, asyncio.Task[None]] = {}

    def wake(self) -> None:
        """Look again at what is due, now; to be called after an event from outside."""
        self._awake.set()

    async def run(self) -> None:
        """Ask for ever; ends when it is cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._beat())
            while True:
                for topic in self._next():
                    self._under_way[topic] = task = group.create_task(self._ask(topic))
                    # Not at the end of the task's own code: one that is cancelled before it began has none.
                    task.add_done_callback(partial(self._ended, topic))
                await self._rest()

    async def _beat(self) -> None:
        """Notice when this process did not run for a while, and read everything again at once."""
        loop = asyncio.get_running_loop()
        before = Beat(loop.time(), self._wall())
        while True:
            await asyncio.sleep(BEAT)
            now = Beat(loop.time(), self._wall())
            if missed(before, now, BEAT):
                self._tell(Woke(self._clock()))
                for task in self._under_way.values():
                    # Asked before the sleep: whoever should answer has forgotten it.
                    task.cancel()
                self.wake()
            before = now

    def _ended(self, topic: Topic, _task: asyncio.Task[None]) -> None:
        del self._under_way[topic]
        self.wake()

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
        began = self._clock()
        try:
            self._dispatch(await ask(self._source, topic, self._state, self._clock))
        except Exception as error:  # noqa: BLE001 - one bad answer must not end a console that somebody relies on
            self._fail(topic, error, began)

    def _fail(self, topic: Topic, error: Exception, began: float) -> None:
        state = self._state()
        read = state.reads.get(topic)
        attempt = 1 + (read.failures if read is not None else 0)
        period = wanted(state).get(topic, 0.0)
        wait = wait_after(error, attempt, period=period, chance=self._chance())
        wait = max(wait, least_wait(state, topic))
        cause = cause_of(error)
        self._tell(PollFailed(topic, sentence_of(error, topic), self._clock(), wait, cause, began))

    def _tell(self, event: PollFailed | Woke) -> None:
        """Dispatch what must be known whatever a listener makes of it; the growing age says that he failed."""
        with suppress(Exception):
            self._dispatch(event)


async def ask(
    source: FleetSource, topic: Topic, state: Callable[[], ConsoleState], clock: Callable[[], float]
) -> Polled:
    """Read one topic once and return the event that says so.

    Raises:
        OctomilError: The read failed.
    """
    began, model_ids = clock(), _model_ids(state())
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
    return Polled(topic, reading, clock(), began)


def _model_ids(state: ConsoleState) -> list[str]:
    """Return the ids of the listed models; without a list, of those that somebody named."""
    if state.snapshot.models is not None:
        return [model.id for model in state.snapshot.models]
    named = (*state.rollbacks, state.focus.model_id)
    return [model_id for model_id in dict.fromkeys(named) if model_id is not None]
