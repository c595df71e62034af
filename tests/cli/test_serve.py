"""`serve` as a person starts it, and as somebody who is no browser would ask it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO

import aiohttp
import pytest

from octomil_tui.api.key import parse_key
from octomil_tui.api.key_source import CredentialsFile, GivenKey, KeyCommand, KeyFile, KeySource
from octomil_tui.cli.serve_handover import pack, unpack
from octomil_tui.cli.serve_server import FULL, LEFT, MOST
from octomil_tui.cli.serve_tab import _bounded
from octomil_tui.settings import Level, Setting, Settings
from tests.cli.conftest import Console
from tests.cli.drill import Drill, run_process
from tests.cli.serving import Serving, is_gone, shown, wait

KEY = "edg_sim_" + "k" * 40
PATIENCE = 40.0


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def errors(tmp_path: Path) -> Iterator[IO[bytes]]:
    with (tmp_path / "errors").open("wb+") as file:
        yield file


@pytest.fixture
def serving(quiet: Drill, errors: IO[bytes]) -> Iterator[Serving]:
    with Serving(quiet.env, errors) as running:
        yield running


def said(errors: IO[bytes]) -> str:
    errors.seek(0)
    return errors.read().decode()


class Browser:
    """A socket such as a browser opens, and what it brings."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.seen = b""

    async def until(self, text: bytes) -> None:
        async with asyncio.timeout(PATIENCE):
            while text not in self.seen:
                message = await self.socket.receive()
                assert message.type is aiohttp.WSMsgType.BINARY, (message, self.seen[-200:])
                self.seen += message.data

    async def end(self) -> int | None:
        """Read on to the end and return how it was closed."""
        async with asyncio.timeout(PATIENCE):
            async for message in self.socket:
                self.seen += message.data if message.type is aiohttp.WSMsgType.BINARY else b""
        return self.socket.close_code

    async def type(self, text: str) -> None:
        await self.socket.send_json(["stdin", text])


@asynccontextmanager
async def browser(serving: Serving) -> AsyncIterator[Browser]:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(serving.socket_url, origin=f"http://{serving.host}") as opened,
    ):
        yield Browser(opened)


# What is refused before anybody is invited.


def test_without_the_library_one_sentence_says_what_to_install(
    console: Console, monkeypatch: pytest.MonkeyPatch, quiet: Drill
) -> None:
    monkeypatch.setitem(sys.modules, "textual_serve.server", None)
    for command in (("serve",), ("demo", "--serve")):
        result = console(*command, env=quiet.env)
        assert result.code == 2
        assert result.out == ""
        assert result.err.count("\n") == 1
        assert "pip install 'octomil-console[serve]'" in result.err


def test_without_a_key_nothing_is_served(console: Console) -> None:
    result = console("serve", "--port", "0")
    assert result.code == 2
    assert "no API key" in result.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--bind", "localhost"), "names are not looked up"),
        (("--bind", "192.0.2.1"), "cannot listen on 192.0.2.1"),
        (("--port", "65536"), "no such port"),
        (("--port", "-1"), "no such port"),
        (("--api-key", KEY), "there is no --api-key"),
    ],
)
def test_what_cannot_be_used_is_refused(
    console: Console, quiet: Drill, arguments: tuple[str, ...], words: str
) -> None:
    result = console("serve", *arguments, env=quiet.env)
    assert result.code == 2
    assert words in result.err
    assert KEY not in result.err


def test_a_port_that_is_taken_is_named(console: Console, quiet: Drill) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = console("serve", "--port", str(port), env=quiet.env)
    assert result.code == 2
    assert f"port {port}: " in result.err
    assert "--port N names another" in result.err


def test_other_machines_are_let_in_with_a_sentence_that_says_what_they_see(
    quiet: Drill, errors: IO[bytes]
) -> None:
    with Serving(quiet.env, errors, "--bind", "0.0.0.0", "--name", "wall.example") as running:  # noqa: S104
        assert socket.gethostname().casefold() in running.url
    assert "sees the names of this fleet" in said(errors)


