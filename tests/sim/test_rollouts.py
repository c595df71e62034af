"""The life of a rollout, as the vendor's SDK drives it."""

from typing import Any

import pytest

from tests.sim.rig import PHI, Rig

pytestmark = pytest.mark.anyio
ROLLOUTS = f"{PHI}/rollouts"


async def make(rig: Rig, version: str = "2.1.0", **body: Any) -> dict[str, Any]:
    response = await rig.post(ROLLOUTS, {"version": version, **body})
    assert response.status_code == 201, response.text
    made: dict[str, Any] = response.json()
    return made


async def act(rig: Rig, rollout: int, action: str, body: Any = None) -> dict[str, Any]:
    response = await rig.post(f"{ROLLOUTS}/{rollout}/{action}", body)
    return {"code": response.status_code, **response.json()}


async def test_one_can_be_made_beside_the_one_that_runs(night: Rig) -> None:
    made = await make(night)
    assert (made["id"], made["status"], made["rollout_percentage"]) == (4131, "pending", 10)
    assert made["started_at"] is None
    assert [r["id"] for r in await night.get(f"{ROLLOUTS}/active")] == [4127]
    assert [r["id"] for r in await night.get(ROLLOUTS, status_filter="pending")] == [4131]
    refused = await night.post(f"{PHI}/rollback", {"to_version": "2.1.0"})
    assert refused.json()["error"] == "version_not_deployed", "it has not been started"


async def test_the_whole_life(night: Rig) -> None:
    rid = (await make(night, increment_step=30))["id"]
    assert (await act(night, rid, "start"))["status"] == "active"
    assert (await night.rollout(4127))["cancelled_by_rollout_id"] == rid
    assert (await act(night, rid, "pause"))["status"] == "paused"
    assert (await act(night, rid, "advance"))["code"] == 409
    assert (await act(night, rid, "resume"))["status"] == "active"
    advanced = await act(night, rid, "advance")
    assert (advanced["rollout_percentage"], advanced["affected_devices"]) == (40, 50)
    assert (await act(night, rid, "advance", {"custom_increment": 5}))["rollout_percentage"] == 45
    less = await act(night, rid, "update-percentage", {"percentage": 10, "reason": "less"})
    assert (less["rollout_percentage"], less["affected_devices"]) == (10, 12)
    wanting = [row for row in (await night.phi()).values() if row["desired_version"] == "2.1.0"]
    assert len(wanting) == 12
    history = await night.get(f"{ROLLOUTS}/{rid}/status-history")
    assert [line["status"] for line in history] == [
        "pending",
        "active",
        "paused",
        "active",
        "active",
        "active",
        "active",
    ]
    assert history[-1]["reason"] == "less"


async def test_states_that_do_not_allow_it(night: Rig) -> None:
    for action in ("start", "resume"):
        refused = await act(night, 4127, action)
        assert (refused["code"], refused["error"]) == (409, "rollout_state_invalid")
    assert (await act(night, 3990, "update-percentage", {"percentage": 10}))["code"] == 409
    assert (await act(night, 4127, "update-percentage", {"percentage": 101}))["code"] == 422
    assert (await act(night, 9999, "pause"))["error"] == "rollout_not_found"
    assert (await night.client.get(f"{ROLLOUTS}/x%2f1")).status_code == 404


async def test_a_paused_one_does_not_step(night: Rig) -> None:
    await act(night, 4127, "pause")
    night.to("03:20:00")
    paused = await night.rollout(4127)
    assert (paused["rollout_percentage"], paused["next_step_at"]) == (40, None)
    resumed = await act(night, 4127, "resume")
    assert resumed["next_step_at"] == "2026-06-17T03:44:00Z"


async def test_the_sdks_rollback_moves_the_fleet(night: Rig) -> None:
    made = await make(
        night,
        "1.0.0",
        rollout_percentage=100.0,
        target_percentage=100.0,
        increment_step=100.0,
        start_immediately=True,
    )
    assert (made["kind"], made["status"], made["from_version"]) == ("instant", "active", "2.0.0")
    assert (await night.rollout(4127))["status"] == "cancelled"
    assert all(row["desired_version"] == "1.0.0" for row in (await night.phi()).values())
    night.to("03:45:00")
    assert (await night.rollout(4131))["status"] == "completed"
    assert (await night.get(PHI))["active_version"] == "1.0.0"


