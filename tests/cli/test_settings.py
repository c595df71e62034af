from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from octomil_tui.api.errors import ConfigurationError, KeyRefusedError
from octomil_tui.cli.flags import flags_of
from octomil_tui.cli.parser import build_parser
from octomil_tui.resolve import resolve
from octomil_tui.settings import DEFAULT, Files, Flags, Level, Setting, Settings

KEY = "edg_0123456789abcdefghij"
PROFILES = """
default_profile = "staging"

[profiles.prod]
base_url = "https://api.example.test/v1"
org_id = "org_prod"
org_name = "Acme Edge"
api_key_file = "prod.key"
ca_file = "/etc/ca.pem"
proxy = "http://user:hunter2@proxy.test:3128"

[profiles.staging]
base_url = "https://staging.example.test/v1"
org_id = "org_stag"
level = "staging"
read_only = true
proxy = "none"
"""


def private(path: Path, content: str, mode: int = 0o600) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    path.chmod(mode)
    return path


@pytest.fixture
def config(tmp_path: Path) -> Path:
    private(tmp_path / "prod.key", "edg_key_of_the_profile_prod")
    return private(tmp_path / "config.toml", PROFILES)


def key_in(settings: Settings) -> str | None:
    return settings.api_key.value.reveal() if settings.api_key.value is not None else None


def test_the_defaults() -> None:
    settings = resolve(Flags(), {})
    assert settings.base_url == Setting("https://api.octomil.com/v1", DEFAULT)
    assert (settings.api_key.value, settings.org_id.value, settings.org_label) == (None, None, "")
    assert settings.read_only == Setting(value=False, origin=DEFAULT)
    assert settings.level is Level.PROD
    assert (settings.profile.value, settings.config.value, settings.ca_file.value) == (None, None, None)
    assert settings.uses_proxy
    assert settings.proxy_url is None


def test_a_flag_goes_before_the_environment() -> None:
    environment = {"OCTOMIL_API_URL": "https://b", "OCTOMIL_API_BASE": "https://c", "OCTOMIL_ORG_ID": "o"}
    assert resolve(Flags(), environment).base_url == Setting("https://b", "OCTOMIL_API_URL")
    assert resolve(Flags(), {"OCTOMIL_API_BASE": "https://c"}).base_url.origin == "OCTOMIL_API_BASE"
    assert resolve(Flags(), environment).org_id == Setting("o", "OCTOMIL_ORG_ID")
    flags = Flags(base_url="https://a", org_id="p")
    assert resolve(flags, environment).base_url == Setting("https://a", "--base-url")
    assert resolve(flags, environment).org_label == "p"


def test_the_environment_goes_before_the_profile_and_that_before_the_default(config: Path) -> None:
    flags = Flags(config=str(config), profile="prod")
    settings = resolve(flags, {})
    assert settings.profile == Setting("prod", "--profile")
    assert settings.config == Setting(config, "--config")
    assert settings.base_url == Setting("https://api.example.test/v1", "profile prod")
    assert settings.org_id == Setting("org_prod", "profile prod")
    assert settings.org_label == "Acme Edge"
    assert settings.ca_file == Setting("/etc/ca.pem", "profile prod")
    assert settings.proxy_url == "http://user:hunter2@proxy.test:3128"
    assert "hunter2" not in repr(settings)
    assert settings.api_key.origin == "profile prod: api_key_file"
    assert key_in(settings) == "edg_key_of_the_profile_prod"

    given = resolve(flags, {"OCTOMIL_API_URL": "https://b", "OCTOMIL_ORG_ID": "o", "OCTOMIL_API_KEY": KEY})
    assert given.base_url.origin == "OCTOMIL_API_URL"
    # The name that people know belongs to the organisation of the profile.
    assert given.org_label == "o"
    assert key_in(given) == KEY


