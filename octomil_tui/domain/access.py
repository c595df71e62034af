"""What a key is, as the service tells it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Access:
    """Whom a key belongs to and what it may do; everything is optional, and safe to show."""

    who: str | None = None
    org_id: str | None = None
    role: str | None = None
    scopes: tuple[str, ...] | None = None
    """Permissions such as `rollouts:write`; None where the service does not tell them."""
