"""`fault`: things go wrong in a practice fleet, from another terminal."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from octomil_tui.cli.exits import CommandError
from octomil_tui.cli.fault import rule_of
from octomil_tui.cli.main import main
from octomil_tui.sim.drill_file import DrillAddress, publish
from octomil_tui.sim.options import SimOptions
from octomil_tui.sim.spawn import Running, spawn
from tests.cli.drill import command, environment
from tests.sim.served import Served


@pytest.fixture
def drills(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home, so that no drill of this machine is found."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    return tmp_path


@pytest.fixture
def sim(drills: Path) -> Iterator[Running]:
    with spawn(SimOptions("brief", drill=True)) as running:
        assert len(list(drills.rglob("*.json"))) == 1
        yield running


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(["fault", *words])
    out, err = capsys.readouterr()
    return code, out, err


def get(sim: Running, path: str, key: str | None = None) -> httpx.Response:
    headers = {"Authorization": f"Bearer {key or sim.api_key}"}
    return httpx.get(sim.base_url + path, headers=headers, trust_env=False)


def test_the_life_of_faults(sim: Running, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "list") == (0, "no fault is set\n", "")
    code, out, _ = said(capsys, "add", "status=503", "retry_after=7", "--path", "/devices*", "--lasts", "60s")
    line = "1 status path=/devices* lasts=60.0 code=503 retry_after=7: 0 requests met it\n"
    assert (code, out) == (0, line)
    assert get(sim, "/devices").headers["retry-after"] == "7"
    assert get(sim, "/models").status_code == 200
    assert said(capsys, "list")[1] == line.replace("0 requests", "1 request")
    code, out, _ = said(capsys, "list", "--json")
    assert (code, json.loads(out)["faults"][0]["fired"]) == (0, 1)
    assert said(capsys, "clear") == (0, "no fault is set\n", "")
    assert get(sim, "/devices").status_code == 200


def test_the_second_operator_devices_and_memory(sim: Running, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("operator", "phi-4-mini", "--to-version", "0.9.0", "--group", "staging")
    assert said(capsys, *words)[1] == "ana began rollback 4131 of phi-4-mini to 0.9.0: 12 devices\n"
    code, _, err = said(capsys, *words)
    assert (code, "Rollback 4131 of phi-4-mini to 0.9.0 is still running" in err) == (7, True)
    out = said(capsys, "operator", "phi-4-mini", "--roll-out", "2.1.0", "--percentage", "50", "--by", "bo")[1]
    assert out == "bo began rollout 4132 of phi-4-mini to 2.1.0: 62 devices\n"
    assert said(capsys, "device", "lab-01", "offline")[1] == "lab-01 is offline\n"
    assert said(capsys, "device", "lab-01", "bounce", "--model", "nobody")[0] == 2
    assert said(capsys, "device", "nobody", "online")[0] == 2
    assert said(capsys, "device", "../faults", "online")[0] == 2
    assert said(capsys, "forget")[1] == "the service knows no rollout any more\n"
    assert get(sim, "/rollouts/active").json() == {"rollouts": []}


def test_a_new_key(sim: Running, capsys: pytest.CaptureFixture[str]) -> None:
    key = said(capsys, "key")[1].strip()
    assert (get(sim, "/models").status_code, get(sim, "/models", key).status_code) == (401, 200)
    assert said(capsys, "list")[0] == 0, "the drill goes on with the key it has"


def test_what_cannot_be_set(sim: Running, capsys: pytest.CaptureFixture[str]) -> None:
    for words, sentence in {
        ("latency",): "latency.seconds: Field required",
        ("fire",): "Input tag 'fire'",
        ("html=1",): "html takes no value",
        ("status=503", "soon"): "soon is not of the form FIELD=VALUE",
        ("status=503", "--path", ""): "status.path: String should have at least 1 character",
    }.items():
        code, out, err = said(capsys, "add", *words)
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert sentence in err
    assert get(sim, "/models").status_code == 200


@pytest.mark.usefixtures("drills")
def test_without_a_practice_fleet(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = said(capsys, "list")
    assert (code, out) == (3, "")
    assert "start one with octomil-console demo --drill" in err
    publish(DrillAddress("http://10.0.0.1:80/v1", "edg_sim_elsewhere"), 80)
    publish(DrillAddress("http://127.0.0.1:9/v1", "edg_sim_gone"), 9)
    assert said(capsys, "list")[0] == 3


def test_several_practice_fleets(sim: Running, capsys: pytest.CaptureFixture[str]) -> None:
    with spawn(SimOptions("brief", drill=True)) as other:
        code, _, err = said(capsys, "list")
        assert (code, "name one with --port" in err) == (2, True)
        assert {str(sim.port), str(other.port)} <= set(err.replace(",", "").split())
        assert said(capsys, "add", "html", "--port", str(other.port))[0] == 0
        assert said(capsys, "list", "--port", str(sim.port))[1] == "no fault is set\n"


@pytest.mark.parametrize(
    ("what", "fields", "rule"),
    [
        ("latency=3", [], {"fault": "latency", "seconds": 3}),
        ("latency=0.5", [], {"fault": "latency", "seconds": 0.5}),
        ("skew=-7200", [], {"fault": "skew", "seconds": -7200}),
        ("drop-after", ["times=1"], {"fault": "drop_after", "times": 1}),
        (
            "status=503",
            ["html=true", "retry_after=7"],
            {"fault": "status", "code": 503, "html": True, "retry_after": "7"},
        ),
        (
            "redirect=http://127.0.0.1:1/?a=b",
            [],
            {"fault": "redirect", "location": "http://127.0.0.1:1/?a=b"},
        ),
        ("too-large=300", ["gzip=false"], {"fault": "too_large", "megabytes": 300, "gzip": False}),
        ("refuse-rollback", [], {"fault": "refuse_rollback"}),
        (
            "lost-answer",
            [],
            {"fault": "drop_after", "method": "POST", "path": "/models/*/rollback", "times": 1},
        ),
    ],
)
def test_words_become_a_rule(what: str, fields: list[str], rule: dict[str, object]) -> None:
    assert rule_of(what, fields) == rule


def test_a_name_of_the_command_line_takes_no_value() -> None:
    with pytest.raises(CommandError, match="takes no value"):
        rule_of("lost-answer=3", [])


def test_the_demo_takes_faults_if_asked_to(drills: Path) -> None:
    done = subprocess.Popen(  # noqa: S603 - this program
        command("demo", "--drill", "--json"),
        env=environment({"HOME": str(drills)}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with done:
        assert done.stderr is not None
        assert "octomil-console fault add" in done.stderr.readline()
        found = subprocess.run(  # noqa: S603 - this program
            command("fault", "list"),
            env=environment({"HOME": str(drills)}),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert (found.returncode, found.stdout) == (0, "no fault is set\n")
        done.kill()
    Served.wait(lambda: not list(drills.rglob("drills/*.json")))
