"""The checks of a plan: what was looked at before anything is sent, and what may stop it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from octomil_tui.domain.fleet import Connectivity, Device, FleetSnapshot, Rollout
from octomil_tui.domain.plan import Plan
from octomil_tui.domain.radius import PlanClass
from octomil_tui.domain.text import clean, counted, version_label, whole_percent
from octomil_tui.domain.verdict import Level

SILENCED_WITHIN = 600.0
"""Seconds between getting a version and the last word, up to which the version is suspected."""


class Weight(StrEnum):
    """What a check asks of the operator."""

    OK = "ok"
    LOOK = "look"
    """True, and worth a thought; nothing is blocked."""
    STOP = "stop"
    """Nothing can be sent."""


class Stop(StrEnum):
    """Why a plan cannot be sent."""

    TARGET = "target"
    """The version is unknown or was never deployed."""
    EMPTY = "empty"
    """The scope holds no device."""
    BUSY = "busy"
    """A rollback to the same version already covers the scope."""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the checks pane; `text` is safe to show."""

    weight: Weight
    text: str
    stop: Stop | None = None


def checks(plan: Plan, snapshot: FleetSnapshot) -> tuple[Check, ...]:
    """Return what was checked for this plan, in the order in which it matters."""
    return tuple(
        check
        for check in (
            _target(plan),
            _scope(plan),
            *_rollouts(plan),
            _reach(plan),
            _moves_up(plan),
            _unknown(plan),
            _uncounted(plan),
            _unreadable(snapshot),
            _memberships(plan, snapshot),
            _silenced(plan, snapshot),
        )
        if check is not None
    )


def stops(found: Iterable[Check]) -> tuple[Check, ...]:
    """Return the checks that keep the plan from being sent."""
    return tuple(check for check in found if check.weight is Weight.STOP)


def _target(plan: Plan) -> Check:
    version = version_label(plan.to_version)
    word, reason = plan.verdict.word, plan.verdict.reason
    if plan.verdict.level is Level.REFUSE:
        return Check(Weight.STOP, f"{version} cannot be a target: {reason}", Stop.TARGET)
    if plan.verdict.level is Level.WARN:
        return Check(Weight.LOOK, f"{version} {word}: {reason}")
    serves = plan.total.count(PlanClass.NO_OP)
    on = f"; {serves} run it" if serves else ""
    return Check(Weight.OK, f"{version}: {reason}{on}")


def _scope(plan: Plan) -> Check | None:
    if plan.is_empty:
        what = (
            "no device has this model"
            if plan.scope.is_fleet
            else f"group {clean(plan.scope.group_name)} has no device with it"
        )
        return Check(Weight.STOP, f"nothing to roll back: {what}", Stop.EMPTY)
    if plan.scope.is_fleet:
        return None
    members = plan.total.devices
    name = clean(plan.scope.group_name)
    if not members:
        return Check(Weight.LOOK, f"nobody can say how many devices {name} has")
    return Check(Weight.OK, f"{name} has {counted(members, 'device')}; the reply must not exceed {members:,}")


def _rollouts(plan: Plan) -> Iterable[Check]:
    running = plan.active_rollout
    if running is None:
        yield Check(Weight.OK, "no rollout of this model is running")
        return
    if running.is_rollback:
        yield _other_rollback(plan, running)
        return
    what = f"rollout {clean(running.id)} ({version_label(running.version)}{_percent(running)})"
    if plan.scope.is_fleet or running.group is not None:
        yield Check(Weight.OK, f"{what} will be cancelled by this")
    else:
        yield Check(Weight.LOOK, f"{what} is the fleet's; this cancels it for all")
    yield Check(Weight.OK, "nobody else is rolling this model back")


