"""API keys: parsed, read from a file, and shown only masked.

No error of this module contains any part of a key.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import shlex
import stat
from pathlib import Path
from typing import NoReturn

from octomil_tui.api.errors import KeyRefusedError
from octomil_tui.api.redact import remember
from octomil_tui.domain.text import clean

FILE_LIMIT = 4096
"""Bytes that a key file may have."""

_SHORTEST = 8
_LONGEST = 512
_KEY = re.compile(rf"[\x21-\x7e]{{{_SHORTEST},{_LONGEST}}}")
_PRACTICE = "edg_sim_"
"""How the keys of embedded control planes begin."""
_SHOWN_FROM = 20
"""Characters from which on the last four may be shown."""


class ApiKey:
    """A key that cannot be shown, copied into a traceback or pickled by accident.

    Made by `parse_key` and `read_key_file` only; `reveal` is for the one place
    that sends it.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        # Before anything can go wrong with it.
        remember(value)
        self._value = value

    def reveal(self) -> str:
        """Return the key itself."""
        return self._value

    @property
    def is_for_practice(self) -> bool:
        """Whether it is the key of an embedded control plane, which opens nothing real."""
        return self._value.startswith(_PRACTICE)

    @property
    def fingerprint(self) -> str:
        """Eight hexadecimal digits that tell keys apart in records."""
        return hashlib.sha256(self._value.encode()).hexdigest()[:8]

    def __repr__(self) -> str:
        return f"ApiKey({masked(self)})"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ApiKey):
            return NotImplemented
        return hmac.compare_digest(self._value.encode(), other.reveal().encode())

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("an API key is never pickled or copied")


def masked(key: ApiKey) -> str:
    """Return what may be shown of a key: `edg_…7f3a`, or `…` where it is short."""
    value = key.reveal()
    if len(value) < _SHOWN_FROM:
        return "…"
    prefix, separator, rest = value.partition("_")
    return f"{prefix}_…{value[-4:]}" if separator and len(prefix) <= len(rest) // 2 else f"…{value[-4:]}"


def parse_key(text: str, source: str = "the settings") -> ApiKey:
    """Return the key in `text`; the white space around it does not count.

    Args:
        text: What the source held.
        source: Where it came from, for the sentence of the error.

    Raises:
        KeyRefusedError: Nothing there, too short or long, or with characters
            that no key has. Prefixes are not checked: there are many kinds.
    """
    value = text.strip()
    if _KEY.fullmatch(value):
        return ApiKey(value)
    place = clean(source)
    if not value:
        raise KeyRefusedError(f"the API key from {place} is empty")
    if not value.isascii() or not value.isprintable() or " " in value:
        raise KeyRefusedError(
            f"the API key from {place} contains whitespace, control or non-ASCII characters"
        )
    raise KeyRefusedError(
        f"the API key from {place} has {len(value)} characters; keys have {_SHORTEST} to {_LONGEST}"
    )


def read_key_file(path: str | os.PathLike[str]) -> ApiKey:
    """Return the key in a file that nobody else can read.

    Raises:
        KeyRefusedError: The file is missing, a symbolic link, not a regular
            file, another user's, readable or writable by others (the sentence
            has the `chmod` to run), over 4 KiB, or holds no usable key.
    """
    return parse_key(read_private_file(path), f"the file {clean(os.fspath(path))}")


def read_private_file(path: str | os.PathLike[str]) -> str:
    """Return the text of a file that nobody else can read, at most 4 KiB of it.

    Raises:
        KeyRefusedError: As for `read_key_file`, but for the key itself.
    """
    target = Path(path)
    shown = clean(str(target))
    # O_NONBLOCK: opening a FIFO that nobody writes to must not hang.
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
    try:
        descriptor = os.open(target, flags)
    except FileNotFoundError:
        raise KeyRefusedError(f"the key file {shown} does not exist") from None
    except (OSError, ValueError) as error:
        if target.is_symlink():
            raise KeyRefusedError(f"the key file {shown} is a symbolic link; name the file itself") from None
        cause = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else "not a path"
        raise KeyRefusedError(f"the key file {shown} cannot be opened: {cause}") from None
    try:
        _require_private(os.fstat(descriptor), shown)
        content = os.read(descriptor, FILE_LIMIT + 1)
    finally:
        os.close(descriptor)
    if len(content) > FILE_LIMIT:
        raise KeyRefusedError(f"the key file {shown} is larger than {FILE_LIMIT} bytes")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise KeyRefusedError(f"the key file {shown} is not text") from None


def _require_private(status: os.stat_result, shown: str) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise KeyRefusedError(f"the key file {shown} is not a regular file")
    if status.st_uid != os.geteuid():
        raise KeyRefusedError(f"the key file {shown} belongs to another user")
    if status.st_mode & 0o077:
        raise KeyRefusedError(
            f"the key file {shown} can be read by others; run: chmod 600 {shlex.quote(shown)}"
        )
