"""The dashboard for hours in minutes: faults, a control plane that is killed and comes back, a key that is replaced.

The real app on a real client and real sockets, on an event loop whose clock
runs faster than this machine's, so that all that waits waits less.
"""

from __future__ import annotations

import asyncio
import random
import secrets
import selectors
import tempfile
import time
from collections import Counter
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from pathlib import Path

from octomil_tui.api import connection
from octomil_tui.cli.console import prepare
from octomil_tui.cli.wiring import LIVE, open_client
from octomil_tui.engine.freshness import Link
from octomil_tui.engine.gate import Gate
from octomil_tui.engine.source import Service
from octomil_tui.resolve import resolve
from octomil_tui.settings import Flags, Setting
from octomil_tui.sim.spawn import spawn
from octomil_tui.ui.dashboard import DashboardApp
from tests.cli.drill import Drill
from tests.soak.measure import Sample, Verdict, counting, sample
from tests.soak.night import chosen
from tests.ui.pictures import pictures

SPEED = 10.0
"""Seconds of the wall's life in one second of this machine."""
GROWTH = 5e6
"""Bytes by which it may have grown over the samples that count; what a month makes of it, `dashboard` measures."""
CHANGE = (20.0, 90.0)
"""Seconds of its life between two changes of the faults, at least and at most."""
OUTAGE_EVERY, OUTAGE = 900.0, (40.0, 150.0)
"""Seconds of its life from one end of the control plane to the next, and for how long it is gone."""
SAMPLE = 60.0
PATIENCE = 900.0
"""Seconds of its life in which it is live again after all is mended."""
MODEL, TARGET = "phi-4-mini", "1.0.0"


class _SwiftSelector(selectors.DefaultSelector):
    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        return super().select(None if timeout is None else timeout / SPEED)


class SwiftLoop(asyncio.SelectorEventLoop):
    """An event loop whose seconds are shorter."""

    def __init__(self) -> None:
        super().__init__(_SwiftSelector())

    def time(self) -> float:
        return time.monotonic() * SPEED


class MortalDrill(Drill):
    """A control plane that is killed and comes back with no memory, and with the next key."""

    def come_back(self, file: Path) -> None:
        """Start again on the same port with another key, which is in its file a while later."""
        key = f"edg_sim_{secrets.token_hex(16)}"
        self.running = spawn(replace(self._options, port=self.running.port), api_key=key)
        self._http.headers["Authorization"] = f"Bearer {key}"
        file.write_text(key)


def run(*, minutes: float, seed: int) -> bool:
    """Run it for so many minutes of this machine, and say whether it held."""
    with tempfile.TemporaryDirectory() as directory, asyncio.Runner(loop_factory=SwiftLoop) as runner:
        return runner.run(_run(Path(directory), minutes, seed))


async def _run(directory: Path, minutes: float, seed: int) -> bool:
    file, crashes = directory / "key", directory / "crashes"
    crashes.mkdir()
    connection._RENEWED_AFTER = 3600.0 / SPEED
    with MortalDrill("night", speed=SPEED) as drill:
        file.write_text(drill.running.api_key)
        file.chmod(0o600)
        flags = Flags(base_url=drill.running.base_url, api_key_file=str(file))
        settings = replace(resolve(flags, {}), read_only=Setting(value=True, origin="soak"))
        _, place = prepare(settings)
        clock = asyncio.get_running_loop().time

        async def opened() -> AbstractAsyncContextManager[Service]:
            # What a minute allows is counted by the clock of its life.
            return open_client(settings, LIVE, Gate(clock=clock))

        app = DashboardApp(opened, place, clock=clock, rings=True, crash_directory=crashes)
        async with app.run_test(size=(160, 48)):
            life = Life(app, drill, file, random.Random(seed), seed)
            return await life.go(minutes, crashes)


