"""Real clients in the fleet: they register, sync, report, and follow a rollback."""

from typing import Any

import pytest

from tests.sim.rig import PHI, Rig

pytestmark = pytest.mark.anyio


async def register(rig: Rig, identifier: str = "bench-1", **body: Any) -> str:
    response = await rig.post(
        "/v1/devices/register", {"device_identifier": identifier, "platform": "python", **body}
    )
    assert response.status_code in {200, 201}, response.text
    device_id: str = response.json()["id"]
    return device_id


async def sync(rig: Rig, device: str, version: str | None = None) -> list[tuple[str, str]]:
    active = [] if version is None else [{"modelId": "phi-4-mini", "version": version}]
    response = await rig.post(f"/v1/devices/{device}/sync", {"deviceId": device, "activeVersions": active})
    assert response.status_code == 200, response.text
    return [(model["modelId"], model["desiredVersion"]) for model in response.json()["models"]]


async def test_it_joins_the_fleet_once(night: Rig) -> None:
    device = await register(night, group="staging")
    assert await register(night) == device
    found = await night.get("/v1/devices", group="staging")
    assert (found["total"], found["devices"][-1]["id"]) == (13, device)
    assert (await night.get("/v1/models/phi-4-mini"))["device_count"] == 125
    assert (await night.get("/v1/device-groups/staging"))["device_count"] == 13


async def test_it_wants_the_active_version_and_then_what_a_rollback_chooses(night: Rig) -> None:
    device = await register(night)
    assert await sync(night, device, "1.0.0") == [("phi-4-mini", "1.0.0")]
    assert (await night.roll_back("0.9.0"))["affected_devices"] == 125
    assert await sync(night, device, "1.0.0") == [("phi-4-mini", "0.9.0")]
    report = {"models": [{"modelId": "phi-4-mini", "activeVersion": "0.9.0", "status": "ACTIVE"}]}
    answer = (await night.post(f"/v1/devices/{device}/observed-state", report)).json()
    assert answer == {"ack": True, "serverTimestamp": "2026-06-17T03:12:41Z"}
    entry = (await night.tracked())["bench-1"]
    assert (entry["from_version"], entry["active_model_version"]) == ("1.0.0", "0.9.0")
    assert (entry["verified_at"], entry["settled_at"]) == ("2026-06-17T03:12:41Z", None)
    night.to("03:17:41")
    await sync(night, device)
    assert (await night.tracked())["bench-1"]["settled_at"] == "2026-06-17T03:17:41Z"


async def test_a_group_rollback_reaches_its_members_only(night: Rig) -> None:
    inside, outside = await register(night, "in", group="staging"), await register(night, "out", group="lab")
    await night.roll_back("0.9.0", group="staging")
    late = await register(night, "late", groups=["staging"])
    assert [dict(await sync(night, d))["phi-4-mini"] for d in (inside, outside, late)] == [
        "0.9.0",
        "1.0.0",
        "0.9.0",
    ]


async def test_heartbeats_by_post_and_put_keep_it_online(night: Rig) -> None:
    device = await register(night)
    night.to("03:30:00")
    assert (await night.get(f"/v1/devices/{device}"))["connectivity_status"] == "stale"
    for send in (night.client.post, night.client.put):
        answer = (
            await send(f"/v1/devices/{device}/heartbeat", json={"active_model_version": "1.0.0"})
        ).json()
        assert (answer["status"], answer["connectivity_status"]) == ("ok", "online")
    assert (await night.phi())["bench-1"]["active_model_version"] == "1.0.0"


async def test_the_other_ways_to_ask(night: Rig) -> None:
    device = await register(night, models=["whisper-sm", {"model_id": "mdl_gemma3_1b"}])
    wanted = [("whisper-sm", "3.1.0"), ("mdl_gemma3_1b", "1.4.2")]
    for method in ("GET", "POST"):
        state = (await night.client.request(method, f"/v1/devices/{device}/desired-state")).json()
        assert [(m["modelId"], m["desiredVersion"]) for m in state["models"]] == wanted
    assigned = await night.get(f"/v1/devices/{device}/assignments")
    assert [(a["model_id"], a["version"]) for a in assigned["assignments"]] == wanted


async def test_an_unknown_group_model_or_device_is_refused(night: Rig) -> None:
    for body, code in (({"group": "x"}, "group_not_found"), ({"models": ["x"]}, "model_not_found")):
        response = await night.post("/v1/devices/register", {"device_identifier": "b", **body})
        assert (response.status_code, response.json()["error"]) == (404, code)
    assert (await night.post("/v1/devices/dev_none/sync")).status_code == 404
    assert (await night.post("/v1/devices/register", {"platform": "python"})).status_code == 422
    assert (await night.get("/v1/devices"))["total"] == 124


async def test_a_revoked_device_is_turned_away(night: Rig) -> None:
    response = await night.post("/v1/devices/kiosk-us-0240/heartbeat")
    assert (response.status_code, response.json()["error"]) == (403, "device_revoked")


async def test_a_model_that_the_service_does_not_know_is_passed_over(night: Rig) -> None:
    device = await register(night)
    body = {"activeVersions": [{"modelId": "private", "version": "1"}], "modelInventory": [{}]}
    models = (await night.post(f"/v1/devices/{device}/sync", body)).json()["models"]
    assert [m["modelName"] for m in models] == ["phi-4-mini"]


async def test_a_simulated_device_plays_on(night: Rig) -> None:
    """A stray report for a simulated device is a contact; what it runs stays the fleet's to say."""
    await sync(night, "can-ios-01", "0.9.0")
    assert (await night.phi())["can-ios-01"]["active_model_version"] == "2.0.0"
    assert (await night.get(f"{PHI}"))["device_count"] == 124
