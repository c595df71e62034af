"""What `serve` tells the dashboard of one tab: the settings and the key, through a pipe that only the two of them have.

The key is on no command line, in no environment and in no file. Whether the
dashboard may write is not among what is told: it never may.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from octomil_tui.api.key import parse_key
from octomil_tui.api.key_source import CredentialsFile, KeyCommand, KeyFile, KeySource
from octomil_tui.settings import Level, Setting, Settings

_ORIGIN = "serve"


def pack(settings: Settings) -> bytes:
    """Return the settings of a dashboard as it can be handed over; it holds the key."""
    key = settings.api_key.value
    told = {
        "base_url": settings.base_url.value,
        "org_id": settings.org_id.value,
        "org_name": settings.org_name,
        "level": settings.level.value,
        "api_key": key.reveal() if key is not None else None,
        "source": _source_told(settings.key_source),
        "ca_file": settings.ca_file.value,
        "proxy": settings.proxy.value,
        "request_log": str(settings.request_log) if settings.request_log is not None else None,
        "theme": settings.theme.value,
        "ascii": settings.ascii.value,
        "calm": settings.calm.value,
    }
    return json.dumps(told).encode()


def unpack(told: bytes, environment: Mapping[str, str]) -> Settings:
    """Return the settings that were handed over, always read-only.

    Args:
        told: What `pack` made.
        environment: What a command that writes the key may see; it has no key in it.

    Raises:
        KeyRefusedError: What is told as the key is none.
    """
    found = json.loads(told)
    key = parse_key(found["api_key"], _ORIGIN) if found["api_key"] is not None else None
    return Settings(
        base_url=Setting(found["base_url"], _ORIGIN),
        org_id=Setting(found["org_id"], _ORIGIN),
        api_key=Setting(key, _ORIGIN),
        read_only=Setting(value=True, origin=_ORIGIN),
        level=Level(found["level"]),
        org_name=found["org_name"],
        key_source=_source_of(found["source"], environment),
        ca_file=Setting(found["ca_file"], _ORIGIN),
        proxy=Setting(found["proxy"], _ORIGIN),
        request_log=Path(found["request_log"]) if found["request_log"] is not None else None,
        theme=Setting(found["theme"], _ORIGIN),
        ascii=Setting(found["ascii"], _ORIGIN),
        calm=Setting(found["calm"], _ORIGIN),
    )


def _source_told(source: KeySource | None) -> Mapping[str, Any] | None:
    """Return where a key that is refused can be read again; what was given once needs no place."""
    match source:
        case KeyFile(path=path):
            return {"file": os.path.abspath(path)}  # noqa: PTH100 - a symbolic link stays one, and is refused
        case CredentialsFile(path=path):
            return {"credentials": str(path)}
        case KeyCommand(arguments=arguments, origin=origin):
            return {"command": list(arguments), "origin": origin}
        case _:
            return None


def _source_of(told: Mapping[str, Any] | None, environment: Mapping[str, str]) -> KeySource | None:
    match told:
        case {"file": path}:
            return KeyFile(path)
        case {"credentials": path}:
            return CredentialsFile(Path(path))
        case {"command": arguments, "origin": origin}:
            return KeyCommand(tuple(arguments), tuple(environment.items()), origin)
        case _:
            return None
