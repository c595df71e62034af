"""Any value of the domain as JSON, field by field, for somebody who wants to see all of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Set
from enum import Enum
from typing import Any

_MOST = 1_000
"""Parts of a list that are told; a fleet of thousands is not read by anybody."""


def raw_fields(value: object) -> Any:
    """Return a value as what JSON knows: objects with the names of the fields, lists, texts, numbers.

    What a value does not know, None, stays in it as null: that it is not known is worth seeing.
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {one.name: raw_fields(getattr(value, one.name)) for one in dataclasses.fields(value)}
    if value is None or isinstance(value, bool | int | float | str):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, Mapping):
        return {str(raw_fields(key)): raw_fields(one) for key, one in value.items()}
    if isinstance(value, Set):
        return sorted(str(raw_fields(one)) for one in value)
    if isinstance(value, tuple | list):
        told = [raw_fields(one) for one in value[:_MOST]]
        return [*told, f"and {len(value) - _MOST:,} more"] if len(value) > _MOST else told
    return str(value)
