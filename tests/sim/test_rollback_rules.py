"""What a rollback accepts, what it refuses, and what it leaves alone."""

from typing import Any

import pytest

from tests.sim.rig import PHI, Rig

pytestmark = pytest.mark.anyio
ROLLBACK = f"{PHI}/rollback"


async def state(rig: Rig) -> tuple[Any, ...]:
    """Return everything that a refused request must not change."""
    rollouts = [
        await rig.get(f"/v1/models/{m['id']}/rollouts") for m in (await rig.get("/v1/models"))["models"]
    ]
    return await rig.devices(), rollouts, (await rig.get(PHI))["active_version"]


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("/v1/models/nobody/rollback", {"to_version": "1.0.0"}, 404, "model_not_found"),
        (ROLLBACK, {"to_version": "7.7.7"}, 404, "version_not_found"),
        (ROLLBACK, {"to_version": "v1.0.0"}, 404, "version_not_found"),
        (ROLLBACK, {"to_version": "2.1.0"}, 422, "version_not_deployed"),
        (ROLLBACK, {"to_version": "1.0.0", "group": "nowhere"}, 404, "group_not_found"),
        (ROLLBACK, {}, 422, "validation_error"),
        (ROLLBACK, {"to_version": 1}, 422, "validation_error"),
        (ROLLBACK, {"to_version": ""}, 422, "validation_error"),
        (ROLLBACK, {"to_version": "1.0.0", "group": ["staging"]}, 422, "validation_error"),
        (ROLLBACK, [], 422, "validation_error"),
        ("/v1/models/gemma3-1b/rollback", {"to_version": "1.4.1", "group": "canary"}, 422, "empty_scope"),
    ],
)
async def test_a_refused_rollback_changes_nothing(
    night: Rig, path: str, body: Any, status: int, code: str
) -> None:
    before = await state(night)
    response = await night.client.post(path, json=body)
    error = response.json()
    assert (response.status_code, error["error"], error["status_code"]) == (status, code, status)
    assert len(error["message"]) > 10
    assert await state(night) == before


async def test_a_body_that_is_no_json_changes_nothing(night: Rig) -> None:
    before = await state(night)
    response = await night.client.post(ROLLBACK, content=b"{", headers={"Content-Type": "application/json"})
    assert (response.status_code, response.json()["error"]) == (422, "validation_error")
    assert await state(night) == before


@pytest.mark.parametrize("model", ["phi-4-mini", "mdl_phi4mini"])
@pytest.mark.parametrize("group", ["staging", "grp_staging"])
async def test_names_and_ids_are_the_same(night: Rig, model: str, group: str) -> None:
    response = await night.post(f"/v1/models/{model}/rollback", {"to_version": "1.0.0", "group": group})
    receipt = response.json()
    assert (receipt["affected_devices"], receipt["group"], receipt["model"]) == (12, "staging", "phi-4-mini")


@pytest.mark.parametrize("target", ["0.9.0", "1.1.0", "2.0.0"])
async def test_any_version_once_deployed_is_a_target(night: Rig, target: str) -> None:
    assert (await night.roll_back(target))["affected_devices"] == 124


async def test_a_group_leaves_the_others_where_they_are(night: Rig) -> None:
    night.to("03:18:45")
    assert (await night.rollout(4127))["affected_devices"] == 74
    receipt = await night.roll_back(group="staging")
    assert (receipt["affected_devices"], receipt["cancelled_rollout_id"]) == (12, 4127)
    rows = (await night.phi()).values()
    others = [row for row in rows if row["groups"] != ["staging"]]
    assert all(row["desired_version"] == row["active_model_version"] for row in others)
    night.to("04:00:00")
    assert await night.versions("staging") == {"1.0.0": 12}
    assert await night.versions("us-kiosks") == {"1.0.0": 46, "0.9.0": 2}
    assert await night.versions("canary") == {"2.0.0": 6}
    assert (await night.rollout(4131))["status"] == "completed"


async def test_a_running_rollback_is_not_repeated(night: Rig) -> None:
    await night.roll_back()
    before = await state(night)
    for body in ({"to_version": "1.0.0"}, {"to_version": "1.0.0", "group": "staging"}):
        response = await night.post(ROLLBACK, body)
        assert (response.status_code, response.json()["error"]) == (409, "rollback_in_progress")
    assert await state(night) == before


