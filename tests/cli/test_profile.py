"""The settings file: what is understood, and what is refused with one sentence that repeats no value."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from octomil_tui.api.errors import ConfigurationError
from octomil_tui.own_file import FILE_LIMIT
from octomil_tui.profile import NO_CONFIG, Level, Profile, read_config
from tests.cli.conftest import Console

KEY = "edg_put_in_the_wrong_place"


def written(path: Path, content: str | bytes, mode: int = 0o644) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    path.chmod(mode)
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def refusal(path: Path) -> str:
    with pytest.raises(ConfigurationError) as caught:
        read_config(path, is_named=True)
    assert caught.value.__cause__ is None
    return str(caught.value)


def test_everything_that_can_be_said(path: Path) -> None:
    text = """
        read_only = true
        default_profile = "b"
        [profiles.a]
        [profiles.b]
        base_url = "https://h.test/v1"
        org_id = "o"
        org_name = "O"
        api_key_command = ["pass", "show", "octomil key"]
        api_key_file = "keys/b"
        read_only = true
        level = "development"
        ca_file = "~/ca.pem"
        proxy = "http://proxy.test:3128"
    """
    config = read_config(written(path, text), is_named=True)
    assert (config.read_only, config.default_profile, config.path) == (True, "b", path)
    assert config.profiles == {
        "a": Profile("a"),
        "b": Profile(
            name="b",
            base_url="https://h.test/v1",
            org_id="o",
            org_name="O",
            api_key_command=("pass", "show", "octomil key"),
            api_key_file=str(path.parent / "keys" / "b"),
            read_only=True,
            level=Level.DEVELOPMENT,
            ca_file=str(Path.home() / "ca.pem"),
            proxy="http://proxy.test:3128",
        ),
    }
    assert "octomil key" not in repr(config)


def test_the_usual_place_may_be_empty(path: Path) -> None:
    assert read_config(path, is_named=False) is NO_CONFIG
    assert read_config(path / "below", is_named=False) is NO_CONFIG
    assert "does not exist" in refusal(path)


def test_a_link_to_a_file_of_ours_is_fine(path: Path) -> None:
    target = written(path.with_name("real.toml"), "read_only = true")
    path.symlink_to(target)
    assert read_config(path, is_named=True).read_only


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f'api_key = "{KEY}"', "api_key must not be in this file; name api_key_command or api_key_file"),
        (f'[profiles.p]\napi_key = "{KEY}"', "profile p of .*: api_key must not be in this file"),
        (f'[profiles.p]\nToken = "{KEY}"', "Token must not be in this file"),
        (f'colour = "{KEY}"', "colour is not known; allowed are default_profile, profiles, read_only"),
        ('[profiles.p]\nbase_uri = "https://h"', "base_uri is not known; allowed are api_key_command, "),
        (f"{KEY} = 1", r"edg_\[hidden\] is not known"),
        ('read_only = "yes"', "read_only must be true or false"),
        ("[profiles.p]\nread_only = 1", "profile p of .*: read_only must be true or false"),
        ("[profiles.p]\norg_id = 7", "org_id must be text"),
        ('[profiles.p]\norg_id = ""', "org_id must be text in quotes, not empty"),
        ('[profiles.p]\norg_id = "a\\u001b"', "org_id must be text"),
        (f'[profiles.p]\napi_key_command = "echo {KEY}"', "api_key_command must be a list of texts"),
        ("[profiles.p]\napi_key_command = []", "api_key_command must be a list"),
        ('[profiles.p]\napi_key_command = [""]', "api_key_command must be a list"),
        ('[profiles.p]\napi_key_command = ["a", 1]', "api_key_command must be a list"),
        ('[profiles.p]\napi_key_command = ["a\\u0000"]', "api_key_command must be a list"),
        (f'[profiles.p]\nlevel = "{KEY}"', 'level must be one of "production", "staging", "development"'),
        (f'[profiles.p]\nbase_url = "https://u:{KEY}@h"', "base_url must be an address such as"),
        ('[profiles.p]\nbase_url = "http://remote.test"', "base_url must be an address"),
        (f'[profiles.p]\nproxy = "socks5://u:{KEY}@h"', 'proxy must be "none" or the URL'),
        ('[profiles.p]\nca_file = "~nobody-has-this-name/ca"', "ca_file must be a path"),
        ("profiles = 3", "profiles must be tables"),
        ("[profiles]\np = 3", "profiles must be tables"),
        ('default_profile = "q"\n[profiles.p]', "default_profile must be the name of a profile .*: p"),
        (f'[profiles.p]\norg_id = "{KEY}\n', r"is not TOML \(line 2, column \d+\)"),
        (f"a = {KEY}", r"is not TOML \(line 1"),
        ("a = [" + "[" * 5_000, "is not TOML"),
        (b"\xff\xfe", "is not text"),
        (" " * (FILE_LIMIT + 1), "is larger than"),
    ],
    ids=lambda value: repr(value)[:50],
)
def test_what_is_not_understood_is_refused_and_not_repeated(path: Path, text: str | bytes, said: str) -> None:
    sentence = refusal(written(path, text))
    assert KEY not in sentence
    assert "config.toml" in sentence
    with pytest.raises(ConfigurationError, match=said):
        read_config(path, is_named=True)


@pytest.mark.parametrize("mode", [0o664, 0o646])
def test_a_file_that_others_can_write_is_refused_with_the_command_that_helps(path: Path, mode: int) -> None:
    assert f"run: chmod go-w {path}" in refusal(written(path, "", mode))


def test_a_file_of_another_user_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(path, "")
    owner = path.stat().st_uid
    if owner == 0:
        # The administrator's files are fine for everybody.
        monkeypatch.setattr("os.geteuid", lambda: 4711)
        assert read_config(path, is_named=True).path == path
        os.chown(path, 4712, -1)
    else:
        monkeypatch.setattr("os.geteuid", lambda: owner + 1)
    assert "belongs to another user" in refusal(path)


def test_odd_files_do_not_hang(path: Path) -> None:
    os.mkfifo(path, 0o600)
    begun = time.monotonic()
    assert "is not a regular file" in refusal(path)
    assert "is not a regular file" in refusal(path.parent)
    assert "cannot be opened" in refusal(Path("nul\x00in/path"))
    assert time.monotonic() - begun < 30


def test_the_command_line_ends_with_one_sentence(path: Path, console: Console) -> None:
    written(path, f'[profiles.p]\napi_key = "{KEY}"')
    for arguments, environment in (
        (("--config", str(path), "groups"), {}),
        (("groups", "--json", "--config", str(path)), {}),
        (("groups",), {"OCTOMIL_CONFIG": str(path)}),
        (("groups", "--profile", "nowhere"), {}),
    ):
        result = console(*arguments, env=environment)
        assert result.code == 2
        assert result.err.count("\n") == 1
        assert KEY not in result.err + result.out


def test_the_console_needs_the_keyboard_and_no_piped_key(console: Console) -> None:
    result = console("--api-key-stdin")
    assert result.code == 2
    assert "--api-key-stdin takes standard input, which the console needs for the keyboard" in result.err


def test_the_proxy_is_told_beside_the_result(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://user:hunter2@127.0.0.1:9")
    env = {"OCTOMIL_API_KEY": "edg_12345678", "OCTOMIL_API_URL": "https://api.example.test"}
    monkeypatch.setattr("octomil_tui.cli.wiring.READ_WITHIN", 1.0)
    result = console("groups", "--json", env=env)
    assert result.code == 3
    assert result.err.splitlines()[0] == "via proxy 127.0.0.1"
    assert [one["event"] for one in result.objects] == ["verdict"]
    assert "hunter2" not in result.err
    monkeypatch.setattr("octomil_tui.api.client.AsyncOctomilClient.groups", lambda _: 1 / 0)
    assert "via proxy" not in console("groups", "--no-proxy", env=env).err
