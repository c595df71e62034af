"""The dashboard on the same stage: somebody else rolls back, the service goes away, and nobody touches a key."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import cast

import httpx
from textual.pilot import Pilot

from octomil_tui.domain.rollback import Phase
from octomil_tui.engine.session import Session
from octomil_tui.engine.state import ConsoleState
from octomil_tui.engine.topic import ACTIVE, DEVICES, Topic, rollouts_of
from octomil_tui.sim.service import RollbackOrder
from octomil_tui.ui.app import ConsoleApp
from octomil_tui.ui.dashboard import DashboardApp
from octomil_tui.ui.present.page_turn import TURN
from tests.snapshots.stage import KEY, Stage, at

MODEL = "phi-4-mini"
_ROLLBACK = f"/v1/models/{MODEL}/rollback"
_BODY = {"to_version": "1.0.0", "reason": "errors 6.1% after v2.0.0, INC-2231"}
_TRIES = 6
_BREATH = 10.0


class Breakable(httpx.AsyncBaseTransport):
    """A wire that can be cut."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self.inner = inner
        self.is_cut = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.is_cut:
            raise httpx.ConnectTimeout("cut", request=request)
        return await self.inner.handle_async_request(request)


class WallStage(Stage):
    """One dashboard, one world, one clock."""

    def _build(self) -> ConsoleApp:
        self._transport = self.wire = Breakable(self._transport)
        self._read_only = True
        app = DashboardApp(
            self._open,
            self.place,
            clock=self._mono,
            chance=lambda: 0.5,
            crash_directory=Path("/nonexistent"),
        )
        # What a stage asks of its app, both have.
        return cast("ConsoleApp", app)

    @property
    def _session(self) -> Session:
        session = cast("DashboardApp", self.app)._session
        if session is None:
            raise AssertionError("nothing was read yet")
        return session

    def _ask_again(self) -> None:
        self._session.refresh()

    async def roll_back(self, pilot: Pilot[int]) -> None:
        """Let somebody else roll back, and wait until the dashboard follows it."""
        headers = {"Authorization": f"Bearer {KEY}"}
        async with httpx.AsyncClient(
            transport=self.wire.inner, base_url="http://127.0.0.1:8765", headers=headers
        ) as other:
            answer = await other.post(_ROLLBACK, json=_BODY)
        if not answer.is_success:
            raise AssertionError(answer.text)
        await self.read_again(pilot)
        await self.until(pilot, lambda state: Phase.ROLLING_BACK in _phases(state))

    async def fail(self, pilot: Pilot[int], seconds: float) -> None:
        """Cut the wire, and let so many seconds pass in which several tries fail."""
        self.wire.is_cut = True
        for tries in range(1, _TRIES + 1):
            self.clock.advance_to(self.clock.now() + seconds / _TRIES)
            # Not a refresh, which forgets how often a read failed.
            self._session._poller.wake()
            await self.until(pilot, partial(self._have_failed, tries))
        cast("DashboardApp", self.app)._tick()
        await pilot.pause()

    async def turn(self, pilot: Pilot[int], pages: int) -> None:
        """Let so many pages be turned, and two seconds pass."""
        app = cast("DashboardApp", self.app)
        for _ in range(pages):
            # In steps: of data that is old, no page is turned.
            for _ in range(int(TURN / _BREATH)):
                self.clock.advance_to(self.clock.now() + _BREATH)
                await self.read_again(pilot)
            app._tick()
        self.clock.advance_to(self.clock.now() + 2)
        app._tick()
        await pilot.pause()

    def _have_failed(self, tries: int, state: ConsoleState) -> bool:
        return all(state.reads[topic].failures == tries for topic in self._topics())

    def _topics(self) -> Sequence[Topic]:
        return (ACTIVE, DEVICES, *map(rollouts_of, self.app.known.rollbacks))


class CalmStage(WallStage):
    """The same when the night is over: it was rolled back long ago, and nothing is wrong."""

    def _build(self) -> ConsoleApp:
        order = RollbackOrder("1.0.0", _BODY["reason"], None, "ops")
        self.world.service.rollback("mdl_phi4mini", order)
        self.clock.advance_to(at("03:50:00"))
        return super()._build()


def _phases(state: ConsoleState) -> list[Phase]:
    return [rollback.phase for rollback in state.rollbacks.values()]


def _wall(stage: Stage) -> WallStage:
    if not isinstance(stage, WallStage):
        raise TypeError("a scene of the dashboard is played on its own stage")
    return stage


async def crossed(stage: Stage, pilot: Pilot[int]) -> None:
    await stage.first_data(pilot)
    await stage.pass_to(pilot, "03:12:58")


async def rolling_back(stage: Stage, pilot: Pilot[int]) -> None:
    await stage.first_data(pilot)
    await stage.pass_to(pilot, "03:13:31")
    await _wall(stage).roll_back(pilot)
    await stage.pass_to(pilot, "03:16:43")


async def stale(stage: Stage, pilot: Pilot[int]) -> None:
    await rolling_back(stage, pilot)
    await _wall(stage).fail(pilot, 247)


async def by_itself(stage: Stage, pilot: Pilot[int]) -> None:
    """The service rolls back on its own account: nobody asked for it."""
    stage.world.policy.change({"auto_rollback_enabled": True, "error_threshold_percent": 4.0})
    await stage.first_data(pilot)
    await stage.pass_to(pilot, "03:14:31")
    await stage.until(pilot, lambda state: Phase.ROLLING_BACK in _phases(state))
    await stage.pass_to(pilot, "03:16:43")


async def quiet(stage: Stage, pilot: Pilot[int]) -> None:
    await stage.first_data(pilot)
    await _wall(stage).roll_back(pilot)
    await stage.pass_to(pilot, "03:40:00")


async def models(stage: Stage, pilot: Pilot[int]) -> None:
    await stage.first_data(pilot)
    await _wall(stage).turn(pilot, 1)


async def groups(stage: Stage, pilot: Pilot[int]) -> None:
    await stage.first_data(pilot)
    await _wall(stage).turn(pilot, 2)


async def events(stage: Stage, pilot: Pilot[int]) -> None:
    await stage.first_data(pilot)
    await _wall(stage).turn(pilot, 3)
