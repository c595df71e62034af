"""From flags, variables and files to settings: flag before environment before profile before default."""

from __future__ import annotations

from collections.abc import MutableMapping
from pathlib import Path
from typing import NamedTuple

from octomil_tui.api.address import DEFAULT_BASE_URL
from octomil_tui.api.credentials import Credentials
from octomil_tui.api.errors import ConfigurationError
from octomil_tui.api.key import ApiKey
from octomil_tui.appearance import find_appearance, says_yes
from octomil_tui.config.reader import read_config
from octomil_tui.key_choice import FoundKey, find_key, take_key
from octomil_tui.profile import NO_CONFIG, NO_PROXY, Config, Level, Profile, choose
from octomil_tui.settings import DEFAULT, NO_FILES, Files, Flags, Setting, Settings

ORG_VARIABLE = "OCTOMIL_ORG_ID"
READ_ONLY_VARIABLE = "OCTOMIL_READ_ONLY"
CONFIG_VARIABLE = "OCTOMIL_CONFIG"
PROFILE_VARIABLE = "OCTOMIL_PROFILE"
ADDRESS_VARIABLES = ("OCTOMIL_API_URL", "OCTOMIL_API_BASE")
"""The first that is set counts."""


class Ground(NamedTuple):
    """The file and the profile that settings are looked for in."""

    config: Config = NO_CONFIG
    config_origin: str = DEFAULT
    profile: Profile | None = None
    profile_origin: str = DEFAULT


def resolve(
    flags: Flags,
    environment: MutableMapping[str, str],
    files: Files = NO_FILES,
    kept: ApiKey | None = None,
) -> Settings:
    """Return the settings of this run.

    The key is taken out of the environment, so that no child process gets it,
    also where another source goes before it.

    Args:
        flags: The command line.
        environment: The variables.
        files: The usual places.
        kept: The key that an earlier call took out of the environment.

    Raises:
        ConfigurationError: The settings file or the profile cannot be used, or flags contradict each other.
        KeyRefusedError: The key, or where it is to come from, cannot be used.
    """
    given = take_key(environment) or kept
    ground = find_ground(flags, environment, files)
    key = find_key(flags, environment, ground.profile, files, given)
    return settle(flags, environment, files, ground, key)


def find_ground(flags: Flags, environment: MutableMapping[str, str], files: Files) -> Ground:
    """Return the settings file and the profile.

    Raises:
        ConfigurationError: One of them cannot be used.
    """
    path, origin = named_config(flags, environment)
    if path is not None:
        config = read_config(path, is_named=True)
    else:
        config = read_config(files.config, is_named=False) if files.config is not None else NO_CONFIG
    return Ground(config, origin, *find_profile(flags, environment, config))


def settle(
    flags: Flags, environment: MutableMapping[str, str], files: Files, ground: Ground, key: FoundKey
) -> Settings:
    """Return the settings on a ground, with a key.

    Raises:
        ConfigurationError: A variable cannot be used.
    """
    config, profile = ground.config, ground.profile
    base_url = _base_url(flags, environment, profile)
    org_id = _org_id(flags, environment, profile, key.login, key.setting.origin)
    look = find_appearance(flags, environment, config, profile, files.config)
    return Settings(
        base_url=base_url,
        org_id=org_id,
        api_key=key.setting,
        read_only=is_read_only(flags, environment, config, profile),
        level=find_level(profile, base_url, org_id).value,
        org_name=_org_name(profile, key.login, org_id),
        key_source=key.source,
        profile=Setting(profile.name if profile else None, ground.profile_origin),
        config=Setting(config.path, ground.config_origin),
        request_log=Path(flags.request_log) if flags.request_log else None,
        on_event=flags.on_event or (profile.on_event if profile is not None else None),
        notify=flags.notify or (profile is not None and profile.notify),
        ca_file=_ca_file(flags, profile),
        proxy=_proxy(flags, profile),
        **look.as_settings(),
    )


def named_config(flags: Flags, environment: MutableMapping[str, str]) -> tuple[Path | None, str]:
    """Return the settings file that somebody named, and where; None for the usual place.

    Raises:
        ConfigurationError: The flag names nothing.
    """
    for named, origin in ((flags.config, "--config"), (environment.get(CONFIG_VARIABLE), CONFIG_VARIABLE)):
        if named:
            return Path(named), origin
    if flags.config is not None:
        raise ConfigurationError("--config needs the path of a file")
    return None, DEFAULT


