"""Watching a rollback that this console did not begin, or does not remember: begun elsewhere, or in an earlier life."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace

from octomil_tui.api.errors import NotFoundError, OctomilError
from octomil_tui.domain.affected import AffectedDevices
from octomil_tui.domain.beginning import adopted
from octomil_tui.domain.eta import size_of
from octomil_tui.domain.fleet import Rollout
from octomil_tui.domain.record import server_record
from octomil_tui.domain.resume import as_record, devices_of, kept, resume_watch
from octomil_tui.domain.rollback import Observed, Phase, Rollback
from octomil_tui.domain.version import registry_order
from octomil_tui.engine.asker import Purpose, asking
from octomil_tui.engine.poller import ask
from octomil_tui.engine.source import Service
from octomil_tui.engine.state import ConsoleState, Event, Focus, Moved, Planned
from octomil_tui.engine.topic import DEVICES, GROUPS, MODELS, Kind, Topic, rollouts_of, versions_of

AWAITED = (Phase.PLANNED, Phase.SENDING, Phase.UNCONFIRMED)
"""Phases in which this console waits for an answer, or looks for one that was lost."""

_AGAIN = 5.0
"""Seconds until a watch that could not begin is tried again."""


def orphans(state: ConsoleState) -> tuple[Rollback, ...]:
    """Return the rollbacks that run and have no watch: they turned up after this console came back."""
    return tuple(r for r in state.rollbacks.values() if r.phase.is_watched and r.watch is None)


class Adoption:
    """Begins watches with what the service tells, for a session.

    Args:
        service: The client.
        state: Returns what the console knows now.
        dispatch: Takes every event.
        is_sending: Says whether a rollback of a model is being sent by this console.
        clock: This machine's monotonic clock.
        sleep: Waits until a watch that could not begin is tried again.
    """

    def __init__(
        self,
        service: Service,
        *,
        state: Callable[[], ConsoleState],
        dispatch: Callable[[Event], None],
        is_sending: Callable[[str], bool],
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._service = service
        self._state = state
        self._dispatch = dispatch
        self._is_sending = is_sending
        self._clock = clock
        self._sleep = sleep
        self._orphaned = asyncio.Event()

    def look(self) -> None:
        """Look again, soon, for a rollback that has no watch."""
        if orphans(self._state()):
            self._orphaned.set()

    async def run(self) -> None:
        """Begin the watch of every rollback that has none, until cancelled."""
        with asking(Purpose.WATCH, "rollback"):
            while True:
                await self._orphaned.wait()
                self._orphaned.clear()
                for rollback in orphans(self._state()):
                    await self._take_in(rollback)

    async def _take_in(self, rollback: Rollback) -> None:
        rollouts = self._state().snapshot.rollouts.get(rollback.model_id, ())
        record = server_record(rollback, rollouts)
        if record is None:
            return
        try:
            # A record that names no group may be of a service that tells none: what was asked for counts.
            group = record.group if record.group is not None else rollback.order.group
            found = await self._adopt(rollback.model_id, replace(record, group=group))
        except Exception:  # noqa: BLE001 - the link says why; one bad answer must not end the console
            await self._sleep(_AGAIN)
            self._orphaned.set()
        else:
            # What was dismissed or noted meanwhile stays so.
            self._begin(kept(self._state().rollbacks.get(rollback.model_id, rollback), found))

    async def watch(self, model_id: str, rollout: Rollout) -> Rollback:
        """Follow a rollback that this console did not send, or sent in an earlier life.

        One that is followed already stays as it is: what was seen of it would be lost.
        So does one of the same model whose answer this console awaits.

        Raises:
            OctomilError: The devices, or what they rest on, could not be read.
        """
        if (known := self._followed(model_id, rollout.id)) is not None:
            return known
        with asking(Purpose.OPEN, "watch"):
            rollback = await self._adopt(model_id, rollout)
        if (known := self._followed(model_id, rollout.id)) is not None:
            return known
        self._begin(rollback)
        return self._state().rollbacks[model_id]

    async def watch_whole(self, model_id: str) -> None:
        """Follow a rollback that went wider than asked as what it is: one of the whole fleet.

        Raises:
            OctomilError: The devices, or what they rest on, could not be read.
        """
        wider = self._state().rollbacks.get(model_id)
        if wider is None or wider.phase is not Phase.WIDER:
            return
        record = server_record(wider, self._state().snapshot.rollouts.get(model_id, ())) or as_record(wider)
        with asking(Purpose.OPEN, "watch"):
            whole = await self._adopt(model_id, replace(record, group=None))
        self._begin(kept(wider, replace(whole, order=replace(wider.order, group=None))))

    async def _adopt(self, model_id: str, rollout: Rollout) -> Rollback:
        """Read what the watch of a rollout begins with.

        Raises:
            OctomilError: The devices, or what they rest on, could not be read.
        """
        await self._read_for(model_id, rollout)
        affected = await self._affected(model_id, rollout.id)
        snapshot = self._state().snapshot
        order = registry_order([v.version for v in snapshot.versions.get(model_id, ())])
        group = snapshot.group(rollout.group) if rollout.group is not None else None
        group_id = group.id if group is not None else rollout.group
        inside = devices_of(rollout, snapshot)
        watch = resume_watch(rollout, model_id, inside, affected, order, group_id=group_id)
        return adopted(rollout, model_id, watch)

    def _begin(self, rollback: Rollback) -> None:
        """Follow a rollback from now on, with what was just read."""
        self._dispatch(Planned(rollback))
        snapshot, model_id = self._state().snapshot, rollback.model_id
        known_at = self._state().server_at
        at = known_at if known_at is not None else time.time()
        seen = Observed(
            snapshot.devices or (),
            snapshot.rollouts.get(model_id, ()),
            at,
            is_whole=not snapshot.uncounted,
            size=size_of(snapshot.versions.get(model_id, ()), rollback.order.to_version),
        )
        self._dispatch(Moved(model_id, seen))

    def _followed(self, model_id: str, rollout_id: str) -> Rollback | None:
        known = self._state().rollbacks.get(model_id)
        if known is None:
            return None
        is_same = known.rollout_id == rollout_id and known.phase.is_watched
        is_awaited = self._is_sending(model_id) and known.phase in AWAITED
        return known if is_same or is_awaited else None

    async def _read_for(self, model_id: str, rollout: Rollout) -> None:
        """Read what a watch begins with; a service without a list of models, or of groups, is watched too."""
        if self._state().snapshot.models is None:
            with suppress(NotFoundError):
                await self._read(MODELS, model_id)
        with suppress(NotFoundError):
            await self._read(GROUPS, model_id)
        for topic in (DEVICES, rollouts_of(model_id), versions_of(model_id)):
            await self._read(topic, model_id)
        group = self._state().snapshot.group(rollout.group) if rollout.group is not None else None
        if group is not None and not any(d.groups for d in self._state().raw_devices or ()):
            await self._read(Topic(Kind.MEMBERS, group.id), model_id)

    async def _read(self, topic: Topic, model_id: str) -> None:
        named = Focus(model_id, self._state().focus.device_id)
        self._dispatch(
            await ask(self._service, topic, lambda: replace(self._state(), focus=named), self._clock)
        )

    async def _affected(self, model_id: str, rollout_id: str) -> AffectedDevices | None:
        """Return the service's own list of what moves; a service without one is no reason not to watch."""
        try:
            return (await self._service.affected_devices(model_id, rollout_id)).value
        except OctomilError:
            return None
