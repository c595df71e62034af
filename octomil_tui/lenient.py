"""Settings for showing, also where some of them cannot be used."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from dataclasses import replace
from typing import TypeVar

from octomil_tui.api.address import parse_address
from octomil_tui.api.auth import require_fitting
from octomil_tui.api.errors import ConfigurationError
from octomil_tui.appearance import THEME_VARIABLE, find_appearance
from octomil_tui.config.finding import Checked
from octomil_tui.key_choice import NO_KEY, find_key, take_key
from octomil_tui.profile import Profile
from octomil_tui.resolve import Ground, find_profile, named_config, settle
from octomil_tui.settings import DEFAULT, Files, Flags, Settings

T = TypeVar("T")


def resolve_leniently(
    flags: Flags, environment: MutableMapping[str, str], files: Files, checked: Checked
) -> tuple[Settings, list[str]]:
    """Return the settings, and a sentence for each that cannot be used; the default stands in its place.

    Nothing may be asked of a service with these: they are for showing.

    Args:
        flags: The command line.
        environment: The variables; the key is taken out.
        files: The usual places.
        checked: The settings file, whatever is wrong with it.

    Raises:
        ConfigurationError: `--config` names nothing.
    """
    given = take_key(environment)
    refusals: list[str] = []

    def told(ask: Callable[[], T], instead: T) -> T:
        try:
            return ask()
        except ConfigurationError as error:
            refusals.append(error.message)
            return instead

    _, origin = named_config(flags, environment)
    config = checked.config
    if checked.problems and config.default_profile not in config.profiles:
        config = replace(config, default_profile=None)  # the check has said that it is not there
    nobody: tuple[Profile | None, str] = (None, DEFAULT)
    profile, profile_origin = told(lambda: find_profile(flags, environment, config), nobody)
    key = told(lambda: find_key(flags, environment, profile, files, given), NO_KEY)
    ground = Ground(config, origin, profile, profile_origin)
    usable = dict(environment)
    if told(lambda: find_appearance(flags, usable), None) is None:
        del usable[THEME_VARIABLE]
    settings = settle(flags, usable, files, ground, key)
    address = told(lambda: parse_address(settings.base_url.value), None)
    if address is not None and settings.api_key.value is not None:
        fitting = settings.api_key.value, address
        told(lambda: require_fitting(*fitting), None)
    return settings, refusals
