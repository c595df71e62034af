"""Where requests may go, which, and with which key: against servers that remember what reached them."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path
from typing import Any

import httpx
import pytest

from octomil_tui.api.auth import PRACTICE_HEADER
from octomil_tui.api.client import AsyncOctomilClient
from octomil_tui.api.errors import (
    KeyRefusedError,
    NotSentError,
    OctomilError,
    ReadOnlyError,
    RequestRefusedError,
)
from octomil_tui.api.key import parse_key
from octomil_tui.cli.main import main
from octomil_tui.domain.order import RollbackOrder
from tests.api.doubles import BASE, KEY, PRACTICE_KEY, SECRET, Service, client_of
from tests.cli.drill import Drill
from tests.faults.recorder import Listener, Recorder

ROLLBACK = ("rollback", "phi-4-mini", "--to-version", "1.0.0", "--yes", "phi-4-mini")
ORDER = RollbackOrder("1.0.0")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def _nobodys_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (
        "OCTOMIL_API_URL",
        "OCTOMIL_API_BASE",
        "OCTOMIL_CONFIG",
        "OCTOMIL_PROFILE",
        "OCTOMIL_READ_ONLY",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("CONFIG", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))


FORMS = [
    "http://remote.test:{port}/v1",
    "http://127.0.0.1@evil.test:{port}",
    "http://evil.test@127.0.0.1:{port}",
    "http://127.0.0.1.evil.test:{port}",
    "http://user:hunter2@127.0.0.1:{port}",
    "https://user:hunter2@127.0.0.1:{port}",
    "ftp://127.0.0.1:{port}",
    "127.0.0.1:{port}",
    "//127.0.0.1:{port}/v1",
    "http://2130706433:{port}",
    "http://0x7f000001:{port}",
    "http://0177.0.0.1:{port}",
    "http://127.1:{port}",
    "http://0.0.0.0:{port}",
    "http://[::]:{port}",
    "http://[::ffff:127.0.0.1]:{port}",
    "http://localhost.:{port}",
    "http://\u24db\u24de\u24d2\u24d0\u24db\u24d7\u24de\u24e2\u24e3:{port}",
    "http://127.0.0.1:{port}?x=1",
    "http://127.0.0.1:{port}#x",
    "http://127.0.0.1:{port}\\@evil.test",
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("way", ["flag", "variable", "profile"])
def test_case_40_a_bad_address_ends_before_any_packet(
    form: str,
    way: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *host, **_: asked.append(host))
    monkeypatch.setattr("asyncio.base_events.BaseEventLoop.sock_connect", lambda *_: asked.append(_))
    monkeypatch.setenv("OCTOMIL_API_KEY", SECRET)
    with Listener() as listener:
        url = form.format(port=listener.port)
        arguments = ["models", "list"]
        if way == "flag":
            arguments += ["--base-url", url]
        elif way == "variable":
            monkeypatch.setenv("OCTOMIL_API_URL", url)
        else:
            config = tmp_path / "config.toml"
            config.write_text(f"[profiles.p]\nbase_url = '{url}'\n", encoding="utf-8")
            config.chmod(0o600)
            arguments += ["--config", str(config), "--profile", "p"]
        assert main(arguments) == 2
        assert not listener.was_called
    said = capsys.readouterr()
    assert asked == []
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert "hunter2" not in said.err
    assert SECRET not in said.err


def test_the_listener_notices_everybody() -> None:
    with Listener() as listener:
        assert not listener.was_called
        socket.create_connection(("127.0.0.1", listener.port)).close()
        assert listener.was_called


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_case_41_a_redirect_leads_nowhere(
    status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OCTOMIL_API_KEY", SECRET)
    with Recorder() as other, Recorder(status, headers={"Location": f"{other.url}/models"}) as first:
        assert main(["--base-url", first.url, "models", "list"]) == 3
        assert other.heard == []
        # The redirect of the question who it is was not followed either.
        assert [(one.method, one.key) for one in first.heard] == [("HEAD", None), ("GET", f"Bearer {SECRET}")]
    assert "redirect" in capsys.readouterr().err


@pytest.fixture(scope="module")
def brief() -> Any:
    with Drill("brief") as drill:
        yield drill


CONFIG = "read_only = {top}\n[profiles.p]\nread_only = {profile}\n"
NO = {"flag": False, "variable": "0", "top": "false", "profile": "false"}


@pytest.mark.parametrize(
    "source",
    [
        {"flag": True},
        {"variable": "1"},
        {"variable": "perhaps"},
        {"top": "true"},
        {"profile": "true"},
    ],
    ids=["flag", "variable", "malformed", "top level", "profile"],
)
def test_case_42_one_source_of_read_only_is_enough(
    source: dict[str, Any],
    brief: Drill,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Each one alone, while all others say the opposite."""
    said = {**NO, **source}
    config = tmp_path / "config.toml"
    config.write_text(CONFIG.format(**said))
    config.chmod(0o600)
    for name, value in {**brief.env, "OCTOMIL_READ_ONLY": said["variable"]}.items():
        monkeypatch.setenv(name, value)
    flag = ["--read-only"] if said["flag"] else []
    assert main([*ROLLBACK, "--config", str(config), "--profile", "p", *flag]) == 5
    assert "read-only" in capsys.readouterr().err
    assert brief.writes == []


