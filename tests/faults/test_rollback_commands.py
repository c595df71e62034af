"""The one POST of a command, where the service, the network or the disk is bad."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from octomil_tui.cli.main import main
from tests.cli.drill import Drill, Result

ROLLBACK = ("rollback", "phi-4-mini", "--to-version", "1.0.0", "--yes", "phi-4-mini", "--reason", "INC-1")
STAGING = (
    "rollback", "phi-4-mini", "--to-version", "1.0.0", "--group", "staging", "--yes", "staging",
)  # fmt: skip
POST = "/v1/models/mdl_phi4mini/rollback"

Run = Callable[..., Result]


@pytest.fixture
def drill() -> Iterator[Drill]:
    with Drill("brief") as found:
        yield found


@pytest.fixture
def run(
    drill: Drill, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Run a command with a state directory of this test alone; a lost answer is looked for twice only."""
    monkeypatch.setattr("octomil_tui.engine.commands.FIRST_LOOK", 0.1)
    monkeypatch.setattr("octomil_tui.engine.commands.LOOK_FOR", 0.3)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))

    def command(*arguments: str) -> Result:
        for name, value in drill.env.items():
            monkeypatch.setenv(name, value)
        code = main(list(arguments))
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return command


def posts(drill: Drill) -> list[dict[str, Any]]:
    return [
        entry for entry in drill.log if entry["method"] == "POST" and not entry["path"].startswith("/_sim")
    ]


def journal(directory: Path) -> list[dict[str, Any]]:
    found = sorted((directory / "octomil-console" / "journal").glob("*.json"))
    return [json.loads(path.read_bytes()) for path in found]


@pytest.mark.parametrize(
    "rule",
    [
        {"fault": "drop_after"},
        {"fault": "reset", "processed": True},
        {"fault": "status", "code": 504, "html": True, "processed": True},
        {"fault": "status", "code": 500, "processed": True},
        {"fault": "truncate"},
        {"fault": "html", "processed": True},
    ],
    ids=lambda rule: "-".join(str(value) for value in rule.values()),
)
def test_case_11_a_lost_answer_of_one_that_began_is_settled_by_reading(
    drill: Drill, run: Run, tmp_path: Path, rule: dict[str, Any]
) -> None:
    drill.faults({**rule, "method": "POST", "times": 1})
    result = run(*ROLLBACK)
    assert result.code == 0, result.err
    assert "Affected devices: 124" in result.out
    assert len(posts(drill)) == 1
    [entry] = journal(tmp_path)
    assert (entry["state"], entry["rollout_id"]) == ("accepted", "4131")


def test_case_12_one_that_did_not_begin_is_never_sent_again_by_itself(
    drill: Drill, run: Run, tmp_path: Path
) -> None:
    drill.faults({"fault": "drop_before", "method": "POST", "times": 1})
    lost = run(*ROLLBACK)
    assert lost.code == 4, lost.err
    assert "show no such rollback" in lost.err
    assert len(posts(drill)) == 1
    assert journal(tmp_path)[0]["state"] == "unknown"
    again = run(*ROLLBACK)
    assert again.code == 0, again.err
    keys = [entry["idempotency_key"] for entry in posts(drill)]
    assert len(keys) == 2
    assert keys[0] == keys[1] == journal(tmp_path)[0]["intent"]["id"]
    assert len(journal(tmp_path)) == 1


def test_case_14_nothing_to_do_and_impossible_targets_send_nothing(drill: Drill, run: Run) -> None:
    for version in ("2.1.0", "7.7.7"):
        refused = run("rollback", "phi-4-mini", "--to-version", version, "--yes", "phi-4-mini")
        assert refused.code in (2, 5), refused.err
        assert "nothing was sent" in refused.err
    assert posts(drill) == []


