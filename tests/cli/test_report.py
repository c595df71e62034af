"""The report, the timeline and the hook on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Console
from tests.cli.drill import Drill

FLEET = ("rollback", "phi-4-mini", "--to-version", "1.0.0", "--yes", "phi-4-mini", "--reason", "INC-2231")


@pytest.fixture(autouse=True)
def state(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state" / "octomil-console"


def test_the_night_ends_with_a_report_that_can_be_made_again(
    console: Console, state: Path, tmp_path: Path
) -> None:
    told = tmp_path / "told.jsonl"
    with Drill("brief", speed=400) as drill:
        hook = ("--on-event", f"tee -a '{told}'")
        ended = console(*FLEET, "--watch", "--json", *hook, env=drill.env)
        assert ended.code == 0
        written = Path(ended.verdict["report"])
        assert written == state / "reports" / "4131-phi-4-mini.md"
        text = written.read_text()
        assert "# Rollback 4131 of phi-4-mini: v2.0.0 -> v1.0.0" in text
        assert "| Why | INC-2231 |" in text
        assert "124 settled" not in text
        kept = json.loads(written.with_suffix(".json").read_text())
        assert kept["request"]["request_id"]
        assert len(kept["devices"]) == 124
        assert {"confirmed", "rollback", "done"} <= {event["act"] for event in kept["timeline"]}
        phases = [json.loads(line)["what"] for line in told.read_text().splitlines()]
        assert (phases[0], phases[-1]) == ("rolling_back", "complete")
        again = console("report", "4131", "--json", env=drill.env)
        found = again.objects[-1]
        assert again.code == 0
        for name in ("title", "reason", "by", "way_back"):
            assert found[name] == kept[name], name
        assert found["plan"]["digest"] == kept["plan"]["digest"]
        assert found["request"]["idempotency_key"] == kept["request"]["idempotency_key"]
        plain = console("report", "phi-4-mini", env=drill.env)
        assert plain.lines[0] == f"# {kept['title']}"
        missing = console("report", "9999", env=drill.env)
        assert (missing.code, "no model and no rollout is called 9999" in missing.err) == (2, True)


def test_read_only_leaves_no_report_and_a_hook_that_fails_changes_nothing(
    console: Console, night: Drill, state: Path
) -> None:
    assert console(*FLEET, env=night.env).code == 0
    for seconds in range(300, 1_501, 300):
        night.at(seconds)
    hook = ("--on-event", "/nowhere/at/all")
    done = console("watch", "4131", "--read-only", "--offline-ok", *hook, env=night.env)
    assert done.code == 0
    assert "the command of --on-event cannot be run" in done.err
    assert not (state / "reports").exists()


def test_a_hook_is_a_command_in_words(console: Console, quiet: Drill) -> None:
    wrong = console("watch", "--on-event", "notify 'x", env=quiet.env)
    assert (wrong.code, "no command: notify 'x" in wrong.err) == (2, True)


def test_the_timeline_of_the_night(console: Console, night: Drill) -> None:
    plain = console("timeline", "--limit", "3", env=night.env)
    assert plain.code == 0
    assert plain.lines[0].split() == ["UTC", "AGO", "WHO", "MODEL", "WHAT"]
    assert plain.lines[1].endswith("v2.0.0: error rate 6.1% over 5%, auto-rollback OFF")
    assert len(plain.lines) == 4
    found = console("timeline", "--filter", "kind:rollback by:dev", "--json", env=night.env).objects[-1]
    assert [event["text"] for event in found["timeline"]] == ["rollback 3990 v1.1.0 -> v1.0.0 began: latency"]
    assert found["timeline"][0]["told_by"] == ["audit"]
    wrong = console("timeline", "--filter", "kind:nothing", env=night.env)
    assert wrong.code == 2
