"""The one write: what is sent, what becomes of it, and what is said when it is more than was asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from octomil_tui.api.client import AsyncOctomilClient
from octomil_tui.api.errors import NotSentError, RejectedError, ServerError, UnknownOutcomeError
from octomil_tui.cli import wiring
from octomil_tui.domain.order import RollbackOrder, RollbackReceipt
from octomil_tui.engine import commands
from octomil_tui.engine.preflight import UnknownNameError
from tests.cli.conftest import Console
from tests.cli.drill import Drill

FLEET = ("rollback", "phi-4-mini", "--to-version", "1.0.0", "--yes", "phi-4-mini")
STAGING = ("rollback", "phi-4-mini", "--to-version", "1.0.0", "--group", "staging", "--yes", "staging")


def answering(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Have every rollback end in `error`, without anything being sent."""

    async def fail(*_: object, **__: object) -> RollbackReceipt:
        raise error

    monkeypatch.setattr("octomil_tui.api.client.AsyncOctomilClient.rollback", fail)


class Uncounted(AsyncOctomilClient):
    """A service whose answer says nothing but that it was accepted."""

    async def rollback(self, model: str, order: RollbackOrder, *, idempotency_key: str) -> RollbackReceipt:
        receipt = await super().rollback(model, order, idempotency_key=idempotency_key)
        return replace(receipt, affected_devices=None, group=None)


