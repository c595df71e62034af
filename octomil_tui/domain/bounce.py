"""A device that left the target again: what is known of it, and what it most likely means."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from octomil_tui.domain.fleet import Device, Installation
from octomil_tui.domain.step import failed_word
from octomil_tui.domain.text import clean, version_label

GUARDED_FOR = 600.0
"""Seconds after a switch in which a device that goes back by itself was most likely taken back by its crash guard."""

REMEMBERED = 64
"""Bounces of which the particulars are kept, the newest ones; all of them are counted."""

_MINUTE = 60
_HOUR = 3600


class Cause(StrEnum):
    """Why a device left the target, as far as what it and the service say tells."""

    TOLD = "told"
    """The service wants another version there: somebody else had it changed."""
    HEALTH = "health"
    """Its own status says that the model failed."""
    GUARD = "guard"
    """It went back by itself, soon after the switch."""
    BETWEEN = "between"
    """It left and came back between two looks."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Bounce:
    """One device that left the target once."""

    device_id: str
    name: str
    """Safe to show."""
    at: float
    """When it was first known to have left, by the service's clock."""
    after: float | None
    """Seconds between the report of the target and that; None for a device that was there from the start."""
    version: str | None
    """What it reported then, raw; None where it was back before anybody looked."""
    cause: Cause
    word: str = ""
    """Its own status word where that says what failed, safe to show."""

    @property
    def why(self) -> str:
        """The likely cause in a few words, for a column."""
        match self.cause:
            case Cause.TOLD:
                return f"bounced: told {version_label(self.version)}"
            case Cause.HEALTH:
                return f"bounced: {clean(self.word.replace('_', ' '))}"
            case Cause.GUARD:
                return "bounced, crash guard?"
            case Cause.BETWEEN:
                return "bounced and came back"
            case _:
                return f"bounced after {_span(self.after)}" if self.after is not None else "bounced"

    @property
    def sentence(self) -> str:
        """What happened and its likely cause, as a sentence without its full stop and its time."""
        what = f"{self.name} bounced to {version_label(self.version)}"
        after = f" {_span(self.after)} after the switch" if self.after is not None else ""
        match self.cause:
            case Cause.TOLD:
                return f"{what}{after}: the server wants it there, somebody else had that changed"
            case Cause.HEALTH:
                return f"{what}{after} and says `{clean(self.word)}`"
            case Cause.GUARD:
                return f"{what}{after}, most likely by its crash guard"
            case Cause.BETWEEN:
                return f"{self.name} bounced: it left and came back between two looks"
            case _:
                return f"{what}{after}"


def bounce_of(
    device: Device, installation: Installation, to_version: str, verified_at: float | None, at: float
) -> Bounce:
    """Return what is known of a bounce.

    Args:
        device: As it is now.
        installation: Of the model.
        to_version: The target.
        verified_at: When it began to report the target before; None where it was there from the start.
        at: The service's clock at the look.
    """
    is_back = installation.version == to_version
    seen = device.last_contact_at if device.last_contact_at is not None else at
    since = installation.since
    # A first report that is older than the target's was not moved by the service.
    left_at = since if since is not None and since > (verified_at or 0.0) else seen
    after = max(0.0, left_at - verified_at) if verified_at is not None else None
    return Bounce(
        device.id,
        device.name,
        left_at,
        after,
        None if is_back else installation.version,
        Cause.BETWEEN if is_back else _cause(installation, to_version, after),
        failed_word(installation),
    )


def _cause(installation: Installation, to_version: str, after: float | None) -> Cause:
    if installation.wanted not in (None, to_version):
        return Cause.TOLD
    if failed_word(installation):
        return Cause.HEALTH
    return Cause.GUARD if after is not None and after <= GUARDED_FOR else Cause.UNKNOWN


def _span(seconds: float) -> str:
    """Return `45s`, `7m` or `3h`, rounded down."""
    whole = int(seconds)
    if whole < _MINUTE:
        return f"{whole}s"
    return f"{whole // _MINUTE}m" if whole < _HOUR else f"{whole // _HOUR}h"
