"""What changed between the plan that was shown and the world as it is now."""

from __future__ import annotations

from collections.abc import Iterable

from octomil_tui.domain.fleet import Rollout
from octomil_tui.domain.plan import Plan
from octomil_tui.domain.radius import PlanClass
from octomil_tui.domain.text import clean, version_label, whole_percent

_WORDS = {
    PlanClass.CHANGE: "devices change",
    PlanClass.NO_OP: "devices are there already",
    PlanClass.UP: "devices move up",
    PlanClass.UNKNOWN: "devices are unknown",
}


LARGE = 1_000
"""Devices up to which a plan is the same only where every device is as it was."""

DRIFT = 200
"""In a larger scope one device in so many may be in another class than when somebody decided."""


def is_same(shown: Plan, now: Plan) -> bool:
    """Say whether a plan is what somebody decided on, though some moments passed.

    A rollout that runs moves a device of a large fleet every few seconds: if
    each of them counted, nothing could ever be rolled back there. So in a
    scope of more than a thousand devices a few may have moved, while scope,
    versions and the rollout itself are as they were.
    """
    if shown.digest == now.digest:
        return True
    counted = min(plan.total.devices - plan.uncounted for plan in (shown, now))
    if counted <= LARGE or _frame(shown) != _frame(now):
        return False
    drift = counted // DRIFT
    return all(abs(shown.total.count(one) - now.total.count(one)) <= drift for one in PlanClass)


def _frame(plan: Plan) -> tuple[object, ...]:
    return (
        plan.model.id,
        plan.scope.group_id,
        plan.from_version,
        plan.to_version,
        _rollout(plan.active_rollout),
    )


def differences(shown: Plan, now: Plan) -> tuple[str, ...]:
    """Return what changed, one safe clause each; empty when both plans are the same to whoever decided."""
    if is_same(shown, now):
        return ()
    found = tuple(_found(shown, now))
    return found or ("the devices behind the counts are others than before",)


def _found(shown: Plan, now: Plan) -> Iterable[str]:
    if shown.from_version != now.from_version:
        yield f"it would leave {version_label(now.from_version)} instead of {version_label(shown.from_version)}"
    before, after = _rollout(shown.active_rollout), _rollout(now.active_rollout)
    if before != after:
        yield f"{after} instead of {before}"
    for plan_class, words in _WORDS.items():
        old, new = shown.total.count(plan_class), now.total.count(plan_class)
        if old != new:
            yield f"{new:,} {words} instead of {old:,}"


def _rollout(rollout: Rollout | None) -> str:
    if rollout is None:
        return "no rollout runs"
    share = f" at {whole_percent(rollout.share)}%" if rollout.share is not None else ""
    return f"rollout {clean(rollout.id)} is {rollout.word}{share}"
