"""The embedded control plane among people who mean no good: what reaches it, what it takes, and when it ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from octomil_tui.sim import connection
from octomil_tui.sim.key import KeyUnusableError, take_key
from octomil_tui.sim.listener import bind
from octomil_tui.sim.options import SimOptions
from octomil_tui.sim.private_file import PrivateFile, PrivateFileError
from octomil_tui.sim.spawn import spawn
from tests.sim.served import DEADLINE, KEY, Served, head, read_all

REAL_KEY = "edg_live_5b0c0ffee0000000000000000000dead"


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with Served() as running:
        yield running


def start(*options: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    """Start a server as a person would, without a parent to hold its standard input."""
    return subprocess.Popen(  # noqa: S603 - this interpreter, and options of the tests
        [sys.executable, "-m", "octomil_tui.sim", *options],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **(env or {})},
    )


def ready(process: subprocess.Popen[str]) -> dict[str, str]:
    assert process.stdout is not None
    line: dict[str, str] = json.loads(process.stdout.readline())
    return line


def refused(*options: str, env: Mapping[str, str] | None = None) -> str:
    """Return the one sentence that a server is refused with."""
    process = start(*options, env=env)
    out, err = process.communicate(timeout=DEADLINE)
    assert (process.returncode, out, err.count("\n")) == (2, "", 1), err
    return err


def end(process: subprocess.Popen[str]) -> str:
    """End a server, and return what it wrote on standard error."""
    process.terminate()
    _, err = process.communicate(timeout=DEADLINE)
    return err


def is_alive(pid: int) -> bool:
    try:
        # A process that ended and was not waited for is there still; its state says so.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


# Who is let in.


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Authorization": ""}, 401),
        ({"Authorization": f"Bearer {KEY[:-1]}"}, 401),
        ({"Authorization": f"Bearer {KEY}0"}, 401),
        ({"Authorization": f"bearer {KEY}"}, 401),
        ({"Authorization": KEY}, 401),
        ({"Host": "evil.example"}, 421),
        ({"Host": "127.0.0.1.evil.example"}, 421),
        ({"Host": "0.0.0.0"}, 421),  # noqa: S104 - refused
        ({"Host": "10.0.0.1"}, 421),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://127.0.0.1"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 200),
    ],
)
@pytest.mark.parametrize("path", ["/v1/models", "/_sim/faults"])
def test_case_50_key_host_and_origin(served: Served, path: str, headers: dict[str, str], status: int) -> None:
    with served.client() as client:
        answer = client.get(path, headers=headers)
    assert answer.status_code == status
    assert answer.headers.get_list("x-octomil-simulator") == ["1"]
    assert KEY not in answer.text


def test_case_50_no_key_at_all(served: Served) -> None:
    answer = httpx.get(f"http://127.0.0.1:{served.port}/v1/models", trust_env=False)
    assert (answer.status_code, answer.headers["x-octomil-simulator"]) == (401, "1")


@pytest.mark.parametrize("fault", ["html", "empty", "reject_key", "redirect"])
def test_case_50_misanswers_are_marked_too(served: Served, fault: str) -> None:
    more = {"location": "http://127.0.0.1:9/"} if fault == "redirect" else {}
    with served.client() as client:
        client.put("/_sim/faults", json=[{"fault": fault, **more}])
        try:
            assert client.get("/v1/models").headers["x-octomil-simulator"] == "1"
        finally:
            client.delete("/_sim/faults")


def test_case_50_a_real_key_is_refused_and_kept_nowhere() -> None:
    process = start("--scenario", "brief")
    line = ready(process)
    real = {"Authorization": f"Bearer {REAL_KEY}", "Idempotency-Key": REAL_KEY}
    base = line["base_url"].removesuffix("/v1")
    with httpx.Client(base_url=base, trust_env=False) as client:
        for path in ("/v1/models", "/_sim/faults", f"/v1/{REAL_KEY}?api_key={REAL_KEY}"):
            answer = client.get(path, headers=real)
            assert answer.status_code == 401
            assert REAL_KEY not in answer.text + str(answer.headers)
        with socket.create_connection(("127.0.0.1", client.base_url.port or 0)) as odd:
            odd.sendall(f"GET /{REAL_KEY} HTTP/1.1\r\nno header {REAL_KEY}\r\n\r\n".encode())
            assert REAL_KEY.encode() not in read_all(odd)
        log = client.get("/_sim/requests", headers={"Authorization": f"Bearer {line['api_key']}"}).text
    assert "/v1/edg_[hidden]" in log
    assert REAL_KEY not in log
    assert REAL_KEY not in end(process)


# Where it listens.


@pytest.mark.parametrize(
    "address",
    ["::", "localhost", "evil.example", "10.0.0.1", "::ffff:127.0.0.1", "2130706433", "127.1", ""],
)
def test_case_50_it_binds_to_loopback_literals_only(address: str) -> None:
    with pytest.raises(ValueError, match="not a loopback address"):
        bind(address, 0)


def test_case_50_another_address_starts_no_server() -> None:
    said = refused("--bind", "0.0.0.0")  # noqa: S104 - refused
    assert "0.0.0.0 is not a loopback address" in said
    console = Path(sys.executable).with_name("octomil-console")
    done = subprocess.run(  # noqa: S603 - this program
        [console, "sim", "--bind", "0.0.0.0"],  # noqa: S104 - refused
        capture_output=True,
        text=True,
        check=False,
        timeout=DEADLINE,
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def test_case_50_each_run_has_one_address_a_port_and_a_key_of_its_own() -> None:
    with spawn(SimOptions("brief")) as first, spawn(SimOptions("brief", bind="127.0.0.2")) as second:
        assert first.base_url.startswith("http://127.0.0.1:")
        assert second.base_url.startswith("http://127.0.0.2:")
        assert first.port not in {0, 80, 8000}
        assert listening(first.port) >= {"0100007F"}
        assert listening(second.port) >= {"0200007F"}
        assert (listening(first.port) | listening(second.port)) <= {"0100007F", "0200007F"}
        headers = {"Authorization": f"Bearer {second.api_key}"}
        assert httpx.get(f"{second.base_url}/models", headers=headers, trust_env=False).status_code == 200
        assert httpx.get(f"{first.base_url}/models", headers=headers, trust_env=False).status_code == 401
        assert min(len(first.api_key), len(second.api_key)) >= 40
        assert {first.api_key[:8], second.api_key[:8]} == {"edg_sim_"}


def listening(port: int) -> set[str]:
    """Return the local addresses, as the kernel writes them, on which somebody listens at a port."""
    rows: list[list[str]] = []
    for table in ("tcp", "tcp6"):
        path = Path(f"/proc/net/{table}")
        rows += [line.split() for line in path.read_text().splitlines()[1:]] if path.exists() else []
    return {row[1].partition(":")[0] for row in rows if row[3] == "0A" and row[1].endswith(f":{port:04X}")}


@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6")
def test_case_50_the_other_loopback() -> None:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        pytest.skip("this machine has no ::1")
    with spawn(SimOptions("brief", bind="::1")) as running:
        assert running.base_url.startswith("http://[::1]:")
        headers = {"Authorization": f"Bearer {running.api_key}"}
        assert httpx.get(f"{running.base_url}/models", headers=headers, trust_env=False).status_code == 200


def test_case_50_a_port_in_use_is_one_sentence_and_a_free_one_is_taken_again() -> None:
    with spawn(SimOptions("brief")) as first:
        said = refused("--port", str(first.port))
        assert f"cannot listen on 127.0.0.1:{first.port}" in said
        key = first.api_key
    options = SimOptions("brief", port=first.port)
    with spawn(options, api_key=key) as second:
        assert (second.port, second.api_key, second.pid != first.pid) == (first.port, key, True)


# The key.


def test_case_50_no_key_is_in_a_command_line_and_no_real_one_reaches_the_child(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OCTOMIL_API_KEY", REAL_KEY)
    with spawn(SimOptions("brief"), api_key=KEY) as running:
        assert running.api_key == KEY
        assert REAL_KEY.encode() not in Path(f"/proc/{running.pid}/environ").read_bytes()
        for process in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                assert KEY.encode() not in process.read_bytes()
            except OSError:  # it ended meanwhile
                continue


@pytest.mark.parametrize(
    "key", [REAL_KEY, "", "edg_sim_", "edg_sim_short", "edg_sim_" + "x" * 30 + "\n", "edg_sim_" + "ä" * 30]
)
def test_case_50_a_key_that_is_given_has_to_be_one_of_a_simulator(key: str) -> None:
    environment = {"OCTOMIL_SIM_KEY": key, "OTHER": "1"}
    with pytest.raises(KeyUnusableError, match="OCTOMIL_SIM_KEY is not usable") as refusal:
        take_key(environment)
    secret = key[len("edg_sim_") :]
    assert not secret or secret not in str(refusal.value)
    assert environment == {"OTHER": "1"}


def test_case_50_a_real_key_starts_no_server() -> None:
    said = refused(env={"OCTOMIL_SIM_KEY": REAL_KEY})
    assert said.startswith("OCTOMIL_SIM_KEY is not usable")
    assert REAL_KEY not in said


def test_case_50_a_key_file_is_private_new_and_goes_with_the_server(tmp_path: Path) -> None:
    path = tmp_path / "key"
    process = start("--scenario", "brief", "--key-file", str(path))
    line = ready(process)
    assert set(line) == {"base_url", "org_id", "api_key_file"}
    assert line["api_key_file"] == str(path)
    status = path.stat()
    assert (stat.S_IMODE(status.st_mode), status.st_uid) == (0o600, os.geteuid())
    headers = {"Authorization": f"Bearer {path.read_text().strip()}"}
    assert httpx.get(f"{line['base_url']}/models", headers=headers, trust_env=False).status_code == 200
    assert end(process) == ""
    assert not path.exists()


def test_case_50_a_key_file_is_never_written_over_or_through(tmp_path: Path) -> None:
    there, link, nowhere = tmp_path / "there", tmp_path / "link", tmp_path / "nowhere"
    there.write_text("mine")
    link.symlink_to(nowhere)
    for taken in (there, link):
        with pytest.raises(PrivateFileError, match="there already"):
            PrivateFile(taken, KEY)
    with pytest.raises(PrivateFileError, match=r"cannot make .*: No such file"):
        PrivateFile(nowhere / "key", KEY)
    assert "there already" in refused("--key-file", str(there))
    assert (there.read_text(), nowhere.exists()) == ("mine", False)


# Limits.


def test_case_50_so_many_connections_and_no_more(served: Served) -> None:
    served.wait(lambda: served.connections == 0)
    idle = [served.dial() for _ in range(connection.MAX_CONNECTIONS)]
    try:
        served.wait(lambda: served.connections == connection.MAX_CONNECTIONS)
        with served.dial() as extra:
            answer = read_all(extra)
        assert answer.startswith(b"HTTP/1.1 503 ")
        assert b"X-Octomil-Simulator: 1" in answer
        assert served.connections == connection.MAX_CONNECTIONS
    finally:
        for one in idle:
            one.close()
    served.wait(lambda: served.connections == 0)
    with served.client() as client:
        assert client.get("/v1/models").status_code == 200


@pytest.mark.parametrize("is_chunked", [False, True])
def test_case_50_a_body_has_a_limit(served: Served, is_chunked: bool) -> None:
    def parts() -> Iterator[bytes]:
        for _ in range(16):
            yield b" " * 100_000

    body: Any = parts() if is_chunked else b" " * 1_000_001
    with served.client() as client:
        answer = client.post("/v1/models/phi-4-mini/rollback", content=body)
        assert (answer.status_code, answer.headers["x-octomil-simulator"]) == (413, "1")
        full = client.post("/v1/models/phi-4-mini/rollback", content=b" " * 1_000_000)
        assert full.status_code == 422


def test_case_50_what_is_no_http_is_marked_and_cut_off(served: Served) -> None:
    for odd in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", head() + b"x" * 70_000):
        with served.dial() as dialled:
            dialled.sendall(odd)
            answer = read_all(dialled)
        assert answer.startswith(b"HTTP/1.1 400 ")
        assert b"X-Octomil-Simulator: 1" in answer


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A server whose clients have a fraction of a second for what otherwise takes ten."""
    monkeypatch.setattr(connection, "HEAD_WITHIN", 0.4)
    monkeypatch.setattr(connection, "BODY_WITHIN", 0.6)
    monkeypatch.setattr("octomil_tui.sim.door.BODY_WITHIN", 0.3)
    with Served(keep_alive=1) as running:
        yield running


