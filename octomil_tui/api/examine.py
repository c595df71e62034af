"""One question to a service, for whoever wants to know how it answers rather than what."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from octomil_tui.api.address import Address
from octomil_tui.api.answer import Asked
from octomil_tui.api.connection import Connections
from octomil_tui.api.error_body import status_error
from octomil_tui.api.errors import OctomilError
from octomil_tui.api.fault import FaultError, not_the_api, read_error
from octomil_tui.domain.text import clean

_LIMITS = ("limit", "remaining", "reset")


@dataclass(frozen=True, slots=True)
class Examined:
    """How a service answered."""

    seconds: float
    """From asking to the last byte."""
    error: OctomilError | None
    """Why there is nothing to be read; None where there is."""
    status: int | None = None
    """Of the answer; None where there was none."""
    served_at: float | None = None
    """The service's clock, epoch seconds."""
    limits: Mapping[str, str] = field(default_factory=dict)
    """What it tells of its rate limit: `limit`, `remaining`, `reset`; safe to show."""


async def examine(
    connections: Connections,
    address: Address,
    *segments: str,
    deadline: float,
    clock: Callable[[], float] = time.monotonic,
) -> Examined:
    """Ask for one thing, once, and return how it was answered; raises nothing of its own.

    Args:
        connections: The way to the service, with its key or without one.
        address: The service.
        segments: The path below its base.
        deadline: Seconds until the last byte is here.
        clock: Monotonic seconds.
    """
    begun = clock()
    try:
        answer = await connections.get(Asked(address.path(*segments)), deadline, deadline)
    except FaultError as error:
        return Examined(clock() - begun, read_error(error.fault, address.netloc))
    except OctomilError as error:
        return Examined(clock() - begun, error)
    wrong: OctomilError | None = None
    if not answer.is_success:
        wrong = status_error(answer, address.netloc)
    elif not answer.may_be_json:
        wrong = not_the_api(clean(answer.content_type), address.netloc, answer.status)
    return Examined(clock() - begun, wrong, answer.status, answer.served_at, _limits(answer.headers))


def _limits(headers: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for name in _LIMITS:
        told = headers.get(f"x-ratelimit-{name}") or headers.get(f"ratelimit-{name}")
        if told:
            found[name] = clean(told, 40)
    return found
