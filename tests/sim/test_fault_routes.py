"""Faults by request: setting rules, and what they and the other drills do to the service."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sim.rig import KEY, PHI, Rig

pytestmark = pytest.mark.anyio

FAULTS = "/_sim/faults"
ROLLBACK = f"{PHI}/rollback"
TO_1 = {"to_version": "1.0.0"}


async def names(rig: Rig) -> list[str]:
    return [one["fault"] for one in (await rig.get(FAULTS))["faults"]]


async def test_rules_are_added_listed_replaced_and_cleared(night: Rig) -> None:
    one = await night.post(FAULTS, {"fault": "status", "code": 503, "path": "/devices*", "times": 2})
    assert (one.status_code, one.json()["faults"][0]["id"]) == (201, 1)
    more = await night.post(
        FAULTS, [{"fault": "latency", "seconds": 0.001}, {"fault": "forbid", "path": "/x"}]
    )
    assert [rule["id"] for rule in more.json()["faults"]] == [2, 3]
    assert (await night.client.get("/v1/devices")).status_code == 503
    assert (await night.client.get("/v1/models")).status_code == 200
    listed = (await night.get(FAULTS))["faults"]
    assert listed == [
        {"id": 1, "fault": "status", "code": 503, "path": "/devices*", "times": 2, "fired": 1, "is_on": True},
        {"id": 2, "fault": "latency", "seconds": 0.001, "fired": 2, "is_on": True},
        {"id": 3, "fault": "forbid", "path": "/x", "fired": 0, "is_on": True},
    ]
    assert (await night.client.delete(f"{FAULTS}/1")).status_code == 200
    assert (await night.client.delete(f"{FAULTS}/1")).status_code == 404
    assert await names(night) == ["latency", "forbid"]
    await night.client.put(FAULTS, json=[{"fault": "html"}])
    assert await names(night) == ["html"]
    await night.client.delete(FAULTS)
    assert await names(night) == []


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"fault": "latency"}, "latency.seconds: Field required"),
        ({"fault": "latency", "seconds": 1, "until": 2}, "latency.until: Extra inputs are not permitted"),
        ([{"fault": "html"}, {"fault": "skew", "seconds": "x"}], "1.skew.seconds: Input should be"),
        ({"fault": "fire"}, "Input tag 'fire' found using 'fault' does not match"),
        (5, "Input should be a valid dictionary"),
        ([{"fault": "html"}] * 101, "List should have at most 100 items"),
    ],
)
async def test_a_wrong_rule_is_refused_and_none_is_set(night: Rig, body: Any, said: str) -> None:
    await night.post(FAULTS, {"fault": "empty"})
    for method in ("POST", "PUT"):
        refused = await night.client.request(method, FAULTS, json=body)
        assert (refused.status_code, refused.json()["error"]) == (422, "validation_error")
        assert said in refused.json()["message"]
    assert await names(night) == ["empty"]


async def test_rules_are_for_the_service_and_never_for_the_drill(night: Rig) -> None:
    await night.post(FAULTS, [{"fault": "reject_key"}])
    assert (await night.client.get("/v1/models")).status_code == 401
    assert await names(night) == ["reject_key"]
    assert (await night.get("/_sim/requests"))[-1]["faults"] == ["reject_key"]


async def test_rules_meet_only_those_who_are_let_in(night: Rig) -> None:
    await night.post(FAULTS, {"fault": "html", "times": 1})
    assert (await night.client.get("/v1/models", headers={"Authorization": "Bearer x"})).status_code == 401
    assert (await night.client.get("/v1/models")).headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    ("rule", "status", "kind", "headers"),
    [
        ({"fault": "status", "code": 429, "retry_after": "7"}, 429, "application/json", {"retry-after": "7"}),
        ({"fault": "status", "code": 502, "html": True}, 502, "text/html; charset=utf-8", {}),
        ({"fault": "status", "code": 204}, 204, "application/json", {}),
        ({"fault": "html"}, 200, "text/html; charset=utf-8", {}),
        ({"fault": "empty"}, 200, "application/json", {"content-length": "0"}),
        (
            {"fault": "redirect", "location": "http://127.0.0.1:9/", "code": 302},
            302,
            "application/json",
            {"location": "http://127.0.0.1:9/"},
        ),
        (
            {"fault": "skew", "seconds": 60},
            200,
            "application/json",
            {"date": "Wed, 17 Jun 2026 03:13:41 GMT"},
        ),
    ],
)
async def test_what_is_answered_instead(
    night: Rig, rule: dict[str, Any], status: int, kind: str, headers: dict[str, str]
) -> None:
    await night.post(FAULTS, rule)
    answer = await night.client.get("/v1/models")
    assert (answer.status_code, answer.headers["content-type"]) == (status, kind)
    assert headers.items() <= dict(answer.headers).items()
    assert answer.headers["x-octomil-simulator"] == "1"


async def test_garbage_is_no_json(night: Rig) -> None:
    await night.post(FAULTS, {"fault": "garbage"})
    answer = await night.client.get("/v1/models")
    assert answer.headers["content-type"] == "application/json"
    with pytest.raises(ValueError, match="Unterminated string"):
        answer.json()


@pytest.mark.parametrize(
    ("fault", "error"), [("drop_before", ConnectionAbortedError), ("reset", ConnectionResetError)]
)
async def test_without_a_socket_a_broken_connection_is_an_exception(
    night: Rig, fault: str, error: type[Exception]
) -> None:
    await night.post(FAULTS, {"fault": fault})
    with pytest.raises(error, match="on purpose"):
        await night.client.get("/v1/models")


@pytest.mark.parametrize(
    ("rule", "status", "code", "begins"),
    [
        ({"fault": "forbid"}, 403, "insufficient_scope", False),
        ({"fault": "reject_key"}, 401, "invalid_api_key", False),
        ({"fault": "no_rollback_route"}, 404, "not_found", False),
        ({"fault": "no_rollback_route", "code": 405}, 405, "method_not_allowed", False),
        ({"fault": "status", "code": 503, "message": "down"}, 503, "fault", False),
        ({"fault": "status", "code": 504, "processed": True}, 504, "fault", True),
    ],
)
async def test_a_rollback_that_is_answered_with_an_error(
    night: Rig, rule: dict[str, Any], status: int, code: str, begins: bool
) -> None:
    await night.post(FAULTS, {**rule, "method": "POST"})
    answer = await night.post(ROLLBACK, TO_1)
    assert (answer.status_code, answer.json()["error"]) == (status, code)
    assert ((await night.client.get(f"{PHI}/rollouts/4131")).status_code == 200) is begins


async def test_a_rollback_without_a_receipt(night: Rig) -> None:
    await night.post(FAULTS, {"fault": "no_receipt", "times": 1})
    answer = await night.post(ROLLBACK, TO_1)
    assert (answer.status_code, answer.content) == (202, b"")
    await night.client.put(FAULTS, json=[{"fault": "no_receipt", "bare": True}])
    bare = (await night.post(ROLLBACK, {"to_version": "0.9.0"})).json()
    assert "affected_devices" not in bare
    assert bare["rollout_id"] == 4132


async def test_a_refusal_names_what_is_in_the_way(night: Rig) -> None:
    await night.post(FAULTS, {"fault": "refuse_rollback", "by": "freeze-bot"})
    running = (await night.post(ROLLBACK, TO_1)).json()
    assert (running["error"], running["operation"]["rollout_id"]) == ("rollback_refused", 4127)
    assert running["operation"].keys() >= {"id", "kind", "version", "created_by", "started_at"}
    for word in ("4127", running["operation"]["created_by"], running["operation"]["started_at"]):
        assert word in running["message"]
    await night.post("/_sim/forget")
    frozen = (await night.post(ROLLBACK, TO_1)).json()["operation"]
    assert (frozen["kind"], frozen["created_by"]) == ("freeze", "freeze-bot")
    assert frozen["started_at"] == "2026-06-17T02:12:41Z"


async def test_a_repetition_names_the_rollback_that_runs(night: Rig) -> None:
    await night.roll_back()
    again = (await night.post(ROLLBACK, TO_1)).json()
    assert (again["error"], again["operation"]["id"]) == ("rollback_in_progress", "4131")


async def test_a_second_operator_rolls_back(night: Rig) -> None:
    mine = await night.roll_back()
    body = {"model": "phi-4-mini", "to_version": "0.9.0", "reason": "older is better"}
    theirs = await night.post("/_sim/operator", body)
    assert theirs.status_code == 201
    assert theirs.json().items() >= {"id": 4132, "created_by": "ana", "reason": "older is better"}.items()
    assert (await night.rollout(mine["rollout_id"])).items() >= {
        "status": "cancelled",
        "cancelled_by_rollout_id": 4132,
    }.items()
    history = await night.get(f"{PHI}/rollouts/4132/status-history")
    assert {change["by"] for change in history} == {"ana"}


async def test_a_second_operator_rolls_out(night: Rig) -> None:
    body = {"model": "phi-4-mini", "version": "2.1.0", "percentage": 50, "group": "staging", "by": "bo"}
    rollout = (await night.post("/_sim/operator", body)).json()
    assert rollout.items() >= {"created_by": "bo", "affected_devices": 6, "group": "staging"}.items()
    assert rollout["status"] == "active"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"model": "phi-4-mini"}, 422),
        ({"model": "phi-4-mini", "to_version": "1.0.0", "version": "2.1.0"}, 422),
        ({"model": "phi-4-mini", "to_version": "1.0.0", "who": "ana"}, 422),
        ({"model": "phi-4-mini", "to_version": "2.1.0"}, 422),
        ({"model": "nobody", "to_version": "1.0.0"}, 404),
    ],
)
async def test_a_second_operator_is_held_to_the_rules(night: Rig, body: dict[str, Any], status: int) -> None:
    assert (await night.post("/_sim/operator", body)).status_code == status


async def test_no_fault_hinders_the_second_operator(night: Rig) -> None:
    await night.post(FAULTS, [{"fault": "refuse_rollback"}, {"fault": "ignore_group"}])
    body = {"model": "phi-4-mini", "to_version": "1.0.0", "group": "staging"}
    assert (await night.post("/_sim/operator", body)).json()["affected_devices"] == 12


async def phi_of(rig: Rig, name: str) -> dict[str, Any]:
    return (await rig.phi())[name]


async def change(rig: Rig, name: str, state: str, **more: Any) -> int:
    return (await rig.post(f"/_sim/devices/{name}", {"state": state, **more})).status_code


async def test_a_device_goes_offline_and_comes_back(brief: Rig) -> None:
    await brief.roll_back()
    assert await change(brief, "stg-ios-01", "offline") == 200
    assert (await phi_of(brief, "stg-ios-01"))["connectivity_status"] == "offline"
    brief.to("03:30:00")
    assert (await brief.rollout(4131))["status"] == "completed", "nobody waits for it"
    left = await phi_of(brief, "stg-ios-01")
    assert (left["active_model_version"], left["connectivity_status"]) == ("2.0.0", "offline")
    assert await change(brief, "stg-ios-01", "online") == 200
    brief.to("03:30:10")
    back = await phi_of(brief, "stg-ios-01")
    assert (back["active_model_version"], back["connectivity_status"]) == ("1.0.0", "online")


async def test_a_download_that_was_cut_off_begins_anew(night: Rig) -> None:
    await night.roll_back()
    night.to("03:15:30")
    busy = [name for name, row in (await night.phi()).items() if row["model_status"] == "downloading"]
    assert busy
    for name in busy:
        await change(night, name, "offline")
    night.to("03:50:00")
    for name in busy:
        await change(night, name, "online")
    assert {(await phi_of(night, name))["model_status"] for name in busy} == {"downloading"}
    night.to("05:00:00")
    assert {(await phi_of(night, name))["active_model_version"] for name in busy} == {"1.0.0"}


async def test_a_device_is_revoked(brief: Rig) -> None:
    await brief.roll_back()
    await change(brief, "lab-01", "revoked")
    brief.to("03:30:00")
    assert (await phi_of(brief, "lab-01"))["connectivity_status"] == "revoked"
    assert (await brief.rollout(4131))["status"] == "completed"
    await change(brief, "lab-01", "online")
    assert (await phi_of(brief, "lab-01"))["connectivity_status"] == "online"


async def test_a_device_bounces_and_comes_back_at_its_next_sync(brief: Rig) -> None:
    await brief.roll_back()
    brief.to("03:18:30")
    assert (await phi_of(brief, "stg-ios-01"))["active_model_version"] == "1.0.0"
    assert await change(brief, "stg-ios-01", "bounce", model="phi-4-mini") == 200
    assert (await phi_of(brief, "stg-ios-01"))["active_model_version"] == "2.0.0"
    assert (await brief.tracked())["stg-ios-01"]["bounced"] == 1
    brief.to("03:24:00")
    assert (await phi_of(brief, "stg-ios-01"))["active_model_version"] == "1.0.0"


async def test_changes_of_devices_that_cannot_be(night: Rig) -> None:
    assert await change(night, "nobody", "offline") == 404
    assert await change(night, "lab-18", "asleep") == 422
    await night.post("/v1/devices/register", {"device_identifier": "bare"})
    assert await change(night, "bare", "bounce") == 409


async def test_everything_is_forgotten(night: Rig) -> None:
    first = await night.post(ROLLBACK, TO_1, Idempotency_Key="k")
    night.to("03:14:30")
    before = await night.versions()
    assert (await night.post("/_sim/forget")).json() == {"rollouts": 0}
    for path in ("/v1/rollouts/active", f"{PHI}/rollouts"):
        found = await night.get(path)
        assert not (found if isinstance(found, list) else found["rollouts"])
    assert (await night.client.get(f"{PHI}/rollouts/4131")).status_code == 404
    night.to("05:30:00")
    assert await night.versions() == before, "whoever had not been reached stays where it is"
    again = await night.post(ROLLBACK, TO_1, Idempotency_Key="k")
    assert "Idempotent-Replayed" not in again.headers
    assert again.json()["rollout_id"] == first.json()["rollout_id"], "ids begin anew, as after a restart"


async def test_a_new_key_shuts_the_old_one_out_of_the_service(night: Rig) -> None:
    key = (await night.post("/_sim/key")).json()["api_key"]
    assert key.startswith("edg_sim_")
    assert (await night.client.get("/v1/models")).status_code == 401
    fresh = {"Authorization": f"Bearer {key}"}
    assert (await night.client.get("/v1/models", headers=fresh)).status_code == 200
    for headers in ({"Authorization": f"Bearer {KEY}"}, fresh):
        assert (await night.client.get(FAULTS, headers=headers)).status_code == 200
