"""What is known of a rollback as words: the same for every screen, command and report."""

from __future__ import annotations

from dataclasses import dataclass

from octomil_tui.domain.convergence import Stage, Tally
from octomil_tui.domain.fleet import Rollout
from octomil_tui.domain.judge import still_for
from octomil_tui.domain.rollback import Phase, Rollback
from octomil_tui.domain.text import clean, counted, version_label

_MINUTE = 60.0


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
    (Stage.LEFT, "left the group"),
    (Stage.UNSEEN, "not looked at yet"),
)


def parts(tally: Tally) -> tuple[Part, ...]:
    """Return a clause per stage that holds a device, the verified ones left aside.

    Together with `tally.verified` the counts add up to `tally.devices`.
    """
    return tuple(Part(stage, count, words) for stage, words in _WORDS if (count := tally.count(stage)))


def trouble(rollback: Rollback) -> str:
    """Return why a rollback cannot end well, or does not move, as a sentence without its full stop; else nothing."""
    number = f"rollback {clean(rollback.rollout_id)}" if rollback.rollout_id is not None else "the rollback"
    target = version_label(rollback.order.to_version)
    match rollback.phase:
        case Phase.REGRESSED:
            bounced = rollback.watch.whole.count(Stage.BOUNCED) if rollback.watch is not None else 0
            left = counted(bounced, "device") if bounced else "a device"
            return f"REGRESSED: {number} was done, and {left} left {target} again"
        case Phase.SUPERSEDED:
            return f"SUPERSEDED: {_rival(rollback)} took the place of {number} to {target}"
        case Phase.DIVERGED:
            return f"DIVERGED: {rollback.signs.diverged}"
        case Phase.STALLED:
            return f"STALLED: {_still(rollback)}"
        case Phase.FAILED:
            return f"FAILED: the server says `{clean(rollback.server_word)}` of {number} to {target}"
        case _:
            return ""


def _rival(rollback: Rollback) -> str:
    rival = rollback.signs.taken_by
    if rival is None:
        word = clean(rollback.server_word)
        return (
            f"the server says `{word}`: another rollout or rollback"
            if word
            else "another rollout or rollback"
        )
    return rollout_words(rival)


def rollout_words(rollout: Rollout) -> str:
    """Return `rollout 4140 to v2.1.0 by ana`."""
    what = "rollback" if rollout.is_rollback else "rollout"
    where = f" of {clean(rollout.group)}" if rollout.group is not None else ""
    by = f" by {rollout.by}" if rollout.by else ""
    return f"{what} {clean(rollout.id)}{where} to {version_label(rollout.version)}{by}"


def _still(rollback: Rollback) -> str:
    watch = rollback.watch
    still = still_for(watch) if watch is not None else None
    if watch is None or still is None:
        return "nothing moves"
    return f"none of {counted(watch.late, 'reachable device')} moved for {int(still // _MINUTE)} minutes"
