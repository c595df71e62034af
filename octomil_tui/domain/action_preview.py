"""What an action on a rollout or a version would do, and when it cannot be done; nothing here asks or sends."""

from __future__ import annotations

import math

from octomil_tui.domain.action import Action, ActionKind, GroupPart, Preview, percent
from octomil_tui.domain.fleet import Device, FleetSnapshot, Model, ModelVersion, Rollout, RolloutState
from octomil_tui.domain.text import clean, counted, version_label

NOT_ROLLBACK = "Cancel is not rollback: it takes no device back."
"""Said wherever a rollout can be cancelled."""

_HALF = 0.5
_SAME = 1e-6
_NEEDS = {
    ActionKind.PAUSE: (RolloutState.ACTIVE,),
    ActionKind.RESUME: (RolloutState.PAUSED,),
    ActionKind.ADVANCE: (RolloutState.ACTIVE,),
    ActionKind.SET: (RolloutState.PENDING, RolloutState.ACTIVE, RolloutState.PAUSED),
    ActionKind.CANCEL: (
        RolloutState.PENDING,
        RolloutState.ACTIVE,
        RolloutState.PAUSED,
        RolloutState.ROLLING_BACK,
    ),
}


def told(total: int, share: float) -> int:
    """Return how many devices a share of a scope is, rounded to the nearest as the service does."""
    return math.floor(total * share + _HALF)


def why_not(kind: ActionKind, rollout: Rollout) -> str:
    """Return why this cannot be done to a rollout in the state it is in, a clause; empty where it can."""
    if kind.is_of_version or rollout.state in _NEEDS[kind]:
        return ""
    return f"{_name(rollout)} is {rollout.word or rollout.state.value}"


def next_share(rollout: Rollout) -> float | None:
    """Return how far one step opens a rollout, 0..1; None where the service does not tell its step."""
    if rollout.share is None or rollout.step is None:
        return None
    most = rollout.target_share if rollout.target_share is not None else 1.0
    return min(rollout.share + rollout.step, max(most, rollout.share))


def of_rollout(
    kind: ActionKind, snapshot: FleetSnapshot, model: Model, rollout: Rollout, share: float | None = None
) -> Preview:
    """Return what an action on a rollout would do.

    Args:
        kind: One of `ON_ROLLOUTS`.
        snapshot: What is known of the fleet; devices and groups may be missing.
        model: The rollout's model.
        rollout: As it was read last.
        share: For `SET`, where to; else None.
    """
    to = share if kind is ActionKind.SET else next_share(rollout) if kind is ActionKind.ADVANCE else None
    action = Action(kind, rollout.version, rollout, to)
    inside = _scope(snapshot, model, rollout)
    total = len(inside) if inside is not None else _size(model, rollout)
    on_version = None if inside is None else sum(1 for d in inside if _runs(d, model, rollout.version))
    refusal = why_not(kind, rollout) or _share_refusal(kind, rollout, to)
    return Preview(
        action,
        model,
        _effect(action, rollout, total, on_version),
        _by_group(snapshot, model, rollout, inside),
        total,
        refusal,
    )


def of_version(kind: ActionKind, snapshot: FleetSnapshot, model: Model, version: ModelVersion) -> Preview:
    """Return what holding or releasing a version would do."""
    label = version_label(version.version)
    rollouts = snapshot.rollouts.get(model.id, ())
    bringing = next((r for r in rollouts if r.state.is_running and r.version == version.version), None)
    if kind is ActionKind.HOLD:
        effect = (
            f"No rollout and no rollback brings {label} to any device until somebody releases it.",
            f"Devices that run {label} keep it.",
        )
        refusal = version.hold.words if version.hold is not None else ""
        if not refusal and bringing is not None:
            refusal = f"{_name(bringing)} is bringing it; cancel that or roll back first"
    else:
        effect = (f"{label} can be rolled out, and rolled back to, again.", "No device changes by that.")
        refusal = "" if version.hold is not None else "it is not held"
    if not refusal and version.id is None:
        refusal = "this service names no id for it, and only by that it can be held or released"
    return Preview(Action(kind, version.version, version_id=version.id), model, effect, refusal=refusal)


