"""One console's life with one service: the state, the loop that reads, and what the operator can ask for.

The screens and the headless commands both stand on it, so that they cannot
disagree: the same reduce over the same events.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from functools import partial

from octomil_tui.domain.beginning import may_be_sent_again, planned
from octomil_tui.domain.difference import differences, is_same
from octomil_tui.domain.fleet import Rollout
from octomil_tui.domain.order import Way
from octomil_tui.domain.rollback import Dismissed, LookedAgain, Phase, Rollback
from octomil_tui.domain.rollback import Event as RollbackEvent
from octomil_tui.engine.adoption import AWAITED, Adoption
from octomil_tui.engine.commands import new_key, send, settle
from octomil_tui.engine.gate import gate_of
from octomil_tui.engine.intending import intended
from octomil_tui.engine.poller import Poller
from octomil_tui.engine.preflight import Preflight, preflight
from octomil_tui.engine.recording import Records
from octomil_tui.engine.reduce import reduce
from octomil_tui.engine.source import Service
from octomil_tui.engine.state import ConsoleState, Event, Focus, Focused, Moved, Planned, Refreshed

_RUNNING = (*AWAITED, Phase.ROLLING_BACK, Phase.STALLED, Phase.WIDER)
"""Phases in which nobody can say yet how it ends."""


class PlanMovedError(Exception):
    """The world moved since the plan was shown; nothing was sent.

    Attributes:
        now: The plan as it is now.
        changes: What is different, one safe clause each.
    """

    def __init__(self, now: Preflight, changes: tuple[str, ...]) -> None:
        super().__init__("; ".join(changes))
        self.now = now
        self.changes = changes


class BusyError(Exception):
    """This console is sending a rollback of the same model already, or looks for it; the message says which."""


class Session:
    """The state and everything that may change it.

    Args:
        service: The client.
        on_change: Told of every new state and the event behind it.
        clock: This machine's monotonic clock.
        sleep: Waits between two looks for a lost answer.
        chance: Random numbers in [0, 1), to spread tries.
        make_key: Makes the idempotency key of each intent.
        records: What is written down on this machine; None for nothing.
    """

    def __init__(
        self,
        service: Service,
        *,
        on_change: Callable[[ConsoleState, Event], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
        make_key: Callable[[], str] = new_key,
        records: Records | None = None,
    ) -> None:
        self._make_key = make_key
        self._records = self.records = records
        self._service = service
        self._on_change = on_change
        self._clock = clock
        self._sleep = sleep
        self._sending: set[str] = set()
        self._settling: set[str] = set()
        self.state = ConsoleState()
        self.gate = gate_of(service, clock=clock, chance=chance)
        """What counts the requests; None where the client does not tell of them."""
        self._poller = Poller(
            service,
            state=lambda: self.state,
            dispatch=self.dispatch,
            clock=clock,
            chance=chance,
            gate=self.gate,
        )
        self._adoption = Adoption(
            service,
            state=lambda: self.state,
            dispatch=self.dispatch,
            is_sending=self._sending.__contains__,
            clock=clock,
            sleep=sleep,
        )

    def dispatch(self, event: Event) -> None:
        """Change the state by one event and tell whoever shows it."""
        before, self.state = self.state, reduce(self.state, event)
        self._write_down(before)
        self._adoption.look()
        if self._on_change is not None:
            self._on_change(self.state, event)

    def _write_down(self, before: ConsoleState) -> None:
        if self._records is None or self.state.rollbacks is before.rollbacks:
            return
        for model_id, rollback in self.state.rollbacks.items():
            if rollback is not before.rollbacks.get(model_id):
                self._records.note(rollback)

    async def run(self) -> None:
        """Keep reading, and keep track of what was found late, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._poller.run())
            group.create_task(self._adoption.run())

    def focus(self, focus: Focus) -> None:
        """Say what is looked at, so that it is read first."""
        if focus != self.state.focus:
            self.dispatch(Focused(focus))
            self._poller.open(focus)

    def refresh(self) -> None:
        """Read everything again now."""
        self.dispatch(Refreshed(self._clock()))
        self._poller.refresh()

    async def preflight(self, model: str, to_version: str | None, group: str | None) -> Preflight:
        """Read what a rollback rests on and return its plan; see `engine.preflight`."""
        return await preflight(self._service, model, to_version, group)

    async def roll_back(
        self,
        shown: Preflight,
        reason: str | None,
        *,
        is_fresh: bool = False,
        way: Way = Way.ROLLBACK,
        without_record: bool = False,
    ) -> Rollback:
        """Read the world again, and if it still is what was shown, send the rollback once.

        One whose answer was lost before is the same intent: it goes out with the same key.

        Args:
            shown: What the operator confirmed.
            reason: Why, or None.
            is_fresh: The plan was read within the last seconds and nobody was asked in between.
            way: By which of the service's routes.
            without_record: The operator knows that it may not be written down here.

        Returns:
            The rollback after the service's answer, or after a lost answer was settled.

        Raises:
            PlanMovedError: The plan is another one now; nothing was sent.
            BusyError: A rollback of this model is being sent by this console, or looked for.
            RecordError: It could not be written down before; nothing was sent.
            OctomilError: The world could not be read again; nothing was sent.
        """
        model_id = shown.model.id
        if model_id in self._sending:
            raise BusyError("a rollback of this model is being sent already")
        # Taken before the first await: a second Enter must find it taken.
        self._sending.add(model_id)
        try:
            first = self._planned(shown, reason, way)
            async with intended(self._records, first, must=not without_record):
                now = shown if is_fresh else await self._again(shown)
                if not is_same(shown.plan, now.plan):
                    raise PlanMovedError(now, differences(shown.plan, now.plan))
                rollback = self._planned(now, reason, way, first.key)
                if rollback.tries != first.tries:
                    raise BusyError("how an earlier rollback of it stands has just become known")
            self.dispatch(Planned(rollback))
            await send(
                self._service,
                rollback,
                partial(self._moved, model_id),
                server_now=partial(self._server_now, now.server_at, self._clock()),
                sleep=self._sleep,
            )
        finally:
            self._sending.discard(model_id)
            self._poller.wake()
        if self.state.rollbacks[model_id].phase is Phase.REJECTED:
            # What is in the way is on the server now, and worth a look.
            self.refresh()
        return self.state.rollbacks[model_id]

    def _planned(self, now: Preflight, reason: str | None, way: Way, key: str | None = None) -> Rollback:
        before = self.state.rollbacks.get(now.model.id)
        lost = before if before is not None and may_be_sent_again(before, now.plan, way) else None
        if lost is not None and now.model.id in self._settling:
            raise BusyError("the server is still being asked whether it began")
        key = lost.key if lost is not None and lost.key is not None else key or self._make_key()
        return planned(
            now.plan, reason, key, now.known_devices(self.state.snapshot.devices), way=way, before=lost
        )

    def record_trouble(self) -> str:
        """Return why a rollback could not be written down on this machine, a clause; empty where it can."""
        return self._records.trouble() if self._records is not None else ""

    def record_place(self, model_id: str) -> str:
        """Return where the newest rollback of a model is written down, safe to show; empty where it is not."""
        rollback = self.state.rollbacks.get(model_id)
        return self._records.place(rollback) if self._records is not None and rollback is not None else ""

    async def look_again(self, model_id: str) -> None:
        """Keep looking in the server's records for a rollback whose answer was lost."""
        rollback = self.state.rollbacks.get(model_id)
        if rollback is None or rollback.phase is not Phase.NOT_FOUND or model_id in self._sending:
            return
        self._moved(model_id, LookedAgain())
        await self._settle(self.state.rollbacks[model_id])

    async def _settle(self, rollback: Rollback) -> None:
        model_id = rollback.model_id
        self._settling.add(model_id)
        try:
            await settle(
                self._service,
                rollback,
                partial(self._looked, rollback),
                sent_at=rollback.sent_at or 0.0,
                server_now=partial(self._server_now, None, self._clock()),
                sleep=self._sleep,
            )
        finally:
            self._settling.discard(model_id)

    def _looked(self, rollback: Rollback, event: RollbackEvent) -> None:
        """Take what a look found, unless another rollback of the model took the place of this one meanwhile."""
        now = self.state.rollbacks.get(rollback.model_id)
        if now is not None and (now.key, now.tries) == (rollback.key, rollback.tries):
            self._moved(rollback.model_id, event)

    def dismiss(self, model_id: str, outcome: str = "dismissed") -> None:
        """Take note that the operator has seen how a rollback stands; one that runs stays watched."""
        rollback = self.state.rollbacks.get(model_id)
        if rollback is None:
            return
        self._moved(model_id, Dismissed())
        if self._records is not None and rollback.phase not in _RUNNING:
            self._records.close(rollback, outcome)

    async def pick_up(self) -> None:
        """Find out from the server how the rollbacks stand that an earlier life of this console left open."""
        left = await self.recall()
        await asyncio.gather(*(self._settle(rollback) for rollback in left))

    async def recall(self, model_id: str | None = None) -> tuple[Rollback, ...]:
        """Bring back what the records of this machine tell of rollbacks, of one model or of all, that were left open."""
        if self._records is None:
            return ()
        # Of several for one model the newest counts; the older ones were overtaken by it.
        left = {r.model_id: r for r in await asyncio.to_thread(self._records.left_open, model_id)}
        for key, rollback in left.items():
            if key not in self.state.rollbacks:
                self.dispatch(Planned(rollback))
        return tuple(left.values())

    async def _again(self, shown: Preflight) -> Preflight:
        plan = shown.plan
        return await preflight(self._service, plan.model.id, plan.to_version, plan.scope.group_id, shown)

    def _moved(self, model_id: str, event: RollbackEvent) -> None:
        self.dispatch(Moved(model_id, event))

    def _server_now(self, read_at: float | None, mono: float) -> float:
        """Return the service's clock: the newest of what the preflight and the polls read, gone on since."""
        polled = self.state.server_now(self._clock())
        read = read_at + (self._clock() - mono) if read_at is not None else None
        known = [at for at in (polled, read) if at is not None]
        return max(known) if known else time.time()

    async def watch(self, model_id: str, rollout: Rollout) -> Rollback:
        """Follow a rollback that this console did not send; see `Adoption.watch`.

        Raises:
            OctomilError: The devices, or what they rest on, could not be read.
        """
        found = await self._adoption.watch(model_id, rollout)
        self._poller.wake()
        return found

    async def watch_whole(self, model_id: str) -> None:
        """Follow a rollback that went wider than asked as one of the whole fleet.

        Raises:
            OctomilError: The devices, or what they rest on, could not be read.
        """
        await self._adoption.watch_whole(model_id)
        self._poller.wake()
