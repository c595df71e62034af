import json
from typing import Any

import httpx
import pytest

from octomil_tui.api.errors import (
    ConfigurationError,
    ForbiddenError,
    NotFoundError,
    NotTheApiError,
    OctomilError,
    RateLimitedError,
    RedirectedError,
    RequestRefusedError,
    ServerError,
    TimedOutError,
    TooLargeError,
    UnauthorizedError,
    UnreadableError,
)
from octomil_tui.api.exchange import Limits
from octomil_tui.domain.fleet import RolloutState
from octomil_tui.domain.order import Reading
from tests.api.doubles import SECRET, SERVED_AT, FakeTime, Service, answer, client_of, counted, patient

pytestmark = pytest.mark.anyio

NOT_FOUND = {"detail": "Not Found"}


async def test_models() -> None:
    service = Service({"/models": {"models": [{"id": "mdl_1", "name": "phi-4-mini"}], "total": 1}})
    client = client_of(service, org_id="org_1")
    reading = await client.models()
    assert [(model.id, model.name) for model in reading.value] == [("mdl_1", "phi-4-mini")]
    assert (reading.server_at, reading.unreadable, reading.total) == (SERVED_AT, 0, 1)
    assert service.asked == ["GET /v1/models?org_id=org_1&limit=100&offset=0"]
    request = service.requests[0]
    assert request.headers["authorization"] == f"Bearer {SECRET}"
    assert request.headers["user-agent"].startswith("octomil-console/")
    assert (request.headers["accept"], request.headers["accept-encoding"]) == ("application/json", "gzip")


async def test_the_base_may_have_no_path() -> None:
    service = Service(lambda _: answer([]))
    await client_of(service, base_url="https://h.test").models()
    await client_of(service, base_url="https://h.test/api/v1/").models()
    assert service.asked == ["GET /models?limit=100&offset=0", "GET /api/v1/models?limit=100&offset=0"]


async def test_all_pages_by_offset() -> None:
    def page(request: httpx.Request) -> Any:
        offset = int(request.url.params["offset"])
        return {"models": [{"id": n} for n in range(offset, min(offset + 20, 50))], "total": 50}

    reading = await client_of({"/models": page}).models()
    assert (len(reading.value), reading.total) == (50, 50)


async def test_all_pages_by_cursor() -> None:
    def page(request: httpx.Request) -> Any:
        if "cursor" not in request.url.params:
            return {
                "groups": [{"id": "g1", "name": "a"}, {"nothing": 1}],
                "has_more": True,
                "next_cursor": "c/1",
            }
        assert request.url.params["cursor"] == "c/1"
        return {"groups": [{"id": "g2", "name": "b"}], "has_more": False}

    reading = await client_of({"/device-groups": page}).groups()
    assert [group.name for group in reading.value] == ["a", "b"]
    assert reading.unreadable == 1


async def test_a_page_that_fails_fails_the_list() -> None:
    def page(request: httpx.Request) -> Any:
        if request.url.params["offset"] == "0":
            return {"devices": [{"id": n} for n in range(3)], "total": 6}
        return answer({"message": "broken"}, 500)

    with pytest.raises(ServerError):
        await client_of({"/devices": page}).devices(["m"])


async def test_versions_newest_first() -> None:
    rows = [{"version": "1.0.0", "created_at": 1e9}, {"version": "2.0.0", "created_at": 1.1e9}]
    client = client_of({"/models/mdl_1/versions": rows})
    assert [version.version for version in (await client.versions("mdl_1")).value] == ["2.0.0", "1.0.0"]


async def test_versions_that_stand_in_the_model() -> None:
    service = Service({"/models/mdl_1": {"id": "mdl_1", "versions": [{"version": 2}, {"version": 1}]}})
    reading = await client_of(service).versions("mdl_1")
    assert [version.version for version in reading.value] == ["2", "1"]
    assert reading.server_at == SERVED_AT
    models: list[Any] = [None, {"id": "mdl_1"}, [], answer({}, 500)]
    for model in models:
        with pytest.raises(NotFoundError):
            await client_of({"/models/mdl_1": model}).versions("mdl_1")


async def test_rollouts() -> None:
    rows = [
        {"id": 4127, "version": "1", "status": "active"},
        {"id": 4131, "version": "2", "status": "paused"},
    ]
    for data in (rows, {"rollouts": rows}):
        reading = await client_of({"/models/m/rollouts": data}).rollouts("m")
        assert [(rollout.id, rollout.model_id) for rollout in reading.value] == [("4131", "m"), ("4127", "m")]