def _name(rollout: Rollout) -> str:
    return f"{'rollback' if rollout.is_rollback else 'rollout'} {clean(rollout.id)}"


def _share_refusal(kind: ActionKind, rollout: Rollout, to: float | None) -> str:
    if kind is ActionKind.ADVANCE and to is not None and rollout.share is not None and to <= rollout.share:
        return f"it is at its target of {percent(to)} already"
    if kind is not ActionKind.SET:
        return ""
    if to is None or not 0 <= to <= 1:
        return "the percentage has to be from 0 to 100"
    is_same = rollout.share is not None and abs(rollout.share - to) < _SAME
    return f"it is at {percent(to)} already" if is_same else ""


def _scope(snapshot: FleetSnapshot, model: Model, rollout: Rollout) -> list[Device] | None:
    """Return the devices that a rollout is about; None where they are not known whole."""
    if snapshot.devices is None or snapshot.uncounted:
        return None
    found = [device for device in snapshot.devices if model.id in device.installations]
    if rollout.group is None:
        return found
    group = snapshot.group(rollout.group)
    return None if group is None else [device for device in found if group.id in device.groups]


def _size(model: Model, rollout: Rollout) -> int | None:
    return model.device_count if rollout.group is None else None


def _runs(device: Device, model: Model, version: str) -> bool:
    return device.installations[model.id].version == version


def _by_group(
    snapshot: FleetSnapshot, model: Model, rollout: Rollout, inside: list[Device] | None
) -> tuple[GroupPart, ...]:
    if inside is None:
        return ()
    placed = [
        (clean(group.name), [device for device in inside if group.id in device.groups])
        for group in snapshot.groups or ()
    ]
    known = {group.id for group in snapshot.groups or ()}
    placed.append(("no group", [device for device in inside if known.isdisjoint(device.groups)]))
    return tuple(
        GroupPart(name, len(rows), sum(1 for device in rows if _runs(device, model, rollout.version)))
        for name, rows in placed
        if rows
    )


def _effect(action: Action, rollout: Rollout, total: int | None, on_version: int | None) -> tuple[str, ...]:
    label = version_label(rollout.version)
    keep = f"Devices that run {label} keep it{'' if on_version is None else f': {on_version:,} do now'}."
    match action.kind:
        case ActionKind.PAUSE:
            return (f"It stays at {percent(rollout.share)}: no further device is told.", keep)
        case ActionKind.RESUME:
            target = f" towards {percent(rollout.target_share)}" if rollout.target_share is not None else ""
            return (f"It goes on from {percent(rollout.share)}{target}.", "By that alone no device changes.")
        case ActionKind.CANCEL if rollout.is_rollback:
            return (
                f"The rollback ends where it is: devices that do not run {label} yet stay, the fleet stays split.",
                keep,
            )
        case ActionKind.CANCEL:
            return (f"It ends at {percent(rollout.share)} for good. {NOT_ROLLBACK}", keep)
        case _:
            return _shift(action, rollout, total, label)


def _shift(action: Action, rollout: Rollout, total: int | None, label: str) -> tuple[str, ...]:
    to, share = action.share, rollout.share
    if to is None or share is None:
        return (
            f"It takes its next step. How many devices that is, the service does not tell; they go to {label}.",
        )
    if total is None:
        return (f"It goes from {percent(share)} to {percent(to)} of its devices.",)
    before, after = told(total, share), told(total, to)
    goes = f"From {before:,} to {after:,} of {counted(total, 'device')}"
    if after >= before:
        return (
            f"{goes}: {after - before:,} more are told to run {label} at their next sync.",
            "Which ones, the service chooses.",
        )
    back = version_label(rollout.from_version) if rollout.from_version is not None else "what they ran before"
    return (
        f"{goes}: {counted(before - after, 'device')} fall out of it and get {back} back at their next sync.",
        "Which ones, the service chooses. It is no rollback: the others stay.",
    )