METHODS = ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "pOsT", "PROPFIND", "GET ")
PATHS = (
    "/v1/models/x/rollback",
    "/v1/models/x/rollouts",
    "/v1/models",
    "/v1/devices/x/revoke",
    "/v1/settings",
)


@pytest.mark.anyio
async def test_case_42_a_read_only_transport_lets_out_reads_alone() -> None:
    """Past the client and its methods: straight at what sends."""
    with Recorder() as server:
        async with AsyncOctomilClient(server.url, KEY, read_only=True) as client:
            await client.models()
            sends = client._connections._kept
            assert sends is not None
            for method in METHODS:
                for path in PATHS:
                    with pytest.raises(ReadOnlyError):
                        await sends.handle_async_request(
                            httpx.Request(method, f"http://127.0.0.1:{server.port}{path}", content=b"{}")
                        )
            for name in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
                with pytest.raises(RequestRefusedError):
                    await sends.handle_async_request(
                        httpx.Request("GET", f"{server.url}/models", headers={name: "POST"})
                    )
            with pytest.raises(RequestRefusedError):
                await sends.handle_async_request(httpx.Request("GET", f"{server.url}/models", content=b"{}"))
            with pytest.raises(ReadOnlyError):
                await client.rollback("m", ORDER, idempotency_key="k")
            await client.models()
        assert server.methods == ["HEAD", "GET", "GET"]


@pytest.mark.anyio
async def test_a_real_key_is_not_given_to_a_practice_service() -> None:
    with Recorder(401, b"{}", {PRACTICE_HEADER: "1"}) as server:
        async with AsyncOctomilClient(server.url, KEY) as client:
            for _ in range(2):
                with pytest.raises(KeyRefusedError, match="an embedded control plane answers"):
                    await client.models()
            with pytest.raises(NotSentError, match=r"control plane answers .*; nothing was sent"):
                await client.rollback("m", ORDER, idempotency_key="k")
        assert set(server.methods) == {"HEAD"}
        assert {one.key for one in server.heard} == {None}


def test_the_embedded_control_plane_says_what_it_is(
    brief: Drill, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OCTOMIL_API_URL", brief.running.base_url)
    before = brief.requests
    for arguments in (["models", "list"], list(ROLLBACK)):
        monkeypatch.setenv("OCTOMIL_API_KEY", SECRET)
        assert main(arguments) == 2
        assert "an embedded control plane answers" in capsys.readouterr().err
    assert [one["method"] for one in brief.log[before:]] == ["HEAD"] * 2


@pytest.mark.anyio
async def test_this_machine_is_asked_once_who_it_is_and_only_before_a_real_key() -> None:
    with Recorder() as server:
        async with AsyncOctomilClient(server.url, KEY) as client:
            await asyncio.gather(client.models(), client.groups(), client.models(), client.groups())
        assert server.methods.count("HEAD") == 1
        assert (server.heard[0].method, server.heard[0].path, server.heard[0].key) == ("HEAD", "/v1", None)
        assert {one.key for one in server.heard[1:]} == {f"Bearer {SECRET}"}
    with Recorder() as server:
        async with AsyncOctomilClient(server.url, PRACTICE_KEY) as client:
            await client.models()
        assert server.methods == ["GET"]


@pytest.mark.anyio
async def test_whoever_answers_after_a_break_is_asked_again() -> None:
    with Recorder(headers={"Connection": "close"}) as server:
        client = AsyncOctomilClient(server.url, KEY)
        await client.models()
    async with client:
        with pytest.raises(OctomilError, match="connection refused"):
            await client.models()
        with pytest.raises(NotSentError, match="connection refused; nothing was sent"):
            await client.rollback("m", ORDER, idempotency_key="k")
        with Recorder(headers={PRACTICE_HEADER: "1"}, port=server.port) as squatter:
            with pytest.raises(KeyRefusedError):
                await client.models()
            assert [(one.method, one.key) for one in squatter.heard] == [("HEAD", None)]


@pytest.mark.anyio
async def test_nobody_else_is_asked_anything_first() -> None:
    service = Service({"/models": []})
    async with client_of(service) as client:
        await client.models()
    assert [request.method for request in service.requests] == ["GET"]


@pytest.mark.anyio
async def test_a_service_that_turns_out_to_be_practice_gets_no_second_request() -> None:
    """Another process takes the port after it was asked."""
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.method)
        named = {PRACTICE_HEADER: "1"} if request.method == "GET" or len(seen) > 2 else {}
        return httpx.Response(200, json=[], headers=named)

    transport = httpx.MockTransport(answer)
    async with AsyncOctomilClient("http://127.0.0.1:9", KEY, transport=transport) as client:
        for _ in range(3):
            with pytest.raises(KeyRefusedError):
                await client.models()
    assert seen == ["HEAD", "GET", "HEAD", "HEAD"]


def test_a_practice_key_never_leaves_this_machine(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(KeyRefusedError, match="is not on this machine; nothing was sent"):
        AsyncOctomilClient(BASE, parse_key("edg_sim_0123456789"))
    monkeypatch.setenv("OCTOMIL_API_KEY", "edg_sim_0123456789")
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: pytest.fail("a name was asked for"))
    assert main(["--base-url", BASE, "models", "list"]) == 2
    assert "is not on this machine" in capsys.readouterr().err
