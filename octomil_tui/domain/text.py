r"""The terminal-safety rule: what any text from outside may put on a screen.

Terminals obey control characters, and so do the people who read what a
terminal shows. Every string from the network, a file, the environment or an
exception goes through `clean` before it is shown: the *introducers* of escape
sequences become visible escapes (`\x1b`), so nothing that follows them is
obeyed, and the operator sees that something odd is there. Identity is never
compared on cleaned text.
"""

from __future__ import annotations

import math
import unicodedata

NAME_LIMIT = 120
"""Characters of a name that are shown; longer ones end in an ellipsis."""

MESSAGE_LIMIT = 300
"""Characters of a sentence from the server that are shown."""

_HIDDEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_MARKS = frozenset({"Mn", "Me"})
_MARKS_SHOWN = 2
_LATIN_1_END = 0x100
_PLANE_0_END = 0x10000
_EPSILON = 1e-9
"""0.29 * 100 is 28.999999999999996; the floor of it has to be 29."""


def clean(value: object, limit: int = NAME_LIMIT) -> str:
    """Return `value` as one printable line of at most `limit` characters and an ellipsis.

    Control, format, private, unassigned and surrogate characters and line
    separators become escapes; after two combining marks in a row the rest are
    dropped; every kind of space becomes a space. The result is idempotent
    under `clean` and can be encoded as UTF-8.
    """
    text = value if isinstance(value, str) else str(value)
    if len(text) <= limit and text.isascii() and text.isprintable():
        return text
    # The slice comes first: a name of ten megabytes must not be normalised whole.
    head = text[: limit * 4]
    is_cut = len(head) < len(text)
    text = unicodedata.normalize("NFC", head)
    shown: list[str] = []
    width = marks = 0
    for character in text:
        category = unicodedata.category(character)
        marks = marks + 1 if category in _MARKS else 0
        if marks > _MARKS_SHOWN:
            continue
        piece = _escape(character) if category in _HIDDEN else " " if category == "Zs" else character
        if width + len(piece) > limit:
            is_cut = True
            break
        shown.append(piece)
        width += len(piece)
    # What was left out or escaped may bring a letter and a mark together that form one character.
    return unicodedata.normalize("NFC", "".join(shown)) + ("…" if is_cut else "")


def _escape(character: str) -> str:
    point = ord(character)
    if point < _LATIN_1_END:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point < _PLANE_0_END else f"\\U{point:08x}"


def version_label(version: str | None) -> str:
    """Return a version as it is shown: `1.0.0` as `v1.0.0`, none as `?`.

    Only versions that begin with a digit get the `v`; `nightly` stays `nightly`.
    """
    if version is None:
        return "?"
    return clean(f"v{version}" if version[:1].isdigit() else version)


def whole_percent(share: float) -> int:
    """Return a share 0..1 in percent, rounded down, so that 100 is never shown early."""
    return math.floor(share * 100 + _EPSILON)


def counted(count: int, singular: str) -> str:
    """Return a number with its noun: `1 device`, `12 devices`, `20,000 devices`."""
    return f"{count:,} {singular}{'' if count == 1 else 's'}"
