"""What is secret, and how it is taken out of everything that is shown or written.

The one place that remembers keys besides the objects that send them. It loads
the standard library alone, so that the command line can use it at once.
"""

from __future__ import annotations

import base64
import json
import re
from urllib.parse import quote

HIDDEN = "[hidden]"
"""Stands where a secret stood."""

_PREFIX = "edg_"
_LOOKS_LIKE_A_KEY = re.compile(r"edg_[A-Za-z0-9_-]+")
_SHORTEST = 8
"""Shorter texts are no keys, and would take words out of sentences."""
_REMEMBERED = 64
"""Secrets that are remembered: a console that lives for weeks sees many keys, and the newest matter."""


class _Register:
    """The secrets of this process, each in the forms that it can be written in."""

    __slots__ = ("_forms", "_secrets")

    def __init__(self) -> None:
        self._secrets: tuple[str, ...] = ()
        self._forms: tuple[str, ...] = ()

    def add(self, secret: str) -> None:
        if len(secret) < _SHORTEST or secret in self._secrets:
            return
        # Replaced as a whole: other threads may be reading.
        self._secrets = (*self._secrets, secret)[-_REMEMBERED:]
        forms = {form for one in self._secrets for form in _forms_of(one)}
        self._forms = tuple(sorted(forms, key=len, reverse=True))

    def hide(self, text: str) -> str:
        for form in self._forms:
            if form in text:
                text = text.replace(form, f"{_PREFIX if form.startswith(_PREFIX) else ''}{HIDDEN}")
        return text

    def __repr__(self) -> str:
        return f"{len(self._secrets)} secrets"


_register = _Register()


def remember(secret: str) -> None:
    """Have `secret` hidden from now on; texts of fewer than 8 characters are not."""
    _register.add(secret)


def hide(text: str) -> str:
    """Return `text` without the secrets of this process, and without what looks like an API key."""
    return _LOOKS_LIKE_A_KEY.sub(f"{_PREFIX}{HIDDEN}", hide_known(text))


def hide_known(text: str) -> str:
    """Return `text` without the secrets of this process; for results, in which a name may look like a key.

    Found as they are, and as they stand in URLs, in JSON, in `repr`, and in
    base64 (as in a `Basic` header), whatever stands before them there.
    """
    return _register.hide(text)


def _forms_of(secret: str) -> set[str]:
    encoded = {
        quote(secret, safe=""),
        json.dumps(secret)[1:-1],
        repr(secret)[1:-1],
        repr(secret.encode())[2:-1],
    }
    for before in range(3):
        encoded |= _base64_forms(secret.encode(), before)
    return {secret, *(form for form in encoded if len(form) >= _SHORTEST)}


def _base64_forms(secret: bytes, before: int) -> set[str]:
    """Return the characters that depend on the secret alone, where `before` bytes (modulo 3) precede it."""
    whole = base64.b64encode(bytes(before) + secret).decode()
    shared_at_end = (before + len(secret)) % 3
    inner = whole.rstrip("=")[(0, 2, 3)[before] :]
    inner = inner[:-1] if shared_at_end else inner
    return {inner, inner.replace("+", "-").replace("/", "_")}
