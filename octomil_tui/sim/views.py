"""Models, versions, groups and devices as JSON objects."""

from typing import Any

from octomil_tui.sim.catalog import Catalog, Group, Model, Version
from octomil_tui.sim.device import SYNC_INTERVAL, Device, Install, Phase
from octomil_tui.sim.population import Population
from octomil_tui.sim.stamp import format_time

__all__ = [
    "device_detail",
    "device_item",
    "group_item",
    "model_detail",
    "model_item",
    "time_or_none",
    "version_item",
]

Json = dict[str, Any]

ARTIFACTS = {
    Phase.ACTIVE: "active",
    Phase.DOWNLOADING: "downloading",
    Phase.STAGED: "staged",
    Phase.SWITCHING: "warming",
}
"""The contract's words for the artifact in a phase."""


def time_or_none(at: float | None) -> str | None:
    """Return an optional time for the wire."""
    return None if at is None else format_time(at)


def model_item(model: Model, org_id: str, population: Population) -> Json:
    """Return a model as it is listed."""
    return {
        "id": model.id,
        "org_id": org_id,
        "name": model.name,
        "framework": model.framework,
        "use_case": model.use_case,
        "description": model.description,
        "version_count": len(model.versions),
        "device_count": population.count(model.id),
        "created_at": format_time(model.created_at),
        "updated_at": format_time(model.updated_at),
    }


def model_detail(model: Model, org_id: str, population: Population) -> Json:
    """Return a model with its active version and all versions."""
    return {
        **model_item(model, org_id, population),
        "active_version": model.active_version,
        "versions": [version_item(model, version) for version in model.versions],
    }


def version_item(model: Model, version: Version) -> Json:
    """Return one registered version."""
    hold = model.holds.get(version.version)
    return {
        "id": version.id,
        "model_id": model.id,
        "version": version.version,
        "status": model.lifecycle(version),
        "lifecycle_status": model.lifecycle(version),
        "format": version.format,
        "checksum": version.checksum,
        "size_bytes": version.size_bytes,
        "created_at": format_time(version.created_at),
        "published_by": version.published_by,
        "description": version.description,
        "metrics": None,
        "held": None if hold is None else {"at": format_time(hold.at), "by": hold.by, "reason": hold.reason},
    }


def group_item(group: Group, org_id: str, population: Population) -> Json:
    """Return a device group."""
    return {
        "id": group.id,
        "org_id": org_id,
        "name": group.name,
        "description": group.description,
        "group_type": "static",
        "tags": list(group.tags),
        "device_count": population.members(group),
        "created_at": format_time(group.created_at),
    }


def device_item(device: Device, catalog: Catalog, now: float) -> Json:
    """Return a device and what it last told of each of its models."""
    heard = format_time(device.last_contact)
    return {
        "id": device.id,
        "device_identifier": device.identifier,
        "org_id": catalog.org_id,
        "platform": device.platform,
        "architecture": device.architecture,
        "model": device.hardware,
        "status": "revoked" if device.revoked else "active",
        "connectivity_status": device.connectivity(now),
        "last_heartbeat": heard,
        "last_sync_at": heard,
        "last_seen_at": heard,
        "heartbeat_interval_seconds": SYNC_INTERVAL,
        "sync_interval_seconds": SYNC_INTERVAL,
        "sdk_version": device.sdk_version,
        "runtime_version": device.runtime_version,
        "storage_free_bytes": device.storage_free_bytes,
        "network_type": device.network,
        "groups": list(device.groups),
        "models": [_install(install, catalog) for install in device.installs.values()],
    }


def device_detail(device: Device, catalog: Catalog, now: float) -> Json:
    """Return a device, and for each of its models the versions it has run."""
    item = device_item(device, catalog, now)
    for entry, install in zip(item["models"], device.installs.values(), strict=True):
        entry["history"] = [
            {"version": s.version, "from": format_time(s.since), "to": time_or_none(s.until)}
            for s in install.history
        ]
    return item


def _install(install: Install, catalog: Catalog) -> Json:
    return {
        "model_id": install.model_id,
        "model_name": catalog.models[install.model_id].name,
        "active_model_version": install.active,
        "previous_version": install.previous if install.previous in install.on_disk else None,
        "desired_version": install.desired,
        "model_status": install.status,
        "artifact_status": "none" if install.active is None else ARTIFACTS[install.phase],
        "download_percent": install.percent,
        "active_since": time_or_none(install.active_since),
        "status_since": format_time(install.status_since),
        "last_reported_at": time_or_none(install.reported_at),
        "on_disk": list(install.on_disk),
        "activation_policy": "immediate" if install.idle_wait is None else "when_idle",
    }
