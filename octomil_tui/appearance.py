"""How this console is to look, and which keys it has: what is a person's taste and no fact of a service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from octomil_tui.api.errors import ConfigurationError
from octomil_tui.domain.appearance import DEFAULT_THEME, THEMES
from octomil_tui.profile import NO_CONFIG, Config, Profile
from octomil_tui.settings import DEFAULT, Flags, Setting

THEME_VARIABLE: Final = "OCTOMIL_THEME"
KEYMAP_NAME: Final = "keymap.toml"

_NO = frozenset({"", "0", "false", "no", "off"})


@dataclass(frozen=True, slots=True)
class Appearance:
    """The four settings of a person's taste, as fields of `Settings`."""

    theme: Setting[str]
    ascii: Setting[bool]
    calm: Setting[bool]
    keymap: Setting[Path | None]

    def as_settings(self) -> dict[str, Any]:
        """Return the fields of `Settings` that say the same."""
        return {one.name: getattr(self, one.name) for one in fields(self)}


def says_yes(said: str) -> bool:
    """Return whether the value of a variable means yes: anything but empty, 0, false, no and off."""
    return said.strip().casefold() not in _NO


def find_appearance(
    flags: Flags,
    environment: Mapping[str, str],
    config: Config = NO_CONFIG,
    profile: Profile | None = None,
    usual_config: Path | None = None,
) -> Appearance:
    """Return flag before variable before profile before file before default, each with its origin.

    Args:
        flags: The command line.
        environment: The variables.
        config: The settings file.
        profile: The profile in use.
        usual_config: Where the settings file would be, for the keymap beside it.

    Raises:
        ConfigurationError: A variable names no theme.
    """
    directory = (config.path or usual_config or Path()).absolute().parent
    beside = directory / KEYMAP_NAME if config.path or usual_config else None
    keymap = _told("keymap", config, profile)
    return Appearance(
        theme=_theme(flags, environment, config, profile),
        ascii=_switch("ascii", "--ascii" if flags.ascii else "", environment, config, profile),
        calm=_switch("calm", "--calm" if flags.calm else "", environment, config, profile),
        keymap=Setting(Path(keymap.value), keymap.origin) if keymap else Setting(beside, DEFAULT),
    )


def _theme(
    flags: Flags, environment: Mapping[str, str], config: Config, profile: Profile | None
) -> Setting[str]:
    if flags.theme is not None:
        return Setting(flags.theme, "--theme")
    if said := environment.get(THEME_VARIABLE):
        if said not in THEMES:
            raise ConfigurationError(f"{THEME_VARIABLE} names no theme; there are {', '.join(THEMES)}")
        return Setting(said, THEME_VARIABLE)
    return _told("theme", config, profile) or Setting(DEFAULT_THEME, DEFAULT)


def _switch(
    name: str, flag: str, environment: Mapping[str, str], config: Config, profile: Profile | None
) -> Setting[bool]:
    variable = f"OCTOMIL_{name.upper()}"
    if flag:
        return Setting(value=True, origin=flag)
    if variable in environment:
        return Setting(says_yes(environment[variable]), variable)
    told: Setting[bool] | None = _told(name, config, profile)
    return told or Setting(value=False, origin=DEFAULT)


def _told(name: str, config: Config, profile: Profile | None) -> Setting[Any] | None:
    """Return what the profile says, or the file for all of its profiles."""
    for teller in (profile, config):
        if teller is not None and (value := getattr(teller, name)) is not None:
            return Setting(value, teller.origin)
    return None