def drip(dialled: socket.socket, text: bytes) -> int:
    """Send byte after byte until the other side is gone, and return how many it took."""
    dialled.settimeout(0.05)
    for sent, byte in enumerate(text):
        try:
            dialled.sendall(bytes((byte,)))
            if dialled.recv(65_536) == b"":
                return sent
        except TimeoutError:
            continue
        except OSError:
            return sent
    raise AssertionError("it took all of it")


def test_case_50_a_connection_without_a_request_is_cut_off(hasty: Served) -> None:
    with hasty.dial() as dialled:
        assert read_all(dialled) == b""


def test_case_50_a_head_that_drips_is_cut_off(hasty: Served) -> None:
    with hasty.dial() as dialled:
        assert drip(dialled, head() + b"X-More: " + b"x" * 2000) < 2000


def test_case_50_a_second_head_that_drips_is_cut_off(hasty: Served) -> None:
    with hasty.dial() as dialled:
        dialled.sendall(head() + b"\r\n")
        assert dialled.recv(65_536).startswith(b"HTTP/1.1 200")
        assert drip(dialled, head() + b"X-More: " + b"x" * 2000) < 2000


def test_case_50_a_body_that_stops_is_answered_and_cut_off(hasty: Served) -> None:
    with hasty.dial() as dialled:
        dialled.sendall(head("POST", "/v1/models/phi-4-mini/rollback", Content_Length="50") + b"\r\n{")
        answer = read_all(dialled)
    assert answer.startswith(b"HTTP/1.1 408 ")


