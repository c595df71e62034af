"""The exit statuses, and which error ends in which of them."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

from octomil_tui.api.errors import (
    ConfigurationError,
    ForbiddenError,
    NotFoundError,
    NotSentError,
    OctomilError,
    RejectedError,
    RequestRefusedError,
    UnauthorizedError,
    UnknownOutcomeError,
)


class Exit(IntEnum):
    """What a command says to the script that ran it."""

    OK = 0
    """Done: accepted, readable, or nobody is left."""
    FAILED = 1
    """The rollback failed, or devices left the target again."""
    USAGE = 2
    """A flag, a name, an address or a key cannot be used."""
    CONNECTION = 3
    """The service did not answer, or not now: trying again makes sense."""
    UNFINISHED = 4
    """The time is over and it goes on, or nobody can say whether it began."""
    REFUSED = 5
    """A guard stopped it, here or at the service."""
    OFFLINE_LEFT = 6
    """Done, but some devices are offline."""
    CONFLICT = 7
    """The plan moved, somebody else was there, or the service did more than asked."""
    NOT_ALLOWED = 8
    """The key is not accepted, or may not do this."""
    CRASHED = 70
    """A mistake of this program."""
    INTERRUPTED = 130
    """Ctrl+C; a rollback that was sent goes on."""


class Verdict(NamedTuple):
    """The end of a command."""

    exit: Exit
    word: str
    """For scripts."""
    sentence: str
    """For people."""


WORDS = {
    Exit.OK: "ok",
    Exit.FAILED: "failed",
    Exit.USAGE: "usage",
    Exit.CONNECTION: "connection",
    Exit.UNFINISHED: "unfinished",
    Exit.REFUSED: "refused",
    Exit.OFFLINE_LEFT: "done",
    Exit.CONFLICT: "conflict",
    Exit.NOT_ALLOWED: "not_allowed",
    Exit.CRASHED: "crashed",
    Exit.INTERRUPTED: "interrupted",
}
"""The verdict's word where a command has none of its own."""


MEANINGS = {
    Exit.OK: "complete, or accepted without --watch, or the read worked",
    Exit.FAILED: "failed, or devices left the target again",
    Exit.USAGE: "usage: a flag, a name, an address or a key cannot be used",
    Exit.CONNECTION: "no connection; trying again makes sense",
    Exit.UNFINISHED: "still running when the time was over, or nobody can say whether it began",
    Exit.REFUSED: "refused by a guard, by read-only, or by the service",
    Exit.OFFLINE_LEFT: "done, but some devices are offline (--offline-ok makes it 0)",
    Exit.CONFLICT: "conflict: the plan moved, somebody else is rolling back, or the service did more than asked",
    Exit.NOT_ALLOWED: "the key is not accepted, or may not do this (401, 403)",
    Exit.CRASHED: "a mistake of this program",
    Exit.INTERRUPTED: "interrupted; a rollback that was sent goes on",
}
"""What each status means, as the manual, the card and the documents say it."""


class CommandError(Exception):
    """A command ends here.

    Args:
        exit: The status.
        sentence: What a person reads, without a full stop.
        word: What a script reads; the status's own word without one.
    """

    def __init__(self, exit: Exit, sentence: str, word: str | None = None) -> None:  # noqa: A002 - its name
        super().__init__(sentence)
        self.exit = exit
        self.sentence = sentence
        self.word = word if word is not None else WORDS[exit]


_KINDS: tuple[tuple[type[OctomilError] | tuple[type[OctomilError], ...], Exit], ...] = (
    (ConfigurationError, Exit.USAGE),
    (RequestRefusedError, Exit.REFUSED),
    ((UnauthorizedError, ForbiddenError), Exit.NOT_ALLOWED),
    # What was asked for by name is not there.
    (NotFoundError, Exit.USAGE),
    (NotSentError, Exit.CONNECTION),
    (UnknownOutcomeError, Exit.UNFINISHED),
)

_REJECTED = {
    401: Exit.NOT_ALLOWED,
    403: Exit.NOT_ALLOWED,
    409: Exit.CONFLICT,
    429: Exit.CONNECTION,
}


def exit_of(error: OctomilError) -> Exit:
    """Return the status that an error of the client ends in."""
    if isinstance(error, RejectedError):
        return rejected(error.status)
    return next((status for kind, status in _KINDS if isinstance(error, kind)), Exit.CONNECTION)


def rejected(status: int | None) -> Exit:
    """Return the exit status for a rollback that the service refused with an HTTP status."""
    return _REJECTED.get(status or 0, Exit.REFUSED)
