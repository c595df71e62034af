"""The counts of a watch as words, in one order for every screen, command and report."""

from __future__ import annotations

from dataclasses import dataclass

from octomil_tui.domain.convergence import Stage, Tally


@dataclass(frozen=True, slots=True)
class Part:
    """One clause: how many devices are in one stage."""

    stage: Stage
    count: int
    words: str


_WORDS = (
    (Stage.ON_THE_WAY, "on the way"),
    (Stage.WAITING, "waiting"),
    (Stage.STALE, "stale"),
    (Stage.OFFLINE, "offline"),
    (Stage.FAILED, "failed"),
    (Stage.BOUNCED, "bounced"),
    (Stage.UNKNOWN, "unknown"),
    (Stage.REVOKED, "revoked"),
    (Stage.GONE, "no longer listed"),
)


def parts(tally: Tally) -> tuple[Part, ...]:
    """Return a clause per stage that holds a device, the verified ones left aside.

    Together with `tally.verified` the counts add up to `tally.devices`.
    """
    return tuple(Part(stage, count, words) for stage, words in _WORDS if (count := tally.count(stage)))
