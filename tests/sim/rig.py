"""A world with a clock that stands, and a client that speaks to it without a socket."""

from collections import Counter
from types import TracebackType
from typing import Any, Self

import httpx

from octomil_tui.sim.app import build_app
from octomil_tui.sim.clock import ManualClock
from octomil_tui.sim.faults import Faults
from octomil_tui.sim.stamp import parse_time
from octomil_tui.sim.world import World

__all__ = ["DAY", "KEY", "PHI", "Rig"]

KEY = "edg_sim_test"
DAY = "2026-06-17T"
PHI = "/v1/models/phi-4-mini"


class Rig:
    """A scenario, stepped by hand."""

    def __init__(self, scenario: str = "night", *, seed: int = 0, faults: tuple[str, ...] = ()) -> None:
        self.clock = ManualClock(parse_time(f"{DAY}03:12:41Z"))
        self.world = World.begin(scenario, clock=self.clock, seed=seed, faults=Faults.named(faults))
        self.app = build_app(self.world, KEY)
        transport = httpx.ASGITransport(app=self.app)
        self.client = httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1:8000", headers={"Authorization": f"Bearer {KEY}"}
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.client.aclose()

    def to(self, time_of_day: str) -> None:
        self.clock.advance_to(parse_time(f"{DAY}{time_of_day}Z"))

    async def get(self, path: str, **params: Any) -> Any:
        response = await self.client.get(path, params=params or None)
        assert response.status_code == 200, response.text
        return response.json()

    async def post(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.post(path, json={} if body is None else body, headers=named)

    async def roll_back(self, to_version: str = "1.0.0", **body: Any) -> dict[str, Any]:
        response = await self.post(f"{PHI}/rollback", {"to_version": to_version, **body})
        assert response.status_code == 202, response.text
        receipt: dict[str, Any] = response.json()
        return receipt

    async def devices(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.get("/v1/devices", limit=1000))["devices"]
        return found

    async def phi(self) -> dict[str, dict[str, Any]]:
        """Return phi-4-mini on every device, with the device's own fields, by identifier."""
        return {
            device["device_identifier"]: {**device, **entry}
            for device in await self.devices()
            for entry in device["models"]
            if entry["model_name"] == "phi-4-mini"
        }

    async def versions(self, group: str | None = None) -> Counter[str]:
        rows = (await self.phi()).values()
        return Counter(row["active_model_version"] for row in rows if group in {None, row["groups"][0]})

    async def tracked(self, rollout: int = 4131) -> dict[str, dict[str, Any]]:
        found = await self.get(f"{PHI}/rollouts/{rollout}/affected-devices")
        return {row["device_identifier"]: row for row in found["devices"]}

    async def rollout(self, rollout: int) -> dict[str, Any]:
        found: dict[str, Any] = await self.get(f"{PHI}/rollouts/{rollout}")
        return found
