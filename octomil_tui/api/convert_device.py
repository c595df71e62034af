"""From device shapes to domain values: what each device runs, wants, and whether it can be reached.

Where a row says which model runs on the device, that is believed. A row of an
older service says `active_model_version` without a model: then it is of the
row's own `model_id`, else of the one model that is assigned, else of the one
model that the caller watches; with several of them nobody knows, and the
version is left out rather than given to the wrong model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from octomil_tui.api import wire
from octomil_tui.api.convert import group_key, share, text
from octomil_tui.api.moment import epoch_seconds
from octomil_tui.domain.affected import AffectedDevice, AffectedDevices
from octomil_tui.domain.fleet import (
    DEFAULT_INTERVAL,
    Connectivity,
    Device,
    Installation,
    Served,
    connectivity_by_age,
)
from octomil_tui.domain.text import clean

_NOT_ASSIGNED = "not_assigned"
_GONE = frozenset({"revoked", "archived"})
_LONGEST_INTERVAL = 30 * 86400.0

_CONNECTIVITY = {
    word.value: word
    for word in (Connectivity.ONLINE, Connectivity.STALE, Connectivity.OFFLINE, Connectivity.REVOKED)
}


class Ageing:
    """A device of which the service does not say whether it can be reached: that follows from its last contact.

    It has to be said anew whenever time has gone by, also where nothing else changed.

    Args:
        device: What the row says.
        contact: When the service last heard of it.
        heartbeat: Seconds between two of its signs of life.
    """

    __slots__ = ("_contact", "_heartbeat", "_latest", "id")

    def __init__(self, device: Device, contact: float, heartbeat: float) -> None:
        self.id = device.id
        self._contact = contact
        self._heartbeat = heartbeat
        self._latest = device

    def at(self, served_at: float | None) -> Device:
        """Return the device as it is at that time of the service's clock: the same object while nothing changes."""
        now = Connectivity.UNKNOWN
        if served_at is not None:
            now = connectivity_by_age(served_at - self._contact, self._heartbeat)
        if now is not self._latest.connectivity:
            self._latest = replace(self._latest, connectivity=now)
        return self._latest


def device(row: wire.Device, model_ids: Sequence[str] = (), served_at: float | None = None) -> Device:
    """Return a device.

    Args:
        row: What the service sent.
        model_ids: The models that the caller watches; decides for whom a
            version without a model is, if there is exactly one.
        served_at: The service's clock when it answered; without it a device
            whose connectivity the service does not say stays `UNKNOWN`.
    """
    found = told(row, model_ids)
    return found if isinstance(found, Device) else found.at(served_at)


def told(row: wire.Device, model_ids: Sequence[str] = ()) -> Device | Ageing:
    """Return a device, or where its connectivity depends on the time, what says it at any time; see `device`."""
    identity = str(row.id)
    contact = _newest(row.last_heartbeat, row.last_sync_at, row.last_seen_at)
    heartbeat, sync = _interval(row.heartbeat_interval_seconds), _interval(row.sync_interval_seconds)
    known = _connectivity(row)
    found = Device(
        id=identity,
        name=row.device_identifier or row.name or clean(identity),
        platform=row.platform or "?",
        connectivity=known or Connectivity.UNKNOWN,
        groups=_groups(row),
        last_contact_at=contact,
        interval=sync or heartbeat or DEFAULT_INTERVAL,
        installations=_installations(row, model_ids),
        architecture=row.architecture,
        hardware=row.hardware,
        runtime=row.runtime_version,
        sdk=row.sdk_version,
        storage_free_bytes=row.storage_free_bytes,
        network=row.network_type,
        history={
            str(entry.model_id): _served(entry.history)
            for entry in row.models or ()
            if isinstance(entry, wire.InstalledModel) and entry.history is not None
        },
    )
    if known is not None or contact is None:
        return found
    return Ageing(found, contact, heartbeat or sync or DEFAULT_INTERVAL)


def _interval(seconds: float | None) -> float | None:
    return seconds if seconds is not None and 0 < seconds <= _LONGEST_INTERVAL else None


def _newest(*moments: wire.Moment | None) -> float | None:
    times = [at for at in map(epoch_seconds, moments) if at is not None]
    return max(times) if times else None


def _connectivity(row: wire.Device) -> Connectivity | None:
    """Return what the service says of it; None where it says nothing."""
    if row.status is not None and row.status.casefold() in _GONE:
        return Connectivity.REVOKED
    return _CONNECTIVITY.get((row.connectivity_status or "").casefold())


def _groups(row: wire.Device) -> tuple[str, ...]:
    # Ids are exact; names beside them would make two groups of one.
    keys = [text(key) for key in row.group_ids or ()]
    if not keys:
        keys = [group_key(entry) for entry in row.groups or ()]
        if row.group_id is not None or row.group is not None:
            keys.append(text(row.group_id) or group_key(row.group))
    return tuple(dict.fromkeys(key for key in keys if key))


