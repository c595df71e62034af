"""What a word of the command line may be where it is more than a word: a time, a count, a command."""

from __future__ import annotations

import argparse
import re
import shlex

from octomil_tui.domain.text import clean

_DURATION = re.compile(r"(\d{1,9}(?:\.\d{1,3})?)([smhd]?)", re.ASCII)
_SECONDS = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}


def duration(text: str) -> float:
    """Return the seconds that a time such as `90s`, `30m` or `2h` says.

    Raises:
        argparse.ArgumentTypeError: It says none, or none at all.
    """
    found = _DURATION.fullmatch(text)
    if found is None or not float(found[1]):
        raise argparse.ArgumentTypeError(f"no such time: {clean(text)}; write 90s, 30m or 2h")
    return float(found[1]) * _SECONDS[found[2]]


def command_words(text: str) -> tuple[str, ...]:
    """Return the words of a command that is written as for a shell.

    Raises:
        argparse.ArgumentTypeError: There are none, or a quote is left open.
    """
    try:
        words = tuple(shlex.split(text))
    except ValueError:
        words = ()
    if not words or not words[0] or "\0" in text:
        raise argparse.ArgumentTypeError(
            f"no command: {clean(text)}; write it as for a shell, quotes included"
        )
    return words


def count(text: str) -> int:
    """Return a count of devices or events, from 0 to nine digits.

    Raises:
        argparse.ArgumentTypeError: It is no such number.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= 9):  # noqa: PLR2004 - a count of devices
        raise argparse.ArgumentTypeError(f"no such count: {clean(text)}")
    return int(text)
