"""`fleet-100k` and `fleet-1m` as a client sees them."""

from collections.abc import AsyncIterator

import httpx
import pytest

from octomil_tui.sim.options import SimOptions
from octomil_tui.sim.spawn import spawn
from tests.sim.rig import PHI, Rig

pytestmark = pytest.mark.anyio


@pytest.fixture
async def million() -> AsyncIterator[Rig]:
    async with Rig("fleet-1m") as rig:
        yield rig


@pytest.mark.parametrize(("scenario", "size"), [("fleet-100k", 100_000), ("fleet-1m", 1_000_000)])
async def test_pages_at_both_ends_and_honest_totals(scenario: str, size: int) -> None:
    async with Rig(scenario) as rig:
        await check_pages(rig, size)


async def check_pages(rig: Rig, size: int) -> None:
    seen = set()
    for offset, expected in ((0, 1000), (size // 2, 1000), (size - 1000, 1000), (size - 3, 3), (size, 0)):
        page = await rig.get("/v1/devices", limit=1000, offset=offset)
        assert (page["total"], len(page["devices"])) == (size, expected)
        seen |= {device["id"] for device in page["devices"]}
    assert len(seen) == 3000
    assert (await rig.client.get("/v1/devices?limit=1001")).status_code == 422
    groups = (await rig.get("/v1/device-groups"))["groups"]
    assert sum(group["device_count"] for group in groups) == size
    for group in groups:
        members = await rig.get(f"/v1/device-groups/{group['id']}/devices", limit=1, offset=5)
        assert members["total"] == group["device_count"]
        assert members["devices"][0]["groups"] == [group["name"]]
    words = [(await rig.get("/v1/devices", limit=1, status=w))["total"] for w in ("active", "revoked")]
    states = [
        (await rig.get("/v1/devices", limit=1, status=w))["total"] for w in ("online", "stale", "offline")
    ]
    assert (sum(words), sum(states)) == (size, words[0])
    platforms = [
        (await rig.get("/v1/devices", limit=1, platform=p))["total"] for p in ("ios", "android", "linux")
    ]
    assert (sum(platforms), min(platforms) > 0) == (size, True)


async def test_it_starts_with_the_bad_version_at_40_percent(million: Rig) -> None:
    rig, size = million, 1_000_000
    running = await rig.rollout(4127)
    assert (running["status"], running["rollout_percentage"]) == ("active", 40)
    assert (running["affected_devices"], running["total_devices"]) == (size * 4 // 10, size)
    found = await rig.get(f"{PHI}/rollouts/4127/affected-devices", limit=5, offset=size * 4 // 10 - 5)
    assert (found["total"], len(found["devices"])) == (size * 4 // 10, 5)
    assert found["on_version"] == running["on_version"] > 0.9 * found["total"]
    assert sum(found["by_version"].values()) == sum(found["by_connectivity"].values()) == found["total"]
    assert len((await rig.get("/v1/models"))["models"]) == 20
    assert {r["id"] for r in (await rig.get("/v1/rollouts/active"))["rollouts"]} == {4102, 4119, 4127}


async def test_the_whole_fleet_goes_back(million: Rig) -> None:
    rig, size = million, 1_000_000
    receipt = await rig.roll_back()
    assert (receipt["affected_devices"], receipt["cancelled_rollout_id"]) == (size, 4127)
    percent = []
    for moment in ("03:13:00", "03:15:00", "03:18:00", "03:30:00", "04:30:00"):
        rig.to(moment)
        percent.append((await rig.rollout(4131))["rollout_percentage"])
    assert percent == sorted(percent)
    assert (await rig.rollout(4131))["status"] == "completed"
    found = await rig.get(f"{PHI}/rollouts/4131/affected-devices", limit=1)
    assert 0.98 * size < found["settled"] < size, "some are offline"


async def test_one_group_of_exactly_20_000_goes_back() -> None:
    async with Rig("fleet-100k") as rig:
        receipt = await rig.roll_back(group="eu-kiosks")
        assert (receipt["affected_devices"], receipt["group"]) == (20_000, "eu-kiosks")
        rig.to("04:30:00")
        done = await rig.rollout(4131)
        assert (done["status"], done["total_devices"], done["rollout_percentage"]) == (
            "completed",
            20_000,
            99,
        )
        outside = await rig.get("/v1/devices", limit=1000, offset=60_000)
        assert {d["models"][0]["active_model_version"] for d in outside["devices"]} == {
            "0.9.0",
            "1.0.0",
            "2.0.0",
        }


async def test_steps_of_a_rollout_go_as_in_a_small_fleet() -> None:
    async with Rig("fleet-100k") as rig:
        rollouts = f"{PHI}/rollouts"
        assert (await rig.post(f"{rollouts}/4127/pause")).json()["status"] == "paused"
        assert (await rig.post(f"{rollouts}/4127/resume")).json()["status"] == "active"
        advanced = (await rig.post(f"{rollouts}/4127/advance")).json()
        assert (advanced["rollout_percentage"], advanced["affected_devices"]) == (60, 60_000)
        less = await rig.post(f"{rollouts}/4127/update-percentage", {"percentage": 10.5})
        assert less.json()["affected_devices"] == 10_500
        wanting = await rig.get(f"{rollouts}/4127/affected-devices", limit=1000)
        assert {row["desired_version"] for row in wanting["devices"]} == {"2.0.0"}
        rig.to("03:31:00")
        step = await rig.get("/v1/models/stock-shelf/rollouts/4119")
        assert (step["rollout_percentage"], step["affected_devices"]) == (75, 4688)


async def test_a_real_client_joins_the_crowd_and_follows_a_rollback() -> None:
    async with Rig("fleet-100k") as rig:
        body = {"device_identifier": "bench-1", "platform": "python", "group": "eu-kiosks"}
        device = (await rig.post("/v1/devices/register", body)).json()["id"]
        page = await rig.get("/v1/devices", limit=2, offset=99_999)
        assert (page["total"], page["devices"][-1]["id"]) == (100_001, device)
        assert (await rig.get("/v1/device-groups/eu-kiosks"))["device_count"] == 20_001
        active = {"activeVersions": [{"modelId": "phi-4-mini", "version": "2.0.0"}]}
        await rig.post(f"/v1/devices/{device}/sync", active)
        assert (await rig.roll_back(group="eu-kiosks"))["affected_devices"] == 20_001
        synced = (await rig.post(f"/v1/devices/{device}/sync", active)).json()
        assert synced["models"][0]["desiredVersion"] == "1.0.0"
        # It has the same say as anybody else in when the rollback is over.
        rig.to("03:27:00")
        waiting = await rig.get(f"{PHI}/rollouts/4131/affected-devices", limit=1)
        assert waiting["devices"][0]["device_identifier"] == "bench-1"
        known = await rig.post("/v1/devices/register", {**body, "device_identifier": "kiosk-eu-005000"})
        assert (known.status_code, known.json()["device_identifier"]) == (200, "kiosk-eu-005000")


async def test_a_device_that_is_singled_out_is_counted_once() -> None:
    async with Rig("fleet-100k") as rig:
        name = "kiosk-eu-005000"
        before = await rig.get(f"/v1/devices/{name}")
        answer = await rig.post(f"/_sim/devices/{name}", {"state": "offline"})
        assert (answer.status_code, answer.json()["id"]) == (200, before["id"])
        found = await rig.get("/v1/devices", search=name)
        assert (found["total"], found["devices"][0]["connectivity_status"]) == (1, "offline")
        assert (await rig.get("/v1/devices", limit=1))["total"] == 100_000
        assert (await rig.get("/v1/device-groups/eu-kiosks"))["device_count"] == 20_000
        assert (await rig.roll_back(group="eu-kiosks"))["affected_devices"] == 20_000
        assert (await rig.get(f"/v1/devices/{name}"))["id"] == before["id"]


async def test_forgotten_rollouts_leave_the_crowd_as_it_runs() -> None:
    async with Rig("fleet-100k") as rig:
        await rig.roll_back()
        await rig.post("/_sim/forget")
        assert await rig.get(f"{PHI}/rollouts") == []
        assert (await rig.roll_back())["rollout_id"] == 4131
        rig.to("04:30:00")
        assert (await rig.rollout(4131))["status"] == "completed"
        assert (await rig.get(f"{PHI}/rollouts/4131/affected-devices", limit=1))["total"] == 100_000


async def test_a_deploy_names_no_more_devices_than_a_page() -> None:
    async with Rig("fleet-100k") as rig:
        plan = (await rig.post("/v1/deploy/prepare", {"model_id": "phi-4-mini", "version": "1.0.0"})).json()
        assert (plan["target_count"], len(plan["resolved_targets"])) == (100_000, 1000)
        assert plan["warnings"] == ["99000 more targets are not listed."]
        body = {"model_id": "phi-4-mini", "version": "1.0.0", "group": "canary"}
        done = (await rig.post("/v1/deploy/execute", body)).json()
        assert (done["target_count"], len(done["device_statuses"])) == (200, 200)


def test_the_process_starts_and_answers() -> None:
    with spawn(SimOptions(scenario="fleet-1m")) as running:
        key = {"Authorization": f"Bearer {running.api_key}"}
        last = f"{running.base_url}/devices?limit=1000&offset=999000"
        page = httpx.get(last, headers=key, timeout=30.0, trust_env=False).json()
    assert (page["total"], len(page["devices"])) == (1_000_000, 1000)
