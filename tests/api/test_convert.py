from typing import Any

import pytest

from octomil_tui.api import convert, wire
from octomil_tui.api.answer import Answer
from octomil_tui.domain.fleet import Lifecycle, RolloutState
from tests.api.doubles import DATE, SERVED_AT


def rollout_row(**fields: Any) -> wire.Rollout:
    return wire.Rollout.read({"id": 1, "version": "2.0.0", **fields})


@pytest.mark.parametrize(
    ("fields", "share"),
    [
        ({"rollout_percentage": 40.0, "percentage": 1, "current_percentage": 2}, 0.4),
        ({"percentage": 25, "current_percentage": 2}, 0.25),
        ({"current_percentage": 100}, 1.0),
        ({"percentage": 0}, 0.0),
        ({"percentage": 140}, None),
        ({"percentage": -5}, None),
        ({"rollout_percentage": 140, "percentage": 40}, None),
        ({}, None),
    ],
)
def test_percentages(fields: dict[str, Any], share: float | None) -> None:
    assert convert.rollout(rollout_row(**fields)).share == share


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("pending", RolloutState.PENDING),
        ("created", RolloutState.PENDING),
        ("Draft", RolloutState.PENDING),
        ("queued", RolloutState.PENDING),
        ("ACTIVE", RolloutState.ACTIVE),
        ("started", RolloutState.ACTIVE),
        ("deploying", RolloutState.ACTIVE),
        ("rolling_out", RolloutState.ACTIVE),
        ("In-Progress", RolloutState.ACTIVE),
        ("paused", RolloutState.PAUSED),
        ("rolling_back", RolloutState.ROLLING_BACK),
        ("completed", RolloutState.COMPLETED),
        ("canceled", RolloutState.CANCELLED),
        ("cancelled", RolloutState.CANCELLED),
        ("superseded", RolloutState.CANCELLED),
        ("failed", RolloutState.FAILED),
        ("paused_by_policy", RolloutState.OTHER),
        ("completed?", RolloutState.OTHER),
        ("", RolloutState.OTHER),
    ],
)
def test_status_words(word: str, state: RolloutState) -> None:
    rollout = convert.rollout(rollout_row(status=word))
    assert (rollout.state, rollout.word) == (state, word)


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({}, RolloutState.CANCELLED),
        ({"kind": "rollback"}, RolloutState.COMPLETED),
        ({"kind": "rollback", "cancelled_at": "2026-11-22T03:00:00Z"}, RolloutState.CANCELLED),
        ({"kind": "rollback", "cancelled_by_rollout_id": 5}, RolloutState.CANCELLED),
    ],
)
def test_rolled_back_is_the_end_of_what_it_is_said_of(fields: dict[str, Any], state: RolloutState) -> None:
    assert convert.rollout(rollout_row(status="rolled_back", **fields)).state is state


@pytest.mark.parametrize(
    ("fields", "kind", "is_rollback"),
    [
        ({}, None, False),
        ({"strategy": "progressive"}, "progressive", False),
        ({"kind": "instant", "strategy": "progressive"}, "instant", False),
        ({"type": "Rollback"}, "rollback", True),
        ({"kind": "instant", "strategy": "rollback"}, "rollback", True),
        ({"status": "rolling_back"}, "rollback", True),
        ({"rollback_id": "7", "status": "completed"}, "rollback", True),
    ],
)
def test_kinds(fields: dict[str, Any], kind: str | None, is_rollback: bool) -> None:
    rollout = convert.rollout(rollout_row(**fields))
    assert (rollout.kind, rollout.is_rollback) == (kind, is_rollback)


def test_a_whole_rollout() -> None:
    rollout = convert.rollout(
        rollout_row(
            id=4127,
            model_id=None,
            status="cancelled",
            target_percentage=100,
            from_version=1,
            group={"id": "grp_1", "name": "staging"},
            reason="slow",
            created_by={"email": "ops@example.test", "name": "Ops"},
            affected_devices=50,
            on_version=12,
            created_at="2026-11-22T03:12:41Z",
            started_at=SERVED_AT,
            completed_at=None,
            cancelled_at=SERVED_AT + 5,
            cancelled_by_rollout_id=4131,
            next_step_at="never",
            updated_at=SERVED_AT,
        ),
        "mdl_1",
    )
    assert (rollout.id, rollout.model_id, rollout.from_version) == ("4127", "mdl_1", "1")
    assert (rollout.group, rollout.reason, rollout.by) == ("staging", "slow", "ops@example.test")
    assert (rollout.affected, rollout.on_version, rollout.target_share) == (50, 12, 1.0)
    assert (rollout.created_at, rollout.started_at, rollout.completed_at) == (SERVED_AT, SERVED_AT, None)
    assert (rollout.cancelled_at, rollout.cancelled_by) == (SERVED_AT + 5, "4131")
    assert (rollout.next_step_at, rollout.updated_at) == (None, SERVED_AT)


