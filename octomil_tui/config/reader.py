"""From the text of a settings file to what it means, and to everything in it that means nothing.

A file that is not understood whole is refused with one sentence: a setting that
is silently ignored may be the one that says read-only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from octomil_tui.api.errors import ConfigurationError
from octomil_tui.config.key import DEFAULT_PROFILE, FILE_KEYS, LITERAL_KEYS, PROFILE_KEYS, PROFILES, Key
from octomil_tui.config.kind import UnfitError, unfit
from octomil_tui.config.problem import Problem
from octomil_tui.domain.text import clean
from octomil_tui.own_file import read_own
from octomil_tui.profile import NO_CONFIG, Config, Profile, listed

_LITERAL: Final = "must not be in this file; name api_key_command or api_key_file"


class Reading(NamedTuple):
    """What a file says."""

    config: Config
    """What of it is understood."""
    problems: Sequence[Problem]
    """What is not; empty for a file that can be used."""


def read_config(path: Path, *, is_named: bool) -> Config:
    """Return the settings file at `path`.

    Args:
        path: Where it is; may be a symbolic link.
        is_named: Whether somebody named it; the usual place may be empty.

    Raises:
        ConfigurationError: It cannot be read (see `own_file.read_own`), is no TOML, or says something
            that is not known; the sentence names the file and the key.
    """
    shown = clean(str(path))
    text = read_own(path, f"the settings file {shown}", is_named=is_named)
    if text is None:
        return NO_CONFIG
    import tomllib  # noqa: PLC0415 - most have no such file

    try:
        found = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        from octomil_tui.config.syntax import explain  # noqa: PLC0415 - the rare case

        # Outside the handler's chain: the exception of the library may quote the file.
        problem = f"{shown} is not TOML ({explain(error).where})"
    else:
        config, problems = understand(found, path)
        if not problems:
            return config
        problem = problems[0].sentence(shown)
    raise ConfigurationError(problem)


def understand(found: Mapping[str, Any], path: Path) -> Reading:
    """Return what a file means.

    Args:
        found: What TOML made of it.
        path: The file; paths in it that are not absolute begin beside it.
    """
    directory = path.absolute().parent
    problems = _unknown(found, (), (*(key.name for key in FILE_KEYS), PROFILES))
    values, unfit = _values(found, (), FILE_KEYS, directory)
    profiles, unusable = _profiles(found.get(PROFILES, {}), directory)
    problems += [*unfit, *unusable]
    default = values.get(DEFAULT_PROFILE)
    tables = found.get(PROFILES, {})
    # A profile that cannot be used is there all the same.
    if default is not None and isinstance(tables, dict) and default not in tables:
        what = f"must be the name of a profile that is there: {listed(tables)}"
        problems.append(Problem((DEFAULT_PROFILE,), what))
    return Reading(Config(path=path, profiles=profiles, **values), problems)


def _profiles(found: object, directory: Path) -> tuple[dict[str, Profile], list[Problem]]:
    if not isinstance(found, dict) or not all(isinstance(one, dict) for one in found.values()):
        return {}, [Problem((PROFILES,), "must be tables such as [profiles.staging]")]
    profiles: dict[str, Profile] = {}
    problems: list[Problem] = []
    for name, table in found.items():
        place = (PROFILES, name)
        problems += _unknown(table, place, [key.name for key in PROFILE_KEYS])
        values, unfit = _values(table, place, PROFILE_KEYS, directory)
        problems += unfit
        profiles[name] = Profile(name=name, **values)
    return profiles, problems


def _unknown(found: Mapping[str, Any], place: tuple[str, ...], allowed: Sequence[str]) -> list[Problem]:
    problems = []
    for name in found:
        if name in allowed:
            continue
        is_secret = name.casefold() in LITERAL_KEYS
        what = _LITERAL if is_secret else _unknown_name(name, place, allowed)
        problems.append(Problem((*place, name), what, is_secret))
    return problems


def _unknown_name(name: str, place: tuple[str, ...], allowed: Sequence[str]) -> str:
    elsewhere = FILE_KEYS if place else PROFILE_KEYS
    if name in [key.name for key in elsewhere]:
        where = "before the first table" if place else "in a profile, such as [profiles.staging]"
        return f"is not known here; it stands {where}"
    from difflib import get_close_matches  # noqa: PLC0415 - the rare case

    if near := get_close_matches(name.casefold(), allowed, n=1):
        return f"is not known; did you mean {near[0]}?"
    return f"is not known; allowed are {', '.join(sorted(allowed))}"


def _values(
    found: Mapping[str, Any], place: tuple[str, ...], keys: Sequence[Key], directory: Path
) -> tuple[dict[str, Any], list[Problem]]:
    values: dict[str, Any] = {}
    problems = []
    for key in keys:
        if key.name not in found:
            continue
        try:
            values[key.name] = key.kind.read(found[key.name], directory)
        except UnfitError:
            problems.append(Problem((*place, key.name), unfit(key.kind, found[key.name])))
    return values, problems
