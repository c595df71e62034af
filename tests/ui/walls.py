"""A dashboard in hand, on the control plane of this process; its clocks stand until they are moved."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, cast

from octomil_tui.domain.rollback import Phase
from octomil_tui.engine.source import Service
from octomil_tui.ui.dashboard import DashboardApp
from octomil_tui.ui.theme import DEFAULT_LOOK, Look
from octomil_tui.ui.widgets.chrome import WIDE
from tests.ui.consoles import READ_ONLY, Clock, Hands
from tests.ui.sims import PHI, PHI_ID, Sim

ROLLBACK = f"/v1/models/{PHI}/rollback"
BY_OTHERS = {"to_version": "1.0.0", "reason": "errors 6.1%, INC-2231"}


class Wall(Hands):
    """What a person sees of the dashboard."""

    @property
    def wall(self) -> DashboardApp:
        return cast("DashboardApp", self.app)

    async def rolled_back(self, sim: Sim) -> None:
        """Let somebody else roll back, fifty seconds into the night, and wait until the wall follows it."""
        self.clock.now += 50
        sim.move(50)
        await sim.post(ROLLBACK, BY_OTHERS)
        await self.later(1)
        await self.phase(PHI_ID, Phase.ROLLING_BACK)
        is_large = self.app.size.width >= WIDE
        await self.see("R O L L I N G   B A C K" if is_large else "ROLLING BACK")
        await self.see("/50" if self.app.size.height < 3 else "verified")

    async def step_to(self, seconds: float, step: float = 38.0) -> None:
        """Let time pass, reading as often as no device comes and goes unseen."""
        while seconds > 0:
            await self.later(min(step, seconds))
            seconds -= step


@asynccontextmanager
async def dashboard(
    sim: Sim,
    tmp_path: Path,
    *,
    size: tuple[int, int] = (80, 24),
    look: Look = DEFAULT_LOOK,
    load: bool = True,
    rings: bool = False,
    exit_after: float | None = None,
) -> AsyncIterator[Wall]:
    """Run a dashboard on the control plane until the block ends."""

    async def opened() -> AbstractAsyncContextManager[Service]:
        service: Any = sim.client(read_only=True)
        return cast("AbstractAsyncContextManager[Service]", service)

    clock = Clock()
    app = DashboardApp(
        opened,
        READ_ONLY,
        clock=clock,
        look=look,
        rings=rings,
        exit_after=exit_after,
        crash_directory=tmp_path,
    )
    async with app.run_test(size=size) as pilot:
        move: Callable[[float], None] = sim.move
        wall = Wall(cast("Any", app), pilot, clock, move)

        def ring() -> None:
            wall.bells += 1

        app.bell = ring  # type: ignore[method-assign]
        if load:
            await wall.loaded()
        yield wall