ACTIVE = [
    {"rollout_id": "rol_1", "model_id": "m", "version": "2", "status": "active", "percentage": 40},
    {"rollout_id": "rol_2", "model_id": "n", "version": "2", "status": "active", "percentage": 40},
    {"rollout_id": "rol_3", "model_id": "x", "model_name": "m", "version": "2", "status": "active"},
    {"rollout_id": "rol_4", "version": "2", "status": "active"},
]


@pytest.mark.parametrize(
    "body", [{"detail": "Cannot GET /v1/models/m/rollouts"}, {"message": "no route models/{id}/rollouts"}, {}]
)
async def test_a_missing_route_that_repeats_the_path(body: Any) -> None:
    routes = {"/models/m/rollouts": answer(body, 404), "/rollouts/active": {"rollouts": ACTIVE}}
    assert len((await client_of(routes).rollouts("m")).value) == 2


@pytest.mark.parametrize("status", [404, 405])
async def test_a_service_with_active_rollouts_only(status: int) -> None:
    routes = {"/models/m/rollouts": answer(NOT_FOUND, status), "/rollouts/active": {"rollouts": ACTIVE}}
    reading = await client_of(routes).rollouts("m")
    assert [rollout.id for rollout in reading.value] == ["rol_1", "rol_3"]
    assert reading.value[0].share == 0.4


@pytest.mark.parametrize(
    "body", [{"detail": "Model not found"}, {"error": {"code": "model_not_found", "message": "?"}}]
)
async def test_a_model_that_is_gone_is_not_a_missing_route(body: Any) -> None:
    service = Service({"/models/m/rollouts": answer(body, 404), "/rollouts/active": {"rollouts": ACTIVE}})
    with pytest.raises(NotFoundError):
        await client_of(service).rollouts("m")
    assert len(service.requests) == 1


async def test_no_rollouts_at_all() -> None:
    with pytest.raises(NotFoundError):
        await client_of({}).rollouts("m")
    with pytest.raises(NotFoundError):
        await client_of({}).active_rollouts()


async def test_active_rollouts() -> None:
    reading = await client_of({"/rollouts/active": {"rollouts": ACTIVE}}).active_rollouts()
    assert [(rollout.id, rollout.model_id) for rollout in reading.value][:2] == [
        ("rol_1", "m"),
        ("rol_2", "n"),
    ]


async def test_one_rollout() -> None:
    row = {"id": "rol_1", "version": "2", "status": "rolling_back"}
    for data in (row, {"rollout": row}):
        reading = await client_of({"/models/m/rollouts/rol_1": data}).rollout("m", "rol_1")
        assert (reading.value.id, reading.value.model_id) == ("rol_1", "m")
        assert (reading.value.state, reading.server_at) == (RolloutState.ROLLING_BACK, SERVED_AT)


async def test_affected_devices() -> None:
    def page(request: httpx.Request) -> Any:
        offset = int(request.url.params["offset"])
        rows = [{"id": f"d{n}", "from_version": "2"} for n in range(offset, min(offset + 2, 3))]
        return {"rollout_id": 7, "version": "1", "total": 3, "on_version": 1, "settled": 0, "devices": rows}

    reading = await client_of({"/models/m/rollouts/7/affected-devices": page}).affected_devices("m", "7")
    assert list(reading.value.devices) == ["d0", "d1", "d2"]
    assert (reading.value.rollout_id, reading.value.on_version, reading.total) == ("7", 1, 3)


async def test_affected_devices_as_a_bare_list() -> None:
    client = client_of({"/models/m/rollouts/7/affected-devices": [{"device_id": "d"}]})
    reading = await client.affected_devices("m", "7")
    assert (list(reading.value.devices), reading.value.total) == (["d"], None)


async def test_group_members_by_either_paging() -> None:
    def by_cursor(request: httpx.Request) -> Any:
        more = "cursor" not in request.url.params
        return {
            "devices": [{"id": "a" if more else "b"}],
            "has_more": more,
            "next_cursor": "x" if more else None,
        }

    reading = await client_of({"/device-groups/g 1/devices": by_cursor}).group_members("g 1")
    assert [device.id for device in reading.value] == ["a", "b"]
    reading = await client_of({"/device-groups/g/devices": [{"id": "a"}]}).group_members("g")
    assert [(device.id, device.installations) for device in reading.value] == [("a", {})]