def test_case_50_a_body_that_drips_after_its_refusal_is_cut_off(hasty: Served) -> None:
    with hasty.dial() as dialled:
        refused_head = head("POST", "/v1/models", key="edg_sim_wrong", Content_Length="5000")
        dialled.sendall(refused_head + b"\r\n")
        assert dialled.recv(65_536).startswith(b"HTTP/1.1 401 ")
        assert drip(dialled, b"x" * 5000) < 5000


def test_case_50_an_idle_connection_is_closed(hasty: Served) -> None:
    with hasty.dial() as dialled:
        dialled.sendall(head() + b"\r\n")
        assert read_all(dialled).startswith(b"HTTP/1.1 200")


# The end.

PARENT = """
import sys, time
from octomil_tui.sim.key import KeyUnusableError, take_key
from octomil_tui.sim.listener import bind
from octomil_tui.sim.options import SimOptions
from octomil_tui.sim.private_file import PrivateFile, PrivateFileError
from octomil_tui.sim.spawn import spawn
running = spawn(SimOptions("brief"))
print(running.pid, running.port, running.api_key, flush=True)
time.sleep(600)
"""


def test_case_50_a_killed_parent_takes_it_along() -> None:
    with subprocess.Popen(  # noqa: S603 - this interpreter, fixed code
        [sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pid, port, key = parent.stdout.readline().split()
        assert is_alive(int(pid))
        with socket.create_connection(("127.0.0.1", int(port)), DEADLINE) as held:
            # Somebody is waiting for an answer that never comes; that must not keep it.
            url = f"http://127.0.0.1:{port}/_sim/faults"
            rules = {"Authorization": f"Bearer {key}"}
            httpx.put(url, json=[{"fault": "silent"}], headers=rules, trust_env=False).raise_for_status()
            held.sendall(head(key=key) + b"\r\n")
            parent.kill()
            parent.wait(DEADLINE)
            # It ends within 2 s whatever holds it up; the rest is for a machine that is busy.
            Served.wait(lambda: not is_alive(int(pid)))


def test_case_50_nobody_asks_and_it_ends() -> None:
    process = start("--scenario", "brief", "--idle-exit", "0.0001")
    ready(process)
    out, err = process.communicate(timeout=DEADLINE)
    assert (process.returncode, out, err) == (0, "", "")


def test_case_50_a_terminal_that_closes_takes_it_and_its_file_along(tmp_path: Path) -> None:
    # Under nohup the child would inherit that nobody hears of it.
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    try:
        process = start("--scenario", "brief", "--drill", env={"HOME": str(tmp_path), "XDG_STATE_HOME": ""})
    finally:
        signal.signal(signal.SIGHUP, before)
    ready(process)
    assert len(list(tmp_path.rglob("drills/*.json"))) == 1
    process.send_signal(signal.SIGHUP)
    process.communicate(timeout=DEADLINE)
    assert process.returncode == 128 + signal.SIGHUP
    assert not list(tmp_path.rglob("drills/*.json"))
