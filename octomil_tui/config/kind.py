"""What a value of the settings file can be: how it is read, and how an editor is told of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from octomil_tui.api.address import parse_address
from octomil_tui.api.errors import OctomilError
from octomil_tui.api.proxy import parse_proxy
from octomil_tui.domain.appearance import THEMES
from octomil_tui.profile import LEVELS, NO_PROXY

_INVISIBLE = (
    r"\u0000-\u001f\u007f-\u00a0\u00ad\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff"
)
"""Characters that move, hide or reorder text, and spaces that look like others."""

_HOST = r"[a-zA-Z0-9_](?:[a-zA-Z0-9_.-]*[a-zA-Z0-9_])?\.?"
_PORT = r"(?::[0-9]{0,5})?"
_PATH = r"(?:/[A-Za-z0-9._~-]*)*"
_LOOPBACK = (
    r"(?:[lL][oO][cC][aA][lL][hH][oO][sS][tT]|127\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}|\[[0-9a-fA-F:.]+\])"
)
_HTTP, _HTTPS = "[hH][tT][tT][pP]", "[hH][tT][tT][pP][sS]"


class UnfitError(ValueError):
    """A value is none of the kind that belongs there."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of value."""

    wanted: str
    """Completes "must be ..."."""
    read: Callable[[Any, Path], Any]
    """Returns what a value means; paths that are not absolute begin in the directory. Raises `UnfitError`."""
    schema: Mapping[str, Any]
    """What JSON Schema says of it."""
    choices: Sequence[str] = field(default=())
    """All that it can be, where that is a few words."""


_NO_TEXT = re.compile(f"[{_INVISIBLE}]")
_TEXT_SCHEMA: Final = {"type": "string", "minLength": 1, "not": {"pattern": _NO_TEXT.pattern}}


def _text(value: Any, directory: Path) -> str:
    del directory
    if isinstance(value, str) and value and not _NO_TEXT.search(value):
        return value
    raise UnfitError


def _flag(value: Any, directory: Path) -> bool:
    del directory
    if isinstance(value, bool):
        return value
    raise UnfitError


def _command(value: Any, directory: Path) -> tuple[str, ...]:
    del directory
    is_list = isinstance(value, list) and bool(value)
    if is_list and all(isinstance(one, str) and "\0" not in one for one in value) and value[0]:
        return tuple(value)
    raise UnfitError


def _path(value: Any, directory: Path) -> str:
    try:
        return str(directory / Path(_text(value, directory)).expanduser())
    except RuntimeError:  # there is no such home directory
        raise UnfitError from None


def _address(value: Any, directory: Path) -> str:
    text = _text(value, directory)
    return _parsed(text, lambda: parse_address(text))


def _proxy(value: Any, directory: Path) -> str:
    text = _text(value, directory)
    return text if text == NO_PROXY else _parsed(text, lambda: parse_proxy(text, "it"))


def _parsed(text: str, parse: Callable[[], object]) -> str:
    try:
        parse()
    except OctomilError:
        raise UnfitError from None
    return text


def _one_of(choices: Mapping[str, Any]) -> Kind:
    def read(value: Any, directory: Path) -> Any:
        del directory
        if isinstance(value, str) and value in choices:
            return choices[value]
        raise UnfitError

    return Kind(
        wanted="one of " + ", ".join(f'"{one}"' for one in choices),
        read=read,
        schema={"enum": list(choices)},
        choices=tuple(choices),
    )


TEXT: Final = Kind("text in quotes, not empty", _text, _TEXT_SCHEMA)
FLAG: Final = Kind("true or false", _flag, {"type": "boolean"})
COMMAND: Final = Kind(
    'a list of texts such as ["keyring", "get", "octomil", "me"]',
    _command,
    {
        "type": "array",
        "minItems": 1,
        "prefixItems": [{"type": "string", "minLength": 1}],
        "items": {"type": "string", "pattern": r"^[^\u0000]*$"},
    },
)
PATH: Final = Kind("the path of a file", _path, _TEXT_SCHEMA)
ADDRESS: Final = Kind(
    "an address such as https://host/v1",
    _address,
    {
        **_TEXT_SCHEMA,
        "pattern": rf"^ *(?:{_HTTPS}://(?:{_HOST}|\[[0-9a-fA-F:.]+\])|{_HTTP}://{_LOOPBACK}){_PORT}{_PATH} *$",
    },
)
PROXY: Final = Kind(
    f'"{NO_PROXY}" or the URL of an http proxy',
    _proxy,
    {**_TEXT_SCHEMA, "pattern": rf"^(?:{_HTTP}[sS]?://[^/?#]|(?!.*://)[^/?#])"},
)
LEVEL: Final = _one_of(LEVELS)
THEME: Final = _one_of({name: name for name in THEMES})
