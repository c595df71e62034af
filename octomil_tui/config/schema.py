"""The settings file as JSON Schema, for editors: made of the same table that the reader follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from octomil_tui.config.key import FILE_KEYS, LITERAL_KEYS, PROFILE_KEYS, PROFILES, Key

FILE_NAME: Final = "config.schema.json"
"""The schema as a file, beside this module."""


def make_schema() -> dict[str, Any]:
    """Return the schema.

    What depends on the machine or on another key is not in it: whether a home
    directory or a `default_profile` is there. It refuses nothing that the
    reader takes.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "octomil-console",
        "description": "The settings file of octomil-console: config.toml.",
        "type": "object",
        "properties": {
            **_properties(FILE_KEYS),
            PROFILES: {
                "description": "Services, or ways to them, by name.",
                "type": "object",
                "additionalProperties": {"$ref": "#/$defs/profile"},
            },
        },
        "additionalProperties": False,
        "$defs": {
            "profile": {
                "description": "One service, or one way to it.",
                "type": "object",
                "properties": _properties(PROFILE_KEYS),
                "additionalProperties": False,
            }
        },
    }


def _properties(keys: Iterable[Key]) -> dict[str, Any]:
    return {**{key.name: _property(key) for key in keys}, **_LITERALS}


def _property(key: Key) -> Mapping[str, Any]:
    default = {} if key.default is None else {"default": key.default}
    return {"description": key.about, **key.kind.schema, **default}


_LITERALS: Final = {
    name: {
        "description": "A key must not be in this file; name api_key_command or api_key_file.",
        "not": {},
    }
    for name in LITERAL_KEYS
}
