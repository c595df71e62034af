"""The watch of a rollback that began while nobody watched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from octomil_tui.domain.affected import AffectedDevices
from octomil_tui.domain.convergence import Track, Watch, watch_of
from octomil_tui.domain.fleet import Device, FleetSnapshot, Installation, Rollout, RolloutState
from octomil_tui.domain.newcomer import came_from
from octomil_tui.domain.radius import classify, row_key
from octomil_tui.domain.rollback import Rollback


def resume_watch(
    rollout: Rollout,
    model_id: str,
    devices: Iterable[Device],
    affected: AffectedDevices | None,
    order: Mapping[str, int],
    *,
    group_id: str | None = None,
) -> Watch:
    """Return the watch of a rollback that began while nobody watched.

    Where the service tells which version each device came from, the classes
    are those of the plan. Where it does not, a device that reported the target
    before the rollback began counts as already there, one that did so later as
    changed.

    Args:
        rollout: The rollback, as the service has it now.
        model_id: The raw id of its model.
        devices: The devices of its scope.
        affected: The service's list of what it moves, if there is one.
        order: Age ranks of the model's versions.
        group_id: The one group that is rolled back, raw; None for the fleet.
    """
    started_at = rollout.began_at or 0.0
    tracks: dict[str, Track] = {}
    for device in devices:
        installation = device.installations.get(model_id)
        if installation is None:
            continue
        was = _came_from(device.id, installation, rollout, affected, started_at)
        tracks[device.id] = Track(
            plan_class=classify(was, rollout.version, order),
            group=row_key(device.groups),
            from_version=was,
            verified_at=started_at if was == rollout.version else None,
        )
    return watch_of(
        model_id,
        rollout.version,
        started_at,
        tracks.items(),
        group_id=group_id,
        order=order,
        leaving=rollout.from_version,
    )


def _came_from(
    device_id: str,
    installation: Installation,
    rollout: Rollout,
    affected: AffectedDevices | None,
    started_at: float,
) -> str | None:
    if affected is not None:
        known = affected.devices.get(device_id)
        if known is not None and known.from_version is not None:
            return known.from_version
    return came_from(installation, rollout.version, started_at, rollout.from_version)


def devices_of(rollout: Rollout, snapshot: FleetSnapshot) -> tuple[Device, ...]:
    """Return the devices in the scope of a rollout."""
    devices = snapshot.devices or ()
    if rollout.group is None:
        return devices
    group = snapshot.group(rollout.group)
    if group is None:
        return tuple(d for d in devices if rollout.group in d.groups)
    return tuple(d for d in devices if group.id in d.groups)


def kept(known: Rollback, found: Rollback) -> Rollback:
    """Return a rollback of this console that is watched anew: the watch is `found`'s, the story is `known`'s."""
    return replace(
        found,
        key=known.key,
        order=replace(found.order, reason=known.order.reason or found.order.reason, way=known.order.way),
        sent_at=known.sent_at,
        from_version=known.from_version or found.from_version,
        affected=found.affected if found.affected is not None else known.affected,
        tries=known.tries,
        receipt=known.receipt,
        active_before=known.active_before,
        scope_size=known.scope_size,
        group_id=known.group_id if found.order.group is not None else None,
        left_at=known.left_at,
        log=known.log,
    )


def as_record(rollback: Rollback) -> Rollout:
    """Return what the service's own record of an accepted rollback would be, where it lists none."""
    began = rollback.watch.started_at if rollback.watch is not None else rollback.sent_at
    return Rollout(
        id=rollback.rollout_id or "",
        version=rollback.order.to_version,
        state=rollback.server_state or RolloutState.ROLLING_BACK,
        word=rollback.server_word,
        model_id=rollback.model_id,
        from_version=rollback.from_version,
        affected=rollback.affected,
        started_at=began,
    )
