"""Keys as people write them, and as Textual names them."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_SAID: Final = {
    "question_mark": "?",
    "exclamation_mark": "!",
    "solidus": "/",
    "slash": "/",
    "at": "@",
    "colon": ":",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "escape": "esc",
    "pageup": "pgup",
    "pagedown": "pgdn",
    "backslash": "\\",
}
"""How a key of Textual's is written, where its name says less."""
_TEXTUAL: Final = {
    "SOLIDUS": "slash",
    "REVERSE SOLIDUS": "backslash",
    "COMMERCIAL AT": "at",
    "HYPHEN-MINUS": "minus",
    "PLUS SIGN": "plus",
    "LOW LINE": "underscore",
}
_WRITTEN: Final = {
    "esc": "escape",
    "pgup": "pageup",
    "pgdn": "pagedown",
    "pgdown": "pagedown",
    "return": "enter",
    "del": "delete",
    "ins": "insert",
    " ": "space",
}
_NAMED: Final = frozenset(
    {"enter", "escape", "tab", "space", "backspace", "delete", "insert", "home", "end"}
    | {"pageup", "pagedown", "up", "down", "left", "right"}
    | {f"f{number}" for number in range(1, 25)}
)
_MODIFIED = re.compile(r"(?:(?:ctrl|alt|shift)\+)+")
_SYMBOLS: Final = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
NOT_TOLD: Final = {
    "ctrl+i": "tab",
    "ctrl+m": "enter",
    "ctrl+j": "enter",
    "ctrl+h": "backspace",
    "ctrl+left_square_bracket": "esc",
}
"""Keys for which a terminal sends what it sends for another one."""


def key_name(written: str) -> str | None:
    """Return how Textual names a key that somebody wrote, such as `?`, `ctrl+x`, `f5` or `R`; None for no key."""
    if len(written) == 1:
        return _character(written)
    head = _MODIFIED.match(written.lower())
    modifiers, rest = (head[0], written[head.end() :]) if head else ("", written)
    if not modifiers:
        name = _WRITTEN.get(written.lower(), written.lower())
        return name if name in _NAMED or name in _SAID else None
    parts = modifiers.rstrip("+").split("+")
    if len(set(parts)) != len(parts):
        return None
    # A terminal knows no difference between ctrl+x and ctrl+X; shift+x is X.
    base = key_name(rest.lower()) if rest else None
    if base is None:
        return None
    if parts == ["shift"] and len(base) == 1:
        return base.upper() if base.isalpha() else None
    order = [one for one in ("alt", "ctrl", "shift") if one in parts]
    return "+".join([*order, base])


def people_write(name: str) -> str:
    """Return how people write a key that Textual names so: `?` for `question_mark`."""
    *modifiers, base = name.split("+")
    said = _SAID.get(base)
    if said is None:
        said = next((one for one in _SYMBOLS if _character(one) == base), base)
    return "+".join([*modifiers, said])


def is_bare(name: str) -> bool:
    """Say whether a key is hit without shift or ctrl, so that a slip of a finger is enough: a letter, a digit, Enter."""
    if len(name) == 1:
        return not name.isupper()
    return name in ("space", "enter", "tab", "backspace", "delete")


def _character(written: str) -> str | None:
    if written.isalnum() and written.isprintable():
        return written
    if written == " ":
        return "space"
    if written not in _SYMBOLS:
        return None
    name = unicodedata.name(written)
    return _TEXTUAL.get(name, name.lower().replace("-", "_").replace(" ", "_"))
