from __future__ import annotations

from pathlib import Path

import pytest

from octomil_tui.api.errors import KeyRefusedError
from octomil_tui.settings import DEFAULT, Flags, Level, Setting, resolve

KEY = "edg_0123456789abcdefghij"


def test_the_defaults() -> None:
    settings = resolve(Flags(), {})
    assert settings.base_url == Setting("https://api.octomil.com/v1", DEFAULT)
    assert (settings.api_key.value, settings.org_id.value, settings.org_label) == (None, None, "")
    assert settings.read_only == Setting(value=False, origin=DEFAULT)
    assert settings.level is Level.PROD


def test_a_flag_goes_before_the_environment() -> None:
    environment = {"OCTOMIL_API_URL": "https://b", "OCTOMIL_API_BASE": "https://c", "OCTOMIL_ORG_ID": "o"}
    assert resolve(Flags(), environment).base_url == Setting("https://b", "OCTOMIL_API_URL")
    assert resolve(Flags(), {"OCTOMIL_API_BASE": "https://c"}).base_url.origin == "OCTOMIL_API_BASE"
    assert resolve(Flags(), environment).org_id == Setting("o", "OCTOMIL_ORG_ID")
    flags = Flags(base_url="https://a", org_id="p")
    assert resolve(flags, environment).base_url == Setting("https://a", "--base-url")
    assert resolve(flags, environment).org_label == "p"


def test_the_key_leaves_the_environment(tmp_path: Path) -> None:
    environment = {"OCTOMIL_API_KEY": f"{KEY}\n"}
    settings = resolve(Flags(), environment)
    assert environment == {}
    assert settings.api_key.origin == "OCTOMIL_API_KEY"
    assert settings.api_key.value is not None
    assert settings.api_key.value.reveal() == KEY
    assert KEY not in repr(settings)

    file = tmp_path / "key"
    file.write_text("edg_from_a_file_instead")
    file.chmod(0o600)
    environment = {"OCTOMIL_API_KEY": KEY}
    settings = resolve(Flags(api_key_file=str(file)), environment)
    assert environment == {}
    assert settings.api_key.origin == "--api-key-file"
    assert settings.api_key.value is not None
    assert settings.api_key.value.reveal() == "edg_from_a_file_instead"


def test_a_key_that_is_none() -> None:
    assert resolve(Flags(), {"OCTOMIL_API_KEY": ""}).api_key.value is None
    with pytest.raises(KeyRefusedError):
        resolve(Flags(), {"OCTOMIL_API_KEY": "two words here"})


@pytest.mark.parametrize("value", ["", "0", "false", "no", "off", "OFF", " No "])
def test_what_is_not_read_only(value: str) -> None:
    assert not resolve(Flags(), {"OCTOMIL_READ_ONLY": value}).read_only.value


@pytest.mark.parametrize("value", ["1", "true", "yes", "2", "nein", "?"])
def test_what_is_read_only_even_when_malformed(value: str) -> None:
    assert resolve(Flags(), {"OCTOMIL_READ_ONLY": value}).read_only.value
    assert resolve(Flags(read_only=True), {"OCTOMIL_READ_ONLY": "0"}).read_only.origin == "--read-only"