def _other_rollback(plan: Plan, running: Rollout) -> Check:
    who = f" by {running.by}" if running.by else ""
    what = f"rollback {clean(running.id)} to {version_label(running.version)}{who}"
    covers = running.group is None or running.group in (plan.scope.group_id, plan.scope.group_name)
    if running.version == plan.to_version and covers:
        return Check(Weight.STOP, f"{what} is running already: watch it instead", Stop.BUSY)
    return Check(Weight.LOOK, f"{what} is running; this takes its place")


def _reach(plan: Plan) -> Check | None:
    """Warn where nobody would hear of it now."""
    moving = [d for d in plan.devices if d.plan_class is not PlanClass.NO_OP]
    if not moving or any(d.connectivity.is_reachable for d in moving):
        return None
    they = "it reverts at its" if len(moving) == 1 else "they revert at their"
    return Check(Weight.LOOK, f"0 online of {counted(len(moving), 'device')} that change: {they} next sync")


def _moves_up(plan: Plan) -> Check | None:
    moving = [d for d in plan.devices if d.plan_class is PlanClass.UP]
    if not moving:
        return None
    versions = ", ".join(sorted({version_label(d.version) for d in moving}))
    acts = (
        "the server acts on the whole fleet" if plan.scope.is_fleet else "the server acts on the whole group"
    )
    return Check(Weight.LOOK, f"{counted(len(moving), 'device')} on {versions} will move UP: {acts}")


def _unknown(plan: Plan) -> Check | None:
    unknown = plan.total.count(PlanClass.UNKNOWN) - plan.uncounted
    if not unknown:
        return None
    what = (
        "device does not say which version it runs"
        if unknown == 1
        else "devices do not say which version they run"
    )
    return Check(Weight.LOOK, f"{unknown} {what}")


def _uncounted(plan: Plan) -> Check | None:
    """Say what a plan of a scope that is too large to read whole does not know."""
    if not plan.uncounted:
        return None
    counted = plan.total.devices - plan.uncounted
    return Check(
        Weight.LOOK,
        f"{counted:,} of {plan.total.devices:,} devices counted; the other {plan.uncounted:,} are only known to exist",
    )


def _unreadable(snapshot: FleetSnapshot) -> Check | None:
    missing = snapshot.devices_unreadable
    if not missing:
        return None
    rows = "1 device row was" if missing == 1 else f"{missing} device rows were"
    return Check(Weight.LOOK, f"{rows} unreadable and not counted; a rollback may reach what stands there")


def _memberships(plan: Plan, snapshot: FleetSnapshot) -> Check | None:
    if plan.scope.is_fleet:
        return None
    inside = {d.id for d in plan.devices}
    shared = [d for d in snapshot.devices or () if d.id in inside and len(d.groups) > 1]
    name = clean(plan.scope.group_name)
    if not shared:
        return Check(Weight.OK, f"no device is in {name} and in another group")
    verb = "is" if len(shared) == 1 else "are"
    return Check(Weight.LOOK, f"{counted(len(shared), 'device')} of {name} {verb} in other groups too")


def _silenced(plan: Plan, snapshot: FleetSnapshot) -> Check | None:
    inside = {d.id for d in plan.devices}
    silent = [
        d
        for d in snapshot.devices or ()
        if d.id in inside and went_silent(d, plan.model.id, plan.from_version)
    ]
    if not silent:
        return None
    version = version_label(plan.from_version)
    return Check(
        Weight.LOOK,
        f"{counted(len(silent), 'offline device')} went silent within minutes of getting {version}",
    )


def went_silent(device: Device, model_id: str, version: str | None) -> bool:
    """Say whether the device fell silent right after it got `version`."""
    installation = device.installations.get(model_id)
    if installation is None or version is None or installation.version != version:
        return False
    if (
        device.connectivity is not Connectivity.OFFLINE
        or installation.since is None
        or device.last_contact_at is None
    ):
        return False
    return device.last_contact_at - installation.since <= SILENCED_WITHIN


def _percent(rollout: Rollout) -> str:
    return f", {whole_percent(rollout.share)}%" if rollout.share is not None else ""