@pytest.mark.parametrize(
    "command", [(), ("dashboard",), ("--read-only",)], ids=["console", "wall", "read-only"]
)
def test_nobody_gets_a_screen_on_pipes_by_naming_a_driver(quiet: Drill, command: tuple[str, ...]) -> None:
    driver = {"TEXTUAL_DRIVER": "textual.drivers.web_driver:WebDriver", "COLUMNS": "80", "ROWS": "24"}
    result = run_process({**quiet.env, **driver}, *command)
    assert result.code == 2
    assert "needs a terminal" in result.err
    assert "__GANGLION__" not in result.out


@pytest.mark.parametrize("told", [b"", b"[]", b"{", b"{}", b'{"api_key": "edg_sim_too"}'])
def test_what_serve_starts_cannot_be_started_by_hand(told: bytes) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "octomil_tui.cli.served", "0"],
        input=told,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == b""
    assert done.stderr.count(b"\n") == 1


# The hand-over.


@pytest.mark.parametrize(
    "source",
    [
        None,
        KeyFile("/etc/octomil/key"),
        CredentialsFile(Path("/etc/octomil/credentials")),
        KeyCommand(("pass", "octomil"), (("PATH", "/bin"),), "profile prod: api_key_command"),
    ],
)
def test_what_is_handed_over_arrives_and_is_read_only(source: KeySource | None) -> None:
    settings = Settings(
        base_url=Setting("https://api.example.com/v1", "x"),
        org_id=Setting("org_1", "x"),
        api_key=Setting(parse_key(KEY), "x"),
        read_only=Setting(value=False, origin="x"),
        level=Level.STAGING,
        org_name="acme \u202e edge",
        key_source=source,
        ca_file=Setting("/etc/ca.pem", "x"),
        proxy=Setting("http://u:p@proxy:3128", "x"),
        request_log=Path("/var/log/asked"),
    )
    found = unpack(pack(settings), {"PATH": "/bin"})
    assert found.read_only.value
    assert found.api_key.value == settings.api_key.value
    assert found.key_source == source
    for name in ("base_url", "org_id", "ca_file", "proxy"):
        assert getattr(found, name).value == getattr(settings, name).value
    assert (found.level, found.org_name, found.request_log) == (
        Level.STAGING,
        settings.org_name,
        settings.request_log,
    )


def test_a_key_that_was_given_once_is_not_looked_for_again() -> None:
    key = parse_key(KEY)
    settings = Settings(Setting("u", "x"), Setting(None, "x"), Setting(key, "x"), Setting(False, "x"))
    assert unpack(pack(settings), {}).key_source is None
    assert "source" in json.loads(pack(settings))
    given = Settings(
        Setting("u", "x"),
        Setting(None, "x"),
        Setting(key, "x"),
        Setting(False, "x"),
        key_source=GivenKey(key),
    )
    assert unpack(pack(given), {}).key_source is None


def test_a_size_that_no_screen_has_is_brought_to_one() -> None:
    assert _bounded(10**9, -3) == (500, 5)
    assert _bounded("wide", None) == (80, 24)
    assert _bounded(120, 40) == (120, 40)


# The server.


@pytest.mark.anyio
async def test_the_dashboard_is_drawn_and_its_key_is_nowhere_to_be_seen(
    serving: Serving, quiet: Drill, errors: IO[bytes]
) -> None:
    async with browser(serving) as tab:
        await tab.until(b"ROLLING OUT")
        (child,) = serving.children
        assert b"octomil_tui.cli.served" in shown(child)
        assert quiet.running.api_key.encode() not in shown(child)
        await tab.type("R\r\rw1234a\x10\x1b[200~rollback\r\x1b[201~")
        await tab.type("q")
        await tab.until(b"q or y")
        await tab.type("q")
        assert await tab.end() == LEFT
    wait(lambda: is_gone(child), "end of the dashboard")
    assert {one["method"] for one in quiet.log} <= {"GET", "HEAD"}
    assert quiet.running.api_key.encode() not in tab.seen
    assert serving.end() == 0
    assert said(errors) == ""


