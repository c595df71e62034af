"""The service itself: whether it answers, whose clock is wrong, and what the key may do."""

from __future__ import annotations

from collections.abc import Iterator

from octomil_tui.api.address import Address
from octomil_tui.api.errors import (
    ForbiddenError,
    KeyRefusedError,
    NotFoundError,
    OctomilError,
    UnauthorizedError,
)
from octomil_tui.api.examine import Examined
from octomil_tui.cli.checkup.finding import Finding, fine, unknown, wrong
from octomil_tui.cli.exits import Exit, exit_of
from octomil_tui.domain.access import Access
from octomil_tui.engine.trouble import SKEW
from octomil_tui.report.words import age
from octomil_tui.settings import Settings

_READERS = frozenset({"viewer", "read", "reader", "readonly", "read-only", "read_only", "guest"})
_SCOPES_SHOWN = 6


def answer_findings(examined: Examined, *, has_key: bool) -> Iterator[Finding]:
    """Yield how a service answered the first question, which was for its models."""
    took, error = f"answers in {examined.seconds * 1000:.0f} ms", examined.error
    if error is None:
        yield fine("api", took)
    elif isinstance(error, UnauthorizedError) and not has_key:
        yield fine("api", f"{took}, and wants a key (401)")
    elif isinstance(error, UnauthorizedError | ForbiddenError):
        yield fine("api", took)
        told = (
            "is not accepted (401)" if isinstance(error, UnauthorizedError) else "may not list models (403)"
        )
        yield wrong("key", told, "use another one, or have it renewed", Exit.NOT_ALLOWED)
    elif isinstance(error, KeyRefusedError):
        yield wrong("key", error.message, exit=Exit.USAGE)
    else:
        advice = "is the address right, with its /v1?" if isinstance(error, NotFoundError) else "try again"
        yield wrong("api", error.message, advice, exit_of(error))


def clock_finding(examined: Examined, address: Address, now: float) -> Finding:
    """Return how the service's clock stands to this machine's.

    Args:
        examined: An answer.
        address: The service.
        now: Epoch seconds of this machine when the answer was here.
    """
    if examined.served_at is None:
        return unknown("clock", "the service does not tell its time")
    # It was read somewhere between asking and now, and tells whole seconds.
    ahead = examined.served_at - (now - examined.seconds / 2)
    if abs(ahead) <= SKEW:
        return fine("clock", "this machine's and the service's agree, within a minute")
    text = f"the service's is {age(abs(ahead))} {'ahead' if ahead > 0 else 'behind'}"
    if address.is_loopback:
        return unknown("clock", text, "a practice fleet has a clock of its own")
    return wrong(
        "clock", text, "set this machine's (timedatectl); ages on the screens count by the service's"
    )


def limit_finding(examined: Examined) -> Finding:
    """Return what the service tells of how often it may be asked."""
    if not examined.limits:
        return fine(
            "rate limit", "not told; the console asks at most 100 times a minute, and less after a 429"
        )
    return fine("rate limit", ", ".join(f"{name} {value}" for name, value in examined.limits.items()))


def access_finding(found: Access | OctomilError, settings: Settings) -> Finding:
    """Return what a key that is accepted may do, as far as it is told."""
    key = settings.api_key
    whose = f"{key.value.fingerprint if key.value is not None else '?'} from {key.origin}"
    if isinstance(found, OctomilError):
        why = "does not tell" if isinstance(found, NotFoundError) else f"did not tell ({found.word})"
        return unknown("key", f"{whose}, accepted; the service {why} what it may do")
    told = [
        found.role and f"role {found.role}",
        found.org_id and f"of {found.org_id}",
        found.who and f"as {found.who}",
    ]
    text = f"{whose}, accepted: {', '.join(one for one in told if one) or 'nothing more is told'}"
    if found.scopes is not None:
        more = f" and {len(found.scopes) - _SCOPES_SHOWN} more" if len(found.scopes) > _SCOPES_SHOWN else ""
        text += f"; may {', '.join(found.scopes[:_SCOPES_SHOWN]) or 'nothing'}{more}"
    if settings.org_id.value is not None and found.org_id not in (None, settings.org_id.value):
        advice = f"the settings name {settings.org_id.value} ({settings.org_id.origin})"
        return unknown("key", text, advice)
    if not may_write(found):
        return unknown("key", text, "by that it may look, and not roll back")
    return fine("key", text)


def may_write(access: Access) -> bool:
    """Return whether a key may roll back, as far as is told; yes where nothing is."""
    if access.scopes is not None:
        return any(
            scope.casefold() in ("*", "admin") or ("write" in scope.casefold()) or scope.endswith(":*")
            for scope in access.scopes
        )
    return access.role is None or access.role.casefold() not in _READERS