async def test_devices() -> None:
    rows = [
        {
            "id": "d",
            "model": "Pixel 9",
            "active_model_version": "2.0.0",
            "last_heartbeat": "2026-11-22T03:12:00Z",
        }
    ]
    service = Service({"/devices": {"devices": rows, "total": 1}})
    reading = await client_of(service, org_id="o").devices(["m"])
    device = reading.value[0]
    assert (device.hardware, device.installations["m"].version) == ("Pixel 9", "2.0.0")
    assert device.connectivity == "online"
    assert service.asked == ["GET /v1/devices?org_id=o&limit=1000&offset=0"]


@pytest.mark.parametrize("status", [400, 422])
async def test_a_service_that_takes_no_large_pages(status: int) -> None:
    def page(request: httpx.Request) -> Any:
        if int(request.url.params["limit"]) > 100:
            return answer({"detail": [{"loc": ["query", "limit"], "msg": "too large"}]}, status)
        return {"devices": [{"id": "d"}], "total": 1}

    service = Service({"/devices": page})
    client = client_of(service)
    assert len((await client.devices(["m"])).value) == 1
    assert len((await client.devices(["m"])).value) == 1
    assert [request.url.params["limit"] for request in service.requests] == ["1000", "100", "100"]
    with pytest.raises(OctomilError):
        await client_of({"/devices": answer({"message": "no"}, status)}).devices(["m"])


async def test_one_device_with_its_history() -> None:
    history = [{"version": "2", "from": SERVED_AT - 5, "to": None}]
    row = {"id": "d/1", "models": [{"model_id": "m", "history": history}]}
    service = Service(lambda _: answer({"device": row}))
    reading = await client_of(service).device("d/1")
    assert reading.value.history["m"][0].version == "2"
    assert service.asked == ["GET /v1/devices/d%2F1"]
    flat = await client_of({"/devices/d": {"id": "d", "active_model_version": "2"}}).device("d", ["m"])
    assert flat.value.installations["m"].version == "2"


async def test_identifiers_are_one_segment_each() -> None:
    service = Service(lambda _: answer({"id": 1, "version": "1"}))
    await client_of(service).rollout("..", "a/b?c#d%")
    assert service.asked == ["GET /v1/models/%2E%2E/rollouts/a%2Fb%3Fc%23d%25"]
    with pytest.raises(RequestRefusedError):
        await client_of(service).rollout("", "x")


async def test_what_no_address_can_hold() -> None:
    service = Service({"/models": {"models": [{"id": 1}], "next_cursor": "c" * 70_000}})
    with pytest.raises(RequestRefusedError, match="could not be formed"):
        await client_of(service).device("d" * 70_000)
    with pytest.raises(RequestRefusedError, match="could not be formed"):
        await client_of(service).models()
    assert len(service.requests) == 1
    with pytest.raises(ConfigurationError, match="not text that can be sent"):
        client_of(service, org_id="org\udc80")


@pytest.mark.parametrize(
    ("response", "kind", "sentence"),
    [
        (answer({"message": "revoked"}, 401), UnauthorizedError, "the key was rejected (401): revoked"),
        (
            answer({"error": "forbidden", "message": "needs models:read"}, 403),
            ForbiddenError,
            "needs models:read",
        ),
        (answer(NOT_FOUND, 404), NotFoundError, "not found (404): Not Found"),
        (answer({}, 429, Retry_After="7"), RateLimitedError, "rate limited (429)"),
        (answer({"message": "\x1b]0;x\x07"}, 500), ServerError, "server error 500: \\x1b]0;x\\x07"),
        (httpx.Response(302, headers={"Location": "https://evil.test/x"}), RedirectedError, "evil.test"),
        (httpx.Response(304), RedirectedError, "status 304"),
        (httpx.Response(200, html="<html>"), NotTheApiError, "not the API: text/html from api.example.test"),
        (httpx.Response(200, text="{}"), NotTheApiError, "text/plain"),
        (httpx.Response(502, html="<html>"), NotTheApiError, "status 502"),
        (httpx.Response(200), UnreadableError, "empty answer"),
        (httpx.Response(204), UnreadableError, "empty answer"),
        (httpx.Response(200, content=b'{"models": [{'), UnreadableError, "cut short"),
        (httpx.Response(200, json={"ok": True}), UnreadableError, "no list of models"),
        (httpx.Response(200, content=b"[" + b"1," * 3000 + b"1]"), TooLargeError, "too large"),
    ],
)
async def test_every_answer_that_is_none_has_a_sentence(
    response: httpx.Response, kind: type[OctomilError], sentence: str
) -> None:
    client = client_of({"/models": response}, limits=Limits(body=4000))
    with pytest.raises(kind) as caught:
        await client.models()
    assert type(caught.value) is kind
    assert sentence in str(caught.value)
    assert SECRET not in repr(caught.value)


