"""The key while things go wrong: looked for in everything that is left behind."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from octomil_tui.api.key import parse_key
from octomil_tui.cli.main import main
from tests.cli.drill import ROOT, Drill, command, environment
from tests.e2e.hands import CONSOLE
from tests.terminal.pty import Terminal

PATIENCE = 60.0


@pytest.fixture(scope="module")
def brief() -> Iterator[Drill]:
    with Drill("brief") as drill:
        yield drill


@pytest.fixture(autouse=True)
def _nobodys_settings(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    for name in [name for name in os.environ if name.startswith("OCTOMIL_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    for kind in ("CONFIG", "STATE", "CACHE", "DATA"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(home / kind.lower()))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = tmp_path / "home"
    made.mkdir()
    return made


def traces(key: str, text: str) -> list[str]:
    """Return the forms of the key that are in `text`, and halves of it."""
    half = len(key) // 2
    basic = base64.b64encode(f"user:{key}".encode()).decode()
    forms = (key, quote(key, safe=""), basic, key[-half:], key[:half], basic[len(basic) // 3 : -4])
    return [form for form in forms if form in text]


def left_in(*directories: Path) -> str:
    """Return all that is in these directories, names too."""
    files = [path for directory in directories for path in directory.rglob("*")]
    contents = [path.read_bytes().decode(errors="replace") for path in files if path.is_file()]
    return "\n".join([*map(str, files), *contents])


def command_lines() -> str:
    """Return the command lines of all processes of this machine."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(path.read_bytes().decode(errors="replace"))
        except OSError:  # it ended meanwhile
            continue
    return "\n".join(found)


def leaking(brief: Drill, home: Path, place: str, *arguments: str) -> Terminal:
    """Return the product in a terminal, with a mistake in it; see `leaking`."""
    left = home / "left"
    left.mkdir()
    return Terminal(
        [sys.executable, "-m", "tests.faults.leaking", place, *arguments],
        cwd=ROOT,
        env={**brief.env, "LEFT": str(left), "HOME": str(home)},
    )


def test_case_37_a_search_that_finds_nothing_would_have_found_it(home: Path) -> None:
    key = "edg_sim_0123456789abcdef"
    (home / "file").write_text(f"x {base64.b64encode(f'user:{key}'.encode()).decode()} y")
    assert traces(key, left_in(home))
    assert traces(key, f"Bearer {key}")
    assert traces(key, key[:14])


@pytest.mark.parametrize("place", ["callback", "worker"])
def test_case_37_a_crash_of_the_console(brief: Drill, home: Path, place: str) -> None:
    key = brief.running.api_key
    with leaking(brief, home, place) as terminal:
        if place == "callback":
            terminal.wait_for("LIVE", deadline=PATIENCE)
            running = command_lines()
            assert "tests.faults.leaking" in running
            assert traces(key, running) == []
            terminal.press("ctrl+l")
        assert terminal.wait_exit(deadline=PATIENCE) == 70
        assert terminal.left_on == set()
        assert terminal.modes() == terminal.modes_before
        shown = terminal.raw.decode(errors="replace")
    _, _, words = shown.partition("octomil-console crashed, ")
    assert words.startswith("ValueError: ")
    assert "\x1b" not in words
    crashes = list((home / "state" / "octomil-console" / "crashes").iterdir())
    assert crashes
    written = left_in(home)
    assert "in fail\n" in written
    assert "local_key =" not in written
    if place == "callback":
        log = (home / "left" / "log").read_text()
        assert "it broke" in log
        assert "quiet" not in log
        assert "phi-4-mini" in (home / "left" / "picture.svg").read_text()
        # The thread's own words wait until the terminal was given back; nothing else says any.
        assert words.count("octomil-console crashed, ") == 1
    assert traces(key, shown) == []
    assert traces(key, written) == []


def test_case_37_a_mistake_in_the_transport_does_not_end_the_console(brief: Drill, home: Path) -> None:
    key = brief.running.api_key
    with leaking(brief, home, "transport") as terminal:
        terminal.wait_for("ValueError", deadline=PATIENCE)
        terminal.press("ctrl+c", "ctrl+c")
        assert terminal.wait_exit(deadline=PATIENCE) == 130
        assert terminal.left_on == set()
        assert traces(key, terminal.raw.decode(errors="replace")) == []
    assert traces(key, left_in(home)) == []


