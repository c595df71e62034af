"""The server as a process: how it says that it is ready, and every way to end it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time

import httpx
import pytest

from octomil_tui.sim.options import SimOptions
from octomil_tui.sim.spawn import Running, SpawnError, spawn
from octomil_tui.sim.stamp import parse_time

STARTS = parse_time("2026-06-17T03:12:41Z")


def client(running: Running) -> httpx.Client:
    return httpx.Client(
        base_url=running.base_url, headers={"Authorization": f"Bearer {running.api_key}"}, trust_env=False
    )


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_rollback_over_real_http() -> None:
    with (
        spawn(SimOptions(scenario="brief", start=STARTS, manual_clock=True)) as running,
        client(running) as http,
    ):
        assert (running.org_id, running.api_key[:8]) == ("org_demo", "edg_sim_")
        answer = http.post("/models/phi-4-mini/rollback", json={"to_version": "1.0.0"})
        assert (answer.status_code, answer.json()["affected_devices"]) == (202, 124)
        assert answer.headers.get_list("date") == ["Wed, 17 Jun 2026 03:12:41 GMT"]
        clock = http.base_url.join("/_sim/clock")
        assert http.post(clock, json={"advance_to": "2026-06-17T03:30:00Z"}).status_code == 200
        assert http.get("/models/phi-4-mini/rollouts/4131").json()["device_count"] == 124
        pid = running.pid
    assert not alive(pid)


def test_time_runs_by_itself_and_faster_if_asked() -> None:
    with spawn(SimOptions(start=STARTS, speed=2000)) as running, client(running) as http:
        assert http.post(http.base_url.join("/_sim/clock"), json={"advance_to": "x"}).status_code == 404
        deadline = time.monotonic() + 10
        while http.get("/models/phi-4-mini/rollouts/4127").json()["rollout_percentage"] == 40:
            assert time.monotonic() < deadline
            time.sleep(0.02)


def test_a_lost_answer_is_carried_out_once() -> None:
    options = SimOptions(start=STARTS, manual_clock=True, faults=("lost-answer",))
    with spawn(options) as running, client(running) as http:
        path, body = "/models/phi-4-mini/rollback", {"to_version": "1.0.0"}
        with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
            http.post(path, json=body, headers={"Idempotency-Key": "k"})
        assert http.get("/models/phi-4-mini/rollouts/4131").json()["status"] == "rolling_back"
        again = http.post(path, json=body, headers={"Idempotency-Key": "k"})
        assert (again.status_code, again.headers["Idempotent-Replayed"]) == (202, "true")


def test_the_end_of_standard_input_ends_it() -> None:
    running = spawn(SimOptions())
    with client(running) as http:
        http.get("/models")
        assert running.stop() in {0, -signal.SIGTERM, 143}
    assert not alive(running.pid)
    running.stop()


@pytest.mark.parametrize("stdin", ["pipe", "null"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_end_it(stdin: str, number: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "octomil_tui.sim"],
        stdin=subprocess.PIPE if stdin == "pipe" else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert set(json.loads(process.stdout.readline())) == {"base_url", "api_key", "org_id"}
        process.send_signal(number)
        assert process.wait(10) in {0, -number, 128 + number}


def test_a_port_that_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SpawnError, match=f"cannot listen on 127.0.0.1:{port}"):
            spawn(SimOptions(port=port))
        ended = subprocess.run(  # noqa: S603 - this interpreter
            [sys.executable, "-m", "octomil_tui.sim", "--port", str(port)],
            capture_output=True,
            text=True,
            check=False,
        )
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