async def test_a_read_is_asked_once_unless_told_otherwise() -> None:
    service = Service({"/models": answer({}, 503)})
    with pytest.raises(ServerError):
        await client_of(service).models()
    assert len(service.requests) == 1


def failing(times: int, status: int = 503, **headers: str) -> Service:
    left = [times]

    def answer_once_more(_: httpx.Request) -> httpx.Response:
        left[0] -= 1
        return answer({}, status, **headers) if left[0] >= 0 else answer([{"id": 1}])

    return Service(answer_once_more)


async def test_a_patient_read_is_asked_again_with_jitter() -> None:
    time, service = FakeTime(), failing(2)
    reading = await client_of(service, **patient(time)).models()
    assert (len(reading.value), time.slept) == (1, [0.25, 0.5])


async def test_patience_ends_with_the_tries() -> None:
    time, service = FakeTime(), failing(9)
    with pytest.raises(ServerError):
        await client_of(service, **patient(time)).models()
    assert len(service.requests) == 3


async def test_a_wait_that_is_longer_than_the_patience_is_not_begun() -> None:
    time, service = FakeTime(), failing(9, 429, Retry_After="60")
    with pytest.raises(RateLimitedError) as caught:
        await client_of(service, **patient(time)).models()
    assert (len(service.requests), time.slept, caught.value.retry_after) == (1, [], 60.0)


async def test_the_service_says_how_long_to_wait() -> None:
    time, service = FakeTime(), failing(1, 429, Retry_After="7")
    await client_of(service, **patient(time)).models()
    assert time.slept == [7.0]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 410, 422])
async def test_a_refusal_is_not_asked_again(status: int) -> None:
    time, service = FakeTime(), failing(9, status)
    with pytest.raises(OctomilError):
        await client_of(service, **patient(time)).models()
    assert len(service.requests) == 1


async def test_the_patience_is_for_all_pages_together() -> None:
    time = FakeTime()

    def page(request: httpx.Request) -> Any:
        time.now += 8.0
        return {"models": [{"id": request.url.params["offset"]}], "total": 9}

    with pytest.raises(TimedOutError):
        await client_of({"/models": page}, **patient(time)).models()
    assert time.now == 1016.0


async def test_every_request_is_told_of_without_secrets() -> None:
    client = client_of({"/models": [], "/devices": httpx.ConnectError}, org_id="acme-edge")
    meter = counted(client)
    await client.models()
    with pytest.raises(NotFoundError):
        await client.rollout("\x1b", "2")
    assert meter.told == [("GET", "/v1/models", "200"), ("GET", "/v1/models/%1B/rollouts/2", "404")]
    assert [ended.size for _, ended in meter.calls] == [2, 22]
    assert "acme-edge" not in repr(meter.calls)
    assert SECRET not in repr(meter.calls) + repr(client) + repr(vars(client))


async def test_cookies_are_not_kept() -> None:
    service = Service(lambda _: answer([], Set_Cookie="session=1; Path=/"))
    client = client_of(service)
    await client.models()
    await client.models()
    assert "cookie" not in service.requests[1].headers


async def test_what_a_client_says_about_itself() -> None:
    async with client_of({}, read_only=True) as client:
        assert (client.host, client.base_url) == ("api.example.test", "https://api.example.test/v1")
        assert (client.is_read_only, client.proxy_host) == (True, None)


async def test_hostile_names_are_safe_and_identities_raw() -> None:
    name = "\x1b]52;c;eA==\x07"
    reading: Reading[Any] = await client_of({"/devices": [{"id": name, "name": name}]}).devices(["m"])
    assert (reading.value[0].id, reading.value[0].name) == (name, "\\x1b]52;c;eA==\\x07")
    assert json.dumps(reading.value[0].name).isascii()
