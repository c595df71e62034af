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
from octomil_tui.engine.asker import Asker, Purpose, asking
from octomil_tui.engine.cadence import (
    cost,
    due,
    is_in_front,
    is_watched,
    least_wait,
    next_due,
    topics_of,
    wanted,
)
from octomil_tui.engine.clock import Beat, missed, to_next
from octomil_tui.engine.count import next_page
from octomil_tui.engine.failure import cause_of, sentence_of, wait_after
from octomil_tui.engine.gate import Gate
from octomil_tui.engine.reduce import is_just_read
from octomil_tui.engine.source import FleetSource
from octomil_tui.engine.state import ConsoleState, Event, Focus, Polled, PollFailed, Read, Throttled, Woke
from octomil_tui.engine.timeline import histories_of
from octomil_tui.engine.topic import Kind, Topic, rollout_in

TOGETHER = 4
"""Requests under way at once."""

BEAT = 1.0
"""Seconds between two looks at the clocks, to notice that this machine slept."""

KEPT_IN_FRONT = 3
"""Requests of this minute that what nobody looks at leaves to what somebody does, or opens next."""


class Poller:
    """Asks for what is due, a few reads at once, each topic never twice at a time.

    Args:
        source: The client's reads.
        state: Returns what the console knows now.
        dispatch: Takes every event; called on the event loop, in the order of the answers.
        clock: Seconds of this machine by which ages are counted; see `engine.clock`.
        chance: Random numbers in [0, 1), to spread the tries of many consoles.
        wall: Epoch seconds of this machine, only to notice that it slept.
        gate: Knows how many requests may leave now; None where nobody counts them.
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
        gate: Gate | None = None,
    ) -> None:
        self._gate = gate
        if gate is not None:
            gate.on_throttled = self._throttled
        self._source = source
        self._state = state
        self._dispatch = dispatch
        self._clock = clock
        self._chance = chance
        self._wall = wall
        self._awake = asyncio.Event()
        self._under_way: dict[Topic, asyncio.Task[None]] = {}
        self._errands: dict[Topic, Asker] = {}
        """Who asks for each topic that is under way."""
        self._wished: dict[Topic, Purpose] = {}
        """Topics that a person waits for, until they are asked for."""
        self._blocked: dict[Topic, float] = {}
        """Topics that were due and had no room, with the seconds until they have."""

    def refresh(self) -> None:
        """Ask for what is in front now, on behalf of a person, who does not share the limits of what runs by itself."""
        state, now = self._state(), self._clock()
        never = Read()
        self._wished |= {
            topic: Purpose.REFRESH
            for topic in wanted(state)
            if is_in_front(state, topic) and not is_just_read(topic, state.reads.get(topic, never), now)
        }
        self.wake()

    def open(self, focus: Focus) -> None:
        """Ask on behalf of a person for what is looked at now and was never read."""
        known = self._state().reads
        self._wished |= {t: Purpose.OPEN for t in topics_of(focus) if t not in known}
        self.wake()

    def wake(self) -> None:
        """Look again at what is due, now; to be called after an event from outside."""
        self._awake.set()

    async def run(self) -> None:
        """Ask for ever; ends when it is cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._beat())
            while True:
                self._look_at_allowance()
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
            await asyncio.sleep(to_next(before.mono, BEAT))
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
        self._errands.pop(topic, None)
        self.wake()

    def _next(self) -> list[Topic]:
        free = TOGETHER - len(self._under_way)
        state = self._state()
        topics = [topic for topic in due(state, self._clock()) if topic not in self._under_way]
        if self._gate is None:
            return topics[:free]
        found: list[Topic] = []
        self._blocked.clear()
        promised = self._promised(state)
        for topic in topics:
            if len(found) == free:
                break
            wait = self._wait(self._gate, state, topic, promised)
            if wait > 0:
                self._blocked[topic] = wait
                continue
            found.append(topic)
            promised += cost(state, topic)
        return found

    def _wait(self, gate: Gate, state: ConsoleState, topic: Topic, promised: int) -> float:
        """Return for how many seconds there is no room for the whole of one more read."""
        if topic in self._wished:
            if not is_watched(state, topic) or gate.room_in(self._wished[topic]) <= 0:
                # What a person asked for waits at the gate, which says so.
                return 0.0
            # But whoever presses refresh too often must not make what is watched wait for that.
            del self._wished[topic]
        most = max(1, int(gate.allowance) // 2)
        needed = min(cost(state, topic), most) + promised
        if not is_in_front(state, topic):
            needed += min(KEPT_IN_FRONT, most - 1)
        return gate.room_in(_purpose(state, topic), needed)

    def _promised(self, state: ConsoleState) -> int:
        """Return how many requests the reads under way have still to make."""
        sent = {topic: errand.sent for topic, errand in self._errands.items()}
        return sum(max(0, cost(state, topic) - sent.get(topic, 0)) for topic in self._under_way)

    def _throttled(self) -> None:
        """Take note that the service asked for fewer requests, whoever it said that to."""
        if self._gate is not None:
            self._tell(Throttled(self._gate.allowance, self._clock() + self._gate.pause))
            self.wake()

    def _look_at_allowance(self) -> None:
        """Take note of what this console may ask now, where that differs by a whole request."""
        if self._gate is None:
            return
        allowance = math.floor(self._gate.allowance)
        if allowance != math.floor(self._state().allowance):
            self._tell(Throttled(allowance))

    async def _rest(self) -> None:
        """Sleep until an answer came, somebody called `wake`, or a topic that is not under way is due."""
        is_full = len(self._under_way) >= TOGETHER
        seconds = math.inf if is_full else self._idle_for()
        try:
            async with asyncio.timeout(seconds if math.isfinite(seconds) else None):
                await self._awake.wait()
        except TimeoutError:
            pass
        self._awake.clear()

    def _idle_for(self) -> float:
        """Return for how many seconds nothing can be asked, or has to be."""
        waiting = {*self._under_way, *self._blocked}
        return min([next_due(self._state(), self._clock(), waiting), *self._blocked.values()])

    async def _ask(self, topic: Topic) -> None:
        began = self._clock()
        purpose = self._wished.pop(topic, None) or _purpose(self._state(), topic)
        with asking(purpose, topic.kind.value) as errand:
            self._errands[topic] = errand
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

    def _tell(self, event: PollFailed | Throttled | Woke) -> None:
        """Dispatch what must be known whatever a listener makes of it; the growing age says that he failed."""
        with suppress(Exception):
            self._dispatch(event)


def _purpose(state: ConsoleState, topic: Topic) -> Purpose:
    return Purpose.WATCH if is_watched(state, topic) else Purpose.POLL


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
        Kind.SCOPE: lambda: source.group_members(topic.key),
        Kind.COUNT: lambda: next_page(source, state, model_ids),
        Kind.ROLLOUTS: lambda: source.rollouts(topic.key),
        Kind.VERSIONS: lambda: source.versions(topic.key),
        Kind.DEVICE: lambda: source.device(topic.key, model_ids),
        Kind.INCIDENTS: source.incidents,
        Kind.POLICY: source.policy,
        Kind.CHECKS: lambda: source.checks(topic.key),
        Kind.HISTORY: lambda: source.status_history(*rollout_in(topic)),
        Kind.TIMELINE: lambda: source.timeline(histories_of(state())),
        Kind.OVERVIEW: source.health_overview,
        Kind.HEALTH: lambda: source.health(topic.key),
        Kind.EFFECT: lambda: source.rollout_health(topic.key),
    }
    reading = await calls[topic.kind]()
    return Polled(topic, reading, clock(), began)


def _model_ids(state: ConsoleState) -> list[str]:
    """Return the ids of the listed models; without a list, of those that somebody named."""
    if state.snapshot.models is not None:
        return [model.id for model in state.snapshot.models]
    named = (*state.rollbacks, state.focus.model_id)
    return [model_id for model_id in dict.fromkeys(named) if model_id is not None]
