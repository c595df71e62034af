"""JSON objects that come back from this machine's disk: read as strictly as anything from outside."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

from octomil_tui.domain.text import NAME_LIMIT, clean

_LATEST = 253_402_300_799
"""The last second of the year 9999."""
_MOST = 10**9


class UnreadableError(Exception):
    """What is there is not what was written; the message says where, without quoting it."""


@dataclass(frozen=True, slots=True)
class Fields:
    """One JSON object. Every method raises `UnreadableError` where a field is not what it has to be."""

    values: Mapping[str, object]

    def raw(self, name: str) -> str:
        """Return a text as it is: to compare and to send, never to show."""
        value = self.values.get(name)
        if not isinstance(value, str):
            raise UnreadableError(f"{name} is not a text")
        return value

    def raw_or_none(self, name: str) -> str | None:
        """Return a text as it is, or None where there is none."""
        return None if self.values.get(name) is None else self.raw(name)

    def shown(self, name: str, limit: int = NAME_LIMIT) -> str:
        """Return a text that is safe to show."""
        return clean(self.raw(name), limit)

    def shown_or_none(self, name: str, limit: int = NAME_LIMIT) -> str | None:
        """Return a text that is safe to show, or None where there is none."""
        return None if self.values.get(name) is None else self.shown(name, limit)

    def moment(self, name: str) -> float:
        """Return a moment, epoch seconds from 1970 to 9999."""
        value = self.values.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise UnreadableError(f"{name} is not a moment")
        if not 0 <= value <= _LATEST:
            raise UnreadableError(f"{name} is not a moment")
        return float(value)

    def moment_or_none(self, name: str) -> float | None:
        """Return a moment, or None where there is none."""
        return None if self.values.get(name) is None else self.moment(name)

    def count(self, name: str) -> int:
        """Return a whole number, 0 to 10^9."""
        value = self.values.get(name)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST:
            raise UnreadableError(f"{name} is not a count")
        return value

    def count_or_none(self, name: str) -> int | None:
        """Return a whole number, or None where there is none."""
        return None if self.values.get(name) is None else self.count(name)

    def inner(self, name: str) -> Fields:
        """Return the object in a field."""
        return _fields(self.values.get(name), name)


def parse_fields(content: bytes) -> Fields:
    """Return the JSON object in `content`.

    Raises:
        UnreadableError: It is not UTF-8, not JSON, nested too deeply, or not an object.
    """
    try:
        value = json.loads(content.decode("utf-8"), parse_constant=_refuse, parse_float=_number)
    except (ValueError, RecursionError):
        raise UnreadableError("it is not JSON") from None
    return _fields(value, "it")


def _fields(value: object, name: str) -> Fields:
    if not isinstance(value, dict):
        raise UnreadableError(f"{name} is not an object")
    return Fields(value)


def _refuse(word: str) -> NoReturn:
    raise UnreadableError(f"{word} is not JSON")


def _number(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise UnreadableError("a number is too large")
    return value
