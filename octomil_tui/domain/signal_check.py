"""What the figures say of a plan: how the version to go back to did, and how the one to leave does. Pure.

These stand beside the checks of `domain.check` and are no part of the plan's
digest: figures move by themselves, and no plan would live for a minute.
Nothing here stops a plan. A rescue does not wait for a monitoring service.
"""

from __future__ import annotations

from collections.abc import Sequence

from octomil_tui.domain.check import Check, Weight
from octomil_tui.domain.plan import Plan
from octomil_tui.domain.radius import PlanClass
from octomil_tui.domain.signal import Metric, ModelHealth, VersionHealth
from octomil_tui.domain.signal_judge import findings, times_worse
from octomil_tui.domain.signal_words import finding_words, served_words, told
from octomil_tui.domain.text import version_label

_HELD = (Metric.ERRORS, Metric.CRASHES, Metric.P95, Metric.QUALITY)


def with_signals(
    checks: Sequence[Check], plan: Plan, health: ModelHealth | None, *, brief: bool = False
) -> tuple[Check, ...]:
    """Return a plan's checks with what the figures say after the first of them, which is about the target too.

    Args:
        checks: Of the plan.
        plan: The plan.
        health: The figures; None where nobody asked for them, or nobody tells.
        brief: Whether there is little room: what only confirms must not push out what needs a thought.
    """
    if health is None:
        return tuple(checks)
    first, *others = signal_checks(plan, health)
    kept = [one for one in others if not brief or one.weight is not Weight.OK]
    return (*checks[:1], first, *kept, *checks[1:])


def signal_checks(plan: Plan, health: ModelHealth | None) -> tuple[Check, ...]:
    """Return what the figures say for and against a plan; one line that says so where there are none."""
    target = health.version(plan.to_version) if health is not None else None
    if health is None or not (health.usual or any(one.best_known for one in health.versions)):
        return (
            Check(Weight.OK, "no figures: this service does not say how versions do, or was not asked yet"),
        )
    found = [_target(plan, target, health)]
    leaving = findings(health, plan.from_version) if plan.from_version != plan.to_version else ()
    if leaving:
        said = " and ".join(finding_words(one) for one in leaving[:2])
        found.append(Check(Weight.OK, f"{version_label(plan.from_version)} is what is bad: {said}"))
    elif plan.from_version != plan.to_version and plan.total.count(PlanClass.CHANGE):
        left = health.version(plan.from_version)
        if left is not None and left.now:
            found.append(
                Check(Weight.LOOK, f"{version_label(plan.from_version)} shows nothing worse than usual")
            )
    return tuple(found)


def _target(plan: Plan, target: VersionHealth | None, health: ModelHealth) -> Check:
    label = version_label(plan.to_version)
    if target is None or not target.best_known:
        return Check(Weight.LOOK, f"{label}: no data of how it did")
    now_bad = findings(health, plan.to_version)
    if now_bad:
        return Check(Weight.LOOK, f"{label} does badly too: {finding_words(now_bad[0])}")
    served = target.served
    if served is not None:
        for metric in _HELD:
            was, usual = served.figures.get(metric), health.usual.get(metric)
            if times_worse(metric, was, usual) is not None:
                return Check(
                    Weight.LOOK,
                    f"{label} did worse than usual: {metric.value} {told(was)}, usual {told(usual)}",
                )
    said = served_words(served, health.at) or served_words_now(target)
    return Check(Weight.OK, f"{label}: {said}")


def served_words_now(target: VersionHealth) -> str:
    """Return what a version does now, where nothing is known of how it served."""
    told_now = [f"{metric.value} {told(target.now[metric])}" for metric in _HELD if metric in target.now]
    return f"{', '.join(told_now)} now" if told_now else "its figures say nothing of errors or delays"
