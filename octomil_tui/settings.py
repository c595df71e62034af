"""What this run is told: flag before environment before default, each value with where it came from."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from octomil_tui.api.address import DEFAULT_BASE_URL
from octomil_tui.api.key import ApiKey, parse_key, read_key_file

T_co = TypeVar("T_co", covariant=True)

KEY_VARIABLE = "OCTOMIL_API_KEY"
ORG_VARIABLE = "OCTOMIL_ORG_ID"
READ_ONLY_VARIABLE = "OCTOMIL_READ_ONLY"
ADDRESS_VARIABLES = ("OCTOMIL_API_URL", "OCTOMIL_API_BASE")
"""The first that is set counts."""

DEFAULT = "default"
_NO = frozenset({"", "0", "false", "no", "off"})


class Level(StrEnum):
    """How much harm a mistake does; shown as the first word of every screen."""

    PROD = "PROD"
    DEMO = "DEMO"


@dataclass(frozen=True, slots=True)
class Setting(Generic[T_co]):
    """One value, and where it came from: a flag, a variable, or the default."""

    value: T_co
    origin: str


@dataclass(frozen=True, slots=True)
class Flags:
    """What the command line said; None is nothing."""

    base_url: str | None = None
    org_id: str | None = None
    api_key_file: str | None = None
    read_only: bool = False


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
    """What people call the organisation, where it is known."""

    @property
    def org_label(self) -> str:
        """The organisation as it is shown; empty where nothing names one."""
        return self.org_name or self.org_id.value or ""


def resolve(flags: Flags, environment: MutableMapping[str, str]) -> Settings:
    """Return the settings of this run.

    The key is taken out of the environment, so that no child process gets it,
    also where a file is named that goes before it.

    Raises:
        KeyRefusedError: The key, or the file that is named for it, cannot be used.
    """
    given = environment.pop(KEY_VARIABLE, None)
    return Settings(
        base_url=_base_url(flags, environment),
        org_id=_org_id(flags, environment),
        api_key=_api_key(flags, given),
        read_only=_read_only(flags, environment),
    )


def _base_url(flags: Flags, environment: MutableMapping[str, str]) -> Setting[str]:
    if flags.base_url is not None:
        return Setting(flags.base_url, "--base-url")
    for name in ADDRESS_VARIABLES:
        if environment.get(name):
            return Setting(environment[name], name)
    return Setting(DEFAULT_BASE_URL, DEFAULT)


def _org_id(flags: Flags, environment: MutableMapping[str, str]) -> Setting[str | None]:
    if flags.org_id is not None:
        return Setting(flags.org_id or None, "--org")
    if environment.get(ORG_VARIABLE):
        return Setting(environment[ORG_VARIABLE], ORG_VARIABLE)
    return Setting(None, DEFAULT)


def _api_key(flags: Flags, given: str | None) -> Setting[ApiKey | None]:
    if flags.api_key_file is not None:
        return Setting(read_key_file(flags.api_key_file), "--api-key-file")
    if given:
        return Setting(parse_key(given, KEY_VARIABLE), KEY_VARIABLE)
    return Setting(None, DEFAULT)


def _read_only(flags: Flags, environment: MutableMapping[str, str]) -> Setting[bool]:
    """Any one source is enough, and a value that makes no sense means yes: nothing undoes read-only."""
    if flags.read_only:
        return Setting(value=True, origin="--read-only")
    said = environment.get(READ_ONLY_VARIABLE)
    if said is not None and said.strip().casefold() not in _NO:
        return Setting(value=True, origin=READ_ONLY_VARIABLE)
    return Setting(value=False, origin=DEFAULT)
