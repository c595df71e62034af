"""`config show` and `config check`: what is told of the settings, and that no key ever is."""

from __future__ import annotations

import json
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from octomil_tui.config.check import check_config
from octomil_tui.config.locator import locate
from tests.cli.conftest import Console

CERTIFICATES = Path(__file__).parents[1] / "api" / "certificates"
KEY = "edg_0123456789abcdefghij"

WRONG = f"""\
read_only = "yes"
api_key = "{KEY}"
theme = "{KEY}"
keymap = "missing.toml"

[profiles.prod]
base_url = "http://remote.test"
level = "prod"
api_key_fil = "{KEY}"
api_key_command = ["no-such-program", "{KEY}"]

[profiles.stg]
base_url = "https://stg.example.test/v1"
api_key_file = "open.key"
api_key_command = [
  "{sys.executable}",
]
ca_file = "here.toml"
on_event = ["/no/such/program"]

[profiles.edg_put_as_a_name]
ca_file = "gone.pem"
proxy = "socks5://u:{KEY}@h"
"""


def private(path: Path, content: str, mode: int = 0o600) -> Path:
    path.write_text(content)
    path.chmod(mode)
    return path


def test_every_problem_is_told_with_its_line_and_no_value(tmp_path: Path, console: Console) -> None:
    path = private(tmp_path / "here.toml", WRONG, 0o622)
    private(tmp_path / "open.key", KEY, 0o644)
    result = console("config", "check", str(path))
    assert result.code == 2
    assert KEY not in result.out + result.err
    assert "edg_put" not in result.out + result.err
    told = [line.removeprefix(f"{path}:") for line in result.out.splitlines()]
    expected = [
        f" can be written by others; run: chmod go-w {path}",
        '1: read_only is "yes"; write true or false, without quotes',
        "2: api_key must not be in this file; name api_key_command or api_key_file; take it out, ",
        '3: theme must be one of "default", "contrast", "light", "mono", "ansi"',
        f"4: keymap names a file that is not there: {tmp_path / 'missing.toml'}",
        "7: profiles.prod.base_url must be an address such as https://host/v1",
        '8: profiles.prod.level is "prod"; write production, staging or development',
        "9: profiles.prod.api_key_fil is not known; did you mean api_key_file?",
        "10: profiles.prod.api_key_command names a program that cannot be found: it is not in PATH; ",
        '12: note: profiles.stg has no level, so it counts as production; if it is not, write level = "staging"',
        f"14: profiles.stg.api_key_file cannot be used: the key file {tmp_path / 'open.key'} can be read by ",
        "14: note: profiles.stg.api_key_file is never used: api_key_command goes before it",
        "18: profiles.stg.ca_file holds no certificate that can be read; it must be PEM, ",
        "19: profiles.stg.on_event names a program that cannot be found: it is not there, or cannot be run",
        f"22: profiles.edg_[hidden].ca_file names a file that is not there: {tmp_path / 'gone.pem'}",
        '23: profiles.edg_[hidden].proxy must be "none" or the URL of an http proxy',
    ]
    assert len(told) == len(expected)
    for line, begin in zip(told, expected, strict=True):
        assert line.startswith(begin)
    assert "3 profiles, 14 problems, 2 notes" in result.err
    assert f"chmod 600 {tmp_path / 'open.key'}" in result.out


