"""The policy: each of its conditions fires by itself, once, and says why; nothing fires where it is off."""

from typing import Any, NamedTuple

import pytest

from octomil_tui.sim.stamp import format_time
from tests.sim.rig import PHI, Rig

pytestmark = pytest.mark.anyio

ON = {"auto_rollback_enabled": True}


class Condition(NamedTuple):
    """A drill, what is set in it, and what fires."""

    scenario: str
    values: dict[str, Any]
    rule: str
    metric: str
    limit: float
    baseline: float | None


CONDITIONS = [
    Condition("auto-rollback", {"error_threshold_percent": 5}, "error_rate", "error_rate_percent", 5.0, None),
    Condition("crash-spike", {"crash_threshold_percent": 1}, "crash_rate", "crash_rate_percent", 1.1, 0.1),
    Condition(
        "latency-regression", {"latency_p95_max_ms": 300}, "latency_p95", "latency_p95_ms", 300.0, None
    ),
]
BY_NAME = [condition.rule for condition in CONDITIONS]


async def set_policy(rig: Rig, **values: Any) -> dict[str, Any]:
    response = await rig.client.put("/v1/settings/org_demo", json=values)
    assert response.status_code == 200, response.text
    stored: dict[str, Any] = response.json()
    return stored


def later(rig: Rig, minutes: float) -> None:
    rig.clock.advance_to(rig.clock.now() + minutes * 60)


async def rollbacks(rig: Rig) -> list[dict[str, Any]]:
    return [r for r in await rig.get(f"{PHI}/rollouts") if r["kind"] == "rollback" and r["id"] > 4127]


@pytest.mark.parametrize("condition", CONDITIONS, ids=BY_NAME)
async def test_each_condition_fires_by_itself_and_once(condition: Condition) -> None:
    scenario, values, rule, metric, limit, baseline = condition
    async with Rig(scenario) as rig:
        await set_policy(rig, **ON, **values)
        later(rig, 2)
        assert await rollbacks(rig) == []
        later(rig, 8)
        (made,) = await rollbacks(rig)
        trigger = made["trigger"]
        assert (trigger["rule"], trigger["metric"], trigger["limit"]) == (rule, metric, limit)
        assert (trigger["baseline"], trigger["window_minutes"], trigger["rollout_id"]) == (baseline, 5, 4127)
        assert trigger["value"] > limit
        assert (made["created_by"], made["from_version"], made["version"]) == ("auto", "2.0.0", "1.0.0")
        assert made["affected_devices"] == 124
        assert "limit" in made["reason"]
        assert (await rig.rollout(4127))["cancelled_by_rollout_id"] == made["id"]
        (incident,) = await rig.get("/v1/monitoring/incidents")
        assert (incident["rule"], incident["rollback_id"], incident["rollout_id"]) == (rule, made["id"], 4127)
        assert (incident["value"], incident["limit"]) == (trigger["value"], limit)
        begun = (await rig.get(f"{PHI}/rollouts/{made['id']}/status-history"))[1]
        assert (begun["status"], begun["trigger"]) == ("rolling_back", trigger)
        events = (await rig.get("/v1/logs/audit", limit=10))["events"]
        first = {event["action"]: event for event in reversed(events)}
        assert first["model.rollback"]["actor"] == {"type": "service", "id": "auto", "email": None}
        assert first["model.rollback"]["metadata"]["trigger"] == trigger
        assert first["policy.threshold_crossed"]["metadata"]["value"] == trigger["value"]
        actions = [event["action"] for event in events]
        assert actions.index("policy.threshold_crossed") > actions.index("model.rollback"), "newest first"
        later(rig, 600)
        assert [r["id"] for r in await rollbacks(rig)] == [made["id"]]
        assert (await rig.rollout(made["id"]))["status"] == "completed"
        assert await rig.versions() == {"1.0.0": 124}
        (incident,) = await rig.get("/v1/monitoring/incidents")
        assert incident["status"] == "resolved"


@pytest.mark.parametrize("condition", CONDITIONS, ids=BY_NAME)
async def test_without_auto_rollback_there_is_an_incident_and_no_rollback(condition: Condition) -> None:
    scenario, values, rule, metric, limit, baseline = condition
    async with Rig(scenario) as rig:
        await set_policy(rig, auto_rollback_enabled=False, **values)
        later(rig, 120)
        assert await rollbacks(rig) == []
        (incident,) = await rig.get("/v1/monitoring/incidents")
        assert (incident["rule"], incident["metric"], incident["limit"]) == (rule, metric, limit)
        assert (incident["status"], incident["auto_rollback_enabled"], incident["rollback_id"]) == (
            "open",
            False,
            None,
        )
        # Whoever switches it on then has the limit act that is crossed still.
        await set_policy(rig, **ON)
        later(rig, 1)
        (made,) = await rollbacks(rig)
        assert (made["trigger"]["rule"], made["trigger"]["baseline"]) == (rule, baseline)
        assert len(await rig.get("/v1/monitoring/incidents")) == 1


