"""How a rollback ends for the script that waits for it. Pure."""

from __future__ import annotations

import sys
from enum import StrEnum

from octomil_tui.cli.exits import Exit, Verdict, rejected
from octomil_tui.domain.convergence import ON_TARGET, Stage
from octomil_tui.domain.rollback import Phase, Rollback
from octomil_tui.domain.wording import trouble
from octomil_tui.report.sentences import (
    done_sentence,
    missing,
    progress_sentence,
    unknown_sentence,
    verified_sentence,
    wider_sentence,
)

NONE_OFFLINE = 0
"""Devices that may be missing where nothing was said."""

ANY_OFFLINE = sys.maxsize
"""Devices that may be missing with a bare `--offline-ok`."""


class Until(StrEnum):
    """What a watch waits for."""

    VERIFIED = "verified"
    """Every reachable device reported the target."""
    SETTLED = "settled"
    """Every reachable device still did at its next sync: DONE."""
    COMPLETE = "complete"
    """And nobody offline is left."""


_TROUBLE = {
    Phase.REGRESSED: (Exit.FAILED, "regressed"),
    Phase.FAILED: (Exit.FAILED, "failed"),
    Phase.SUPERSEDED: (Exit.CONFLICT, "superseded"),
    Phase.DIVERGED: (Exit.CONFLICT, "diverged"),
}


_UNDER_WAY = (Phase.ROLLING_BACK, Phase.STALLED)


def has_ended(rollback: Rollback, until: Until) -> bool:
    """Say whether there is nothing left to wait for."""
    phase = rollback.phase
    if phase is Phase.DONE:
        return until is not Until.COMPLETE
    if phase in _UNDER_WAY and until is Until.VERIFIED:
        return is_verified(rollback)
    return phase.is_over or phase is Phase.REGRESSED


def is_verified(rollback: Rollback) -> bool:
    """Say whether every reachable device reports the target now, and at least one does."""
    watch = rollback.watch
    if watch is None or not watch.whole.verified:
        return False
    whole = watch.whole
    return whole.reachable == whole.reachable_verified


def verdict(
    rollback: Rollback,
    *,
    until: Until = Until.SETTLED,
    offline_ok: int = NONE_OFFLINE,
    status: int | None = None,
) -> Verdict:
    """Return how a rollback ends now; one that still runs is late.

    Args:
        rollback: As far as it is known.
        until: What was waited for.
        offline_ok: How many devices may be missing for an end without fault.
        status: The HTTP status of a refusal.
    """
    phase = rollback.phase
    if phase in (Phase.DONE, Phase.COMPLETE):
        return _done(rollback, until, offline_ok)
    if phase in _TROUBLE:
        code, word = _TROUBLE[phase]
        return Verdict(code, word, trouble(rollback))
    if phase in _UNDER_WAY:
        return _running(rollback, until, offline_ok)
    return _unbegun(rollback, status)


def _done(rollback: Rollback, until: Until, offline_ok: int) -> Verdict:
    sentence = done_sentence(rollback)
    if rollback.phase is Phase.COMPLETE:
        return Verdict(Exit.OK, "complete", sentence)
    if until is Until.COMPLETE:
        return Verdict(Exit.UNFINISHED, "running", f"still running: {sentence} It goes on.")
    return Verdict(_by_missing(rollback, offline_ok, Stage.SETTLED), "done", sentence)


def _by_missing(rollback: Rollback, offline_ok: int, *there: Stage) -> Exit:
    left = missing(rollback.watch, *there) if rollback.watch is not None else 0
    return Exit.OK if left <= offline_ok else Exit.OFFLINE_LEFT


def _running(rollback: Rollback, until: Until, offline_ok: int) -> Verdict:
    if until is Until.VERIFIED and is_verified(rollback):
        code = _by_missing(rollback, offline_ok, *ON_TARGET)
        return Verdict(code, "verified", verified_sentence(rollback))
    progress = progress_sentence(rollback.watch) if rollback.watch is not None else ""
    if rollback.phase is Phase.STALLED:
        return Verdict(Exit.UNFINISHED, "stalled", f"{trouble(rollback)}. {progress} It goes on.")
    return Verdict(Exit.UNFINISHED, "running", f"still running: {progress} It goes on.")


def _unbegun(rollback: Rollback, status: int | None) -> Verdict:
    match rollback.phase:
        case Phase.WIDER:
            return Verdict(Exit.CONFLICT, "wider", wider_sentence(rollback))
        case Phase.REJECTED:
            return Verdict(
                rejected(status), "rejected", f"{rollback.sentence.rstrip('.')}; nothing was changed"
            )
        case Phase.NOT_SENT | Phase.PLANNED:
            return Verdict(Exit.CONNECTION, "not_sent", rollback.sentence or "nothing was sent")
        case _:
            return Verdict(Exit.UNFINISHED, "unknown", unknown_sentence(rollback))