def find_profile(
    flags: Flags, environment: MutableMapping[str, str], config: Config
) -> tuple[Profile | None, str]:
    """Return the profile in use, and where it was named.

    Raises:
        ConfigurationError: There is none of that name.
    """
    if flags.profile is not None:
        return choose(config, flags.profile, "--profile"), "--profile"
    if environment.get(PROFILE_VARIABLE):
        return choose(config, environment[PROFILE_VARIABLE], PROFILE_VARIABLE), PROFILE_VARIABLE
    profile = choose(config, None, DEFAULT)
    return profile, f"default_profile of {config.origin}" if profile else DEFAULT


def _base_url(flags: Flags, environment: MutableMapping[str, str], profile: Profile | None) -> Setting[str]:
    if flags.base_url is not None:
        return Setting(flags.base_url, "--base-url")
    for name in ADDRESS_VARIABLES:
        if environment.get(name):
            return Setting(environment[name], name)
    if profile is not None and profile.base_url is not None:
        return Setting(profile.base_url, profile.origin)
    return Setting(DEFAULT_BASE_URL, DEFAULT)


def _org_id(
    flags: Flags,
    environment: MutableMapping[str, str],
    profile: Profile | None,
    login: Credentials | None,
    login_origin: str,
) -> Setting[str | None]:
    if flags.org_id is not None:
        return Setting(flags.org_id or None, "--org")
    if environment.get(ORG_VARIABLE):
        return Setting(environment[ORG_VARIABLE], ORG_VARIABLE)
    if profile is not None and profile.org_id is not None:
        return Setting(profile.org_id, profile.origin)
    # Only beside its own key: the organisation of a login says nothing of another key.
    if login is not None and login.org_id is not None:
        return Setting(login.org_id, login_origin)
    return Setting(None, DEFAULT)


def _org_name(profile: Profile | None, login: Credentials | None, org_id: Setting[str | None]) -> str:
    """Return what people call the organisation, from whoever named it; a name must never stand for another one."""
    if profile is not None and profile.org_name is not None and org_id.value == profile.org_id:
        return profile.org_name
    if login is not None and login.org_name is not None and org_id.value == login.org_id:
        return login.org_name
    return ""


def is_read_only(
    flags: Flags,
    environment: MutableMapping[str, str],
    config: Config = NO_CONFIG,
    profile: Profile | None = None,
) -> Setting[bool]:
    """Return whether writing is refused.

    Any one source is enough, and a variable that makes no sense means yes: nothing undoes read-only.
    """
    said = environment.get(READ_ONLY_VARIABLE)
    sources = (
        (flags.read_only, "--read-only"),
        (said is not None and says_yes(said), READ_ONLY_VARIABLE),
        (config.read_only, config.origin),
        (profile is not None and profile.read_only, profile.origin if profile is not None else ""),
    )
    for says_so, origin in sources:
        if says_so:
            return Setting(value=True, origin=origin)
    return Setting(value=False, origin=DEFAULT)


def find_level(
    profile: Profile | None, base_url: Setting[str], org_id: Setting[str | None]
) -> Setting[Level]:
    """Return the level of the profile where it is the profile's own place that is worked on, else production."""
    if profile is None:
        return Setting(Level.PROD, DEFAULT)
    is_its_address = base_url.value == (profile.base_url or DEFAULT_BASE_URL)
    is_its_org = profile.org_id is None or profile.org_id == org_id.value
    if is_its_address and is_its_org:
        return Setting(profile.level, profile.origin)
    return Setting(Level.PROD, f"default, since this is not the place of {profile.origin}")


def _ca_file(flags: Flags, profile: Profile | None) -> Setting[str | None]:
    if flags.ca_file is not None:
        return Setting(flags.ca_file, "--ca-file")
    if profile is not None and profile.ca_file is not None:
        return Setting(profile.ca_file, profile.origin)
    return Setting(None, DEFAULT)


def _proxy(flags: Flags, profile: Profile | None) -> Setting[str | None]:
    if flags.no_proxy:
        return Setting(NO_PROXY, "--no-proxy")
    if profile is not None and profile.proxy is not None:
        return Setting(profile.proxy, profile.origin)
    return Setting(None, DEFAULT)
