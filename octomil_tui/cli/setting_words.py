"""Settings as rows: each with its value as it may be shown, and where it came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from octomil_tui.api.errors import ConfigurationError
from octomil_tui.api.key import ApiKey
from octomil_tui.cli.via import proxy_host
from octomil_tui.config.key import PROFILES
from octomil_tui.domain.text import MESSAGE_LIMIT, clean
from octomil_tui.profile import LEVELS, Profile
from octomil_tui.resolve import find_level
from octomil_tui.settings import DEFAULT, Flags, Setting, Settings

_ENVIRONMENT_PROXY = "HTTPS_PROXY or ALL_PROXY"


@dataclass(frozen=True, slots=True)
class Shown:
    """One setting; its texts are safe to show, but for keys that look like ones."""

    name: str
    value: str | bool | None
    origin: str
    text: str = ""
    """The value for people."""
    keys: tuple[str, ...] | None = None
    """Where it stands in the settings file; None where it does not."""
    more: Mapping[str, object] = field(default_factory=dict)
    """What the object for scripts has besides."""


def shown_settings(settings: Settings, flags: Flags, profile: Profile | None) -> Sequence[Shown]:
    """Return every setting in the order that they are decided in.

    Args:
        settings: What holds.
        flags: The command line, for what `settings` has no origin of.
        profile: The profile in use.
    """
    rows = [*_place(settings, profile), *_way(settings, flags), *_taste(settings)]
    return [_placed(one, settings) for one in rows]


def _place(settings: Settings, profile: Profile | None) -> Iterator[Shown]:
    yield _row("config", settings.config)
    yield _row("profile", settings.profile)
    yield _row("base_url", settings.base_url)
    yield _row("org_id", settings.org_id)
    name_origin = settings.org_id.origin if settings.org_name else DEFAULT
    yield _row("org_name", Setting(settings.org_name or None, name_origin))
    words = {level: word for word, level in LEVELS.items()}
    level = find_level(profile, settings.base_url, settings.org_id)
    yield _row("level", Setting(words[level.value], level.origin))
    yield _key(settings.api_key)
    yield _row("read_only", settings.read_only)


def _way(settings: Settings, flags: Flags) -> Iterator[Shown]:
    yield _row("ca_file", settings.ca_file)
    yield _proxy(settings)
    log = Setting(settings.request_log, "--request-log" if settings.request_log else DEFAULT)
    yield _row("request_log", log)
    told = settings.on_event
    by = "--on-event" if flags.on_event else f"profile {clean(settings.profile.value)}" if told else DEFAULT
    # The words after it may hold secrets of their own.
    program = f"{told[0]} …" if told and len(told) > 1 else told[0] if told else None
    yield _row("on_event", Setting(program, by))
    asked_by = "--notify" if flags.notify else f"profile {clean(settings.profile.value)}"
    yield _row("notify", Setting(settings.notify, asked_by if settings.notify else DEFAULT))


def _taste(settings: Settings) -> Iterator[Shown]:
    yield _row("theme", settings.theme)
    yield _row("ascii", settings.ascii)
    yield _row("calm", settings.calm)
    yield _row("keymap", settings.keymap)


def _row(name: str, setting: Setting[Any]) -> Shown:
    value = setting.value
    if isinstance(value, bool):
        return Shown(name, value, setting.origin, "yes" if value else "no")
    text = None if value is None else clean(value, MESSAGE_LIMIT)
    return Shown(name, text, setting.origin, text or "-")


def _key(setting: Setting[ApiKey | None]) -> Shown:
    key = setting.value
    if key is None:
        return Shown("api_key", None, setting.origin, "-", more={"fingerprint": None})
    more = {"fingerprint": key.fingerprint}
    return Shown("api_key", "set", setting.origin, f"set, fingerprint {key.fingerprint}", more=more)


def _proxy(settings: Settings) -> Shown:
    if not settings.uses_proxy:
        return Shown("proxy", "none", settings.proxy.origin, "none")
    try:
        host = proxy_host(settings)
    except ConfigurationError:
        return Shown("proxy", None, settings.proxy.origin, "cannot be used")
    origin = settings.proxy.origin if settings.proxy.value is not None or not host else _ENVIRONMENT_PROXY
    return Shown("proxy", host or None, origin, host or "-")


def _placed(shown: Shown, settings: Settings) -> Shown:
    """Return the row with its place in the settings file, where that said it."""
    name = settings.profile.value
    key = shown.origin.rpartition(": ")[2] if shown.name == "api_key" else shown.name
    keys: tuple[str, ...] | None = None
    if shown.name == "profile" and shown.origin.startswith("default_profile of "):
        keys = ("default_profile",)
    elif name is not None and f"{shown.origin}:".startswith(f"profile {clean(name)}:"):
        keys = (PROFILES, name, key)
    elif settings.config.value is not None and shown.origin == clean(str(settings.config.value)):
        keys = (key,)
    return Shown(shown.name, shown.value, shown.origin, shown.text, keys, shown.more)
