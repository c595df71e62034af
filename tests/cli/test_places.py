"""Where a process can go besides the place that it was started for, and what of its start holds there."""

from __future__ import annotations

from pathlib import Path

import pytest

from octomil_tui.api.errors import ConfigurationError, KeyRefusedError, OctomilError
from octomil_tui.cli.console import prepare
from octomil_tui.cli.places import Places
from octomil_tui.resolve import resolve
from octomil_tui.settings import Files, Flags, Level, Settings

GIVEN = "edg_given_in_the_environment"
TEXT = """\
default_profile = "prod"

[profiles.prod]
base_url = "https://prod.test/v1"
org_id = "org_prod"

[profiles.stg]
base_url = "https://stg.test/v1"
level = "staging"
api_key_file = "stg.key"
calm = true

[profiles.keyless]
level = "development"
"""


def private(path: Path, content: str) -> Path:
    path.write_text(content)
    path.chmod(0o600)
    return path


@pytest.fixture
def files(tmp_path: Path) -> Files:
    private(tmp_path / "stg.key", "edg_of_the_staging_profile")
    return Files(config=private(tmp_path / "config.toml", TEXT), credentials=tmp_path / "no-login")


def places(files: Files, flags: Flags, **environment: str) -> Places:
    given = {"OCTOMIL_API_KEY": GIVEN, **environment}
    first = resolve(flags, given, files)
    # As in a process: the first look has taken the key out.
    assert "OCTOMIL_API_KEY" not in given
    return Places(flags, given, files, first, validate=prepare)


def gone(places: Places, name: str) -> Settings:
    places.open(name)()
    settings = places.take_next()
    assert settings is not None
    assert places.take_next() is None
    return settings


def key_in(settings: Settings) -> str:
    assert settings.api_key.value is not None
    return settings.api_key.value.reveal()


def test_what_belongs_to_a_place_stays_with_it_and_the_rest_goes_along(files: Files, tmp_path: Path) -> None:
    other = private(tmp_path / "other.key", "edg_of_a_flag_at_the_start")
    flags = Flags(
        base_url="https://elsewhere.test",
        org_id="org_flag",
        api_key_file=str(other),
        ca_file=None,
        no_proxy=True,
        read_only=True,
        ascii=True,
        on_event=("true",),
    )
    found = gone(places(files, flags, OCTOMIL_ORG_ID="org_env", OCTOMIL_THEME="mono"), "stg")
    assert (found.base_url.value, found.org_id.value) == ("https://stg.test/v1", None)
    assert key_in(found) == "edg_of_the_staging_profile"
    assert found.level is Level.STAGING
    assert (found.read_only.origin, found.proxy.origin, found.ascii.origin) == (
        "--read-only",
        "--no-proxy",
        "--ascii",
    )
    assert (found.theme.origin, found.calm.origin) == ("OCTOMIL_THEME", "profile stg")
    assert found.on_event == ("true",)


@pytest.mark.parametrize("variable", ["OCTOMIL_API_URL", "OCTOMIL_API_BASE"])
def test_read_only_of_the_environment_adds_up_and_its_address_does_not(files: Files, variable: str) -> None:
    there = places(files, Flags(), OCTOMIL_READ_ONLY="1", **{variable: "https://elsewhere.test"})
    found = gone(there, "stg")
    assert found.read_only.origin == "OCTOMIL_READ_ONLY"
    assert found.base_url.value == "https://stg.test/v1"


def test_the_key_of_the_environment_is_sent_to_no_other_profile(files: Files) -> None:
    there = places(files, Flags())
    with pytest.raises(KeyRefusedError, match="no API key"):
        there.open("keyless")
    assert there.take_next() is None
    # A source that is named and fails ends the search there, too.
    assert files.config is not None
    files.config.with_name("stg.key").unlink()
    with pytest.raises(KeyRefusedError, match="does not exist"):
        there.open("stg")


def test_coming_back_finds_everything_as_it_was_given(files: Files) -> None:
    there = places(files, Flags(ca_file=None), OCTOMIL_API_URL="https://elsewhere.test")
    gone(there, "stg")
    back = gone(there, "prod")
    assert key_in(back) == GIVEN
    assert back.base_url.value == "https://elsewhere.test"
    # It is not the profile's own place, so it is as dangerous as any.
    assert back.level is Level.PROD


def test_a_profile_is_read_as_it_is_now(files: Files) -> None:
    there = places(files, Flags())
    assert files.config is not None
    assert [tuple(one) for one in there.known()] == [
        ("prod", "PROD", "prod.test"),
        ("stg", "STAG", "stg.test"),
        ("keyless", "DEV", "api.octomil.com"),
    ]
    files.config.write_text(
        TEXT + '[profiles.new]\nbase_url = "https://new.test"\napi_key_file = "stg.key"\n'
    )
    assert [one.name for one in there.known()] == ["prod", "stg", "keyless", "new"]
    assert gone(there, "new").base_url.value == "https://new.test"
    files.config.write_text("not toml")
    assert [one.name for one in there.known()][-1] == "new"
    with pytest.raises(ConfigurationError, match="is not TOML"):
        there.open("new")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("zz", "there is no profile zz; there are prod, stg, keyless"),
        ("bad_ca", "the certificate file .* cannot be read or holds no certificate"),
        ("practice", "is one of an embedded control plane"),
    ],
)
def test_what_could_not_begin_is_refused_before_anything_is_left(files: Files, name: str, said: str) -> None:
    assert files.config is not None
    private(files.config.with_name("sim.key"), "edg_sim_0123456789")
    text = """
        [profiles.bad_ca]
        api_key_file = "stg.key"
        ca_file = "stg.key"
        [profiles.practice]
        api_key_file = "sim.key"
    """
    there = places(files, Flags())
    if name != "zz":
        files.config.write_text(TEXT + text)
    with pytest.raises(OctomilError, match=said):
        there.open(name)
    assert there.take_next() is None


def test_without_a_file_there_is_nowhere_to_go(tmp_path: Path) -> None:
    for files in (Files(), Files(config=tmp_path / "missing.toml")):
        there = places(files, Flags())
        assert list(there.known()) == []
        with pytest.raises(ConfigurationError, match="the settings file names none"):
            there.open("stg")


def test_a_named_file_is_where_profiles_are_looked_for(files: Files) -> None:
    there = places(Files(), Flags(config=str(files.config)))
    assert gone(there, "stg").config.value == files.config
