"""Every bad input: one clear line, its status, no traceback, nothing sent."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from octomil_tui.domain.order import Reading
from tests.cli.conftest import Console
from tests.cli.drill import Drill

ROLLBACK = ("rollback", "phi-4-mini", "--to-version", "1.0.0")
YES = ("--yes", "phi-4-mini")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("rollback", "phi-5", "--to-version", "1.0.0", "--yes", "phi-5"), 2, "no model is called phi-5"),
        ((*ROLLBACK, "--group", "nowhere", "--yes", "nowhere"), 2, "no device group is called nowhere"),
        ((*ROLLBACK, "--group", "", "--yes", ""), 2, "no device group is called"),
        (
            ("rollback", "phi-4-mini", "--to-version", "3.0.0", *YES),
            2,
            "has no version 3.0.0; there are: 2.1.0",
        ),
        (("rollback", "phi-4-mini", "--to-version", "2.1.0", *YES), 5, "v2.1.0 cannot be a target"),
        (ROLLBACK, 5, "confirm with --yes phi-4-mini"),
        ((*ROLLBACK, "--yes", "staging"), 5, "--yes names staging"),
        ((*ROLLBACK, "--group", "staging", *YES), 5, "is confirmed with staging"),
        ((*ROLLBACK, *YES, "--read-only"), 5, "read-only (--read-only)"),
        (("--read-only", *ROLLBACK, *YES), 5, "read-only (--read-only)"),
        (("models", "versions", "nope"), 2, "no model is called nope"),
        (("rollout", "status", "nope"), 2, "no model is called nope"),
        (("plan", "nope", "--to-version", "1"), 2, "no model is called nope"),
        (("watch",), 2, "no rollback is running; rollouts under way: 4127 phi-4-mini v2.0.0 40%"),
        (("watch", "phi-4-mini"), 2, "has no rollback to watch"),
        (("watch", "4127"), 2, "4127 is a rollout to v2.0.0 and not a rollback"),
        (("watch", "3911"), 2, "3911 is a rollout to v1.0.0"),
        (("watch", "9999"), 2, "no model and no rollout is called 9999"),
        (("devices", "--limit", "x"), 2, "no such count"),
        ((*ROLLBACK, *YES, "--timeout", "soon"), 2, "no such time"),
        ((*ROLLBACK, *YES, "--timeout", "0"), 2, "no such time"),
        (("rollback", "phi-4-mini"), 2, "--to-version"),
        (("frobnicate",), 2, "invalid choice"),
        ((*ROLLBACK, *YES, "--filter", "x"), 2, "unrecognized arguments"),
    ],
)
def test_one_line_and_a_status(
    quiet: Drill, console: Console, arguments: tuple[str, ...], code: int, said: str
) -> None:
    result = console(*arguments, env=quiet.env)
    assert result.code == code
    assert result.out == ""
    last = result.err.splitlines()[-1]
    assert last.startswith("octomil-console: ")
    assert said in last
    assert "Traceback" not in result.err
    assert quiet.writes == []


@pytest.mark.parametrize("arguments", [(*ROLLBACK, "--json"), ("watch", "--json"), ("--json", "frobnicate")])
def test_with_json_the_last_line_is_the_verdict(
    quiet: Drill, console: Console, arguments: tuple[str, ...]
) -> None:
    result = console(*arguments, env=quiet.env)
    assert result.verdict["event"] == "verdict"
    assert result.verdict["schema"] == 1
    assert result.verdict["exit_code"] == result.code != 0
    assert result.verdict["sentence"] in result.err


@pytest.mark.parametrize("value", ["1", "true", "yes", "2", "maybe", " on "])
def test_read_only_by_the_environment_sends_nothing(quiet: Drill, console: Console, value: str) -> None:
    result = console(*ROLLBACK, *YES, env={**quiet.env, "OCTOMIL_READ_ONLY": value})
    assert result.code == 5
    assert "read-only (OCTOMIL_READ_ONLY)" in result.err
    assert quiet.writes == []


def test_no_key(console: Console) -> None:
    result = console("models", "list")
    assert (result.code, result.out) == (2, "")
    assert "no API key: set OCTOMIL_API_KEY" in result.err


def test_a_key_that_is_refused(quiet: Drill, console: Console) -> None:
    env = {**quiet.env, "OCTOMIL_API_KEY": "edg_sim_another_key_altogether"}
    for arguments in (("models", "list"), (*ROLLBACK, *YES)):
        result = console(*arguments, env=env)
        assert result.code == 8
        assert "another" not in result.err


def test_a_key_file_that_others_can_read(quiet: Drill, console: Console, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(quiet.running.api_key)
    file.chmod(0o644)
    env = {"OCTOMIL_API_URL": quiet.running.base_url}
    refused = console("models", "list", "--api-key-file", str(file), env=env)
    assert refused.code == 2
    assert "chmod 600" in refused.err
    file.chmod(0o600)
    assert console("--api-key-file", str(file), "models", "list").code == 0


@pytest.mark.parametrize("flag", ["--api-key", "--api-key=edg_secret_secret", "--api-kee=edg_secret_secret"])
def test_a_key_on_the_command_line_is_refused_and_not_repeated(console: Console, flag: str) -> None:
    result = console("models", "list", flag, "edg_secret_secret", "--json")
    assert result.code == 2
    assert "secret" not in result.out + result.err
    if flag.startswith("--api-key"):
        assert "can be read by everybody" in result.err


@pytest.mark.parametrize("url", ["ftp://x", "http://example.com/v1", "https://u:p@h", "nonsense"])
def test_a_bad_address(console: Console, url: str) -> None:
    result = console("--base-url", url, "models", "list", env={"OCTOMIL_API_KEY": "edg_12345678"})
    assert result.code == 2
    assert result.err.count("\n") == 1


def test_no_server(console: Console) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {"OCTOMIL_API_URL": f"http://127.0.0.1:{port}/v1", "OCTOMIL_API_KEY": "edg_12345678"}
    for arguments in (("groups",), (*ROLLBACK, *YES), ("watch",), ("rollout", "status", "phi-4-mini")):
        result = console(*arguments, env=env)
        assert result.code == 3
        assert "connection refused" in result.err


def test_a_server_that_says_nothing(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("octomil_tui.cli.wiring.READ_WITHIN", 0.2)
    monkeypatch.setattr("octomil_tui.cli.planning.PREFLIGHT_WITHIN", 0.2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        env = {
            "OCTOMIL_API_URL": f"http://127.0.0.1:{silent.getsockname()[1]}/v1",
            "OCTOMIL_API_KEY": "edg_12345678",
        }
        for arguments in (("groups",), (*ROLLBACK, *YES)):
            result = console(*arguments, env=env)
            assert result.code == 3
            assert "did not answer within" in result.err


def test_an_empty_group(quiet: Drill, console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    async def nobody(*_: object) -> Reading[tuple[()]]:
        return Reading(())

    monkeypatch.setattr("octomil_tui.api.client.AsyncOctomilClient.group_members", nobody)
    result = console(*ROLLBACK, "--group", "staging", "--yes", "staging", env=quiet.env)
    assert result.code == 5
    assert "group staging has no device with it; nothing was sent" in result.err
    assert quiet.writes == []


def test_a_mistake_of_the_program_is_one_line(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> int:
        raise RuntimeError("edg_secret_secret \x1b[2J")

    monkeypatch.setattr("octomil_tui.cli.groups.run", fail)
    result = console("groups")
    assert result.code == 70
    assert result.err.startswith(
        "octomil-console: this program made a mistake (RuntimeError at test_bad_input.py"
    )
    assert "secret" not in result.err
    assert result.err.count("\n") == 1


def test_an_interrupt(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("octomil_tui.cli.groups.run", interrupt)
    result = console("groups", "--json")
    assert (result.code, result.err) == (130, "octomil-console: interrupted\n")
    assert result.verdict["verdict"] == "interrupted"