@pytest.mark.anyio
async def test_other_origins_names_and_methods_get_a_sentence(serving: Serving, quiet: Drill) -> None:
    async with aiohttp.ClientSession() as session:
        for origin in (None, "http://evil.example", "null"):
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await session.ws_connect(serving.socket_url, origin=origin)
            assert refused.value.status == 403
        async with session.post(serving.url, data=b"x") as answer:
            assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")
            assert "only shows" in await answer.text()
        async with session.get(serving.url, headers={"Host": "evil.example"}) as answer:
            assert answer.status == 421
        for path in ("static/../server.py", "download/x", "static/none.js", "page/"):
            async with session.get(serving.url + path) as answer:
                assert answer.status == 404
        async with session.get(serving.url) as answer:
            page = await answer.text()
            assert answer.status == 200
            assert quiet.running.api_key not in page + str(answer.headers)
            assert "http://" not in page
            assert "https://" not in page
    assert serving.children == []


@pytest.mark.anyio
@pytest.mark.parametrize("junk", ["{", "[]", '["stdin"]', '["stdin", 7]', '["resize", 3]', "7"])
async def test_what_no_page_of_ours_says_ends_that_tab_alone(serving: Serving, junk: str) -> None:
    async with browser(serving) as tab:
        await tab.until(b"\x1b[?1049h")
        await tab.socket.send_str(junk)
        assert await tab.end() == 1008
    async with browser(serving) as tab:
        await tab.until(b"\x1b[?1049h")


@pytest.mark.anyio
async def test_there_is_an_end_to_how_many_ask_the_service(serving: Serving, errors: IO[bytes]) -> None:
    async with aiohttp.ClientSession() as session:
        opened = [
            await session.ws_connect(serving.socket_url, origin=f"http://{serving.host}") for _ in range(MOST)
        ]
        tabs = [Browser(one) for one in opened]
        await asyncio.gather(*(tab.until(b"\x1b[?1049h") for tab in tabs))
        async with browser(serving) as late:
            assert await late.end() == FULL
        assert len(serving.children) == MOST
        assert "turned away" in said(errors)
        await tabs[0].socket.close()
        async with browser(serving) as next_one:
            await next_one.until(b"\x1b[?1049h")
        for tab in tabs[1:]:
            await tab.socket.close()
    wait(lambda: not serving.children, "end of every dashboard")


@pytest.mark.anyio
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
async def test_no_dashboard_outlives_its_server(serving: Serving, number: signal.Signals) -> None:
    async with browser(serving) as one, browser(serving) as other:
        await one.until(b"ROLLING OUT")
        await other.until(b"ROLLING OUT")
        children = serving.children
        assert len(children) == 2
        status = await asyncio.to_thread(serving.end, number)
        assert status == (-9 if number is signal.SIGKILL else 0)
        for child in children:
            wait(lambda child=child: is_gone(child), "end of a dashboard")  # type: ignore[misc]


@pytest.mark.anyio
async def test_a_browser_that_reads_nothing_keeps_no_dashboard(serving: Serving) -> None:
    async with browser(serving) as tab:
        await tab.until(b"\x1b[?1049h")
        (child,) = serving.children
        for turn in range(200):
            # A hundred thousand cells each: more than fits on the way to a browser that does not read.
            await tab.socket.send_json(["resize", {"width": 500 - turn % 2, "height": 200}])
    wait(lambda: is_gone(child), "end of the dashboard")


@pytest.mark.anyio
async def test_a_dashboard_that_does_not_end_is_ended(serving: Serving) -> None:
    async with browser(serving) as tab:
        await tab.until(b"\x1b[?1049h")
        (child,) = serving.children
        # As one that hangs in the kernel: it hears of nothing.
        os.kill(child, signal.SIGSTOP)
    wait(lambda: is_gone(child), "end of the dashboard")
    assert serving.end() == 0


@pytest.mark.anyio
async def test_a_dashboard_that_ends_by_itself_says_why_in_the_terminal(
    serving: Serving, errors: IO[bytes]
) -> None:
    async with browser(serving) as tab:
        await tab.until(b"\x1b[?1049h")
        (child,) = serving.children
        os.kill(child, signal.SIGKILL)
        assert await tab.end() == 4003
    assert "a dashboard ended with status -9" in said(errors)
