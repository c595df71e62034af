"""The writes beside the rollback, and the reads of the policy, as they stand on the wire."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from octomil_tui.api.errors import (
    NotFoundError,
    NotSentError,
    ReadOnlyError,
    RejectedError,
    RequestRefusedError,
    UnknownOutcomeError,
)
from octomil_tui.domain.action import Action, ActionKind
from octomil_tui.domain.fleet import Rollout, RolloutState
from octomil_tui.domain.policy import Policy, PolicyChange
from tests.api.doubles import SECRET, Service, answer, client_of, counted

pytestmark = pytest.mark.anyio

ROLLOUT = Rollout("41/27", "2.0.0", RolloutState.ACTIVE, "active", share=0.4)
SETTINGS = {
    "org_id": "org_demo",
    "auto_rollback_enabled": True,
    "error_threshold_percent": 5.0,
    "crash_threshold_percent": 1,
    "latency_p95_max_ms": None,
    "audit_retention_days": 365,
}


def action(kind: ActionKind, share: float | None = None) -> Action:
    if kind.is_of_version:
        return Action(kind, "2.0.0", version_id="ver/1")
    return Action(kind, "2.0.0", ROLLOUT, share)


@pytest.mark.parametrize(
    ("kind", "share", "target", "body"),
    [
        (ActionKind.PAUSE, None, "models/m%20x/rollouts/41%2F27/pause", {}),
        (ActionKind.RESUME, None, "models/m%20x/rollouts/41%2F27/resume", {}),
        (ActionKind.ADVANCE, 0.6, "models/m%20x/rollouts/41%2F27/advance", {}),
        (ActionKind.SET, 0.2, "models/m%20x/rollouts/41%2F27/update-percentage", {"percentage": 20.0}),
        (ActionKind.CANCEL, None, "models/m%20x/rollouts/41%2F27/cancel", {}),
        (ActionKind.HOLD, None, "models/model-versions/ver%2F1/deprecate", {}),
        (ActionKind.RELEASE, None, "models/model-versions/ver%2F1/publish", {}),
    ],
)
async def test_each_action_is_one_request(
    kind: ActionKind, share: float | None, target: str, body: dict[str, Any]
) -> None:
    service = Service(lambda _: answer({"id": 4127, "status": "paused"}, X_Request_Id="req_9\x1b"))
    client = client_of(service)
    meter = counted(client)
    done = await client.act("m x", action(kind, share), reason="INC-1", idempotency_key="k1")
    assert service.asked == [f"POST /v1/{target}"]
    assert json.loads(service.requests[0].content) == {**body, "reason": "INC-1"}
    assert service.requests[0].headers["idempotency-key"] == "k1"
    assert service.requests[0].headers["authorization"] == f"Bearer {SECRET}"
    assert (done.status, done.request_id) == (200, "req_9\\x1b")
    assert meter.patience == [0.0], "it never waits"


async def test_cancelling_by_deleting_has_no_body() -> None:
    service = Service(lambda _: httpx.Response(204))
    done = await client_of(service).act(
        "m", action(ActionKind.CANCEL), reason="x", idempotency_key="k", by_deleting=True
    )
    assert service.asked == ["DELETE /v1/models/m/rollouts/41%2F27?force=true"]
    assert (service.requests[0].content, done.status) == (b"", 204)


async def test_what_cannot_be_asked_for_is_not_sent() -> None:
    service = Service({})
    client = client_of(service)
    with pytest.raises(NotSentError):
        await client.act("m", Action(ActionKind.PAUSE, "2.0.0"), idempotency_key="k")
    with pytest.raises(NotSentError):
        await client.act("m", action(ActionKind.SET), idempotency_key="k")
    with pytest.raises(RequestRefusedError):
        await client.act("m", Action(ActionKind.HOLD, "2.0.0"), idempotency_key="k")
    assert service.requests == []


@pytest.mark.parametrize(
    ("given", "kind", "said"),
    [
        (answer({"code": "rollout_state_invalid", "message": "It is paused."}, 409), RejectedError, "paused"),
        (answer({"detail": "Not Found"}, 404), RejectedError, "does not know this (404)"),
        (httpx.Response(404), UnknownOutcomeError, "may or may not have been done"),
        (answer({"code": "x", "message": "boom"}, 503), UnknownOutcomeError, "may or may not have been done"),
        (answer({"error": "nope", "message": "no"}), UnknownOutcomeError, "answered 200 with an error"),
        (httpx.Response(200, html="<p>hi"), UnknownOutcomeError, "something between here and"),
    ],
)
async def test_what_an_answer_means(given: httpx.Response, kind: type[Exception], said: str) -> None:
    with pytest.raises(kind, match=said.replace("(", r"\(").replace(")", r"\)")):
        await client_of(lambda _: given).act("m", action(ActionKind.PAUSE), idempotency_key="k")


async def test_a_friendly_word_is_no_error() -> None:
    client = client_of(lambda _: answer({"message": "paused"}))
    assert (await client.act("m", action(ActionKind.PAUSE), idempotency_key="k")).status == 200


async def test_a_lost_answer_is_not_known() -> None:
    def cut(_: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("cut")

    with pytest.raises(UnknownOutcomeError):
        await client_of(cut).act("m", action(ActionKind.PAUSE), idempotency_key="k")


async def test_read_only_sends_nothing() -> None:
    service = Service({})
    client = client_of(service, read_only=True)
    with pytest.raises(ReadOnlyError):
        await client.act("m", action(ActionKind.PAUSE), idempotency_key="k")
    with pytest.raises(ReadOnlyError):
        await client.set_policy(PolicyChange(True), idempotency_key="k")
    for method, path in (("PUT", "/v1/settings/o"), ("DELETE", "/v1/models/m/rollouts/1?force=true")):
        with pytest.raises(ReadOnlyError):
            await client._connections.post(path, b"{}", {}, 5.0, method)
    assert service.requests == []


@pytest.mark.parametrize(("org", "asked"), [(None, "PATCH /v1/settings"), ("o/1", "PUT /v1/settings/o%2F1")])
async def test_the_policy_is_set_by_what_is_named(org: str | None, asked: str) -> None:
    service = Service(lambda _: answer(SETTINGS))
    change = PolicyChange(True, {"error_threshold_percent": 5.0, "latency_p95_max_ms": None})
    stored = await client_of(service, org_id=org).set_policy(change, idempotency_key="k")
    assert service.asked == [asked]
    assert json.loads(service.requests[0].content) == {
        "auto_rollback_enabled": True,
        "error_threshold_percent": 5.0,
        "latency_p95_max_ms": None,
    }
    assert stored == Policy(
        True,
        {"error_threshold_percent": 5.0, "crash_threshold_percent": 1, "latency_p95_max_ms": None},
        "org_demo",
    )


@pytest.mark.parametrize("body", [{}, {"ok": True}])
async def test_an_answer_that_names_no_setting(body: Any) -> None:
    client = client_of(lambda _: answer(body))
    assert await client.set_policy(PolicyChange(True), idempotency_key="k") is None
    empty = client_of(lambda _: httpx.Response(204))
    assert await empty.set_policy(PolicyChange(True), idempotency_key="k") is None


async def test_settings_are_read_by_the_route_that_there_is() -> None:
    service = Service({"/settings": SETTINGS})
    read = await client_of(service, org_id="o").policy()
    assert service.asked == ["GET /v1/settings/o", "GET /v1/settings"]
    assert read.value.auto_rollback is True
    plain = await client_of(Service({"/settings": {"auto_rollback_enabled": "yes", "org_id": 7}})).policy()
    assert plain.value == Policy(None, {}, "7")
    with pytest.raises(NotFoundError):
        await client_of(Service({})).policy()


async def test_incidents_of_both_namings() -> None:
    rows = [
        {
            "id": "inc_1",
            "title": "high\x1b",
            "status": "Open",
            "rule": "error_rate",
            "metric": "error_rate_percent",
            "value": 6.1,
            "limit": 5.0,
            "window_minutes": 5,
            "reporting_devices": 50,
            "model_name": "phi-4-mini",
            "version": "2.0.0",
            "deployment_id": "4127",
            "auto_rollback_enabled": False,
            "created_at": "2026-06-17T03:09:12Z",
        },
        {"id": 2, "metric_name": "p95_ms", "threshold_value": 250, "value": "many"},
        {"title": "nameless"},
    ]
    service = Service({"/monitoring/incidents": rows})
    read = await client_of(service).incidents()
    one, other = read.value
    assert service.asked == ["GET /v1/monitoring/incidents?limit=100"]
    assert read.unreadable == 1
    assert (one.title, one.status, one.rollout_id, one.is_open) == ("high\\x1b", "open", "4127", True)
    assert one.breach.sentence == "error rate 6.1%, limit 5% for 5 min, 50 devices"
    assert (other.breach.metric, other.breach.limit, other.breach.value) == ("p95_ms", 250, None)


async def test_the_rules_of_a_rollout_and_a_service_that_tells_none() -> None:
    rule = {"rule": "error_rate", "metric": "error_rate_percent", "value": 1.0, "limit": 5, "state": "ok"}
    routes = {"/monitoring/deployments/4127": {"rules": [rule]}, "/monitoring/deployments/1": {"status": "x"}}
    client = client_of(Service(routes))
    (check,) = (await client.checks("4127")).value
    assert (check.state, check.is_crossed, check.breach.limit) == ("ok", False, 5)
    assert (await client.checks("1")).value == ()


async def test_a_rollouts_history_is_newest_first() -> None:
    trigger = {"rule": "error_rate", "metric": "error_rate_percent", "value": 6.1, "limit": 5, "devices": 50}
    rows = [
        {"at": "2026-06-17T02:31:05Z", "status": "active", "percentage": 20.0, "by": "ops"},
        {"at": "2026-06-17T03:00:00Z", "status": "rolling_back", "reason": "auto\x1b", "trigger": trigger},
    ]
    client = client_of(Service({"/models/m/rollouts/1/status-history": rows}))
    newest, oldest = (await client.status_history("m", "1")).value
    assert (newest.word, newest.reason, newest.share) == ("rolling_back", "auto\\x1b", None)
    assert newest.trigger is not None
    assert newest.trigger.breach.devices == 50
    assert (oldest.state, oldest.share, oldest.by) == (RolloutState.ACTIVE, 0.2, "ops")


async def test_a_rollout_tells_its_trigger_and_a_version_its_hold() -> None:
    rollout = {
        "id": 1,
        "version": "1.0.0",
        "increment_step": 20,
        "trigger": {"rule": "crash_rate", "rollout_id": 9},
    }
    version = {"version": "2.0.0", "id": "v2", "held": {"by": "ana", "reason": "INC", "at": 5}}
    routes = {
        "/models/m/rollouts": [rollout, {"id": 2, "version": "1", "trigger": 7}],
        "/models/m/versions": [version],
    }
    client = client_of(Service(routes))
    other, found = (await client.rollouts("m")).value
    assert found.trigger is not None
    assert (found.trigger.breach.rule, found.trigger.rollout_id, found.step) == ("crash_rate", "9", 0.2)
    assert other.trigger is None
    (held,) = (await client.versions("m")).value
    assert held.hold is not None
    assert (held.id, held.hold.words) == ("v2", "it is held by ana: INC")