def test_the_profile_is_named_by_a_flag_a_variable_or_the_file(config: Path) -> None:
    files = Files(config=config)
    assert resolve(Flags(), {}, files).profile.value == "staging"
    assert resolve(Flags(), {}, files).profile.origin.startswith("default_profile of ")
    variable = {"OCTOMIL_PROFILE": "prod"}
    assert resolve(Flags(), variable, files).profile == Setting("prod", "OCTOMIL_PROFILE")
    assert resolve(Flags(profile="staging"), variable, files).profile == Setting("staging", "--profile")
    elsewhere = private(config.parent / "other.toml", "[profiles.other]")
    assert (
        resolve(Flags(profile="other"), {"OCTOMIL_CONFIG": str(elsewhere)}, files).config.value == elsewhere
    )
    for flags, environment in (
        (Flags(profile="production"), {}),
        (Flags(), {"OCTOMIL_PROFILE": "production"}),
        (Flags(profile=""), {}),
    ):
        with pytest.raises(ConfigurationError, match="has prod, staging"):
            resolve(flags, environment, files)
    with pytest.raises(ConfigurationError, match="no profile prod; there is no settings file"):
        resolve(Flags(profile="prod"), {}, Files(config=config.parent / "missing.toml"))
    with pytest.raises(ConfigurationError, match="does not exist"):
        resolve(Flags(config=str(config.parent / "missing.toml")), {})
    with pytest.raises(ConfigurationError, match="needs the path"):
        resolve(Flags(config=""), {})


def test_a_profile_says_how_much_harm_is_done_at_its_own_place_only(config: Path) -> None:
    files = Files(config=config)
    assert resolve(Flags(), {}, files).level is Level.STAGING
    assert not resolve(Flags(), {}, files).level.is_guarded
    assert resolve(Flags(base_url="https://api.example.test/v1"), {}, files).level is Level.PROD
    assert resolve(Flags(), {"OCTOMIL_ORG_ID": "org_prod"}, files).level is Level.PROD
    assert (
        resolve(Flags(), {"OCTOMIL_API_URL": "https://staging.example.test/v1"}, files).level is Level.STAGING
    )
    assert Level.PROD.is_guarded


def test_a_proxy_can_be_turned_off(config: Path) -> None:
    assert not resolve(Flags(), {}, Files(config=config)).uses_proxy
    named = resolve(Flags(config=str(config), profile="prod", no_proxy=True, ca_file="ca"), {})
    assert (named.uses_proxy, named.proxy_url, named.proxy.origin) == (False, None, "--no-proxy")
    assert named.ca_file == Setting("ca", "--ca-file")


def test_the_key_leaves_the_environment(tmp_path: Path) -> None:
    environment = {"OCTOMIL_API_KEY": f"{KEY}\n"}
    settings = resolve(Flags(), environment)
    assert environment == {}
    assert settings.api_key.origin == "OCTOMIL_API_KEY"
    assert key_in(settings) == KEY
    assert KEY not in repr(settings)

    file = private(tmp_path / "key", "edg_from_a_file_instead")
    environment = {"OCTOMIL_API_KEY": KEY}
    settings = resolve(Flags(api_key_file=str(file)), environment)
    assert environment == {}
    assert settings.api_key.origin == "--api-key-file"
    assert key_in(settings) == "edg_from_a_file_instead"


def test_a_key_that_is_none() -> None:
    assert resolve(Flags(), {"OCTOMIL_API_KEY": ""}).api_key.value is None
    with pytest.raises(KeyRefusedError):
        resolve(Flags(), {"OCTOMIL_API_KEY": "two words here"})