def test_case_14_an_unknown_version_that_only_the_service_knows_of(drill: Drill, run: Run) -> None:
    drill.faults(
        {
            "fault": "status",
            "code": 422,
            "message": "Version 1.0.0 was withdrawn.",
            "method": "POST",
            "times": 1,
        }
    )
    refused = run(*ROLLBACK)
    assert refused.code == 5
    assert "Version 1.0.0 was withdrawn" in refused.err
    assert len(posts(drill)) == 1


def test_case_15_an_unknown_group_is_refused_and_a_group_that_is_all_offline_is_warned_of(
    drill: Drill, run: Run
) -> None:
    unknown = run("rollback", "phi-4-mini", "--to-version", "1.0.0", "--group", "nobody", "--yes", "nobody")
    assert unknown.code == 2
    assert posts(drill) == []
    for row in json.loads(run("devices", "--json").out)["devices"]:
        if "canary" in row.get("groups", ()):
            drill.device(row["name"], "offline")
    warned = run("plan", "phi-4-mini", "--to-version", "1.0.0", "--group", "canary")
    assert warned.code == 0
    assert "0 online" in warned.out


def test_case_16_a_conflict_names_who_is_in_the_way_and_how_to_watch_it(drill: Drill, run: Run) -> None:
    # Somebody else begins between the preflight and the request: the service refuses.
    drill.operator(model="phi-4-mini", to_version="0.9.0", by="ana")
    drill.faults({"fault": "refuse_rollback", "method": "POST"})
    refused = run(*ROLLBACK)
    assert refused.code == 7, refused.err
    assert "In the way: rollback 4131 to v0.9.0 by ana" in refused.err
    assert "octomil-console watch 4131" in refused.err
    assert len(posts(drill)) == 1


@pytest.mark.parametrize("code", [404, 405])
def test_a_service_without_rollbacks_is_offered_a_rollout_and_never_sent_one_unasked(
    drill: Drill, run: Run, code: int
) -> None:
    drill.faults({"fault": "no_rollback_route", "code": code})
    refused = run(*ROLLBACK)
    assert refused.code == 5, refused.err
    assert "--as-rollout" in refused.err
    assert [entry["path"] for entry in posts(drill)] == [POST]
    sent = run(*ROLLBACK, "--as-rollout", "--watch", "--timeout", "1s")
    assert sent.code == 4, sent.err
    assert "still running" in sent.err
    assert [entry["path"] for entry in posts(drill)] == [POST, "/v1/models/mdl_phi4mini/rollouts"]
    assert run("watch", "4131", "--timeout", "1s").code == 4


def test_a_group_of_a_service_without_rollbacks_has_no_safe_other_way(drill: Drill, run: Run) -> None:
    drill.faults({"fault": "no_rollback_route"})
    refused = run(*STAGING)
    assert refused.code == 5
    assert "There is no safe other way for one group" in refused.err
    asked = run(*STAGING, "--as-rollout")
    assert asked.code == 5
    assert "would move the whole fleet" in asked.err
    assert [entry["path"] for entry in posts(drill)] == [POST]


def test_case_48_without_a_place_to_write_it_is_sent_only_when_told_so(
    drill: Drill, run: Run, tmp_path: Path
) -> None:
    (tmp_path / "octomil-console").write_text("in the way")
    refused = run(*ROLLBACK)
    assert refused.code == 5, refused.err
    assert "--without-journal" in refused.err
    assert posts(drill) == []
    assert run("models", "list").code == 0, "reading needs no record"
    assert run(*ROLLBACK, "--without-journal").code == 0
    assert len(posts(drill)) == 1


def test_case_22_a_redirect_of_the_request_is_not_followed(drill: Drill, run: Run) -> None:
    with Drill("brief") as second:
        elsewhere = f"{second.running.base_url}/models/phi-4-mini/rollback"
        drill.faults({"fault": "redirect", "code": 307, "location": elsewhere, "method": "POST", "times": 1})
        result = run(*ROLLBACK)
        assert result.code == 4, result.err
        assert second.log == []
        assert len(posts(drill)) == 1
