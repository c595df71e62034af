"""One console's life with one service: the state, the loop that reads, and what the operator can ask for.

The screens and the headless commands both stand on it, so that they cannot
disagree: the same reduce over the same events.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial

from octomil_tui.api.errors import NotFoundError, OctomilError
from octomil_tui.domain.affected import AffectedDevices
from octomil_tui.domain.convergence import resume_watch
from octomil_tui.domain.difference import differences
from octomil_tui.domain.fleet import Device, FleetSnapshot, Rollout
from octomil_tui.domain.rollback import Event as RollbackEvent
from octomil_tui.domain.rollback import Observed, Phase, Rollback, adopted, planned
from octomil_tui.domain.version import registry_order
from octomil_tui.engine.commands import new_key, send
from octomil_tui.engine.poller import Poller, ask
from octomil_tui.engine.preflight import Preflight, preflight
from octomil_tui.engine.reduce import reduce
from octomil_tui.engine.source import Service
from octomil_tui.engine.state import ConsoleState, Event, Focus, Focused, Moved, Planned, Refreshed
from octomil_tui.engine.topic import DEVICES, GROUPS, MODELS, Kind, Topic, rollouts_of, versions_of

_AWAITED = (Phase.PLANNED, Phase.SENDING, Phase.UNCONFIRMED)


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
    """This console is sending a rollback of the same model already."""


class Session:
    """The state and everything that may change it.

    Args:
        service: The client.
        on_change: Told of every new state and the event behind it.
        clock: This machine's monotonic clock.
        sleep: Waits between two looks for a lost answer.
        chance: Random numbers in [0, 1), to spread tries.
        make_key: Makes the idempotency key of each intent.
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
    ) -> None:
        self._make_key = make_key
        self._service = service
        self._on_change = on_change
        self._clock = clock
        self._sleep = sleep
        self._sending: set[str] = set()
        self.state = ConsoleState()
        self._poller = Poller(
            service, state=lambda: self.state, dispatch=self.dispatch, clock=clock, chance=chance
        )

    def dispatch(self, event: Event) -> None:
        """Change the state by one event and tell whoever shows it."""
        self.state = reduce(self.state, event)
        if self._on_change is not None:
            self._on_change(self.state, event)

    async def run(self) -> None:
        """Keep reading until cancelled."""
        await self._poller.run()

    def focus(self, focus: Focus) -> None:
        """Say what is looked at, so that it is read first."""
        if focus != self.state.focus:
            self.dispatch(Focused(focus))
            self._poller.wake()

    def refresh(self) -> None:
        """Read everything again now."""
        self.dispatch(Refreshed())
        self._poller.wake()

    async def preflight(self, model: str, to_version: str | None, group: str | None) -> Preflight:
        """Read what a rollback rests on and return its plan; see `engine.preflight`."""
        return await preflight(self._service, model, to_version, group)

    async def roll_back(self, shown: Preflight, reason: str | None, *, is_fresh: bool = False) -> Rollback:
        """Read the world again, and if it still is what was shown, send the rollback once.

        Args:
            shown: What the operator confirmed.
            reason: Why, or None.
            is_fresh: The plan was read within the last seconds and nobody was asked in between.

        Returns:
            The rollback after the service's answer, or after a lost answer was settled.

        Raises:
            PlanMovedError: The plan is another one now; nothing was sent.
            BusyError: A rollback of this model is being sent by this console.
            OctomilError: The world could not be read again; nothing was sent.
        """
        model_id = shown.model.id
        if model_id in self._sending:
            raise BusyError(shown.model.name)
        # Taken before the first await: a second Enter must find it taken.
        self._sending.add(model_id)
        try:
            now = shown if is_fresh else await self._again(shown)
            if now.plan.digest != shown.plan.digest:
                raise PlanMovedError(now, differences(shown.plan, now.plan))
            rollback = planned(now.plan, reason, self._make_key(), now.snapshot.devices or ())
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
        return self.state.rollbacks[model_id]

    async def _again(self, shown: Preflight) -> Preflight:
        plan = shown.plan
        return await preflight(self._service, plan.model.id, plan.to_version, plan.scope.group_id)

    def _moved(self, model_id: str, event: RollbackEvent) -> None:
        self.dispatch(Moved(model_id, event))

    def _server_now(self, read_at: float | None, mono: float) -> float:
        """Return the service's clock: the newest of what the preflight and the polls read, gone on since."""
        polled = self.state.server_now(self._clock())
        read = read_at + (self._clock() - mono) if read_at is not None else None
        known = [at for at in (polled, read) if at is not None]
        return max(known) if known else time.time()

    async def watch(self, model_id: str, rollout: Rollout) -> Rollback:
        """Follow a rollback that this console did not send, or sent in an earlier life.

        One that is followed already stays as it is: what was seen of it would be lost.
        So does one of the same model whose answer this console awaits.

        Raises:
            OctomilError: The devices, or what they rest on, could not be read.
        """
        if (known := self._followed(model_id, rollout.id)) is not None:
            return known
        await self._read_for(model_id, rollout)
        affected = await self._affected(model_id, rollout.id)
        if (known := self._followed(model_id, rollout.id)) is not None:
            return known
        snapshot = self.state.snapshot
        order = registry_order([v.version for v in snapshot.versions.get(model_id, ())])
        scope = devices_of(rollout, snapshot)
        watch = resume_watch(rollout, model_id, scope, affected, order)
        self.dispatch(Planned(adopted(rollout, model_id, watch)))
        at = self.state.server_at if self.state.server_at is not None else time.time()
        self._moved(model_id, Observed(snapshot.devices or (), snapshot.rollouts.get(model_id, ()), at))
        self._poller.wake()
        return self.state.rollbacks[model_id]

    def _followed(self, model_id: str, rollout_id: str) -> Rollback | None:
        known = self.state.rollbacks.get(model_id)
        if known is None:
            return None
        is_same = known.rollout_id == rollout_id and known.phase.is_watched
        is_awaited = model_id in self._sending and known.phase in _AWAITED
        return known if is_same or is_awaited else None

    async def _read_for(self, model_id: str, rollout: Rollout) -> None:
        """Read what a watch begins with; a service without a list of models, or of groups, is watched too."""
        if self.state.snapshot.models is None:
            with suppress(NotFoundError):
                await self._read(MODELS, model_id)
        with suppress(NotFoundError):
            await self._read(GROUPS, model_id)
        for topic in (DEVICES, rollouts_of(model_id), versions_of(model_id)):
            await self._read(topic, model_id)
        group = self.state.snapshot.group(rollout.group) if rollout.group is not None else None
        if group is not None and not any(d.groups for d in self.state.raw_devices or ()):
            await self._read(Topic(Kind.MEMBERS, group.id), model_id)

    async def _read(self, topic: Topic, model_id: str) -> None:
        named = Focus(model_id, self.state.focus.device_id)
        self.dispatch(await ask(self._service, topic, lambda: replace(self.state, focus=named), self._clock))

    async def _affected(self, model_id: str, rollout_id: str) -> AffectedDevices | None:
        """Return the service's own list of what moves; a service without one is no reason not to watch."""
        try:
            return (await self._service.affected_devices(model_id, rollout_id)).value
        except OctomilError:
            return None


def devices_of(rollout: Rollout, snapshot: FleetSnapshot) -> tuple[Device, ...]:
    """Return the devices in the scope of a rollout."""
    devices = snapshot.devices or ()
    if rollout.group is None:
        return devices
    group = snapshot.group(rollout.group)
    if group is None:
        return tuple(d for d in devices if rollout.group in d.groups)
    return tuple(d for d in devices if group.id in d.groups)
