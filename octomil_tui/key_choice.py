"""Which source the key of this run comes from."""

from __future__ import annotations

import os.path
from collections.abc import MutableMapping
from dataclasses import dataclass

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
from octomil_tui.profile import Profile
from octomil_tui.settings import DEFAULT, KEY_VARIABLE, Files, Flags, Setting


@dataclass(frozen=True, slots=True)
class FoundKey:
    """A key, and all that comes with it."""

    setting: Setting[ApiKey | None]
    source: KeySource | None = None
    """Where it can be read again."""
    login: Credentials | None = None
    """What else the file says that it came from."""


NO_KEY = FoundKey(Setting(None, DEFAULT))


def take_key(environment: MutableMapping[str, str]) -> str | None:
    """Take the key out of the environment, so that no child process gets it, and return it."""
    return environment.pop(KEY_VARIABLE, None)


def find_key(
    flags: Flags,
    environment: MutableMapping[str, str],
    profile: Profile | None,
    files: Files,
    given: str | ApiKey | None,
) -> FoundKey:
    """Return the key of the first source that is named.

    A source that is named and fails ends the search: the next one may hold
    another organisation's key.

    Args:
        flags: The command line.
        environment: What a command that writes the key may see; the key itself is out of it.
        profile: The profile in use.
        files: The usual places.
        given: What `take_key` took, now or when this process began.

    Raises:
        ConfigurationError: Flags name two keys.
        KeyRefusedError: The key, or where it is to come from, cannot be used.
    """
    if flags.api_key_file is not None and flags.api_key_stdin:
        raise ConfigurationError("--api-key-file and --api-key-stdin name two keys; give one of them")
    source: KeySource
    if flags.api_key_file is not None:
        source, origin = KeyFile(flags.api_key_file), "--api-key-file"
    elif flags.api_key_stdin:
        source, origin = GivenKey(read_key_stdin()), "--api-key-stdin"
    elif given:
        key = given if isinstance(given, ApiKey) else parse_key(given, KEY_VARIABLE)
        source, origin = GivenKey(key), KEY_VARIABLE
    elif profile is not None and profile.api_key_command is not None:
        origin = f"{profile.origin}: api_key_command"
        source = KeyCommand(profile.api_key_command, tuple(environment.items()), origin)
    elif profile is not None and profile.api_key_file is not None:
        source, origin = KeyFile(profile.api_key_file), f"{profile.origin}: api_key_file"
    elif files.credentials is not None and os.path.lexists(files.credentials):
        login = read_credentials(files.credentials)
        origin = clean(str(files.credentials))
        return FoundKey(Setting(login.key, origin), CredentialsFile(files.credentials), login)
    else:
        return NO_KEY
    return FoundKey(Setting(source.read(), origin), source)
