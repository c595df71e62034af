"""What the service tells of the past, in every shape that it is known to have."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from octomil_tui.api.errors import NotFoundError, OctomilError
from octomil_tui.domain.incident import Breach
from octomil_tui.domain.timeline import Act, Teller
from octomil_tui.domain.timeline_words import sentence_of
from tests.api.doubles import SERVED_AT, Service, answer, client_of

pytestmark = pytest.mark.anyio

AT = "2026-06-17T03:12:41Z"
ROLLBACK = {
    "id": "evt_1",
    "timestamp": AT,
    "actor": {"type": "user", "id": "u1", "email": "ops@acme.example"},
    "action": "model.rollback",
    "resource": {"type": "model", "id": "m-1", "name": "phi"},
    "metadata": {
        "rollout_id": 4131,
        "version": "1.0.0",
        "previous_version": "2.0.0",
        "rollout_percentage": 100.0,
        "group": "staging",
        "reason": "errors",
        "trigger": {"metric": "error_rate_percent", "value": 6.1, "limit": 5},
    },
}
INCIDENT = {
    "id": "inc_1",
    "title": "too many errors",
    "status": "resolved",
    "metric": "error_rate_percent",
    "value": 6.1,
    "limit": 5.0,
    "window_minutes": 5,
    "auto_rollback_enabled": False,
    "model_id": "m-1",
    "version": "2.0.0",
    "created_at": AT,
    "resolved_at": "2026-06-17T03:20:00Z",
}


async def test_one_read_brings_all_parts() -> None:
    service = Service(
        {
            "/logs/audit": {"events": [ROLLBACK, {"id": "evt_2", "action": "x"}, {"no": 1}], "total": 7},
            "/monitoring/incidents": [INCIDENT],
            "/models/m-1/rollouts/4131/status-history": {"history": [{"at": AT, "status": "rolling_back"}]},
        }
    )
    reading = await client_of(service, org_id="org_1").timeline([("m-1", "4131")])
    log = reading.value
    assert (reading.server_at, reading.unreadable, log.audit_total) == (SERVED_AT, 1, 7)
    assert log.audit is not None
    assert log.incidents is not None
    (rollback,) = log.audit
    assert (rollback.act, rollback.by, rollback.rollout_id) == (Act.ROLLBACK, "ops@acme.example", "4131")
    assert (rollback.model_id, rollback.model, rollback.group, rollback.share) == (
        "m-1",
        "phi",
        "staging",
        1.0,
    )
    assert rollback.breach == Breach(metric="error_rate_percent", value=6.1, limit=5.0)
    assert [event.act for event in log.incidents] == [Act.CROSSED, Act.RESOLVED]
    crossed = Breach(metric="error_rate_percent", value=6.1, limit=5.0, window_minutes=5.0)
    assert (log.incidents[0].breach, log.incidents[0].is_armed) == (crossed, False)
    assert [event.act for event in log.histories["4131"]] == [Act.ROLLBACK]
    assert service.asked[0] == "GET /v1/logs/audit?org_id=org_1&limit=100&offset=0"


async def test_parts_that_are_not_there_or_not_shown_are_none() -> None:
    routes: dict[str, Any] = {"/monitoring/incidents": [], "/logs/audit": answer({"detail": "no"}, 403)}
    log = (await client_of(routes).timeline([("m-1", "1")])).value
    assert (log.audit, log.incidents, log.histories) == (None, (), {})
    with pytest.raises(NotFoundError, match="no audit log"):
        await client_of({}).timeline()


async def test_a_part_that_fails_is_no_empty_part() -> None:
    with pytest.raises(OctomilError):
        await client_of({"/logs/audit": answer({}, 500), "/monitoring/incidents": []}).timeline()


async def test_more_of_the_audit_log_comes_in_pages_until_it_ends_or_repeats() -> None:
    def page(request: httpx.Request) -> Any:
        first = int(request.url.params["offset"])
        return {"events": [{**ROLLBACK, "id": n} for n in range(first, min(first + 100, 150))], "total": 150}

    assert len((await client_of({"/logs/audit": page}).timeline(most=1000)).value.audit or ()) == 150
    assert len((await client_of({"/logs/audit": page}).timeline()).value.audit or ()) == 100
    same = Service({"/logs/audit": [{**ROLLBACK, "id": n} for n in range(100)]})
    assert len((await client_of(same).timeline(most=1000)).value.audit or ()) == 100
    assert len([one for one in same.asked if "audit" in one]) == 2


async def test_a_status_history_tells_what_each_step_was() -> None:
    rows = [
        {"changed_at": "2026-06-17T01:00:00Z", "to_status": "pending", "percentage": 10},
        {"at": "2026-06-17T02:00:00Z", "status": "active", "percentage": 10, "version": "2.0.0", "by": "ops"},
        {"at": "2026-06-17T02:10:00Z", "status": "active", "percentage": 40, "version": "2.0.0"},
        {"at": "2026-06-17T02:20:00Z", "status": "paused", "percentage": 40, "reason": "labels"},
        {"at": "2026-06-17T02:30:00Z", "status": "active", "percentage": 40},
        {"at": "2026-06-17T02:40:00Z", "status": "odd"},
        {"status": "completed"},
        {"at": "2026-06-17T02:50:00Z"},
    ]
    log = (await client_of({"/models/m/rollouts/9/status-history": rows}).timeline([("m", "9")])).value
    found = log.histories["9"]
    assert [event.act for event in found] == [
        Act.CREATED,
        Act.STARTED,
        Act.ADVANCED,
        Act.PAUSED,
        Act.RESUMED,
        Act.OTHER,
    ]
    assert sentence_of(found[2]) == "rollout 9 v2.0.0 advanced 10% -> 40%"
    assert found[1].tellers == {Teller.HISTORY}


async def test_that_a_rollback_was_made_says_nothing_more() -> None:
    rows = [{"at": AT, "status": "pending"}, {"at": AT, "status": "rolling_back"}]
    log = (await client_of({"/models/m/rollouts/9/status-history": rows}).timeline([("m", "9")])).value
    assert [event.act for event in log.histories["9"]] == [Act.ROLLBACK]


async def test_odd_records_keep_the_words_of_the_service() -> None:
    events = [
        {"id": 1, "timestamp": AT, "action": "api_key.revoked", "resource": {"type": "api_key", "id": "k1"}},
        {"id": 2, "timestamp": AT, "action": "rollback.completed", "actor": "auto"},
        {"id": 3, "action": "no.time"},
        {"id": 4, "timestamp": AT},
    ]
    incidents = [
        {"id": "i", "title": "disk full", "created_at": AT, "status": "closed", "resolved_at": AT},
        {"id": "j", "status": "open", "resolved_at": AT},
    ]
    routes = {"/logs/audit": events, "/monitoring/incidents": incidents}
    log = (await client_of(routes).timeline()).value
    said = [sentence_of(event) for event in log.events]
    assert said == ["api key revoked k1", "rollback ? completed", "disk full", "disk full: resolved"]
