"""What can go wrong between a request and a whole answer, and how it is said.

The words are apart from the HTTP library, so that what a failed rollback means
(`outcome`) and what a failed read says can be decided and tested without it.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from enum import StrEnum

from octomil_tui.api.errors import (
    NotTheApiError,
    OctomilError,
    RequestRefusedError,
    TimedOutError,
    TooLargeError,
    UnreachableError,
    UnreadableError,
    UntrustedError,
)


class Fault(StrEnum):
    """Why there is no whole answer."""

    REFUSED = "refused"
    UNRESOLVED = "unresolved"
    UNREACHABLE = "unreachable"
    CONNECT_TIMEOUT = "connect-timeout"
    NO_TLS = "no-tls"
    UNTRUSTED = "untrusted"
    WRONG_NAME = "wrong-name"
    EXPIRED = "expired"
    PROXY = "proxy"
    BUSY = "busy"
    """Every connection of this client was in use."""
    LOCAL = "local"
    """The request could not be formed."""
    TIMEOUT = "timeout"
    RESET = "reset"
    INCOMPLETE = "incomplete"
    TOO_LARGE = "too-large"
    ENCODED = "encoded"
    """The body's compression is damaged or unknown."""
    OTHER = "other"

    @property
    def was_not_sent(self) -> bool:
        """Whether it is certain that the service saw nothing of the request."""
        return self in _BEFORE_SENDING


_BEFORE_SENDING = frozenset(
    {
        Fault.REFUSED,
        Fault.UNRESOLVED,
        Fault.UNREACHABLE,
        Fault.CONNECT_TIMEOUT,
        Fault.NO_TLS,
        Fault.UNTRUSTED,
        Fault.WRONG_NAME,
        Fault.EXPIRED,
        Fault.PROXY,
        Fault.BUSY,
        Fault.LOCAL,
    }
)

_SENTENCES = {
    Fault.REFUSED: "cannot connect to {host}: connection refused",
    Fault.UNRESOLVED: "cannot resolve {host}",
    Fault.UNREACHABLE: "cannot connect to {host}",
    Fault.CONNECT_TIMEOUT: "cannot connect to {host}: timed out",
    Fault.NO_TLS: "no TLS answer from {host}: is this an https port?",
    Fault.UNTRUSTED: "the certificate of {host} is not trusted; for a private authority set SSL_CERT_FILE",
    Fault.WRONG_NAME: "the certificate of {host} is for another name",
    Fault.EXPIRED: "the certificate of {host} has expired or is not valid yet",
    Fault.PROXY: "the proxy did not open a connection to {host}",
    Fault.BUSY: "all connections to {host} are in use",
    Fault.LOCAL: "the request to {host} could not be formed",
    Fault.TIMEOUT: "{host} did not answer in time",
    Fault.RESET: "the connection to {host} was reset",
    Fault.INCOMPLETE: "incomplete answer from {host}",
    Fault.TOO_LARGE: "the answer of {host} is too large (over {limit} MiB)",
    Fault.ENCODED: "unreadable answer from {host}: damaged or unknown compression",
    Fault.OTHER: "the connection to {host} failed",
}

_ERRORS: dict[Fault, type[OctomilError]] = {
    Fault.UNTRUSTED: UntrustedError,
    Fault.WRONG_NAME: UntrustedError,
    Fault.EXPIRED: UntrustedError,
    Fault.CONNECT_TIMEOUT: TimedOutError,
    Fault.TIMEOUT: TimedOutError,
    Fault.TOO_LARGE: TooLargeError,
    Fault.ENCODED: UnreadableError,
    Fault.LOCAL: RequestRefusedError,
}

_CERTIFICATE = {10: Fault.EXPIRED, 9: Fault.EXPIRED, 62: Fault.WRONG_NAME, 64: Fault.WRONG_NAME}
"""OpenSSL's verification results that have a sentence of their own."""

BODY_LIMIT = 8 * 1024 * 1024
"""Bytes of one decoded body that are held at most."""


class FaultError(Exception):
    """Carries a fault from the transport to the code that knows what was asked; never leaves this package.

    Args:
        fault: Why there is no whole answer.
        is_stale_connection: Whether the request went out on a connection that was kept from before,
            and was closed before any of the answer came: most likely the service never saw it.
    """

    def __init__(self, fault: Fault, *, is_stale_connection: bool = False) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.is_stale_connection = is_stale_connection


def sentence(fault: Fault, host: str, limit: int = BODY_LIMIT) -> str:
    """Return what happened, never empty, without any text of the HTTP library."""
    return _SENTENCES[fault].format(host=host, limit=max(limit // (1024 * 1024), 1))


def read_error(fault: Fault, host: str, limit: int = BODY_LIMIT) -> OctomilError:
    """Return the error that a read raises for `fault`."""
    return _ERRORS.get(fault, UnreachableError)(sentence(fault, host, limit))


def not_the_api(
    content_type: str, host: str, status: int, retry_after: float | None = None
) -> NotTheApiError:
    """Return the error for an answer of another content type than JSON."""
    return NotTheApiError(
        f"not the API: {content_type} from {host} (status {status})", status=status, retry_after=retry_after
    )


def connect_fault(error: Exception) -> Fault:
    """Return why a connection was not opened, as far as the causes of the library's exception tell."""
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _CERTIFICATE.get(cause.verify_code, Fault.UNTRUSTED)
    for kind, fault in (
        (ssl.SSLError, Fault.NO_TLS),
        (socket.gaierror, Fault.UNRESOLVED),
        (ConnectionRefusedError, Fault.REFUSED),
    ):
        if any(isinstance(cause, kind) for cause in causes):
            return fault
    return Fault.UNREACHABLE


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for inner in error.exceptions:
                yield from _causes(inner)
        error = error.__cause__ or error.__context__
