"""What this run is told: flag before environment before profile before default, each value with its origin."""

from __future__ import annotations

import os.path
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from octomil_tui.api.address import DEFAULT_BASE_URL
from octomil_tui.api.credentials import Credentials, read_credentials
from octomil_tui.api.errors import ConfigurationError
from octomil_tui.api.key import ApiKey, parse_key
from octomil_tui.api.key_source import (
    CredentialsFile,
    GivenKey,
    KeyCommand,
    KeyFile,
    KeySource,
    read_key_stdin,
)
from octomil_tui.domain.text import clean
from octomil_tui.profile import NO_CONFIG, NO_PROXY, Config, Level, Profile, choose, read_config

__all__ = ["KEY_VARIABLE", "Files", "Flags", "Level", "Setting", "Settings", "is_read_only", "resolve"]

T_co = TypeVar("T_co", covariant=True)

KEY_VARIABLE = "OCTOMIL_API_KEY"
ORG_VARIABLE = "OCTOMIL_ORG_ID"
READ_ONLY_VARIABLE = "OCTOMIL_READ_ONLY"
CONFIG_VARIABLE = "OCTOMIL_CONFIG"
PROFILE_VARIABLE = "OCTOMIL_PROFILE"
ADDRESS_VARIABLES = ("OCTOMIL_API_URL", "OCTOMIL_API_BASE")
"""The first that is set counts."""

DEFAULT = "default"
_NO = frozenset({"", "0", "false", "no", "off"})


@dataclass(frozen=True, slots=True)
class Setting(Generic[T_co]):
    """One value, and where it came from: a flag, a variable, a profile, a file, or the default."""

    value: T_co
    origin: str
    """Safe to show."""


@dataclass(frozen=True, slots=True)
class Flags:
    """What the command line said; None is nothing."""

    base_url: str | None = None
    org_id: str | None = None
    api_key_file: str | None = None
    api_key_stdin: bool = False
    read_only: bool = False
    config: str | None = None
    profile: str | None = None
    ca_file: str | None = None
    no_proxy: bool = False
    request_log: str | None = None
    on_event: tuple[str, ...] | None = None
    notify: bool = False


@dataclass(frozen=True, slots=True)
class Files:
    """The usual places of files that nobody named; None where they do not count."""

    config: Path | None = None
    credentials: Path | None = None
    """The service's own command line keeps its key there."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What this run is told, as a whole; it never changes."""

    base_url: Setting[str]
    org_id: Setting[str | None]
    api_key: Setting[ApiKey | None]
    """None where no source names one: commands that talk to the service refuse then."""
    read_only: Setting[bool]
    level: Level = Level.PROD
    org_name: str = ""
    """What people call the organisation, where it is known; raw."""
    key_source: KeySource | None = field(default=None, repr=False)
    """Where the key can be read again."""
    profile: Setting[str | None] = Setting(None, DEFAULT)
    config: Setting[Path | None] = Setting(None, DEFAULT)
    """The settings file that was read; None where there is none."""
    ca_file: Setting[str | None] = Setting(None, DEFAULT)
    """The authorities to trust instead of the system's."""
    proxy: Setting[str | None] = field(default=Setting(None, DEFAULT), repr=False)
    """`none`, or the URL of one, which may hold a password; None is what the environment names."""
    request_log: Path | None = None
    """Where every request is written down for scripts; None for nowhere."""
    on_event: tuple[str, ...] | None = field(default=None, repr=False)
    """The command that is told of what becomes of rollbacks; None for none."""
    notify: bool = False
    """Whether the desktop is told of what the terminal rings for."""

    @property
    def org_label(self) -> str:
        """The organisation as it is shown; empty where nothing names one."""
        return self.org_name or self.org_id.value or ""

    @property
    def uses_proxy(self) -> bool:
        """Whether a proxy is used where one is named."""
        return self.proxy.value != NO_PROXY

    @property
    def proxy_url(self) -> str | None:
        """The proxy that the settings name themselves; None leaves it to the environment."""
        return self.proxy.value if self.uses_proxy else None


def resolve(flags: Flags, environment: MutableMapping[str, str], files: Files = Files()) -> Settings:
    """Return the settings of this run.

    The key is taken out of the environment, so that no child process gets it,
    also where another source goes before it. A source that is named and fails
    ends the search: the next one may hold another organisation's key.

    Raises:
        ConfigurationError: The settings file or the profile cannot be used, or flags contradict each other.
        KeyRefusedError: The key, or where it is to come from, cannot be used.
    """
    given = environment.pop(KEY_VARIABLE, None)
    config, config_origin = _config(flags, environment, files)
    profile, profile_origin = _profile(flags, environment, config)
    base_url = _base_url(flags, environment, profile)
    key, source, login = _api_key(flags, environment, profile, files, given)
    org_id = _org_id(flags, environment, profile, login, key.origin)
    return Settings(
        base_url=base_url,
        org_id=org_id,
        api_key=key,
        read_only=is_read_only(flags, environment, config, profile),
        level=_level(profile, base_url, org_id),
        org_name=_org_name(profile, login, org_id),
        key_source=source,
        profile=Setting(profile.name if profile else None, profile_origin),
        config=Setting(config.path, config_origin),
        request_log=Path(flags.request_log) if flags.request_log else None,
        on_event=flags.on_event or (profile.on_event if profile is not None else None),
        notify=flags.notify or (profile is not None and profile.notify),
        ca_file=_ca_file(flags, profile),
        proxy=_proxy(flags, profile),
    )


