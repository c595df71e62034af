"""The policy, actions on rollouts, and holds, from the command line over HTTP."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from tests.cli.conftest import Console
from tests.cli.drill import Drill

WORD = ("--yes", "phi-4-mini")
PHI = "/v1/models/mdl_phi4mini"


def test_the_policy_of_the_brief_end_to_end(brief: Drill, console: Console) -> None:
    run = partial(console, env=brief.env)
    before = run("team", "policy")
    assert (before.code, before.lines[:2]) == (0, ["Auto-rollback: off", "Error threshold: 5%"])
    done = run("team", "set-policy", "--auto-rollback", "--error-threshold", "5%")
    assert (done.code, done.lines[:3]) == (
        0,
        ["Policy updated", "Auto-rollback: on (was off)", "Error threshold: 5%"],
    )
    assert brief.writes == ["/v1/settings"]

    limits = ("--crash-threshold", "2", "--latency-p95-max", "1.5s", "--no-auto-rollback")
    more = run("team", "set-policy", *limits, "--json")
    assert more.verdict["auto_rollback"] is False
    assert more.verdict["limits"] == {
        "error_threshold_percent": 5.0,
        "crash_threshold_percent": 2.0,
        "latency_p95_max_ms": 1500.0,
    }
    assert (more.verdict["not_kept"], more.verdict["before"]["auto_rollback"]) == ([], True)
    after = run("team", "policy", "--json")
    assert after.objects[0]["limits"]["latency_p95_max_ms"] == 1500.0


def test_a_service_that_keeps_no_limits_says_so(console: Console) -> None:
    with Drill("brief", "plain-settings") as plain:
        run = partial(console, env=plain.env)
        done = run("team", "set-policy", "--auto-rollback", "--error-threshold", "5%")
        assert done.code == 7
        assert "Auto-rollback: on (was off)" in done.lines
        assert "Error threshold: not kept by this service" in done.lines
        assert "but not everything was kept: error rate: this service does not keep a limit" in done.err
        assert run("team", "set-policy", "--no-auto-rollback").code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("team", "set-policy"), "nothing to set"),
        (("team", "set-policy", "--error-threshold", "0%"), "would revert everything"),
        (("team", "set-policy", "--error-threshold", "120"), "no such percentage"),
        (("team", "set-policy", "--latency-p95-max", "fast"), "no such time"),
        (("rollout", "set", "phi-4-mini", "-1"), "PERCENT"),
        (("rollout", "pause", "nobody"), "no model is called nobody"),
        (("hold", "phi-4-mini", "7.7.7"), "has no version 7.7.7"),
        (("rollout", "pause", "phi-4-mini", "--rollout", "1"), "has no rollout 1"),
    ],
)
def test_what_cannot_be_meant(quiet: Drill, console: Console, arguments: tuple[str, ...], said: str) -> None:
    run = partial(console, env=quiet.env)
    result = run(*arguments)
    assert result.code == 2
    assert said in result.err
    assert quiet.writes == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("team", "set-policy", "--auto-rollback"),
        ("rollout", "cancel", "phi-4-mini", *WORD),
        ("hold", "phi-4-mini", "1.0.0", *WORD),
    ],
)
def test_case_42_read_only_changes_nothing(
    quiet: Drill, console: Console, arguments: tuple[str, ...]
) -> None:
    run = partial(console, env=quiet.env)
    result = run(*arguments, "--read-only")
    assert (result.code, quiet.writes) == (5, [])
    assert "this console is read-only" in result.err


def test_each_action_needs_its_word(quiet: Drill, console: Console) -> None:
    run = partial(console, env=quiet.env)
    wrong = run("rollout", "pause", "phi-4-mini", "--yes", "2.0.0")
    assert (wrong.code, quiet.writes) == (5, [])
    assert "confirmed with phi-4-mini; nothing was sent" in wrong.err
    assert run("rollout", "pause", "phi-4-mini").code == 5
    assert quiet.writes == []


def test_the_life_of_a_rollout(brief: Drill, console: Console) -> None:
    run = partial(console, env=brief.env)
    paused = run("rollout", "pause", "phi-4-mini", *WORD, "--reason", "INC-2231")
    assert (paused.code, paused.lines) == (0, ["rollout 4127 to v2.0.0 is paused"])
    assert "It stays at 40%: no further device is told." in paused.err
    again = run("rollout", "pause", "phi-4-mini", *WORD)
    assert again.code == 5
    assert "rollout 4127 is paused; nothing was sent" in again.err
    assert run("rollout", "resume", "phi-4-mini", *WORD).code == 0
    further = run("rollout", "advance", "phi-4-mini", *WORD)
    assert further.lines == ["rollout 4127 to v2.0.0 is advanced to 60%"]
    assert "From 50 to 74 of 124 devices: 24 more are told to run v2.0.0" in further.err
    back = run("rollout", "set", "phi-4-mini", "20%", *WORD, "--json").verdict
    assert (back["from_percent"], back["to_percent"], back["is_confirmed_by_reading"]) == (60, 20, True)
    ended = run("rollout", "cancel", "phi-4-mini", *WORD)
    assert ended.lines == ["rollout 4127 to v2.0.0 is cancelled"]
    assert "Cancel is not rollback. To take the devices back: octomil-console rollback" in ended.err
    words = ("pause", "resume", "advance", "update-percentage", "cancel")
    assert brief.writes == [f"{PHI}/rollouts/4127/{word}" for word in words]

    history = run("rollout", "history", "phi-4-mini", "--json").objects[0]["history"]
    assert [(line["status"], line["percent"]) for line in history[:5]] == [
        ("cancelled", 20),
        ("active", 20),
        ("active", 60),
        ("active", 40),
        ("paused", 40),
    ]
    assert history[4]["reason"] == "INC-2231"
    assert "INC-2231" in run("rollout", "history", "phi-4-mini").out


def test_a_held_version_comes_to_nobody_until_it_is_released(brief: Drill, console: Console) -> None:
    run = partial(console, env=brief.env)
    refused = run("hold", "phi-4-mini", "2.0.0", *WORD)
    assert refused.code == 5
    assert "rollout 4127 is bringing it" in refused.err
    assert run("hold", "phi-4-mini", "v0.9.0", *WORD, "--reason", "INC-1").code == 0
    back = run("rollback", "phi-4-mini", "--to-version", "0.9.0", *WORD)
    assert back.code == 5
    assert "it is held by ops: INC-1; release it first" in back.err
    assert run("release", "phi-4-mini", "0.9.0", *WORD, "--reason", "fine").code == 0
    assert run("rollback", "phi-4-mini", "--to-version", "0.9.0", *WORD).code == 0


def test_a_rollback_holds_the_version_that_it_leaves_where_it_is_asked_to(
    brief: Drill, console: Console
) -> None:
    run = partial(console, env=brief.env)
    done = run("rollback", "phi-4-mini", "--to-version", "1.0.0", *WORD, "--reason", "INC-1", "--hold")
    assert done.code == 0
    assert "v2.0.0 is held" in done.err.splitlines()
    assert done.lines[0] == "Rollback initiated", "the brief's five lines stay as they are"
    forward = run("plan", "phi-4-mini", "--to-version", "2.0.0")
    assert (forward.code, "it is held" in forward.out) == (5, True)
    report = run("report", "phi-4-mini")
    assert "v2.0.0 is held: no rollout brings it back until somebody releases it." in report.out
    assert "`octomil-console release phi-4-mini 2.0.0`, since it is held, and then" in report.lines
    assert "| ops | v2.0.0 held: INC-1 |" in report.out


def test_a_hold_of_a_rollback_is_an_object_of_its_own(brief: Drill, console: Console) -> None:
    args = ("rollback", "phi-4-mini", "--to-version", "1.0.0", *WORD, "--hold", "--json")
    found = {one["event"]: one for one in console(*args, env=brief.env).objects}
    assert (found["hold"]["version"], found["hold"]["result"]) == ("2.0.0", "done")
    assert found["verdict"]["exit_code"] == 0


def test_a_service_that_cannot_cancel_is_not_told_to_delete_unless_asked(
    brief: Drill, console: Console
) -> None:
    run = partial(console, env=brief.env)
    brief.faults({"fault": "status", "code": 404, "path": "/models/*/rollouts/*/cancel"})
    refused = run("rollout", "cancel", "phi-4-mini", *WORD)
    assert refused.code == 5
    assert "octomil-console rollout cancel phi-4-mini --rollout 4127 --by-deleting" in refused.err
    done = run("rollout", "cancel", "phi-4-mini", "--by-deleting", *WORD)
    assert (done.code, done.lines) == (0, ["rollout 4127 to v2.0.0 is cancelled"])
    assert brief.writes == [f"{PHI}/rollouts/4127/cancel", f"{PHI}/rollouts/4127"]


def test_a_lost_answer_is_found_by_reading(brief: Drill, console: Console) -> None:
    run = partial(console, env=brief.env)
    brief.faults({"fault": "drop_after", "method": "POST", "path": "/models/*/rollouts/*/pause", "times": 1})
    done = run("rollout", "pause", "phi-4-mini", *WORD)
    assert done.code == 0
    assert "its answer was lost, and the server's records show it" in done.out
    assert len(brief.writes) == 1


def test_what_was_done_is_written_down_before_and_after(
    brief: Drill, console: Console, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run = partial(console, env=brief.env)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    run("rollout", "pause", "phi-4-mini", *WORD, "--reason", "INC-9")
    (log,) = tmp_path.rglob("audit.jsonl")
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line["action"] for line in lines] == ["rollout.pause.intent", "rollout.pause.done"]
    assert (lines[0]["reason"], lines[0]["intent"]) == ("INC-9", lines[1]["intent"])

    log.chmod(0o400)
    log.unlink()
    log.mkdir()
    refused = run("rollout", "resume", "phi-4-mini", *WORD)
    assert refused.code == 5
    assert "--without-journal sends it all the same" in refused.err
    assert run("rollout", "resume", "phi-4-mini", *WORD, "--without-journal").code == 0
