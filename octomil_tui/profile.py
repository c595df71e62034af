"""Named profiles: one place each, and how to get there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

from octomil_tui.api.errors import ConfigurationError
from octomil_tui.domain.text import clean

NO_PROXY: Final = "none"
"""The value of `proxy` that means to use none."""

_NAME_LIMIT = 40


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
    notify: bool = False
    """Whether the desktop is told of what the terminal rings for."""
    theme: str | None = None
    ascii: bool | None = None
    calm: bool | None = None
    keymap: str | None = None

    @property
    def origin(self) -> str:
        """Where its values are from; safe to show."""
        return f"profile {clean(self.name)}"


@dataclass(frozen=True, slots=True)
class Config:
    """A settings file that was understood."""

    path: Path | None = None
    """None where there is no file."""
    read_only: bool = False
    default_profile: str | None = None
    profiles: Mapping[str, Profile] = field(default_factory=dict)
    theme: str | None = None
    """This, and the next three, for every profile that does not say it."""
    ascii: bool | None = None
    calm: bool | None = None
    keymap: str | None = None

    @property
    def origin(self) -> str:
        """Where its values are from; safe to show."""
        return clean(str(self.path))


NO_CONFIG = Config()


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
        place = config.origin if config.path is not None else "there is no settings file"
        known = f"{place} has {listed(config.profiles)}" if config.path is not None else place
        raise ConfigurationError(f"{clean(origin)}: there is no profile {clean(name, _NAME_LIMIT)}; {known}")
    return config.profiles[name]


def listed(names: Iterable[str]) -> str:
    """Return names for a sentence, safe to show; `none` for none."""
    return ", ".join(clean(name, _NAME_LIMIT) for name in names) or "none"
