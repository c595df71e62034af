"""What every request passes, and the shapes of the lists."""

from typing import Any

import httpx
import pytest

from tests.sim.rig import KEY, PHI, Rig

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Authorization": ""}, 401, "invalid_api_key"),
        ({"Authorization": f"Bearer {KEY}x"}, 401, "invalid_api_key"),
        ({"Authorization": f"Basic {KEY}"}, 401, "invalid_api_key"),
        ({"Host": "evil.example"}, 421, "misdirected_request"),
        ({"Host": "127.0.0.1.evil.example:80"}, 421, "misdirected_request"),
        ({"Host": "localhost:1234"}, 200, None),
        ({"Origin": "http://127.0.0.1:8000"}, 403, "forbidden"),
    ],
)
async def test_who_is_let_in(night: Rig, headers: dict[str, str], status: int, code: str | None) -> None:
    response = await night.client.get("/v1/models", headers=headers)
    assert (response.status_code, response.json().get("error")) == (status, code)
    assert response.headers["X-Octomil-Simulator"] == "1"


async def test_nothing_happens_to_a_write_that_is_not_let_in(night: Rig) -> None:
    await night.client.post(
        f"{PHI}/rollback", json={"to_version": "1.0.0"}, headers={"Authorization": "Bearer x"}
    )
    assert (await night.rollout(4127))["status"] == "active"


@pytest.mark.parametrize("prefix", ["/v1", "/api/v1"])
async def test_both_prefixes_are_the_same(night: Rig, prefix: str) -> None:
    paths = ("/models", "/models/phi-4-mini/rollouts", "/devices", "/device-groups", "/rollouts/active")
    for path in (*paths, "/settings/org_demo", "/orgs/org_demo/members", "/auth/me", "/status"):
        assert await night.get(prefix + path) == await night.get("/v1" + path)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/v1", 404),
        ("GET", "/v1/models/", 404),
        ("GET", "/v1/federations", 404),
        ("POST", "/api/v2/telemetry/events", 404),
        ("GET", "/v1/v2/telemetry/events", 404),
        ("GET", "/docs", 404),
        ("GET", "/openapi.json", 404),
        ("DELETE", "/v1/models", 405),
        ("GET", "/v1/models/nobody", 404),
        ("GET", f"{PHI}/versions/9", 404),
        ("GET", "/v1/devices?limit=0", 422),
        ("GET", "/v1/device-groups/grp_lab/devices?cursor=zzz", 400),
        ("POST", "/_sim/nothing", 404),
    ],
)
async def test_errors_are_json(night: Rig, method: str, path: str, status: int) -> None:
    response = await night.client.request(method, path)
    body = response.json()
    assert (response.status_code, body["status_code"]) == (status, status)
    assert set(body) == {"error", "message", "status_code"}
    assert response.headers["X-Request-Id"]


async def test_a_body_may_not_be_huge(night: Rig) -> None:
    async def chunks() -> Any:
        for _ in range(20):
            yield b"x" * 100_000

    declared = await night.client.post(f"{PHI}/rollback", content=b"x" * 1_000_001)
    streamed = await night.client.post(f"{PHI}/rollback", content=chunks())
    assert [declared.status_code, streamed.status_code] == [413, 413]


async def test_dates_are_the_scenarios(night: Rig) -> None:
    night.to("03:16:43")
    response = await night.client.get("/v1/models")
    assert response.headers["Date"] == "Wed, 17 Jun 2026 03:16:43 GMT"


async def test_models_and_versions(night: Rig) -> None:
    listing = await night.get("/v1/models", limit=2, offset=1)
    assert ([m["name"] for m in listing["models"]], listing["total"]) == (["sentiment-v1", "gemma3-1b"], 4)
    assert [m["id"] for m in (await night.get("/v1/models", search="phi"))["models"]] == ["mdl_phi4mini"]
    model = await night.get(PHI)
    assert (model["active_version"], len(model["versions"])) == ("1.0.0", 5)
    versions = (await night.get(f"{PHI}/versions"))["versions"]
    assert [(v["version"], v["lifecycle_status"]) for v in versions] == [
        ("2.1.0", "preview"),
        ("2.0.0", "active"),
        ("1.1.0", "retired"),
        ("1.0.0", "active"),
        ("0.9.0", "deprecated"),
    ]
    assert (await night.get(f"{PHI}/versions", status="retired"))["versions"] == [versions[2]]
    assert await night.get(f"{PHI}/versions/latest") == versions[0]
    assert await night.get(f"{PHI}/versions/1.0.0") == versions[3]