@pytest.fixture
def quick_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for a lost answer a few times, without waiting for a minute."""
    monkeypatch.setattr(commands, "FIRST_LOOK", 0.01)
    monkeypatch.setattr(commands, "LONGEST_LOOK", 0.01)
    monkeypatch.setattr(commands, "LOOK_FOR", 0.03)


def test_the_plan_is_told_on_the_side_and_one_request_is_sent(night: Drill, console: Console) -> None:
    result = console(*FLEET, "--reason", "INC-2231", env=night.env)
    assert result.code == 0
    assert result.err.splitlines()[1:] == [
        "  50 change, 71 already there, 3 move UP, 0 unknown",
        "  !!  3 devices on v0.9.0 will move UP: the server acts on the whole fleet",
        "  !!  4 offline devices went silent within minutes of getting v2.0.0",
    ]
    assert len(night.writes) == 1


def test_a_warning_promises_no_question_that_is_not_asked(brief: Drill, console: Console) -> None:
    result = console("rollback", "phi-4-mini", "--to-version", "0.9.0", "--yes", "phi-4-mini", env=brief.env)
    assert "!!  v0.9.0 OLD: the registry has deprecated it\n" in result.err


def test_json(brief: Drill, console: Console) -> None:
    accepted, verdict = console(*STAGING, "--json", env=brief.env).objects
    assert (accepted["event"], accepted["affected_devices"], accepted["group"]) == ("accepted", 12, "staging")
    assert (verdict["verdict"], verdict["exit_code"], verdict["changed"]) == ("accepted", 0, True)
    assert verdict["rollout_id"] == "4131"


def test_nothing_to_do(brief: Drill, console: Console) -> None:
    console(*FLEET, env=brief.env)
    brief.at(310)
    brief.at(620)
    again = console(*FLEET, env=brief.env)
    assert (again.code, again.lines) == (0, ["Nothing to do: all 124 devices run v1.0.0 already"])
    required = console(*FLEET, "--require-change", "--json", env=brief.env)
    assert (required.code, required.verdict["verdict"]) == (5, "nothing_to_do")
    assert required.verdict["changed"] is False
    assert "a change was required" in required.err
    group = console("plan", "phi-4-mini", "--to-version", "1.0.0", "--group", "lab", env=brief.env)
    assert (group.code, group.lines[-1]) == (0, "Nothing to do: all 18 devices of lab run v1.0.0 already")
    assert len(brief.writes) == 1


def test_a_rollback_that_runs_already_is_a_conflict(brief: Drill, console: Console) -> None:
    console(*FLEET, env=brief.env)
    again = console(*FLEET, env=brief.env)
    assert again.code == 7
    assert "rollback 4131 to v1.0.0" in again.err
    assert "nothing was sent; octomil-console watch phi-4-mini" in again.err
    assert len(brief.writes) == 1


def test_wider_than_asked_by_the_count(console: Console) -> None:
    with Drill("brief", "ignore-group") as drill:
        result = console(*STAGING, "--watch", env=drill.env)
        assert result.code == 7
        said = result.err.splitlines()
        assert "octomil-console: WIDER THAN ASKED: plan 12 devices in staging, the server says 124" in said
        assert "  This console sent one request and nothing else." in said
        assert "Affected devices: 124" in result.lines
        assert len(drill.writes) == 1


def test_wider_than_asked_by_the_devices(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "AsyncOctomilClient", Uncounted)
    with Drill("brief", "ignore-group") as drill:
        result = console(*STAGING, "--json", env=drill.env)
        assert result.code == 7
        assert result.verdict["verdict"] == "wider"
        assert "38 devices outside it are moved to the target too" in result.err
        assert len(drill.writes) == 1


def test_an_answer_without_a_count_for_the_group_alone(
    brief: Drill, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wiring, "AsyncOctomilClient", Uncounted)
    result = console(*STAGING, env=brief.env)
    assert result.code == 0
    assert "Affected devices: 12 (by the plan)" in result.lines
    assert "could not be checked" not in result.err


def test_a_scope_that_cannot_be_checked_is_said(
    brief: Drill, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Blind(Uncounted):
        """Loses the devices once the rollback is sent."""

        async def rollback(
            self, model: str, order: RollbackOrder, *, idempotency_key: str
        ) -> RollbackReceipt:
            receipt = await super().rollback(model, order, idempotency_key=idempotency_key)

            async def fail(*_: object) -> None:
                raise ServerError("server error 500", status=500)

            monkeypatch.setattr(Blind, "devices", fail)
            return receipt

    monkeypatch.setattr(wiring, "AsyncOctomilClient", Blind)
    result = console(*STAGING, env=brief.env)
    assert result.code == 0
    expected = "the scope could not be checked: server error 500; look at the devices outside staging"
    assert expected in result.err


def test_a_scope_that_no_device_can_tell_is_said(
    brief: Drill, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    original: Callable[..., object] = AsyncOctomilClient.devices

    class Silent(Uncounted):
        async def devices(self, model_ids):  # type: ignore[no-untyped-def] # as the client has it
            reading = await original(self, model_ids)  # type: ignore[misc] # an awaitable of a reading
            devices = tuple(
                replace(d, installations={k: replace(i, wanted=None) for k, i in d.installations.items()})
                for d in reading.value
            )
            return replace(reading, value=devices)

    monkeypatch.setattr(wiring, "AsyncOctomilClient", Silent)
    result = console(*STAGING, env=brief.env)
    assert result.code == 0
    assert "devices do not say which version they are meant to run" in result.err


@pytest.mark.usefixtures("quick_look")
def test_a_lost_answer_is_found_and_never_sent_again(console: Console) -> None:
    with Drill("brief", "lost-answer") as drill:
        result = console(*FLEET, env=drill.env)
        assert result.code == 0
        assert result.lines[0] == "Rollback initiated"
        assert "Affected devices: 124" in result.lines
        assert len(drill.writes) == 1


@pytest.mark.usefixtures("quick_look")
def test_a_lost_answer_that_nothing_shows_is_unknown(
    brief: Drill, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(monkeypatch, UnknownOutcomeError("no answer; it may or may not have begun"))
    result = console(*FLEET, "--json", env=brief.env)
    assert (result.code, result.verdict["verdict"]) == (4, "unknown")
    assert "outcome unknown" in result.err
    assert "sent once and not again" in result.err


@pytest.mark.parametrize(
    ("status", "code"), [(400, 5), (404, 5), (422, 5), (409, 7), (429, 3), (401, 8), (403, 8)]
)
def test_what_the_service_refuses(
    quiet: Drill, console: Console, monkeypatch: pytest.MonkeyPatch, status: int, code: int
) -> None:
    answering(monkeypatch, RejectedError(f"the service refused ({status})", status=status))
    result = console(*FLEET, "--json", env=quiet.env)
    assert (result.code, result.verdict["verdict"], result.verdict["changed"]) == (code, "rejected", False)
    assert f"octomil-console: the service refused ({status})" in result.err


def test_what_never_left(quiet: Drill, console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, NotSentError("cannot connect; nothing was sent"))
    result = console(*FLEET, "--json", env=quiet.env)
    assert (result.code, result.verdict["verdict"]) == (3, "not_sent")


def test_a_refusal_of_the_service_itself(console: Console) -> None:
    with Drill("brief", "refuse-rollback") as drill:
        result = console(*FLEET, env=drill.env)
        assert result.code == 7
        assert "locked by a change freeze" in result.err
        assert result.out == ""


def test_what_vanished_while_somebody_was_asked(
    quiet: Drill, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def again(*_: object) -> None:
        raise UnknownNameError("no device group is called staging; there are: lab")

    monkeypatch.setattr("octomil_tui.cli.rollback.confirm", lambda *_: True)
    monkeypatch.setattr("octomil_tui.engine.session.Session._again", again)
    result = console(*STAGING, "--json", env=quiet.env)
    assert (result.code, result.verdict["verdict"]) == (7, "plan_moved")
    assert "what was shown is no longer there: no device group is called staging" in result.err


def test_a_world_that_cannot_be_read_again(
    quiet: Drill, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def again(*_: object) -> None:
        raise ServerError("server error 500", status=500)

    monkeypatch.setattr("octomil_tui.cli.rollback.confirm", lambda *_: True)
    monkeypatch.setattr("octomil_tui.engine.session.Session._again", again)
    result = console(*FLEET, env=quiet.env)
    assert result.code == 3
    assert result.err.endswith("octomil-console: server error 500; nothing was sent\n")