async def test_a_wider_scope_is_no_repetition(night: Rig) -> None:
    await night.roll_back(group="staging")
    receipt = await night.roll_back()
    assert (receipt["affected_devices"], receipt["cancelled_rollout_id"]) == (124, None)
    assert {r["id"] for r in await night.get(f"{PHI}/rollouts/active")} == {4131, 4132}
    night.to("03:41:07")
    assert [(await night.rollout(rid))["status"] for rid in (4131, 4132)] == ["completed", "completed"]


async def test_a_running_rollback_gives_way_to_one_elsewhere(night: Rig) -> None:
    night.to("03:13:31")
    await night.roll_back()
    night.to("03:16:43")
    receipt = await night.roll_back("0.9.0")
    assert (receipt["from_version"], receipt["cancelled_rollout_id"]) == ("1.0.0", 4131)
    assert (await night.rollout(4131))["cancelled_by_rollout_id"] == 4132
    night.to("04:30:00")
    done = await night.rollout(4132)
    assert done["status"] == "completed"
    # Silent: three of eu-kiosks for good, two and the revoked one of us-kiosks, and the one heard once.
    assert await night.versions() == {"0.9.0": 117, "1.0.0": 4, "2.0.0": 3}


async def test_a_download_that_is_no_longer_wanted_is_given_up(night: Rig) -> None:
    night.to("03:21:30")
    loading = [n for n, row in (await night.phi()).items() if row["model_status"] == "downloading"]
    assert loading, "the step at 03:18:40 has devices download 2.0.0"
    await night.roll_back()
    night.to("03:21:36")
    rows = await night.phi()
    assert {(rows[n]["model_status"], rows[n]["active_model_version"]) for n in loading} == {
        ("active", "1.0.0")
    }
    night.to("03:27:00")
    entries = await night.tracked()
    assert all(entries[name]["settled_at"] for name in loading)


async def test_a_group_rollback_elsewhere_leaves_the_rest_of_the_fleet_rollback(night: Rig) -> None:
    night.to("03:13:31")
    await night.roll_back()
    night.to("03:16:43")
    on_old = sum(row["active_model_version"] == "2.0.0" for row in (await night.phi()).values())
    receipt = await night.roll_back("0.9.0", group="lab")
    assert (receipt["cancelled_rollout_id"], receipt["affected_devices"]) == (4131, 18)
    rows = [row for row in (await night.phi()).values() if row["groups"] != ["lab"]]
    assert sum(row["desired_version"] == "2.0.0" for row in rows) == on_old
    night.to("04:30:00")
    assert (await night.versions())["2.0.0"] == on_old


async def test_the_same_key_gives_the_same_answer(night: Rig) -> None:
    body = {"to_version": "1.0.0", "reason": "errors"}
    first = await night.post(ROLLBACK, body, Idempotency_Key="k1")
    before = await state(night)
    night.to("03:12:42")
    again = await night.post("/api/v1/models/mdl_phi4mini/rollback", body, Idempotency_Key="k1")
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    other = await night.post(ROLLBACK, {"to_version": "0.9.0"}, Idempotency_Key="k1")
    assert (other.status_code, other.json()["error"]) == (422, "idempotency_key_reused")
    assert [len(r) for r in (await state(night))[1]] == [len(r) for r in before[1]]


async def test_the_next_rollback_has_the_next_id(night: Rig) -> None:
    assert (await night.roll_back())["rollout_id"] == 4131
    assert (await night.roll_back("0.9.0"))["rollout_id"] == 4132


async def test_a_silent_device_does_not_hold_up_the_end_for_ever(night: Rig) -> None:
    """kiosk-us-0230 is heard once, at 03:24:00, learns what it is to run, and is gone."""
    night.to("03:13:31")
    await night.roll_back("0.9.0")
    night.to("03:48:00")
    waiting = await night.tracked()
    assert waiting["kiosk-us-0230"]["model_status"] == "downloading"
    assert (await night.rollout(4131))["status"] == "rolling_back"
    night.to("04:30:00")
    assert (await night.rollout(4131))["status"] == "completed"


async def test_fault_ignore_group() -> None:
    async with Rig("night", faults=("ignore-group",)) as rig:
        receipt = await rig.roll_back(group="staging")
        assert receipt["affected_devices"] == 124
        assert "group" not in receipt
        assert (await rig.rollout(4131))["group"] is None


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [("refuse-rollback", 409, "rollback_refused"), ("no-rollback-route", 404, "not_found")],
)
async def test_faults_that_refuse(fault: str, status: int, code: str) -> None:
    async with Rig("night", faults=(fault,)) as rig:
        before = await state(rig)
        response = await rig.post(ROLLBACK, {"to_version": "1.0.0"})
        assert (response.status_code, response.json()["error"]) == (status, code)
        assert await state(rig) == before
