"""What a shell is told when somebody presses TAB: names, within a second and a half, or nothing at all.

Read-only, one line for each name, and never a word about what went wrong: the
person is in the middle of a line.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import time
from collections.abc import Sequence
from types import FrameType

from octomil_tui.cli.flags import flags_of, key_of, settings_of, usual_files
from octomil_tui.cli.name_cache import NameCache, Named
from octomil_tui.cli.parser import PROGRAM, build_parser
from octomil_tui.cli.shell_words import in_bash, is_typable, split
from octomil_tui.cli.typed import typed_so_far

HARD_DEADLINE = 1.5
"""Seconds after which a shell has its line back, whatever the service does."""

_GRACE = 0.25
_SHOWN = 1_000
_PLACE_FLAGS = ("config", "profile", "base_url", "org", "api_key_file", "ca_file", "no_proxy")
"""What a command line can say of where the names are; standard input is never read."""


class _LateError(BaseException):
    """The time is over; a BaseException, so that nothing on the way takes it for its own failure."""


def answer(arguments: Sequence[str]) -> int:
    """Write the names that fit, and return 0, or 1 where there is no answer.

    Args:
        arguments: The shell; what is asked for; for bash the characters at which it breaks words and the line
            up to the cursor, for others the words of the command, the last one being the one at the cursor.
    """
    _be_quick()
    try:
        lines = _lines(arguments)
        signal.setitimer(signal.ITIMER_REAL, 0)
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        sys.stdout.flush()
    except (_LateError, Exception):  # noqa: BLE001 - a shell with half a line in it wants no explanation
        signal.setitimer(signal.ITIMER_REAL, 0)
        return 1
    return 0


def _be_quick() -> None:
    """End this within the deadline: politely first, so that a key's command is ended too, and then for certain."""
    asked: list[int] = []

    def over(number: int, frame: FrameType | None) -> None:
        del number, frame
        if asked:
            os._exit(1)
        asked.append(1)
        raise _LateError

    signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, HARD_DEADLINE - _GRACE, _GRACE)


def _lines(arguments: Sequence[str]) -> list[str]:
    shell, what, *rest = arguments
    if shell != "bash":
        names = _names(what, rest[:-1], rest[-1])
        return [f"{name}\t{note}" if shell == "fish" and note else name for name, note in names[:_SHOWN]]
    breaks, line = rest
    words = split(line, breaks)
    before = [word.text for word in words[:-1]]
    found = _names(what, before[1:], words[-1].text)
    return in_bash((name for name, _ in found), words[-1])[:_SHOWN]


def _names(what: str, words: Sequence[str], current: str) -> list[tuple[str, str]]:
    """Return what can be typed here, each with a word about it."""
    said = typed_so_far(build_parser(with_sim=True), _own(words))
    namespace = argparse.Namespace(**{name: said[name] for name in _PLACE_FLAGS if name in said})
    namespace.note = _say_nothing
    names = (
        _profiles(namespace) if what == "profiles" else _from_service(what, said.get("model", ""), namespace)
    )
    found = [(_to_type(one), one.note) for one in names]
    if what == "versions":
        found = [(_as_typed(name, current), note) for name, note in found]
    return list({name: note for name, note in found if name}.items())


def _own(words: Sequence[str]) -> Sequence[str]:
    """Return the words behind the program's name, where a shell gave more of its line than that."""
    places = [place for place, word in enumerate(words) if word.rpartition("/")[2] == PROGRAM]
    return words[places[-1] + 1 :] if places else words


def _say_nothing(line: str) -> None:
    del line


def _to_type(one: Named) -> str:
    """Return the name, or the id where the name cannot be typed; empty where neither can."""
    return next((word for word in (one.name, one.id) if is_typable(word)), "")


def _as_typed(version: str, current: str) -> str:
    """Return a version with the `v` that screens show before it, where a person began with it."""
    return f"v{version}" if current[:1] == "v" and version[:1].isdigit() else version


def _profiles(namespace: argparse.Namespace) -> list[Named]:
    """Return the profiles of the settings file; no key is looked for."""
    from octomil_tui.config.reader import read_config  # noqa: PLC0415 - only where profiles are asked for
    from octomil_tui.resolve import named_config  # noqa: PLC0415

    named, _ = named_config(flags_of(namespace), os.environ)
    path = named if named is not None else usual_files().config
    if path is None:
        return []
    return [Named(name) for name in read_config(path, is_named=named is not None).profiles]


def _from_service(what: str, model: str, namespace: argparse.Namespace) -> tuple[Named, ...]:
    """Return the names of one kind, from the cache where they are fresh."""
    settings = settings_of(namespace)
    place = (settings.base_url.value, settings.org_id.value or "", key_of(settings).fingerprint)
    cache = NameCache(place)
    # What the cache knows costs no library of HTTP.
    known = cache.get(what, time.time())
    if known is not None:
        return known
    from octomil_tui.cli.names import names_of, read_only_source  # noqa: PLC0415

    return asyncio.run(names_of(what, model, cache, read_only_source(settings, HARD_DEADLINE)))
