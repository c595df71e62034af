"""Every drill does what its docstring says, to whoever does what a good operator does."""

from importlib import import_module
from typing import Any

import httpx
import pytest

from octomil_tui.sim import scenarios
from octomil_tui.sim.options import SCENARIOS
from tests.sim.rig import PHI, Rig

pytestmark = pytest.mark.anyio

DRILLS = tuple(name for name in SCENARIOS if name not in {"night", "brief", "fleet-100k", "fleet-1m"})


def later(rig: Rig, seconds: float) -> None:
    rig.clock.advance_to(rig.clock.now() + seconds)


async def on_bad(rig: Rig) -> dict[str, Any]:
    rows = (await rig.get("/v1/monitoring/models/phi-4-mini", minutes=1))["versions"]
    found: dict[str, Any] = next(row for row in rows if row["version"] == "2.0.0")
    return found


def test_every_scenario_is_listed_and_told() -> None:
    assert set(scenarios.BUILDERS) == set(SCENARIOS)
    for name in DRILLS:
        story = import_module(scenarios.BUILDERS[name].__module__).__doc__ or ""
        assert story.startswith(f"`{name}`: {SCENARIOS[name]}.")
        assert "A good operator" in story


@pytest.mark.parametrize("name", DRILLS)
async def test_a_drill_begins_as_brief_does(name: str) -> None:
    async with Rig(name) as rig:
        assert await rig.versions() == {"2.0.0": 50, "1.0.0": 74}
        running = await rig.rollout(4127)
        assert (running["status"], running["rollout_percentage"]) == ("active", 40)


async def test_latency_regression_is_latency_alone() -> None:
    async with Rig("latency-regression") as rig:
        later(rig, 400)
        now = (await on_bad(rig))["now"]
        assert (round(now["latency_p95_ms"], -1), round(now["error_rate_percent"], 1)) == (640, 0.7)
        assert (now["crash_rate_percent"], now["accuracy_percent"]) == (0.1, 91.4)


async def test_a_crash_spike_is_one_class_most_of_all() -> None:
    async with Rig("crash-spike") as rig:
        later(rig, 400)
        found = await on_bad(rig)
        by_class = {row["device_class"]: row["crash_rate_percent"] for row in found["by_device_class"]}
        assert by_class.pop("Galaxy Tab Active5") == pytest.approx(13.5, rel=0.01)
        assert max(by_class.values()) < 0.4
        assert found["now"]["error_rate_percent"] < 2 < found["now"]["crash_rate_percent"]


async def test_memory_takes_a_class_down_and_a_rollback_saves_the_rest() -> None:
    async with Rig("memory") as rig:
        later(rig, 240)
        tablets = next(
            row
            for row in (await on_bad(rig))["by_device_class"]
            if row["device_class"] == "Galaxy Tab Active5"
        )
        assert tablets["peak_memory_mb"] > tablets["available_memory_mb"]
        await rig.roll_back()
        later(rig, 3600)
        lost = [d for d in await rig.devices() if d["connectivity_status"] == "offline"]
        assert {d["model"] for d in lost} == {"Galaxy Tab Active5"}
        assert 2 <= len(lost) <= 8
        assert (await rig.versions()) == {"1.0.0": 124 - len(lost), "2.0.0": len(lost)}
    async with Rig("memory") as rig:
        later(rig, 3600)
        gone = sum(d["connectivity_status"] == "offline" for d in await rig.devices())
        assert gone > len(lost), "who does nothing loses them all"


async def test_quality_falls_and_no_rule_sees_it() -> None:
    async with Rig("quality") as rig:
        later(rig, 3600)
        now = (await on_bad(rig))["now"]
        assert (now["accuracy_percent"], round(now["error_rate_percent"], 1)) == (78.5, 0.7)
        assert (await rig.get("/v1/settings"))["auto_rollback_enabled"]
        assert await rig.get("/v1/monitoring/incidents") == []


async def test_a_site_is_away_for_a_while() -> None:
    async with Rig("site-offline") as rig:
        await rig.roll_back()
        later(rig, 80)
        assert {d["connectivity_status"] for d in await rig.devices()} == {"online"}
        later(rig, 1700)
        away = [d for d in await rig.devices() if d["connectivity_status"] == "offline"]
        assert {d["groups"][0] for d in away} == {"eu-kiosks"}
        assert len(away) == 40
        assert 0 < (await rig.versions("eu-kiosks"))["2.0.0"] < 32
        later(rig, 600)
        assert await rig.versions() == {"1.0.0": 124}
        assert {d["connectivity_status"] for d in await rig.devices()} == {"online"}


async def test_somebody_else_takes_the_rollback_over() -> None:
    async with Rig("second-operator") as rig:
        later(rig, 600)
        assert (await rig.get(f"{PHI}/rollouts"))[0]["id"] == 4127, "she waits for the first one"
        await rig.roll_back()
        later(rig, 151)
        newest, mine = (await rig.get(f"{PHI}/rollouts"))[:2]
        assert (newest["created_by"], newest["version"], newest["reason"]) == (
            "ana",
            "0.9.0",
            "1.0.0 seems slow to me",
        )
        assert (mine["status"], mine["cancelled_by_rollout_id"]) == ("cancelled", newest["id"])
        (event, *_) = (await rig.get("/v1/logs/audit", action="model.rollback"))["events"]
        assert (event["actor"]["id"], event["metadata"]["version"]) == ("ana", "0.9.0")
        assert "ana" in [member["name"] for member in await rig.get("/v1/orgs/org_demo/members")]
        later(rig, 1200)
        assert await rig.versions() == {"0.9.0": 124}


async def test_the_service_is_away_and_goes_on() -> None:
    async with Rig("api-loss") as rig:
        await rig.roll_back()
        later(rig, 59)
        before = (await rig.rollout(4131))["on_version"]
        for _ in range(4):
            later(rig, 60)
            with pytest.raises((httpx.TransportError, ConnectionError)):
                await rig.client.get("/v1/models")
        later(rig, 60)
        assert (await rig.rollout(4131))["on_version"] > before
        assert (await rig.get("/_sim/faults"))["faults"] == []


async def test_a_whole_job_in_every_drill() -> None:
    for name in DRILLS:
        async with Rig(name) as rig:
            later(rig, 30)
            await rig.roll_back()
            later(rig, 7200)
            rollouts = await rig.get(f"{PHI}/rollouts")
            assert rollouts[0]["status"] == "completed", name
