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


def differences(shown: Plan, now: Plan) -> tuple[str, ...]:
    """Return what changed, one safe clause each; empty when both plans have the same digest."""
    if shown.digest == now.digest:
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
            yield f"{new} {words} instead of {old}"


def _rollout(rollout: Rollout | None) -> str:
    if rollout is None:
        return "no rollout runs"
    share = f" at {whole_percent(rollout.share)}%" if rollout.share is not None else ""
    return f"rollout {clean(rollout.id)} is {rollout.word}{share}"
