"""The embedded control plane in this process: its clock stands, its log tells what was asked, its wire can break."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from octomil_tui.api.client import AsyncOctomilClient
from octomil_tui.api.key import parse_key
from octomil_tui.engine.gate import Gate
from octomil_tui.sim.app import build_app
from octomil_tui.sim.clock import ManualClock
from octomil_tui.sim.faults import Faults
from octomil_tui.sim.stamp import parse_time
from octomil_tui.sim.world import World
from tests.ui.consoles import PLACE, Hands, console

KEY = "edg_sim_test_of_the_screens"
PHI = "phi-4-mini"
PHI_ID = "mdl_phi4mini"


class Sim(httpx.AsyncBaseTransport):
    """One scenario, and the wire to it."""

    def __init__(self, scenario: str = "night", *faults: str) -> None:
        self.clock = ManualClock(parse_time("2026-06-17T03:12:41Z"))
        self.world = World.begin(scenario, clock=self.clock, faults=Faults.named(faults))
        self.door = build_app(self.world, KEY)
        self._wire = httpx.ASGITransport(app=self.door)
        self.broken: Exception | None = None
        """What every request ends with, where set."""
        self.broken_writes: Exception | None = None
        """What a write ends with before it leaves, where set."""
        self.loses_answers = False
        """Whether a write is carried out and its answer lost."""
        self.keeps_records_back = False
        """Whether, once a write was carried out, rollouts cannot be read until this is taken back."""
        self._was_written = False
        self.answers: dict[str, httpx.Response] = {}
        """Answers given instead, by the end of the path."""
        self.is_counted = False
        """Whether requests are counted by the console's clock, which stands; else a minute passes at once."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        broken = self.broken or (self.broken_writes if request.method == "POST" else None)
        if broken is not None:
            raise broken
        if self.keeps_records_back and self._was_written and "rollouts" in request.url.path:
            return httpx.Response(503, json={"error": "service_unavailable"})
        for end, answer in self.answers.items():
            if request.url.path.endswith(end):
                return httpx.Response(answer.status_code, json=answer.json())
        try:
            response = await self._wire.handle_async_request(request)
        except ConnectionError as error:
            # A fault of the control plane that ends the connection; on a socket the client reads nothing more.
            raise httpx.ReadError(str(error), request=request) from error
        self._was_written = self._was_written or request.method == "POST"
        if request.method == "POST" and self.loses_answers:
            raise httpx.ReadError("gone")
        return response

    def client(self, *, read_only: bool = False) -> AsyncOctomilClient:
        client = AsyncOctomilClient(
            "http://127.0.0.1:8000/v1", parse_key(KEY), read_only=read_only, transport=self
        )
        if not self.is_counted:
            # A test presses keys far faster than a person, in a minute that never passes.
            client.measure_with(Gate(clock=lambda: time.monotonic() * 10_000))
        return client

    def move(self, seconds: float) -> None:
        self.clock.advance_to(self.clock.now() + seconds)

    @property
    def writes(self) -> list[str]:
        """Paths of the requests that were no reads."""
        return [seen.path for seen in self.door.seen if seen.method not in ("GET", "HEAD")]

    @property
    def methods(self) -> set[str]:
        return {seen.method for seen in self.door.seen}

    async def post(self, path: str, body: dict[str, Any]) -> None:
        """Write as somebody else."""
        async with httpx.AsyncClient(
            transport=self._wire, base_url="http://127.0.0.1:8000", headers={"Authorization": f"Bearer {KEY}"}
        ) as client:
            answer = await client.post(path, json=body)
        assert answer.is_success, answer.text
        # The console may have read something meanwhile: only this one request was somebody else's.
        mine = [n for n, seen in enumerate(self.door.seen) if (seen.method, seen.path) == ("POST", path)]
        del self.door.seen[mine[-1]]


@asynccontextmanager
async def on_sim(sim: Sim, tmp_path: Path, **options: Any) -> AsyncIterator[Hands]:
    """Run a console on the control plane."""
    place = options.get("place", PLACE)
    opened: Any = partial(sim.client, read_only=place.read_only)
    running: AbstractAsyncContextManager[Hands] = console(opened, tmp_path, move=sim.move, **options)
    async with running as hands:
        yield hands