def test_the_sources_of_the_key_in_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flag = private(tmp_path / "flag", "edg_from_the_flag")
    private(tmp_path / "file", "edg_from_the_file")
    command = json.dumps([sys.executable, "-c", "print('edg_from_the_command')"])
    login = private(tmp_path / "login", json.dumps({"api_key": "edg_from_the_login"}))
    with_command = private(
        tmp_path / "a.toml", f'[profiles.p]\napi_key_command = {command}\napi_key_file = "file"'
    )
    with_file = private(tmp_path / "b.toml", '[profiles.p]\napi_key_file = "file"')

    def key_of(flags: Flags, config: Path | None, **environment: str) -> str | None:
        files = Files(config=config, credentials=login)
        return key_in(resolve(flags, environment, files))

    asked = Flags(profile="p")
    both = Flags(api_key_file=str(flag), profile="p")
    assert key_of(both, with_command, OCTOMIL_API_KEY=KEY) == "edg_from_the_flag"
    assert key_of(asked, with_command, OCTOMIL_API_KEY=KEY) == KEY
    assert key_of(asked, with_command) == "edg_from_the_command"
    assert key_of(asked, with_file) == "edg_from_the_file"
    assert key_of(Flags(), None) == "edg_from_the_login"
    # What is named and fails is not passed over in silence.
    (tmp_path / "file").unlink()
    with pytest.raises(KeyRefusedError, match="does not exist"):
        key_of(asked, with_file)

    read, write = os.pipe()
    os.write(write, b"edg_from_the_pipe\n")
    os.close(write)
    monkeypatch.setattr("octomil_tui.key_choice.read_key_stdin.__defaults__", (read,))
    piped = resolve(Flags(api_key_stdin=True), {"OCTOMIL_API_KEY": KEY})
    os.close(read)
    assert (key_in(piped), piped.api_key.origin) == ("edg_from_the_pipe", "--api-key-stdin")
    with pytest.raises(ConfigurationError, match="name two keys"):
        resolve(Flags(api_key_file=str(flag), api_key_stdin=True), {})


def test_a_login_brings_its_own_organisation(tmp_path: Path) -> None:
    login = private(
        tmp_path / "credentials", json.dumps({"api_key": KEY, "org_id": "org_login", "org_name": "Acme"})
    )
    files = Files(credentials=login)
    settings = resolve(Flags(), {}, files)
    assert settings.api_key.origin == settings.org_id.origin == str(login)
    assert (settings.org_id.value, settings.org_label) == ("org_login", "Acme")
    named = resolve(Flags(org_id="other"), {}, files)
    assert (named.org_id.value, named.org_label) == ("other", "other")
    # The login of one key says nothing of another one.
    assert resolve(Flags(), {"OCTOMIL_API_KEY": KEY}, files).org_id.value is None

    login.chmod(0o640)
    with pytest.raises(KeyRefusedError, match=f"chmod 600 {login}"):
        resolve(Flags(), {}, files)


def test_where_the_key_came_from_is_where_it_is_read_again(tmp_path: Path) -> None:
    file = private(tmp_path / "key", "edg_before_it_was_rotated")
    settings = resolve(Flags(api_key_file=str(file)), {})
    file.write_text("edg_after_it_was_rotated")
    assert settings.key_source is not None
    assert settings.key_source.read().reveal() == "edg_after_it_was_rotated"
    fixed = resolve(Flags(), {"OCTOMIL_API_KEY": KEY}).key_source
    assert fixed is not None
    assert not fixed.can_be_reread


@pytest.mark.parametrize("value", ["", "0", "false", "no", "off", "OFF", " No "])
def test_what_is_not_read_only(value: str) -> None:
    assert not resolve(Flags(), {"OCTOMIL_READ_ONLY": value}).read_only.value


@pytest.mark.parametrize("value", ["1", "true", "yes", "2", "nein", "?"])
def test_case_42_what_is_read_only_even_when_malformed(value: str) -> None:
    assert resolve(Flags(), {"OCTOMIL_READ_ONLY": value}).read_only.value
    assert resolve(Flags(read_only=True), {"OCTOMIL_READ_ONLY": "0"}).read_only.origin == "--read-only"


@pytest.mark.parametrize(
    ("flag", "variable", "config", "origin"),
    [
        (True, "0", ("false", "false"), "--read-only"),
        (False, "1", ("false", "false"), "OCTOMIL_READ_ONLY"),
        (False, "0", ("true", "false"), "config.toml"),
        (False, "0", ("false", "true"), "profile p"),
        (False, "no", ("true", "true"), "config.toml"),
    ],
)
def test_case_42_any_one_source_is_enough_and_no_other_undoes_it(
    tmp_path: Path, flag: bool, variable: str, config: tuple[str, str], origin: str
) -> None:
    text = "read_only = {}\n[profiles.p]\nread_only = {}\n".format(*config)
    path = private(tmp_path / "config.toml", text)
    settings = resolve(
        Flags(read_only=flag, profile="p"), {"OCTOMIL_READ_ONLY": variable}, Files(config=path)
    )
    assert settings.read_only.value
    assert settings.read_only.origin.endswith(origin)


