"""What the service measures: the figures of the pictures, none where nobody tells, the same for whoever asks."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from octomil_tui.sim.health.figures import NO_FIGURES, Figures, mean, towards
from tests.sim.rig import PHI, Rig

pytestmark = pytest.mark.anyio
HEALTH = "/v1/monitoring/models/phi-4-mini"


async def versions(rig: Rig, **params: Any) -> dict[str, dict[str, Any]]:
    return {row["version"]: row for row in (await rig.get(HEALTH, **params))["versions"]}


def test_figures_put_together() -> None:
    few, many = Figures(6.0, latency_p95_ms=400, peak_memory_mb=3100), Figures(1.0, peak_memory_mb=2700)
    assert mean([(few, 1), (many, 4), (Figures(99.0), 0)]) == Figures(
        2.0, latency_p95_ms=400, peak_memory_mb=3100
    )
    assert mean([]) == NO_FIGURES
    assert towards(few, many, 0.5) == Figures(3.5, latency_p95_ms=400, peak_memory_mb=2900)


async def test_the_night_at_its_start(night: Rig) -> None:
    found = await versions(night)
    bad, good = found["2.0.0"], found["1.0.0"]
    assert (bad["now"]["error_rate_percent"], bad["now"]["latency_p95_ms"]) == (6.1, 412)
    assert bad["now"]["reporting_devices"] == 43, "the silent ones tell nothing"
    assert (good["now"]["error_rate_percent"], good["now"]["latency_p95_ms"]) == (0.7, 180)
    served = good["served"]
    assert (served["days"], served["devices"], served["error_rate_percent"]) == (14.1, 121, 0.7)
    assert {v: found[v]["served"]["error_rate_percent"] for v in ("1.1.0", "0.9.0")} == {
        "1.1.0": 4.9,
        "0.9.0": 0.9,
    }
    whole = await night.get(HEALTH)
    assert (whole["usual"]["version"], whole["usual"]["error_rate_percent"]) == ("1.0.0", 0.7)
    history = bad["history"]
    assert history[0]["at"] >= "2026-06-17T02:33:00Z", "nobody had it before"
    assert (history[0]["error_rate_percent"], history[-1]["error_rate_percent"]) == (0.8, 6.1)


async def test_no_data_is_no_zero(night: Rig) -> None:
    found = await versions(night)
    never, gone = found["2.1.0"], found["1.1.0"]
    assert (never["now"], never["served"], never["history"]) == (None, None, [])
    assert (gone["now"], gone["history"], gone["by_group"]) == (None, [], [])
    sentiment = (await night.get("/v1/monitoring/models/sentiment-v1"))["versions"][0]
    assert sentiment["now"]["accuracy_percent"] is None
    metrics = await night.get(f"{PHI}/inference-metrics", hours=1)
    assert metrics["inference"]["ttfc_ms"] is None
    pending = (await night.post(f"{PHI}/rollouts", {"version": "2.1.0"})).json()["id"]
    health = await night.get(f"/v1/monitoring/deployments/{pending}")
    assert (health["reporting_devices"], health["error_rate_percent"], health["history"]) == (0, None, [])
    assert {rule["state"] for rule in health["rules"]} == {"no_data", "no_limit"}


async def test_the_parts_are_the_whole(night: Rig) -> None:
    bad = (await versions(night))["2.0.0"]
    for part in ("by_group", "by_device_class"):
        assert sum(row["reporting_devices"] for row in bad[part]) == 43
    tablet = next(row for row in bad["by_device_class"] if row["device_class"] == "Galaxy Tab Active5")
    assert (tablet["peak_memory_mb"], tablet["available_memory_mb"], tablet["total_memory_mb"]) == (
        3100,
        3584,
        6144,
    )
    staging = (await versions(night, group="grp_staging"))["2.0.0"]["now"]
    tablets = (await versions(night, device_class="Galaxy Tab Active5"))["2.0.0"]["now"]
    assert (staging["reporting_devices"], tablets["reporting_devices"]) == (11, tablet["reporting_devices"])


async def test_the_devices_of_a_rollback_get_better(night: Rig) -> None:
    night.to("03:13:31")
    await night.roll_back()
    pictures = {
        "03:13:31": (6.1, 412),
        "03:15:23": (4.1, 336),
        "03:16:03": (2.8, 281),
        "03:16:43": (1.9, 240),
        "03:33:10": (0.7, 180),
    }
    for at, told in pictures.items():
        night.to(at)
        health = await night.get("/v1/monitoring/deployments/4131")
        assert (round(health["error_rate_percent"], 1), round(health["latency_p95_ms"])) == told
        if at == "03:16:43":
            on = {row["version"]: row for row in health["versions"]}
            assert {v: round(row["error_rate_percent"], 1) for v, row in on.items()} == {
                "1.0.0": 0.8,
                "2.0.0": 4.7,
            }
            assert {v: row["reporting_devices"] for v, row in on.items()} == {"1.0.0": 31, "2.0.0": 12}
    assert health["usual"]["version"] == "1.0.0"
    since = [p["error_rate_percent"] for p in health["history"] if p["at"] >= "2026-06-17T03:14:00Z"]
    assert (since[0], since[-1], len(health["history"]) <= 61) == (6.11, 0.7, True)
    # Until those come back that nobody heard for a while, it only gets better.
    heard = [p["error_rate_percent"] for p in health["history"] if "03:14" <= p["at"][11:16] < "03:19"]
    assert all(later <= earlier + 0.02 for earlier, later in pairwise(heard))


async def test_the_past_does_not_depend_on_who_asked() -> None:
    async with Rig("night") as asked, Rig("night") as other:
        for rig in (asked, other):
            rig.to("03:13:31")
            await rig.roll_back()
        for minute in range(14, 50):
            asked.to(f"03:{minute}:00")
            await versions(asked)
        other.to("03:49:00")
        assert await versions(asked) == await versions(other)


def paths() -> Iterator[str]:
    yield from ("/v1/monitoring/overview", HEALTH, "/v1/monitoring/deployments/4127")
    yield from (f"{PHI}/inference-metrics?hours=720", f"{PHI}/performance", "/v1/logs/audit")


@pytest.mark.parametrize("scenario", ["night", "brief", "fleet-100k"])
async def test_figures_make_sense(scenario: str) -> None:
    async with Rig(scenario) as rig:
        for path in paths():
            _check_names(await rig.get(path))
        overview = await rig.get("/v1/monitoring/overview")
        for model in overview["models"]:
            reporting = sum(row["now"]["reporting_devices"] for row in model["versions"])
            assert 0 < reporting <= model["device_count"]
        phi = overview["models"][0]
        assert [row["version"] for row in phi["versions"]][:2] == ["2.0.0", "1.0.0"]
        assert phi["usual"]["version"] == "1.0.0"
        metrics = (await rig.get(f"{PHI}/inference-metrics", hours=1))["inference"]
        assert metrics["completed"] + metrics["failed"] == metrics["total_sessions"] > 0
        assert 90 < metrics["success_rate"] < 100


def _check_names(body: Any) -> None:
    """See that every figure is under a name with its unit, and within it."""
    if isinstance(body, list):
        for item in body:
            _check_names(item)
    elif isinstance(body, dict):
        for name, value in body.items():
            assert name not in {"error_rate", "crash_rate", "latency", "accuracy", "memory"}
            if name.endswith("_percent") and isinstance(value, float | int):
                assert 0 <= value <= 100
            _check_names(value)


async def test_a_seed_says_how_figures_waver() -> None:
    histories = []
    for seed in (1, 1, 2):
        async with Rig("night", seed=seed) as rig:
            rig.to("03:40:00")
            histories.append((await versions(rig))["1.0.0"]["history"])
    assert histories[0] == histories[1] != histories[2]


async def test_one_device(night: Rig) -> None:
    found = await night.get("/v1/monitoring/devices/kiosk-eu-0101")
    assert (found["device_class"], found["total_memory_mb"]) == ("Orin NX, 8 GB", 8192)
    phi = next(row for row in found["models"] if row["model_id"] == "mdl_phi4mini")
    assert (phi["version"], round(phi["error_rate_percent"], 1)) == ("2.0.0", 6.1)
    await night.post("/v1/devices/register", {"device_identifier": "bench-1"})
    real = await night.get("/v1/monitoring/devices/bench-1")
    assert (real["total_memory_mb"], real["models"]) == (None, [])


async def test_a_rollback_by_the_vendors_client_is_held_against_what_it_brings_back(night: Rig) -> None:
    sent = {"version": "1.0.0", "rollout_percentage": 100.0, "start_immediately": True}
    made = (await night.post(f"{PHI}/rollouts", sent)).json()
    health = await night.get(f"/v1/monitoring/deployments/{made['id']}")
    assert (health["usual"]["version"], health["usual"]["error_rate_percent"]) == ("1.0.0", 0.7)
    assert (await night.get(HEALTH))["usual"]["version"] == "1.0.0"
    again = {**sent, "version": "2.0.0"}
    made = (await night.post(f"{PHI}/rollouts", again)).json()
    health = await night.get(f"/v1/monitoring/deployments/{made['id']}")
    assert (health["usual"]["version"], health["from_version"]) == ("1.0.0", "1.0.0")


async def test_unknown_things_are_404(night: Rig) -> None:
    for path in ("models/nobody", "deployments/9", "deployments/9/events", "devices/nobody"):
        assert (await night.client.get(f"/v1/monitoring/{path}")).status_code == 404


async def test_a_large_fleet_gets_better_too() -> None:
    async with Rig("fleet-100k") as rig:
        await rig.roll_back()
        rig.to("03:16:43")
        health = await rig.get("/v1/monitoring/deployments/4131")
        assert health["usual"]["error_rate_percent"] < health["error_rate_percent"] < 6.1
        assert 30_000 < health["reporting_devices"] < 40_000, "those that it changes"
        rig.to("04:16:43")
        health = await rig.get("/v1/monitoring/deployments/4131")
        assert round(health["error_rate_percent"], 1) == 0.7
