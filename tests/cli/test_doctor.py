"""`doctor` against the control plane, with and without what it needs, and against what is broken."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from octomil_tui.cli.checkup import budget
from tests.api.scripted import CERTIFICATES, Server, js, scripted
from tests.cli.conftest import Console
from tests.cli.drill import Drill, Result, run_process
from tests.faults.recorder import Listener

KEY = "edg_0123456789abcdefghij"


def checks(result: Result) -> dict[str, dict[str, Any]]:
    """Return the checks by topic; of a topic with several lines the last one."""
    return {one["topic"]: one for one in result.objects[0]["checks"]}


def marks(result: Result, *topics: str) -> list[str]:
    found = checks(result)
    return [found[topic]["mark"] if topic in found else "-" for topic in topics]


@pytest.fixture
def sick() -> Iterator[Drill]:
    with Drill("night") as drill:
        yield drill


def test_a_service_that_is_well(quiet: Drill, console: Console) -> None:
    result = console("doctor", env={**quiet.env, "OCTOMIL_ORG_ID": "org_demo"})
    assert result.code == 0
    assert result.err == ""
    lines = {line[4:16].strip(): line for line in result.lines}
    assert lines["versions"].startswith("ok  versions    octomil-console ")
    assert "Textual 8" in lines["versions"]
    assert "not a terminal here" in lines["terminal"]
    assert f"{quiet.running.base_url} (OCTOMIL_API_URL)" in lines["service"]
    assert "answers in" in lines["api"]
    assert "from OCTOMIL_API_KEY, accepted: role admin, of org_demo, as ops" in lines["key"]
    assert lines["devices"] == "ok  devices     124 devices; each tells which version it runs"
    assert lines["figures"].startswith("ok  figures     of each version")
    assert lines["rollback"].startswith("??  rollback    its route cannot be tried without rolling back")
    assert " ok, 0 wrong, " in result.lines[-1]
    assert quiet.running.api_key not in result.out
    assert quiet.writes == []


def test_nothing_at_all_is_needed(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCTOMIL_API_URL", "http://127.0.0.1:9/v1")
    result = console("doctor", "--json")
    assert result.code == 3
    assert marks(result, "settings", "state", "connection", "api", "key") == [
        "ok",
        "ok",
        "wrong",
        "unknown",
        "-",
    ]
    assert "connection refused" in checks(result)["connection"]["text"]
    assert result.objects[-1]["exit_code"] == 3


def test_without_a_key_everything_else_is_looked_at(quiet: Drill, console: Console) -> None:
    result = console("doctor", "--json", "--base-url", quiet.running.base_url)
    assert result.code == 0
    assert marks(result, "api", "clock", "key", "devices") == ["ok", "unknown", "unknown", "-"]
    assert "wants a key (401)" in checks(result)["api"]["text"]
    assert checks(result)["key"]["advice"].startswith("set OCTOMIL_API_KEY")


@pytest.mark.parametrize(
    ("rule", "code", "found"),
    [
        ({"fault": "reject_key"}, 8, ("key", "is not accepted (401)")),
        ({"fault": "forbid", "path": "/models"}, 8, ("key", "may not list models (403)")),
        ({"fault": "status", "code": 503}, 3, ("api", "server error 503")),
        ({"fault": "status", "code": 429}, 3, ("api", "rate limited (429)")),
        ({"fault": "html"}, 3, ("api", "not the API: text/html")),
        ({"fault": "redirect", "location": "https://elsewhere.test/"}, 3, ("api", "unexpected redirect")),
        ({"fault": "reset"}, 3, ("api", "reset")),
        ({"fault": "status", "code": 404}, 2, ("api", "not found (404)")),
    ],
)
def test_what_is_wrong_has_its_status(
    sick: Drill, console: Console, rule: dict[str, Any], code: int, found: tuple[str, str]
) -> None:
    topic, said = found
    sick.faults(rule)
    result = console("doctor", "--json", env=sick.env)
    assert result.code == code
    assert checks(result)[topic]["mark"] == "wrong"
    assert said in checks(result)[topic]["text"]
    assert "devices" not in checks(result)
    assert sick.running.api_key not in result.out + result.err


@pytest.mark.parametrize(
    ("path", "topic", "said"),
    [
        ("/auth/me", "key", "accepted; the service does not tell what it may do"),
        ("/devices", "devices", "this service tells nothing of them"),
        ("/device-groups", "groups", "this service tells nothing of them"),
        ("/monitoring/incidents", "incidents", "this service tells nothing of them"),
        ("/settings*", "policy", "this service tells nothing of them"),
        ("/logs/audit", "timeline", "keeps no audit log for this key"),
    ],
)
def test_what_a_service_does_not_tell_is_named_with_what_that_costs(
    sick: Drill, console: Console, path: str, topic: str, said: str
) -> None:
    sick.faults({"fault": "status", "code": 404, "path": path})
    result = console("doctor", "--json", env=sick.env)
    assert result.code == 0
    assert checks(result)[topic]["mark"] == "unknown"
    assert said in checks(result)[topic]["text"]


def test_what_a_key_may_not_read_is_said_too(sick: Drill, console: Console) -> None:
    sick.faults(
        {"fault": "forbid", "path": "/device-groups"},
        {"fault": "garbage", "path": "/devices"},
        {"fault": "status", "code": 404, "path": "/monitoring/models/*"},
        {"fault": "forbid", "path": "/auth/me"},
    )
    found = checks(console("doctor", "--json", env=sick.env))
    assert found["groups"]["text"] == "this key may not read them (403)"
    assert found["devices"]["text"].startswith("could not be read: ")
    assert found["figures"]["text"] == "of all versions together only"
    assert "did not tell (forbidden) what it may do" in found["key"]["text"]


def test_a_clock_that_is_off_is_seen(console: Console) -> None:
    with Drill("brief", speed=1.0) as drill:
        assert marks(console("doctor", "--json", env=drill.env), "clock") == ["ok"]
        drill.faults({"fault": "skew", "seconds": -7300})
        clock = checks(console("doctor", "--json", env=drill.env))["clock"]
        assert (clock["mark"], clock["text"]) == ("unknown", "the service's is 2h behind")


def test_a_service_that_says_nothing_costs_no_more_than_the_time_there_is(
    sick: Drill, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("octomil_tui.cli.doctor._ANSWER_WITHIN", 0.4)
    sick.faults({"fault": "silent"})
    result = console("doctor", "--json", env=sick.env)
    assert result.code == 3
    assert "did not answer in time" in checks(result)["api"]["text"]
    # Features that hang are given up together.
    sick.faults({"fault": "silent", "path": "/device-groups"})
    monkeypatch.setattr("octomil_tui.cli.doctor.Budget", lambda: budget.Budget(3.0))
    monkeypatch.setattr("octomil_tui.cli.doctor._ANSWER_WITHIN", 30.0)
    result = console("doctor", "--json", env=sick.env)
    assert checks(result)["features"]["text"] == "the service did not answer in time"


def test_a_key_that_does_not_come_costs_no_more_either(
    tmp_path: Path, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("octomil_tui.cli.doctor._KEY_WITHIN", 0.3)
    config = tmp_path / "config.toml"
    slow = json.dumps([sys.executable, "-c", "import time; time.sleep(5)"])
    config.write_text(f"default_profile = 'p'\n[profiles.p]\napi_key_command = {slow}\n")
    begun = time.monotonic()
    result = console("doctor", "--json", "--config", str(config))
    assert result.code == 2
    assert checks(result)["key"]["text"] == "its source did not give it in time"
    assert time.monotonic() - begun < 5


def test_settings_that_are_broken_are_told_and_the_way_is_looked_at_all_the_same(
    quiet: Drill, tmp_path: Path, console: Console
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        "default_profile = 'p'\ncolour = 1\n[profiles.p]\nlevel = 'prod'\n[profiles.q]\nca_file = 'gone'\n"
    )
    result = console("doctor", "--config", str(config), env=quiet.env)
    assert result.code == 2
    assert f"!!  settings    {config}:2: colour is not known" in result.out
    assert f'!!  settings    {config}:4: profiles.p.level is "prod"; write production' in result.out
    assert "profiles.q" not in result.out
    assert "2 problems; octomil-console config check lists them" in result.out
    assert "ok  api " in result.out


def test_a_profile_in_use_is_named_and_another_s_mistakes_are_hinted_at(
    quiet: Drill, tmp_path: Path, console: Console
) -> None:
    config = tmp_path / "config.toml"
    config.write_text("[profiles.p]\nread_only = true\n[profiles.q]\nca_file = 'gone'\n")
    result = console("doctor", "--config", str(config), "--profile", "p", env=quiet.env)
    assert result.code == 0
    assert "ok  profile     p, PROD, read-only" in result.out
    assert "other profiles have them: octomil-console config check" in result.out
    assert console("doctor", "--config", str(config), "--profile", "z", env=quiet.env).code == 2
    assert console("doctor", "--config", "", env=quiet.env).code == 2
    assert console("doctor", "--base-url", "ftp://x", env=quiet.env).code == 2


def test_practice_and_the_real_service_are_not_mixed_up(quiet: Drill, console: Console) -> None:
    result = console("doctor", "--json", env={**quiet.env, "OCTOMIL_API_KEY": KEY})
    assert result.code == 2
    assert "the API key is a real one" in checks(result)["key"]["text"]
    log = console("doctor", "--json", "--request-log", "/no/such/place/log", env=quiet.env)
    assert log.code == 2
    assert checks(log)["api"]["mark"] == "wrong"


class Tls:
    """A service behind TLS in a thread of its own, since the command has a loop of its own."""

    def __init__(self, certificate: str, answer: bytes) -> None:
        self._certificate, self._answer = certificate, answer
        self._loop = asyncio.new_event_loop()
        self._ready, self._over = threading.Event(), asyncio.Event()
        self.port = 0
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),))

    async def _serve(self) -> None:
        async def script(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await server.request(reader)
            writer.write(self._answer)
            await writer.drain()

        async with scripted(script, self._certificate) as server:
            self.port = server.port
            self._ready.set()
            await self._over.wait()

    def __enter__(self) -> Tls:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(10)
        self._loop.close()


LIMITED = js([], X_RateLimit_Limit="100", X_RateLimit_Remaining="87", Connection="close")


def test_a_certificate_that_is_trusted_tells_when_it_ends(console: Console) -> None:
    with Tls("signed", LIMITED) as server:
        authority = str(CERTIFICATES / "authority.pem")
        result = console(
            *("doctor", "--json", "--ca-file", authority, "--base-url", f"https://127.0.0.1:{server.port}")
        )
    found = checks(result)
    assert found["certificate"]["mark"] == "ok"
    assert "trusted by a private authority, TLSv1.3, ends in " in found["certificate"]["text"]
    assert found["rate limit"]["text"] == "limit 100, remaining 87"
    assert found["clock"]["text"] == "the service does not tell its time"
    assert result.code == 0


@pytest.mark.parametrize(
    ("certificate", "said"),
    [
        ("good", "is not trusted"),
        ("expired", "has expired or is not valid yet"),
        ("wrong_name", "is for another name"),
    ],
)
def test_a_certificate_that_is_not_trusted_ends_the_way(
    console: Console, certificate: str, said: str
) -> None:
    trusts = () if certificate == "good" else ("--ca-file", str(CERTIFICATES / f"{certificate}.pem"))
    with Tls(certificate, LIMITED) as server:
        result = console("doctor", "--json", *trusts, "--base-url", f"https://127.0.0.1:{server.port}")
    assert result.code == 3
    assert said in checks(result)["certificate"]["text"]
    assert checks(result)["api"]["text"] == "not asked, since nothing gets there"


def test_no_tls_and_a_bad_authority(console: Console, quiet: Drill, tmp_path: Path) -> None:
    address = quiet.running.base_url.replace("http://", "https://")
    result = console("doctor", "--json", "--base-url", address)
    assert "no TLS answer" in checks(result)["certificate"]["text"]
    (tmp_path / "ca.pem").write_text("nothing")
    result = console("doctor", "--json", "--base-url", address, "--ca-file", str(tmp_path / "ca.pem"))
    assert "holds no certificate" in checks(result)["certificate"]["text"]


def test_the_way_through_a_proxy(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("octomil_tui.cli.doctor._ANSWER_WITHIN", 0.5)
    with Listener() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://u:hunter22@127.0.0.1:{proxy.port}")
        result = console("doctor", "--json", "--base-url", "https://api.example.test")
    found = checks(result)
    assert found["proxy"]["text"] == "through 127.0.0.1 (HTTPS_PROXY or ALL_PROXY)"
    assert found["connection"]["text"].startswith(f"to the proxy, port {proxy.port}")
    assert found["certificate"]["mark"] == "unknown"
    assert found["api"]["mark"] == "wrong"
    assert result.code == 3
    monkeypatch.setenv("HTTPS_PROXY", "socks5://u:hunter22@127.0.0.1:1")
    other = console("doctor", "--json", "--base-url", "https://api.example.test")
    assert (other.code, checks(other)["proxy"]["mark"]) == (2, "wrong")
    assert "hunter22" not in result.out + other.out


@pytest.mark.parametrize(
    "fails", [socket.gaierror(-2, "no"), UnicodeError("label too long")], ids=["unknown", "unusable"]
)
def test_a_name_that_nobody_knows(
    console: Console, monkeypatch: pytest.MonkeyPatch, fails: Exception
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise fails

    monkeypatch.setattr("octomil_tui.api.probe.socket.getaddrinfo", unknown)
    result = console("doctor", "--json", "--base-url", "https://api.example.test")
    assert result.code == 3
    assert checks(result)["connection"]["text"] == "cannot resolve api.example.test"


def test_a_resolver_that_never_answers_does_not_keep_the_process(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()

    def hang(*_: object, **__: object) -> list[Any]:
        over.wait(30)
        return []

    monkeypatch.setattr("octomil_tui.api.probe.socket.getaddrinfo", hang)
    monkeypatch.setattr("octomil_tui.cli.checkup.network._STEP", 0.2)
    begun = time.monotonic()
    result = console("doctor", "--json", "--base-url", "https://api.example.test")
    took = time.monotonic() - begun
    over.set()
    assert checks(result)["connection"]["text"] == "cannot resolve api.example.test"
    assert took < 15


def test_in_a_process_of_its_own(quiet: Drill, tmp_path: Path) -> None:
    state: Callable[[str], Path] = tmp_path.joinpath
    state("kept").mkdir(mode=0o777)
    state("kept").chmod(0o777)
    env = {**quiet.env, "XDG_STATE_HOME": str(tmp_path), "TMUX": "/none,1,0", "PATH": "/nowhere"}
    state("octomil-console").mkdir()
    state("octomil-console").chmod(0o777)
    result = run_process(env, "doctor", "--json")
    found = checks(result)
    assert result.code == 1
    assert "can be changed by other users; run: chmod 700" in found["state"]["text"]
    assert found["tmux"]["text"] == "some version; it did not say how it is set"
    state("octomil-console").rmdir()
    again = run_process(env, "doctor", "--json")
    assert "is not there yet, and can be made" in checks(again)["state"]["text"]
    assert again.code == 0
    assert not state("octomil-console").exists()