async def test_a_limit_that_is_not_crossed_does_nothing() -> None:
    async with Rig("auto-rollback") as rig:
        await set_policy(rig, error_threshold_percent=7.9)
        later(rig, 60)
        assert (await rollbacks(rig), await rig.get("/v1/monitoring/incidents")) == ([], [])
        overview = await rig.get("/v1/monitoring/overview")
        health = await rig.get("/v1/monitoring/deployments/4127")
        assert (overview["models"][0]["watched_rollout_id"], overview["auto_rollback_enabled"]) == (
            4127,
            True,
        )
        assert overview["models"][0]["rules"] == health["rules"]
        assert [(rule["rule"], rule["state"]) for rule in health["rules"]] == [
            ("error_rate", "ok"),
            ("crash_rate", "ok"),
            ("latency_p95", "no_limit"),
        ]


async def test_what_was_rolled_back_by_hand_is_left_alone(brief: Rig) -> None:
    await set_policy(brief, **ON)
    await brief.roll_back(group="staging")
    later(brief, 30)
    assert [(r["created_by"], r["trigger"]) for r in await rollbacks(brief)] == [("ops", None)]


@pytest.mark.parametrize(("hours", "reverted"), [(1, 1), (26, 0)])
async def test_a_completed_rollout_is_watched_for_a_day(brief: Rig, hours: int, reverted: int) -> None:
    await brief.post(f"{PHI}/rollouts/4127/update-percentage", {"percentage": 100})
    later(brief, hours * 60)
    assert (await brief.rollout(4127))["status"] == "completed"
    await set_policy(brief, **ON)
    later(brief, 2)
    assert [(r["from_version"], r["version"]) for r in await rollbacks(brief)] == [
        ("2.0.0", "1.0.0")
    ] * reverted


async def test_a_version_to_go_back_to_that_is_held_is_not_brought_back(brief: Rig) -> None:
    held = await brief.post("/v1/models/model-versions/ver_phi4mini_1_0_0/deprecate", {"reason": "wrong"})
    assert held.status_code == 200
    await set_policy(brief, **ON)
    later(brief, 30)
    assert await rollbacks(brief) == []
    (incident,) = await brief.get("/v1/monitoring/incidents")
    assert "held by ops: wrong" in incident["description"]


async def test_the_night_is_known_before_it_begins(night: Rig) -> None:
    (incident,) = await night.get("/v1/monitoring/incidents", status="open")
    assert (incident["created_at"], incident["value"], incident["limit"]) == ("2026-06-17T03:09:12Z", 6.1, 5)
    assert not incident["auto_rollback_enabled"]
    later(night, 5)
    assert len(await night.get("/v1/monitoring/incidents")) == 1, "it is the same one"


async def test_people_act_on_incidents(night: Rig) -> None:
    path = "/v1/monitoring/incidents/inc_1"
    taken = await night.client.put(f"{path}?user_id=dev", json={"status": "acknowledged", "notes": "on it"})
    assert (taken.json()["status"], taken.json()["notes"][-1]["by"]) == ("acknowledged", "dev")
    assert (await night.client.put(path, json={"status": "gone"})).status_code == 422
    assert (await night.client.put("/v1/monitoring/incidents/inc_9", json={})).status_code == 404
    stats = await night.get("/v1/monitoring/incidents/stats", days=7)
    assert (stats["total_incidents"], stats["by_status"], stats["mttr_hours"]) == (
        1,
        {"acknowledged": 1},
        None,
    )
    night.to("04:12:12")
    ended = await night.client.put(path, json={"status": "resolved"})
    assert ended.json()["resolved_at"] == format_time(night.clock.now())
    stats = await night.get("/v1/monitoring/incidents/stats")
    assert (stats["mttr_hours"], stats["resolution_rate_pct"]) == (1.05, 100)
    assert (await night.get("/v1/logs/audit", action="incident."))["total"] == 2


async def test_alert_rules(brief: Rig) -> None:
    made = await brief.post(
        "/v1/monitoring/alerts",
        {"name": "slow", "metric_name": "latency_p95_ms", "threshold": 300, "window_minutes": 2},
    )
    rule = made.json()
    assert (made.status_code, rule["threshold_value"], rule["threshold_duration_minutes"]) == (201, 300, 2)
    assert (await brief.post("/v1/monitoring/alerts", {"name": "x", "metric_name": "y"})).status_code == 422
    later(brief, 2)
    rules = {one["rule"] for one in await brief.get("/v1/monitoring/incidents")}
    assert rules == {"error_rate", rule["id"]}
    path = f"/v1/monitoring/alerts/{rule['id']}"
    changed = await brief.client.patch(path, json={"enabled": False})
    assert (changed.json()["enabled"], changed.json()["name"]) == (False, "slow")
    assert await brief.get("/v1/monitoring/alerts", enabled="true") == []
    assert len(await brief.get("/v1/monitoring/alerts")) == 1
    assert (await brief.client.delete(path)).status_code == 204
    assert (await brief.client.delete(path)).status_code == 404