async def test_devices_by_filter_and_page(night: Rig) -> None:
    totals = {
        "?platform=ios": 14,
        "?status=revoked": 1,
        "?status=active": 123,
        "?status=stale": 5,
        "?group=eu-kiosks": 40,
        "?group=grp_eu_kiosks": 40,
        "?model_id=whisper-sm": 96,
        "?model_id=mdl_gemma3_1b": 118,
        "?search=KIOSK-EU-01": 40,
        "?org_id=whoever": 124,
    }
    for query, total in totals.items():
        assert (await night.get(f"/v1/devices{query}"))["total"] == total, query
    pages = [
        (await night.get("/v1/devices", limit=100, offset=offset))["devices"] for offset in (0, 100, 200)
    ]
    assert [len(page) for page in pages] == [100, 24, 0]


async def test_groups_and_their_members(night: Rig) -> None:
    listing = await night.get("/v1/device-groups")
    assert {g["name"]: g["device_count"] for g in listing["groups"]} == {
        "canary": 6,
        "staging": 12,
        "eu-kiosks": 40,
        "us-kiosks": 48,
        "lab": 18,
    }
    seen, cursor, pages = [], None, 0
    while pages == 0 or cursor is not None:
        params = {"limit": 15} | ({} if cursor is None else {"cursor": cursor})
        page = await night.get("/v1/device-groups/eu-kiosks/devices", **params)
        seen += [device["device_identifier"] for device in page["devices"]]
        assert page["has_more"] is (page["next_cursor"] is not None)
        cursor, pages = page["next_cursor"], pages + 1
    assert (len(seen), len(set(seen)), pages) == (40, 40, 3)


async def test_what_a_device_tells_of_itself(night: Rig) -> None:
    device = await night.get("/v1/devices/kiosk-eu-0140")
    groups = await night.get(f"/v1/devices/{device['id']}/groups")
    assert [group["id"] for group in groups["groups"]] == ["grp_eu_kiosks"]
    activity = (await night.get(f"/v1/devices/{device['id']}/activity", limit=1))["activity"]
    assert activity[0]["version"] == "2.0.0"


async def test_settings_change_only_what_is_named(night: Rig) -> None:
    response = await night.client.put(
        "/v1/settings/org_demo", json={"auto_rollback_enabled": True, "org_id": "x"}
    )
    settings = response.json()
    assert (settings["auto_rollback_enabled"], settings["org_id"]) == (True, "org_demo")
    assert await night.get("/api/v1/settings") == settings


async def test_the_request_log(night: Rig) -> None:
    await night.get("/v1/models", limit=1)
    await night.post(f"{PHI}/rollback", {}, Idempotency_Key="abc")
    log = await night.get("/_sim/requests")
    assert all(entry.pop("after") >= 0 for entry in log)
    assert log == [
        {
            "method": "GET",
            "path": "/v1/models",
            "query": "limit=1",
            "idempotency_key": None,
            "at": "2026-06-17T03:12:41Z",
            "faults": [],
        },
        {
            "method": "POST",
            "path": f"{PHI}/rollback",
            "query": "",
            "idempotency_key": "abc",
            "at": "2026-06-17T03:12:41Z",
            "faults": [],
        },
    ]


async def test_the_clock_by_request(night: Rig) -> None:
    moved = await night.post("/_sim/clock", {"advance_to": "2026-06-17T03:18:40Z"})
    assert moved.json() == {"now": "2026-06-17T03:18:40Z"}
    for wrong in ("2026-06-17T03:18:39Z", "soon"):
        refused = await night.post("/_sim/clock", {"advance_to": wrong})
        assert (refused.status_code, refused.json()["error"]) == (422, "validation_error")
    assert (await night.rollout(4127))["rollout_percentage"] == 60


async def test_a_bug_of_ours_is_json_too(night: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    def explode(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(type(night.world.ledger), "of", explode)
    transport = httpx.ASGITransport(app=night.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, headers=night.client.headers) as client:
        response = await client.get(f"http://127.0.0.1{PHI}/rollouts")
    assert (response.status_code, response.json()["error"]) == (500, "internal_error")
    assert response.headers["X-Request-Id"]
