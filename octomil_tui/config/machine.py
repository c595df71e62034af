"""What a settings file names on this machine: whether it is there, and fit for what it is for."""

from __future__ import annotations

import shutil
import ssl
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from octomil_tui.api.errors import KeyRefusedError
from octomil_tui.api.key import read_key_file
from octomil_tui.config.key import PROFILES
from octomil_tui.config.problem import Problem
from octomil_tui.domain.text import clean
from octomil_tui.profile import Config, Profile

_STAGING: Final = frozenset({"staging", "stage", "stg", "preprod", "uat", "qa", "test"})
_DEVELOPMENT: Final = frozenset({"dev", "development", "sandbox", "local", "localhost", "127"})


def look_around(found: Mapping[str, Any], config: Config) -> Iterator[tuple[Problem, bool]]:
    """Yield what does not fit this machine, and what may be meant otherwise; the second is true for the latter.

    Args:
        found: The file as TOML has it, for what was said and what was left out.
        config: What of it was understood.
    """
    if config.keymap is not None and not Path(config.keymap).is_file():
        yield Problem(("keymap",), _missing(config.keymap)), False
    for profile in config.profiles.values():
        place = (PROFILES, profile.name)
        for name, what in (*_files(profile), *_commands(profile)):
            yield Problem((*place, name), what), False
        if profile.api_key_command is not None and profile.api_key_file is not None:
            yield Problem((*place, "api_key_file"), "is never used: api_key_command goes before it"), True
        if "level" not in found[PROFILES][profile.name] and (level := _level_like(profile.base_url)):
            what = f'has no level, so it counts as production; if it is not, write level = "{level}"'
            yield Problem(place, what), True


def _files(profile: Profile) -> Iterator[tuple[str, str]]:
    if profile.api_key_file is not None:
        try:
            # Read as it would be read; nothing of it is kept, and it is hidden from all that is shown.
            read_key_file(profile.api_key_file)
        except KeyRefusedError as error:
            yield "api_key_file", f"cannot be used: {error.message}"
    if profile.ca_file is not None and (what := _wrong_authorities(profile.ca_file)):
        yield "ca_file", what
    if profile.keymap is not None and not Path(profile.keymap).is_file():
        yield "keymap", _missing(profile.keymap)


def _commands(profile: Profile) -> Iterator[tuple[str, str]]:
    for name, command in (("api_key_command", profile.api_key_command), ("on_event", profile.on_event)):
        if command is None or shutil.which(command[0]) is not None:
            continue
        # The first word is a program's name; what is no such thing may be a secret.
        is_path = "/" in command[0]
        hint = "it is not there, or cannot be run" if is_path else "it is not in PATH; write its whole path"
        yield name, f"names a program that cannot be found: {hint}"


def _wrong_authorities(path: str) -> str:
    if not Path(path).exists():
        return _missing(path)
    try:
        ssl.create_default_context(cafile=path)
    except (OSError, ValueError):
        return "holds no certificate that can be read; it must be PEM, with BEGIN CERTIFICATE in it"
    return ""


def _missing(path: str) -> str:
    return f"names a file that is not there: {clean(path)}"


def _level_like(base_url: str | None) -> str:
    host = (urlsplit(base_url).hostname or "") if base_url is not None else ""
    words = set(host.replace("-", ".").split("."))
    if words & _STAGING:
        return "staging"
    return "development" if words & _DEVELOPMENT or host == "::1" else ""
