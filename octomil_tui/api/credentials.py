"""The file that the service's own command line leaves behind when somebody logs in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from octomil_tui.api.errors import KeyRefusedError
from octomil_tui.api.key import ApiKey, parse_key, read_private_file
from octomil_tui.domain.text import clean


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who somebody is logged in as."""

    key: ApiKey
    org_id: str | None
    org_name: str | None
    """Raw; to be cleaned where it is shown."""


def read_credentials(path: Path) -> Credentials:
    """Return what `~/.octomil/credentials` holds: JSON with `api_key`, `org_id` and `org_name`.

    Raises:
        KeyRefusedError: The file is not private (see `key.read_private_file`),
            is not such JSON, or holds no usable key. Nothing of it is quoted.
    """
    shown = clean(str(path))
    text = read_private_file(path)
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not isinstance(found.get("api_key"), str):
        raise KeyRefusedError(f"the credentials file {shown} is not a JSON object with an api_key")
    return Credentials(
        parse_key(found["api_key"], f"the file {shown}"), _text(found, "org_id"), _text(found, "org_name")
    )


def _text(found: dict[str, object], name: str) -> str | None:
    value = found.get(name)
    return value if isinstance(value, str) and value else None
