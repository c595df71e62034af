"""How another terminal finds a control plane, and what its client refuses to speak to."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from octomil_tui.sim.drill_client import DrillClient, DrillError, NobodyThereError, NoSimulatorError
from octomil_tui.sim.drill_file import DrillAddress, find_drills, publish
from octomil_tui.sim.idle import Idle
from octomil_tui.sim.private_file import PrivateFileError, private_directory, read_private
from tests.sim.served import DEADLINE, KEY, Served

ADDRESS = DrillAddress("http://127.0.0.1:9999/v1", KEY)


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with Served() as running:
        yield running


def at(port: int, key: str = KEY) -> DrillAddress:
    return DrillAddress(f"http://127.0.0.1:{port}/v1", key)


def test_a_file_is_published_found_and_taken_away(tmp_path: Path) -> None:
    directory = tmp_path / "state" / "drills"
    assert find_drills(directory) == []
    with publish(ADDRESS, 9999, directory) as file:
        assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
        assert {stat.S_IMODE(path.stat().st_mode) for path in (directory, directory.parent)} == {0o700}
        assert find_drills(directory) == [ADDRESS]
        assert KEY not in repr(ADDRESS)
    assert find_drills(directory) == []


def test_a_file_that_was_left_behind_is_replaced(tmp_path: Path) -> None:
    publish(ADDRESS, 9999, tmp_path / "drills")
    fresh = DrillAddress(ADDRESS.base_url, KEY[::-1])
    with publish(fresh, 9999, tmp_path / "drills"):
        assert find_drills(tmp_path / "drills") == [fresh]


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"base_url": 1, "api_key": "x"}', "\xff", "x" * 5000])
def test_a_file_that_is_none_is_left_out(tmp_path: Path, text: str) -> None:
    path = private_directory(tmp_path / "drills") / "1.json"
    path.write_bytes(text.encode("latin-1"))
    path.chmod(0o600)
    assert find_drills(tmp_path / "drills") == []


def test_a_file_that_others_can_read_or_that_leads_elsewhere_is_left_out(tmp_path: Path) -> None:
    directory = private_directory(tmp_path / "drills")
    open_to_all = publish(at(1), 1, directory).path
    open_to_all.chmod(0o644)
    aside = publish(at(2), 2, tmp_path / "other").path
    (directory / "2.json").symlink_to(aside)
    os.mkfifo(directory / "3.json", 0o600)
    (directory / "4.json").mkdir()
    assert find_drills(directory) == []
    with pytest.raises(PrivateFileError, match="only this user can read"):
        read_private(open_to_all)


def test_a_directory_that_others_can_enter_is_refused(tmp_path: Path) -> None:
    (tmp_path / "drills").mkdir(mode=0o755)
    with pytest.raises(PrivateFileError, match="chmod 700"):
        publish(ADDRESS, 1, tmp_path / "drills")
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(PrivateFileError, match="not a directory of this user"):
        private_directory(tmp_path / "link")
    (tmp_path / "file").write_text("")
    with pytest.raises(PrivateFileError, match="cannot make"):
        private_directory(tmp_path / "file" / "drills")


def test_the_client_asks_and_is_told_why_not(served: Served) -> None:
    client = DrillClient(at(served.port))
    assert client.is_there()
    assert client.ask("PUT", "/_sim/faults", []) == {"faults": []}
    with pytest.raises(DrillError, match="Field required") as refusal:
        client.ask("POST", "/_sim/faults", {"fault": "latency"})
    assert refusal.value.status == 422
    wrong = DrillClient(at(served.port, "edg_sim_of_somebody_else_0000"))
    with pytest.raises(DrillError, match="not the key of this run"):
        wrong.ask("GET", "/_sim/faults")


@pytest.mark.parametrize(
    "base_url",
    [
        "http://api.octomil.com:80/v1",
        "https://127.0.0.1:443/v1",
        "http://localhost:8000/v1",
        "http://127.0.0.1@evil.example:80/v1",
        "http://me@127.0.0.1:8000/v1",
        "http://127.0.0.1.evil.example:80/v1",
        "http://0.0.0.0:8000/v1",
        "http://127.0.0.1/v1",
        "http://127.0.0.1:99999/v1",
        "file:///etc/passwd",
        "",
    ],
)
def test_the_client_refuses_an_address_that_is_none_of_this_machine(base_url: str) -> None:
    with pytest.raises(NoSimulatorError, match="nothing was sent"):
        DrillClient(DrillAddress(base_url, KEY))


def test_the_client_sends_no_real_key() -> None:
    with pytest.raises(NoSimulatorError, match="nothing was sent"):
        DrillClient(at(9999, "edg_live_000000000000000000000000"))


@contextmanager
def impostor(answer: bytes) -> Iterator[tuple[int, list[str | None]]]:
    """Run a server that is no simulator; yields its port and the keys it was told."""
    told: list[str | None] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.append(self.headers["Authorization"])
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            return

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server.server_port, told
        finally:
            server.shutdown()
            thread.join(DEADLINE)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nX-Octomil-Simulator: 1\r\nContent-Length: 5\r\n\r\n<html",
        b"\x00\x01\x02\r\n\r\n",
        b"",
    ],
)
def test_who_does_not_say_that_it_is_a_simulator_is_told_no_key(answer: bytes) -> None:
    with impostor(answer) as (port, told):
        client = DrillClient(at(port))
        assert not client.is_there()
        with pytest.raises(NoSimulatorError, match="is not a simulator"):
            client.ask("GET", "/_sim/faults")
    assert told == [None, None]


def test_nobody_is_there() -> None:
    with Served() as ended:
        client = DrillClient(at(ended.port))
    assert not client.is_there()
    with pytest.raises(NobodyThereError):
        client.ask("GET", "/_sim/faults")


def test_idleness_is_counted_from_the_last_request() -> None:
    now, asked = 100.0, 100.0
    idle = Idle(3600.0, lambda: asked, lambda: now)
    assert not idle.is_over()
    now += 3599.9
    assert not idle.is_over()
    now += 0.1
    assert idle.is_over()
    asked = now
    assert not idle.is_over()


def test_only_who_is_let_in_keeps_it_busy(served: Served) -> None:
    before = served.door.last_admitted
    with served.client() as client:
        client.get("/v1/models", headers={"Authorization": "Bearer edg_sim_wrong"})
        assert served.door.last_admitted == before
        client.get("/_sim/faults")
        assert served.door.last_admitted > before