@pytest.mark.parametrize(
    ("fields", "group"),
    [
        ({"group": "staging", "group_id": "g"}, "staging"),
        ({"group": {"id": 5}}, "5"),
        ({"group_name": "lab"}, "lab"),
        ({"device_group_id": 7}, "7"),
        ({"group": None}, None),
    ],
)
def test_groups_of_a_rollout(fields: dict[str, Any], group: str | None) -> None:
    assert convert.rollout(rollout_row(**fields)).group == group


def test_people() -> None:
    assert convert.person("ops") == "ops"
    assert convert.person("") is None
    assert convert.person(None) is None
    assert convert.person(wire.Person({"name": "Ops", "id": "u1"})) == "Ops"
    assert convert.person(wire.Person({"id": "u\n1"})) == "u\\x0a1"
    assert convert.person(wire.Person({})) is None


def order_of(*rows: dict[str, Any]) -> list[str]:
    return [rollout.id for rollout in convert.rollouts(rollout_row(**row) for row in rows)]


def test_rollouts_are_newest_first_by_the_best_that_all_have() -> None:
    assert order_of({"id": 9, "created_at": 1e9}, {"id": 3, "started_at": 1.2e9}) == ["3", "9"]
    assert order_of({"id": 3, "created_at": 1e9}, {"id": 9, "created_at": 1e9}) == ["9", "3"]
    assert order_of({"id": 3, "created_at": 1e9}, {"id": 12}, {"id": "7"}) == ["12", "7", "3"]
    assert order_of({"id": "rol_a"}, {"id": 12}, {"id": 99}) == ["rol_a", "12", "99"]
    assert order_of() == []


def test_versions() -> None:
    rows = [
        wire.ModelVersion.read(row)
        for row in (
            {"version": 1, "status": "published", "model_size_bytes": 5, "uploaded_at": 1e9},
            {"version": "2.0.0", "status": "live", "lifecycle_status": "active", "created_at": 1.1e9},
            {"version": "2.1.0", "status": "preview", "lifecycle_status": "odd", "created_at": 1.2e9},
        )
    ]
    found = convert.versions(rows)
    assert [(item.version, item.lifecycle, item.word) for item in found] == [
        ("2.1.0", Lifecycle.PREVIEW, "preview"),
        ("2.0.0", Lifecycle.ACTIVE, "active"),
        ("1", Lifecycle.ACTIVE, "published"),
    ]
    assert (found[2].size_bytes, found[2].created_at) == (5, 1e9)
    odd = convert.version(wire.ModelVersion.read({"version": "3", "status": "Odd"}))
    assert (odd.lifecycle, odd.word) == (Lifecycle.OTHER, "Odd")
    bare = convert.version(wire.ModelVersion.read({"version": "3"}))
    assert (bare.lifecycle, bare.word, bare.published_by) == (Lifecycle.OTHER, "", None)


def test_versions_without_times_stay_as_they_came() -> None:
    rows = [
        wire.ModelVersion({"version": "1"}),
        wire.ModelVersion({"version": "3"}),
        wire.ModelVersion({"version": "2"}),
    ]
    assert [item.version for item in convert.versions(rows)] == ["1", "3", "2"]


def test_models_and_groups_may_have_a_name_or_an_id_only() -> None:
    assert convert.model(wire.Model.read({"id": 5})).name == "5"
    assert convert.model(wire.Model.read({"name": "phi"})).id == "phi"
    assert convert.group(wire.Group.read({"id": "g", "description": ""})).name == "g"
    group = convert.group(wire.Group.read({"id": "g", "name": "n", "member_count": 4, "description": "d"}))
    assert (group.name, group.device_count, group.description, group.members) == ("n", 4, "d", None)


def test_a_receipt() -> None:
    row = wire.RollbackReply.read(
        {
            "rollback_id": "4131",
            "rollout_id": 4131,
            "affected_devices": 124,
            "from_version": "2.0.0",
            "to_version": "1.0.0",
            "group": {"name": "staging"},
            "cancelled_rollout_id": 4127,
            "status": "Rolling_Back",
        }
    )
    answer = Answer(202, {"date": DATE, "x-request-id": "r\x1b1", "idempotency-replayed": "true"})
    receipt = convert.receipt(row, answer)
    assert (receipt.state, receipt.word) == (RolloutState.ROLLING_BACK, "Rolling_Back")
    assert (receipt.rollout_id, receipt.affected_devices) == ("4131", 124)
    assert (receipt.from_version, receipt.to_version, receipt.group) == ("2.0.0", "1.0.0", "staging")
    assert (receipt.cancelled_rollout_id, receipt.request_id) == ("4127", "r\\x1b1")
    assert (receipt.server_at, receipt.replayed) == (SERVED_AT, True)


def test_a_receipt_without_details() -> None:
    receipt = convert.receipt(wire.RollbackReply({"rollback_id": "rb_1"}), Answer(200))
    assert (receipt.state, receipt.word, receipt.rollout_id) == (
        RolloutState.ROLLING_BACK,
        "rolling_back",
        "rb_1",
    )
    assert (receipt.affected_devices, receipt.request_id, receipt.replayed) == (None, None, False)
