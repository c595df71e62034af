"""The places that one process can go to, one after the other: the one it was started for, and the other profiles."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from octomil_tui.api.address import DEFAULT_BASE_URL, parse_address
from octomil_tui.api.errors import ConfigurationError
from octomil_tui.api.key import ApiKey
from octomil_tui.config.reader import read_config
from octomil_tui.domain.text import clean
from octomil_tui.profile import Config, Profile, listed
from octomil_tui.resolve import ADDRESS_VARIABLES, ORG_VARIABLE, named_config, resolve
from octomil_tui.settings import KEY_VARIABLE, Files, Flags, Settings

if TYPE_CHECKING:
    from octomil_tui.ui.switching import KnownProfile

_OF_A_PLACE: Final = frozenset({*ADDRESS_VARIABLES, ORG_VARIABLE})
"""Variables that say where this process was to go, and with them the key."""


class Places:
    """The other profiles, for a console that was started with one place.

    What was given to the process is of two kinds. An address, an organisation,
    a key and authorities, by flag or variable, belong to the place that the
    process was started for: with another profile they would send its key to
    the wrong service, or the wrong key to its service, so they are left out
    there, and hold again whenever that place is come back to. The key of the
    environment, too: it was taken out of there and is kept for that place.
    Everything else, read-only before all, holds wherever the process goes.

    Args:
        flags: The command line.
        environment: The variables, without the key.
        files: The usual places of files.
        first: What the process was started for.
        validate: Raises what keeps a console from beginning with settings.
    """

    def __init__(
        self,
        flags: Flags,
        environment: Mapping[str, str],
        files: Files,
        first: Settings,
        *,
        validate: Callable[[Settings], object],
    ) -> None:
        self._flags, self._files, self._first, self._validate = flags, files, first, validate
        self._environment = dict(environment)
        is_given = first.api_key.origin == KEY_VARIABLE
        self._kept: ApiKey | None = first.api_key.value if is_given else None
        self._known: Sequence[KnownProfile] = ()
        self._next: Settings | None = None

    def known(self) -> Sequence[KnownProfile]:
        """Return the profiles of the settings file as it is now; as it was where it cannot be read any more."""
        from octomil_tui.ui.switching import KnownProfile  # noqa: PLC0415 - loaded by whoever asks

        try:
            profiles = self._config().profiles.values()
        except ConfigurationError:
            return self._known
        self._known = [KnownProfile(one.name, one.level.value, _host(one)) for one in profiles]
        return self._known

    def open(self, name: str) -> Callable[[], None]:
        """Return what makes the next run begin with a profile; reads its key, which may take seconds.

        Raises:
            OctomilError: There is no such profile, or a console could not begin with it.
        """
        config = self._config()
        if name not in config.profiles:
            there = (
                f"there are {listed(config.profiles)}" if config.profiles else "the settings file names none"
            )
            raise ConfigurationError(f"there is no profile {clean(name, 40)}; {there}")
        settings = self._settings(name)
        self._validate(settings)
        _require_authorities(settings)

        def go() -> None:
            self._next = settings

        return go

    def take_next(self) -> Settings | None:
        """Return what the next run is to begin with, once; None where there is to be none."""
        following, self._next = self._next, None
        return following

    def _settings(self, name: str) -> Settings:
        if name == self._first.profile.value:
            return resolve(
                replace(self._flags, profile=name), dict(self._environment), self._files, self._kept
            )
        flags = replace(
            self._flags,
            profile=name,
            base_url=None,
            org_id=None,
            api_key_file=None,
            api_key_stdin=False,
            ca_file=None,
        )
        elsewhere = {key: value for key, value in self._environment.items() if key not in _OF_A_PLACE}
        return resolve(flags, elsewhere, self._files)

    def _config(self) -> Config:
        named, _ = named_config(self._flags, self._environment)
        if named is not None:
            return read_config(named, is_named=True)
        return read_config(self._files.config, is_named=False) if self._files.config is not None else Config()


def _host(profile: Profile) -> str:
    return parse_address(profile.base_url or DEFAULT_BASE_URL).netloc


def _require_authorities(settings: Settings) -> None:
    """Refuse authorities that cannot be read, which would otherwise end the console that begins with them.

    Raises:
        ConfigurationError: They cannot be read.
    """
    if settings.ca_file.value is not None:
        from octomil_tui.api.network import tls_context  # noqa: PLC0415 - only where it is needed

        tls_context(parse_address(settings.base_url.value), settings.ca_file.value)