def test_nothing_says_read_only(tmp_path: Path) -> None:
    config = private(tmp_path / "config.toml", "read_only = false\n[profiles.p]\nread_only = false\n")
    assert not resolve(Flags(profile="p"), {}, Files(config=config)).read_only.value


def test_every_flag_is_taken_before_and_after_the_command() -> None:
    given = [
        *("--profile", "p", "--config", "c", "--ca-file", "a", "--no-proxy", "--api-key-stdin"),
        *("--read-only", "--base-url", "u", "--org", "o", "--api-key-file", "k"),
        *("--theme", "light", "--ascii", "--calm"),
    ]
    wanted = Flags(
        base_url="u",
        org_id="o",
        api_key_file="k",
        api_key_stdin=True,
        read_only=True,
        config="c",
        profile="p",
        ca_file="a",
        no_proxy=True,
        theme="light",
        ascii=True,
        calm=True,
    )
    for line in ([*given, "groups"], ["groups", *given], [*given[:8], "groups", *given[8:]]):
        assert flags_of(build_parser().parse_args(line)) == wanted


LOOK = """
theme = "ansi"
calm = true

[profiles.plain]
theme = "mono"
ascii = true
keymap = "keys/mine.toml"

[profiles.other]
calm = false
"""


def test_taste_goes_flag_variable_profile_file_default(tmp_path: Path) -> None:
    files = Files(config=private(tmp_path / "config.toml", LOOK))
    flags = Flags(profile="plain", theme="light", ascii=True, calm=True)
    variables = {"OCTOMIL_THEME": "contrast", "OCTOMIL_ASCII": "1", "OCTOMIL_CALM": "no"}
    flagged = resolve(flags, dict(variables), files)
    assert (flagged.theme, flagged.ascii.origin) == (Setting("light", "--theme"), "--ascii")
    assert flagged.calm == Setting(value=True, origin="--calm")

    told = resolve(Flags(profile="plain"), dict(variables), files)
    assert told.theme == Setting("contrast", "OCTOMIL_THEME")
    assert told.ascii == Setting(value=True, origin="OCTOMIL_ASCII")
    # A variable can say no, too: this is taste, and nothing is kept safe by it.
    assert told.calm == Setting(value=False, origin="OCTOMIL_CALM")

    plain = resolve(Flags(profile="plain"), {}, files)
    assert plain.theme == Setting("mono", "profile plain")
    assert plain.ascii == Setting(value=True, origin="profile plain")
    assert plain.calm == Setting(value=True, origin=str(tmp_path / "config.toml"))
    assert plain.keymap == Setting(tmp_path / "keys" / "mine.toml", "profile plain")

    other = resolve(Flags(profile="other"), {}, files)
    assert other.theme == Setting("ansi", str(tmp_path / "config.toml"))
    assert other.ascii == Setting(value=False, origin=DEFAULT)
    assert other.calm == Setting(value=False, origin="profile other")
    assert other.keymap == Setting(tmp_path / "keymap.toml", DEFAULT)


def test_taste_without_any_file(tmp_path: Path) -> None:
    settings = resolve(Flags(), {}, Files(config=tmp_path / "config.toml"))
    assert settings.theme == Setting("default", DEFAULT)
    assert not settings.ascii.value
    assert not settings.calm.value
    assert settings.keymap.value == tmp_path / "keymap.toml"
    assert resolve(Flags(), {}).keymap.value is None
    with pytest.raises(ConfigurationError, match="OCTOMIL_THEME names no theme; there are default, contrast"):
        resolve(Flags(), {"OCTOMIL_THEME": KEY})


@pytest.mark.parametrize(
    ("flag", "said", "asked"), [(False, "", False), (True, "", True), (False, "notify = true", True)]
)
def test_the_desktop_is_told_where_a_flag_or_the_profile_asks_for_it(
    tmp_path: Path, flag: bool, said: str, asked: bool
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f"[profiles.prod]\n{said}\n")
    config.chmod(0o600)
    flags = Flags(config=str(config), profile="prod", notify=flag)
    assert resolve(flags, {}).notify is asked
