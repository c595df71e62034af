"""The rollback page, line by line."""

from __future__ import annotations

import subprocess
import sys

import httpx

from tests.cli.conftest import Console
from tests.cli.drill import ROOT, Drill, environment, run_process

INITIATED = [
    "Rollback initiated",
    "Model: phi-4-mini",
    "From: v2.0.0 → To: v1.0.0",
    "Affected devices: 124",
    "Status: rolling_back",
]
VERIFIED = [
    "Model: phi-4-mini",
    "Active version: v1.0.0",
    "Rollback from: v2.0.0",
    "Status: completed",
    "Devices on v1.0.0: 124/124 (100%)",
]
SNIPPET = """\
from octomil_tui import OctomilClient
client = OctomilClient(api_key="edg_...")
rollback = client.rollouts.rollback(
model_id="phi-4-mini",
to_version="1.0.0",
reason="Latency regression detected",
)
print(f"Rolling back {rollback.affected_devices} devices")
"""


def test_a_quick_rollback_during_a_rollout_and_its_verification(brief: Drill, console: Console) -> None:
    status = console("rollout", "status", "phi-4-mini", env=brief.env)
    assert status.code == 0
    assert "Progress: 40% (50 of 124 devices)" in status.lines

    rollback = ("rollback", "phi-4-mini", "--to-version", "1.0.0", "--yes", "phi-4-mini")
    sent = console(*rollback, env=brief.env)
    assert (sent.code, sent.lines) == (0, INITIATED)
    assert brief.writes == ["/v1/models/mdl_phi4mini/rollback"]

    # "The active rollout is cancelled automatically."
    running = console("rollout", "status", "phi-4-mini", env=brief.env)
    assert running.lines[2:4] == ["Rollback from: v2.0.0", "Status: rolling_back"]
    assert running.lines[4] == "Devices on v1.0.0: 74/124 (59%)"

    brief.at(310)
    brief.at(620)
    verified = console("rollout", "status", "phi-4-mini", env=brief.env)
    assert (verified.code, verified.lines, verified.err) == (0, VERIFIED, "")


def test_a_rollback_to_any_version(brief: Drill, console: Console) -> None:
    versions = console("models", "versions", "phi-4-mini", env=brief.env)
    assert versions.code == 0
    assert [line.split()[0] for line in versions.lines] == ["VERSION", "v2.1.0", "v2.0.0", "v1.0.0", "v0.9.0"]
    sent = console("rollback", "phi-4-mini", "--to-version", "0.9.0", "--yes", "phi-4-mini", env=brief.env)
    assert sent.code == 0
    assert sent.lines[2:4] == ["From: v2.0.0 → To: v0.9.0", "Affected devices: 124"]


def test_a_scoped_rollback(brief: Drill, console: Console) -> None:
    sent = console(
        *("rollback", "phi-4-mini", "--to-version", "1.0.0", "--group", "staging", "--yes", "staging"),
        env=brief.env,
    )
    assert sent.code == 0
    assert sent.lines == [*INITIATED[:3], "Group: staging", "Affected devices: 12", INITIATED[4]]
    brief.at(310)
    brief.at(620)
    status = console("rollout", "status", "phi-4-mini", env=brief.env)
    assert status.lines[-1] == "Devices on v1.0.0: 12/12 (100%)"


def test_the_python_tab(brief: Drill) -> None:
    code = SNIPPET.replace("edg_...", brief.running.api_key)
    done = subprocess.run(  # noqa: S603 - this program, and arguments of the tests
        [sys.executable, "-c", code],
        check=False,
        cwd=ROOT,
        env=environment({"OCTOMIL_API_URL": brief.running.base_url}),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "Rolling back 124 devices\n", "")


def test_the_curl_tab(brief: Drill) -> None:
    answer = httpx.post(
        f"{brief.running.base_url}/models/phi-4-mini/rollback",
        headers={"Authorization": f"Bearer {brief.running.api_key}", "Content-Type": "application/json"},
        content='{"to_version": "1.0.0", "reason": "Latency regression detected"}',
        trust_env=False,
    )
    assert answer.status_code == 202
    assert answer.json()["affected_devices"] == 124
    assert answer.json()["status"] == "rolling_back"


def test_the_installed_program_says_the_same(brief: Drill) -> None:
    sent = run_process(brief.env, "rollback", "phi-4-mini", "--to-version", "1.0.0", "--yes", "phi-4-mini")
    assert (sent.code, sent.lines) == (0, INITIATED)
    assert brief.running.api_key not in sent.out + sent.err