class Life:
    """What is done to one dashboard, and what was seen of it."""

    def __init__(
        self, app: DashboardApp, drill: MortalDrill, file: Path, chance: random.Random, seed: int
    ) -> None:
        self._app, self._drill, self._file, self._chance, self._seed = app, drill, file, chance, seed
        self._clock = asyncio.get_running_loop().time
        self._began = self._clock()
        self._met: Counter[str] = Counter()
        self._links: Counter[str] = Counter()
        self._outages = self._asked = 0
        self._is_broken = False
        self._samples: list[Sample] = []

    async def go(self, minutes: float, crashes: Path) -> bool:
        """Let it live, mend everything, and say whether it held."""
        until = self._began + minutes * 60 * SPEED
        await self._until_live()
        await asyncio.to_thread(self._roll_back)
        faults_at = sample_at = self._clock()
        outage_at = self._clock() + OUTAGE_EVERY / 2
        while self._clock() < until:
            now = self._clock()
            if now >= outage_at:
                await self._outage()
                outage_at, faults_at = self._clock() + OUTAGE_EVERY, self._clock() + CHANGE[1]
            elif now >= faults_at:
                faults_at = now + self._chance.uniform(*CHANGE)
                await asyncio.to_thread(self._change_faults)
            if now >= sample_at:
                sample_at = now + SAMPLE
                self._samples.append(sample(self._app, int(now - self._began)))
            self._links[self._app._fresh().link] += 1
            await asyncio.sleep(2.0)
        await asyncio.to_thread(self._drill.clear_faults)
        is_back = await self._until_live()
        return self._say(minutes, is_back=is_back, crashes=crashes)

    def _roll_back(self) -> None:
        self._drill.operator(model=MODEL, to_version=TARGET, reason="INC-2231")

    def _change_faults(self) -> None:
        """Break something, or mend all of it, in turns."""
        self._count()
        self._is_broken = not self._is_broken
        self._drill.faults(*(chosen(self._chance) if self._is_broken else ()))

    def _count(self) -> None:
        self._met.update(self._drill.fired)

    async def _outage(self) -> None:
        """Kill the control plane, and have it back after a while with another key, and a rollback to watch."""
        await asyncio.to_thread(self._count)
        self._asked += await asyncio.to_thread(lambda: self._drill.requests)
        await asyncio.to_thread(self._drill.stop)
        await asyncio.sleep(self._chance.uniform(*OUTAGE))
        await asyncio.to_thread(self._drill.come_back, self._file)
        self._outages += 1
        await self._until_live()
        await asyncio.to_thread(self._roll_back)

    async def _until_live(self) -> bool:
        until = self._clock() + PATIENCE
        while self._clock() < until:
            known = self._app.known
            if self._app._fresh().link is Link.LIVE and known.snapshot.devices:
                return True
            await asyncio.sleep(1.0)
        return False

    def _say(self, minutes: float, *, is_back: bool, crashes: Path) -> bool:
        failures = [path.read_text()[:400] for path in crashes.iterdir()]
        hours = (self._clock() - self._began) / 3600
        name = f"wall, seed {self._seed}, {minutes:g} minutes that are {hours:.1f} hours of its life"
        verdict = Verdict(name, counting(self._samples), 1.0)
        counted = (verdict.samples[-1].refreshes - verdict.samples[0].refreshes) / 3600
        met = ", ".join(f"{kind} {count}" for kind, count in self._met.most_common())
        asked = self._asked + self._drill.requests
        links = ", ".join(f"{link} {count}" for link, count in self._links.most_common())
        grown = f"{verdict.grew_by / 1e6:+.2f} MB in the {counted:.1f} hours that count"
        ends = f"{self._outages} ends of the control plane, each with another key afterwards"
        lines = [
            *verdict.table("seconds"),
            f"{verdict.per_refresh * 3600 / 1e3:+.1f} kB an hour, {grown} (allowed {GROWTH / 1e6:.0f})",
            f"grown: {', '.join(verdict.grown) or 'nothing'}",
            f"{ends}; {asked} requests, {sum(self._met.values())} met a fault ({met})",
            f"looks at the link: {links}",
            f"failures of its own: {', '.join(failures) or 'none'}",
            "the end:",
            *pictures(self._app.screen)[:22],
            pictures(self._app.screen)[-1],
        ]
        print("\n".join(lines))  # noqa: T201 - a script's words
        writes = self._drill.writes
        is_good = (
            is_back and not failures and not verdict.grown and verdict.grew_by <= GROWTH and not writes[1:]
        )
        print("ok" if is_good else "WRONG")  # noqa: T201
        return is_good
