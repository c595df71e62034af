"""Devices: the fleet as operators list it, and the calls that devices make."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from octomil_tui.sim.bodies import HeartbeatBody, RegisterBody, StateBody
from octomil_tui.sim.device import SYNC_INTERVAL, Device
from octomil_tui.sim.enrolment import Registration, Report, reports_from
from octomil_tui.sim.errors import RefusedError
from octomil_tui.sim.query import Query
from octomil_tui.sim.routes.access import Limit, Offset, WorldDep, answer
from octomil_tui.sim.stamp import format_time
from octomil_tui.sim.views import device_detail, device_item, group_item
from octomil_tui.sim.world import World

__all__ = ["router"]

router = APIRouter(prefix="/devices")
ONE = "/{device_ref}"


@router.get("")
async def list_devices(  # noqa: PLR0917 - the framework passes query parameters by name
    world: WorldDep,
    platform: str | None = None,
    status: str | None = None,
    search: str = "",
    group: str | None = None,
    model_id: str | None = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> JSONResponse:
    """List devices; `status` is active, revoked or a word of connectivity."""
    query = Query(
        platform=platform,
        status=status,
        search=search,
        group=None if group is None else world.catalog.group(group).name,
        model_id=None if model_id is None else world.catalog.model(model_id).id,
    )
    found = world.population.list(query, limit, offset)
    devices = [device_item(device, world.catalog, world.population.now) for device in found.devices]
    return answer({"devices": devices, "total": found.total, "limit": limit, "offset": offset})


@router.post("/register")
async def register(world: WorldDep, body: RegisterBody) -> JSONResponse:
    """Take a device into the fleet; a known one keeps its id."""
    identifier = body.device_identifier or body.device_id
    if identifier is None:
        raise RefusedError(422, "validation_error", "device_identifier: Field required")
    known = len(world.fleet.devices)
    named = [
        item if isinstance(item, str) else item.get("model_id", item.get("name"))
        for item in body.models or ()
    ]
    device = world.enrolment.register(
        Registration(
            identifier=identifier,
            platform=body.platform,
            hardware=body.model or "unknown",
            sdk_version=body.sdk_version or "unknown",
            groups=tuple(dict.fromkeys([*([body.group] if body.group else ()), *(body.groups or ())])),
            models=tuple(name for name in named if isinstance(name, str)),
        )
    )
    item = device_item(device, world.catalog, world.fleet.now)
    is_new = len(world.fleet.devices) > known
    if is_new:
        world.note("device.registered", ("device", device.id, device.identifier), platform=device.platform)
    return answer({**item, "metadata": {}}, 201 if is_new else 200)


@router.get(ONE)
async def get_device(world: WorldDep, device_ref: str) -> JSONResponse:
    """Return one device with the versions it has run."""
    return answer(device_detail(world.enrolment.device(device_ref), world.catalog, world.fleet.now))


@router.get(ONE + "/groups")
async def get_groups(world: WorldDep, device_ref: str) -> JSONResponse:
    """Return the groups that a device is in."""
    device = world.enrolment.device(device_ref)
    groups = [
        group_item(world.catalog.group(name), world.catalog.org_id, world.population)
        for name in device.groups
    ]
    return answer({"groups": groups, "count": len(groups)})


@router.get(ONE + "/activity")
async def get_activity(world: WorldDep, device_ref: str, limit: Limit = 100) -> JSONResponse:
    """Return the versions that a device switched to, the newest first."""
    device = world.enrolment.device(device_ref)
    switches = sorted(
        (
            (served.since, install.model_id, served.version)
            for install in device.installs.values()
            for served in install.history
        ),
        reverse=True,
    )
    activity = [
        {"at": format_time(since), "type": "model.activated", "model_id": model_id, "version": version}
        for since, model_id, version in switches[:limit]
    ]
    return answer({"activity": activity, "has_more": len(switches) > limit, "next_cursor": None})


@router.put(ONE + "/heartbeat")
@router.post(ONE + "/heartbeat")
async def heartbeat(world: WorldDep, device_ref: str, body: HeartbeatBody | None = None) -> JSONResponse:
    """Take note that a device lives, and of the version it names."""
    device = world.enrolment.single(device_ref)
    model = next(iter(device.installs), None) if body is None or body.model_id is None else body.model_id
    reports = []
    if body is not None and model is not None and (body.active_model_version or body.model_status):
        reports = [Report(model, active_version=body.active_model_version, status=body.model_status)]
    world.enrolment.report(device, reports)
    now = format_time(world.fleet.now)
    return answer(
        {
            "status": "ok",
            "device_id": device.id,
            "connectivity_status": device.connectivity(world.fleet.now).value,
            "server_time": now,
            "last_heartbeat": now,
            "metadata": {},
        }
    )


@router.post(ONE + "/sync")
async def sync(world: WorldDep, device_ref: str, body: StateBody | None = None) -> JSONResponse:
    """Take what a device says it has, and tell it what to run."""
    device = world.enrolment.single(device_ref)
    world.enrolment.report(device, _reports(body))
    state = _desired_state(world, device)
    known = None if body is None else body.knownStateVersion
    differs = any(install.active != install.desired for install in device.installs.values())
    return answer({**state, "stateChanged": differs or known != state["stateVersion"]})


@router.get(ONE + "/desired-state")
@router.post(ONE + "/desired-state")
async def desired_state(world: WorldDep, device_ref: str) -> JSONResponse:
    """Tell a device what to run; asking is a contact too."""
    device = world.enrolment.single(device_ref)
    world.enrolment.report(device, ())
    return answer(_desired_state(world, device))


@router.post(ONE + "/observed-state")
async def observed_state(world: WorldDep, device_ref: str, body: StateBody) -> JSONResponse:
    """Take what a device says it runs."""
    world.enrolment.report(world.enrolment.single(device_ref), _reports(body))
    return answer({"ack": True, "serverTimestamp": format_time(world.fleet.now)})


@router.get(ONE + "/assignments")
async def assignments(world: WorldDep, device_ref: str) -> JSONResponse:
    """Return what a device is to run, as the SDK's `refresh` reads it."""
    device = world.enrolment.single(device_ref)
    world.enrolment.report(device, ())
    items = [
        {"model_id": wanted["modelId"], "version": wanted["desiredVersion"]}
        for wanted in world.enrolment.wanted(device)
    ]
    changed = any(install.active != install.desired for install in device.installs.values())
    return answer(
        {
            "updated": changed,
            "config_version": _state_version(device),
            "assignments": items,
            "assignments_changed": changed,
            "rollouts_changed": changed,
        }
    )


def _reports(body: StateBody | None) -> list[Report]:
    if body is None:
        return []
    inventory = reports_from(body.modelInventory or ())
    return [*inventory, *reports_from(body.models or ()), *reports_from(_active(body))]


def _active(body: StateBody) -> list[dict[str, object]]:
    """Return `activeVersions`, whose `version` is the active one."""
    return [{"activeVersion": item.get("version"), **item} for item in body.activeVersions or ()]


def _state_version(device: Device) -> str:
    return "-".join(install.desired for install in device.installs.values()) or "none"


def _desired_state(world: World, device: Device) -> dict[str, object]:
    now = format_time(world.fleet.now)
    return {
        "schemaVersion": "1.12.0",
        "deviceId": device.id,
        "generatedAt": now,
        "serverTimestamp": now,
        "stateVersion": _state_version(device),
        "models": world.enrolment.wanted(device),
        "gcEligibleArtifactIds": [],
        "nextPollIntervalSeconds": SYNC_INTERVAL,
    }