def _config(flags: Flags, environment: MutableMapping[str, str], files: Files) -> tuple[Config, str]:
    for named, origin in ((flags.config, "--config"), (environment.get(CONFIG_VARIABLE), CONFIG_VARIABLE)):
        if named:
            return read_config(Path(named), is_named=True), origin
    if flags.config is not None:
        raise ConfigurationError("--config needs the path of a file")
    return (read_config(files.config, is_named=False) if files.config is not None else NO_CONFIG), DEFAULT


def _profile(
    flags: Flags, environment: MutableMapping[str, str], config: Config
) -> tuple[Profile | None, str]:
    if flags.profile is not None:
        return choose(config, flags.profile, "--profile"), "--profile"
    if environment.get(PROFILE_VARIABLE):
        return choose(config, environment[PROFILE_VARIABLE], PROFILE_VARIABLE), PROFILE_VARIABLE
    profile = choose(config, None, DEFAULT)
    return profile, f"default_profile of {clean(str(config.path))}" if profile else DEFAULT


def _of(profile: Profile) -> str:
    """Return the origin of a profile's values."""
    return f"profile {clean(profile.name)}"


def _base_url(flags: Flags, environment: MutableMapping[str, str], profile: Profile | None) -> Setting[str]:
    if flags.base_url is not None:
        return Setting(flags.base_url, "--base-url")
    for name in ADDRESS_VARIABLES:
        if environment.get(name):
            return Setting(environment[name], name)
    if profile is not None and profile.base_url is not None:
        return Setting(profile.base_url, _of(profile))
    return Setting(DEFAULT_BASE_URL, DEFAULT)


def _api_key(
    flags: Flags,
    environment: MutableMapping[str, str],
    profile: Profile | None,
    files: Files,
    given: str | None,
) -> tuple[Setting[ApiKey | None], KeySource | None, Credentials | None]:
    """Return the key, where it can be read again, and what else the file says that it came from."""
    if flags.api_key_file is not None and flags.api_key_stdin:
        raise ConfigurationError("--api-key-file and --api-key-stdin name two keys; give one of them")
    source: KeySource
    if flags.api_key_file is not None:
        source, origin = KeyFile(flags.api_key_file), "--api-key-file"
    elif flags.api_key_stdin:
        source, origin = GivenKey(read_key_stdin()), "--api-key-stdin"
    elif given:
        source, origin = GivenKey(parse_key(given, KEY_VARIABLE)), KEY_VARIABLE
    elif profile is not None and profile.api_key_command is not None:
        origin = f"{_of(profile)}: api_key_command"
        source = KeyCommand(profile.api_key_command, tuple(environment.items()), origin)
    elif profile is not None and profile.api_key_file is not None:
        source, origin = KeyFile(profile.api_key_file), f"{_of(profile)}: api_key_file"
    elif files.credentials is not None and os.path.lexists(files.credentials):
        login = read_credentials(files.credentials)
        origin = clean(str(files.credentials))
        return Setting(login.key, origin), CredentialsFile(files.credentials), login
    else:
        return Setting(None, DEFAULT), None, None
    return Setting(source.read(), origin), source, None


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
        return Setting(profile.org_id, _of(profile))
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
        (said is not None and said.strip().casefold() not in _NO, READ_ONLY_VARIABLE),
        (config.read_only, clean(str(config.path))),
        (profile is not None and profile.read_only, _of(profile) if profile is not None else ""),
    )
    for says_so, origin in sources:
        if says_so:
            return Setting(value=True, origin=origin)
    return Setting(value=False, origin=DEFAULT)


def _level(profile: Profile | None, base_url: Setting[str], org_id: Setting[str | None]) -> Level:
    """Return the level of the profile where it is the profile's own place that is worked on, else production."""
    if profile is None:
        return Level.PROD
    is_its_address = base_url.value == (profile.base_url or DEFAULT_BASE_URL)
    is_its_org = profile.org_id is None or profile.org_id == org_id.value
    return profile.level if is_its_address and is_its_org else Level.PROD


def _ca_file(flags: Flags, profile: Profile | None) -> Setting[str | None]:
    if flags.ca_file is not None:
        return Setting(flags.ca_file, "--ca-file")
    if profile is not None and profile.ca_file is not None:
        return Setting(profile.ca_file, _of(profile))
    return Setting(None, DEFAULT)


def _proxy(flags: Flags, profile: Profile | None) -> Setting[str | None]:
    if flags.no_proxy:
        return Setting(NO_PROXY, "--no-proxy")
    if profile is not None and profile.proxy is not None:
        return Setting(profile.proxy, _of(profile))
    return Setting(None, DEFAULT)
