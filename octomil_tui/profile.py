"""The settings file: named profiles in TOML, read strictly and never written.

A file that is not understood whole is refused with one sentence: a setting that
is silently ignored may be the one that says read-only. No value of the file is
ever repeated, since it may be a key that was put in the wrong place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from octomil_tui.api.address import parse_address
from octomil_tui.api.errors import ConfigurationError, OctomilError
from octomil_tui.api.proxy import parse_proxy
from octomil_tui.domain.text import clean
from octomil_tui.own_file import read_own

NO_PROXY: Final = "none"
"""The value of `proxy` that means to use none."""

_WHERE = re.compile(r"\(at (line \d+, column \d+|end of document)\)")
_LITERAL_KEYS = frozenset({"api_key", "key", "token", "password", "secret"})


class Level(StrEnum):
    """How much harm a mistake does; shown as the first word of every screen."""

    PROD = "PROD"
    STAGING = "STAG"
    DEVELOPMENT = "DEV"
    DEMO = "DEMO"

    @property
    def is_guarded(self) -> bool:
        """Whether a mistake costs something: production, and the demo that teaches it."""
        return self in (Level.PROD, Level.DEMO)


LEVELS: Final = {"production": Level.PROD, "staging": Level.STAGING, "development": Level.DEVELOPMENT}
"""What a profile may say, and what it means."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One profile; None is nothing said. Paths are absolute."""

    name: str
    base_url: str | None = None
    org_id: str | None = None
    org_name: str | None = None
    api_key_command: tuple[str, ...] | None = field(default=None, repr=False)
    api_key_file: str | None = None
    read_only: bool = False
    level: Level = Level.PROD
    ca_file: str | None = None
    proxy: str | None = field(default=None, repr=False)
    """`none`, or the URL of one, which may hold a password."""
    on_event: tuple[str, ...] | None = field(default=None, repr=False)
    """The command that is told of what becomes of rollbacks."""


@dataclass(frozen=True, slots=True)
class Config:
    """A settings file that was understood."""

    path: Path | None = None
    """None where there is no file."""
    read_only: bool = False
    default_profile: str | None = None
    profiles: Mapping[str, Profile] = field(default_factory=dict)


NO_CONFIG = Config()


def read_config(path: Path, *, is_named: bool) -> Config:
    """Return the settings file at `path`.

    Args:
        path: Where it is; may be a symbolic link.
        is_named: Whether somebody named it; the usual place may be empty.

    Raises:
        ConfigurationError: It is named and missing, no regular file, over 64 KiB, another user's, writable
            by others, no TOML, or says something that is not known; the sentence names the file and the key.
    """
    shown = clean(str(path))
    text = read_own(path, f"the settings file {shown}", is_named=is_named)
    if text is None:
        return NO_CONFIG
    import tomllib  # noqa: PLC0415 - most have no such file

    try:
        found = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        where = _WHERE.search(str(error))
        at = f" ({where[1]})" if where else ""
        # Outside the handler's chain: the exception of the library may quote the file.
        problem = f"{shown} is not TOML{at}"
    else:
        return _Table(found, shown).config(path)
    raise ConfigurationError(problem)


