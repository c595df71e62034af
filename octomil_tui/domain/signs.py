"""What the service's own records say of a rollback, read by read, and where they contradict themselves or the devices."""

from __future__ import annotations

import math
from dataclasses import replace

from octomil_tui.domain.fleet import Rollout, RolloutState
from octomil_tui.domain.record import covers, made_at
from octomil_tui.domain.rollback import Observed, Rollback, Signs
from octomil_tui.domain.text import clean, version_label

GONE_AFTER = 2
"""Reads in a row without its record after which a rollback counts as no longer known."""

PATIENCE = 300.0
"""Seconds that the devices are given, from when the service calls it completed, to say so themselves."""

_SYNCS = 2
"""Syncs of the slowest device that they are given at least."""


def read_signs(rollback: Rollback, record: Rollout | None, event: Observed) -> Signs:
    """Return the signs after one more look.

    Args:
        rollback: With the devices and the record as they were just read.
        record: The service's own record of it, if one is listed.
        event: The look.
    """
    before = rollback.signs
    completed = rollback.server_state is RolloutState.COMPLETED
    since = before.completed_at if before.completed_at is not None else event.at
    signs = replace(
        before,
        was_listed=before.was_listed or record is not None,
        missed=_missed(before, record, event),
        completed_at=since if completed else None,
        taken_by=_taken_by(rollback, event.rollouts),
        mismatch=_mismatch(rollback, record),
    )
    return replace(signs, diverged=_diverged(rollback, signs, record, event.at))


def _missed(before: Signs, record: Rollout | None, event: Observed) -> int:
    if record is not None:
        return 0
    # One that was never listed may be of a service that lists none.
    return before.missed + 1 if before.was_listed and event.are_rollouts_new else before.missed


def _taken_by(rollback: Rollback, rollouts: tuple[Rollout, ...]) -> Rollout | None:
    """Return the newer rollout that leads the same devices elsewhere, if one runs."""
    newest = next((r for r in rollouts if r.state.is_running), None)
    if newest is None or rollback.rollout_id is None or newest.id == rollback.rollout_id:
        return None
    leads_elsewhere = newest.version != rollback.order.to_version and covers(rollback, newest)
    is_newer = (made_at(newest) or 0.0) > (rollback.sent_at or 0.0)
    return newest if leads_elsewhere and is_newer else None


def _diverged(rollback: Rollback, signs: Signs, record: Rollout | None, at: float) -> str:
    asked = rollback.order.to_version
    if record is not None and record.version != asked:
        return f"{version_label(asked)} was asked for, and the server's record goes to {version_label(record.version)}"
    if signs.missed >= GONE_AFTER:
        return f"the server no longer knows rollback {clean(rollback.rollout_id)}"
    elsewhere, seen_at = _elsewhere(rollback), _all_seen_at(rollback, at)
    if signs.completed_at is not None and elsewhere and seen_at - signs.completed_at > _patience(rollback):
        verb = "devices do" if elsewhere > 1 else "device does"
        return (
            f"the server says completed, and {elsewhere} reachable {verb} not report {version_label(asked)}"
        )
    return ""


def _elsewhere(rollback: Rollback) -> int:
    """Return how many reachable devices do not report the target; 0 where none says what it runs."""
    watch = rollback.watch
    if watch is None or not watch.says_versions:
        return 0
    whole = watch.whole
    return whole.reachable - whole.reachable_verified


def _all_seen_at(rollback: Rollback, at: float) -> float:
    """Return the moment as of which every device was seen: of a scope that is read by pages, when the oldest look was."""
    seen = rollback.watch.coverage if rollback.watch is not None else None
    if seen is None or seen.is_whole:
        return at
    is_known = seen.looked_at == seen.devices and seen.oldest_at is not None and not seen.is_beyond
    return seen.oldest_at if is_known and seen.oldest_at is not None else -math.inf


def _patience(rollback: Rollback) -> float:
    slowest = rollback.watch.slowest if rollback.watch is not None else 0.0
    return max(PATIENCE, _SYNCS * slowest)


def _mismatch(rollback: Rollback, record: Rollout | None) -> str:
    """Return the first of the service's counts that cannot be; nothing is corrected, it is said."""
    on_target = record.on_version if record is not None else None
    affected = record.affected if record is not None and record.affected is not None else rollback.affected
    if on_target is not None and affected is not None and on_target > affected:
        return f"the server counts {on_target} on the target of {affected} that it moves"
    devices = rollback.watch.whole.devices if rollback.watch is not None else 0
    is_fleet = rollback.order.group is None
    if is_fleet and affected is not None and 0 < devices < affected:
        return f"the server says that it moves {affected}, and {devices} devices have the model"
    return ""