def test_case_37_a_crash_while_the_settings_are_read(brief: Drill, home: Path) -> None:
    config = home / "config" / "octomil-console" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text("read_only = true\n")
    config.chmod(0o600)
    with leaking(brief, home, "config") as terminal:
        assert terminal.wait_exit(deadline=PATIENCE) == 70
        shown = terminal.raw.decode(errors="replace")
        assert terminal.modes() == terminal.modes_before
    assert "this program made a mistake (ValueError" in shown
    assert traces(brief.running.api_key, shown + left_in(home)) == []


@pytest.mark.parametrize("place", ["transport", "key", "worker", "nowhere"])
def test_case_37_commands_with_json(brief: Drill, home: Path, place: str) -> None:
    left = home / "left"
    left.mkdir()
    watched = ("watch", "--json", "--timeout", "2s") if place == "worker" else ()
    arguments = watched or ("rollout", "status", "phi-4-mini", "--json")
    if place == "worker":
        brief.post("/v1/models/phi-4-mini/rollback", {"to_version": "1.0.0"})
    process = subprocess.Popen(  # noqa: S603 - this interpreter
        [sys.executable, "-m", "tests.faults.leaking", place, *arguments],
        cwd=ROOT,
        env=environment({**brief.env, "LEFT": str(left)}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    seen = command_lines()
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == (0 if place == "nowhere" else 70)
    assert "Traceback" not in err
    assert json.loads(out.splitlines()[-1])["schema"] == 1
    assert traces(brief.running.api_key, seen + out + err + left_in(home)) == []


def test_case_37_the_records_of_a_rollback_tell_keys_apart_and_no_more(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Drill("brief") as drill:
        for name, value in drill.env.items():
            monkeypatch.setenv(name, value)
        key = drill.running.api_key
        words = ("--yes", "phi-4-mini", "--reason", f"pasted {key} by mistake", "--json")
        assert main(["rollback", "phi-4-mini", "--to-version", "1.0.0", *words]) == 0
    written = left_in(home / "state")
    assert parse_key(key).fingerprint in written
    said = capsys.readouterr()
    assert traces(key, written + said.out + said.err) == []


def test_case_37_the_demo_gives_its_key_to_nobody(home: Path) -> None:
    with Terminal([CONSOLE, "demo"], env={"HOME": str(home)}) as terminal:
        terminal.wait_for("LIVE", deadline=PATIENCE)
        lines = [line for line in command_lines().splitlines() if "edg_" in line]
        terminal.press("ctrl+c", "ctrl+c")
        assert terminal.wait_exit(deadline=PATIENCE) == 130
        shown = terminal.raw.decode(errors="replace")
    assert not re.search(r"edg_sim_[A-Za-z0-9_-]{20,}", "\n".join(lines) + shown + left_in(home))


@pytest.mark.parametrize(
    "refused",
    [
        ("edg_sim_with an inner space", "whitespace"),
        ("edg_sim_wïth_lëtters_of_others", "non-ASCII"),
        ("edg_sim_two\nlines_of_a_key", "whitespace"),
        ("edg_sim_\x1b[2Jcontrol", "control"),
        ("edg_sim_" + "x" * 100_000, "100008 characters"),
        ("short", "5 characters"),
    ],
    ids=["space", "letters", "lines", "control", "100 KB", "short"],
)
@pytest.mark.parametrize("way", ["variable", "file", "command"])
def test_case_38_a_key_that_is_none_is_not_quoted(
    refused: tuple[str, str],
    way: str,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    text, said = refused
    arguments = ["--base-url", "http://127.0.0.1:9", "models", "list"]
    if way == "variable":
        monkeypatch.setenv("OCTOMIL_API_KEY", text)
    else:
        arguments += given_by(way, home, text)
    assert main(arguments) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    # A long key fills what a file or a command may hold.
    assert said in err or ("4096 bytes" in err and len(text) > 4096)
    assert text.strip() not in err
    assert "edg_sim" not in err


def given_by(way: str, home: Path, text: str) -> list[str]:
    """Write a key to a file, for a flag or for the command of a profile, and return the flags for it."""
    file = home / "key"
    file.write_text(text, encoding="utf-8")
    file.chmod(0o600)
    if way == "file":
        return ["--api-key-file", str(file)]
    config = home / "config.toml"
    config.write_text(f'[profiles.p]\napi_key_command = ["cat", "{file}"]\n')
    config.chmod(0o600)
    return ["--config", str(config), "--profile", "p"]


@pytest.mark.parametrize("way", ["variable", "file", "command"])
def test_case_38_a_line_break_at_the_end_of_a_key_does_not_count(
    way: str, home: Path, brief: Drill, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f"{brief.running.api_key}\r\n"
    arguments = ["--base-url", brief.running.base_url, "models", "list"]
    if way == "variable":
        monkeypatch.setenv("OCTOMIL_API_KEY", text)
    else:
        arguments += given_by(way, home, text)
    assert main(arguments) == 0


def test_case_38_a_key_on_standard_input(brief: Drill) -> None:
    def piped(text: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - this interpreter
            command("--api-key-stdin", "--base-url", brief.running.base_url, "models", "list"),
            check=False,
            cwd=ROOT,
            env=environment({}),
            input=text,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )

    assert piped(f"{brief.running.api_key}\n").returncode == 0
    refused = piped(f"{brief.running.api_key} and more\n")
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert traces(brief.running.api_key, refused.stderr) == []


KINDS = ["readable", "link", "directory", "pipe", "another's"]


def spoiled(kind: str, path: Path, content: str) -> str:
    """Make a bad key file at `path` and return what the refusal has to say."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if kind == "directory":
        path.mkdir(0o700)
        return "is not a regular file"
    if kind == "pipe":
        os.mkfifo(path, 0o600)
        return "is not a regular file"
    if kind == "link":
        real = path.with_name("real")
        real.write_text(content)
        real.chmod(0o600)
        path.symlink_to(real)
        return "is a symbolic link"
    path.write_text(content)
    path.chmod(0o644 if kind == "readable" else 0o600)
    if kind == "another's":
        os.chown(path, 4711, -1)
        return "belongs to another user"
    return f"run: chmod 600 {path}"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("way", ["flag", "profile", "login"])
def test_case_39_a_bad_key_file_is_refused_and_nothing_hangs(
    kind: str, way: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if kind == "another's" and os.geteuid() != 0:
        pytest.skip("only the administrator can give a file to somebody else")
    key = "edg_key_in_a_bad_file"
    arguments = ["--base-url", "http://127.0.0.1:9", "models", "list"]
    if way == "login":
        said = spoiled(kind, home / ".octomil" / "credentials", json.dumps({"api_key": key}))
    else:
        said = spoiled(kind, home / "key", key)
    if way == "flag":
        arguments += ["--api-key-file", str(home / "key")]
    elif way == "profile":
        config = home / "config" / "octomil-console" / "config.toml"
        config.parent.mkdir(parents=True)
        config.write_text(f'default_profile = "p"\n[profiles.p]\napi_key_file = "{home}/key"\n')
        config.chmod(0o600)
    assert main(arguments) == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1
    assert traces(key, err) == []


def test_case_39_the_login_of_the_services_own_command_line_works(home: Path, brief: Drill) -> None:
    login = home / ".octomil" / "credentials"
    login.parent.mkdir()
    login.write_text(json.dumps({"api_key": brief.running.api_key, "org_id": "org_demo"}))
    login.chmod(0o600)
    assert main(["--base-url", brief.running.base_url, "models", "list"]) == 0


def test_case_28_a_key_that_was_rotated_in_its_file_is_read_with_one_key(home: Path) -> None:
    """The console goes on without a restart, and shows neither key."""
    file = home / "key"
    with Drill("brief") as drill:
        keys = [drill.running.api_key]
        file.write_text(keys[0])
        file.chmod(0o600)
        arguments = ["--api-key-file", str(file), "--base-url", drill.running.base_url]
        with Terminal([CONSOLE, *arguments]) as terminal:
            terminal.wait_for("LIVE", deadline=PATIENCE)
            keys.append(drill.rotate_key())
            terminal.wait_for("key rejected", deadline=PATIENCE)
            terminal.press("ctrl+r")
            terminal.wait_for("the key was read again", deadline=PATIENCE)

            file.chmod(0o644)
            terminal.press("ctrl+r")
            # One word: where the sentence wraps depends on the length of the path.
            terminal.wait_for("chmod", deadline=PATIENCE)

            file.chmod(0o600)
            file.write_text(keys[1])
            terminal.press("ctrl+r")
            terminal.wait_for("another key was read", deadline=PATIENCE)
            terminal.wait_gone("key rejected", deadline=PATIENCE)
            terminal.wait_for("LIVE", deadline=PATIENCE)
            terminal.press("ctrl+c", "ctrl+c")
            assert terminal.wait_exit(deadline=PATIENCE) == 130
            shown = terminal.raw.decode(errors="replace")
    assert [traces(key, shown + left_in(home / "state")) for key in keys] == [[], []]
