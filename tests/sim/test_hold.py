"""Versions that are held, rollouts that are cancelled, and what the audit log says of it all."""

import pytest

from tests.sim.rig import PHI, Rig

pytestmark = pytest.mark.anyio

ROLLOUTS = f"{PHI}/rollouts"
BAD = "/v1/models/model-versions/ver_phi4mini_2_0_0"


async def test_a_held_version_comes_to_nobody_until_it_is_released(night: Rig) -> None:
    busy = await night.post(f"{BAD}/deprecate", {"reason": "errors"})
    assert (busy.status_code, busy.json()["operation"]["rollout_id"]) == (409, 4127)
    await night.roll_back()
    held = (await night.post(f"{BAD}/deprecate", {"reason": "errors"})).json()
    assert (held["status"], held["held"]["by"], held["held"]["reason"]) == ("deprecated", "ops", "errors")
    assert (await night.get(f"{PHI}/versions", status="deprecated"))["versions"][0]["version"] == "2.0.0"
    refused = [
        await night.post(f"{BAD}/deprecate"),
        await night.post(ROLLOUTS, {"version": "2.0.0"}),
        await night.post(f"{PHI}/rollback", {"to_version": "2.0.0"}),
        await night.post("/v1/deploy/execute", {"model_name": "phi-4-mini", "version": "2.0.0"}),
    ]
    assert {r.status_code for r in refused} == {409}
    assert {r.json()["error"] for r in refused} == {"version_held"}
    assert refused[0].json()["message"] == "phi-4-mini 2.0.0 is held by ops: errors."
    released = (await night.post(f"{BAD}/publish", {"reason": "fixed"})).json()
    assert (released["status"], released["held"]) == ("active", None)
    assert (await night.post(f"{BAD}/publish")).status_code == 409
    assert (await night.post(ROLLOUTS, {"version": "2.0.0"})).status_code == 201
    unknown = await night.post("/v1/models/model-versions/ver_nobody/deprecate")
    assert unknown.status_code == 404
    events = (await night.get("/v1/logs/audit", action="model.version.", limit=2))["events"]
    assert [(e["action"], e["metadata"]["reason"]) for e in events] == [
        ("model.version.published", "fixed"),
        ("model.version.deprecated", "errors"),
    ]


async def test_a_pending_or_paused_rollout_of_a_held_version_does_not_go_on(night: Rig) -> None:
    rid = (await night.post(ROLLOUTS, {"version": "1.1.0"})).json()["id"]
    held = await night.post("/v1/models/model-versions/ver_phi4mini_1_1_0/deprecate")
    assert held.status_code == 200
    assert (await night.post(f"{ROLLOUTS}/{rid}/start")).json()["error"] == "version_held"
    assert (await night.rollout(4127))["status"] == "active", "nothing was displaced for it"


async def test_to_cancel_is_not_to_roll_back(night: Rig) -> None:
    before = await night.versions()
    cancelled = (await night.post(f"{ROLLOUTS}/4127/cancel", {"reason": "enough"})).json()
    assert (cancelled["status"], cancelled["cancelled_by_rollout_id"]) == ("cancelled", None)
    night.to("03:50:00")
    assert await night.versions() == before, "everybody is where they were"
    assert [r["id"] for r in await night.get(f"{ROLLOUTS}/active")] == []
    line = (await night.get(f"{ROLLOUTS}/4127/status-history"))[-1]
    assert (line["status"], line["percentage"], line["by"], line["reason"]) == (
        "cancelled",
        40,
        "ops",
        "enough",
    )
    for action in ("cancel", "pause", "resume", "advance", "start"):
        assert (await night.post(f"{ROLLOUTS}/4127/{action}")).status_code == 409
    assert (await night.client.delete(f"{ROLLOUTS}/4127")).status_code == 204


async def test_a_paused_rollout_assigns_nobody_more(night: Rig) -> None:
    await night.post(f"{ROLLOUTS}/4127/pause", {"reason": "looking"})
    night.to("04:30:00")
    paused = await night.rollout(4127)
    assert (paused["status"], paused["affected_devices"], paused["next_step_at"]) == ("paused", 50, None)
    wanting = [row for row in (await night.phi()).values() if row["desired_version"] == "2.0.0"]
    assert len(wanting) == 50
    await night.post(f"{ROLLOUTS}/4127/resume", {"reason": "fine"})
    await night.post(f"{ROLLOUTS}/4127/advance", {"custom_increment": 5, "reason": "slowly"})
    history = await night.get(f"{ROLLOUTS}/4127/status-history")
    assert [(line["status"], line["reason"]) for line in history[-3:]] == [
        ("paused", "looking"),
        ("active", "fine"),
        ("active", "slowly"),
    ]
    actions = [e["event_type"] for e in await night.get("/v1/monitoring/deployments/4127/events")]
    assert actions[:3] == ["advanced", "resumed", "paused"]


async def test_an_action_with_a_key_is_carried_out_once(night: Rig) -> None:
    path, body = f"{ROLLOUTS}/4127/advance", {"custom_increment": 5}
    first, again = [await night.post(path, body, Idempotency_Key="one") for _ in range(2)]
    assert (first.json()["rollout_percentage"], again.json()) == (45, first.json())
    assert again.headers["Idempotent-Replayed"] == "true"
    other = await night.post(path, {"custom_increment": 6}, Idempotency_Key="one")
    assert (other.status_code, (await night.rollout(4127))["rollout_percentage"]) == (422, 45)


async def test_the_audit_log_and_the_activity(night: Rig) -> None:
    whole = await night.get("/v1/logs/audit", limit=1000)
    assert whole["total"] == len(whole["events"]) > 20
    stamps = [event["timestamp"] for event in whole["events"]]
    assert stamps == sorted(stamps, reverse=True)
    assert len({event["id"] for event in whole["events"]}) == whole["total"]
    newest = [(e["action"], e["actor"]["id"]) for e in whole["events"][:3]]
    assert newest == [
        ("policy.threshold_crossed", "auto"),
        ("rollout.advanced", "ops"),
        ("model.deployed", "ops"),
    ]
    page = await night.get("/v1/logs/audit", limit=2, offset=1)
    assert page["events"] == whole["events"][1:3]
    activity = await night.get("/v1/activity", limit=2)
    assert [item["id"] for item in activity] == [event["id"] for event in whole["events"][:2]]
    older = await night.get("/v1/activity", before=activity[-1]["created_at"])
    assert older[0]["id"] == whole["events"][2]["id"]
    assert (await night.client.get("/v1/activity?before=soon")).status_code == 422


async def test_what_is_deleted_stays_in_the_audit_log(night: Rig) -> None:
    before = (await night.get("/v1/logs/audit", action="rollout."))["total"]
    await night.client.delete(f"{ROLLOUTS}/4127?force=true")
    events = (await night.get("/v1/logs/audit", action="rollout."))["events"]
    assert len(events) == before + 2
    assert {event["action"] for event in events[:2]} == {"rollout.cancelled", "rollout.deleted"}
    await night.post("/v1/devices/register", {"device_identifier": "bench-1"})
    await night.post("/v1/devices/register", {"device_identifier": "bench-1"})
    assert (await night.get("/v1/logs/audit", action="device."))["total"] == 1
    await night.post("/_sim/forget")
    for action in ("rollout.", "policy.", "device."):
        assert (await night.get("/v1/logs/audit", action=action))["total"] == 0
    assert await night.get("/v1/monitoring/incidents") == []