class _Table:
    """One table of the file, read key by key.

    Args:
        found: What TOML made of it.
        place: The file and the table, safe to show.
    """

    def __init__(self, found: Mapping[str, Any], place: str) -> None:
        self._found = found
        self._place = place

    def config(self, path: Path) -> Config:
        """Return the whole file."""
        self._only("default_profile", "profiles", "read_only")
        profiles = self._found.get("profiles", {})
        if not isinstance(profiles, dict) or not all(isinstance(one, dict) for one in profiles.values()):
            raise self._wrong("profiles", "tables such as [profiles.staging]")
        known = {
            name: _Table(table, f"profile {clean(name)} of {self._place}").profile(
                name, path.absolute().parent
            )
            for name, table in profiles.items()
        }
        default = self._text("default_profile")
        if default is not None and default not in known:
            raise self._wrong("default_profile", f"the name of a profile that is there: {_listed(known)}")
        return Config(path, self._flag("read_only"), default, known)

    def profile(self, name: str, directory: Path) -> Profile:
        """Return one profile; paths that are not absolute begin in `directory`."""
        self._only(*(one for one in Profile.__slots__ if one != "name"))
        level = self._text("level") or "production"
        if level not in LEVELS:
            raise self._wrong("level", "one of " + ", ".join(f'"{one}"' for one in LEVELS))
        base_url, proxy = self._text("base_url"), self._text("proxy")
        if base_url is not None:
            self._check("base_url", "an address such as https://host/v1", lambda: parse_address(base_url))
        if proxy not in (None, NO_PROXY):
            url = proxy or ""
            self._check("proxy", f'"{NO_PROXY}" or the URL of an http proxy', lambda: parse_proxy(url, "it"))
        return Profile(
            name=name,
            base_url=base_url,
            org_id=self._text("org_id"),
            org_name=self._text("org_name"),
            api_key_command=self._command("api_key_command"),
            api_key_file=self._path("api_key_file", directory),
            read_only=self._flag("read_only"),
            level=LEVELS[level],
            ca_file=self._path("ca_file", directory),
            proxy=proxy,
            on_event=self._command("on_event"),
        )

    def _only(self, *allowed: str) -> None:
        for name in self._found:
            if name in allowed:
                continue
            if name.casefold() in _LITERAL_KEYS:
                raise ConfigurationError(
                    f"{self._place}: {clean(name)} must not be in this file; name api_key_command or api_key_file"
                )
            # Names are shown short: something that is no name may have been put in its place.
            raise ConfigurationError(
                f"{self._place}: {clean(name, 40)} is not known; allowed are {', '.join(sorted(allowed))}"
            )

    def _text(self, name: str) -> str | None:
        value = self._found.get(name)
        if value is None or (isinstance(value, str) and value and value.isprintable()):
            return value
        raise self._wrong(name, "text in quotes, not empty")

    def _flag(self, name: str) -> bool:
        value = self._found.get(name, False)
        if isinstance(value, bool):
            return value
        raise self._wrong(name, "true or false")

    def _command(self, name: str) -> tuple[str, ...] | None:
        value = self._found.get(name)
        if value is None:
            return None
        is_list = isinstance(value, list) and bool(value)
        if is_list and all(isinstance(one, str) and "\0" not in one for one in value) and value[0]:
            return tuple(value)
        raise self._wrong(name, 'a list of texts such as ["keyring", "get", "octomil", "me"]')

    def _path(self, name: str, directory: Path) -> str | None:
        value = self._text(name)
        try:
            return None if value is None else str(directory / Path(value).expanduser())
        except RuntimeError:
            raise self._wrong(name, "a path; there is no such home directory") from None

    def _check(self, name: str, allowed: str, parse: Callable[[], object]) -> None:
        try:
            parse()
        except OctomilError:
            raise self._wrong(name, allowed) from None

    def _wrong(self, name: str, allowed: str) -> ConfigurationError:
        return ConfigurationError(f"{self._place}: {name} must be {allowed}")


def choose(config: Config, name: str | None, origin: str) -> Profile | None:
    """Return the profile of that name, or the default one; None where there is neither.

    Args:
        config: The settings file.
        name: What was asked for, or None.
        origin: Where it was asked for.

    Raises:
        ConfigurationError: There is no such profile.
    """
    if name is None:
        return config.profiles[config.default_profile] if config.default_profile is not None else None
    if name not in config.profiles:
        place = clean(str(config.path)) if config.path is not None else "there is no settings file"
        listed = f"{place} has {_listed(config.profiles)}" if config.path is not None else place
        raise ConfigurationError(f"{clean(origin)}: there is no profile {clean(name, 40)}; {listed}")
    return config.profiles[name]


def _listed(profiles: Mapping[str, Profile]) -> str:
    return ", ".join(clean(name, 40) for name in profiles) or "none"
