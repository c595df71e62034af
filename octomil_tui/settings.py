"""What this run is told, as values: each with where it came from. `resolve.py` finds them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Generic, TypeVar

from octomil_tui.api.key import ApiKey
from octomil_tui.api.key_source import KeySource
from octomil_tui.domain.appearance import DEFAULT_THEME
from octomil_tui.profile import NO_PROXY, Level

__all__ = ["DEFAULT", "KEY_VARIABLE", "NO_FILES", "Files", "Flags", "Level", "Setting", "Settings"]

T_co = TypeVar("T_co", covariant=True)

KEY_VARIABLE: Final = "OCTOMIL_API_KEY"
DEFAULT: Final = "default"
"""The origin of what nobody said."""


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
    theme: str | None = None
    ascii: bool = False
    calm: bool = False


@dataclass(frozen=True, slots=True)
class Files:
    """The usual places of files that nobody named; None where they do not count."""

    config: Path | None = None
    credentials: Path | None = None
    """The service's own command line keeps its key there."""


NO_FILES: Final = Files()


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

    theme: Setting[str] = Setting(DEFAULT_THEME, DEFAULT)
    """A name of `appearance.THEMES`."""
    ascii: Setting[bool] = Setting(value=False, origin=DEFAULT)
    """Whether only ASCII characters are drawn, whatever the terminal can do."""
    calm: Setting[bool] = Setting(value=False, origin=DEFAULT)
    """Whether nothing moves or blinks that need not."""
    keymap: Setting[Path | None] = Setting(None, DEFAULT)
    """The file with a person's own keys. One that nobody named (its origin is the default) need not be there."""

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
