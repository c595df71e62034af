"""Whether the plan that is shown may still be sent. Pure: what the polls read is held against what was shown."""

from __future__ import annotations

from octomil_tui.domain.check import stops
from octomil_tui.domain.difference import differences
from octomil_tui.domain.plan import Plan, make_plan
from octomil_tui.engine.preflight import Preflight
from octomil_tui.engine.state import ConsoleState
from octomil_tui.engine.topic import ACTIVE, DEVICES

FROZEN = "the picture is frozen"
"""Why nothing is sent while somebody looks at what was."""


def moved(state: ConsoleState, plan: Plan, read_mono: float) -> tuple[str, ...]:
    """Return what is different now from what is shown, one clause each; empty while nothing is known to be.

    Args:
        state: What the polls read.
        plan: What is shown.
        read_mono: This machine's monotonic clock when the plan was read.
    """
    snapshot, model_id = state.snapshot, plan.model.id
    is_read = snapshot.devices is not None and model_id in snapshot.rollouts and model_id in snapshot.versions
    if not is_read or not plan.devices_known or not _is_older(state, read_mono):
        return ()
    if plan.uncounted or snapshot.uncounted:
        # The polls counted other devices of the fleet than the plan did; only reading it again can tell.
        return ()
    return differences(plan, make_plan(snapshot, plan.model, plan.to_version, plan.scope))


def still_true(plan: Plan, age: str, read: str) -> str:
    """Return how true a plan is of which nothing is known to have moved, a clause.

    Args:
        plan: What is shown.
        age: How long ago it was made.
        read: How long ago the polls read the devices.
    """
    if plan.uncounted:
        return f"made {age} ago; Enter reads it again before anything is sent"
    return f"made {age} ago, re-read {read} ago: still true"


def _is_older(state: ConsoleState, read_mono: float) -> bool:
    """Say whether the plan is older than what the polls read: only then can they tell that it moved."""
    polled = (state.reads.get(DEVICES), state.reads.get(ACTIVE))
    return all(read is not None and (read.ok_mono or 0.0) > read_mono for read in polled)


def blocked(shown: Preflight, why_not: str, changes: tuple[str, ...], *, read_only: bool) -> str:
    """Return in a few words why nothing can be sent whatever is typed; empty where it can.

    Args:
        shown: The plan.
        why_not: Why the link allows no rollback now; empty where it does.
        changes: What moved since the plan was read.
        read_only: Whether this console may write at all.
    """
    if read_only:
        return "console is read-only"
    if stops(shown.checks):
        return "see the checks"
    if shown.plan.changes_nothing:
        return "nothing to do"
    if why_not:
        return why_not
    return "the fleet moved: esc" if changes else ""
