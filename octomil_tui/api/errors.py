"""Every error that a call of this package raises.

    OctomilError                    carries one clean sentence, fit to be shown
    ├── ConfigurationError          refused before anything was sent
    │   ├── AddressError            the base address cannot be used
    │   └── KeyRefusedError         the API key or its file cannot be used
    ├── RequestRefusedError         the guard stopped a request that must not leave
    │   └── ReadOnlyError           … because this console is read-only
    ├── UnreachableError            no answer from the service
    │   ├── UntrustedError          its certificate did not pass; never bypassed
    │   └── TimedOutError           it took too long
    ├── AnswerError                 an answer, but not one of this service's
    │   ├── NotTheApiError          HTML or another type: something in between spoke
    │   ├── UnreadableError         not JSON, cut short, or not of the expected shape
    │   ├── TooLargeError           more than the client is willing to hold
    │   └── RedirectedError         a redirect, which is never followed
    ├── StatusError                 the service refused a read
    │   ├── UnauthorizedError       401: the key is not, or no longer, accepted
    │   ├── ForbiddenError          403: the key lacks a permission
    │   ├── NotFoundError           404 or 405: no such thing, or no such route
    │   ├── RateLimitedError        429: `retry_after` says how long to wait
    │   └── ServerError             5xx
    └── RollbackError               what became of a rollback that was to be sent
        ├── NotSentError            nothing reached the service
        ├── RejectedError           the service refused it; nothing began
        └── UnknownOutcomeError     it may or may not have begun: read, never resend

The sentence never contains the key, the text of a library's exception, or a
character that a terminal would obey.
"""

from __future__ import annotations

from typing import ClassVar

from octomil_tui.api.redact import hide
from octomil_tui.domain.text import MESSAGE_LIMIT, clean


class OctomilError(Exception):
    """Something that a call could not do, with one sentence that says what.

    Args:
        message: The sentence; made safe to show here, and rid of keys.
        status: The HTTP status of the answer, where there was one.
        code: The service's own word for the error, such as `version_not_found`.
        request_id: The service's id of the request, for its support.
        retry_after: Seconds the service asked to wait, 1 to 120.
    """

    word: ClassVar[str] = "error"
    """One short word for logs and machine-readable output."""

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        code: str | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        # First the keys: the end of a sentence that is cut may be half of one.
        self.message = clean(hide(message), MESSAGE_LIMIT)
        super().__init__(self.message)
        self.status = status
        self.code = None if code is None else clean(hide(code))
        self.request_id = None if request_id is None else clean(hide(request_id))
        self.retry_after = retry_after


class ConfigurationError(OctomilError):
    """A setting cannot be used; nothing was sent."""

    word = "configuration"


class AddressError(ConfigurationError):
    """The base address cannot be used, and the sentence says why."""

    word = "address"


class KeyRefusedError(ConfigurationError):
    """The API key, or the file it is in, cannot be used; the value is never part of the sentence."""

    word = "key"


class RequestRefusedError(OctomilError):
    """The guard stopped a request to another origin or of a kind this client never sends."""

    word = "refused-here"


class ReadOnlyError(RequestRefusedError):
    """This console is read-only; nothing was sent."""

    word = "read-only"


class UnreachableError(OctomilError):
    """The service gave no answer: not resolved, refused, reset, or cut off."""

    word = "unreachable"


class UntrustedError(UnreachableError):
    """The certificate is unknown, expired, or for another name; there is no way around it."""

    word = "untrusted"


class TimedOutError(UnreachableError):
    """The answer was not complete within the deadline."""

    word = "timeout"


class AnswerError(OctomilError):
    """An answer came, but it is not one that the service gives."""

    word = "answer"


class NotTheApiError(AnswerError):
    """HTML or another content type: a proxy, a portal, or a wrong base address."""

    word = "not-the-api"


class UnreadableError(AnswerError):
    """The body is not JSON, was cut short, or has another shape than documented."""

    word = "unreadable"


class TooLargeError(AnswerError):
    """The body is larger than the client is willing to hold."""

    word = "too-large"


class RedirectedError(AnswerError):
    """The service points elsewhere; redirects are never followed, so that the key stays here."""

    word = "redirected"


class StatusError(OctomilError):
    """The service refused a read; `status` and `code` say how."""

    word = "status"


class UnauthorizedError(StatusError):
    """401: the key is not, or no longer, accepted."""

    word = "unauthorized"


class ForbiddenError(StatusError):
    """403: the key lacks a permission."""

    word = "forbidden"


class NotFoundError(StatusError):
    """404 or 405: no such model, rollout, device or group, or no such route on this service."""

    word = "not-found"


class RateLimitedError(StatusError):
    """429: too many requests with this key; `retry_after` where the service said."""

    word = "rate-limited"


class ServerError(StatusError):
    """5xx: the service failed."""

    word = "server"


class RollbackError(OctomilError):
    """What became of a rollback that was to be sent."""

    word = "rollback"


class NotSentError(RollbackError):
    """Nothing reached the service, so trying again is safe."""

    word = "not-sent"


class RejectedError(RollbackError):
    """The service refused the rollback (`status`, `code`); nothing began."""

    word = "rejected"


class UnknownOutcomeError(RollbackError):
    """The rollback may or may not have begun: find out by reading, never send it again blindly."""

    word = "unknown"