async def test_one_that_reaches_everybody_becomes_the_active_version(brief: Rig) -> None:
    for percentage in (60, 100):
        await act(brief, 4127, "update-percentage", {"percentage": percentage})
    brief.to("04:30:00")
    done = await brief.rollout(4127)
    assert (done["status"], done["device_count"]) == ("completed", 124)
    assert (await brief.get(PHI))["active_version"] == "2.0.0"
    assert (await brief.roll_back("1.0.0"))["from_version"] == "2.0.0"


async def test_rounding_to_nearest(night: Rig) -> None:
    rid = (await make(night))["id"]
    assert (await act(night, rid, "start"))["affected_devices"] == 12, "10 % of 124"


async def test_deleting(night: Rig) -> None:
    rid = (await make(night))["id"]
    assert (await night.client.delete(f"{ROLLOUTS}/{rid}")).status_code == 204
    assert (await night.client.get(f"{ROLLOUTS}/{rid}")).status_code == 404
    refused = await night.client.delete(f"{ROLLOUTS}/4127", params={"force": "false"})
    assert (refused.status_code, refused.json()["error"]) == (409, "rollout_running")
    assert (await night.client.delete(f"{ROLLOUTS}/4127", params={"force": "true"})).status_code == 204
    night.to("03:30:00")
    assert await night.versions() == {"2.0.0": 50, "1.0.0": 71, "0.9.0": 3}
    assert (await night.roll_back("2.0.0"))["affected_devices"] == 124, "it was deployed all the same"


async def test_everything_that_runs(night: Rig) -> None:
    assert [r["id"] for r in (await night.get("/v1/rollouts/active"))["rollouts"]] == [4127, 4102]


async def test_affected_devices(night: Rig) -> None:
    found = await night.get(f"{ROLLOUTS}/4127/affected-devices", limit=2, offset=1)
    assert found["by_group"] == {
        "canary": {"total": 6, "on_version": 6, "settled": 6, "by_version": {"2.0.0": 6}},
        "staging": {"total": 12, "on_version": 12, "settled": 12, "by_version": {"2.0.0": 12}},
        "eu-kiosks": {"total": 32, "on_version": 32, "settled": 26, "by_version": {"2.0.0": 32}},
    }
    assert (found["settled"], found["waiting_for"], found["by_status"]) == (44, 2, {"active": 50})
    assert (found["total"], found["on_version"], found["by_version"]) == (50, 50, {"2.0.0": 50})
    assert found["by_connectivity"] == {"online": 43, "offline": 4, "stale": 3}
    assert [row["device_identifier"] for row in found["devices"]] == ["can-ios-02", "can-and-03"]


async def test_a_deploy_to_a_group(night: Rig) -> None:
    body = {"model_id": "phi-4-mini", "version": "1.0.0", "group": "staging"}
    plan = (await night.post("/v1/deploy/prepare", body)).json()
    assert (plan["ok"], plan["target_count"]) == (True, 12)
    done = (await night.post("/v1/deploy/execute", body)).json()
    assert (done["target_count"], done["activated_count"]) == (12, 0)
    night.to("03:45:00")
    assert await night.versions("staging") == {"1.0.0": 12}
    assert await night.versions("canary") == {"2.0.0": 6}


async def test_whom_another_percentage_would_reach(night: Rig) -> None:
    path = f"{ROLLOUTS}/4127/reach"
    more = await night.get(path, percentage=60)
    assert (more["added"], more["added_by_group"]) == (24, {"us-kiosks": 21, "lab": 3})
    less = await night.get(path, percentage=20)
    assert (less["removed"], less["removed_by_group"], less["added"]) == (25, {"eu-kiosks": 25}, 0)
    assert (await night.rollout(4127))["affected_devices"] == 50, "nobody was moved"
    night.to("03:18:41")
    assert (await night.rollout(4127))["affected_devices"] == 74
    assert (await night.get(path, percentage=60))["added"] == 0
    assert (await night.client.get(f"{path}?percentage=101")).status_code == 422


async def test_whom_another_percentage_would_reach_of_many() -> None:
    async with Rig("fleet-100k") as rig:
        path = f"{ROLLOUTS}/4127"
        more = await rig.get(f"{path}/reach", percentage=55)
        assert more["added"] == sum(more["added_by_group"].values()) == 15_000
        before = (await rig.get(f"{path}/affected-devices", limit=1))["by_group"]
        await rig.post(f"{path}/update-percentage", {"percentage": 55})
        after = (await rig.get(f"{path}/affected-devices", limit=1))["by_group"]
        assert more["added_by_group"] == {
            name: added
            for name, row in after.items()
            if (added := row["total"] - before.get(name, {"total": 0})["total"])
        }