def _installations(row: wire.Device, model_ids: Sequence[str]) -> dict[str, Installation]:
    if row.models is not None:
        return {
            str(entry.model_id if isinstance(entry, wire.InstalledModel) else entry): _installation(entry)
            for entry in row.models
            if _is_there(entry)
        }
    assigned = _assigned(row, model_ids)
    found = {
        key: Installation(version=wanted, by_device=wanted is None, wanted=wanted)
        for key, wanted in assigned.items()
    }
    owner = _owner(row, assigned, model_ids)
    if owner is not None and not _is_absent(row, found):
        found[owner] = _flat(row, found.get(owner))
    return found


def _is_there(entry: wire.ListedModel) -> bool:
    if not isinstance(entry, wire.InstalledModel):
        return True
    return bool(
        entry.active_model_version
        or entry.desired_version
        or entry.version
        or (entry.model_status or "").casefold() != _NOT_ASSIGNED
    )


def _is_absent(row: wire.Device, found: dict[str, Installation]) -> bool:
    return (
        (row.model_status or "").casefold() == _NOT_ASSIGNED
        and row.active_model_version is None
        and row.desired_model_version is None
        and not found
    )


def _installation(entry: wire.ListedModel) -> Installation:
    if not isinstance(entry, wire.InstalledModel):
        return Installation()
    reported, wished, listed = entry.active_model_version, entry.desired_version, entry.version
    # `version` alone is what was assigned; beside a wish without a report, nothing is known.
    version = listed if reported is None and wished is None else reported
    # By place, and without calls for what is not there: a fleet has thousands of these at every look.
    return Installation(
        text(version),
        reported is not None or version is None,
        text(listed if wished is None else wished),
        text(entry.previous_version),
        epoch_seconds(entry.active_since),
        entry.model_status or "",
        entry.artifact_status or "",
        epoch_seconds(entry.status_since),
        None if entry.download_percent is None else share(entry.download_percent),
        None if entry.on_disk is None else tuple(map(str, entry.on_disk)),
        entry.activation_policy or None,
    )


def _assigned(row: wire.Device, model_ids: Sequence[str]) -> dict[str, str | None]:
    entries = [*(row.assignments or ()), *([row.assignment] if row.assignment else ())]
    only = model_ids[0] if len(model_ids) == 1 else None
    found: dict[str, str | None] = {}
    for entry in entries:
        key = text(entry.model_id) or text(row.model_id) or only
        if key is not None and (entry.model_id is not None or entry.version is not None):
            found.setdefault(key, text(entry.version))
    return found


def _owner(row: wire.Device, assigned: dict[str, str | None], model_ids: Sequence[str]) -> str | None:
    """Return the model that the row's flat fields are about; None where that cannot be told."""
    if row.model_id is not None:
        return str(row.model_id)
    if assigned:
        return next(iter(assigned)) if len(assigned) == 1 else None
    return model_ids[0] if len(model_ids) == 1 else None


def _flat(row: wire.Device, assigned: Installation | None) -> Installation:
    reported = text(row.active_model_version)
    wanted = text(row.desired_model_version) or (assigned.wanted if assigned else None)
    version = reported or (assigned.version if assigned else None)
    return Installation(
        version=version,
        by_device=reported is not None or version is None,
        wanted=wanted,
        word=row.model_status or "",
    )


def _served(stretches: Sequence[wire.Stretch]) -> tuple[Served, ...]:
    """Return a history oldest first: by time where every stretch has one, else as it came."""
    found = [
        Served(str(stretch.version), epoch_seconds(stretch.from_at), epoch_seconds(stretch.to_at))
        for stretch in stretches
    ]
    if all(stretch.from_at is not None for stretch in found):
        found.sort(key=lambda stretch: stretch.from_at or 0.0)
    return tuple(found)


def affected(rows: Sequence[wire.AffectedDevice], summary: wire.AffectedSummary) -> AffectedDevices:
    """Return what the service says of a rollout's devices."""
    return AffectedDevices(
        devices={str(row.id): _affected(row) for row in rows},
        rollout_id=text(summary.rollout_id),
        version=text(summary.version),
        total=summary.total,
        on_version=summary.on_version,
        settled=summary.settled,
        by_version=summary.by_version,
    )


def _affected(row: wire.AffectedDevice) -> AffectedDevice:
    keys = [group_key(entry) for entry in row.groups or ()]
    return AffectedDevice(
        id=str(row.id),
        name=row.device_identifier or row.name or clean(row.id),
        groups=tuple(dict.fromkeys(key for key in keys if key)),
        from_version=text(row.from_version),
        version=text(row.active_model_version),
        wanted=text(row.desired_version),
        word=row.model_status or "",
        verified_at=epoch_seconds(row.verified_at),
        settled_at=epoch_seconds(row.settled_at),
        bounced=None if row.bounced is None else int(row.bounced),
    )
