"""Where a key comes from, so that it can be read again when the service no longer accepts it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from octomil_tui.api.credentials import read_credentials
from octomil_tui.api.errors import KeyRefusedError
from octomil_tui.api.key import FILE_LIMIT, ApiKey, parse_key, read_key_file
from octomil_tui.api.key_command import run_key_command

STDIN = 0


class Reread(StrEnum):
    """What reading a key's source again brought."""

    CHANGED = "changed"
    """Another key, which requests carry from now on."""
    SAME = "same"
    FIXED = "fixed"
    """The source cannot be read twice: a variable, or standard input."""


class KeySource(Protocol):
    """Something that gives the key."""

    @property
    def can_be_reread(self) -> bool:
        """Whether a later read may give another key."""

    def read(self) -> ApiKey:
        """Return the key as it is there now; may take seconds.

        Raises:
            KeyRefusedError: There is none, or it cannot be used.
        """


@dataclass(frozen=True, slots=True)
class GivenKey:
    """A key that was handed over once: in the environment, or on standard input."""

    key: ApiKey
    can_be_reread: bool = False

    def read(self) -> ApiKey:
        """Return the key."""
        return self.key


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A private file that holds the key alone."""

    path: str
    can_be_reread: bool = True

    def read(self) -> ApiKey:
        """Return the key in the file."""
        return read_key_file(self.path)


@dataclass(frozen=True, slots=True)
class KeyCommand:
    """A command that writes the key, such as a password store's."""

    arguments: tuple[str, ...]
    environment: tuple[tuple[str, str], ...]
    """What the command may see; the key of this console is not in it."""
    origin: str
    can_be_reread: bool = True

    def read(self) -> ApiKey:
        """Return the key that the command writes."""
        return run_key_command(self.arguments, dict(self.environment), self.origin)

    def __repr__(self) -> str:
        # Arguments and variables may hold secrets of their own.
        return f"KeyCommand({self.origin})"


@dataclass(frozen=True, slots=True)
class CredentialsFile:
    """The file that the service's own command line keeps its key in."""

    path: Path
    can_be_reread: bool = True

    def read(self) -> ApiKey:
        """Return the key in the file."""
        return read_credentials(self.path).key


def read_key_stdin(descriptor: int = STDIN) -> ApiKey:
    """Return the key on standard input, which is read to its end.

    Raises:
        KeyRefusedError: Standard input is a terminal or closed, has over 4 KiB, or holds no usable key.
    """
    origin = "standard input"
    try:
        if os.isatty(descriptor):
            raise KeyRefusedError("--api-key-stdin reads a pipe or a file, and standard input is a terminal")
        content = b""
        while len(content) <= FILE_LIMIT and (chunk := os.read(descriptor, FILE_LIMIT + 1)):
            content += chunk
    except OSError as error:
        cause = os.strerror(error.errno) if error.errno else "unknown reason"
        raise KeyRefusedError(f"the API key from {origin} cannot be read: {cause}") from None
    if len(content) > FILE_LIMIT:
        raise KeyRefusedError(f"the API key from {origin} is larger than {FILE_LIMIT} bytes")
    try:
        return parse_key(content.decode("utf-8"), origin)
    except UnicodeDecodeError:
        raise KeyRefusedError(f"the API key from {origin} is not text") from None