def test_a_file_without_a_problem(tmp_path: Path, console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    private(tmp_path / "k", KEY)
    text = f"""
        default_profile = "a"
        [profiles.a]
        api_key_file = "k"
        ca_file = "{CERTIFICATES / "authority.pem"}"
        [profiles.b]
        level = "development"
        base_url = "http://localhost:8000"
        api_key_command = ["{sys.executable}"]
    """
    path = private(tmp_path / "config.toml", text)
    result = console("config", "check", str(path))
    assert (result.code, result.out, result.err) == (0, f"{path}: 2 profiles, no problem\n", "")
    monkeypatch.setenv("OCTOMIL_CONFIG", str(path))
    [found] = console("config", "check", "--json").objects
    assert (found["event"], found["profiles"], found["findings"]) == ("config_check", ["a", "b"], [])


def test_no_file_is_no_problem_unless_it_is_named(tmp_path: Path, console: Console) -> None:
    nothing = console("config", "check")
    assert nothing.code == 0
    assert "there is no such file, and none is needed" in nothing.out
    missing = console("config", "check", str(tmp_path / "config.toml"), "--json")
    assert missing.code == 2
    assert [one["event"] for one in missing.objects] == ["config_check", "verdict"]
    assert missing.objects[0]["findings"][0]["what"] == "does not exist"


@pytest.mark.parametrize(
    ("text", "line", "column", "cause"),
    [
        ("a = yes", 1, 5, "text needs quotes"),
        ("\n[profiles.x\nb = 1", 2, 12, "a table's name ends with a bracket"),
        (f'a = "{KEY}\nb', 1, len(KEY) + 6, "ends on the line that it begins on"),
        ('a = "C:\\Users"', 1, 10, "a backslash is written"),
        ("a = 1\na = 2", 2, None, "this key is there twice"),
        ("[a]\n[a]", 2, 3, "this table is there twice"),
        ("a = [1,\n2", 2, None, "a list ends with ]"),
        ('a = "x" y', 1, 9, "one key per line"),
        (f"{KEY}\n", 1, 25, "a key is followed by ="),
        ("a = [" + "[" * 5_000, 1, None, "nested too deeply"),
    ],
)
def test_a_mistake_in_the_grammar_is_told_with_its_place_and_what_is_usually_behind_it(
    tmp_path: Path, text: str, line: int, column: int | None, cause: str
) -> None:
    [found] = check_config(private(tmp_path / "config.toml", text), is_named=True).findings
    assert (found.line, found.column) == (line, column)
    assert "this is not TOML" in found.what
    assert cause in found.what
    assert KEY not in found.what


def test_what_cannot_be_read_at_all(tmp_path: Path, console: Console) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xff\xfe")
    assert "is not text" in console("config", "check", str(path)).out
    assert "is not a regular file" in console("config", "check", str(tmp_path)).out
    path.write_text(" " * 70_000)
    assert "is larger than 65536 bytes" in console("config", "check", str(path)).out


def test_lines_are_found_however_a_key_is_written() -> None:
    text = (
        "# [profiles.no]\r\n"
        'a."b c" = """\n[x]\ny = 1\n"""\r\n'
        "profiles = { p = { level = 'x', list = [1] } }\n"
        "\n"
        "[ t . 'u.v' ] # a comment\n"
        "  k = [\n    '[z]',\n  ]\n"
        "l.m = {}\n"
        "[[many]]\nn = 1\n"
    )
    lines = locate(text)
    assert lines["a", "b c"] == 2
    assert lines["profiles", "p", "level"] == lines["profiles",] == 6
    assert lines["t", "u.v"] == 8
    assert lines["t", "u.v", "k"] == 9
    assert lines["t", "u.v", "l", "m"] == 12
    assert ("x",) not in lines
    assert ("y",) not in lines


def test_a_file_that_nobody_wrote_by_hand_is_not_searched_for_ever() -> None:
    many = locate("a = [\n" + "1,\n" * 20_000 + "]\nb = 1\n")
    assert many == {}


SHOWN = """\
default_profile = "stg"
theme = "light"

[profiles.stg]
base_url = "https://stg.example.test/v1"
org_id = "org_1"
org_name = "Acme"
level = "staging"
api_key_file = "k"
on_event = ["sh", "--token", "hunter22"]
proxy = "http://u:hunter22@proxy.test:3128"

[profiles.bad]
api_key_file = "missing"
"""


@pytest.fixture
def shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    private(tmp_path / "k", KEY)
    path = private(tmp_path / "config.toml", SHOWN)
    monkeypatch.setenv("OCTOMIL_CONFIG", str(path))
    return path


def rows(out: str) -> dict[str, tuple[str, str]]:
    header, *lines = out.splitlines()
    value, origin = header.index("VALUE"), header.index("FROM")
    return {line.split()[0]: (line[value:origin].strip(), line[origin:].strip()) for line in lines}


def test_every_setting_is_shown_with_its_origin(shown: Path, console: Console) -> None:
    result = console("config", "show", "--origin", "--calm", env={"OCTOMIL_ORG_ID": "org_2"})
    assert (result.code, result.err) == (0, "")
    fingerprint = sha256(KEY.encode()).hexdigest()[:8]
    assert rows(result.out) == {
        "config": (str(shown), "OCTOMIL_CONFIG"),
        "profile": ("stg", f"default_profile of {shown}, line 1"),
        "base_url": ("https://stg.example.test/v1", "profile stg, line 5"),
        "org_id": ("org_2", "OCTOMIL_ORG_ID"),
        "org_name": ("-", "default"),
        "level": ("production", "default, since this is not the place of profile stg"),
        "api_key": (f"set, fingerprint {fingerprint}", "profile stg: api_key_file, line 9"),
        "read_only": ("no", "default"),
        "ca_file": ("-", "default"),
        "proxy": ("proxy.test", "profile stg, line 11"),
        "request_log": ("-", "default"),
        "on_event": ("sh …", "profile stg, line 10"),
        "notify": ("no", "default"),
        "theme": ("light", f"{shown}, line 2"),
        "ascii": ("no", "default"),
        "calm": ("yes", "--calm"),
        "keymap": (str(shown.with_name("keymap.toml")), "default"),
    }
    assert KEY not in result.out
    assert "hunter22" not in result.out
    assert "FROM" not in console("config", "show").out


def test_the_proxy_of_the_environment_is_shown_as_such(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://u:hunter22@outer.test:1")
    assert rows(console("config", "show", "--origin").out)["proxy"] == (
        "outer.test",
        "HTTPS_PROXY or ALL_PROXY",
    )
    assert rows(console("config", "show", "--origin", "--no-proxy").out)["proxy"] == ("none", "--no-proxy")
    monkeypatch.setenv("HTTPS_PROXY", "socks5://outer.test:1")
    assert rows(console("config", "show", "--origin").out)["proxy"][0] == "cannot be used"


def test_nothing_at_all_is_needed(console: Console) -> None:
    result = console("config", "show", "--json")
    assert result.code == 0
    [found] = result.objects
    settings = found["settings"]
    assert settings["api_key"] == {"value": None, "origin": "default", "line": None, "fingerprint": None}
    assert settings["base_url"]["value"] == "https://api.octomil.com/v1"
    assert (settings["config"]["value"], settings["level"]["value"]) == (None, "production")


def test_what_is_broken_is_said_beside_what_can_be_shown(shown: Path, console: Console) -> None:
    shown.write_text(SHOWN + 'level = "prodution"\ncolour = 1\n')
    result = console("config", "show", "--origin", "--profile", "bad", env={"OCTOMIL_THEME": "night"})
    assert result.code == 2
    assert rows(result.out)["profile"] == ("bad", "--profile")
    assert rows(result.out)["theme"] == ("light", f"{shown}, line 2")
    assert rows(result.out)["level"] == ("production", "default")
    assert "these settings cannot be used as they are: 4 problems" in result.err
    for said in (
        f'{shown}:15: profiles.bad.level is "prodution"; write production',
        f"{shown}:16: profiles.bad.colour is not known",
        "the key file ",
        "OCTOMIL_THEME names no theme",
    ):
        assert said in result.err


@pytest.mark.parametrize(
    ("arguments", "text", "said"),
    [
        ((), "not = toml = here", ":1:7: this is not TOML: "),
        ((), "default_profile = 'gone'", ":1: default_profile must be the name of a profile that is there"),
        (("--profile", "gone"), "[profiles.a]", "there is no profile gone; "),
        (("--base-url", "http://far.test"), "", "plain http to far.test"),
        (("--api-key-file", "/no/such/key"), "", "the key file /no/such/key does not exist"),
    ],
)
def test_each_way_of_being_broken_still_shows(
    tmp_path: Path, console: Console, arguments: tuple[str, ...], text: str, said: str
) -> None:
    path = private(tmp_path / "config.toml", text)
    result = console("config", "show", "--config", str(path), "--json", *arguments)
    assert result.code == 2
    assert [one["event"] for one in result.objects] == ["config", "verdict"]
    assert len(result.objects[0]["settings"]) == 17
    assert said in result.err
    assert result.objects[1]["sentence"].endswith("1 problem")


@pytest.mark.usefixtures("shown")
def test_another_profile_s_missing_files_are_its_own_problem(console: Console) -> None:
    assert console("config", "check").code == 2
    assert console("config", "show").code == 0


def test_a_practice_key_for_a_real_address_is_told(console: Console) -> None:
    result = console("config", "show", env={"OCTOMIL_API_KEY": "edg_sim_0123456789"})
    assert result.code == 2
    assert "is one of an embedded control plane" in result.err
    assert json.dumps("edg_sim_0123456789")[1:-1] not in result.out + result.err


def test_a_default_profile_that_is_not_there_is_told_beside_what_is_wrong_in_others(
    tmp_path: Path, console: Console
) -> None:
    said = 'default_profile = "stagin"\n[profiles.staging]\nbase_url = "http://remote.test/v1"\n'
    path = private(tmp_path / "config.toml", said)
    result = console("config", "check", str(path))
    assert result.code == 2
    assert f"{path}:1: default_profile must be the name of a profile that is there: staging" in result.out
    assert f"{path}:3: profiles.staging.base_url must be" in result.out
