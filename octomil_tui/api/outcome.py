"""What became of a write: of the one POST of a rollback, and of other changes. Pure: from what happened to what it means.

| what happened | what it means |
|---|---|
| no connection, no TLS, no proxy tunnel, a request that could not be formed | not sent |
| 2xx, JSON or no content type | accepted; an unreadable body means that the details are not known |
| 4xx with one of the service's error bodies | rejected |
| 408, 425, 3xx, 5xx; 4xx without such a body; an error body under 2xx | unknown |
| any answer that is not JSON: something in between spoke | unknown |
| the connection lost or the deadline over after it was opened | unknown |
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from octomil_tui.api import wire
from octomil_tui.api.answer import Answer
from octomil_tui.api.decode import decode_one
from octomil_tui.api.error_body import read_error_body
from octomil_tui.api.errors import (
    AnswerError,
    NotSentError,
    RejectedError,
    RollbackError,
    UnknownOutcomeError,
)
from octomil_tui.api.fault import Fault, sentence
from octomil_tui.api.retry import retry_after_seconds
from octomil_tui.domain.text import clean

_AGAIN = frozenset({408, 425})
"""4xx that say nothing about whether the request was carried out."""

_WORDS = {
    400: "the service refused the rollback",
    401: "the key was rejected",
    403: "the key may not roll back",
    404: "the service does not know this",
    405: "this service has no rollback of models",
    409: "another operation is in the way",
    422: "the service cannot roll back to this",
    429: "rate limited",
}
_CHANGE_WORDS = {
    400: "the service refused this",
    401: "the key was rejected",
    403: "the key may not do this",
    404: "the service does not know this",
    405: "this service cannot do this",
    409: "it cannot be done as things are",
    422: "the service does not take this",
    429: "rate limited",
}


@dataclass(frozen=True, slots=True)
class Words:
    """How the outcome of one kind of write is said."""

    refusals: Mapping[int, str]
    """By HTTP status; 400 stands for the others."""
    until: str
    """What is said of an outcome that is not known."""


ROLLBACK = Words(_WORDS, "; it may or may not have begun")
CHANGE = Words(_CHANGE_WORDS, "; it may or may not have been done")


def lost(fault: Fault, host: str, words: Words = ROLLBACK) -> NotSentError | UnknownOutcomeError:
    """Return what became of a write that got no whole answer.

    Args:
        fault: Why there is none.
        host: The service's host, safe to show.
        words: How it is said.
    """
    if fault.was_not_sent:
        return NotSentError(f"{sentence(fault, host)}; nothing was sent")
    return UnknownOutcomeError(sentence(fault, host) + words.until)


def settle(answer: Answer, host: str) -> wire.RollbackReply | RollbackError:
    """Return the accepted reply, or the error that says what became of the rollback.

    Args:
        answer: The whole answer.
        host: The service's host, safe to show.

    Returns:
        The reply, empty where the service accepted without readable details;
        else a `RejectedError` or an `UnknownOutcomeError`.
    """
    return _failure(answer, host, ROLLBACK) or _accepted(answer, host)


def settle_change(answer: Answer, host: str) -> RollbackError | None:
    """Return what became of another change than a rollback: None where the service took it.

    An error body under 2xx, and an answer that is not JSON, say nothing about
    whether it was done.
    """
    found = _failure(answer, host, CHANGE)
    if found is not None or not answer.body.strip():
        return found
    said = read_error_body(answer.body)
    # A message alone may be a friendly word.
    if said is None or said.code is None:
        return None
    return _unknown(
        answer, f"{host} answered {answer.status} with an error: {said.message or said.code}", CHANGE
    )


def _failure(answer: Answer, host: str, words: Words) -> RollbackError | None:
    """Return the error that an answer says by its status and type; None for one that was accepted."""
    if not answer.may_be_json:
        kind = clean(answer.content_type)
        return _unknown(answer, f"something between here and {host} answered with {kind}", words)
    if answer.is_success:
        return None
    if 400 <= answer.status < 500 and answer.status not in _AGAIN:  # noqa: PLR2004 - HTTP's classes
        return _rejected(answer, host, words)
    return _unknown(answer, f"{host} answered with status {answer.status}", words)


def _accepted(answer: Answer, host: str) -> wire.RollbackReply | RollbackError:
    try:
        reply = decode_one(answer.body, wire.RollbackReply, "rollback", "rollout")
    except AnswerError:
        return wire.RollbackReply({})
    if reply.is_empty and (said := read_error_body(answer.body)) is not None:
        return _unknown(
            answer, f"{host} answered {answer.status} with an error: {said.message or said.code}", ROLLBACK
        )
    return reply


def _rejected(answer: Answer, host: str, words: Words) -> RollbackError:
    body = read_error_body(answer.body)
    if body is None:
        return _unknown(answer, f"{host} answered with status {answer.status} and no reason", words)
    meaning = f"{words.refusals.get(answer.status, words.refusals[400])} ({answer.status})"
    said = body.message or body.code
    return RejectedError(
        f"{meaning}: {said}" if said else meaning,
        status=answer.status,
        code=body.code,
        request_id=answer.request_id or body.request_id,
        retry_after=retry_after_seconds(answer.headers.get("retry-after"), answer.served_at),
    )


def _unknown(answer: Answer, what: str, words: Words) -> UnknownOutcomeError:
    return UnknownOutcomeError(what + words.until, status=answer.status, request_id=answer.request_id)
