"""From the parsed command line to the settings."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

import platformdirs

from octomil_tui.api.errors import ConfigurationError, KeyRefusedError
from octomil_tui.api.key import ApiKey
from octomil_tui.appearance import find_appearance
from octomil_tui.cli.via import proxy_host
from octomil_tui.resolve import Ground, find_ground, is_read_only, resolve
from octomil_tui.settings import KEY_VARIABLE, Files, Flags, Setting, Settings


def settings_of(arguments: argparse.Namespace, *, is_drawn: bool = False) -> Settings:
    """Return the settings from the command line, the environment, and the files in their usual places.

    Args:
        arguments: The command line; its `note` writes a line beside the result.
        is_drawn: Whether a screen says which proxy is used; else a note does.

    Raises:
        ConfigurationError: The settings file, a profile, a flag or the proxy cannot be used.
        AddressError: The base address cannot be used.
        KeyRefusedError: The key cannot be used.
    """
    settings = resolve(flags_of(arguments), os.environ, usual_files())
    if not is_drawn and (via := proxy_host(settings)):
        arguments.note(f"via proxy {via}")
    return settings


def key_of(settings: Settings) -> ApiKey:
    """Return the key.

    Raises:
        KeyRefusedError: No source names one.
    """
    if settings.api_key.value is None:
        raise KeyRefusedError(
            f"no API key: set {KEY_VARIABLE}, name a file with --api-key-file, or a profile that has one"
        )
    return settings.api_key.value


def read_only_of(arguments: argparse.Namespace) -> Setting[bool]:
    """Return whether a command that needs no settings may write: the demo, which touches nothing real."""
    return is_read_only(flags_of(arguments), os.environ)


def look_settings(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the fields of `Settings` that say how a console looks, for the demo, which is no place of a profile.

    Raises:
        ConfigurationError: A variable names no theme.
    """
    flags, files = flags_of(arguments), usual_files()
    try:
        ground = find_ground(flags, os.environ, files)
    except ConfigurationError:
        # Practising must be possible with a settings file that is not.
        ground = Ground()
    look = find_appearance(flags, os.environ, ground.config, ground.profile, files.config)
    return look.as_settings()


def flags_of(arguments: argparse.Namespace) -> Flags:
    """Return what the command line said.

    A flag that was not given has no attribute, so that it can stand before and
    after the command without one place undoing the other.
    """
    return Flags(
        base_url=getattr(arguments, "base_url", None),
        org_id=getattr(arguments, "org", None),
        api_key_file=getattr(arguments, "api_key_file", None),
        api_key_stdin=getattr(arguments, "api_key_stdin", False),
        read_only=getattr(arguments, "read_only", False),
        config=getattr(arguments, "config", None),
        profile=getattr(arguments, "profile", None),
        ca_file=getattr(arguments, "ca_file", None),
        no_proxy=getattr(arguments, "no_proxy", False),
        request_log=getattr(arguments, "request_log", None),
        on_event=getattr(arguments, "on_event", None),
        theme=getattr(arguments, "theme", None),
        ascii=getattr(arguments, "ascii", False),
        calm=getattr(arguments, "calm", False),
        notify=getattr(arguments, "notify", False),
    )


def usual_files() -> Files:
    """Return where the settings file and the key of the service's own command line are, if they are."""
    try:
        home = Path.home()
    except RuntimeError:  # an account without a home directory has neither
        return Files()
    return Files(
        config=platformdirs.user_config_path("octomil-console") / "config.toml",
        credentials=home / ".octomil" / "credentials",
    )
